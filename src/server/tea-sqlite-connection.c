/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-connection.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "tea-log.h"

/* How long somebody who looks into the database with another program may hold us up. */
#define BUSY_TIMEOUT_MS 5000

struct _TeaSqliteConnection
{
  sqlite3 *db;            /* (owned) */
  GHashTable *statements; /* (element-type utf8 sqlite3_stmt): by the address of their text */
};

static void
free_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/**
 * tea_sqlite_connection_open:
 * @path: a database
 * @flags: SQLite's flags
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a connection to it, or %NULL
 */
TeaSqliteConnection *
tea_sqlite_connection_open (const char *path, int flags, GError **error)
{
  g_autoptr (TeaSqliteConnection) self = g_new0 (TeaSqliteConnection, 1);

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, free_statement);
  if (sqlite3_open_v2 (path, &self->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      tea_sqlite_connection_set_error (self, error);
      return NULL;
    }

  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);

  return g_steal_pointer (&self);
}

/**
 * tea_sqlite_connection_free:
 * @self: (transfer full): a connection
 *
 * Closes a connection.
 */
void
tea_sqlite_connection_free (TeaSqliteConnection *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->statements);
  sqlite3_close (self->db);
  g_free (self);
}

/**
 * tea_sqlite_connection_get_handle:
 * @self: a connection
 *
 * Returns: (transfer none): what SQLite knows it by
 */
sqlite3 *
tea_sqlite_connection_get_handle (TeaSqliteConnection *self)
{
  return self->db;
}

/**
 * tea_sqlite_connection_prepare:
 * @self: a connection
 * @sql: a statement; lives as long as the program
 *
 * Gets a statement that is prepared the first time.
 *
 * Returns: (transfer none) (nullable): the statement, without bound values. %NULL when it
 *   cannot be prepared: SQLite takes that for a statement that fails, and
 *   tea_sqlite_connection_set_error() tells why
 */
sqlite3_stmt *
tea_sqlite_connection_prepare (TeaSqliteConnection *self, const char *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      == SQLITE_OK)
    g_hash_table_insert (self->statements, (gpointer) sql, statement);

  return statement;
}

/**
 * tea_sqlite_connection_reset:
 * @self: a connection
 *
 * Lets go of whatever its statements hold.
 */
void
tea_sqlite_connection_reset (TeaSqliteConnection *self)
{
  GHashTableIter iter;
  gpointer statement = NULL;

  g_hash_table_iter_init (&iter, self->statements);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
    }
}

/**
 * tea_sqlite_connection_execute:
 * @self: a connection
 * @sql: statements that answer nothing
 *
 * Returns: whether all of them were done
 */
gboolean
tea_sqlite_connection_execute (TeaSqliteConnection *self, const char *sql)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/**
 * tea_sqlite_connection_query:
 * @self: a connection
 * @sql: a statement that answers one number; lives as long as the program
 * @number: (out): the number
 *
 * Returns: whether there is an answer
 */
gboolean
tea_sqlite_connection_query (TeaSqliteConnection *self, const char *sql, gint64 *number)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self, sql);
  gboolean ok = sqlite3_step (statement) == SQLITE_ROW;

  *number = ok ? sqlite3_column_int64 (statement, 0) : 0;
  if (ok)
    sqlite3_reset (statement);

  return ok;
}

/**
 * tea_sqlite_connection_begin:
 * @self: a connection that writes
 *
 * Begins a transaction.
 *
 * Returns: whether it has begun
 */
gboolean
tea_sqlite_connection_begin (TeaSqliteConnection *self)
{
  return tea_sqlite_run (tea_sqlite_connection_prepare (self, "BEGIN IMMEDIATE"));
}

/**
 * tea_sqlite_connection_roll_back:
 * @self: a connection
 *
 * Undoes the transaction that it may be in.
 */
void
tea_sqlite_connection_roll_back (TeaSqliteConnection *self)
{
  tea_sqlite_connection_reset (self);
  if (!sqlite3_get_autocommit (self->db))
    tea_sqlite_connection_execute (self, "ROLLBACK");
}

/**
 * tea_sqlite_connection_truncate_log:
 * @self: a connection that writes, in no transaction
 *
 * Writes all of the write-ahead log into the database itself, and empties it, without waiting
 * for those who read.
 *
 * Returns: whether it is empty; otherwise somebody still reads
 */
gboolean
tea_sqlite_connection_truncate_log (TeaSqliteConnection *self)
{
  int code;

  sqlite3_busy_timeout (self->db, 0);
  code = sqlite3_wal_checkpoint_v2 (self->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS);

  return code == SQLITE_OK;
}

/**
 * tea_sqlite_connection_is_damaged:
 * @self: a connection that has just failed
 *
 * Returns: whether it has failed because of what is in the file
 */
gboolean
tea_sqlite_connection_is_damaged (TeaSqliteConnection *self)
{
  int code = sqlite3_errcode (self->db) & 0xff;

  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/**
 * tea_sqlite_set_damaged:
 * @path: a database
 * @finding: what was found in it
 * @error: return location for a #GError
 *
 * Says that a database is damaged: %TEA_LOG_ERROR_DAMAGED.
 */
void
tea_sqlite_set_damaged (const char *path, const char *finding, GError **error)
{
  g_autofree char *damage = g_strdup_printf (_ ("The database is damaged: %s."), finding);

  g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED,
               _ ("“%s” cannot be used, and was left as it is. %s Restore it from a backup, "
                  "or move it away to begin with an empty room."),
               path, damage);
}

/**
 * tea_sqlite_connection_set_error:
 * @self: a connection that has just failed
 * @error: return location for a #GError
 *
 * Says what is wrong: %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE.
 */
void
tea_sqlite_connection_set_error (TeaSqliteConnection *self, GError **error)
{
  int code = sqlite3_errcode (self->db) & 0xff;
  int number = sqlite3_system_errno (self->db);

  if (tea_sqlite_connection_is_damaged (self))
    tea_sqlite_set_damaged (sqlite3_db_filename (self->db, "main"), sqlite3_errmsg (self->db),
                            error);
  else if (code == SQLITE_FULL || (code == SQLITE_IOERR && number == ENOSPC))
    g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                         _ ("The disk with the database is full."));
  else if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && number != 0)
    g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                 _ ("The disk with the database fails: %s."), g_strerror (number));
  else
    g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                 _ ("The database cannot be used: %s."), sqlite3_errmsg (self->db));
}

/**
 * tea_sqlite_run:
 * @statement: a statement that answers nothing
 *
 * Returns: whether it was done
 */
gboolean
tea_sqlite_run (sqlite3_stmt *statement)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    return FALSE;

  sqlite3_reset (statement);

  return TRUE;
}

/**
 * tea_sqlite_bind_text:
 * @statement: a statement
 * @column: which parameter
 * @text: (nullable): its value; lives as long as it is bound
 *
 * Binds a text.
 */
void
tea_sqlite_bind_text (sqlite3_stmt *statement, int column, const char *text)
{
  sqlite3_bind_text (statement, column, text, -1, SQLITE_STATIC);
}

/**
 * tea_sqlite_bind_bytes:
 * @statement: a statement
 * @column: which parameter
 * @bytes: its value; lives as long as it is bound
 *
 * Binds bytes, where nothing at all is not the same as %NULL.
 */
void
tea_sqlite_bind_bytes (sqlite3_stmt *statement, int column, GBytes *bytes)
{
  gsize size = 0;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  sqlite3_bind_blob64 (statement, column, size > 0 ? data : "", size, SQLITE_STATIC);
}

/**
 * tea_sqlite_column_text:
 * @statement: a statement that has a row
 * @column: which column
 *
 * Returns: (transfer none) (nullable): what is there, until the next row
 */
const char *
tea_sqlite_column_text (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

/**
 * tea_sqlite_column_bytes:
 * @statement: a statement that has a row
 * @column: which column
 *
 * Returns: (transfer full): a copy of what is there
 */
GBytes *
tea_sqlite_column_bytes (sqlite3_stmt *statement, int column)
{
  gconstpointer data = sqlite3_column_blob (statement, column);

  return g_bytes_new (data, (gsize) sqlite3_column_bytes (statement, column));
}
