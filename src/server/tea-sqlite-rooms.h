/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"
#include "tea-store.h"

G_BEGIN_DECLS

gboolean tea_sqlite_rooms_load_latest (TeaSqliteConnection *db, guint32 *number);
gboolean tea_sqlite_rooms_add (TeaSqliteConnection *db,
                               const TeaRoomInfo *info,
                               guint64 epoch,
                               GError **refusal);
gboolean
tea_sqlite_rooms_update (TeaSqliteConnection *db, const TeaRoomInfo *info, GError **refusal);
gboolean tea_sqlite_rooms_remove (TeaSqliteConnection *db, guint32 room);
gboolean tea_sqlite_rooms_find (TeaSqliteConnection *db, const char *folded, TeaRoomInfo **info);
gboolean tea_sqlite_rooms_get (TeaSqliteConnection *db, guint32 room, TeaRoomInfo **info);
gboolean
tea_sqlite_rooms_count (TeaSqliteConnection *db, const char *owner, guint *n_rooms, guint *n_owned);
GPtrArray *tea_sqlite_rooms_list (
    TeaSqliteConnection *db, TeaStoreList which, const char *key, const char *after, guint max);

TeaRoomInfo *tea_sqlite_rooms_read_row (sqlite3_stmt *row);
gboolean
tea_sqlite_rooms_add_old_address (TeaSqliteConnection *db, const char *folded, guint32 room);

/* The columns that tea_sqlite_rooms_read_row() expects, which are the first. */
#define TEA_SQLITE_ROOM_COLUMNS                                                       \
  "room.number, room.address, room.folded, room.title, room.flags, room.retain_days," \
  " room.retain_events, room.password, room.owner, room.made"

/**
 * TEA_SQLITE_N_ROOM_COLUMNS:
 *
 * How many they are.
 */
#define TEA_SQLITE_N_ROOM_COLUMNS 10

G_END_DECLS
