/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-log-private.h"

/* How often a failing disk is tried again, and how often the old is looked for. */
#define PROBE_INTERVAL (5 * G_TIME_SPAN_SECOND)
#define RETENTION_INTERVAL (30 * G_TIME_SPAN_SECOND)

/* How much a subscriber is told of the past at a time. */
#define PAGE_RECORDS 256
#define PAGE_BYTES (256 * 1024)

/**
 * TeaSqliteLog:
 *
 * A log in an SQLite database, with the roll of names in the same one. Its numbers have
 * no hole until something is erased. One thread writes, another reads; an append is
 * answered when it is on the disk.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSqliteLog,
                               tea_sqlite_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LOG, _tea_sqlite_log_log_init)
                                   G_IMPLEMENT_INTERFACE (TEA_TYPE_ROLL_STORE,
                                                          _tea_sqlite_log_roll_store_init))

static void
set_state (TeaSqliteLog *self, TeaLogState state)
{
  if (self->state == state)
    return;

  self->state = state;
  if (state == TEA_LOG_DEGRADED)
    tea_timer_set (self->probe_timer, PROBE_INTERVAL);
  else
    tea_timer_unset (self->probe_timer);

  tea_log_emit_state_changed (TEA_LOG (self));
}

static void
probe_cb (gpointer user_data)
{
  TeaSqliteLog *self = user_data;

  tea_sqlite_writer_push (self->writer, tea_sqlite_job_new (TEA_SQLITE_PROBE, NULL));
  tea_timer_set (self->probe_timer, PROBE_INTERVAL);
}

static void
retention_cb (gpointer user_data)
{
  TeaSqliteLog *self = user_data;
  TeaSqliteJob *job = tea_sqlite_job_new (TEA_SQLITE_RETAIN, NULL);

  job->number = self->max_records;
  job->now = tea_clock_get_real_time (self->clock);
  job->time = self->max_age > 0 ? job->now - self->max_age : G_MININT64;
  tea_sqlite_writer_push (self->writer, job);

  if (self->max_age > 0 || self->max_records > 0)
    tea_timer_set (self->retention_timer, RETENTION_INTERVAL);
}

/* Goes on telling of what is there already, unless that is under way. */
void
_tea_sqlite_log_read_for_subscriber (TeaSqliteLog *self)
{
  TeaSqliteJob *job = NULL;

  if (self->reader == NULL || self->is_reading || self->next == 0 || self->next > self->status.head)
    return;

  self->next = MAX (self->next, self->status.first);
  self->is_reading = TRUE;
  job = tea_sqlite_job_new (TEA_SQLITE_READ, NULL);
  job->seq = self->next;
  job->head = self->status.head;
  job->number = self->subscription;
  job->max_records = PAGE_RECORDS;
  job->max_bytes = PAGE_BYTES;
  tea_sqlite_reader_push (self->reader, job);
}

static void
tell (TeaSqliteLog *self, guint64 seq, GBytes *record)
{
  self->next = seq + 1;
  tea_log_emit_appended (TEA_LOG (self), seq, record);
}

/* Who is told may subscribe anew meanwhile. */
static void
tell_of_page (TeaSqliteLog *self, TeaSqliteJob *job)
{
  if (job->number != self->subscription)
    return;

  self->is_reading = FALSE;
  for (guint i = 0; job->error == NULL && i < job->found->len; i++)
    {
      TeaLogEntry *entry = g_ptr_array_index (job->found, i);

      tell (self, entry->seq, entry->record);
      if (job->number != self->subscription)
        return;
    }

  if (job->error == NULL)
    self->next = MAX (self->next, job->seq);
  else if (!g_error_matches (job->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED))
    {
      /* It can be tried again, but not by itself for ever. */
      self->next = 0;
      tea_log_emit_behind (TEA_LOG (self));
    }
}

static void
finish_job (TeaSqliteLog *self, TeaSqliteJob *job)
{
  g_autoptr (GTask) task = g_steal_pointer (&job->task);

  if (job->kind == TEA_SQLITE_APPEND)
    {
      self->n_waiting--;
      self->n_waiting_bytes -= g_bytes_get_size (job->record);
      if (job->error == NULL && !job->was_there && !self->is_reading && self->next == job->seq)
        tell (self, job->seq, job->record);
    }
  else if (job->kind == TEA_SQLITE_READ && task == NULL)
    tell_of_page (self, job);

  if (task == NULL)
    tea_sqlite_job_free (job);
  else if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
inbox_cb (gpointer user_data)
{
  g_autoptr (TeaSqliteLog) self = g_object_ref (user_data);
  g_autoptr (GPtrArray) jobs = tea_sqlite_inbox_take (self->inbox, &self->status);

  if (self->state != TEA_LOG_OFFLINE)
    set_state (self, self->status.works ? TEA_LOG_READY : TEA_LOG_DEGRADED);

  for (guint i = 0; i < jobs->len; i++)
    finish_job (self, g_ptr_array_index (jobs, i));

  _tea_sqlite_log_read_for_subscriber (self);

  return G_SOURCE_CONTINUE;
}

static void
tea_sqlite_log_dispose (GObject *object)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (object);

  if (self->clock != NULL)
    tea_sqlite_log_close (self);
  g_clear_pointer (&self->probe_timer, tea_timer_free);
  g_clear_pointer (&self->retention_timer, tea_timer_free);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_sqlite_log_parent_class)->dispose (object);
}

static void
tea_sqlite_log_finalize (GObject *object)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (object);

  tea_sqlite_inbox_free (self->inbox);

  G_OBJECT_CLASS (tea_sqlite_log_parent_class)->finalize (object);
}

static void
tea_sqlite_log_class_init (TeaSqliteLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_sqlite_log_dispose;
  object_class->finalize = tea_sqlite_log_finalize;
}

static void
tea_sqlite_log_init (TeaSqliteLog *self)
{
  self->inbox = tea_sqlite_inbox_new (inbox_cb, self);
  self->state = TEA_LOG_OFFLINE;
}

/**
 * tea_sqlite_log_open:
 * @directory: the folder of the database, made if need be
 * @clock: what tells how old records are
 * @error: return location for a #GError
 *
 * Opens the log of a folder. This blocks: where the last server was killed, all of the
 * database is checked.
 *
 * Returns: (transfer full): the log, or %NULL, and @error is %TEA_LOG_ERROR_IN_USE,
 *   %TEA_LOG_ERROR_DAMAGED, %TEA_LOG_ERROR_FOREIGN or %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaSqliteLog *
tea_sqlite_log_open (const char *directory, TeaClock *clock, GError **error)
{
  g_autoptr (TeaSqliteLog) self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_SQLITE_LOG, NULL);
  self->clock = g_object_ref (clock);
  self->probe_timer = tea_timer_new (clock, probe_cb, self);
  self->retention_timer = tea_timer_new (clock, retention_cb, self);

  self->database = tea_sqlite_database_open (directory, error);
  if (self->database == NULL)
    return NULL;

  self->reader = tea_sqlite_reader_new (self->database->path, self->inbox, error);
  self->writer = tea_sqlite_writer_new (self->database->writer, self->inbox, error);
  if (self->reader == NULL || self->writer == NULL)
    return NULL;

  self->status = tea_sqlite_writer_start (self->writer);
  self->state = TEA_LOG_READY;

  return g_steal_pointer (&self);
}

/**
 * tea_sqlite_log_close:
 * @self: a log
 *
 * Closes a log: what was asked before is still done and answered, what comes later is
 * refused. This blocks until all is on the disk.
 */
void
tea_sqlite_log_close (TeaSqliteLog *self)
{
  g_return_if_fail (TEA_IS_SQLITE_LOG (self));

  tea_timer_unset (self->probe_timer);
  tea_timer_unset (self->retention_timer);

  /* The writer is the last: it leaves the write-ahead log empty, as who closes properly
   * does. */
  g_clear_pointer (&self->reader, tea_sqlite_reader_free);
  g_clear_pointer (&self->writer, tea_sqlite_writer_free);
  g_clear_pointer (&self->database, tea_sqlite_database_free);
  self->next = 0;
  set_state (self, TEA_LOG_OFFLINE);
}
