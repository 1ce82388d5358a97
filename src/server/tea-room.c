/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-limits.h"

/* How much of what was taken account of before is read again at a start: everybody comes
 * back then, and asks for it. */
#define WARM_UP_EVENTS 100

/**
 * TeaRoom:
 *
 * A room: one log and what is known of it. Whoever comes, goes or says something is written
 * into the log; once that is stored, and the log tells of it, it has happened, and everyone
 * is told of it in that order.
 */
struct _TeaRoom
{
  GObject parent_instance;

  TeaLog *log;           /* (owned) */
  TeaRoomWriter *writer; /* (owned) */
  TeaRoomReader *reader; /* (owned) */
  TeaPresence *presence; /* (owned) */
  gboolean is_open;      /* between open and close */
  gboolean is_epoch_new; /* it was renewed since the room was opened */
};

G_DEFINE_FINAL_TYPE (TeaRoom, tea_room, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
event_cb (TeaRoom *self, TeaEvent *event)
{
  g_assert (TEA_IS_ROOM (self));

  tea_presence_apply (self->presence, event);
  if (!self->is_open)
    {
      tea_room_writer_note_time (self->writer, tea_event_get_time (event));
      return;
    }

  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
  tea_presence_settle (self->presence);
}

static void
tea_room_finalize (GObject *object)
{
  TeaRoom *self = TEA_ROOM (object);

  g_object_unref (self->presence);
  g_object_unref (self->reader);
  g_object_unref (self->writer);
  g_object_unref (self->log);

  G_OBJECT_CLASS (tea_room_parent_class)->finalize (object);
}

static void
tea_room_class_init (TeaRoomClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_room_finalize;

  /**
   * TeaRoom::event:
   * @self: the room
   * @event: what happened
   *
   * Something has happened in the room, and is stored. Each event comes once, in the order
   * of the log.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
}

static void
tea_room_init (TeaRoom *self)
{
}

/**
 * tea_room_new_hall:
 * @log: what happened in it
 * @store: where it is kept who is here
 * @names: whose the names are
 * @clock: what time it is there
 *
 * Returns: (transfer full): the hall, which is not open yet
 */
TeaRoom *
tea_room_new_hall (TeaLog *log, TeaRollStore *store, TeaNameRegistry *names, TeaClock *clock)
{
  TeaRoom *self;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);

  self = g_object_new (TEA_TYPE_ROOM, NULL);
  self->log = g_object_ref (log);
  self->writer = tea_room_writer_new (log, clock);
  self->reader = tea_room_reader_new (log);
  self->presence = tea_presence_new (self->writer, names, store, clock);
  g_signal_connect_object (self->reader, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);

  return self;
}

static void
replayed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!tea_room_reader_replay_finish (TEA_ROOM_READER (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->is_open = TRUE;
  tea_presence_open (self->presence);
  tea_room_reader_follow (self->reader);
  g_task_return_boolean (task, TRUE);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  guint64 as_of = 0;

  if (!tea_presence_load_finish (TEA_PRESENCE (object), result, &as_of, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  tea_room_reader_replay_async (self->reader, as_of - MIN (as_of, WARM_UP_EVENTS) + 1, cancellable,
                                replayed_cb, g_steal_pointer (&task));
}

/**
 * tea_room_open_async:
 * @self: a room that was not opened before
 * @cancellable: (nullable): to give up with
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the room as it was: loads who is in it, and reads in the log what happened after
 * that was saved.
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
  tea_presence_load_async (self->presence, tea_log_get_head (self->log), cancellable, loaded_cb,
                           task);
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

/**
 * tea_room_close:
 * @self: a room
 *
 * Closes the room, and saves who is in it. Nobody leaves by that. What is under way may
 * still be stored. Does nothing where the room is not open.
 */
void
tea_room_close (TeaRoom *self)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  if (!self->is_open)
    return;

  self->is_open = FALSE;
  tea_room_reader_close (self->reader);
  tea_room_writer_close (self->writer);
  tea_presence_close (self->presence);
}

/**
 * tea_room_get_reader:
 * @self: a room
 *
 * Returns: (transfer none): what reads its log
 */
TeaRoomReader *
tea_room_get_reader (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->reader;
}

/**
 * tea_room_get_writer:
 * @self: a room
 *
 * Returns: (transfer none): what writes its log
 */
TeaRoomWriter *
tea_room_get_writer (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->writer;
}

/**
 * tea_room_get_presence:
 * @self: the hall
 *
 * Returns: (transfer none): who is in it
 */
TeaPresence *
tea_room_get_presence (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->presence;
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

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  TeaName *name = g_task_get_task_data (task);
  GError *error = NULL;
  guint64 seq = tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);

  if (seq != 0)
    g_task_return_pointer (task, g_memdup2 (&seq, sizeof seq), g_free);
  else
    g_task_return_error (task, error);

  tea_presence_end_writing (self->presence, name);
}

/**
 * tea_room_say_async:
 * @self: a room
 * @name: what somebody is called in it
 * @key: (nullable): the fingerprint of their key; %NULL for somebody without one
 * @stream: which of the programs of their key says it; 0 for somebody without one
 * @number: which of that program's messages it is, from 1 on; 0 for somebody without a key
 * @text: what they say
 * @callback: called when everyone has heard it, or it is clear that they will not
 * @user_data: for @callback
 *
 * Says something: see tea_room_writer_write_async().
 */
void
tea_room_say_async (TeaRoom *self,
                    TeaName *name,
                    const char *key,
                    guint32 stream,
                    guint32 number,
                    const char *text,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  const TeaDraft draft = { .kind = TEA_EVENT_MESSAGE,
                           .author = name,
                           .text = text,
                           .key = key,
                           .stream = stream,
                           .number = number };
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (name != NULL && text != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_say_async);
  g_task_set_task_data (task, tea_name_ref (name), (GDestroyNotify) tea_name_unref);

  if (!check_text (text, &error))
    g_task_return_error (task, error);
  else if (!tea_presence_begin_writing (self->presence, name, key))
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NOT_A_MEMBER, "%s",
                             _ ("You are not in the room."));
  else
    tea_room_writer_write_async (self->writer, &draft, written_cb, g_steal_pointer (&task));
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
  g_task_return_error (task, tea_room_writer_explain (error));
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
  g_autoptr (GTask) task = NULL;
  guint64 head;

  g_return_if_fail (TEA_IS_ROOM (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_check_since_async);

  head = tea_room_reader_get_head (self->reader);
  if (self->is_epoch_new || epoch != tea_log_get_epoch (self->log) || since <= head)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_message ("Somebody knows event %" G_GUINT64_FORMAT ", but the latest is %" G_GUINT64_FORMAT
             ". If an older copy of the room was put back, this is as it should be",
             since, head);
  self->is_epoch_new = TRUE;
  tea_log_renew_epoch_async (self->log, NULL, renewed_cb, g_steal_pointer (&task));
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
