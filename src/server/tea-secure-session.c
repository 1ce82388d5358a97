/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-session.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "tea-secure-service-private.h"

/* What is more work than most frames are, and how many of these it counts for. */
#define PULL_COST 2
#define WHO_COST 10

/* Faults of somebody who is known to be who they are are faults of a program. */
#define FAULTS_PER_SECOND 0.2
#define FAULTS_BURST 20

#define STRAYS_PER_SECOND 1
#define STRAYS_BURST 3

/* Whoever has moved is asked to show it, at every sign of life until they do. */
#define CHALLENGE_INTERVAL (50 * G_TIME_SPAN_MILLISECOND)

/* So many sessions of a key are served: more devices than anybody has. */
#define MAX_SESSIONS 32

/* So many members at most go into one packet. */
#define PRESENT_MAX 24

static void
tea_secure_session_deliver (TeaSession *session, TeaEvent *event)
{
  TeaSecureSession *self = TEA_SECURE_SESSION (session);

  /* What happens while it enters is in the log that it will be told of. */
  if (self->state == TEA_SECURE_INSIDE && tea_secure_sender_push (self->sender, event))
    tea_secure_service_note_event (self->service);
}

static void
tea_secure_session_session_init (TeaSessionInterface *iface)
{
  iface->deliver = tea_secure_session_deliver;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSecureSession,
                               tea_secure_session,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_SESSION,
                                                      tea_secure_session_session_init))

static void
send_challenge (TeaSecureSession *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  g_autoptr (GBytes) frame = NULL;

  if (self->challenge == 0 || now - self->challenged < CHALLENGE_INTERVAL)
    return;

  /* In a packet of its own, before all others: so it fits into what has come from there. */
  self->challenged = now;
  frame = tea_frame_encode_challenge (self->challenge);
  tea_packet_channel_send (self->channel, frame);
}

static void
take_response (TeaSecureSession *self, guint64 token)
{
  if (self->challenge == 0 || token != self->challenge)
    return;

  self->challenge = 0;
  tea_packet_channel_prove_path (self->channel);
}

/* As many as fit; whoever wants more asks again from there. */
static void
tell_who_is_here (TeaSecureSession *self, guint64 after)
{
  gsize packet_size = tea_packet_channel_get_packet_size (self->channel);
  TeaPresentMember members[PRESENT_MAX];
  guint64 as_of = 0;
  guint64 next = 0;
  g_autoptr (GPtrArray) entries
      = tea_room_list_present (self->room, after, PRESENT_MAX, &as_of, &next);
  guint n = MIN (entries->len, PRESENT_MAX);
  GBytes *frame;

  for (guint i = 0; i < n; i++)
    {
      const TeaRollEntry *entry = g_ptr_array_index (entries, i);

      members[i] = (TeaPresentMember){ entry->joined, entry->name, entry->key };
    }

  while (g_bytes_get_size (frame = tea_frame_encode_present (as_of, next, members, n)) > packet_size
         && n > 1)
    {
      g_bytes_unref (frame);
      n /= 2;
      next = members[n - 1].joined;
    }

  tea_secure_sender_send (self->sender, frame);
}

static void
close_parts (TeaSecureSession *self)
{
  if (self->speech != NULL)
    tea_speech_close (self->speech);
  if (self->pulls != NULL)
    tea_pull_queue_close (self->pulls);
  g_clear_object (&self->speech);
  g_clear_object (&self->pulls);
}

static void
leave (TeaSecureSession *self)
{
  if (self->state == TEA_SECURE_INSIDE)
    {
      close_parts (self);
      tea_room_leave (self->room, TEA_SESSION (self));
      g_message ("%s left", tea_member_get_name (self->member));
    }

  self->state = TEA_SECURE_LEFT;
  self->has_left = TRUE;
  tea_secure_sender_send (self->sender, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
}

static void
note_fault (TeaSecureSession *self, const char *what)
{
  g_debug ("A frame makes no sense: %s", what);

  if (tea_token_bucket_take (&self->faults, tea_clock_get_time (self->clock), 1))
    return;

  tea_secure_session_say_goodbye (self, TEA_BYE_CLOSED,
                                  _ ("Too much of what your program sends makes no sense."));
  tea_secure_session_lose (self, "sent too much that makes no sense");
}

/* A late ENTER of somebody who has left must not bring them back. */
static void
handle_outside (TeaSecureSession *self, const TeaFrame *frame)
{
  if (self->state == TEA_SECURE_LEFT)
    tea_secure_sender_send (self->sender, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
  else if (frame->type == TEA_FRAME_ENTER)
    tea_secure_session_enter (self, frame);
  else if (self->state == TEA_SECURE_NEW
           && tea_token_bucket_take (&self->strays, tea_clock_get_time (self->clock), 1))
    tea_secure_sender_send (self->sender, tea_frame_encode_bye (TEA_BYE_UNKNOWN, ""));
}

static void
handle_inside (TeaSecureSession *self, const TeaFrame *frame)
{
  switch ((guint) frame->type)
    {
    case TEA_FRAME_ENTER:
      tea_secure_session_enter (self, frame);
      break;
    case TEA_FRAME_SAY:
      tea_speech_say (self->speech, frame->say.number, frame->say.oldest, frame->say.text);
      break;
    case TEA_FRAME_SAY_PIECE:
      tea_speech_say_piece (self->speech, frame->say_piece.number, frame->say_piece.oldest,
                            frame->say_piece.index, frame->say_piece.count, frame->say_piece.bytes);
      break;
    case TEA_FRAME_PULL:
      tea_pull_queue_pull (self->pulls, frame->pull.ranges, frame->pull.n_ranges);
      break;
    case TEA_FRAME_PULL_PIECES:
      tea_pull_queue_pull_pieces (self->pulls, frame->pull_pieces.seq, frame->pull_pieces.missing);
      break;
    case TEA_FRAME_WHO:
      tell_who_is_here (self, frame->who.after);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
handle (TeaSecureSession *self, const TeaFrame *frame)
{
  switch (frame->type)
    {
    case TEA_FRAME_UNKNOWN:
      break;
    case TEA_FRAME_HELLO:
      tea_secure_session_greet (self, frame);
      break;
    case TEA_FRAME_PING:
      tea_secure_sender_send (self->sender, tea_frame_encode_pong (frame->ping.token));
      break;
    case TEA_FRAME_PONG:
      break;
    case TEA_FRAME_RESPONSE:
      take_response (self, frame->response.token);
      break;
    case TEA_FRAME_LEAVE:
      leave (self);
      break;
    case TEA_FRAME_ENTER:
    case TEA_FRAME_SAY:
    case TEA_FRAME_SAY_PIECE:
    case TEA_FRAME_PULL:
    case TEA_FRAME_PULL_PIECES:
    case TEA_FRAME_WHO:
      if (self->state == TEA_SECURE_INSIDE)
        handle_inside (self, frame);
      else
        handle_outside (self, frame);
      break;
    case TEA_FRAME_WELCOME:
    case TEA_FRAME_ENTERED:
    case TEA_FRAME_REFUSED:
    case TEA_FRAME_EVENT:
    case TEA_FRAME_PIECE:
    case TEA_FRAME_EMPTY:
    case TEA_FRAME_HEAD:
    case TEA_FRAME_SAY_PIECES:
    case TEA_FRAME_ACK:
    case TEA_FRAME_NACK:
    case TEA_FRAME_PRESENT:
    case TEA_FRAME_CHALLENGE:
    case TEA_FRAME_BYE:
    default:
      note_fault (self, "only servers send that");
    }
}

static guint
get_cost (const TeaFrame *frame)
{
  if (frame->type == TEA_FRAME_WHO)
    return WHO_COST;
  if (frame->type == TEA_FRAME_PULL || frame->type == TEA_FRAME_PULL_PIECES)
    return PULL_COST;

  return 1;
}

static void
packet_cb (TeaSecureSession *self, GBytes *packet)
{
  G_GNUC_UNUSED g_autoptr (TeaSecureSession) kept = g_object_ref (self);
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;
  gint64 now;

  g_assert (TEA_IS_SECURE_SESSION (self));

  now = tea_clock_get_time (self->clock);
  self->last_heard = now;
  tea_secure_service_note_heard (self->service, self);
  send_challenge (self);

  if (self->is_too_many)
    {
      tea_secure_session_say_goodbye (self, TEA_BYE_CLOSED,
                                      _ ("You have too many connections to this room."));
      tea_secure_session_lose (self, "has too many connections");
      return;
    }

  while (self->state != TEA_SECURE_OVER && tea_frame_reader_next (&reader, &frame, &error)
         && tea_ration_ask (self->ration, get_cost (&frame)))
    handle (self, &frame);

  if (self->state != TEA_SECURE_OVER && error != NULL)
    note_fault (self, error->message);
}

/* Somebody who only says to be there could direct a flood at a stranger: the token cannot
 * be guessed. */
static void
moved_cb (TeaSecureSession *self)
{
  g_assert (TEA_IS_SECURE_SESSION (self));

  do
    gnutls_rnd (GNUTLS_RND_NONCE, &self->challenge, sizeof self->challenge);
  while (self->challenge == 0);

  self->challenged = 0;
  send_challenge (self);
}

static void
closed_cb (TeaSecureSession *self)
{
  g_assert (TEA_IS_SECURE_SESSION (self));

  tea_secure_session_lose (self, "is gone");
}

static void
tea_secure_session_dispose (GObject *object)
{
  TeaSecureSession *self = TEA_SECURE_SESSION (object);

  tea_secure_session_end (self);
  g_clear_object (&self->member);
  g_clear_object (&self->guard);
  g_clear_object (&self->room);

  G_OBJECT_CLASS (tea_secure_session_parent_class)->dispose (object);
}

static void
tea_secure_session_finalize (GObject *object)
{
  TeaSecureSession *self = TEA_SECURE_SESSION (object);

  tea_secure_session_clear_request (self);
  g_clear_pointer (&self->sender, tea_secure_sender_free);
  g_object_unref (self->channel);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_secure_session_parent_class)->finalize (object);
}

static void
tea_secure_session_class_init (TeaSecureSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_secure_session_dispose;
  object_class->finalize = tea_secure_session_finalize;
}

static void
tea_secure_session_init (TeaSecureSession *self)
{
  self->link.data = self;
  tea_token_bucket_init (&self->faults, FAULTS_PER_SECOND, FAULTS_BURST);
  tea_token_bucket_init (&self->strays, STRAYS_PER_SECOND, STRAYS_BURST);
}

/**
 * tea_secure_session_new:
 * @service: what the session belongs to
 * @room: the room
 * @clock: by which clock
 * @guard: (nullable): who knows the password
 * @pusher: who sends the new events
 * @channel: where the client is
 *
 * Returns: (transfer full): a session that is not in the room yet
 */
TeaSecureSession *
tea_secure_session_new (TeaSecureService *service,
                        TeaRoom *room,
                        TeaClock *clock,
                        TeaPasswordGuard *guard,
                        TeaEventPusher *pusher,
                        TeaPacketChannel *channel)
{
  TeaSecureSession *self = g_object_new (TEA_TYPE_SECURE_SESSION, NULL);

  self->service = service;
  self->room = g_object_ref (room);
  self->clock = g_object_ref (clock);
  self->guard = guard != NULL ? g_object_ref (guard) : NULL;
  self->channel = g_object_ref (channel);
  self->sender = tea_secure_sender_new (pusher, channel);
  self->ration
      = tea_secure_service_take_ration (service, tea_packet_channel_get_peer_key (channel));
  self->is_too_many = tea_ration_get_n_sessions (self->ration) > MAX_SESSIONS;
  self->last_heard = tea_clock_get_time (clock);

  g_signal_connect_object (channel, "packet", G_CALLBACK (packet_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_secure_session_say_goodbye:
 * @self: a session that is not over
 * @code: why
 * @text: why, in words
 *
 * Tells the client, at once, that the session is over.
 */
void
tea_secure_session_say_goodbye (TeaSecureSession *self, TeaBye code, const char *text)
{
  tea_secure_sender_send (self->sender, tea_frame_encode_bye (code, text));
  tea_secure_sender_flush (self->sender);
}

/**
 * tea_secure_session_is_same_program:
 * @self: a session
 * @other: another one
 *
 * Returns: whether a program is in the room by both of them, under the same name: only by
 *   chance, one of 2³¹, do two programs of a key have the same stream
 */
gboolean
tea_secure_session_is_same_program (TeaSecureSession *self, TeaSecureSession *other)
{
  return self->state == TEA_SECURE_INSIDE && other->state == TEA_SECURE_INSIDE
         && self->request.stream == other->request.stream
         && g_str_equal (tea_packet_channel_get_peer_key (self->channel),
                         tea_packet_channel_get_peer_key (other->channel))
         && g_str_equal (tea_member_get_key (self->member), tea_member_get_key (other->member));
}

/**
 * tea_secure_session_lose:
 * @self: a session
 * @how: what has become of its client
 *
 * Ends a session whose client is gone, or as good as gone. Its member is in the room for
 * a while yet: they may come back.
 */
void
tea_secure_session_lose (TeaSecureSession *self, const char *how)
{
  g_autoptr (TeaSecureSession) kept = g_object_ref (self);
  TeaSecureService *service = self->service;
  gboolean was_inside = self->state == TEA_SECURE_INSIDE;

  if (self->state == TEA_SECURE_OVER)
    return;

  if (was_inside)
    g_message ("%s %s", tea_member_get_name (self->member), how);

  tea_secure_session_end (self);
  if (was_inside)
    tea_room_lose (kept->room, TEA_SESSION (kept));
  tea_secure_service_forget (service, kept);
}

/**
 * tea_secure_session_end:
 * @self: a session
 *
 * Ends a session, without a word to the room or to the client.
 */
void
tea_secure_session_end (TeaSecureSession *self)
{
  if (self->state == TEA_SECURE_OVER)
    return;

  self->state = TEA_SECURE_OVER;
  g_signal_handlers_disconnect_by_data (self->channel, self);
  close_parts (self);
  tea_secure_service_give_back_ration (self->service, self->ration);
  self->ration = NULL;
  self->service = NULL;
  g_clear_pointer (&self->sender, tea_secure_sender_free);
  tea_packet_channel_close (self->channel);
}
