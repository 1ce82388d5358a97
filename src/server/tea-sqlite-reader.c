/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-reader.h"

#include <glib/gi18n-lib.h>

#include "tea-log.h"
#include "tea-roll-store.h"

enum
{
  FIND_AUTHOR,
  FIRST,
  READ,
  AS_OF,
  LOAD,
  N_STATEMENTS
};

static const char *const statements[] = {
  [FIND_AUTHOR] = "SELECT number, seq FROM author WHERE name = ?1",
  [FIRST] = "SELECT coalesce (min (seq), 1) FROM record",
  [READ] = ("SELECT seq, record FROM record"
            " WHERE seq BETWEEN ?1 AND ?2 AND record IS NOT NULL ORDER BY seq"),
  [AS_OF] = "SELECT roll_as_of FROM room",
  [LOAD] = "SELECT name, key, joined, last_used FROM roll",
};

struct _TeaSqliteReader
{
  sqlite3 *db; /* (owned) */
  sqlite3_stmt *statements[N_STATEMENTS];
  TeaSqliteInbox *inbox; /* (unowned) */
  GThreadPool *pool;     /* (owned): of one thread */
};

static gboolean
find_author (TeaSqliteReader *self, TeaSqliteJob *job)
{
  sqlite3_stmt *statement = self->statements[FIND_AUTHOR];
  int code;

  job->number = 0;
  job->seq = 0;

  tea_sqlite_bind_bytes (statement, 1, job->author);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      job->number = (guint64) sqlite3_column_int64 (statement, 0);
      job->seq = (guint64) sqlite3_column_int64 (statement, 1);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
check_first (TeaSqliteReader *self, TeaSqliteJob *job)
{
  sqlite3_stmt *statement = self->statements[FIRST];
  guint64 first;

  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  first = (guint64) sqlite3_column_int64 (statement, 0);
  if (job->seq < first)
    {
      job->seq = first;
      g_set_error_literal (&job->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED,
                           _ ("What is older is not kept any more."));
    }

  return TRUE;
}

static gboolean
read_records (TeaSqliteReader *self, TeaSqliteJob *job)
{
  sqlite3_stmt *statement = self->statements[READ];
  gsize n_bytes = 0;
  int code;

  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_log_entry_free);

  sqlite3_bind_int64 (statement, 1, (gint64) MIN (job->seq, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, (gint64) job->head);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      guint64 seq = (guint64) sqlite3_column_int64 (statement, 0);
      g_autoptr (GBytes) record = NULL;

      n_bytes += (gsize) sqlite3_column_bytes (statement, 1);
      if (job->found->len > 0 && (job->found->len >= job->max_records || n_bytes > job->max_bytes))
        return TRUE;

      record = tea_sqlite_column_bytes (statement, 1);
      g_ptr_array_add (job->found, tea_log_entry_new (seq, record));
      job->seq = seq + 1;
    }

  job->reached_head = code == SQLITE_DONE;
  job->seq = MAX (job->seq, job->head + 1);

  return code == SQLITE_DONE;
}

static gboolean
read_log (TeaSqliteReader *self, TeaSqliteJob *job)
{
  return check_first (self, job) && (job->error != NULL || read_records (self, job));
}

static gboolean
load_roll (TeaSqliteReader *self, TeaSqliteJob *job)
{
  sqlite3_stmt *statement = self->statements[LOAD];
  int code;

  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_roll_entry_free);

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (job->found,
                     tea_roll_entry_new ((const char *) sqlite3_column_text (statement, 0),
                                         (const char *) sqlite3_column_text (statement, 1),
                                         (guint64) sqlite3_column_int64 (statement, 2),
                                         sqlite3_column_int64 (statement, 3)));
  if (code != SQLITE_DONE)
    return FALSE;

  statement = self->statements[AS_OF];
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    job->seq = (guint64) sqlite3_column_int64 (statement, 0);

  return code == SQLITE_ROW;
}

static gboolean
do_job (TeaSqliteReader *self, TeaSqliteJob *job)
{
  if (job->kind == TEA_SQLITE_FIND)
    return find_author (self, job);
  if (job->kind == TEA_SQLITE_READ)
    return read_log (self, job);

  return load_roll (self, job);
}

/* Each job sees the database as it is at one moment. */
static void
work (gpointer data, gpointer user_data)
{
  TeaSqliteReader *self = user_data;
  TeaSqliteJob *job = data;
  g_autoptr (GPtrArray) done = g_ptr_array_new ();

  if (sqlite3_exec (self->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK || !do_job (self, job))
    tea_sqlite_set_error (self->db, &job->error);

  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      sqlite3_reset (self->statements[i]);
      sqlite3_clear_bindings (self->statements[i]);
    }
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL);

  g_ptr_array_add (done, job);
  tea_sqlite_inbox_put (self->inbox, done, NULL);
}

/**
 * tea_sqlite_reader_new:
 * @path: a database that is open for writing already
 * @inbox: where to put what is done
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a reader, or %NULL
 */
TeaSqliteReader *
tea_sqlite_reader_new (const char *path, TeaSqliteInbox *inbox, GError **error)
{
  TeaSqliteReader *self = g_new0 (TeaSqliteReader, 1);
  gboolean ok;

  self->inbox = inbox;
  self->db = tea_sqlite_open_reader (path, error);
  ok = self->db != NULL;
  for (guint i = 0; i < N_STATEMENTS && ok; i++)
    {
      self->statements[i] = tea_sqlite_prepare (self->db, statements[i], error);
      ok = self->statements[i] != NULL;
    }

  self->pool = ok ? g_thread_pool_new (work, self, 1, TRUE, error) : NULL;
  if (self->pool == NULL)
    g_clear_pointer (&self, tea_sqlite_reader_free);

  return self;
}

/**
 * tea_sqlite_reader_free:
 * @self: (transfer full): a reader
 *
 * Waits until all is read, and frees a reader.
 */
void
tea_sqlite_reader_free (TeaSqliteReader *self)
{
  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (self->statements[i]);
  sqlite3_close (self->db);
  g_free (self);
}

/**
 * tea_sqlite_reader_push:
 * @self: a reader
 * @job: (transfer full): what to read
 *
 * Gives the reader something to do.
 */
void
tea_sqlite_reader_push (TeaSqliteReader *self, TeaSqliteJob *job)
{
  g_thread_pool_push (self->pool, job, NULL);
}
