/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaNotify:
 * @TEA_NOTIFY_ALL: of every message
 * @TEA_NOTIFY_MENTIONS: of those that mention the user, and of private ones
 * @TEA_NOTIFY_NOTHING: of none
 *
 * Of which messages the user is notified: the values of the setting `notify`.
 */
typedef enum
{
  TEA_NOTIFY_ALL,
  TEA_NOTIFY_MENTIONS,
  TEA_NOTIFY_NOTHING,
} TeaNotify;

#define TEA_TYPE_NOTIFY_CHOICE (tea_notify_choice_get_type ())

G_DECLARE_FINAL_TYPE (TeaNotifyChoice, tea_notify_choice, TEA, NOTIFY_CHOICE, GObject)

TeaNotifyChoice *tea_notify_choice_new (const char *house, const char *room);

TeaNotify tea_notify_choice_get_notify (TeaNotifyChoice *self);
const char *tea_notify_choice_get_choice (TeaNotifyChoice *self);
void tea_notify_choice_set_choice (TeaNotifyChoice *self, const char *choice);

G_END_DECLS
