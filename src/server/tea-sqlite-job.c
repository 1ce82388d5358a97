/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-job.h"

/**
 * tea_sqlite_job_new:
 * @klass: what to do
 * @task: (transfer full) (nullable): whose question it is
 *
 * Each holds the other until the job is done and who has it takes the task: what a thread
 * has is not gone before that, and what came of it is there for who finishes the task.
 *
 * Returns: (transfer full): a job; (transfer none) with a @task
 */
gpointer
tea_sqlite_job_new (const TeaSqliteJobClass *klass, GTask *task)
{
  TeaSqliteJob *self = g_malloc0 (klass->size);

  self->klass = klass;
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
  if (self->klass->clear != NULL)
    self->klass->clear (self);
  g_clear_error (&self->error);
  g_free (self->damage);
  g_free (self);
}

/**
 * tea_sqlite_job_come_back:
 * @self: (transfer full): a job that is done
 *
 * Gives it to whom it belongs, in the thread of whoever has asked.
 */
void
tea_sqlite_job_come_back (TeaSqliteJob *self)
{
  if (self->klass->finish != NULL)
    self->klass->finish (self);
  else
    tea_sqlite_job_answer (self);
}

/**
 * tea_sqlite_job_answer:
 * @self: (transfer full): a job that is done
 *
 * Answers the question that it was, if any.
 */
void
tea_sqlite_job_answer (TeaSqliteJob *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task == NULL)
    tea_sqlite_job_free (self);
  else if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}
