/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-log.h"

#define MAX_WAITING 64

typedef struct _Step Step;

typedef void (*StepFunc) (TeaFakeLog *self, Step *step);

/* Something that is being done: it is done at one moment, and answered at a later one. */
struct _Step
{
  TeaFakeLog *log; /* (unowned) */
  GTask *task;     /* (owned) (nullable) */
  TeaTimer *timer;
  StepFunc func;
  gboolean is_done;

  GBytes *author;
  guint64 number;
  guint64 after;
  GBytes *record;
  guint64 target; /* what it amends; 0 for an append */
  GBytes *form;
  gboolean replaces;
  guint64 seq;
  guint64 head;
  guint max_records;
  gsize max_bytes;
  GObject *stream;
  gboolean is_stored; /* it is not always, when an error is the answer */

  GError *error;
  gboolean was_there;
  GPtrArray *found;
  gboolean reached_head;
};

/**
 * TeaFakeLog:
 *
 * A log in memory that does all that a log may do, and more often than any other: there are
 * holes, it answers late, wrongly says that it does not know, and hears of its own news
 * twice. All chance comes from one source, all time from one clock; its answers come
 * through the main context, which has to be iterated after the clock has gone on.
 */
struct _TeaFakeLog
{
  GObject parent_instance;

  TeaFakeHouse *house;
  TeaFakeDisk *disk;
  guint32 room;
  TeaRoomInfo *draft; /* (nullable): what is to be made with the first record */
  GPtrArray *members; /* (nullable) (element-type TeaMembership) */
  TeaClock *clock;
  GRand *random;
  const TeaFakeFaults *faults; /* (unowned) */

  GPtrArray *steps; /* (element-type Step) */
  gint64 latest_commit;

  guint64 head; /* what is known of it here */
  TeaLogState state;
  guint64 next; /* 0 without a subscriber */
};

static void tea_fake_log_log_init (TeaLogInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaFakeLog,
                               tea_fake_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LOG, tea_fake_log_log_init))

/**
 * tea_fake_faults_draw:
 * @self: faults
 * @random: where chance comes from
 * @is_stored: (out): whether what is asked for is done nevertheless
 *
 * Returns: (transfer full) (nullable): what goes wrong this time
 */
GError *
tea_fake_faults_draw (const TeaFakeFaults *self, GRand *random, gboolean *is_stored)
{
  double chance = g_rand_double (random);

  *is_stored = FALSE;
  if ((chance -= self->busy) < 0)
    return g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY,
                                "Too much is waiting for the disk. Try again soon.");
  if ((chance -= self->unavailable) < 0)
    return g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                                "The disk with the database is full.");
  if ((chance -= self->unknown_lost) < 0)
    return g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                                "The disk with the database fails.");

  *is_stored = TRUE;
  if (chance < self->unknown_stored)
    return g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                                "The disk with the database fails.");

  return NULL;
}

static void
step_free (gpointer data)
{
  Step *self = data;

  g_clear_object (&self->task);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_pointer (&self->author, g_bytes_unref);
  g_clear_pointer (&self->record, g_bytes_unref);
  g_clear_pointer (&self->form, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_free (self);
}

static gboolean
happens (TeaFakeLog *self, double probability)
{
  return g_rand_double (self->random) < probability;
}

static gint64
random_delay (TeaFakeLog *self, gint64 max)
{
  return max > 0 ? (gint64) (g_rand_double (self->random) * (double) max) : 0;
}

static void step_cb (gpointer user_data);

static Step *
add_step (TeaFakeLog *self, StepFunc func, GTask *task)
{
  Step *step = g_new0 (Step, 1);

  step->log = self;
  step->func = func;
  step->task = task;
  step->timer = tea_timer_new (self->clock, step_cb, step);
  g_ptr_array_add (self->steps, step);

  return step;
}

/* What writes is done in order. */
static void
set_commit (TeaFakeLog *self, Step *step)
{
  gint64 time = tea_clock_get_time (self->clock) + random_delay (self, self->faults->max_delay);

  self->latest_commit = MAX (self->latest_commit, time);
  tea_timer_set_at (step->timer, self->latest_commit);
}

static void
set_state (TeaFakeLog *self, TeaLogState state)
{
  if (self->state == state)
    return;

  self->state = state;
  tea_log_emit_state_changed (TEA_LOG (self));
}

/* Tells of all that the subscriber does not know yet, up to this. */
static void
tell (TeaFakeLog *self, guint64 seq)
{
  guint64 record_seq = 0;
  guint64 version = 0;

  while (self->next != 0 && self->next <= seq)
    {
      GBytes *record = tea_fake_disk_peek_next (self->disk, self->next, &record_seq, &version);
      g_autoptr (GBytes) owned = NULL;

      if (record == NULL || record_seq > seq)
        {
          self->next = seq + 1;
          return;
        }

      /* Who hears of it may subscribe anew. */
      owned = g_bytes_ref (record);
      self->next = record_seq + 1;
      tea_log_emit_appended (TEA_LOG (self), record_seq, version, owned);
    }
}

static void
hear_news (TeaFakeLog *self, Step *step)
{
  self->head = MAX (self->head, step->seq);
  tell (self, step->seq);
}

static void
add_news (TeaFakeLog *self, guint64 seq)
{
  Step *step = add_step (self, hear_news, NULL);

  step->seq = seq;
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static gboolean
make_draft (TeaFakeLog *self, Step *step)
{
  if (self->draft == NULL)
    return TRUE;

  if (tea_fake_house_get_disk (self->house, self->room) != self->disk
      && !tea_fake_house_add_room (self->house, self->draft, self->disk, self->members))
    {
      g_clear_error (&step->error);
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           "There is a room with that address already.");
      return FALSE;
    }

  g_clear_pointer (&self->draft, tea_room_info_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);

  return TRUE;
}

static void
do_append (TeaFakeLog *self, Step *step)
{
  TeaFakeDisk *disk = self->disk;
  guint64 latest = 0;
  guint64 latest_seq = 0;

  step->seq = tea_fake_disk_look_up (disk, step->author, step->number);
  step->was_there = step->seq != 0;

  /* What is there is known whatever is wrong today; an answer of not knowing stays one. */
  if (step->was_there && !g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN))
    g_clear_error (&step->error);
  if (step->was_there || !step->is_stored || !make_draft (self, step))
    return;

  tea_fake_disk_find (disk, step->author, &latest, &latest_seq);
  if (step->number < latest)
    {
      g_clear_error (&step->error);
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           "A later message of the same sender is stored already.");
      return;
    }

  if (latest < step->after)
    {
      g_clear_error (&step->error);
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_OUT_OF_ORDER,
                           "An earlier message of the same sender is not stored.");
      return;
    }

  step->seq = MAX (tea_fake_disk_get_head (disk) + 1, tea_fake_disk_get_first (disk));
  if (happens (self, self->faults->hole))
    step->seq += (guint64) g_rand_int_range (self->random, 1, 4);
  tea_fake_disk_set_author (disk, step->author, step->number, step->seq);
  tea_fake_disk_add (disk, step->seq, step->author, step->number,
                     tea_calendar_get_today (tea_fake_house_get_calendar (self->house)),
                     step->record);
  if (step->target != 0
      && !tea_fake_disk_amend (disk, step->target, step->seq, step->form, step->replaces)
      && step->replaces)
    tea_fake_disk_erase (disk, step->seq);
  tea_fake_house_retain (self->house, self->room);

  add_news (self, step->seq);
  if (happens (self, self->faults->repeat))
    add_news (self, step->seq);
}

static void
do_find (TeaFakeLog *self, Step *step)
{
  tea_fake_disk_find (self->disk, step->author, &step->number, &step->seq);
}

static void
do_read (TeaFakeLog *self, Step *step)
{
  if (step->seq < tea_fake_disk_get_first (self->disk))
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED,
                         "What is older is not kept any more.");
  else
    step->found = tea_fake_disk_read (self->disk, &step->seq, step->head, step->max_records,
                                      step->max_bytes, &step->reached_head);
}

static void
do_erase (TeaFakeLog *self, Step *step)
{
  tea_fake_disk_erase (self->disk, step->seq);
}

static void
do_export (TeaFakeLog *self, Step *step)
{
  tea_fake_house_export (self->house, self->room, G_OUTPUT_STREAM (step->stream), &step->error);
}

static void
do_import (TeaFakeLog *self, Step *step)
{
  if (!tea_fake_house_import (self->house, self->room, G_INPUT_STREAM (step->stream), self->random,
                              &step->error))
    return;

  self->head = tea_fake_disk_get_head (self->disk);
  add_news (self, self->head);
}

static void
do_renew_epoch (TeaFakeLog *self, Step *step)
{
  tea_fake_disk_renew_epoch (self->disk, self->random);
}

/* What stands there now, also after a repeat. */
static void
tell_amended (TeaFakeLog *self, guint64 target)
{
  guint64 version = 0;
  GBytes *form = tea_fake_disk_peek (self->disk, target, &version);
  g_autoptr (GBytes) owned = form != NULL ? g_bytes_ref (form) : NULL;

  if (self->next != 0 && owned != NULL && version != 0)
    tea_log_emit_amended (TEA_LOG (self), target, version, owned);
}

static void
answer (TeaFakeLog *self, Step *step)
{
  g_autoptr (GTask) task = g_steal_pointer (&step->task);

  if (step->func == do_append && step->error == NULL)
    {
      /* The subscriber knows before whoever has asked. */
      self->head = MAX (self->head, step->seq);
      tell (self, step->seq);
      if (step->target != 0)
        tell_amended (self, step->target);
      set_state (self, TEA_LOG_READY);
    }
  else if (step->func == do_append
           && (g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE)
               || g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN)))
    set_state (self, TEA_LOG_DEGRADED);

  if (step->error != NULL)
    g_task_return_error (task, g_steal_pointer (&step->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&step), step_free);
  g_clear_pointer (&step, step_free);
}

static void
step_cb (gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (TeaFakeLog) self = g_object_ref (step->log);
  guint index = 0;

  if (step->task != NULL && !step->is_done)
    {
      step->is_done = TRUE;
      step->func (self, step);
      tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
      return;
    }

  /* Who is told may crash the log. */
  g_assert_true (g_ptr_array_find (self->steps, step, &index));
  g_ptr_array_steal_index (self->steps, index);
  if (step->task != NULL)
    answer (self, step);
  else
    {
      step->func (self, step);
      step_free (step);
    }
}

static Step *
new_step (TeaFakeLog *self,
          StepFunc func,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  if (!g_task_return_error_if_cancelled (task))
    {
      if (self->state != TEA_LOG_OFFLINE)
        return add_step (self, func, task);
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               "The room has been closed.");
    }

  g_object_unref (task);

  return NULL;
}

/* What it found out; it stays until the result is gone. */
static Step *
finish_step (gpointer self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  Step *step = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  step = g_task_propagate_pointer (G_TASK (result), error);
  if (step != NULL)
    g_task_set_task_data (G_TASK (result), step, step_free);

  return step;
}

static void
begin_append (TeaFakeLog *self, Step *step, GBytes *author, guint64 number, GBytes *record)
{
  step->author = g_bytes_ref (author);
  step->number = number;
  step->record = g_bytes_ref (record);
  if (g_bytes_get_size (record) > TEA_LOG_MAX_RECORD
      || (step->form != NULL && g_bytes_get_size (step->form) > TEA_LOG_MAX_RECORD))
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                         "The message is too long.");
  else
    step->error = tea_fake_faults_draw (self->faults, self->random, &step->is_stored);
  if (step->error == NULL && self->steps->len > MAX_WAITING)
    {
      step->is_stored = FALSE;
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY,
                           "Too much is waiting for the disk. Try again soon.");
    }
  if (!step->is_stored && g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN))
    tea_fake_disk_note_doubtful (self->disk, record);
  set_commit (self, step);
}

static guint64
finish_append (
    TeaLog *log, GAsyncResult *result, gpointer source_tag, gboolean *was_there, GError **error)
{
  Step *step = finish_step (log, result, source_tag, error);

  if (was_there != NULL)
    *was_there = step != NULL && step->was_there;

  return step != NULL ? step->seq : 0;
}

static void
tea_fake_log_append_async (TeaLog *log,
                           GBytes *author,
                           guint64 number,
                           guint64 after,
                           GBytes *record,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step
      = new_step (self, do_append, tea_fake_log_append_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->after = after;
  begin_append (self, step, author, number, record);
}

static guint64
tea_fake_log_append_finish (TeaLog *log, GAsyncResult *result, gboolean *was_there, GError **error)
{
  return finish_append (log, result, tea_fake_log_append_async, was_there, error);
}

static void
tea_fake_log_amend_async (TeaLog *log,
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
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step
      = new_step (self, do_append, tea_fake_log_amend_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->target = target;
  step->form = g_bytes_ref (form);
  step->replaces = replaces;
  begin_append (self, step, author, number, record);
}

static guint64
tea_fake_log_amend_finish (TeaLog *log, GAsyncResult *result, gboolean *was_there, GError **error)
{
  return finish_append (log, result, tea_fake_log_amend_async, was_there, error);
}

static void
tea_fake_log_find_async (TeaLog *log,
                         GBytes *author,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, do_find, tea_fake_log_find_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->author = g_bytes_ref (author);
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static gboolean
tea_fake_log_find_finish (
    TeaLog *log, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error)
{
  Step *step = finish_step (log, result, tea_fake_log_find_async, error);

  if (number != NULL)
    *number = step != NULL ? step->number : 0;
  if (seq != NULL)
    *seq = step != NULL ? step->seq : 0;

  return step != NULL;
}

static void
tea_fake_log_read_async (TeaLog *log,
                         guint64 from,
                         guint max_records,
                         gsize max_bytes,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, do_read, tea_fake_log_read_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->seq = from;
  step->head = self->head;
  step->max_records = max_records;
  step->max_bytes = max_bytes;
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static GPtrArray *
tea_fake_log_read_finish (
    TeaLog *log, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error)
{
  Step *step = finish_step (log, result, tea_fake_log_read_async, error);

  if (step == NULL)
    return NULL;

  if (next != NULL)
    *next = step->seq;
  if (reached_head != NULL)
    *reached_head = step->reached_head;

  return g_steal_pointer (&step->found);
}

static void
tea_fake_log_erase_async (TeaLog *log,
                          guint64 seq,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step
      = new_step (self, do_erase, tea_fake_log_erase_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->seq = seq;
  set_commit (self, step);
}

static gboolean
tea_fake_log_erase_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_erase_async, error) != NULL;
}

static void
tea_fake_log_renew_epoch_async (TeaLog *log,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, do_renew_epoch, tea_fake_log_renew_epoch_async, cancellable,
                         callback, user_data);

  if (step != NULL)
    set_commit (self, step);
}

static gboolean
tea_fake_log_renew_epoch_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_renew_epoch_async, error) != NULL;
}

static void
tea_fake_log_export_async (TeaLog *log,
                           GOutputStream *stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step
      = new_step (self, do_export, tea_fake_log_export_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->stream = g_object_ref (G_OBJECT (stream));
  set_commit (self, step);
}

static gboolean
tea_fake_log_export_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_export_async, error) != NULL;
}

static void
tea_fake_log_import_async (TeaLog *log,
                           GInputStream *stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step
      = new_step (self, do_import, tea_fake_log_import_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->stream = g_object_ref (G_OBJECT (stream));
  set_commit (self, step);
}

static gboolean
tea_fake_log_import_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_import_async, error) != NULL;
}

static void
tea_fake_log_subscribe (TeaLog *log, guint64 from)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);

  self->next = MAX (from, 1);
  add_news (self, self->head);
}

static guint64
tea_fake_log_get_head (TeaLog *log)
{
  return TEA_FAKE_LOG (log)->head;
}

static guint64
tea_fake_log_get_first (TeaLog *log)
{
  return tea_fake_disk_get_first (TEA_FAKE_LOG (log)->disk);
}

static guint64
tea_fake_log_get_epoch (TeaLog *log)
{
  return tea_fake_disk_get_epoch (TEA_FAKE_LOG (log)->disk);
}

static const char *
tea_fake_log_get_durability (TeaLog *log)
{
  return "memory";
}

static TeaLogState
tea_fake_log_get_state (TeaLog *log)
{
  return TEA_FAKE_LOG (log)->state;
}

static void
tea_fake_log_log_init (TeaLogInterface *iface)
{
  iface->append_async = tea_fake_log_append_async;
  iface->append_finish = tea_fake_log_append_finish;
  iface->amend_async = tea_fake_log_amend_async;
  iface->amend_finish = tea_fake_log_amend_finish;
  iface->find_async = tea_fake_log_find_async;
  iface->find_finish = tea_fake_log_find_finish;
  iface->read_async = tea_fake_log_read_async;
  iface->read_finish = tea_fake_log_read_finish;
  iface->erase_async = tea_fake_log_erase_async;
  iface->erase_finish = tea_fake_log_erase_finish;
  iface->renew_epoch_async = tea_fake_log_renew_epoch_async;
  iface->renew_epoch_finish = tea_fake_log_renew_epoch_finish;
  iface->export_async = tea_fake_log_export_async;
  iface->export_finish = tea_fake_log_export_finish;
  iface->import_async = tea_fake_log_import_async;
  iface->import_finish = tea_fake_log_import_finish;
  iface->subscribe = tea_fake_log_subscribe;
  iface->get_head = tea_fake_log_get_head;
  iface->get_first = tea_fake_log_get_first;
  iface->get_epoch = tea_fake_log_get_epoch;
  iface->get_durability = tea_fake_log_get_durability;
  iface->get_state = tea_fake_log_get_state;
}

static void
tea_fake_log_dispose (GObject *object)
{
  TeaFakeLog *self = TEA_FAKE_LOG (object);

  if (self->clock != NULL)
    tea_fake_log_crash (self);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_fake_log_parent_class)->dispose (object);
}

static void
tea_fake_log_finalize (GObject *object)
{
  TeaFakeLog *self = TEA_FAKE_LOG (object);

  g_ptr_array_unref (self->steps);
  g_clear_pointer (&self->draft, tea_room_info_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  tea_fake_disk_unref (self->disk);
  tea_fake_house_unref (self->house);
  g_rand_free (self->random);

  G_OBJECT_CLASS (tea_fake_log_parent_class)->finalize (object);
}

static void
tea_fake_log_class_init (TeaFakeLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_fake_log_dispose;
  object_class->finalize = tea_fake_log_finalize;
}

static void
tea_fake_log_init (TeaFakeLog *self)
{
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

static TeaFakeLog *
new_log (
    TeaFakeHouse *house, guint32 room, TeaClock *clock, GRand *random, const TeaFakeFaults *faults)
{
  TeaFakeLog *self = g_object_new (TEA_TYPE_FAKE_LOG, NULL);

  self->house = tea_fake_house_ref (house);
  self->room = room;
  self->clock = g_object_ref (clock);
  self->random = g_rand_new_with_seed (g_rand_int (random));
  self->faults = faults;

  return self;
}

/**
 * tea_fake_log_new:
 * @house: what the store before it has left
 * @room: a room that is there
 * @clock: when it does what it does
 * @random: where the seed of its own chance comes from
 * @faults: what it does to who uses it; lives as long as the log, and may be changed
 *
 * Returns: (transfer full): the log of a room
 */
TeaFakeLog *
tea_fake_log_new (
    TeaFakeHouse *house, guint32 room, TeaClock *clock, GRand *random, const TeaFakeFaults *faults)
{
  TeaFakeLog *self = new_log (house, room, clock, random, faults);

  self->disk = tea_fake_disk_ref (tea_fake_house_get_disk (house, room));
  self->head = tea_fake_disk_get_head (self->disk);

  return self;
}

/**
 * tea_fake_log_new_draft:
 * @house: where the room is going to be
 * @info: the room, with its number
 * @members: (nullable) (element-type TeaMembership): its members
 * @clock: when it does what it does
 * @random: where the seed of its own chance comes from
 * @faults: what it does to who uses it
 *
 * Returns: (transfer full): the log of a room that is made with its first record
 */
TeaFakeLog *
tea_fake_log_new_draft (TeaFakeHouse *house,
                        const TeaRoomInfo *info,
                        GPtrArray *members,
                        TeaClock *clock,
                        GRand *random,
                        const TeaFakeFaults *faults)
{
  TeaFakeLog *self = new_log (house, info->number, clock, random, faults);

  self->disk = tea_fake_disk_new (1, random);
  self->draft = tea_room_info_copy (info);
  self->members = members != NULL ? g_ptr_array_ref (members) : NULL;

  return self;
}

guint32
tea_fake_log_get_room (TeaFakeLog *self)
{
  return self->room;
}

/**
 * tea_fake_log_get_latest_commit:
 * @self: a log
 *
 * Returns: when all that was asked for so far will be on the disk
 */
gint64
tea_fake_log_get_latest_commit (TeaFakeLog *self)
{
  return self->latest_commit;
}

/**
 * tea_fake_log_crash:
 * @self: a log
 *
 * Ends a log as a power cut does: what is not on the disk is lost. Who waits for an answer
 * is told that it is not known, and nothing further can be asked.
 */
void
tea_fake_log_crash (TeaFakeLog *self)
{
  g_autoptr (GPtrArray) steps = g_steal_pointer (&self->steps);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->next = 0;
  self->state = TEA_LOG_OFFLINE;

  for (guint i = 0; i < steps->len; i++)
    {
      Step *step = g_ptr_array_index (steps, i);

      tea_timer_unset (step->timer);
      if (step->task != NULL)
        g_task_return_new_error (step->task, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                                 "The power is off.");
    }
}
