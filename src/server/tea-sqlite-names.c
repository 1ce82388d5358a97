/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-names.h"

#include "tea-name.h"

#define COLUMNS "SELECT name, key, joined, last_used, last_day FROM roll"

#define LOAD COLUMNS
#define LOAD_HERE     \
  COLUMNS             \
  " WHERE joined > 0" \
  " OR key IN (SELECT key FROM roll WHERE joined > 0 AND key IS NOT NULL)"
#define LIST_OWNED COLUMNS " WHERE key = ?1"
#define LOOK_UP COLUMNS " WHERE folded = ?1"
#define COUNT "SELECT n_names FROM house"
#define KEEP                                                            \
  "INSERT INTO roll (folded, name, key, joined, last_used, last_day)"   \
  " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (folded) DO UPDATE SET" \
  " name = ?2, key = ?3, joined = ?4, last_used = ?5, last_day = ?6"
#define FORGET "DELETE FROM roll WHERE folded = ?1"
#define FORGET_UNUSED "DELETE FROM roll WHERE joined = 0 AND last_day < ?1"

static TeaRegisteredName *
read_row (sqlite3_stmt *row)
{
  return tea_registered_name_new (tea_sqlite_column_text (row, 0), tea_sqlite_column_text (row, 1),
                                  (guint64) sqlite3_column_int64 (row, 2),
                                  sqlite3_column_int64 (row, 3),
                                  (guint64) sqlite3_column_int64 (row, 4));
}

static GPtrArray *
read_all (sqlite3_stmt *statement)
{
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (entries, read_row (statement));

  return code == SQLITE_DONE ? g_steal_pointer (&entries) : NULL;
}

/**
 * tea_sqlite_names_load:
 * @db: a connection
 * @only_here: whether only those of who is here are wanted
 *
 * Returns: (transfer full) (element-type TeaRegisteredName): the names; %NULL where the
 *   connection does not work
 */
GPtrArray *
tea_sqlite_names_load (TeaSqliteConnection *db, gboolean only_here)
{
  return read_all (tea_sqlite_connection_prepare (db, only_here ? LOAD_HERE : LOAD));
}

/**
 * tea_sqlite_names_list_owned:
 * @db: a connection
 * @key: the fingerprint of a key
 *
 * Returns: (transfer full) (element-type TeaRegisteredName): its names; %NULL where the
 *   connection does not work
 */
GPtrArray *
tea_sqlite_names_list_owned (TeaSqliteConnection *db, const char *key)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LIST_OWNED);

  tea_sqlite_bind_text (statement, 1, key);

  return read_all (statement);
}

/**
 * tea_sqlite_names_look_up:
 * @db: a connection
 * @folded: a folded name
 * @entry: (out) (transfer full) (nullable): what is kept of it
 * @n_names: (out): how many names are kept in all
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_names_look_up (TeaSqliteConnection *db,
                          const char *folded,
                          TeaRegisteredName **entry,
                          guint *n_names)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOOK_UP);
  gint64 n = 0;
  int code;

  *entry = NULL;
  tea_sqlite_bind_text (statement, 1, folded);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *entry = read_row (statement);
      sqlite3_reset (statement);
    }

  if ((code != SQLITE_ROW && code != SQLITE_DONE) || !tea_sqlite_connection_query (db, COUNT, &n))
    return FALSE;

  *n_names = (guint) n;

  return TRUE;
}

/**
 * tea_sqlite_names_save:
 * @db: a connection in a transaction
 * @changed: (nullable) (element-type TeaRegisteredName): what to keep
 * @removed: (nullable): the folded names to forget
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_names_save (TeaSqliteConnection *db, GPtrArray *changed, const char *const *removed)
{
  for (guint i = 0; removed != NULL && removed[i] != NULL; i++)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FORGET);

      tea_sqlite_bind_text (statement, 1, removed[i]);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  for (guint i = 0; changed != NULL && i < changed->len; i++)
    {
      const TeaRegisteredName *entry = g_ptr_array_index (changed, i);
      g_autofree char *folded = tea_name_fold (entry->name);
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, KEEP);

      tea_sqlite_bind_text (statement, 1, folded);
      tea_sqlite_bind_text (statement, 2, entry->name);
      tea_sqlite_bind_text (statement, 3, entry->key);
      sqlite3_bind_int64 (statement, 4, (gint64) entry->joined);
      sqlite3_bind_int64 (statement, 5, entry->last_used);
      sqlite3_bind_int64 (statement, 6, (gint64) entry->last_day);
      if (!tea_sqlite_run (statement))
        return FALSE;
      sqlite3_clear_bindings (statement);
    }

  return TRUE;
}

/**
 * tea_sqlite_names_forget_unused:
 * @db: a connection in a transaction
 * @day: a day of the house's life
 *
 * Forgets the names of whoever was not here on it or since then and is not now.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_names_forget_unused (TeaSqliteConnection *db, guint64 day)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FORGET_UNUSED);

  sqlite3_bind_int64 (statement, 1, (gint64) day);

  return tea_sqlite_run (statement);
}
