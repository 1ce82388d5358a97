/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-event-record.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"
#include "tea-name.h"

/* A clock that is put back by less is not believed. */
#define MAX_STEP_BACK G_TIME_SPAN_MINUTE

/**
 * TeaRoom:
 *
 * The room: a reading of its log. Whoever comes, goes or says something is written into
 * the log; once that is stored, and the log tells of it, it has happened, and everyone is
 * told of it in that order.
 *
 * A member is there by one or more sessions. Who has a key stays for a grace time when
 * the last of them is lost, and so does everyone when the server is started again.
 */
G_DEFINE_FINAL_TYPE (TeaRoom, tea_room, G_TYPE_OBJECT)

enum
{
  SIGNAL_APPENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  char *folded; /* (owned): who says it */
  gboolean is_counted;
} Saying;

static void
saying_free (Saying *saying)
{
  g_free (saying->folded);
  g_free (saying);
}

/* Lines of a conversation are not to go back in time when the clock of the machine does,
 * a little, as clocks do that are kept right. Where it is put back by more it was wrong
 * before, and holding on to that would make all times wrong from then on. */
gint64
tea_room_get_event_time (TeaRoom *self)
{
  gint64 now = tea_clock_get_real_time (self->clock);

  if (now < self->last_time && self->last_time - now < MAX_STEP_BACK)
    now = self->last_time;
  self->last_time = now;

  return now;
}

void
tea_room_append_presence (TeaRoom *self,
                          TeaEventKind kind,
                          const char *name,
                          const char *key,
                          TeaAppenderFunc callback,
                          gpointer user_data)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (0, kind, tea_room_get_event_time (self), name, NULL, key, 0, 0);
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  g_autofree char *folded = tea_name_fold (name);

  tea_appender_append_own (self->appender, folded, record, callback, user_data);
}

/* What a member may know of why something was not stored. */
GError *
tea_room_explain (const GError *error)
{
  if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED))
    return g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED, _ ("The server cannot keep this."));

  if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY))
    return g_error_new_literal (TEA_ERROR, TEA_ERROR_TRY_LATER,
                                _ ("The server has too much to do. Try again later."));

  return g_error_new_literal (
      TEA_ERROR, TEA_ERROR_TRY_LATER,
      _ ("The server cannot keep anything now: its disk may be full. Try again later."));
}

static void
tell_everyone (TeaRoom *self, TeaEvent *event)
{
  for (GList *l = self->listening.head; l != NULL; l = self->next_told)
    {
      self->next_told = l->next;
      tea_seat_tell (l->data, event);
    }
}

static void
log_appended_cb (TeaRoom *self, guint64 seq, GBytes *record)
{
  g_autoptr (TeaEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  TeaPlace *place = NULL;

  g_assert (TEA_IS_ROOM (self));

  if (seq <= self->head)
    return;

  self->head = seq;
  event = tea_event_record_decode (seq, record, &error);
  if (event == NULL)
    {
      g_warning ("Event %" G_GUINT64_FORMAT " cannot be read: %s", seq, error->message);
    }
  else
    {
      tea_recent_events_add (&self->recent, event);
      if (tea_event_get_kind (event) == TEA_EVENT_JOINED)
        place = tea_room_begin_presence (self, event);
      else if (tea_event_get_kind (event) == TEA_EVENT_LEFT)
        place = tea_room_end_presence (self, event);

      tell_everyone (self, event);

      if (place != NULL)
        tea_place_settle (place);
    }

  tea_appender_told (self->appender, seq);
  tea_room_note_change (self);
  g_signal_emit (self, signals[SIGNAL_APPENDED], 0, self->head);
}

static void
log_behind_cb (TeaRoom *self)
{
  g_assert (TEA_IS_ROOM (self));

  tea_room_catch_up (self);
}

/* Hears from the log of all that nobody was told of yet. */
void
tea_room_catch_up (TeaRoom *self)
{
  tea_appender_told (self->appender, self->head);
  tea_log_subscribe (self->log, self->head + 1);
}

static void
tea_room_dispose (GObject *object)
{
  TeaRoom *self = TEA_ROOM (object);

  g_clear_pointer (&self->save_timer, tea_timer_free);
  g_clear_pointer (&self->expiry_timer, tea_timer_free);
  g_hash_table_remove_all (self->places);
  g_clear_object (&self->appender);

  G_OBJECT_CLASS (tea_room_parent_class)->dispose (object);
}

static void
tea_room_finalize (GObject *object)
{
  TeaRoom *self = TEA_ROOM (object);

  g_hash_table_unref (self->places);
  g_hash_table_unref (self->seats);
  tea_recent_events_clear (&self->recent);
  tea_roll_free (self->roll);
  g_clear_object (&self->roll_store);
  g_clear_object (&self->log);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_room_parent_class)->finalize (object);
}

static void
tea_room_class_init (TeaRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_room_dispose;
  object_class->finalize = tea_room_finalize;

  /**
   * TeaRoom::appended:
   * @self: the room
   * @head: the number of the latest event
   *
   * Everyone in the room was told of a new event.
   */
  signals[SIGNAL_APPENDED] = g_signal_new ("appended", TEA_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
tea_room_init (TeaRoom *self)
{
  self->grace = TEA_ROOM_DEFAULT_GRACE;
  self->roll = tea_roll_new ();
  tea_roll_set_lifetime (self->roll, TEA_ROOM_DEFAULT_NAME_LIFETIME);
  self->places
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) tea_place_free);
  self->seats = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) tea_seat_free);
  g_queue_init (&self->listening);
}

/**
 * tea_room_new:
 * @log: what happened in it
 * @roll_store: where its roll of names is kept
 * @clock: what time it is there
 *
 * Returns: (transfer full): a room that is not open yet
 */
TeaRoom *
tea_room_new (TeaLog *log, TeaRollStore *roll_store, TeaClock *clock)
{
  TeaRoom *self;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (TEA_IS_ROLL_STORE (roll_store), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_ROOM, NULL);
  self->log = g_object_ref (log);
  self->roll_store = g_object_ref (roll_store);
  self->clock = g_object_ref (clock);
  self->appender = tea_appender_new (log, clock);
  self->save_timer = tea_timer_new (clock, (TeaTimerFunc) tea_room_save, self);
  self->expiry_timer = tea_timer_new (clock, (TeaTimerFunc) tea_room_expire, self);

  g_signal_connect_object (log, "appended", G_CALLBACK (log_appended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (log, "behind", G_CALLBACK (log_behind_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_room_set_grace:
 * @self: a room
 * @grace: a time, in µs
 *
 * Sets for how long somebody with a key whose last session is lost counts as here, and
 * everybody after a start of the server.
 */
void
tea_room_set_grace (TeaRoom *self, GTimeSpan grace)
{
  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (grace >= 0);

  self->grace = grace;
}

/**
 * tea_room_set_name_lifetime:
 * @self: a room
 * @lifetime: a time, in µs; 0: for ever
 *
 * Sets for how long a name stays its owner's who does not come.
 */
void
tea_room_set_name_lifetime (TeaRoom *self, GTimeSpan lifetime)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  tea_roll_set_lifetime (self->roll, lifetime);
}

/**
 * tea_room_close:
 * @self: a room
 *
 * Closes the room, and keeps the roll. Nobody leaves: they are there again for the grace
 * time when the room is opened the next time. What is under way may still be stored, but
 * is answered with %TEA_ERROR_TRY_LATER. Does nothing where the room is not open.
 */
void
tea_room_close (TeaRoom *self)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  if (!self->is_open)
    return;

  self->is_open = FALSE;
  g_signal_handlers_disconnect_by_data (self->log, self);
  tea_room_save (self);
  tea_timer_unset (self->save_timer);
  tea_timer_unset (self->expiry_timer);
  tea_appender_close (self->appender);
  g_hash_table_remove_all (self->places);
}

static gboolean
check_text (const char *text, GError **error)
{
  gsize size = strlen (text);

  if (size == 0 || !g_utf8_validate (text, (gssize) size, NULL))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                           _ ("There is nothing to say, or it is not valid UTF-8 text."));
      return FALSE;
    }

  if (size > TEA_TEXT_MAX_BYTES)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                   _ ("A message can have at most %d bytes."), TEA_TEXT_MAX_BYTES);
      return FALSE;
    }

  return TRUE;
}

/* Whose a message is, to the log. */
GBytes *
tea_room_make_author (const char *key, guint32 stream)
{
  guint8 author[TEA_FINGERPRINT_SIZE + sizeof stream];
  guint32 bytes = GUINT32_TO_LE (stream);

  if (!tea_fingerprint_to_bytes (key, author))
    return NULL;

  memcpy (author + TEA_FINGERPRINT_SIZE, &bytes, sizeof bytes);

  return g_bytes_new (author, sizeof author);
}

static void
say_settled_cb (guint64 seq, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Saying *saying = g_task_get_task_data (task);
  TeaPlace *place = g_hash_table_lookup (self->places, saying->folded);

  if (error != NULL)
    g_task_return_error (task, tea_room_explain (error));
  else
    g_task_return_pointer (task, g_memdup2 (&seq, sizeof seq), g_free);

  if (place != NULL && saying->is_counted && place->n_saying > 0)
    {
      place->n_saying--;
      tea_place_go_on (place);
    }
}

/**
 * tea_room_say_async:
 * @self: a room
 * @session: by what somebody takes part in it
 * @stream: which of the programs of their key says it; 0 for somebody without one
 * @number: which of that program's messages it is, from 1 on; 0 for somebody without a key
 * @text: what they say
 * @cancellable: (nullable): unused: what is said is said
 * @callback: called when everyone has heard it, or it is clear that they will not
 * @user_data: for @callback
 *
 * Says something. What has a stream and a number is said once, however often it is said
 * again. A stream's numbers are to come in their order; where one is not stored, those
 * after it that were said already are not either, and all are to be said again from
 * there.
 */
void
tea_room_say_async (TeaRoom *self,
                    TeaSession *session,
                    guint32 stream,
                    guint32 number,
                    const char *text,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (TeaEvent) event = NULL;
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GBytes) author = NULL;
  GError *error = NULL;
  const char *key;
  Saying *saying;
  TeaPlace *place;
  TeaSeat *seat;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (TEA_IS_SESSION (session));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_say_async);

  if (!check_text (text, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  seat = g_hash_table_lookup (self->seats, session);
  if (seat == NULL || seat->leaving != NULL)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NOT_A_MEMBER, "%s",
                               _ ("You are not in the room."));
      return;
    }

  place = seat->place;
  key = tea_roll_find (self->roll, place->folded)->key;
  if (key == NULL)
    stream = number = 0;
  else
    author = tea_room_make_author (key, stream);

  event = tea_event_new_logged (0, TEA_EVENT_MESSAGE, tea_room_get_event_time (self),
                                tea_member_get_name (place->member), text, key, stream, number);
  record = tea_event_record_encode (event);

  saying = g_new0 (Saying, 1);
  saying->folded = g_strdup (place->folded);
  saying->is_counted = author != NULL;
  g_task_set_task_data (task, saying, (GDestroyNotify) saying_free);

  /* Messages without a number have the order of their author's coming and going. */
  if (author == NULL)
    {
      tea_appender_append_own (self->appender, place->folded, record, say_settled_cb,
                               g_steal_pointer (&task));
      return;
    }

  place->n_saying++;
  tea_appender_append (self->appender, author, number, record, say_settled_cb,
                       g_steal_pointer (&task));
}

/**
 * tea_room_say_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: the number of the event, also for a repeat; 0 where it was not said, with
 *   @error one of %TEA_ERROR_TRY_LATER, %TEA_ERROR_TEXT_INVALID, %TEA_ERROR_NOT_A_MEMBER,
 *   or %TEA_ERROR_REFUSED where it never will be
 */
guint64
tea_room_say_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_autofree guint64 *seq = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  seq = g_task_propagate_pointer (G_TASK (result), error);

  return seq != NULL ? *seq : 0;
}

static void
settled_cb (guint64 seq, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, TRUE);
}

/**
 * tea_room_settle_async:
 * @self: a room
 * @callback: called when it is so
 * @user_data: for @callback
 *
 * Waits until everything that was asked for before has happened, or is known not to
 * happen now.
 */
void
tea_room_settle_async (TeaRoom *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_ROOM (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_settle_async);
  tea_appender_settle (self->appender, settled_cb, task);
}

/**
 * tea_room_settle_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: %TRUE
 */
gboolean
tea_room_settle_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
