/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-private.h"

#include "tea-event-record.h"

/* The roll is saved so long after something happened, and after so many events at the
 * latest: then little has to be read again at the next start, and little waits for that to
 * be removed from the log. */
#define SAVE_DELAY (2 * G_TIME_SPAN_SECOND)
#define SAVE_EVENTS 1000

/* How often to look for names that are free again. */
#define EXPIRY_INTERVAL G_TIME_SPAN_DAY

/* How much of what the saved roll takes account of is read again at a start: everybody
 * comes back then, and asks for it. */
#define WARM_UP_EVENTS 100

/* How much is read at a time. */
#define READ_EVENTS 1000
#define READ_BYTES (1024 * 1024)

typedef struct
{
  guint64 from;
  guint64 to;
  gsize max_bytes;
  guint64 next;
} Reading;

void
tea_room_save (TeaRoom *self)
{
  tea_timer_unset (self->save_timer);
  if (self->saved == self->head && !tea_roll_is_changed (self->roll))
    return;

  tea_roll_save (self->roll, self->roll_store, self->head);
  self->saved = self->head;
}

/* Decides when to save the roll. */
void
tea_room_note_change (TeaRoom *self)
{
  if (self->head - self->saved >= SAVE_EVENTS)
    tea_room_save (self);
  else if (tea_timer_get_due (self->save_timer) == 0)
    tea_timer_set (self->save_timer, SAVE_DELAY);
}

void
tea_room_expire (TeaRoom *self)
{
  tea_roll_expire (self->roll, tea_clock_get_real_time (self->clock));
  tea_room_note_change (self);
  tea_timer_set (self->expiry_timer, EXPIRY_INTERVAL);
}

static void
finish_opening (TeaRoom *self)
{
  self->is_open = TRUE;
  tea_room_restore_presence (self);
  tea_room_expire (self);
  tea_room_catch_up (self);
}

static void replay (GTask *task);

static void
replay_entry (TeaRoom *self, TeaLogEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaEvent) event = tea_event_record_decode (entry->seq, entry->record, &error);

  if (event == NULL)
    {
      g_warning ("Event %" G_GUINT64_FORMAT " cannot be read: %s", entry->seq, error->message);
      return;
    }

  self->last_time = tea_event_get_time (event);
  tea_recent_events_add (&self->recent, event);
  if (entry->seq > self->saved)
    tea_roll_apply (self->roll, event);
}

static void
replayed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean reached_head = FALSE;
  guint64 next;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);
  if (entries == NULL)
    {
      /* Retention was there before us. */
      if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED)
          && tea_log_get_first (self->log) > self->head + 1)
        {
          self->head = tea_log_get_first (self->log) - 1;
          replay (g_steal_pointer (&task));
          return;
        }

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < entries->len; i++)
    replay_entry (self, g_ptr_array_index (entries, i));

  self->head = MAX (self->head, next - 1);
  if (!reached_head)
    {
      replay (g_steal_pointer (&task));
      return;
    }

  finish_opening (self);
  g_task_return_boolean (task, TRUE);
}

static void
replay (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  tea_log_read_async (self->log, self->head + 1, READ_EVENTS, READ_BYTES,
                      g_task_get_cancellable (task), replayed_cb, task);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  guint64 as_of = 0;

  entries = tea_roll_store_load_finish (TEA_ROLL_STORE (object), result, &as_of, &error);
  if (entries == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  tea_roll_load (self->roll, entries);

  /* A roll from the future belongs to another log: only whose names are whose counts. */
  if (as_of > tea_log_get_head (self->log))
    {
      tea_roll_forget_presence (self->roll);
      as_of = 0;
    }

  self->saved = as_of;
  self->head = MAX (as_of - MIN (as_of, WARM_UP_EVENTS), tea_log_get_first (self->log) - 1);
  replay (g_steal_pointer (&task));
}

/**
 * tea_room_open_async:
 * @self: a room that was not opened before
 * @cancellable: (nullable): to give up with
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the room as it was: reads the roll, and in the log what happened after it was
 * saved. Whoever was in the room has the grace time to come back, without anybody
 * hearing that they were gone.
 */
void
tea_room_open_async (TeaRoom *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (!self->is_open);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_open_async);
  tea_roll_store_load_async (self->roll_store, cancellable, loaded_cb, task);
}

/**
 * tea_room_open_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is open; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_room_open_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void read_from_log (GTask *task);

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean reached_head = FALSE;
  guint64 next = 0;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);
  if (entries == NULL && g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED)
      && tea_log_get_first (self->log) > reading->from)
    {
      reading->from = tea_log_get_first (self->log);
      read_from_log (g_steal_pointer (&task));
      return;
    }

  if (entries == NULL)
    {
      g_task_return_error (task, tea_room_explain (error));
      return;
    }

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  for (guint i = 0; i < entries->len; i++)
    {
      TeaLogEntry *entry = g_ptr_array_index (entries, i);
      TeaEvent *event = NULL;

      if (entry->seq <= reading->to)
        event = tea_event_record_decode (entry->seq, entry->record, NULL);
      if (event != NULL)
        g_ptr_array_add (events, event);
    }

  reading->next = reached_head ? reading->to + 1 : MIN (next, reading->to + 1);
  g_task_return_pointer (task, g_steal_pointer (&events), (GDestroyNotify) g_ptr_array_unref);
}

static void
read_from_log (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);

  if (reading->from > reading->to)
    {
      reading->next = reading->from;
      g_task_return_pointer (task,
                             g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref),
                             (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }

  tea_log_read_async (self->log, reading->from,
                      (guint) MIN (reading->to - reading->from + 1, READ_EVENTS),
                      reading->max_bytes, g_task_get_cancellable (task), read_cb, task);
}

/**
 * tea_room_read_async:
 * @self: a room
 * @from: the first number
 * @to: the last number, not below @from
 * @max_bytes: how many bytes the events may have together, but for the first
 * @cancellable: (nullable): to give up with
 * @callback: called with the events
 * @user_data: for @callback
 *
 * Reads what has happened: from memory where it was lately, otherwise from the log.
 */
void
tea_room_read_async (TeaRoom *self,
                     guint64 from,
                     guint64 to,
                     gsize max_bytes,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) events = NULL;
  Reading *reading;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (from <= to);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_read_async);

  reading = g_new0 (Reading, 1);
  reading->from = MAX (from, tea_log_get_first (self->log));
  reading->to = MIN (to, self->head);
  reading->max_bytes = max_bytes;
  g_task_set_task_data (task, reading, g_free);

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  if (reading->from <= reading->to
      && tea_recent_events_read (&self->recent, reading->from, reading->to, max_bytes, events,
                                 &reading->next))
    g_task_return_pointer (task, g_steal_pointer (&events), (GDestroyNotify) g_ptr_array_unref);
  else
    read_from_log (g_steal_pointer (&task));
}

/**
 * tea_room_read_finish:
 * @self: a room
 * @result: what the callback was given
 * @next: (out) (optional): the number to go on from: up to there, numbers without an
 *   event have none
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaEvent): the events, in ascending order; or
 *   %NULL, with @error
 */
GPtrArray *
tea_room_read_finish (TeaRoom *self, GAsyncResult *result, guint64 *next, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (next != NULL)
    *next = ((Reading *) g_task_get_task_data (G_TASK (result)))->next;

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  guint64 number;

  if (tea_log_find_finish (TEA_LOG (object), result, &number, NULL, &error))
    g_task_return_pointer (task, g_memdup2 (&number, sizeof number), g_free);
  else
    g_task_return_error (task, tea_room_explain (error));
}

/**
 * tea_room_get_number_async:
 * @self: a room
 * @key: the fingerprint of a key
 * @stream: one of the programs of that key
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds out how much of what a program said is stored.
 */
void
tea_room_get_number_async (TeaRoom *self,
                           const char *key,
                           guint32 stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GBytes) author = NULL;
  GTask *task;

  g_return_if_fail (TEA_IS_ROOM (self));

  author = tea_room_make_author (key, stream);
  g_return_if_fail (author != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_get_number_async);
  tea_log_find_async (self->log, author, cancellable, found_cb, task);
}

/**
 * tea_room_get_number_finish:
 * @self: a room
 * @result: what the callback was given
 * @number: (out): the highest number that is stored; 0 for none
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer
 */
gboolean
tea_room_get_number_finish (TeaRoom *self, GAsyncResult *result, guint32 *number, GError **error)
{
  g_autofree guint64 *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  *number = found != NULL ? (guint32) *found : 0;

  return found != NULL;
}

static void
renewed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (tea_log_renew_epoch_finish (TEA_LOG (object), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  TEA_ROOM (g_task_get_source_object (task))->is_epoch_new = FALSE;
  g_task_return_error (task, tea_room_explain (error));
}

/**
 * tea_room_check_since_async:
 * @self: a room
 * @epoch: an epoch
 * @since: up to which event of that epoch somebody knows everything
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Lets somebody tell how far they are who was here before. Who knows more of this very
 * epoch than there is has seen what an older copy of the log does not have, that was put
 * back since: then these numbers come again for something else, and another epoch begins.
 *
 * As nobody can be made to tell the truth, that happens once after each opening: the log
 * cannot have been replaced a second time.
 */
void
tea_room_check_since_async (
    TeaRoom *self, guint64 epoch, guint64 since, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_ROOM (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_check_since_async);

  if (self->is_epoch_new || epoch != tea_log_get_epoch (self->log) || since <= self->head)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  g_message ("Somebody knows event %" G_GUINT64_FORMAT ", but the latest is %" G_GUINT64_FORMAT
             ". If an older copy of the room was put back, this is as it should be",
             since, self->head);
  self->is_epoch_new = TRUE;
  tea_log_renew_epoch_async (self->log, NULL, renewed_cb, task);
}

/**
 * tea_room_check_since_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the epoch is the right one now
 */
gboolean
tea_room_check_since_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
