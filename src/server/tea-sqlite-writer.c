/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-writer.h"

#include <glib/gi18n-lib.h>

#include "tea-log.h"
#include "tea-name.h"
#include "tea-roll-store.h"
#include "tea-sqlite-retention.h"
#include "tea-sqlite-transfer.h"

/* How many jobs share a transaction: enough that the disk is not what holds them up, few
 * enough that the first does not wait for long. */
#define MAX_BATCH 1024

enum
{
  FIND_AUTHOR,
  ADD_AUTHOR,
  MOVE_AUTHOR,
  FIND_RECORD,
  ADD_RECORD,
  ERASE,
  KEEP_NAME,
  FORGET_NAME,
  SET_AS_OF,
  PROBE,
  RENEW_EPOCH,
  STATUS,
  N_STATEMENTS
};

static const char *const statements[] = {
  [FIND_AUTHOR] = "SELECT id, number, seq FROM author WHERE name = ?1",
  [ADD_AUTHOR] = "INSERT INTO author (name, number, seq, time) VALUES (?1, ?2, ?3, ?4)",
  [MOVE_AUTHOR] = "UPDATE author SET number = ?2, seq = ?3, time = ?4 WHERE id = ?1",
  [FIND_RECORD] = "SELECT seq FROM record WHERE author = ?1 AND number = ?2",
  [ADD_RECORD] = "INSERT INTO record (seq, author, number, time, record)"
                 " VALUES (?1, ?2, ?3, ?4, ?5)",
  [ERASE] = "UPDATE record SET record = NULL WHERE seq = ?1",
  [KEEP_NAME] = "INSERT OR REPLACE INTO roll (folded, name, key, joined, last_used)"
                " VALUES (?1, ?2, ?3, ?4, ?5)",
  [FORGET_NAME] = "DELETE FROM roll WHERE folded = ?1",
  [SET_AS_OF] = "UPDATE room SET roll_as_of = ?1",
  [PROBE] = "UPDATE room SET probed = probed + 1",
  [RENEW_EPOCH] = "UPDATE room SET epoch = max (1, random () & 0x7fffffffffffffff)",
  [STATUS] = "SELECT epoch, coalesce ((SELECT max (seq) FROM record), 0),"
             " coalesce ((SELECT min (seq) FROM record), 1) FROM room",
};

struct _TeaSqliteWriter
{
  sqlite3 *db; /* (unowned) */
  sqlite3_stmt *statements[N_STATEMENTS];
  TeaSqliteInbox *inbox; /* (unowned) */
  GThread *thread;
  GAsyncQueue *queue; /* (owned) (element-type TeaSqliteJob) */

  TeaSqliteStatus status; /* as committed */
  guint64 head;           /* as it will be when the transaction is */

  GQueue unsaved; /* (element-type TeaSqliteJob): changes of the roll that failed so far */

  TeaSqliteRetention *retention; /* (owned) */
};

static sqlite3_stmt *
prepare (TeaSqliteWriter *self, guint index)
{
  sqlite3_reset (self->statements[index]);

  return self->statements[index];
}

/* Runs a statement that answers nothing. */
static gboolean
run (TeaSqliteWriter *self, guint index)
{
  gboolean ok = sqlite3_step (self->statements[index]) == SQLITE_DONE;

  sqlite3_reset (self->statements[index]);
  sqlite3_clear_bindings (self->statements[index]);

  return ok;
}

static gboolean
load_status (TeaSqliteWriter *self)
{
  sqlite3_stmt *statement = prepare (self, STATUS);
  gboolean ok = sqlite3_step (statement) == SQLITE_ROW;

  if (ok)
    {
      self->status.epoch = (guint64) sqlite3_column_int64 (statement, 0);
      self->status.head = (guint64) sqlite3_column_int64 (statement, 1);
      self->status.first = (guint64) sqlite3_column_int64 (statement, 2);
      self->head = self->status.head;
    }
  sqlite3_reset (statement);

  return ok;
}

static gboolean
execute (TeaSqliteWriter *self, const char *sql)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void
roll_back (TeaSqliteWriter *self)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_reset (self->statements[i]);
  if (!sqlite3_get_autocommit (self->db))
    execute (self, "ROLLBACK");
  self->head = self->status.head;
}

/* Where a record is stored: *seq is 0 if it is not. An author who is not known has the id 0,
 * and the number 0 as the latest. */
static gboolean
look_up (TeaSqliteWriter *self, TeaSqliteJob *job, gint64 *author, guint64 *latest, guint64 *seq)
{
  sqlite3_stmt *statement = prepare (self, FIND_AUTHOR);
  int code;

  *author = 0;
  *latest = 0;
  *seq = 0;

  tea_sqlite_bind_bytes (statement, 1, job->author);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *author = sqlite3_column_int64 (statement, 0);
      *latest = (guint64) sqlite3_column_int64 (statement, 1);
      if (job->number == *latest)
        *seq = (guint64) sqlite3_column_int64 (statement, 2);
    }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  if (code != SQLITE_ROW || job->number >= *latest)
    return code == SQLITE_ROW || code == SQLITE_DONE;

  statement = prepare (self, FIND_RECORD);
  sqlite3_bind_int64 (statement, 1, *author);
  sqlite3_bind_int64 (statement, 2, (gint64) job->number);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *seq = (guint64) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
add_record (TeaSqliteWriter *self, TeaSqliteJob *job, gint64 author, guint64 seq)
{
  sqlite3_stmt *statement = NULL;

  if (author == 0)
    {
      statement = prepare (self, ADD_AUTHOR);
      tea_sqlite_bind_bytes (statement, 1, job->author);
    }
  else
    {
      statement = prepare (self, MOVE_AUTHOR);
      sqlite3_bind_int64 (statement, 1, author);
    }
  sqlite3_bind_int64 (statement, 2, (gint64) job->number);
  sqlite3_bind_int64 (statement, 3, (gint64) seq);
  sqlite3_bind_int64 (statement, 4, job->time);
  if (!run (self, author == 0 ? ADD_AUTHOR : MOVE_AUTHOR))
    return FALSE;

  statement = prepare (self, ADD_RECORD);
  sqlite3_bind_int64 (statement, 1, (gint64) seq);
  sqlite3_bind_int64 (statement, 2, author != 0 ? author : sqlite3_last_insert_rowid (self->db));
  sqlite3_bind_int64 (statement, 3, (gint64) job->number);
  sqlite3_bind_int64 (statement, 4, job->time);
  tea_sqlite_bind_bytes (statement, 5, job->record);

  return run (self, ADD_RECORD);
}

static gboolean
append (TeaSqliteWriter *self, TeaSqliteJob *job)
{
  gint64 author = 0;
  guint64 latest = 0;

  if (!look_up (self, job, &author, &latest, &job->seq))
    return FALSE;

  job->was_there = job->seq != 0;
  if (job->was_there)
    return TRUE;

  if (job->number < latest)
    {
      g_set_error_literal (&job->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           _ ("A later message of the same sender is stored already."));
      return TRUE;
    }

  if (!add_record (self, job, author, self->head + 1))
    return FALSE;
  job->seq = ++self->head;

  return TRUE;
}

static gboolean
save (TeaSqliteWriter *self, TeaSqliteJob *job)
{
  for (guint i = 0; job->removed != NULL && job->removed[i] != NULL; i++)
    {
      sqlite3_bind_text (prepare (self, FORGET_NAME), 1, job->removed[i], -1, SQLITE_STATIC);
      if (!run (self, FORGET_NAME))
        return FALSE;
    }

  for (guint i = 0; job->changed != NULL && i < job->changed->len; i++)
    {
      const TeaRollEntry *entry = g_ptr_array_index (job->changed, i);
      g_autofree char *folded = tea_name_fold (entry->name);
      sqlite3_stmt *statement = prepare (self, KEEP_NAME);

      sqlite3_bind_text (statement, 1, folded, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, entry->name, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 3, entry->key, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 4, (gint64) entry->joined);
      sqlite3_bind_int64 (statement, 5, entry->last_used);
      if (!run (self, KEEP_NAME))
        return FALSE;
    }

  sqlite3_bind_int64 (prepare (self, SET_AS_OF), 1, (gint64) job->seq);

  return run (self, SET_AS_OF);
}

static gboolean
apply (TeaSqliteWriter *self, TeaSqliteJob *job)
{
  switch ((int) job->kind)
    {
    case TEA_SQLITE_APPEND:
      return append (self, job);

    case TEA_SQLITE_ERASE:
      sqlite3_bind_int64 (prepare (self, ERASE), 1, (gint64) MIN (job->seq, G_MAXINT64));
      return run (self, ERASE);

    case TEA_SQLITE_SAVE:
      return save (self, job);

    case TEA_SQLITE_PROBE:
      prepare (self, PROBE);
      return run (self, PROBE);

    case TEA_SQLITE_RETAIN:
      tea_sqlite_retention_set (self->retention, job->now, job->time, job->number);
      return TRUE;

    case TEA_SQLITE_RENEW_EPOCH:
      prepare (self, RENEW_EPOCH);
      return run (self, RENEW_EPOCH);

    case TEA_SQLITE_IMPORT:
      return tea_sqlite_import (self->db, job->stream, &job->error);

    default:
      g_assert_not_reached ();
    }
}

/* Once a transaction has failed: what was stored before it still is. Of the rest one can
 * say that it is not, unless it may have reached the disk and only the news of that has
 * not. */
static void
settle (TeaSqliteWriter *self, TeaSqliteJob *job, const GError *reason, gboolean surely_not)
{
  gint64 author = 0;
  guint64 latest = 0;

  job->was_there = FALSE;
  if (job->kind == TEA_SQLITE_APPEND)
    {
      g_clear_error (&job->error);
      surely_not = look_up (self, job, &author, &latest, &job->seq) && surely_not;
      job->was_there = job->seq != 0;
    }
  if (job->was_there || job->error != NULL)
    return;

  job->error = g_error_new_literal (TEA_LOG_ERROR,
                                    surely_not ? TEA_LOG_ERROR_UNAVAILABLE : TEA_LOG_ERROR_UNKNOWN,
                                    reason->message);
}

static gboolean
begin_and_apply (TeaSqliteWriter *self, GPtrArray *jobs)
{
  if (!execute (self, "BEGIN IMMEDIATE"))
    return FALSE;

  for (GList *l = self->unsaved.head; l != NULL; l = l->next)
    if (!save (self, l->data))
      return FALSE;

  for (guint i = 0; i < jobs->len; i++)
    if (!apply (self, g_ptr_array_index (jobs, i)))
      return FALSE;

  return TRUE;
}

/* Whether a failed commit cannot have reached the disk. The record that completes a
 * transaction is the last that is written to the write-ahead log: where a write fails,
 * it is not there. Only after it comes the sync, whose failure leaves us in the dark. */
static gboolean
is_surely_rolled_back (TeaSqliteWriter *self)
{
  int code = sqlite3_extended_errcode (self->db);

  return (code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_BUSY || code == SQLITE_IOERR_WRITE;
}

/* Changes of the roll are ours to keep until they are on the disk. */
static void
keep_unsaved (TeaSqliteWriter *self, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len;)
    {
      TeaSqliteJob *job = g_ptr_array_index (jobs, i);

      if (job->kind == TEA_SQLITE_SAVE)
        g_queue_push_tail (&self->unsaved, g_ptr_array_steal_index (jobs, i));
      else
        i++;
    }
}

/* Whether a job has a transaction of its own: after it the numbers do not go on as before. */
static gboolean
is_alone (TeaSqliteJob *job)
{
  return job->kind == TEA_SQLITE_IMPORT || job->kind == TEA_SQLITE_RENEW_EPOCH;
}

static void
do_jobs (TeaSqliteWriter *self, GPtrArray *jobs)
{
  g_autoptr (GError) error = NULL;
  int n_changes = sqlite3_total_changes (self->db);
  TeaSqliteJob *first = g_ptr_array_index (jobs, 0);
  gboolean surely_not = TRUE;
  gboolean ok = begin_and_apply (self, jobs);

  if (ok)
    {
      ok = execute (self, "COMMIT");
      surely_not = ok || is_surely_rolled_back (self);
    }

  if (ok)
    {
      /* Only who has written knows that one can. */
      if (sqlite3_total_changes (self->db) != n_changes)
        self->status.works = TRUE;
      self->status.head = self->head;
      g_queue_clear_full (&self->unsaved, (GDestroyNotify) tea_sqlite_job_free);
      if (is_alone (first))
        load_status (self);
    }
  else
    {
      tea_sqlite_set_error (self->db, &error);
      roll_back (self);
      /* What is wrong with a stream is not the disk's fault. */
      if (first->kind != TEA_SQLITE_IMPORT || first->error == NULL)
        self->status.works = FALSE;
      for (guint i = 0; i < jobs->len; i++)
        settle (self, g_ptr_array_index (jobs, i), error, surely_not);
      keep_unsaved (self, jobs);
    }

  tea_sqlite_inbox_put (self->inbox, jobs, &self->status);
}

/* Removes a few of the oldest. */
static void
remove_some (TeaSqliteWriter *self)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  tea_sqlite_retention_remove_some (self->retention, self->status.head);
  load_status (self);
  tea_sqlite_inbox_put (self->inbox, nothing, &self->status);
}

/* Takes what can share a transaction of what waits. */
static gboolean
collect (TeaSqliteWriter *self, GPtrArray *jobs, TeaSqliteJob **kept_back)
{
  TeaSqliteJob *job = g_steal_pointer (kept_back);

  if (job == NULL)
    job = tea_sqlite_retention_is_due (self->retention) ? g_async_queue_try_pop (self->queue)
                                                        : g_async_queue_pop (self->queue);

  for (; job != NULL; job = g_async_queue_try_pop (self->queue))
    {
      if (job->kind == TEA_SQLITE_END || (is_alone (job) && jobs->len > 0))
        {
          *kept_back = job;
          break;
        }
      g_ptr_array_add (jobs, job);
      if (is_alone (job) || jobs->len == MAX_BATCH)
        break;
    }

  return *kept_back == NULL || (*kept_back)->kind != TEA_SQLITE_END;
}

static gpointer
work (gpointer user_data)
{
  TeaSqliteWriter *self = user_data;
  TeaSqliteJob *kept_back = NULL;
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

      goes_on = collect (self, jobs, &kept_back);
      if (jobs->len > 0)
        do_jobs (self, jobs);

      tea_sqlite_retention_note_status (self->retention, &self->status);
      if (goes_on && tea_sqlite_retention_is_due (self->retention))
        remove_some (self);
    }
  tea_sqlite_job_free (kept_back);

  return NULL;
}

/**
 * tea_sqlite_writer_new:
 * @db: a connection that can write; the writer's alone until it is freed
 * @inbox: where to put what is done
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a writer that has not begun, or %NULL
 */
TeaSqliteWriter *
tea_sqlite_writer_new (sqlite3 *db, TeaSqliteInbox *inbox, GError **error)
{
  TeaSqliteWriter *self = g_new0 (TeaSqliteWriter, 1);
  gboolean ok = TRUE;

  self->db = db;
  self->inbox = inbox;
  self->queue = g_async_queue_new ();
  self->status.works = TRUE;
  g_queue_init (&self->unsaved);

  for (guint i = 0; i < N_STATEMENTS && ok; i++)
    {
      self->statements[i] = tea_sqlite_prepare (db, statements[i], error);
      ok = self->statements[i] != NULL;
    }

  if (ok)
    {
      self->retention = tea_sqlite_retention_new (db, error);
      ok = self->retention != NULL;
    }
  if (ok && !load_status (self))
    {
      tea_sqlite_set_error (db, error);
      ok = FALSE;
    }
  if (!ok)
    g_clear_pointer (&self, tea_sqlite_writer_free);

  return self;
}

/**
 * tea_sqlite_writer_free:
 * @self: (transfer full): a writer
 *
 * Waits until all is written, and frees a writer.
 */
void
tea_sqlite_writer_free (TeaSqliteWriter *self)
{
  if (self->thread != NULL)
    {
      tea_sqlite_writer_push (self, tea_sqlite_job_new (TEA_SQLITE_END, NULL));
      g_thread_join (self->thread);
    }
  if (!g_queue_is_empty (&self->unsaved))
    g_warning ("The latest changes of the roll of names could not be written");

  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (self->statements[i]);
  g_clear_pointer (&self->retention, tea_sqlite_retention_free);
  g_queue_clear_full (&self->unsaved, (GDestroyNotify) tea_sqlite_job_free);
  g_async_queue_unref (self->queue);
  g_free (self);
}

/**
 * tea_sqlite_writer_start:
 * @self: a writer that has not begun
 *
 * Starts the thread.
 *
 * Returns: how the database was before; later it tells by the inbox
 */
TeaSqliteStatus
tea_sqlite_writer_start (TeaSqliteWriter *self)
{
  TeaSqliteStatus status = self->status;

  self->thread = g_thread_new ("tea-writer", work, self);

  return status;
}

/**
 * tea_sqlite_writer_push:
 * @self: a writer that has begun
 * @job: (transfer full): what to do, after all that was pushed before
 *
 * Gives the writer something to do.
 */
void
tea_sqlite_writer_push (TeaSqliteWriter *self, TeaSqliteJob *job)
{
  g_async_queue_push (self->queue, job);
}
