/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-members.h"

#define LOAD "SELECT key, name, role, joined FROM member WHERE room = ?1 ORDER BY joined, key"
#define FIND_COMMON                                                  \
  "SELECT EXISTS (SELECT 1 FROM member AS one JOIN member AS other"  \
  "  ON other.room = one.room AND other.key = ?2 AND other.role > 0" \
  "  WHERE one.key = ?1 AND one.role > 0)"
#define KEEP \
  "INSERT OR REPLACE INTO member (room, key, name, role, joined) VALUES (?1, ?2, ?3, ?4, ?5)"
#define FORGET "DELETE FROM member WHERE room = ?1 AND key = ?2"
#define LOAD_AS_OF "SELECT as_of FROM room WHERE number = ?1"
#define SAVE_AS_OF "UPDATE room SET as_of = ?2 WHERE number = ?1"
#define LOAD_POSITION "SELECT read FROM place WHERE room = ?1 AND key = ?2"
/* Of a room that is not there, or not yet, nobody has read anything. */
#define SAVE_POSITION                                                                     \
  "INSERT INTO place (room, key, read) SELECT number, ?2, ?3 FROM room WHERE number = ?1" \
  " ON CONFLICT (room, key) DO UPDATE SET read = max (read, excluded.read)"

/**
 * tea_sqlite_members_load_as_of:
 * @db: a connection
 * @room: which room
 * @as_of: (out): what its members, or the hall's names, take account of; 0 where there is
 *   no such room
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_load_as_of (TeaSqliteConnection *db, guint32 room, guint64 *as_of)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD_AS_OF);
  int code;

  *as_of = 0;
  sqlite3_bind_int64 (statement, 1, room);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *as_of = (guint64) sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/**
 * tea_sqlite_members_save_as_of:
 * @db: a connection in a transaction
 * @room: which room
 * @as_of: what its members, or the hall's names, take account of
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_save_as_of (TeaSqliteConnection *db, guint32 room, guint64 as_of)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, SAVE_AS_OF);

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, (gint64) as_of);

  return tea_sqlite_run (statement);
}

/**
 * tea_sqlite_members_find_common:
 * @db: a connection
 * @one: a key
 * @other: another key
 * @is_there: (out): whether both are members of one room
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_find_common (TeaSqliteConnection *db,
                                const char *one,
                                const char *other,
                                gboolean *is_there)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FIND_COMMON);

  tea_sqlite_bind_text (statement, 1, one);
  tea_sqlite_bind_text (statement, 2, other);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  *is_there = sqlite3_column_int64 (statement, 0) != 0;
  sqlite3_reset (statement);

  return TRUE;
}

/**
 * tea_sqlite_members_load:
 * @db: a connection that sees one state of the database
 * @room: which room
 * @as_of: (out): what its members take account of
 *
 * Returns: (transfer full) (element-type TeaMembership): the members; %NULL where the
 *   connection does not work
 */
GPtrArray *
tea_sqlite_members_load (TeaSqliteConnection *db, guint32 room, guint64 *as_of)
{
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD);
  int code;

  sqlite3_bind_int64 (statement, 1, room);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (members, tea_membership_new (tea_sqlite_column_text (statement, 0),
                                                  tea_sqlite_column_text (statement, 1),
                                                  (guint8) sqlite3_column_int64 (statement, 2),
                                                  (guint64) sqlite3_column_int64 (statement, 3)));
  if (code != SQLITE_DONE || !tea_sqlite_members_load_as_of (db, room, as_of))
    return NULL;

  return g_steal_pointer (&members);
}

/**
 * tea_sqlite_members_add:
 * @db: a connection in a transaction
 * @room: which room
 * @member: who is in it, over what was there for the same key
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_add (TeaSqliteConnection *db, guint32 room, const TeaMembership *member)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, KEEP);

  sqlite3_bind_int64 (statement, 1, room);
  tea_sqlite_bind_text (statement, 2, member->key);
  tea_sqlite_bind_text (statement, 3, member->name);
  sqlite3_bind_int64 (statement, 4, member->role);
  sqlite3_bind_int64 (statement, 5, (gint64) member->joined);

  return tea_sqlite_run (statement);
}

/**
 * tea_sqlite_members_save:
 * @db: a connection in a transaction
 * @room: which room
 * @changed: (nullable) (element-type TeaMembership): what to keep
 * @removed: (nullable): the keys to forget
 * @as_of: what the members take account of then
 *
 * Keeps changes of the members of a room. Where it is not there any more, nothing is kept.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_save (TeaSqliteConnection *db,
                         guint32 room,
                         GPtrArray *changed,
                         const char *const *removed,
                         guint64 as_of)
{
  if (!tea_sqlite_members_save_as_of (db, room, as_of))
    return FALSE;
  if (sqlite3_changes (tea_sqlite_connection_get_handle (db)) == 0)
    return TRUE;

  for (guint i = 0; removed != NULL && removed[i] != NULL; i++)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FORGET);

      sqlite3_bind_int64 (statement, 1, room);
      tea_sqlite_bind_text (statement, 2, removed[i]);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  for (guint i = 0; changed != NULL && i < changed->len; i++)
    if (!tea_sqlite_members_add (db, room, g_ptr_array_index (changed, i)))
      return FALSE;

  return TRUE;
}

/**
 * tea_sqlite_members_load_position:
 * @db: a connection
 * @room: which room
 * @key: whose
 * @read: (out): how far they have read
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_load_position (TeaSqliteConnection *db,
                                  guint32 room,
                                  const char *key,
                                  guint64 *read)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD_POSITION);
  int code;

  *read = 0;
  sqlite3_bind_int64 (statement, 1, room);
  tea_sqlite_bind_text (statement, 2, key);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *read = (guint64) sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/**
 * tea_sqlite_members_save_positions:
 * @db: a connection in a transaction
 * @positions: (element-type TeaPosition): how far some have read
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_members_save_positions (TeaSqliteConnection *db, GPtrArray *positions)
{
  for (guint i = 0; i < positions->len; i++)
    {
      const TeaPosition *position = g_ptr_array_index (positions, i);
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, SAVE_POSITION);

      sqlite3_bind_int64 (statement, 1, position->room);
      tea_sqlite_bind_text (statement, 2, position->key);
      sqlite3_bind_int64 (statement, 3, (gint64) MIN (position->read, G_MAXINT64));
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  return TRUE;
}
