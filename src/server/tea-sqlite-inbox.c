/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-inbox.h"

struct _TeaSqliteInbox
{
  GSource *source; /* (owned) */

  GMutex mutex;    /* for what follows */
  GPtrArray *jobs; /* (owned) (element-type TeaSqliteJob) */
  TeaSqliteStatus status;
  gboolean has_status; /* a writer has put one */
};

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
  g_free (self->status.problem);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * tea_sqlite_inbox_put:
 * @self: an inbox
 * @jobs: (element-type TeaSqliteJob): what was done; it is empty afterwards
 * @status: (nullable): how writing goes now, for who knows
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
      g_free (self->status.problem);
      self->status = *status;
      self->status.problem = g_strdup (status->problem);
      self->has_status = TRUE;
    }
  g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->mutex);
}

/**
 * tea_sqlite_inbox_take:
 * @self: an inbox
 * @status: (inout): how writing went after the last of them
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
    {
      g_free (status->problem);
      *status = self->status;
      status->problem = g_strdup (self->status.problem);
    }
  g_mutex_unlock (&self->mutex);

  return jobs;
}
