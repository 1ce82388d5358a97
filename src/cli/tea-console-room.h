/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-command.h"
#include "tea-console-output.h"
#include "tea-conversation.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_ROOM (tea_console_room_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleRoom, tea_console_room, TEA, CONSOLE_ROOM, GObject)

TeaConsoleRoom *tea_console_room_new (TeaConversation *conversation, TeaConsoleOutput *output);

TeaConversation *tea_console_room_get_conversation (TeaConsoleRoom *self);
const char *tea_console_room_get_address (TeaConsoleRoom *self);
const char *tea_console_room_get_label (TeaConsoleRoom *self);
const char *tea_console_room_get_shown_label (TeaConsoleRoom *self);
void tea_console_room_set_current (TeaConsoleRoom *self, gboolean current, gboolean seen);
gboolean tea_console_room_has_failed (TeaConsoleRoom *self);

gboolean tea_console_room_obey (TeaConsoleRoom *self,
                                const TeaCommand *command,
                                const char *key,
                                const char *name,
                                GError **error);

void tea_console_room_answer_async (TeaConsoleRoom *self,
                                    const TeaCommand *question,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean
tea_console_room_answer_finish (TeaConsoleRoom *self, GAsyncResult *result, GError **error);

G_END_DECLS
