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
#include "tea-sqlite-schema.h"

struct _TeaSqliteDatabase
{
  TeaSqliteConnection *writer; /* (owned) */
  char *path;                  /* (owned) */
  int lock_fd;                 /* (owned): keeps other servers out as long as it is open */
  gboolean is_noted;           /* it says that it is open */
  char *warning;               /* (owned) (nullable): what the operator is to know of it */
};

/* With two servers on one database, each would give out the same numbers. What is locked is
 * the database itself: there is no second one of it, however its folder looks. The lock is
 * the kernel's: it ends with the process, however that ends. It does not keep out who only
 * reads with another program. SQLite's own locks are of another kind; they are lost when
 * any descriptor of the file is closed, so this one is the first to open and the last to
 * close. */
static gboolean
lock_file (TeaSqliteDatabase *self, const char *directory, GError **error)
{
  /* SQLite gives the files next to the database the same mode. */
  self->lock_fd = g_open (self->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->lock_fd < 0 || fchmod (self->lock_fd, 0600) != 0)
    {
      int code = errno;

      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, _ ("Cannot open “%s”: %s."),
                   self->path, g_strerror (code));
      return FALSE;
    }

  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      int code = errno;

      if (code == EWOULDBLOCK)
        g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_IN_USE,
                     _ ("Another server uses “%s”. Stop it, or choose another folder."), directory);
      else
        g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, _ ("Cannot lock “%s”: %s."),
                     self->path, g_strerror (code));
      return FALSE;
    }

  return TRUE;
}

static gboolean
has_write_ahead_log (TeaSqliteDatabase *self)
{
  g_autofree char *path = g_strconcat (self->path, "-wal", NULL);
  GStatBuf info;

  return g_stat (path, &info) == 0 && info.st_size > 0;
}

/* While a server runs, the database says so. Whoever is killed leaves that, and a
 * write-ahead log: where only one of the two is there, what was said last is lost. For that,
 * the mark has to reach the database itself. */
static gboolean
note_open (TeaSqliteDatabase *self, gboolean had_write_ahead_log, GError **error)
{
  gint64 was_open = 0;
  gint64 is_copy = 0;

  if (!tea_sqlite_connection_query (self->writer, "SELECT is_open FROM house", &was_open)
      || !tea_sqlite_connection_query (self->writer, "SELECT is_copy FROM house", &is_copy)
      || !tea_sqlite_connection_execute (self->writer, "UPDATE house SET is_open = 1")
      || !tea_sqlite_connection_execute (self->writer, "PRAGMA wal_checkpoint (PASSIVE)"))
    {
      tea_sqlite_connection_set_error (self->writer, error);
      return FALSE;
    }

  self->is_noted = TRUE;
  if (was_open && !is_copy && !had_write_ahead_log)
    self->warning = g_strdup_printf (
        _ ("“%s” was in use when it was last written, but its write-ahead log is not there: "
           "the latest events may be lost."),
        self->path);

  return TRUE;
}

/* An older copy gives numbers for the second time: they are of another epoch. */
static gboolean
note_copy (TeaSqliteDatabase *self, GError **error)
{
  if (tea_sqlite_connection_execute (
          self->writer, "BEGIN IMMEDIATE;"
                        "UPDATE room SET epoch = max (1, random () & 0x7fffffffffffffff)"
                        "  WHERE (SELECT is_copy FROM house);"
                        "UPDATE house SET is_copy = 0 WHERE is_copy;"
                        "COMMIT"))
    return TRUE;

  tea_sqlite_connection_set_error (self->writer, error);
  tea_sqlite_connection_roll_back (self->writer);

  return FALSE;
}

static gboolean
prepare (TeaSqliteDatabase *self, gboolean had_write_ahead_log, GError **error)
{
  /* The first makes SQLite take up what a killed server left in the write-ahead log. */
  if (!tea_sqlite_schema_check (self->writer, self->path, error))
    return FALSE;

  if (!tea_sqlite_connection_execute (
          self->writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 16777216"))
    {
      tea_sqlite_connection_set_error (self->writer, error);
      return FALSE;
    }

  if (tea_sqlite_schema_is_latest (self->writer) && !tea_sqlite_schema_probe (self->writer, error))
    return FALSE;

  return tea_sqlite_schema_migrate (self->writer, error)
         && note_open (self, had_write_ahead_log, error) && note_copy (self, error);
}

/**
 * tea_sqlite_database_open:
 * @directory: the folder, made if need be
 * @error: return location for a #GError
 *
 * Opens the database of a folder, makes it, or brings it up to date. One that cannot be
 * used, or is none of ours, is left as it is.
 *
 * Returns: (transfer full): the database, or %NULL, and @error is
 *   %TEA_LOG_ERROR_IN_USE, %TEA_LOG_ERROR_DAMAGED, %TEA_LOG_ERROR_FOREIGN or
 *   %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaSqliteDatabase *
tea_sqlite_database_open (const char *directory, GError **error)
{
  g_autoptr (TeaSqliteDatabase) self = g_new0 (TeaSqliteDatabase, 1);
  gboolean had_write_ahead_log = FALSE;

  self->path = g_build_filename (directory, "room.db", NULL);
  self->lock_fd = -1;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                   _ ("Cannot make the folder “%s”: %s."), directory, g_strerror (code));
      return NULL;
    }

  if (!lock_file (self, directory, error))
    return NULL;

  had_write_ahead_log = has_write_ahead_log (self);
  self->writer = tea_sqlite_connection_open (self->path, SQLITE_OPEN_READWRITE, error);
  if (self->writer == NULL || !prepare (self, had_write_ahead_log, error))
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

  if (self->is_noted)
    tea_sqlite_connection_execute (self->writer, "UPDATE house SET is_open = 0");
  g_clear_pointer (&self->writer, tea_sqlite_connection_free);
  if (self->lock_fd >= 0)
    g_close (self->lock_fd, NULL);
  g_free (self->path);
  g_free (self->warning);
  g_free (self);
}

/**
 * tea_sqlite_database_get_writer:
 * @self: a database
 *
 * Returns: (transfer none): the connection that writes
 */
TeaSqliteConnection *
tea_sqlite_database_get_writer (TeaSqliteDatabase *self)
{
  return self->writer;
}

/**
 * tea_sqlite_database_get_path:
 * @self: a database
 *
 * Returns: (transfer none): its file
 */
const char *
tea_sqlite_database_get_path (TeaSqliteDatabase *self)
{
  return self->path;
}

/**
 * tea_sqlite_database_steal_warning:
 * @self: a database
 *
 * Returns: (transfer full) (nullable): what the operator is to know of how it was found
 */
char *
tea_sqlite_database_steal_warning (TeaSqliteDatabase *self)
{
  return g_steal_pointer (&self->warning);
}

/**
 * tea_sqlite_database_open_reader:
 * @path: the file of a database that is open for writing already
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a connection that only reads, or %NULL
 */
TeaSqliteConnection *
tea_sqlite_database_open_reader (const char *path, GError **error)
{
  return tea_sqlite_connection_open (path, SQLITE_OPEN_READONLY, error);
}
