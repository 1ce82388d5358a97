/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-log.h"
#include "tea-room-writer.h"

G_BEGIN_DECLS

/**
 * TeaAmenderCheck:
 * @message: the message that is to be changed, as it is now
 * @draft: the change
 * @user_data: what was given to tea_amender_new()
 *
 * Decides whether a message may be changed so.
 *
 * Returns: (transfer full) (nullable): why not, as an error that tea_refusal_from_error()
 *   understands
 */
typedef GError *(*TeaAmenderCheck) (TeaEvent *message, const TeaDraft *draft, gpointer user_data);

#define TEA_TYPE_AMENDER (tea_amender_get_type ())

G_DECLARE_FINAL_TYPE (TeaAmender, tea_amender, TEA, AMENDER, GObject)

TeaAmender *
tea_amender_new (TeaLog *log, TeaRoomWriter *writer, TeaAmenderCheck check, gpointer user_data);

void tea_amender_amend_async (TeaAmender *self,
                              const TeaDraft *draft,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
guint64 tea_amender_amend_finish (TeaAmender *self, GAsyncResult *result, GError **error);

G_END_DECLS
