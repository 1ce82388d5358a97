/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-link-private.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-text.h"

/**
 * TeaSecureLink:
 *
 * A link to a room through the secure protocol: what is said is said until it is known to
 * be stored, what happens is told in order and without holes. One link lives through many
 * connections.
 */
static void tea_secure_link_link_init (TeaLinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSecureLink,
                               tea_secure_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, tea_secure_link_link_init))

/* Sending */

void
_tea_secure_link_flush (TeaSecureLink *self)
{
  g_autoptr (GBytes) packet = NULL;

  tea_timer_unset (self->flush_timer);
  if (self->channel == NULL || tea_packet_builder_is_empty (self->outgoing))
    return;

  packet = tea_packet_builder_take (self->outgoing);
  tea_packet_channel_send (self->channel, packet);
}

static void
flush_cb (gpointer user_data)
{
  _tea_secure_link_flush (user_data);
}

/* Takes the frame; what is sent in one turn shares packets. */
void
_tea_secure_link_send (GBytes *frame, gpointer user_data)
{
  TeaSecureLink *self = user_data;
  g_autoptr (GBytes) owned = frame;

  if (self->channel == NULL)
    return;

  if (!tea_packet_builder_fits (self->outgoing, owned))
    _tea_secure_link_flush (self);
  if (self->channel == NULL)
    return;

  tea_packet_builder_add (self->outgoing, owned);
  if (tea_timer_get_due (self->flush_timer) == 0)
    tea_timer_set (self->flush_timer, 0);
}

/* What its parts tell */

static void
dead_cb (gpointer user_data)
{
  g_autoptr (TeaSecureLink) self = g_object_ref (user_data);

  if (self->phase == TEA_SECURE_LINK_INSIDE)
    _tea_secure_link_lose (self, TRUE);
}

static void
say_cb (GBytes *frame, gpointer user_data)
{
  TeaSecureLink *self = user_data;

  tea_heartbeat_note_said (self->heartbeat);
  _tea_secure_link_send (frame, self);
}

static void
delivered_cb (guint32 number, guint64 seq, gpointer user_data)
{
  tea_link_emit_delivered (user_data, number, seq);
  _tea_secure_link_note_said (user_data);
}

static void
refused_cb (guint32 number, TeaRefusal code, const char *text, gpointer user_data)
{
  gboolean is_final = code != TEA_REFUSAL_TRY_LATER;

  if (*text == '\0')
    text = is_final ? _ ("The server does not take this message.")
                    : _ ("The server cannot store messages at the moment.");

  tea_link_emit_refused (user_data, number, text, is_final);
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  TeaSecureLink *self = user_data;

  tea_roster_take_event (self->roster, event);
  tea_link_emit_event (TEA_LINK (self), event);
}

static void
gap_cb (gpointer user_data)
{
  TeaSecureLink *self = user_data;

  self->passed = tea_event_sequence_get_head (self->events);
  tea_roster_ask (self->roster, self->passed);
  tea_link_emit_gap (TEA_LINK (self));
}

static void
advanced_cb (gpointer user_data)
{
  TeaSecureLink *self = user_data;
  guint64 passed = self->passed;

  if (passed == 0 || tea_event_sequence_get_settled (self->events) < passed)
    return;

  self->passed = 0;
  tea_link_emit_passed (TEA_LINK (self), passed);
}

static void
present_cb (GPtrArray *members, gpointer user_data)
{
  tea_link_emit_present (user_data, members);
}

static void
arrived_cb (TeaMember *member, gpointer user_data)
{
  tea_link_emit_arrived (user_data, member);
}

static void
departed_cb (const char *name, gpointer user_data)
{
  tea_link_emit_departed (user_data, name);
}

/* Receiving */

static void
take_nack (TeaSecureLink *self, const TeaFrame *frame)
{
  g_autofree char *reason = tea_text_make_safe (frame->nack.text);

  if (frame->nack.code != TEA_REFUSAL_NOT_INSIDE)
    tea_say_queue_take_nack (self->sayings, frame->nack.number, frame->nack.code, reason);
  else if (self->phase == TEA_SECURE_LINK_INSIDE)
    _tea_secure_link_lose (self, TRUE);
}

static void
take_bounds (TeaSecureLink *self, guint64 first, guint64 head)
{
  tea_event_sequence_take_bounds (self->events, first, head);
  _tea_secure_link_history_take_first (self, first);
}

static void
take_event (TeaSecureLink *self, TeaEvent *event)
{
  tea_event_sequence_take_event (self->older, event);
  tea_event_sequence_take_event (self->events, event);
}

static void
take_empty (TeaSecureLink *self, guint64 from, guint64 to)
{
  tea_event_sequence_take_empty (self->older, from, to);
  tea_event_sequence_take_empty (self->events, from, to);
  tea_roster_take_empty (self->roster, to, tea_event_sequence_get_head (self->events));
}

static void
take_frame_inside (TeaSecureLink *self, const TeaFrame *frame)
{
  switch (frame->type)
    {
    case TEA_FRAME_EVENT:
      take_event (self, frame->event.event);
      break;
    case TEA_FRAME_PIECE:
      tea_event_sequence_take_piece (self->older, frame->piece.seq, frame->piece.index,
                                     frame->piece.count, frame->piece.bytes);
      tea_event_sequence_take_piece (self->events, frame->piece.seq, frame->piece.index,
                                     frame->piece.count, frame->piece.bytes);
      break;
    case TEA_FRAME_EMPTY:
      take_empty (self, frame->empty.from, frame->empty.to);
      break;
    case TEA_FRAME_HEAD:
      take_bounds (self, frame->head.first, frame->head.head);
      break;
    case TEA_FRAME_SAY_PIECES:
      tea_say_queue_take_pieces (self->sayings, frame->say_pieces.number,
                                 frame->say_pieces.received);
      break;
    case TEA_FRAME_ACK:
      tea_say_queue_take_ack (self->sayings, frame->ack.number, frame->ack.seq);
      break;
    case TEA_FRAME_NACK:
      take_nack (self, frame);
      break;
    case TEA_FRAME_PONG:
      tea_heartbeat_take_pong (self->heartbeat, frame->pong.token);
      break;
    case TEA_FRAME_PRESENT:
      tea_roster_take_page (self->roster, frame->present.as_of, frame->present.next,
                            frame->present.members, frame->present.n_members);
      break;
    case TEA_FRAME_UNKNOWN:
    case TEA_FRAME_HELLO:
    case TEA_FRAME_WELCOME:
    case TEA_FRAME_ENTER:
    case TEA_FRAME_ENTERED:
    case TEA_FRAME_REFUSED:
    case TEA_FRAME_PULL:
    case TEA_FRAME_PULL_PIECES:
    case TEA_FRAME_SAY:
    case TEA_FRAME_SAY_PIECE:
    case TEA_FRAME_PING:
    case TEA_FRAME_WHO:
    case TEA_FRAME_CHALLENGE:
    case TEA_FRAME_RESPONSE:
    case TEA_FRAME_LEAVE:
    case TEA_FRAME_BYE:
    default:
      break;
    }
}

static void
take_frame (TeaSecureLink *self, const TeaFrame *frame)
{
  switch ((guint) frame->type)
    {
    case TEA_FRAME_ENTERED:
      _tea_secure_link_take_entered (self, frame);
      break;
    case TEA_FRAME_REFUSED:
      _tea_secure_link_take_refused (self, frame);
      break;
    case TEA_FRAME_BYE:
      _tea_secure_link_take_bye (self, frame);
      break;
    case TEA_FRAME_PING:
      _tea_secure_link_send (tea_frame_encode_pong (frame->ping.token), self);
      break;
    case TEA_FRAME_CHALLENGE:
      _tea_secure_link_send (tea_frame_encode_response (frame->challenge.token), self);
      break;
    default:
      if (self->phase == TEA_SECURE_LINK_INSIDE || self->phase == TEA_SECURE_LINK_LEAVING)
        take_frame_inside (self, frame);
    }
}

void
_tea_secure_link_take_packet (TeaSecureLink *self, GBytes *packet)
{
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_autoptr (TeaPacketChannel) channel = g_object_ref (self->channel);
  g_autoptr (GError) error = NULL;

  tea_heartbeat_note_heard (self->heartbeat);

  /* A frame may be the end of the connection, and what follows it nothing to us. */
  while (self->channel == channel && tea_frame_reader_next (&reader, &frame, &error))
    take_frame (self, &frame);

  if (error != NULL)
    g_debug ("The server sent what is no frame: %s", error->message);
}

/* The link */

static gboolean
tea_secure_link_say (TeaLink *link, const char *text, guint32 *number, GError **error)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);

  *number = tea_say_queue_push (self->sayings, text);

  return TRUE;
}

static guint32
tea_secure_link_get_stream (TeaLink *link)
{
  return TEA_SECURE_LINK (link)->stream;
}

static void
tea_secure_link_retry (TeaLink *link)
{
  tea_say_queue_unpark (TEA_SECURE_LINK (link)->sayings);
}

static void
tea_secure_link_withdraw (TeaLink *link, guint32 number)
{
  tea_say_queue_withdraw (TEA_SECURE_LINK (link)->sayings, number);
}

static void
tea_secure_link_link_init (TeaLinkInterface *iface)
{
  iface->say = tea_secure_link_say;
  iface->get_stream = tea_secure_link_get_stream;
  iface->retry = tea_secure_link_retry;
  iface->withdraw = tea_secure_link_withdraw;
  _tea_secure_link_entrance_iface_init (iface);
  _tea_secure_link_history_iface_init (iface);
}

static void
tea_secure_link_dispose (GObject *object)
{
  TeaSecureLink *self = TEA_SECURE_LINK (object);

  if (self->timer != NULL)
    _tea_secure_link_entrance_dispose (self);
  _tea_secure_link_history_dispose (self);
  g_clear_pointer (&self->sayings, tea_say_queue_free);
  g_clear_pointer (&self->events, tea_event_sequence_free);
  g_clear_pointer (&self->roster, tea_roster_free);
  g_clear_pointer (&self->heartbeat, tea_heartbeat_free);
  g_clear_pointer (&self->flush_timer, tea_timer_free);
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
  g_free (self->room);
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

static void
make_parts (TeaSecureLink *self)
{
  static const TeaSayQueueFuncs say_funcs = {
    .delivered = delivered_cb,
    .refused = refused_cb,
    .send = say_cb,
  };
  static const TeaEventSequenceFuncs event_funcs = {
    .event = event_cb,
    .gap = gap_cb,
    .advanced = advanced_cb,
    .send = _tea_secure_link_send,
  };
  static const TeaRosterFuncs roster_funcs = {
    .present = present_cb,
    .arrived = arrived_cb,
    .departed = departed_cb,
    .send = _tea_secure_link_send,
  };

  self->flush_timer = tea_timer_new (self->clock, flush_cb, self);
  self->heartbeat
      = tea_heartbeat_new (self->clock, &self->round_trip, _tea_secure_link_send, dead_cb, self);
  self->sayings = tea_say_queue_new (self->clock, &self->round_trip, &say_funcs, self);
  self->events = tea_event_sequence_new (self->clock, &self->round_trip, &event_funcs, self);
  self->roster = tea_roster_new (self->clock, &self->round_trip, &roster_funcs, self);
  _tea_secure_link_history_init (self);
  _tea_secure_link_entrance_init (self);
}

/**
 * tea_secure_link_new:
 * @clock: by which clock
 * @connector: how to reach the server
 * @room: (nullable): which of its rooms; %NULL for its only one
 * @name: what the user wants to be called
 * @password: (nullable): the room's password
 * @since: an event after which everything is wanted; 0 for the latest history
 * @history: how many of the latest events are wanted; %G_MAXUINT32 for all
 *
 * Returns: (transfer full): a link that is in no room
 */
TeaSecureLink *
tea_secure_link_new (TeaClock *clock,
                     TeaPacketConnector *connector,
                     const char *room,
                     const char *name,
                     const char *password,
                     guint64 since,
                     guint32 history)
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
  self->wanted_since = since;
  self->wanted_history = history;
  make_parts (self);

  return self;
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

  if (self->phase != TEA_SECURE_LINK_INSIDE)
    return;

  tea_packet_channel_rebind (self->channel);
  tea_heartbeat_probe (self->heartbeat);
}

/**
 * tea_secure_link_get_name:
 * @self: a link
 *
 * Returns: (nullable): what the user is called in the room, once it was entered
 */
const char *
tea_secure_link_get_name (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->name;
}

/**
 * tea_secure_link_get_room:
 * @self: a link
 *
 * Returns: (nullable): what the room is called, where it is called anything
 */
const char *
tea_secure_link_get_room (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->room;
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
