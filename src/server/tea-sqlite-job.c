/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-job.h"

struct _TeaSqliteInbox
{
  GSource *source; /* (owned) */

  GMutex mutex;    /* for what follows */
  GPtrArray *jobs; /* (owned) (element-type TeaSqliteJob) */
  TeaSqliteStatus status;
  gboolean has_status; /* a writer has put one */
};

/**
 * tea_sqlite_job_new:
 * @kind: what to do
 * @task: (transfer full) (nullable): whose question it is
 *
 * Each holds the other until the job is done and who has it takes the task: what a thread
 * has is not gone before that, and what came of it is there for who finishes the task.
 *
 * Returns: (transfer full): a job; (transfer none) with a @task
 */
TeaSqliteJob *
tea_sqlite_job_new (TeaSqliteJobKind kind, GTask *task)
{
  TeaSqliteJob *self = g_new0 (TeaSqliteJob, 1);

  self->kind = kind;
  self->task = task;
  if (task != NULL)
    g_task_set_task_data (task, self, (GDestroyNotify) tea_sqlite_job_free);

  return self;
}

/**
 * tea_sqlite_job_free:
 * @self: (transfer full): a job
 *
 * Frees a job that has no task.
 */
void
tea_sqlite_job_free (TeaSqliteJob *self)
{
  g_clear_pointer (&self->author, g_bytes_unref);
  g_clear_pointer (&self->record, g_bytes_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->removed, g_strfreev);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_free (self);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

/**
 * tea_sqlite_inbox_new:
 * @callback: called in the thread-default main context when there is something in it
 * @user_data: for @callback
 *
 * Returns: (transfer full): an empty inbox
 */
TeaSqliteInbox *
tea_sqlite_inbox_new (GSourceFunc callback, gpointer user_data)
{
  TeaSqliteInbox *self = g_new0 (TeaSqliteInbox, 1);

  g_mutex_init (&self->mutex);
  self->jobs = g_ptr_array_new ();
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "TeaSqliteInbox");
  g_source_set_callback (self->source, callback, user_data, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return self;
}

/**
 * tea_sqlite_inbox_free:
 * @self: (transfer full): an inbox that no thread uses any more, nor any task
 *
 * Frees an inbox.
 */
void
tea_sqlite_inbox_free (TeaSqliteInbox *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_set_free_func (self->jobs, (GDestroyNotify) tea_sqlite_job_free);
  g_ptr_array_unref (self->jobs);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * tea_sqlite_inbox_put:
 * @self: an inbox
 * @jobs: (element-type TeaSqliteJob): what was done; it is empty afterwards
 * @status: (nullable): how the database is now, for who knows
 *
 * Gives jobs back. May be called in any thread.
 */
void
tea_sqlite_inbox_put (TeaSqliteInbox *self, GPtrArray *jobs, const TeaSqliteStatus *status)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_extend_and_steal (self->jobs, g_ptr_array_ref (jobs));
  if (status != NULL)
    {
      self->status = *status;
      self->has_status = TRUE;
    }
  g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->mutex);
}

/**
 * tea_sqlite_inbox_take:
 * @self: an inbox
 * @status: (out): how the database was after the last of them
 *
 * Returns: (transfer container) (element-type TeaSqliteJob): all that is in it
 */
GPtrArray *
tea_sqlite_inbox_take (TeaSqliteInbox *self, TeaSqliteStatus *status)
{
  GPtrArray *jobs = g_ptr_array_new ();

  g_mutex_lock (&self->mutex);
  g_ptr_array_extend_and_steal (jobs, g_ptr_array_ref (self->jobs));
  if (self->has_status)
    *status = self->status;
  g_mutex_unlock (&self->mutex);

  return jobs;
}
