/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-conversation.h"
#include "tea-notify-choice.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_NOTIFIER (tea_room_notifier_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomNotifier, tea_room_notifier, TEA, ROOM_NOTIFIER, GObject)

TeaRoomNotifier *tea_room_notifier_new (GApplication *application,
                                        TeaConversation *conversation,
                                        TeaNotifyChoice *choice,
                                        const char *id,
                                        const char *own_name,
                                        const char *room_name);

const char *tea_room_notifier_get_id (TeaRoomNotifier *self);
void tea_room_notifier_set_in_view (TeaRoomNotifier *self, gboolean in_view);
void tea_room_notifier_mark_read (TeaRoomNotifier *self);

G_END_DECLS
