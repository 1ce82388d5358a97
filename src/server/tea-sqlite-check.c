/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-check.h"

#include <glib/gi18n-lib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tea-sqlite-database.h"

/* The kernel's numbers, for which there is no header: this thread, and the class of what
 * reads when nobody else does. */
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_IDLE (3 << 13)

#define LOWEST_PRIORITY 19

struct _TeaSqliteCheck
{
  TeaSqliteConnection *db; /* (owned) (nullable) */
  TeaSqliteInbox *inbox;   /* (unowned) */
  TeaSqliteCheckFunc done;
  gpointer user_data;
  GThread *thread;
  gint is_freed; /* (atomic) */
};

typedef struct
{
  TeaSqliteJob parent;

  TeaSqliteCheckFunc done;
  gpointer user_data;
} Report;

static void
finish_report (TeaSqliteJob *job)
{
  Report *self = (Report *) job;

  self->done (self->user_data);
  tea_sqlite_job_free (job);
}

static const TeaSqliteJobClass report_class = {
  .size = sizeof (Report),
  .finish = finish_report,
};

/**
 * tea_sqlite_check_run:
 * @db: a connection
 * @error: return location for a #GError
 *
 * Goes over all of a database: is every page what its place says, and what is in it?
 *
 * Returns: (transfer full) (nullable): the first finding; %NULL where all is well, or with
 *   @error where that could not be found out
 */
char *
tea_sqlite_check_run (TeaSqliteConnection *db, GError **error)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, "PRAGMA quick_check (1)");
  g_autofree char *finding = NULL;

  if (sqlite3_step (statement) != SQLITE_ROW)
    {
      if (tea_sqlite_connection_is_damaged (db))
        return g_strdup (sqlite3_errmsg (tea_sqlite_connection_get_handle (db)));

      tea_sqlite_connection_set_error (db, error);
      return NULL;
    }

  finding = g_strdup (tea_sqlite_column_text (statement, 0));
  sqlite3_reset (statement);

  return g_strcmp0 (finding, "ok") != 0 ? g_steal_pointer (&finding) : NULL;
}

static gpointer
work (gpointer user_data)
{
  TeaSqliteCheck *self = user_data;
  g_autoptr (GPtrArray) reports = g_ptr_array_new ();
  g_autofree char *finding = NULL;
  Report *report = NULL;

  setpriority (PRIO_PROCESS, 0, LOWEST_PRIORITY);
  syscall (SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);

  finding = tea_sqlite_check_run (self->db, NULL);
  if (g_atomic_int_get (&self->is_freed))
    return NULL;

  report = tea_sqlite_job_new (&report_class, NULL);
  report->done = self->done;
  report->user_data = self->user_data;
  if (finding != NULL)
    report->parent.damage = g_strdup_printf (
        _ ("The database is damaged: %s. What cannot be read is left out, everything else goes on. "
           "Restore it from a backup."),
        finding);
  g_ptr_array_add (reports, report);
  tea_sqlite_inbox_put (self->inbox, reports, NULL);

  return NULL;
}

/**
 * tea_sqlite_check_new:
 * @path: a database that is open for writing already
 * @inbox: where to report what is damaged
 * @done: what to call when all was gone over
 * @user_data: for @done; outlives the inbox
 *
 * Begins to go over a database.
 *
 * Returns: (transfer full): what does it
 */
TeaSqliteCheck *
tea_sqlite_check_new (const char *path,
                      TeaSqliteInbox *inbox,
                      TeaSqliteCheckFunc done,
                      gpointer user_data)
{
  TeaSqliteCheck *self = g_new0 (TeaSqliteCheck, 1);

  self->inbox = inbox;
  self->done = done;
  self->user_data = user_data;
  self->db = tea_sqlite_database_open_reader (path, NULL);
  if (self->db != NULL)
    self->thread = g_thread_new ("tea-check", work, self);

  return self;
}

/**
 * tea_sqlite_check_free:
 * @self: (transfer full): a check
 *
 * Breaks it off if it is not over.
 */
void
tea_sqlite_check_free (TeaSqliteCheck *self)
{
  if (self->thread != NULL)
    {
      g_atomic_int_set (&self->is_freed, TRUE);
      sqlite3_interrupt (tea_sqlite_connection_get_handle (self->db));
      g_thread_join (self->thread);
    }
  g_clear_pointer (&self->db, tea_sqlite_connection_free);
  g_free (self);
}
