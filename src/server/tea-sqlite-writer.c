/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-writer.h"

#include "tea-log.h"
#include "tea-sqlite-upkeep.h"

/* How many jobs share a transaction: enough that the disk is not what holds them up, few
 * enough that the first does not wait for long. */
#define MAX_BATCH 1024

struct _TeaSqliteWriter
{
  TeaSqliteConnection *db; /* (unowned) */
  TeaSqliteInbox *inbox;   /* (unowned) */
  GThread *thread;
  GAsyncQueue *queue; /* (owned) (element-type TeaSqliteJob) */

  TeaSqliteStatus status;
  GQueue unsaved; /* (element-type TeaSqliteJob): what is kept and failed so far */

  TeaSqliteRetention *retention; /* (owned) */
  TeaSqliteUpkeep *upkeep;       /* (owned) */
};

typedef struct
{
  TeaSqliteJob parent;

  TeaSqliteWriter *writer; /* (unowned) */
  guint64 today;
  guint max_days;
  guint64 max_records;
} RetentionJob;

static gboolean
run_retention (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RetentionJob *self = (RetentionJob *) job;

  tea_sqlite_retention_begin (self->writer->retention, self->today, self->max_days,
                              self->max_records);
  /* What could not be indexed then may be now. */
  tea_sqlite_upkeep_begin_indexing (self->writer->upkeep);

  return TRUE;
}

static const TeaSqliteJobClass retention_class = {
  .size = sizeof (RetentionJob),
  .run = run_retention,
};

static gboolean
run_clearing (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  tea_sqlite_upkeep_begin_clearing (((RetentionJob *) job)->writer->upkeep);

  return TRUE;
}

static const TeaSqliteJobClass clearing_class = {
  .size = sizeof (RetentionJob),
  .run = run_clearing,
};

/* What tells the thread to stop. */
static const TeaSqliteJobClass end_class = { .size = sizeof (TeaSqliteJob) };

/* Once a transaction has failed: what was stored before it still is. Of the rest one can
 * say that it is not, unless it may have reached the disk and only the news of that has
 * not. */
static void
settle (TeaSqliteWriter *self, TeaSqliteJob *job, const GError *reason, gboolean surely_not)
{
  /* What is wrong with what is imported is known already. */
  if (job->klass->is_alone && job->error != NULL)
    return;

  g_clear_error (&job->error);
  job->error = g_error_new_literal (TEA_LOG_ERROR,
                                    surely_not ? TEA_LOG_ERROR_UNAVAILABLE : TEA_LOG_ERROR_UNKNOWN,
                                    reason->message);
  if (job->klass->look_up != NULL && !job->klass->look_up (job, self->db))
    job->error->code = TEA_LOG_ERROR_UNKNOWN;
}

/* Whether all of it is done; the culprit is what has failed, if it is the work of one. */
static gboolean
begin_and_run (TeaSqliteWriter *self, GPtrArray *jobs, TeaSqliteJob **culprit)
{
  if (!tea_sqlite_connection_begin (self->db))
    return FALSE;

  for (GList *l = self->unsaved.head; l != NULL; l = l->next)
    {
      *culprit = l->data;
      if (!(*culprit)->klass->run (*culprit, self->db))
        return FALSE;
    }

  for (guint i = 0; i < jobs->len; i++)
    {
      *culprit = g_ptr_array_index (jobs, i);
      g_clear_error (&(*culprit)->error);
      if (!(*culprit)->klass->run (*culprit, self->db))
        return FALSE;
    }
  *culprit = NULL;

  return TRUE;
}

/* Whether a failed commit cannot have reached the disk. The record that completes a
 * transaction is the last that is written to the write-ahead log: where a write fails,
 * it is not there. Only after it comes the sync, whose failure leaves us in the dark. */
static gboolean
is_surely_rolled_back (TeaSqliteWriter *self)
{
  int code = sqlite3_extended_errcode (tea_sqlite_connection_get_handle (self->db));

  return (code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_BUSY || code == SQLITE_IOERR_WRITE;
}

/* What is kept is ours until it is on the disk. */
static void
keep_unsaved (TeaSqliteWriter *self, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len;)
    {
      TeaSqliteJob *job = g_ptr_array_index (jobs, i);

      if (job->klass->is_kept)
        {
          g_clear_error (&job->error);
          g_queue_push_tail (&self->unsaved, g_ptr_array_steal_index (jobs, i));
        }
      else
        i++;
    }
}

static void
count_saved (TeaSqliteWriter *self, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    self->status.n_saved += ((TeaSqliteJob *) g_ptr_array_index (jobs, i))->klass->is_kept;
}

static void
note_success (TeaSqliteWriter *self, GPtrArray *jobs)
{
  g_queue_clear_full (&self->unsaved, (GDestroyNotify) tea_sqlite_job_free);
  for (guint i = 0; i < jobs->len; i++)
    {
      TeaSqliteJob *job = g_ptr_array_index (jobs, i);

      if (job->klass->is_append && job->error == NULL)
        tea_sqlite_retention_note_append (self->retention, job->room);
      if (job->klass->is_alone)
        tea_sqlite_upkeep_begin_indexing (self->upkeep);
    }
  self->status.has_erased = tea_sqlite_upkeep_has_erased (self->upkeep);
}

static void
note_failure (TeaSqliteWriter *self, GPtrArray *jobs, const GError *error, gboolean surely_not)
{
  TeaSqliteJob *first = jobs->len > 0 ? g_ptr_array_index (jobs, 0) : NULL;

  /* What is wrong with a stream is not the disk's fault. */
  if (first == NULL || !first->klass->is_alone || first->error == NULL)
    {
      self->status.works = FALSE;
      g_free (self->status.problem);
      self->status.problem = g_strdup (error->message);
    }
  for (guint i = 0; i < jobs->len; i++)
    settle (self, g_ptr_array_index (jobs, i), error, surely_not);
  keep_unsaved (self, jobs);
}

/* Where only one job meets what is damaged, the others go on without it. */
static void
put_aside (TeaSqliteWriter *self,
           GPtrArray *jobs,
           TeaSqliteJob *culprit,
           const GError *error,
           GPtrArray *failed)
{
  if (culprit->damage == NULL)
    culprit->damage = g_strdup (error->message);
  if (!g_queue_remove (&self->unsaved, culprit))
    {
      g_ptr_array_remove (jobs, culprit);
      settle (self, culprit, error, TRUE);
      /* Asking again would not help. */
      if (g_error_matches (culprit->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN))
        culprit->error->code = TEA_LOG_ERROR_UNAVAILABLE;
    }
  g_ptr_array_add (failed, culprit);
}

static void
do_jobs (TeaSqliteWriter *self, GPtrArray *jobs)
{
  sqlite3 *db = tea_sqlite_connection_get_handle (self->db);
  g_autoptr (GPtrArray) failed = g_ptr_array_new ();

  count_saved (self, jobs);
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      int n_changes = sqlite3_total_changes (db);
      gint64 begun = g_get_monotonic_time ();
      TeaSqliteJob *culprit = NULL;
      gboolean surely_not = TRUE;

      if (begin_and_run (self, jobs, &culprit))
        {
          if (tea_sqlite_connection_execute (self->db, "COMMIT"))
            {
              /* Only who has written knows that one can. */
              if (sqlite3_total_changes (db) != n_changes)
                {
                  self->status.works = TRUE;
                  tea_store_load_note_commit (&self->status.load, g_get_monotonic_time () - begun);
                  g_clear_pointer (&self->status.problem, g_free);
                }
              note_success (self, jobs);
              break;
            }
          surely_not = is_surely_rolled_back (self);
        }

      tea_sqlite_connection_set_error (self->db, &error);
      if (culprit != NULL && tea_sqlite_connection_is_damaged (self->db))
        {
          tea_sqlite_connection_roll_back (self->db);
          put_aside (self, jobs, culprit, error, failed);
          continue;
        }

      tea_sqlite_connection_roll_back (self->db);
      note_failure (self, jobs, error, surely_not);
      break;
    }

  g_ptr_array_extend_and_steal (jobs, g_steal_pointer (&failed));
  tea_sqlite_inbox_put (self->inbox, jobs, &self->status);
}

static gboolean
is_anything_due (TeaSqliteWriter *self)
{
  return tea_sqlite_retention_is_due (self->retention) || tea_sqlite_upkeep_is_due (self->upkeep);
}

/* Does a little of what nobody has asked for, and says so where that changes anything. */
static void
do_some (TeaSqliteWriter *self)
{
  gboolean has_erased = FALSE;

  if (tea_sqlite_retention_is_due (self->retention))
    tea_sqlite_retention_remove_some (self->retention);
  else
    tea_sqlite_upkeep_do_some (self->upkeep);

  if (tea_sqlite_upkeep_is_due (self->upkeep))
    return;

  has_erased = tea_sqlite_upkeep_has_erased (self->upkeep);
  if (has_erased || self->status.has_erased)
    {
      g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

      self->status.has_erased = has_erased;
      tea_sqlite_inbox_put (self->inbox, nothing, &self->status);
    }
}

/* Takes what can share a transaction of what waits. */
static gboolean
collect (TeaSqliteWriter *self, GPtrArray *jobs, TeaSqliteJob **kept_back)
{
  TeaSqliteJob *job = g_steal_pointer (kept_back);

  if (job == NULL)
    job = is_anything_due (self) ? g_async_queue_try_pop (self->queue)
                                 : g_async_queue_pop (self->queue);

  for (; job != NULL; job = g_async_queue_try_pop (self->queue))
    {
      if (job->klass == &end_class || (job->klass->is_alone && jobs->len > 0))
        {
          *kept_back = job;
          break;
        }
      g_ptr_array_add (jobs, job);
      if (job->klass->is_alone || jobs->len == MAX_BATCH)
        break;
    }

  return *kept_back == NULL || (*kept_back)->klass != &end_class;
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
      if (goes_on && is_anything_due (self))
        do_some (self);
    }
  tea_sqlite_job_free (kept_back);

  return NULL;
}

/**
 * tea_sqlite_writer_new:
 * @db: a connection that can write; the writer's alone until it is freed
 * @inbox: where to put what is done
 * @trimmed: what to call, in the writer's thread, when old records were removed
 * @user_data: for @trimmed
 *
 * Returns: (transfer full): a writer that waits for something to do
 */
TeaSqliteWriter *
tea_sqlite_writer_new (TeaSqliteConnection *db,
                       TeaSqliteInbox *inbox,
                       TeaSqliteTrimFunc trimmed,
                       gpointer user_data)
{
  TeaSqliteWriter *self = g_new0 (TeaSqliteWriter, 1);

  self->db = db;
  self->inbox = inbox;
  self->queue = g_async_queue_new ();
  self->status.works = TRUE;
  g_queue_init (&self->unsaved);
  self->retention = tea_sqlite_retention_new (db, trimmed, user_data);
  self->upkeep = tea_sqlite_upkeep_new (db);
  self->thread = g_thread_new ("tea-writer", work, self);

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
  g_async_queue_push (self->queue, tea_sqlite_job_new (&end_class, NULL));
  g_thread_join (self->thread);
  if (!g_queue_is_empty (&self->unsaved))
    g_warning ("The latest changes of names, members and positions could not be written");

  g_clear_pointer (&self->retention, tea_sqlite_retention_free);
  g_clear_pointer (&self->upkeep, tea_sqlite_upkeep_free);
  g_queue_clear_full (&self->unsaved, (GDestroyNotify) tea_sqlite_job_free);
  g_async_queue_unref (self->queue);
  g_free (self->status.problem);
  g_free (self);
}

/**
 * tea_sqlite_writer_push:
 * @self: a writer
 * @job: (transfer full): what to do, after all that was pushed before
 *
 * Gives the writer something to do.
 */
void
tea_sqlite_writer_push (TeaSqliteWriter *self, TeaSqliteJob *job)
{
  g_async_queue_push (self->queue, job);
}

/**
 * tea_sqlite_writer_begin_clearing:
 * @self: a writer
 *
 * Lets it clear all files of what was erased, a little at a time.
 */
void
tea_sqlite_writer_begin_clearing (TeaSqliteWriter *self)
{
  RetentionJob *job = tea_sqlite_job_new (&clearing_class, NULL);

  job->writer = self;
  tea_sqlite_writer_push (self, &job->parent);
}

/**
 * tea_sqlite_writer_begin_retention:
 * @self: a writer
 * @today: which day of the house's life it is; 0 where the clock is in doubt
 * @max_days: how many days records are kept where a room says nothing else; 0 for all
 * @max_records: how many are kept there; 0 for all
 *
 * Lets it look for what is to be removed, a little at a time.
 */
void
tea_sqlite_writer_begin_retention (TeaSqliteWriter *self,
                                   guint64 today,
                                   guint max_days,
                                   guint64 max_records)
{
  RetentionJob *job = tea_sqlite_job_new (&retention_class, NULL);

  job->writer = self;
  job->today = today;
  job->max_days = max_days;
  job->max_records = max_records;
  tea_sqlite_writer_push (self, &job->parent);
}
