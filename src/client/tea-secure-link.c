/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-secure-link.h"

#include <glib/gi18n-lib.h>

#include "tea-client-channel.h"
#include "tea-error.h"
#include "tea-heartbeat.h"
#include "tea-packer.h"
#include "tea-text.h"
#include "tea-undertaking.h"

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

/**
 * TeaSecureLink:
 *
 * A link to a server through the secure protocol: one session, which lives through many
 * channels, and the rooms in it.
 */
struct _TeaSecureLink
{
  GObject parent_instance;

  TeaClock *clock;               /* (owned) */
  TeaPacketConnector *connector; /* (owned) */
  char *wanted_room;
  char *wanted_name;
  char *password;

  enum
  {
    PHASE_OUTSIDE,
    PHASE_CONNECTING,
    PHASE_ENTERING,
    PHASE_INSIDE,
    PHASE_LEAVING,
  } phase;

  /* the connection */
  TeaPacketChannel *channel; /* (owned) (nullable) */
  TeaPacker *packer;         /* (owned) */
  TeaRoundTrip round_trip;
  TeaHeartbeat *heartbeat; /* (owned) */

  /* entering and leaving */
  TeaUndertaking moving;
  TeaTimer *timer; /* (owned): when to ask again */
  gint64 patience;
  gint64 began;
  guint n_tries;
  guint n_foreign; /* how many streams were those of others */

  /* the session */
  guint32 stream;
  char *name;        /* (nullable) */
  char *room_name;   /* (nullable) */
  char *server_key;  /* (nullable) */
  char *suggestion;  /* (nullable) */
  TeaRoomLink *room; /* (owned) (nullable) */
};

static void tea_secure_link_link_init (TeaLinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSecureLink,
                               tea_secure_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, tea_secure_link_link_init))

static void connect_channel (TeaSecureLink *self);

static void
send_cb (GBytes *frame, gpointer user_data)
{
  tea_packer_send (TEA_SECURE_LINK (user_data)->packer, frame);
}

static void
clear_channel (TeaSecureLink *self)
{
  tea_timer_unset (self->timer);
  tea_heartbeat_stop (self->heartbeat);
  tea_packer_stop (self->packer);
  if (self->channel != NULL)
    tea_packet_channel_close (self->channel);
  g_clear_object (&self->channel);

  if (self->room != NULL)
    tea_room_link_pause (self->room);
}

/* Who gives up may be in the room already, without knowing it. Nobody waits for an answer:
 * where this is lost, the server finds out by the silence. */
static void
take_leave (TeaSecureLink *self)
{
  if (self->phase != PHASE_ENTERING && self->phase != PHASE_INSIDE)
    return;

  tea_packer_send (self->packer, tea_frame_encode_leave ());
  tea_packer_flush (self->packer);
}

static GTask *
finish_moving (TeaSecureLink *self, guint phase)
{
  self->phase = phase;
  tea_timer_unset (self->timer);

  return tea_undertaking_end (&self->moving);
}

static void
fail_to_enter (TeaSecureLink *self, GError *error)
{
  g_autoptr (GTask) task = finish_moving (self, PHASE_OUTSIDE);

  clear_channel (self);
  g_task_return_error (task, error);
}

static void
finish_leaving (TeaSecureLink *self)
{
  g_autoptr (GTask) task = finish_moving (self, PHASE_OUTSIDE);

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
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (user_data);
  g_autoptr (GTask) task = NULL;

  take_leave (self);
  task = finish_moving (self, PHASE_OUTSIDE);
  clear_channel (self);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
lose (TeaSecureLink *self)
{
  self->phase = PHASE_OUTSIDE;
  clear_channel (self);
  tea_link_emit_lost (TEA_LINK (self), TRUE);
}

static void
end (TeaSecureLink *self, const char *reason)
{
  self->phase = PHASE_OUTSIDE;
  clear_channel (self);
  tea_link_emit_ended (TEA_LINK (self), reason);
}

static void
dead_cb (gpointer user_data)
{
  g_autoptr (TeaSecureLink) self = g_object_ref (user_data);

  if (self->phase == PHASE_INSIDE)
    lose (self);
}

/* Entering */

static void
ask_to_enter (TeaSecureLink *self)
{
  self->n_tries++;
  tea_timer_set (self->timer, self->patience);
  self->patience = MIN (self->patience * 2, LONGEST_PATIENCE);

  tea_packer_send (self->packer,
                   tea_frame_encode_hello (1, TEA_PROTOCOL_VERSION, "teahouse " PACKAGE_VERSION,
                                           self->wanted_room));
  tea_packer_send (self->packer,
                   tea_frame_encode_enter (tea_room_link_get_epoch (self->room),
                                           tea_room_link_get_since (self->room), self->stream,
                                           tea_room_link_get_history (self->room),
                                           self->wanted_name, self->password));
}

/* A number of one's own program, so that its messages can be told from those of others. */
static void
choose_stream (TeaSecureLink *self)
{
  self->stream = (guint32) g_random_int_range (1, G_MAXINT32);
}

static void
take_entered (TeaSecureLink *self, const TeaFrame *frame)
{
  g_autoptr (GTask) task = NULL;

  /* Another program has chosen the same stream, once: its messages are not ours. */
  if (tea_outbox_get_next_number (tea_room_link_get_outbox (self->room)) <= frame->entered.number)
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
  g_free (self->room_name);
  self->room_name = *frame->entered.room != '\0' ? g_strdup (frame->entered.room) : NULL;

  task = finish_moving (self, PHASE_INSIDE);
  tea_heartbeat_start (self->heartbeat);
  tea_room_link_take_entered (self->room, self->stream, frame);
  g_task_return_boolean (task, TRUE);
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

static void
take_refused (TeaSecureLink *self, const TeaFrame *frame)
{
  g_free (self->suggestion);
  self->suggestion
      = *frame->refused.suggestion != '\0' ? g_strdup (frame->refused.suggestion) : NULL;
  fail_to_enter (self, new_refused_error (frame));
}

/* Leaving */

static void
ask_to_leave (TeaSecureLink *self)
{
  self->n_tries++;
  tea_timer_set (self->timer, LEAVE_PATIENCE);
  tea_packer_send (self->packer, tea_frame_encode_leave ());
}

static gboolean
has_said_all (TeaSecureLink *self)
{
  return tea_outbox_get_n_unsent (tea_room_link_get_outbox (self->room)) == 0;
}

/* What was said last is settled, or it is of no use to wait for it. */
static void
unsent_cb (TeaSecureLink *self)
{
  g_assert (TEA_IS_SECURE_LINK (self));

  if (self->phase == PHASE_LEAVING && self->n_tries == 0 && has_said_all (self))
    ask_to_leave (self);
}

static void
timer_cb (gpointer user_data)
{
  g_autoptr (TeaSecureLink) self = g_object_ref (user_data);

  if (self->phase == PHASE_ENTERING && self->n_tries < ENTER_TRIES)
    ask_to_enter (self);
  else if (self->phase == PHASE_ENTERING)
    fail_to_enter (self, new_no_answer_error ());
  else if (self->phase == PHASE_LEAVING && self->n_tries < LEAVE_TRIES)
    ask_to_leave (self);
  else if (self->phase == PHASE_LEAVING)
    finish_leaving (self);
}

/* Receiving */

static void
take_bye (TeaSecureLink *self, const TeaFrame *frame)
{
  if (self->phase == PHASE_LEAVING)
    finish_leaving (self);
  else if (self->phase == PHASE_ENTERING)
    fail_to_enter (self, new_no_answer_error ());
  else if (self->phase == PHASE_INSIDE
           && (frame->bye.code == TEA_BYE_RESTART || frame->bye.code == TEA_BYE_UNKNOWN))
    lose (self);
  else if (self->phase == PHASE_INSIDE)
    {
      g_autofree char *reason = tea_text_make_safe (frame->bye.text);

      end (self, *reason != '\0' ? reason : NULL);
    }
}

static gboolean
is_lost_by (TeaSecureLink *self, const TeaFrame *frame)
{
  return self->phase == PHASE_INSIDE && frame->type == TEA_FRAME_NACK
         && frame->nack.code == TEA_REFUSAL_NOT_INSIDE;
}

static void
take_frame (TeaSecureLink *self, const TeaFrame *frame)
{
  switch ((guint) frame->type)
    {
    case TEA_FRAME_ENTERED:
      if (self->phase == PHASE_ENTERING)
        take_entered (self, frame);
      break;
    case TEA_FRAME_REFUSED:
      if (self->phase == PHASE_ENTERING)
        take_refused (self, frame);
      break;
    case TEA_FRAME_BYE:
      take_bye (self, frame);
      break;
    case TEA_FRAME_PING:
      tea_packer_send (self->packer, tea_frame_encode_pong (frame->ping.token));
      break;
    case TEA_FRAME_PONG:
      tea_heartbeat_take_pong (self->heartbeat, frame->pong.token);
      break;
    case TEA_FRAME_CHALLENGE:
      tea_packer_send (self->packer, tea_frame_encode_response (frame->challenge.token));
      break;
    default:
      if (is_lost_by (self, frame))
        lose (self);
      else
        tea_room_link_take_frame (self->room, frame);
    }
}

static void
packet_cb (TeaSecureLink *self, GBytes *packet)
{
  g_autoptr (TeaSecureLink) kept = g_object_ref (self);
  g_autoptr (TeaPacketChannel) channel = g_object_ref (self->channel);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_SECURE_LINK (self));

  tea_heartbeat_note_heard (self->heartbeat);

  /* A frame may be the end of the connection, and what follows it nothing to us. */
  while (self->channel == channel && tea_frame_reader_next (&reader, &frame, &error))
    take_frame (self, &frame);

  if (error != NULL)
    g_debug ("The server sent what is no frame: %s", error->message);
}

/* The channel has come to its end by itself. */
static void
closed_cb (TeaSecureLink *self)
{
  g_autoptr (TeaSecureLink) kept = g_object_ref (self);

  g_assert (TEA_IS_SECURE_LINK (self));

  if (self->phase == PHASE_LEAVING)
    finish_leaving (self);
  else if (self->phase == PHASE_ENTERING)
    fail_to_enter (self, new_no_answer_error ());
  else if (self->phase == PHASE_INSIDE)
    lose (self);
}

static void
doubted_cb (TeaSecureLink *self)
{
  g_autoptr (TeaSecureLink) kept = g_object_ref (self);

  g_assert (TEA_IS_SECURE_LINK (self));

  if (self->phase == PHASE_INSIDE)
    tea_heartbeat_note_doubted (self->heartbeat);
  else if (self->phase == PHASE_ENTERING && self->n_tries >= DOUBT_TRIES)
    fail_to_enter (self, new_no_answer_error ());
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureLink) self = TEA_SECURE_LINK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaPacketChannel) channel
      = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (source), result, &error);

  /* Somebody has given up meanwhile. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->phase != PHASE_CONNECTING)
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
  /* When it is closed it emits nothing any more. */
  g_object_connect (self->channel, "swapped-object-signal::packet", packet_cb, self,
                    "swapped-object-signal::doubted", doubted_cb, self,
                    "swapped-object-signal::closed", closed_cb, self, NULL);
  tea_packer_start (self->packer, self->channel);
  g_free (self->server_key);
  self->server_key = g_strdup (tea_packet_channel_get_peer_key (self->channel));

  self->phase = PHASE_ENTERING;
  self->patience = FIRST_PATIENCE;
  self->began = tea_clock_get_time (self->clock);
  self->n_tries = 0;
  ask_to_enter (self);
}

static void
connect_channel (TeaSecureLink *self)
{
  self->phase = PHASE_CONNECTING;
  tea_packet_connector_connect_async (self->connector, tea_undertaking_get_steps (&self->moving),
                                      connect_cb, g_object_ref (self));
}

/* The link */

static void
tea_secure_link_join_async (TeaLink *link,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_assert (self->room != NULL);

  g_task_set_source_tag (task, tea_secure_link_join_async);
  tea_undertaking_begin (&self->moving, task, given_up_cb, self);
  self->n_foreign = 0;
  connect_channel (self);
}

static void
tea_secure_link_leave_async (TeaLink *link,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean was_inside = self->phase == PHASE_INSIDE;

  g_task_set_source_tag (task, tea_secure_link_leave_async);
  tea_undertaking_begin (&self->moving, task, given_up_cb, self);
  self->phase = PHASE_LEAVING;

  self->n_tries = 0;
  if (!was_inside)
    finish_leaving (self);
  else if (has_said_all (self))
    ask_to_leave (self);
  else
    tea_timer_set (self->timer, SETTLE_PATIENCE);
}

static gboolean
tea_secure_link_finish (TeaLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
tea_secure_link_link_init (TeaLinkInterface *iface)
{
  iface->join_async = tea_secure_link_join_async;
  iface->join_finish = tea_secure_link_finish;
  iface->leave_async = tea_secure_link_leave_async;
  iface->leave_finish = tea_secure_link_finish;
}

static void
tea_secure_link_dispose (GObject *object)
{
  TeaSecureLink *self = TEA_SECURE_LINK (object);

  if (self->timer != NULL)
    {
      take_leave (self);
      clear_channel (self);
    }
  g_clear_object (&self->room);
  g_clear_pointer (&self->packer, tea_packer_free);
  g_clear_pointer (&self->heartbeat, tea_heartbeat_free);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_object (&self->connector);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_secure_link_parent_class)->dispose (object);
}

static void
tea_secure_link_finalize (GObject *object)
{
  TeaSecureLink *self = TEA_SECURE_LINK (object);

  g_free (self->wanted_room);
  g_free (self->wanted_name);
  g_free (self->password);
  g_free (self->name);
  g_free (self->room_name);
  g_free (self->server_key);
  g_free (self->suggestion);

  G_OBJECT_CLASS (tea_secure_link_parent_class)->finalize (object);
}

static void
tea_secure_link_class_init (TeaSecureLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_secure_link_dispose;
  object_class->finalize = tea_secure_link_finalize;
}

static void
tea_secure_link_init (TeaSecureLink *self)
{
}

/**
 * tea_secure_link_new:
 * @clock: by which clock
 * @connector: how to reach the server
 * @room: (nullable): which of its rooms; %NULL for its only one
 * @name: what the user wants to be called
 * @password: (nullable): the room's password
 * @stream: what tells this program's numbers from those of others; 0 to choose that
 *
 * Returns: (transfer full): a link that is not in, and needs a room to enter
 */
TeaSecureLink *
tea_secure_link_new (TeaClock *clock,
                     TeaPacketConnector *connector,
                     const char *room,
                     const char *name,
                     const char *password,
                     guint32 stream)
{
  TeaSecureLink *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (TEA_IS_PACKET_CONNECTOR (connector), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (TEA_TYPE_SECURE_LINK, NULL);
  self->clock = g_object_ref (clock);
  self->connector = g_object_ref (connector);
  self->wanted_room = g_strdup (room != NULL ? room : "");
  self->wanted_name = g_strdup (name);
  self->password = g_strdup (password != NULL ? password : "");
  self->stream = stream;
  if (stream == 0)
    choose_stream (self);
  self->timer = tea_timer_new (clock, timer_cb, self);
  self->packer = tea_packer_new (clock);
  self->heartbeat = tea_heartbeat_new (clock, &self->round_trip, send_cb, dead_cb, self);

  return self;
}

/**
 * tea_secure_link_add_room:
 * @self: a link that has no room
 * @outbox: what one says there
 * @members: the list of who is there
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Adds the room that is entered.
 *
 * Returns: (transfer none): the link to the room
 */
TeaRoomLink *
tea_secure_link_add_room (TeaSecureLink *self,
                          TeaOutbox *outbox,
                          TeaMemberList *members,
                          const TeaRoomLinkFuncs *funcs,
                          gpointer user_data)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);
  g_return_val_if_fail (self->room == NULL, NULL);

  self->room = tea_room_link_new (self->clock, self->packer, self->heartbeat, &self->round_trip,
                                  outbox, members, funcs, user_data);
  g_signal_connect_object (outbox, "notify::n-unsent", G_CALLBACK (unsent_cb), self,
                           G_CONNECT_SWAPPED);

  return self->room;
}

/**
 * tea_secure_link_note_network_changed:
 * @self: a link
 *
 * The machine's network has changed: goes on from where it is now, and finds out at once
 * whether that works.
 */
void
tea_secure_link_note_network_changed (TeaSecureLink *self)
{
  g_return_if_fail (TEA_IS_SECURE_LINK (self));

  if (self->phase != PHASE_INSIDE)
    return;

  tea_client_channel_rebind (TEA_CLIENT_CHANNEL (self->channel));
  tea_heartbeat_probe (self->heartbeat);
}

/**
 * tea_secure_link_get_stream:
 * @self: a link
 *
 * Returns: what tells this program's numbers from those of others
 */
guint32
tea_secure_link_get_stream (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), 0);

  return self->stream;
}

/**
 * tea_secure_link_get_name:
 * @self: a link
 *
 * Returns: (nullable): what the user is called there, once it was entered
 */
const char *
tea_secure_link_get_name (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->name;
}

/**
 * tea_secure_link_get_room_name:
 * @self: a link
 *
 * Returns: (nullable): what the room is called, where it is called anything
 */
const char *
tea_secure_link_get_room_name (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->room_name;
}

/**
 * tea_secure_link_get_server_key:
 * @self: a link
 *
 * Returns: (nullable): the fingerprint of the server's key, once it is known
 */
const char *
tea_secure_link_get_server_key (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->server_key;
}

/**
 * tea_secure_link_get_suggestion:
 * @self: a link
 *
 * Returns: (nullable): a free name, after the wanted one was found to be taken
 */
const char *
tea_secure_link_get_suggestion (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->suggestion;
}
