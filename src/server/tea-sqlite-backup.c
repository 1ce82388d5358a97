/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "tea-log.h"
#include "tea-sqlite-check.h"
#include "tea-sqlite-database.h"
#include "tea-sqlite-schema.h"

/* How much is copied between two looks at the cancellable. */
#define STEP_PAGES 1024

static gboolean
fail (const char *path, int code, GError **error)
{
  g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, _ ("Cannot write “%s”: %s."), path,
               g_strerror (code));

  return FALSE;
}

/* Nobody's file is written over, and nobody else can read the copy. */
static gboolean
make_file (const char *copy, GError **error)
{
  int fd = g_open (copy, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return fail (copy, errno, error);

  return g_close (fd, error);
}

/* The source stays as it was when reading began, so that this never begins anew. */
static gboolean
copy_pages (TeaSqliteConnection *source,
            TeaSqliteConnection *target,
            GCancellable *cancellable,
            GError **error)
{
  sqlite3 *db = tea_sqlite_connection_get_handle (target);
  sqlite3_backup *backup
      = sqlite3_backup_init (db, "main", tea_sqlite_connection_get_handle (source), "main");
  gboolean is_cancelled = FALSE;
  int code = SQLITE_OK;

  while (backup != NULL && code == SQLITE_OK && !is_cancelled)
    {
      code = sqlite3_backup_step (backup, STEP_PAGES);
      is_cancelled = g_cancellable_set_error_if_cancelled (cancellable, error);
    }
  sqlite3_backup_finish (backup);

  if (backup == NULL || (code != SQLITE_DONE && !is_cancelled))
    tea_sqlite_connection_set_error (target, error);

  return code == SQLITE_DONE && !is_cancelled;
}

/* A copy is one file, and says that it is one. */
static gboolean
finish_copy (TeaSqliteConnection *target, GError **error)
{
  if (tea_sqlite_connection_execute (target, "PRAGMA journal_mode = DELETE;"
                                             "UPDATE house SET is_open = 0, is_copy = 1"))
    return TRUE;

  tea_sqlite_connection_set_error (target, error);

  return FALSE;
}

static gboolean
write_copy (const char *path, const char *copy, GCancellable *cancellable, GError **error)
{
  g_autoptr (TeaSqliteConnection) source = tea_sqlite_database_open_reader (path, error);
  g_autoptr (TeaSqliteConnection) target = NULL;
  gint64 n_rooms = 0;

  if (source == NULL)
    return FALSE;

  target = tea_sqlite_connection_open (copy, SQLITE_OPEN_READWRITE, error);
  if (target == NULL)
    return FALSE;

  if (!tea_sqlite_connection_execute (source, "BEGIN")
      || !tea_sqlite_connection_query (source, "SELECT count (*) FROM house", &n_rooms))
    {
      tea_sqlite_connection_set_error (source, error);
      return FALSE;
    }

  return copy_pages (source, target, cancellable, error) && finish_copy (target, error);
}

/**
 * tea_sqlite_backup_write:
 * @path: a database that is open for writing already
 * @copy: the file to make; it must not be there yet
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Copies a database as it is now, whatever is written meanwhile.
 *
 * Returns: whether the copy is on the disk; if not, there is none
 */
gboolean
tea_sqlite_backup_write (const char *path,
                         const char *copy,
                         GCancellable *cancellable,
                         GError **error)
{
  if (!make_file (copy, error))
    return FALSE;

  if (write_copy (path, copy, cancellable, error))
    return TRUE;

  g_unlink (copy);

  return FALSE;
}

static gboolean
load_report (TeaSqliteConnection *db, TeaSqliteBackupReport *report)
{
  gint64 n_rooms = 0;
  gint64 n_events = 0;
  gboolean ok
      = tea_sqlite_connection_query (db, "SELECT count (*) FROM room", &n_rooms)
        && tea_sqlite_connection_query (db, "SELECT count (*) FROM record WHERE record IS NOT NULL",
                                        &n_events);

  report->n_rooms = (guint64) n_rooms;
  report->n_events = (guint64) n_events;

  return ok;
}

/**
 * tea_sqlite_backup_check:
 * @copy: a database that no server uses
 * @report: (out): what it holds
 * @error: return location for a #GError
 *
 * Reads all of a copy, and changes nothing. This takes as long as reading the file.
 *
 * Returns: whether a server can be started with it; if not, @error is
 *   %TEA_LOG_ERROR_FOREIGN, %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_sqlite_backup_check (const char *copy, TeaSqliteBackupReport *report, GError **error)
{
  g_autoptr (TeaSqliteConnection) db
      = tea_sqlite_connection_open (copy, SQLITE_OPEN_READONLY, error);
  g_autofree char *finding = NULL;
  GError *local_error = NULL;

  if (db == NULL || !tea_sqlite_schema_check (db, copy, error))
    return FALSE;

  if (!tea_sqlite_schema_is_latest (db))
    {
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN,
                   _ ("“%s” was not made by this version of Teahouse."), copy);
      return FALSE;
    }

  finding = tea_sqlite_check_run (db, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (finding != NULL)
    {
      tea_sqlite_set_damaged (copy, finding, error);
      return FALSE;
    }
  if (!load_report (db, report))
    {
      tea_sqlite_connection_set_error (db, error);
      return FALSE;
    }

  return TRUE;
}
