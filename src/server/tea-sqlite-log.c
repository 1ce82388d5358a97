/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-log.h"

#include <glib/gi18n-lib.h>

#include "tea-sqlite-members.h"
#include "tea-sqlite-rooms.h"
#include "tea-sqlite-transfer.h"
#include "tea-store.h"

/* How much a subscriber is told of the past at a time. */
#define PAGE_RECORDS 256
#define PAGE_BYTES (256 * 1024)

/* When to read again what could not be read for a subscriber. */
#define RETRY_DELAY G_TIME_SPAN_SECOND

typedef struct _ReadJob ReadJob;

/**
 * TeaSqliteLog:
 *
 * The log of a room in a database: a stretch of its records. Its numbers have no hole until
 * something is erased. An append is answered when it is on the disk and the subscriber has
 * heard of it.
 */
struct _TeaSqliteLog
{
  GObject parent_instance;

  TeaSqliteEngine *engine; /* (owned) */
  guint32 room;
  TeaSqliteLogState state;
  gboolean is_closed;

  TeaRoomInfo *draft; /* (owned) (nullable): what is to be made with the first record */
  GPtrArray *members; /* (owned) (nullable) (element-type TeaMembership): and with that */
  gboolean is_tried;  /* it may be made already */

  guint64 next;          /* what the subscriber is told of next; 0 when there is none */
  ReadJob *page;         /* (unowned) (nullable): what brings that, while it is being read */
  GQueue untold;         /* (element-type AppendJob): stored, ascending, but not told of yet */
  TeaTimer *retry_timer; /* (owned) (nullable) */
};

typedef struct
{
  TeaSqliteJob parent;

  TeaSqliteLog *log; /* (unowned): the question holds it */
  TeaRoomInfo *draft;
  GPtrArray *members;
  guint64 epoch;
  GBytes *author;
  guint64 number;
  guint64 after; /* the author's number that has to be stored before; 0 for none */
  guint64 day;
  GBytes *record;
  gsize n_bytes;  /* that wait with it */
  guint64 target; /* what it amends; 0 for an append */
  GBytes *form;   /* (nullable): what is to stand there, and then what does */
  gboolean replaces;

  guint64 seq;
  gboolean was_there;
  gboolean is_void; /* it was to take the place of something that is not there */
  guint64 version;  /* of what stands there now; 0 where that is nothing */
} AppendJob;

typedef struct
{
  TeaSqliteJob parent;

  GBytes *author;
  guint64 number;
  guint64 seq;
} FindJob;

struct _ReadJob
{
  TeaSqliteJob parent;

  TeaSqliteLog *log; /* (unowned) (nullable): whose subscriber wants it, as long as one does */
  guint64 from;
  guint64 head;
  guint max_records;
  gsize max_bytes;

  GPtrArray *found;
  gboolean reached_head;
};

typedef struct
{
  TeaSqliteJob parent;

  guint64 seq;
} EraseJob;

/* What takes another epoch: by itself, or with what a stream brings. */
typedef struct
{
  TeaSqliteJob parent;

  TeaSqliteLog *log;    /* (unowned) */
  GInputStream *stream; /* (owned) (nullable) */
  guint64 today;
  TeaSqliteLogState state;
} EpochJob;

typedef struct
{
  guint32 room;
  char *path;            /* (owned) */
  GOutputStream *stream; /* (owned) */
} Export;

static void tea_sqlite_log_log_init (TeaLogInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSqliteLog,
                               tea_sqlite_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LOG, tea_sqlite_log_log_init))

static GTask *
new_task (TeaSqliteLog *self,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  g_autoptr (GTask) task = tea_sqlite_engine_new_task (self->engine, self, source_tag, cancellable,
                                                       callback, user_data);

  if (task == NULL || !self->is_closed)
    return g_steal_pointer (&task);

  g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           _ ("The room has been closed."));

  return NULL;
}

static gpointer
new_job (TeaSqliteLog *self, const TeaSqliteJobClass *klass, GTask *task)
{
  TeaSqliteJob *job = tea_sqlite_job_new (klass, task);

  job->room = self->room;

  return job;
}

static gboolean
run_read (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  ReadJob *self = (ReadJob *) job;

  self->found
      = tea_sqlite_records_read (db, job->room, &self->from, self->head, self->max_records,
                                 self->max_bytes, &self->reached_head, &job->damage, &job->error);

  return self->found != NULL || job->error != NULL;
}

static void
clear_read (TeaSqliteJob *job)
{
  ReadJob *self = (ReadJob *) job;

  g_clear_pointer (&self->found, g_ptr_array_unref);
}

/* The reader may have seen that something old was removed before we were told. */
static void
note_truncated (TeaSqliteLog *self, const ReadJob *job)
{
  if (g_error_matches (job->parent.error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED))
    tea_sqlite_log_note_first (self, job->from);
}

static void
finish_read (TeaSqliteJob *job)
{
  note_truncated (g_task_get_source_object (job->task), (ReadJob *) job);
  tea_sqlite_job_answer (job);
}

static const TeaSqliteJobClass read_class = {
  .size = sizeof (ReadJob),
  .run = run_read,
  .finish = finish_read,
  .clear = clear_read,
};

static void finish_page (TeaSqliteJob *job);

static const TeaSqliteJobClass page_class = {
  .size = sizeof (ReadJob),
  .run = run_read,
  .finish = finish_page,
  .clear = clear_read,
};

/* Goes on telling of what is there already, unless that is under way. */
static void
read_for_subscriber (TeaSqliteLog *self)
{
  if (self->is_closed || self->page != NULL || self->next == 0 || self->next > self->state.head
      || (self->retry_timer != NULL && tea_timer_get_due (self->retry_timer) != 0))
    return;

  self->next = MAX (self->next, self->state.first);
  self->page = new_job (self, &page_class, NULL);
  self->page->log = self;
  self->page->from = self->next;
  self->page->head = self->state.head;
  self->page->max_records = PAGE_RECORDS;
  self->page->max_bytes = PAGE_BYTES;
  tea_sqlite_engine_read (self->engine, &self->page->parent);
}

/* What is being read for the subscriber is nothing any more. */
static void
give_up_page (TeaSqliteLog *self)
{
  if (self->page != NULL)
    self->page->log = NULL;
  self->page = NULL;
}

static void
retry_cb (gpointer user_data)
{
  read_for_subscriber (user_data);
}

static void
read_again_later (TeaSqliteLog *self)
{
  if (self->retry_timer == NULL)
    self->retry_timer = tea_timer_new (tea_sqlite_engine_get_clock (self->engine), retry_cb, self);
  tea_timer_set (self->retry_timer, RETRY_DELAY);
}

static void
tell (TeaSqliteLog *self, guint64 seq, guint64 version, GBytes *record)
{
  self->next = seq + 1;
  tea_log_emit_appended (TEA_LOG (self), seq, version, record);
}

/* After its record was told of, or was there before what is of interest. */
static void
answer_append (TeaSqliteLog *self, AppendJob *job)
{
  if (self->next != 0 && job->version != 0)
    tea_log_emit_amended (TEA_LOG (self), job->target, job->version, job->form);
  tea_sqlite_job_answer (&job->parent);
}

/* Tells of what was just stored, where that is next, and answers whatever was told. Who is
 * told may subscribe anew meanwhile. */
static void
go_on_telling (TeaSqliteLog *self)
{
  AppendJob *job = NULL;

  while ((job = g_queue_peek_head (&self->untold)) != NULL)
    {
      if (self->next == 0 || job->seq < self->next)
        {
          g_queue_pop_head (&self->untold);
          answer_append (self, job);
        }
      else if (job->seq == self->next && !job->was_there && self->page == NULL)
        {
          g_autoptr (GBytes) record = g_bytes_ref (job->record);

          if (job->is_void)
            self->next++;
          else
            tell (self, job->seq, 0, record);
        }
      else
        break;
    }

  read_for_subscriber (self);
}

static void
finish_page (TeaSqliteJob *job)
{
  ReadJob *page = (ReadJob *) job;
  g_autoptr (TeaSqliteLog) self = NULL;

  if (page->log == NULL)
    {
      tea_sqlite_job_free (job);
      return;
    }

  self = g_object_ref (page->log);
  for (guint i = 0; job->error == NULL && i < page->found->len && page->log != NULL; i++)
    {
      TeaLogEntry *entry = g_ptr_array_index (page->found, i);

      tell (self, entry->seq, entry->version, entry->record);
    }

  if (page->log != NULL)
    {
      self->page = NULL;
      note_truncated (self, page);
      if (job->error == NULL
          || g_error_matches (job->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED))
        self->next = MAX (self->next, page->from);
      else
        read_again_later (self);
    }

  tea_sqlite_job_free (job);
  go_on_telling (self);
}

static gboolean
make_draft (AppendJob *self, TeaSqliteConnection *db)
{
  g_autoptr (TeaRoomInfo) made = NULL;

  if (!tea_sqlite_rooms_get (db, self->draft->number, &made))
    return FALSE;
  if (made != NULL)
    return TRUE;

  if (!tea_sqlite_rooms_add (db, self->draft, self->epoch, &self->parent.error))
    return FALSE;
  if (self->parent.error != NULL)
    {
      self->parent.error->code = TEA_LOG_ERROR_REJECTED;
      return TRUE;
    }

  for (guint i = 0; self->members != NULL && i < self->members->len; i++)
    if (!tea_sqlite_members_add (db, self->draft->number, g_ptr_array_index (self->members, i)))
      return FALSE;

  return TRUE;
}

/* A repeat finds out what stands there by now. */
static gboolean
amend (AppendJob *self, TeaSqliteConnection *db)
{
  g_autoptr (TeaLogEntry) entry = NULL;
  gboolean is_kept = FALSE;

  self->version = 0;
  if (!self->was_there)
    {
      if (!tea_sqlite_records_amend (db, self->parent.room, self->target, self->seq, self->form,
                                     self->replaces, &is_kept))
        return FALSE;
      if (is_kept)
        self->version = self->seq;
      self->is_void = !is_kept && self->replaces;
      return !self->is_void || tea_sqlite_records_erase (db, self->parent.room, self->seq);
    }

  if (!tea_sqlite_records_get (db, self->parent.room, self->target, &entry))
    return FALSE;
  if (entry != NULL)
    {
      g_bytes_unref (self->form);
      self->form = g_bytes_ref (entry->record);
      self->version = entry->version;
    }

  return TRUE;
}

static gboolean
run_append (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  AppendJob *self = (AppendJob *) job;

  if (self->draft != NULL && !make_draft (self, db))
    return FALSE;
  if (job->error != NULL)
    return TRUE;

  return tea_sqlite_records_append (db, job->room, self->author, self->number, self->after,
                                    self->day, self->record, &self->seq, &self->was_there,
                                    &job->error)
         && (self->target == 0 || job->error != NULL || amend (self, db));
}

static gboolean
look_up_append (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  AppendJob *self = (AppendJob *) job;
  gboolean ok = tea_sqlite_records_look_up (db, job->room, self->author, self->number, &self->seq);

  self->was_there = ok && self->seq != 0;
  if (self->was_there)
    g_clear_error (&job->error);

  return ok;
}

/* Most come in ascending order; a repeat may be of something old. */
static void
await_telling (TeaSqliteLog *self, AppendJob *job)
{
  GList *l = self->untold.tail;

  while (l != NULL && ((AppendJob *) l->data)->seq > job->seq)
    l = l->prev;

  if (l != NULL)
    g_queue_insert_after (&self->untold, l, job);
  else
    g_queue_push_head (&self->untold, job);
}

static void
finish_append (TeaSqliteJob *job)
{
  AppendJob *append = (AppendJob *) job;
  g_autoptr (TeaSqliteLog) self = g_object_ref (append->log);

  tea_sqlite_engine_release (self->engine, append->n_bytes);
  if (job->error != NULL)
    {
      tea_sqlite_job_answer (job);
      return;
    }

  g_clear_pointer (&self->draft, tea_room_info_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  self->state.head = MAX (self->state.head, append->seq);
  await_telling (self, append);
  go_on_telling (self);
}

static void
clear_append (TeaSqliteJob *job)
{
  AppendJob *self = (AppendJob *) job;

  g_bytes_unref (self->author);
  g_bytes_unref (self->record);
  g_clear_pointer (&self->form, g_bytes_unref);
  g_clear_pointer (&self->draft, tea_room_info_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
}

static const TeaSqliteJobClass append_class = {
  .size = sizeof (AppendJob),
  .run = run_append,
  .look_up = look_up_append,
  .finish = finish_append,
  .clear = clear_append,
  .is_append = TRUE,
};

/* The job of an append that can be tried; otherwise the question is answered. */
static AppendJob *
begin_append (TeaSqliteLog *self,
              GTask *question,
              GBytes *author,
              guint64 number,
              GBytes *record,
              GBytes *form)
{
  g_autoptr (GTask) task = question;
  gsize form_size = form != NULL ? g_bytes_get_size (form) : 0;
  gsize n_bytes = g_bytes_get_size (record) + form_size;
  AppendJob *job = NULL;

  if (task == NULL)
    return NULL;

  if (g_bytes_get_size (record) > TEA_LOG_MAX_RECORD || form_size > TEA_LOG_MAX_RECORD)
    {
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               _ ("The message is too long."));
      return NULL;
    }
  if (!tea_sqlite_engine_reserve (self->engine, n_bytes))
    {
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY,
                               _ ("Too much is waiting for the disk. Try again soon."));
      return NULL;
    }

  job = new_job (self, &append_class, g_steal_pointer (&task));
  job->log = self;
  job->author = g_bytes_ref (author);
  job->number = number;
  job->record = g_bytes_ref (record);
  job->form = form != NULL ? g_bytes_ref (form) : NULL;
  job->n_bytes = n_bytes;
  job->day = tea_calendar_get_today (tea_sqlite_engine_get_calendar (self->engine));
  if (self->draft != NULL)
    {
      self->is_tried = TRUE;
      job->draft = tea_room_info_copy (self->draft);
      job->members = self->members != NULL ? g_ptr_array_ref (self->members) : NULL;
      job->epoch = self->state.epoch;
    }

  return job;
}

static guint64
end_append (
    TeaLog *log, GAsyncResult *result, gpointer source_tag, gboolean *was_there, GError **error)
{
  AppendJob *job = tea_sqlite_engine_finish_task (log, result, source_tag, error);

  if (was_there != NULL)
    *was_there = job != NULL && job->was_there;

  return job != NULL ? job->seq : 0;
}

static void
tea_sqlite_log_append_async (TeaLog *log,
                             GBytes *author,
                             guint64 number,
                             guint64 after,
                             GBytes *record,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_append_async, cancellable, callback, user_data);
  AppendJob *job = begin_append (self, task, author, number, record, NULL);

  if (job == NULL)
    return;

  job->after = after;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static guint64
tea_sqlite_log_append_finish (TeaLog *log,
                              GAsyncResult *result,
                              gboolean *was_there,
                              GError **error)
{
  return end_append (log, result, tea_sqlite_log_append_async, was_there, error);
}

static void
tea_sqlite_log_amend_async (TeaLog *log,
                            GBytes *author,
                            guint64 number,
                            GBytes *record,
                            guint64 target,
                            GBytes *form,
                            gboolean replaces,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_amend_async, cancellable, callback, user_data);
  AppendJob *job = begin_append (self, task, author, number, record, form);

  if (job == NULL)
    return;

  job->target = target;
  job->replaces = replaces;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static guint64
tea_sqlite_log_amend_finish (TeaLog *log, GAsyncResult *result, gboolean *was_there, GError **error)
{
  return end_append (log, result, tea_sqlite_log_amend_async, was_there, error);
}

static gboolean
run_find (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  FindJob *self = (FindJob *) job;

  return tea_sqlite_records_find (db, job->room, self->author, &self->number, &self->seq);
}

static void
clear_find (TeaSqliteJob *job)
{
  g_bytes_unref (((FindJob *) job)->author);
}

static const TeaSqliteJobClass find_class = {
  .size = sizeof (FindJob),
  .run = run_find,
  .clear = clear_find,
};

static void
tea_sqlite_log_find_async (TeaLog *log,
                           GBytes *author,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_find_async, cancellable, callback, user_data);
  FindJob *job = NULL;

  if (task == NULL)
    return;

  job = new_job (self, &find_class, task);
  job->author = g_bytes_ref (author);
  tea_sqlite_engine_read (self->engine, &job->parent);
}

static gboolean
tea_sqlite_log_find_finish (
    TeaLog *log, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error)
{
  FindJob *job = tea_sqlite_engine_finish_task (log, result, tea_sqlite_log_find_async, error);

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
  ReadJob *job = NULL;

  if (task == NULL)
    return;

  job = new_job (self, &read_class, task);
  job->from = from;
  job->head = self->state.head;
  job->max_records = max_records;
  job->max_bytes = max_bytes;
  tea_sqlite_engine_read (self->engine, &job->parent);
}

static GPtrArray *
tea_sqlite_log_read_finish (
    TeaLog *log, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error)
{
  ReadJob *job = tea_sqlite_engine_finish_task (log, result, tea_sqlite_log_read_async, error);

  if (job == NULL)
    return NULL;

  if (next != NULL)
    *next = job->from;
  if (reached_head != NULL)
    *reached_head = job->reached_head;

  return g_steal_pointer (&job->found);
}

static gboolean
run_erase (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_records_erase (db, job->room, ((EraseJob *) job)->seq);
}

static const TeaSqliteJobClass erase_class = {
  .size = sizeof (EraseJob),
  .run = run_erase,
};

static void
tea_sqlite_log_erase_async (TeaLog *log,
                            guint64 seq,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_erase_async, cancellable, callback, user_data);
  EraseJob *job = NULL;

  if (task == NULL)
    return;

  job = new_job (self, &erase_class, task);
  job->seq = seq;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_log_erase_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (log, result, tea_sqlite_log_erase_async, error) != NULL;
}

static gboolean
run_renew_epoch (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_records_renew_epoch (db, job->room, ((EpochJob *) job)->state.epoch);
}

static void
finish_renew_epoch (TeaSqliteJob *job)
{
  EpochJob *self = (EpochJob *) job;

  if (job->error == NULL)
    self->log->state.epoch = self->state.epoch;
  tea_sqlite_job_answer (job);
}

static const TeaSqliteJobClass renew_epoch_class = {
  .size = sizeof (EpochJob),
  .run = run_renew_epoch,
  .finish = finish_renew_epoch,
};

static void
tea_sqlite_log_renew_epoch_async (TeaLog *log,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_renew_epoch_async, cancellable, callback, user_data);
  EpochJob *job = NULL;

  if (task == NULL)
    return;

  job = new_job (self, &renew_epoch_class, task);
  job->log = self;
  job->state.epoch = tea_sqlite_records_random_epoch ();
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_log_renew_epoch_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (log, result, tea_sqlite_log_renew_epoch_async, error)
         != NULL;
}

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

  if (tea_sqlite_export_room (self->path, self->room, self->stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
tea_sqlite_log_export_async (TeaLog *log,
                             GOutputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_export_async, cancellable, callback, user_data);
  Export *export = NULL;

  if (task == NULL)
    return;

  export = g_new (Export, 1);
  export->room = self->room;
  export->path = g_strdup (tea_sqlite_engine_get_path (self->engine));
  export->stream = g_object_ref (stream);
  g_task_set_task_data (task, export, export_free);
  tea_sqlite_engine_run_in_thread (task, export_in_thread);
}

static gboolean
tea_sqlite_log_export_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (log, result, tea_sqlite_log_export_async, error) != NULL;
}

static gboolean
run_import (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  EpochJob *self = (EpochJob *) job;

  return tea_sqlite_import_room (db, job->room, self->today, self->stream, &job->error)
         && tea_sqlite_records_load_state (db, job->room, &self->state, &job->error);
}

static void
finish_import (TeaSqliteJob *job)
{
  EpochJob *self = (EpochJob *) job;

  if (job->error == NULL)
    tea_sqlite_log_set_state (self->log, &self->state);
  tea_sqlite_job_answer (job);
}

static void
clear_import (TeaSqliteJob *job)
{
  g_object_unref (((EpochJob *) job)->stream);
}

static const TeaSqliteJobClass import_class = {
  .size = sizeof (EpochJob),
  .run = run_import,
  .finish = finish_import,
  .clear = clear_import,
  .is_alone = TRUE,
};

static void
tea_sqlite_log_import_async (TeaLog *log,
                             GInputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);
  GTask *task = new_task (self, tea_sqlite_log_import_async, cancellable, callback, user_data);
  EpochJob *job = NULL;

  if (task == NULL)
    return;

  job = new_job (self, &import_class, task);
  job->log = self;
  job->today = tea_calendar_get_today (tea_sqlite_engine_get_calendar (self->engine));
  job->stream = g_object_ref (stream);
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_log_import_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (log, result, tea_sqlite_log_import_async, error) != NULL;
}

static void
tea_sqlite_log_subscribe (TeaLog *log, guint64 from)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);

  if (self->is_closed)
    return;

  give_up_page (self);
  g_clear_pointer (&self->retry_timer, tea_timer_free);
  self->next = MAX (from, 1);
  read_for_subscriber (self);
}

static guint64
tea_sqlite_log_get_head (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->state.head;
}

static guint64
tea_sqlite_log_get_first (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->state.first;
}

static guint64
tea_sqlite_log_get_epoch (TeaLog *log)
{
  return TEA_SQLITE_LOG (log)->state.epoch;
}

static const char *
tea_sqlite_log_get_durability (TeaLog *log)
{
  return "synced";
}

static TeaLogState
tea_sqlite_log_get_state (TeaLog *log)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (log);

  return self->is_closed ? TEA_LOG_OFFLINE : tea_sqlite_engine_get_state (self->engine);
}

static void
tea_sqlite_log_log_init (TeaLogInterface *iface)
{
  iface->append_async = tea_sqlite_log_append_async;
  iface->append_finish = tea_sqlite_log_append_finish;
  iface->amend_async = tea_sqlite_log_amend_async;
  iface->amend_finish = tea_sqlite_log_amend_finish;
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
  iface->subscribe = tea_sqlite_log_subscribe;
  iface->get_head = tea_sqlite_log_get_head;
  iface->get_first = tea_sqlite_log_get_first;
  iface->get_epoch = tea_sqlite_log_get_epoch;
  iface->get_durability = tea_sqlite_log_get_durability;
  iface->get_state = tea_sqlite_log_get_state;
}

static void
tea_sqlite_log_dispose (GObject *object)
{
  TeaSqliteLog *self = TEA_SQLITE_LOG (object);

  give_up_page (self);
  if (self->draft != NULL && !self->is_tried)
    tea_sqlite_engine_give_number_back (self->engine, self->room);
  g_clear_pointer (&self->retry_timer, tea_timer_free);
  g_clear_pointer (&self->draft, tea_room_info_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (tea_sqlite_log_parent_class)->dispose (object);
}

static void
tea_sqlite_log_class_init (TeaSqliteLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_sqlite_log_dispose;
}

static void
tea_sqlite_log_init (TeaSqliteLog *self)
{
  g_queue_init (&self->untold);
}

/**
 * tea_sqlite_log_new:
 * @engine: where it is
 * @room: whose it is
 * @state: how it is
 *
 * Returns: (transfer full): the log of a room
 */
TeaSqliteLog *
tea_sqlite_log_new (TeaSqliteEngine *engine, guint32 room, const TeaSqliteLogState *state)
{
  TeaSqliteLog *self = g_object_new (TEA_TYPE_SQLITE_LOG, NULL);

  self->engine = g_object_ref (engine);
  self->room = room;
  self->state = *state;
  g_signal_connect_object (engine, "state-changed", G_CALLBACK (tea_log_emit_state_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_sqlite_log_new_draft:
 * @engine: where it is going to be
 * @info: the room, with its number
 * @members: (nullable) (element-type TeaMembership): who is in it
 *
 * Returns: (transfer full): the log of a room that is made with its first record
 */
TeaSqliteLog *
tea_sqlite_log_new_draft (TeaSqliteEngine *engine, const TeaRoomInfo *info, GPtrArray *members)
{
  const TeaSqliteLogState state = { .epoch = tea_sqlite_records_random_epoch (), .first = 1 };
  TeaSqliteLog *self = tea_sqlite_log_new (engine, info->number, &state);

  self->draft = tea_room_info_copy (info);
  self->members = members != NULL ? g_ptr_array_ref (members) : NULL;

  return self;
}

/**
 * tea_sqlite_log_get_room:
 * @self: a log
 *
 * Returns: the number of its room
 */
guint32
tea_sqlite_log_get_room (TeaSqliteLog *self)
{
  return self->room;
}

/**
 * tea_sqlite_log_set_state:
 * @self: a log
 * @state: how it is
 *
 * Takes note that all of it was replaced.
 */
void
tea_sqlite_log_set_state (TeaSqliteLog *self, const TeaSqliteLogState *state)
{
  self->state = *state;
  read_for_subscriber (self);
}

/**
 * tea_sqlite_log_note_first:
 * @self: a log
 * @first: the first number that is kept
 *
 * Takes note that something old was removed.
 */
void
tea_sqlite_log_note_first (TeaSqliteLog *self, guint64 first)
{
  self->state.first = MAX (self->state.first, first);
}

/**
 * tea_sqlite_log_close:
 * @self: a log
 *
 * Closes a log: what was asked before is still done and answered, what comes later is
 * refused, and its subscriber is told of nothing any more.
 */
void
tea_sqlite_log_close (TeaSqliteLog *self)
{
  g_autoptr (TeaSqliteLog) log = g_object_ref (self);

  log->is_closed = TRUE;
  log->next = 0;
  give_up_page (log);
  g_clear_pointer (&log->retry_timer, tea_timer_free);
  go_on_telling (log);
}
