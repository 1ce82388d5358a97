/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event.h"
#include "tea-log.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_READER (tea_room_reader_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomReader, tea_room_reader, TEA, ROOM_READER, GObject)

TeaRoomReader *tea_room_reader_new (TeaLog *log);

void tea_room_reader_replay_async (TeaRoomReader *self,
                                   guint64 from,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean tea_room_reader_replay_finish (TeaRoomReader *self, GAsyncResult *result, GError **error);
void tea_room_reader_follow (TeaRoomReader *self);
void tea_room_reader_close (TeaRoomReader *self);

guint64 tea_room_reader_get_first (TeaRoomReader *self);
guint64 tea_room_reader_get_head (TeaRoomReader *self);
guint64 tea_room_reader_get_epoch (TeaRoomReader *self);

TeaEvent *tea_room_reader_peek (TeaRoomReader *self, guint64 seq);
void tea_room_reader_forget (TeaRoomReader *self, guint64 seq);
void tea_room_reader_forget_person (TeaRoomReader *self, const char *key);
void tea_room_reader_read_async (TeaRoomReader *self,
                                 guint64 from,
                                 guint64 to,
                                 gsize max_bytes,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *tea_room_reader_read_finish (TeaRoomReader *self,
                                        GAsyncResult *result,
                                        guint64 *next,
                                        GError **error);

G_END_DECLS
