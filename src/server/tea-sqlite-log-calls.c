/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-log-private.h"

#include <glib/gi18n-lib.h>

#include "tea-sqlite-transfer.h"

/* What may wait for the disk; after that one is told to come back. */
#define MAX_WAITING 4096
#define MAX_WAITING_BYTES (16 * 1024 * 1024)

/* A question that cannot be put any more is answered at once. */
static GTask *
new_task (TeaSqliteLog *self,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return NULL;

  if (self->database == NULL)
    {
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               _ ("The room has been closed."));
      return NULL;
    }

  return g_steal_pointer (&task);
}

static gpointer
finish_task (gpointer self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_task_get_task_data (G_TASK (result));
}

static void
tea_sqlite_log_append_async (TeaLog *log,
                             GBytes *author,
                             guint64 number,
                             GBytes *record,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  g_autoptr (GTask) task
      = new_task (self, tea_sqlite_log_append_async, cancellable, callback, user_data);
  TeaSqliteJob *job = NULL;

  if (task == NULL)
    return;

  if (g_bytes_get_size (record) > TEA_LOG_MAX_RECORD)
    {
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               _ ("The message is too long."));
      return;
    }
  if (self->n_waiting >= MAX_WAITING
      || self->n_waiting_bytes + g_bytes_get_size (record) > MAX_WAITING_BYTES)
    {
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY,
                               _ ("Too much is waiting for the disk. Try again soon."));
      return;
    }

  job = tea_sqlite_job_new (TEA_SQLITE_APPEND, g_steal_pointer (&task));
  job->author = g_bytes_ref (author);
  job->number = number;
  job->record = g_bytes_ref (record);
  job->time = tea_clock_get_real_time (self->clock);
  self->n_waiting++;
  self->n_waiting_bytes += g_bytes_get_size (record);
  tea_sqlite_writer_push (self->writer, job);
}

static guint64
tea_sqlite_log_append_finish (TeaLog *log,
                              GAsyncResult *result,
                              gboolean *was_there,
                              GError **error)
{
  TeaSqliteJob *job = finish_task (log, result, tea_sqlite_log_append_async, error);

  if (was_there != NULL)
    *was_there = job != NULL && job->was_there;

  return job != NULL ? job->seq : 0;
}

static void
tea_sqlite_log_find_async (TeaLog *log,
                           GBytes *author,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_find_async, cancellable, callback, user_data);
  TeaSqliteJob *job = NULL;

  if (task == NULL)
    return;

  job = tea_sqlite_job_new (TEA_SQLITE_FIND, task);
  job->author = g_bytes_ref (author);
  tea_sqlite_reader_push (self->reader, job);
}

static gboolean
tea_sqlite_log_find_finish (
    TeaLog *log, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error)
{
  TeaSqliteJob *job = finish_task (log, result, tea_sqlite_log_find_async, error);

  if (number != NULL)
    *number = job != NULL ? job->number : 0;
  if (seq != NULL)
    *seq = job != NULL ? job->seq : 0;

  return job != NULL;
}

static void
tea_sqlite_log_read_async (TeaLog *log,
                           guint64 from,
                           guint max_records,
                           gsize max_bytes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_read_async, cancellable, callback, user_data);
  TeaSqliteJob *job = NULL;

  if (task == NULL)
    return;

  job = tea_sqlite_job_new (TEA_SQLITE_READ, task);
  job->seq = from;
  job->head = self->status.head;
  job->max_records = max_records;
  job->max_bytes = max_bytes;
  tea_sqlite_reader_push (self->reader, job);
}

static GPtrArray *
tea_sqlite_log_read_finish (
    TeaLog *log, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error)
{
  TeaSqliteJob *job = finish_task (log, result, tea_sqlite_log_read_async, error);

  if (job == NULL)
    return NULL;

  if (next != NULL)
    *next = job->seq;
  if (reached_head != NULL)
    *reached_head = job->reached_head;

  return g_steal_pointer (&job->found);
}

static void
tea_sqlite_log_erase_async (TeaLog *log,
                            guint64 seq,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_erase_async, cancellable, callback, user_data);
  TeaSqliteJob *job = NULL;

  if (task == NULL)
    return;

  job = tea_sqlite_job_new (TEA_SQLITE_ERASE, task);
  job->seq = seq;
  tea_sqlite_writer_push (self->writer, job);
}

static gboolean
tea_sqlite_log_erase_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_task (log, result, tea_sqlite_log_erase_async, error) != NULL;
}

static void
tea_sqlite_log_renew_epoch_async (TeaLog *log,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_renew_epoch_async, cancellable, callback, user_data);

  if (task != NULL)
    tea_sqlite_writer_push (self->writer, tea_sqlite_job_new (TEA_SQLITE_RENEW_EPOCH, task));
}

static gboolean
tea_sqlite_log_renew_epoch_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_task (log, result, tea_sqlite_log_renew_epoch_async, error) != NULL;
}

typedef struct
{
  char *path;            /* (owned) */
  GOutputStream *stream; /* (owned) */
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_free (self->path);
  g_object_unref (self->stream);
  g_free (self);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *self = data;
  GError *error = NULL;

  if (tea_sqlite_export (self->path, self->stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* In a thread of its own: it takes long, and everybody else goes on reading and writing. */
static void
tea_sqlite_log_export_async (TeaLog *log,
                             GOutputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  g_autoptr (GTask) task
      = new_task (self, tea_sqlite_log_export_async, cancellable, callback, user_data);
  Export *export = NULL;

  if (task == NULL)
    return;

  export = g_new (Export, 1);
  export->path = g_strdup (self->database->path);
  export->stream = g_object_ref (stream);
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_in_thread);
}

static gboolean
tea_sqlite_log_export_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_task (log, result, tea_sqlite_log_export_async, error) != NULL;
}

static void
tea_sqlite_log_import_async (TeaLog *log,
                             GInputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_import_async, cancellable, callback, user_data);
  TeaSqliteJob *job = NULL;

  if (task == NULL)
    return;

  job = tea_sqlite_job_new (TEA_SQLITE_IMPORT, task);
  job->stream = g_object_ref (stream);
  tea_sqlite_writer_push (self->writer, job);
}

static gboolean
tea_sqlite_log_import_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_task (log, result, tea_sqlite_log_import_async, error) != NULL;
}

static void
tea_sqlite_log_set_retention (TeaLog *log, GTimeSpan max_age, guint64 max_records)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);

  if (self->database == NULL)
    return;

  self->max_age = max_age;
  self->max_records = MIN (max_records, G_MAXINT64);
  tea_timer_set (self->retention_timer, 0);
}

static void
tea_sqlite_log_subscribe (TeaLog *log, guint64 from)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);

  self->subscription++;
  self->is_reading = FALSE;
  self->next = MAX (from, 1);
  _tea_sqlite_log_read_for_subscriber (self);
}

static guint64
tea_sqlite_log_get_head (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->status.head;
}

static guint64
tea_sqlite_log_get_first (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->status.first;
}

static guint64
tea_sqlite_log_get_epoch (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->status.epoch;
}

static const char *
tea_sqlite_log_get_durability (TeaLog *log)
{
  return "synced";
}

static TeaLogState
tea_sqlite_log_get_state (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->state;
}

void
_tea_sqlite_log_log_init (TeaLogInterface *iface)
{
  iface->append_async = tea_sqlite_log_append_async;
  iface->append_finish = tea_sqlite_log_append_finish;
  iface->find_async = tea_sqlite_log_find_async;
  iface->find_finish = tea_sqlite_log_find_finish;
  iface->read_async = tea_sqlite_log_read_async;
  iface->read_finish = tea_sqlite_log_read_finish;
  iface->erase_async = tea_sqlite_log_erase_async;
  iface->erase_finish = tea_sqlite_log_erase_finish;
  iface->renew_epoch_async = tea_sqlite_log_renew_epoch_async;
  iface->renew_epoch_finish = tea_sqlite_log_renew_epoch_finish;
  iface->export_async = tea_sqlite_log_export_async;
  iface->export_finish = tea_sqlite_log_export_finish;
  iface->import_async = tea_sqlite_log_import_async;
  iface->import_finish = tea_sqlite_log_import_finish;
  iface->set_retention = tea_sqlite_log_set_retention;
  iface->subscribe = tea_sqlite_log_subscribe;
  iface->get_head = tea_sqlite_log_get_head;
  iface->get_first = tea_sqlite_log_get_first;
  iface->get_epoch = tea_sqlite_log_get_epoch;
  iface->get_durability = tea_sqlite_log_get_durability;
  iface->get_state = tea_sqlite_log_get_state;
}

static void
tea_sqlite_log_load_async (TeaRollStore *store,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (store);
  GTask *task = new_task (self, tea_sqlite_log_load_async, cancellable, callback, user_data);

  if (task != NULL)
    tea_sqlite_reader_push (self->reader, tea_sqlite_job_new (TEA_SQLITE_LOAD, task));
}

static GPtrArray *
tea_sqlite_log_load_finish (TeaRollStore *store,
                            GAsyncResult *result,
                            guint64 *as_of,
                            GError **error)
{
  TeaSqliteJob *job = finish_task (store, result, tea_sqlite_log_load_async, error);

  if (job == NULL)
    return NULL;

  if (as_of != NULL)
    *as_of = job->seq;

  return g_steal_pointer (&job->found);
}

static gpointer
copy_entry (gconstpointer data, gpointer user_data)
{
  const TeaRollEntry *entry = data;

  return tea_roll_entry_new (entry->name, entry->key, entry->joined, entry->last_used);
}

static void
tea_sqlite_log_save (TeaRollStore *store,
                     GPtrArray *changed,
                     const char *const *removed,
                     guint64 as_of)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (store);
  TeaSqliteJob *job = NULL;

  if (self->database == NULL)
    return;

  job = tea_sqlite_job_new (TEA_SQLITE_SAVE, NULL);
  if (changed != NULL)
    {
      job->changed = g_ptr_array_copy (changed, copy_entry, NULL);
      g_ptr_array_set_free_func (job->changed, (GDestroyNotify) tea_roll_entry_free);
    }
  job->removed = g_strdupv ((char **) removed);
  job->seq = as_of;
  tea_sqlite_writer_push (self->writer, job);
}

void
_tea_sqlite_log_roll_store_init (TeaRollStoreInterface *iface)
{
  iface->load_async = tea_sqlite_log_load_async;
  iface->load_finish = tea_sqlite_log_load_finish;
  iface->save = tea_sqlite_log_save;
}
