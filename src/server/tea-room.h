/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-presence.h"
#include "tea-room-reader.h"
#include "tea-room-writer.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM (tea_room_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoom, tea_room, TEA, ROOM, GObject)

TeaRoom *
tea_room_new_hall (TeaLog *log, TeaRollStore *store, TeaNameRegistry *names, TeaClock *clock);

void tea_room_open_async (TeaRoom *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean tea_room_open_finish (TeaRoom *self, GAsyncResult *result, GError **error);
void tea_room_close (TeaRoom *self);

TeaRoomReader *tea_room_get_reader (TeaRoom *self);
TeaRoomWriter *tea_room_get_writer (TeaRoom *self);
TeaPresence *tea_room_get_presence (TeaRoom *self);

void tea_room_say_async (TeaRoom *self,
                         TeaName *name,
                         const char *key,
                         guint32 stream,
                         guint32 number,
                         const char *text,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
guint64 tea_room_say_finish (TeaRoom *self, GAsyncResult *result, GError **error);

void tea_room_check_since_async (
    TeaRoom *self, guint64 epoch, guint64 since, GAsyncReadyCallback callback, gpointer user_data);
gboolean tea_room_check_since_finish (TeaRoom *self, GAsyncResult *result, GError **error);

G_END_DECLS
