/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-secure-link-private.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-text.h"

/* How a link gets into the room, back into it, and out of it. */

/* HELLO and ENTER are repeated after 250 ms, doubling, until nobody can be there. */
#define FIRST_PATIENCE (250 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_PATIENCE G_TIME_SPAN_SECOND
#define ENTER_TRIES 12
/* A server may not know a channel as soon as we do; after so many tries it should. */
#define DOUBT_TRIES 3
/* Once is chance already. */
#define FOREIGN_TRIES 3

/* Who leaves waits so long for what was said last, and then for an answer. */
#define SETTLE_PATIENCE (500 * G_TIME_SPAN_MILLISECOND)
#define LEAVE_PATIENCE (100 * G_TIME_SPAN_MILLISECOND)
#define LEAVE_TRIES 4

static void connect_channel (TeaSecureLink *self);

static void
clear_channel (TeaSecureLink *self)
{
  tea_timer_unset (self->timer);
  tea_timer_unset (self->flush_timer);
  tea_heartbeat_stop (self->heartbeat);
  tea_say_queue_pause (self->sayings);
  tea_event_sequence_pause (self->events);
  tea_event_sequence_pause (self->older);
  tea_roster_pause (self->roster);

  g_clear_pointer (&self->outgoing, tea_packet_builder_free);
  if (self->channel != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->channel, self);
      tea_packet_channel_close (self->channel);
    }
  g_clear_object (&self->channel);
}

/* Who gives up may be in the room already, without knowing it. Nobody waits for an answer:
 * where this is lost, the server finds out by the silence. */
static void
take_leave (TeaSecureLink *self)
{
  if (self->phase != TEA_SECURE_LINK_ENTERING && self->phase != TEA_SECURE_LINK_INSIDE)
    return;

  _tea_secure_link_send (tea_frame_encode_leave (), self);
  _tea_secure_link_flush (self);
}

static GTask *
finish_task (TeaSecureLink *self, TeaSecureLinkPhase phase)
{
  self->phase = phase;
  tea_timer_unset (self->timer);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);

  return g_steal_pointer (&self->task);
}

static void
fail_to_enter (TeaSecureLink *self, GError *error)
{
  g_autoptr (GTask) task = finish_task (self, TEA_SECURE_LINK_OUTSIDE);

  clear_channel (self);
  g_task_return_error (task, error);
}

static void
finish_leaving (TeaSecureLink *self)
{
  g_autoptr (GTask) task = finish_task (self, TEA_SECURE_LINK_OUTSIDE);

  clear_channel (self);
  g_task_return_boolean (task, TRUE);
}

static GError *
new_no_answer_error (void)
{
  return g_error_new_literal (TEA_ERROR, TEA_ERROR_NO_ANSWER,
                              _ ("The server does not let anybody in at the moment."));
}

static gboolean
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (user_data);
  g_autoptr (GTask) task = NULL;

  take_leave (self);
  task = finish_task (self, TEA_SECURE_LINK_OUTSIDE);
  clear_channel (self);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Not the signal: what a cancellable calls must not let go of it. */
static void
watch_cancellable (TeaSecureLink *self, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;

  self->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancel_cb), self, NULL);
  g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
}

void
_tea_secure_link_lose (TeaSecureLink *self, gboolean soon)
{
  self->phase = TEA_SECURE_LINK_OUTSIDE;
  clear_channel (self);
  tea_link_emit_lost (TEA_LINK (self), soon);
}

void
_tea_secure_link_end (TeaSecureLink *self, const char *reason)
{
  self->phase = TEA_SECURE_LINK_OUTSIDE;
  clear_channel (self);
  tea_link_emit_ended (TEA_LINK (self), reason);
}

/* Entering */

static void
ask_to_enter (TeaSecureLink *self)
{
  guint64 since
      = self->epoch != 0 ? tea_event_sequence_get_settled (self->events) : self->wanted_since;

  self->n_tries++;
  tea_timer_set (self->timer, self->patience);
  self->patience = MIN (self->patience * 2, LONGEST_PATIENCE);

  _tea_secure_link_send (tea_frame_encode_hello (1, TEA_PROTOCOL_VERSION,
                                                 "teahouse " PACKAGE_VERSION, self->wanted_room),
                         self);
  _tea_secure_link_send (tea_frame_encode_enter (self->epoch, since, self->stream,
                                                 self->wanted_history, self->wanted_name,
                                                 self->password),
                         self);
}

static void
packet_cb (TeaSecureLink *self, GBytes *packet)
{
  g_autoptr (TeaSecureLink) kept = g_object_ref (self);

  g_assert (TEA_IS_SECURE_LINK (self));

  _tea_secure_link_take_packet (kept, packet);
}

static void
closed_cb (TeaSecureLink *self)
{
  g_autoptr (TeaSecureLink) kept = g_object_ref (self);

  g_assert (TEA_IS_SECURE_LINK (self));

  _tea_secure_link_take_closed (kept);
}

static void
doubted_cb (TeaSecureLink *self)
{
  g_autoptr (TeaSecureLink) kept = g_object_ref (self);

  g_assert (TEA_IS_SECURE_LINK (self));

  if (kept->phase == TEA_SECURE_LINK_INSIDE)
    tea_heartbeat_note_doubted (kept->heartbeat);
  else if (kept->phase == TEA_SECURE_LINK_ENTERING && kept->n_tries >= DOUBT_TRIES)
    fail_to_enter (kept, new_no_answer_error ());
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureLink) self = TEA_SECURE_LINK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaPacketChannel) channel
      = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (source), result, &error);

  /* Somebody has given up meanwhile. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || self->phase != TEA_SECURE_LINK_CONNECTING)
    {
      if (channel != NULL)
        tea_packet_channel_close (channel);
      return;
    }

  if (channel == NULL)
    {
      fail_to_enter (self, g_steal_pointer (&error));
      return;
    }

  self->channel = g_steal_pointer (&channel);
  self->outgoing = tea_packet_builder_new (tea_packet_channel_get_packet_size (self->channel));
  g_object_connect (self->channel, "swapped-object-signal::packet", packet_cb, self,
                    "swapped-object-signal::doubted", doubted_cb, self,
                    "swapped-object-signal::closed", closed_cb, self, NULL);
  g_free (self->server_key);
  self->server_key = g_strdup (tea_packet_channel_get_peer_key (self->channel));

  self->phase = TEA_SECURE_LINK_ENTERING;
  self->patience = FIRST_PATIENCE;
  self->began = tea_clock_get_time (self->clock);
  self->n_tries = 0;
  ask_to_enter (self);
}

static void
connect_channel (TeaSecureLink *self)
{
  self->phase = TEA_SECURE_LINK_CONNECTING;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tea_packet_connector_connect_async (self->connector, self->cancellable, connect_cb,
                                      g_object_ref (self));
}

/* A number of one's own program, so that its messages can be told from those of others. */
static void
choose_stream (TeaSecureLink *self)
{
  self->stream = (guint32) g_random_int_range (1, G_MAXINT32);
}

static void
begin_log (TeaSecureLink *self, guint64 settled, gboolean is_cut)
{
  tea_event_sequence_forget (self->events);
  tea_event_sequence_start (self->events, settled, G_MAXUINT64);
  _tea_secure_link_history_begin (self, settled + 1, is_cut);
}

/* Goes on where the log was left, or begins with it. Returns whether who is in the room
 * has to be asked for: it does not follow from what happened since. */
static gboolean
take_log (TeaSecureLink *self, const TeaFrame *frame)
{
  guint64 epoch = frame->entered.epoch;
  guint64 start = frame->entered.start;
  guint64 settled = tea_event_sequence_get_settled (self->events);

  self->first = frame->entered.first;

  if (self->epoch == 0)
    {
      self->epoch = epoch;
      /* What is asked for from a number on is not cut down to the latest of it. */
      if (self->wanted_since > 0 && self->wanted_since <= frame->entered.head)
        start = MAX (self->wanted_since + 1, self->first);
      else if (self->wanted_history == G_MAXUINT32)
        start = self->first;
      if (self->wanted_since > 0 && start > self->wanted_since + 1)
        tea_link_emit_gap (TEA_LINK (self));
      begin_log (self, start - 1, FALSE);
      return TRUE;
    }

  if (self->epoch != epoch || settled > frame->entered.head)
    {
      self->epoch = epoch;
      self->passed = frame->entered.head;
      tea_link_emit_gap (TEA_LINK (self));
      tea_roster_forget (self->roster);
      begin_log (self, start - 1, TRUE);
      return TRUE;
    }

  tea_event_sequence_start (self->events, settled, G_MAXUINT64);
  _tea_secure_link_history_resume (self);

  /* Where there is a gap it will be asked for anyway. */
  return start <= settled + 1 && !tea_roster_is_known (self->roster);
}

void
_tea_secure_link_take_entered (TeaSecureLink *self, const TeaFrame *frame)
{
  g_autoptr (GTask) task = NULL;
  gboolean is_going_on = self->epoch == frame->entered.epoch;

  if (self->phase != TEA_SECURE_LINK_ENTERING)
    return;

  /* Another program has chosen the same stream, once: its messages are not ours. */
  if (tea_say_queue_get_next_number (self->sayings) <= frame->entered.number)
    {
      if (++self->n_foreign == FOREIGN_TRIES)
        {
          fail_to_enter (self, new_no_answer_error ());
          return;
        }

      choose_stream (self);
      clear_channel (self);
      connect_channel (self);
      return;
    }

  if (self->n_tries == 1)
    tea_round_trip_add (&self->round_trip, tea_clock_get_time (self->clock) - self->began);

  g_free (self->name);
  self->name = g_strdup (frame->entered.name);
  g_free (self->room);
  self->room = *frame->entered.room != '\0' ? g_strdup (frame->entered.room) : NULL;

  task = finish_task (self, TEA_SECURE_LINK_INSIDE);
  tea_heartbeat_start (self->heartbeat);
  if (take_log (self, frame))
    tea_roster_ask (self->roster, frame->entered.head);

  tea_say_queue_start (self->sayings, frame->entered.number);
  g_task_return_boolean (task, TRUE);

  /* Where the server lets us go on further ahead than where we were, there is a gap. */
  tea_event_sequence_take_bounds (self->events, is_going_on ? frame->entered.start : self->first,
                                  frame->entered.head);
}

static GError *
new_refused_error (const TeaFrame *frame)
{
  g_autofree char *reason = tea_text_make_safe (frame->refused.text);

  switch (frame->refused.code)
    {
    case TEA_REFUSAL_VERSION:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED,
                                  _ ("The server speaks another version of the protocol. Is "
                                     "there a newer version of this program?"));
    case TEA_REFUSAL_NO_ROOM:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED,
                                  _ ("The server has no room of that name."));
    case TEA_REFUSAL_NAME_UNFIT:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_NAME_INVALID,
                                  _ ("The server does not take that name. Choose another."));
    case TEA_REFUSAL_NAME_TAKEN:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_NAME_TAKEN,
                                  _ ("That name belongs to somebody else. Choose another."));
    case TEA_REFUSAL_ROOM_FULL:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_ROOM_FULL,
                                  _ ("The room is full. Try again after a while."));
    case TEA_REFUSAL_PASSWORD_NEEDED:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_PASSWORD_NEEDED,
                                  _ ("The room has a password."));
    case TEA_REFUSAL_PASSWORD_WRONG:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_PASSWORD_WRONG,
                                  _ ("That is not the room’s password."));
    case TEA_REFUSAL_TRY_LATER:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_TRY_LATER,
                                  *reason != '\0'
                                      ? reason
                                      : _ ("The server takes nobody now. Try again later."));
    case TEA_REFUSAL_NOT_INSIDE:
    case TEA_REFUSAL_TEXT_UNFIT:
    case TEA_REFUSAL_OTHER:
    default:
      return g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED,
                                  *reason != '\0' ? reason : _ ("The server does not let us in."));
    }
}

void
_tea_secure_link_take_refused (TeaSecureLink *self, const TeaFrame *frame)
{
  if (self->phase != TEA_SECURE_LINK_ENTERING)
    return;

  g_free (self->suggestion);
  self->suggestion
      = *frame->refused.suggestion != '\0' ? g_strdup (frame->refused.suggestion) : NULL;
  fail_to_enter (self, new_refused_error (frame));
}

static void
join_async (TeaLink *link,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);

  g_assert (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, join_async);
  watch_cancellable (self, cancellable);
  self->n_foreign = 0;
  connect_channel (self);
}

static gboolean
finish (TeaLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Leaving */

static void
ask_to_leave (TeaSecureLink *self)
{
  self->n_tries++;
  tea_timer_set (self->timer, LEAVE_PATIENCE);
  _tea_secure_link_send (tea_frame_encode_leave (), self);
}

static void
leave_async (TeaLink *link,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);
  gboolean was_inside = self->phase == TEA_SECURE_LINK_INSIDE;

  g_assert (self->task == NULL);

  self->phase = TEA_SECURE_LINK_LEAVING;
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, leave_async);
  watch_cancellable (self, cancellable);

  self->n_tries = 0;
  if (!was_inside)
    finish_leaving (self);
  else if (tea_say_queue_is_empty (self->sayings))
    ask_to_leave (self);
  else
    tea_timer_set (self->timer, SETTLE_PATIENCE);
}

/* What was said last is settled, or it is of no use to wait for it. */
void
_tea_secure_link_note_said (TeaSecureLink *self)
{
  if (self->phase == TEA_SECURE_LINK_LEAVING && self->n_tries == 0
      && tea_say_queue_is_empty (self->sayings))
    ask_to_leave (self);
}

static void
timer_cb (gpointer user_data)
{
  g_autoptr (TeaSecureLink) self = g_object_ref (user_data);

  if (self->phase == TEA_SECURE_LINK_ENTERING && self->n_tries < ENTER_TRIES)
    ask_to_enter (self);
  else if (self->phase == TEA_SECURE_LINK_ENTERING)
    fail_to_enter (self, new_no_answer_error ());
  else if (self->phase == TEA_SECURE_LINK_LEAVING && self->n_tries < LEAVE_TRIES)
    ask_to_leave (self);
  else if (self->phase == TEA_SECURE_LINK_LEAVING)
    finish_leaving (self);
}

void
_tea_secure_link_take_bye (TeaSecureLink *self, const TeaFrame *frame)
{
  if (self->phase == TEA_SECURE_LINK_LEAVING)
    finish_leaving (self);
  else if (self->phase == TEA_SECURE_LINK_ENTERING)
    fail_to_enter (self, new_no_answer_error ());
  else if (self->phase == TEA_SECURE_LINK_INSIDE
           && (frame->bye.code == TEA_BYE_RESTART || frame->bye.code == TEA_BYE_UNKNOWN))
    _tea_secure_link_lose (self, TRUE);
  else if (self->phase == TEA_SECURE_LINK_INSIDE)
    {
      g_autofree char *reason = tea_text_make_safe (frame->bye.text);

      _tea_secure_link_end (self, *reason != '\0' ? reason : NULL);
    }
}

/* The channel has come to its end by itself. */
void
_tea_secure_link_take_closed (TeaSecureLink *self)
{
  if (self->phase == TEA_SECURE_LINK_LEAVING)
    finish_leaving (self);
  else if (self->phase == TEA_SECURE_LINK_ENTERING)
    fail_to_enter (self, new_no_answer_error ());
  else if (self->phase == TEA_SECURE_LINK_INSIDE)
    _tea_secure_link_lose (self, TRUE);
}

void
_tea_secure_link_entrance_iface_init (TeaLinkInterface *iface)
{
  iface->join_async = join_async;
  iface->join_finish = finish;
  iface->leave_async = leave_async;
  iface->leave_finish = finish;
}

void
_tea_secure_link_entrance_init (TeaSecureLink *self)
{
  self->timer = tea_timer_new (self->clock, timer_cb, self);
  choose_stream (self);
}

void
_tea_secure_link_entrance_dispose (TeaSecureLink *self)
{
  take_leave (self);
  clear_channel (self);
  g_clear_pointer (&self->timer, tea_timer_free);
}
