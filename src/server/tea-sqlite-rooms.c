/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-rooms.h"

#include <glib/gi18n-lib.h>

#include "tea-log.h"
#include "tea-sqlite-records.h"

/* How the address of a hidden room and of a pair begins: these lead nowhere once they are
 * given up, and pairs are nobody's to count. */
#define HIDDEN_MARK '~'
#define FIRST_PAIR "@"
#define AFTER_PAIRS "A"

#define LATEST                                                 \
  "SELECT max (coalesce ((SELECT max (number) FROM room), 0)," \
  "  coalesce ((SELECT seq FROM sqlite_sequence WHERE name = 'room'), 0))"
#define ADD                                                                                        \
  "INSERT INTO room (number, address, folded, title, flags, retain_days, retain_events, password," \
  "                  owner, made, epoch)"                                                          \
  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
#define UPDATE                                                                           \
  "UPDATE room SET address = ?2, folded = ?3, title = ?4, flags = ?5, retain_days = ?6," \
  "  retain_events = ?7, password = ?8, owner = ?9 WHERE number = ?1"
#define GET "SELECT " TEA_SQLITE_ROOM_COLUMNS " FROM room WHERE number = ?1"
#define FIND                                                               \
  "SELECT " TEA_SQLITE_ROOM_COLUMNS " FROM room WHERE number = coalesce (" \
  "  (SELECT number FROM room WHERE folded = ?1),"                         \
  "  (SELECT room FROM old_address WHERE folded = ?1))"
#define ADD_OLD "INSERT OR REPLACE INTO old_address (folded, room) VALUES (?1, ?2)"
#define TAKE_OLD "DELETE FROM old_address WHERE folded = ?1"
#define COUNT                                                                                     \
  "SELECT (SELECT count (*) FROM room WHERE number > 0)"                                          \
  "    - (SELECT count (*) FROM room WHERE folded >= '" FIRST_PAIR "' AND folded < '" AFTER_PAIRS \
  "'),"                                                                                           \
  "  (SELECT count (*) FROM room WHERE owner = ?1)"

/* For each row of a list: who asks, their place in it, how many members it has, and for the
 * conversation of two what the other one was called last. */
#define LISTING                                                                                  \
  TEA_SQLITE_ROOM_COLUMNS                                                                        \
  ", coalesce (member.role, 0), member.key IS NOT NULL,"                                         \
  "  max (coalesce (member.joined, 0),"                                                          \
  "       coalesce ((SELECT read FROM place WHERE place.room = room.number AND place.key = ?1)," \
  "                 0)),"                                                                        \
  "  (SELECT count (*) FROM member AS every"                                                     \
  "    WHERE every.room = room.number AND every.role > 0),"                                      \
  "  (SELECT coalesce ((SELECT name FROM roll WHERE roll.key = other.key"                        \
  "                      ORDER BY joined > 0 DESC, last_used DESC LIMIT 1), other.name)"         \
  "    FROM member AS other WHERE substr (room.folded, 1, 1) = '@'"                              \
  "     AND other.room = room.number AND other.key <> ?1 LIMIT 1)"
#define LIST_MINE                                                         \
  "SELECT " LISTING " FROM member JOIN room ON room.number = member.room" \
  " WHERE member.key = ?1 AND room.folded > ?2 ORDER BY room.folded LIMIT ?3"
#define LIST_LISTED                                                    \
  "SELECT " LISTING " FROM room INDEXED BY room_listed"                \
  " LEFT JOIN member ON member.room = room.number AND member.key = ?1" \
  " WHERE room.flags & 1 AND room.folded > ?2 ORDER BY room.folded LIMIT ?3"
#define LIST_ALL                                                       \
  "SELECT " LISTING " FROM room"                                       \
  " LEFT JOIN member ON member.room = room.number AND member.key = ?1" \
  " WHERE room.number > 0 AND room.folded > ?2 ORDER BY room.folded LIMIT ?3"

static const char *const lists[] = {
  [TEA_STORE_MINE] = LIST_MINE,
  [TEA_STORE_LISTED] = LIST_LISTED,
  [TEA_STORE_ALL] = LIST_ALL,
};

static const char *const removals[] = {
  "DELETE FROM room WHERE number = ?1",
  "DELETE FROM old_address WHERE room = ?1",
  "DELETE FROM member WHERE room = ?1",
  "DELETE FROM place WHERE room = ?1",
  "DELETE FROM pin WHERE room = ?1",
  "DELETE FROM restriction WHERE room = ?1",
  "INSERT OR IGNORE INTO removed_room (number) VALUES (?1)",
};

/**
 * tea_sqlite_rooms_load_latest:
 * @db: a connection
 * @number: (out): the highest number that a room was ever given
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_load_latest (TeaSqliteConnection *db, guint32 *number)
{
  gint64 latest = 0;
  gboolean ok = tea_sqlite_connection_query (db, LATEST, &latest);

  *number = (guint32) latest;

  return ok;
}

static void
bind_info (sqlite3_stmt *statement, const TeaRoomInfo *info)
{
  sqlite3_bind_int64 (statement, 1, info->number);
  tea_sqlite_bind_text (statement, 2, info->address);
  tea_sqlite_bind_text (statement, 3, info->folded);
  tea_sqlite_bind_text (statement, 4, info->title);
  sqlite3_bind_int64 (statement, 5, info->flags);
  sqlite3_bind_int64 (statement, 6, info->retain_days);
  sqlite3_bind_int64 (statement, 7, info->retain_events);
  tea_sqlite_bind_text (statement, 8, info->password);
  tea_sqlite_bind_text (statement, 9, info->owner);
}

/* Who takes an address that led to another room takes it away from that. */
static gboolean
take_address (TeaSqliteConnection *db, const char *folded)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, TAKE_OLD);

  tea_sqlite_bind_text (statement, 1, folded);

  return tea_sqlite_run (statement);
}

/* Two rooms never have the same address: that is the table's to know. */
static gboolean
run_unless_taken (TeaSqliteConnection *db, sqlite3_stmt *statement, GError **refusal)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_DONE)
    return TRUE;
  if ((code & 0xff) != SQLITE_CONSTRAINT)
    return FALSE;

  sqlite3_reset (statement);
  g_set_error_literal (refusal, TEA_LOG_ERROR, TEA_LOG_ERROR_TAKEN,
                       _ ("There is a room with that address already."));

  return TRUE;
}

/**
 * tea_sqlite_rooms_add:
 * @db: a connection in a transaction
 * @info: a room, with its number
 * @epoch: that of its log
 * @refusal: why it is not added: %TEA_LOG_ERROR_TAKEN
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_add (TeaSqliteConnection *db,
                      const TeaRoomInfo *info,
                      guint64 epoch,
                      GError **refusal)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, ADD);
  GError *taken = NULL;

  bind_info (statement, info);
  sqlite3_bind_int64 (statement, 10, info->made);
  sqlite3_bind_int64 (statement, 11, (gint64) epoch);
  if (!run_unless_taken (db, statement, &taken))
    return FALSE;

  if (taken != NULL)
    {
      g_propagate_error (refusal, taken);
      return TRUE;
    }

  return take_address (db, info->folded);
}

/**
 * tea_sqlite_rooms_add_old_address:
 * @db: a connection in a transaction
 * @folded: an address that no room has
 * @room: the room to which it leads
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_add_old_address (TeaSqliteConnection *db, const char *folded, guint32 room)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, ADD_OLD);

  tea_sqlite_bind_text (statement, 1, folded);
  sqlite3_bind_int64 (statement, 2, room);

  return tea_sqlite_run (statement);
}

/**
 * tea_sqlite_rooms_update:
 * @db: a connection in a transaction
 * @info: what is to be known of the room with its number
 * @refusal: why it is not changed: %TEA_LOG_ERROR_TAKEN or %TEA_LOG_ERROR_NO_ROOM
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_update (TeaSqliteConnection *db, const TeaRoomInfo *info, GError **refusal)
{
  g_autoptr (TeaRoomInfo) old = NULL;
  sqlite3_stmt *statement = NULL;
  GError *taken = NULL;

  if (!tea_sqlite_rooms_get (db, info->number, &old))
    return FALSE;
  if (old == NULL)
    {
      g_set_error_literal (refusal, TEA_LOG_ERROR, TEA_LOG_ERROR_NO_ROOM,
                           _ ("This room does not exist any more."));
      return TRUE;
    }

  statement = tea_sqlite_connection_prepare (db, UPDATE);
  bind_info (statement, info);
  if (!run_unless_taken (db, statement, &taken))
    return FALSE;
  if (taken != NULL)
    {
      g_propagate_error (refusal, taken);
      return TRUE;
    }

  if (g_str_equal (old->folded, info->folded))
    return TRUE;

  return take_address (db, info->folded)
         && (old->folded[0] == HIDDEN_MARK
             || tea_sqlite_rooms_add_old_address (db, old->folded, info->number));
}

/**
 * tea_sqlite_rooms_remove:
 * @db: a connection in a transaction
 * @room: which room
 *
 * Removes a room, and takes note that its records are to go.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_remove (TeaSqliteConnection *db, guint32 room)
{
  for (gsize i = 0; i < G_N_ELEMENTS (removals); i++)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, removals[i]);

      sqlite3_bind_int64 (statement, 1, room);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  return TRUE;
}

/**
 * tea_sqlite_rooms_read_row:
 * @row: a statement that has a row of %TEA_SQLITE_ROOM_COLUMNS
 *
 * Returns: (transfer full): the room
 */
TeaRoomInfo *
tea_sqlite_rooms_read_row (sqlite3_stmt *row)
{
  TeaRoomInfo *info
      = tea_room_info_new (tea_sqlite_column_text (row, 1), tea_sqlite_column_text (row, 2));

  g_free (info->title);
  info->number = (guint32) sqlite3_column_int64 (row, 0);
  info->title = g_strdup (tea_sqlite_column_text (row, 3));
  info->flags = (guint32) sqlite3_column_int64 (row, 4);
  info->retain_days = (guint32) sqlite3_column_int64 (row, 5);
  info->retain_events = (guint32) sqlite3_column_int64 (row, 6);
  info->password = g_strdup (tea_sqlite_column_text (row, 7));
  info->owner = g_strdup (tea_sqlite_column_text (row, 8));
  info->made = sqlite3_column_int64 (row, 9);

  return info;
}

static gboolean
read_one (sqlite3_stmt *statement, TeaRoomInfo **info)
{
  int code = sqlite3_step (statement);

  *info = NULL;
  if (code == SQLITE_ROW)
    {
      *info = tea_sqlite_rooms_read_row (statement);
      sqlite3_reset (statement);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/**
 * tea_sqlite_rooms_find:
 * @db: a connection
 * @folded: a folded address
 * @info: (out) (transfer full) (nullable): the room that is found by it
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_find (TeaSqliteConnection *db, const char *folded, TeaRoomInfo **info)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FIND);

  tea_sqlite_bind_text (statement, 1, folded);

  return read_one (statement, info);
}

/**
 * tea_sqlite_rooms_get:
 * @db: a connection
 * @room: which room
 * @info: (out) (transfer full) (nullable): the room with that number
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_get (TeaSqliteConnection *db, guint32 room, TeaRoomInfo **info)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, GET);

  sqlite3_bind_int64 (statement, 1, room);

  return read_one (statement, info);
}

/**
 * tea_sqlite_rooms_count:
 * @db: a connection
 * @owner: (nullable): a key
 * @n_rooms: (out): how many rooms there are
 * @n_owned: (out): how many go on the account of that key
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rooms_count (TeaSqliteConnection *db, const char *owner, guint *n_rooms, guint *n_owned)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, COUNT);

  tea_sqlite_bind_text (statement, 1, owner);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  *n_rooms = (guint) sqlite3_column_int64 (statement, 0);
  *n_owned = (guint) sqlite3_column_int64 (statement, 1);
  sqlite3_reset (statement);

  return TRUE;
}

static gboolean
fill_in_log (TeaSqliteConnection *db, TeaStoreListing *listing)
{
  TeaSqliteLogState state = { 0 };

  if (!tea_sqlite_records_load_state (db, listing->info->number, &state, NULL))
    return FALSE;

  listing->head = state.head;

  return tea_sqlite_records_count_unread (db, listing->info->number, listing->read,
                                          TEA_STORE_MAX_UNREAD, &listing->n_unread);
}

static TeaStoreListing *
read_listing (sqlite3_stmt *row)
{
  TeaStoreListing *listing = g_new0 (TeaStoreListing, 1);
  const int column = TEA_SQLITE_N_ROOM_COLUMNS;

  listing->info = tea_sqlite_rooms_read_row (row);
  listing->role = (guint8) sqlite3_column_int64 (row, column);
  listing->is_invited = listing->role == 0 && sqlite3_column_int64 (row, column + 1) != 0;
  listing->read = (guint64) sqlite3_column_int64 (row, column + 2);
  listing->n_members = (guint) sqlite3_column_int64 (row, column + 3);
  listing->other_name = g_strdup (tea_sqlite_column_text (row, column + 4));

  return listing;
}

/**
 * tea_sqlite_rooms_list:
 * @db: a connection that sees one state of the database
 * @which: which rooms
 * @key: who asks
 * @after: the folded address after which to go on
 * @max: how many at most
 *
 * Returns: (transfer full) (element-type TeaStoreListing): the rooms; %NULL where the
 *   connection does not work
 */
GPtrArray *
tea_sqlite_rooms_list (
    TeaSqliteConnection *db, TeaStoreList which, const char *key, const char *after, guint max)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_store_listing_free);
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, lists[which]);
  int code;

  tea_sqlite_bind_text (statement, 1, key);
  tea_sqlite_bind_text (statement, 2, after != NULL ? after : "");
  sqlite3_bind_int64 (statement, 3, max);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (list, read_listing (statement));
  if (code != SQLITE_DONE)
    return NULL;

  for (guint i = 0; i < list->len; i++)
    if (!fill_in_log (db, g_ptr_array_index (list, i)))
      return NULL;

  return g_steal_pointer (&list);
}
