/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"

G_BEGIN_DECLS

/**
 * TeaHistoryState:
 * @TEA_HISTORY_MORE: there is more, for who asks
 * @TEA_HISTORY_LOADING: more is on its way
 * @TEA_HISTORY_BEGINNING: this is where the room began, as far as it remembers
 *
 * What is above the first line of a timeline.
 */
typedef enum
{
  TEA_HISTORY_MORE,
  TEA_HISTORY_LOADING,
  TEA_HISTORY_BEGINNING,
} TeaHistoryState;

#define TEA_TYPE_HISTORY (tea_history_get_type ())

G_DECLARE_FINAL_TYPE (TeaHistory, tea_history, TEA, HISTORY, GObject)

TeaHistory *tea_history_new (TeaClient *client, TeaConversation *conversation);

void tea_history_load (TeaHistory *self);
void tea_history_insist (TeaHistory *self);

TeaHistoryState tea_history_get_state (TeaHistory *self);

G_END_DECLS
