/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tea-log.h"

/* "Teah", in the file's header: so that no other program's database is taken for ours. */
#define APPLICATION_ID 0x54656168

/* How long somebody who looks into the database with another program may hold us up. */
#define BUSY_TIMEOUT_MS 5000

/* From each version of the schema to the next; never changed once released. A fixture in
 * tests/unit/data belongs to each. */
static const char *const migrations[] = {
  /* 1: One room. A record's author and number stay when it is erased, and an author's latest
   * stays for long, so that a repeat is known. The latest record's row always stays: it tells
   * which number comes next. */
  "CREATE TABLE room ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  epoch INTEGER NOT NULL CHECK (epoch > 0),"
  "  roll_as_of INTEGER NOT NULL DEFAULT 0,"
  "  probed INTEGER NOT NULL DEFAULT 0"
  ") STRICT;"
  "INSERT INTO room (id, epoch) VALUES (1, max (1, random () & 0x7fffffffffffffff));"
  "CREATE TABLE author ("
  "  id INTEGER PRIMARY KEY,"
  "  name BLOB NOT NULL UNIQUE,"
  "  number INTEGER NOT NULL CHECK (number > 0),"
  "  seq INTEGER NOT NULL CHECK (seq > 0)"
  ") STRICT;"
  "CREATE TABLE record ("
  "  seq INTEGER PRIMARY KEY CHECK (seq > 0),"
  "  author INTEGER NOT NULL REFERENCES author (id),"
  "  number INTEGER NOT NULL,"
  "  time INTEGER NOT NULL,"
  "  record BLOB,"
  "  UNIQUE (author, number)"
  ") STRICT;"
  "CREATE TABLE roll ("
  "  folded TEXT PRIMARY KEY,"
  "  name TEXT NOT NULL,"
  "  key TEXT,"
  "  joined INTEGER NOT NULL,"
  "  last_used INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;",
  /* 2: When an author's latest was appended, so that those can be forgotten of whom nothing
   * has been kept for long: every program that says something is one. */
  "ALTER TABLE author ADD COLUMN time INTEGER NOT NULL DEFAULT 0;"
  "UPDATE author SET time = CAST (strftime ('%s', 'now') AS INTEGER) * 1000000;",
};

static void
set_damaged (sqlite3 *db, const char *finding, GError **error)
{
  g_autofree char *damage = g_strdup_printf (_ ("The database is damaged: %s."), finding);

  g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED,
               _ ("“%s” cannot be used, and was left as it is. %s Restore it from a backup, "
                  "or move it away to begin with an empty room."),
               sqlite3_db_filename (db, "main"), damage);
}

/**
 * tea_sqlite_set_error:
 * @db: a connection that has just failed
 * @error: return location for a #GError
 *
 * Says what is wrong: %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE.
 */
void
tea_sqlite_set_error (sqlite3 *db, GError **error)
{
  int code = sqlite3_errcode (db) & 0xff;
  int number = sqlite3_system_errno (db);

  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    set_damaged (db, sqlite3_errmsg (db), error);
  else if (code == SQLITE_FULL || (code == SQLITE_IOERR && number == ENOSPC))
    g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                         _ ("The disk with the database is full."));
  else if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && number != 0)
    g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                 _ ("The disk with the database fails: %s."), g_strerror (number));
  else
    g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                 _ ("The database cannot be used: %s."), sqlite3_errmsg (db));
}

/**
 * tea_sqlite_prepare:
 * @db: a connection
 * @sql: a statement
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the prepared statement, or %NULL
 */
sqlite3_stmt *
tea_sqlite_prepare (sqlite3 *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    tea_sqlite_set_error (db, error);

  return statement;
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

static gboolean
execute (sqlite3 *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  tea_sqlite_set_error (db, error);

  return FALSE;
}

static gboolean
query_number (sqlite3 *db, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = tea_sqlite_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  if (sqlite3_step (statement) != SQLITE_ROW)
    {
      tea_sqlite_set_error (db, error);
      return FALSE;
    }
  *number = sqlite3_column_int64 (statement, 0);

  return TRUE;
}

/* With two servers on one database, each would give out the same numbers. The lock is the
 * kernel's: it ends with the process, however that ends. */
static int
lock_directory (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "room.lock", NULL);
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  int saved_errno = errno;

  if (fd < 0)
    {
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, _ ("Cannot open “%s”: %s."),
                   path, g_strerror (saved_errno));
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;

  saved_errno = errno;
  if (saved_errno == EWOULDBLOCK)
    g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_IN_USE,
                 _ ("Another server uses “%s”. Stop it, or choose another folder."), directory);
  else
    g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, _ ("Cannot lock “%s”: %s."), path,
                 g_strerror (saved_errno));
  g_close (fd, NULL);

  return -1;
}

/* SQLite gives the files next to the database the same mode. */
static gboolean
make_private_file (const char *path, GError **error)
{
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  int saved_errno = errno;

  if (fd < 0 || fchmod (fd, 0600) != 0)
    {
      saved_errno = fd < 0 ? saved_errno : errno;
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, _ ("Cannot open “%s”: %s."),
                   path, g_strerror (saved_errno));
      if (fd >= 0)
        g_close (fd, NULL);
      return FALSE;
    }

  return g_close (fd, error);
}

static sqlite3 *
open_connection (const char *path, int flags, GError **error)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      tea_sqlite_set_error (db, error);
      sqlite3_close (db);
      return NULL;
    }

  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);

  return db;
}

/**
 * tea_sqlite_open_reader:
 * @path: a database that is open for writing already
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a connection that only reads, or %NULL
 */
sqlite3 *
tea_sqlite_open_reader (const char *path, GError **error)
{
  return open_connection (path, SQLITE_OPEN_READONLY, error);
}

/* Nobody else's database is touched, nor one that we would not understand. */
static gboolean
check_identity (sqlite3 *db, const char *path, gint64 *version, GError **error)
{
  gint64 application_id = 0;
  gint64 n_tables = 0;

  if (!query_number (db, "PRAGMA application_id", &application_id, error)
      || !query_number (db, "PRAGMA user_version", version, error)
      || !query_number (db, "SELECT count (*) FROM sqlite_schema", &n_tables, error))
    return FALSE;

  if (application_id == 0 && *version == 0 && n_tables == 0)
    return TRUE;

  if (application_id != APPLICATION_ID || *version < 1)
    {
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN,
                   _ ("“%s” belongs to another program. Move it away, or choose another folder."),
                   path);
      return FALSE;
    }
  if (*version > (gint64) G_N_ELEMENTS (migrations))
    {
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN,
                   _ ("“%s” was made by a newer version of Teahouse. Use that version."), path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_health (sqlite3 *db, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = tea_sqlite_prepare (db, "PRAGMA quick_check (1)", error);
  const char *finding = NULL;

  if (statement == NULL)
    return FALSE;

  if (sqlite3_step (statement) != SQLITE_ROW)
    {
      tea_sqlite_set_error (db, error);
      return FALSE;
    }

  finding = (const char *) sqlite3_column_text (statement, 0);
  if (g_strcmp0 (finding, "ok") == 0)
    return TRUE;

  set_damaged (db, finding, error);

  return FALSE;
}

static gboolean
migrate (sqlite3 *db, gint64 version, GError **error)
{
  for (gsize i = (gsize) version; i < G_N_ELEMENTS (migrations); i++)
    {
      g_autofree char *sql = g_strdup_printf ("BEGIN IMMEDIATE; %s PRAGMA application_id = %d;"
                                              " PRAGMA user_version = %" G_GSIZE_FORMAT "; COMMIT",
                                              migrations[i], APPLICATION_ID, i + 1);

      if (!execute (db, sql, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
prepare_database (sqlite3 *db, const char *path, gboolean was_clean, GError **error)
{
  gint64 version = 0;

  /* The first makes SQLite take up what a killed server left in the write-ahead log. */
  if (!check_identity (db, path, &version, error))
    return FALSE;

  /* Reading all of it takes time, so it is done only when there is a reason. */
  if (!was_clean && !check_health (db, error))
    return FALSE;

  return execute (db,
                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                  "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 16777216",
                  error)
         && migrate (db, version, error);
}

/**
 * tea_sqlite_database_open:
 * @directory: the folder, made if need be
 * @error: return location for a #GError
 *
 * Opens the database of a folder, makes it, or brings it up to date. One that is
 * damaged, or none of ours, is left as it is.
 *
 * Returns: (transfer full): the database, or %NULL, and @error is
 *   %TEA_LOG_ERROR_IN_USE, %TEA_LOG_ERROR_DAMAGED, %TEA_LOG_ERROR_FOREIGN or
 *   %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaSqliteDatabase *
tea_sqlite_database_open (const char *directory, GError **error)
{
  g_autoptr (TeaSqliteDatabase) self = g_new0 (TeaSqliteDatabase, 1);
  g_autofree char *wal = NULL;
  GStatBuf info;
  gboolean was_clean;

  self->path = g_build_filename (directory, "room.db", NULL);
  self->lock_fd = -1;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                   _ ("Cannot make the folder “%s”: %s."), directory, g_strerror (saved_errno));
      return NULL;
    }

  self->lock_fd = lock_directory (directory, error);
  if (self->lock_fd < 0 || !make_private_file (self->path, error))
    return NULL;

  /* Who closes a database properly leaves nothing in its write-ahead log. */
  wal = g_strconcat (self->path, "-wal", NULL);
  was_clean = g_stat (wal, &info) != 0 || info.st_size == 0;

  self->writer = open_connection (self->path, SQLITE_OPEN_READWRITE, error);
  if (self->writer == NULL)
    return NULL;

  if (!prepare_database (self->writer, self->path, was_clean, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tea_sqlite_database_free:
 * @self: (transfer full): a database that nobody reads any more
 *
 * Closes a database, and lets others have it.
 */
void
tea_sqlite_database_free (TeaSqliteDatabase *self)
{
  g_return_if_fail (self != NULL);

  sqlite3_close (self->writer);
  if (self->lock_fd >= 0)
    g_close (self->lock_fd, NULL);
  g_free (self->path);
  g_free (self);
}
