/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-session.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "tea-error.h"
#include "tea-seat.h"
#include "tea-token-bucket.h"

#define SOFTWARE "Teahouse"

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

/* How much of the past a newcomer can ask for at once; there is more page by page. */
#define MAX_HISTORY 1000

/* For how long a refusal is given again to the very same request: it is a repeat, and
 * nothing has changed. */
#define REPEAT_TIME G_TIME_SPAN_SECOND

/* How far a session is. */
typedef enum
{
  STATE_NEW,      /* outside */
  STATE_ENTERING, /* has asked to be let in */
  STATE_INSIDE,
  STATE_LEFT, /* has said goodbye, and may not have heard the answer */
  STATE_OVER, /* nothing comes or goes any more */
} State;

/**
 * TeaSecureSession:
 *
 * Somebody's connection by the secure protocol: its channel, whether anybody is there, who
 * they are, and how much they may ask for. What they do in a room is their seat's business.
 *
 * A client repeats HELLO and ENTER until it is answered, so that every step has to bear
 * being asked for again.
 */
struct _TeaSecureSession
{
  GObject parent_instance;

  const TeaSecureContext *context; /* (unowned) (nullable): NULL once it is over */
  TeaPacketChannel *channel;       /* (owned) */
  GSignalGroup *signals;           /* (owned): of the channel */
  GSignalGroup *server_signals;    /* (owned): of a server's side of it */
  TeaSecureSender *sender;         /* (owned) (nullable): NULL once it is over */
  TeaQuota *quota;                 /* (unowned) (nullable): NULL once it is over */
  gboolean is_too_many;            /* whether its key has too many sessions */

  State state;
  gboolean is_welcome; /* whether both have agreed on a version */
  gboolean has_left;   /* whether it has said goodbye, even if it is over by now */
  struct
  {
    guint64 epoch;
    guint64 since;
    guint32 stream;
    guint32 history;
    guint32 number; /* the latest of the stream that is stored */
    TeaName *name;  /* (nullable): NULL where it is unfit */
    char *asked_name;
    char *password;
  } request;          /* what it asked for to be let in */
  GBytes *answer;     /* (owned) (nullable): what it was told */
  gint64 answered;    /* when, in µs */
  TeaRefusal refusal; /* why it was not let in, where it was not */

  TeaStay *stay; /* (owned) (nullable): in the house, once inside */
  TeaSeat *seat; /* (owned) (nullable): in the hall, once inside */

  TeaTokenBucket faults; /* how many faults it may make */
  TeaTokenBucket strays; /* how often it is told that it is not inside */
  guint64 challenge;     /* what it has to answer; 0 for nothing */
  gint64 challenged;     /* when it was told so the last time, in µs */
  gint64 last_heard;     /* when anything came from it, in µs */
};

G_DEFINE_FINAL_TYPE (TeaSecureSession, tea_secure_session, G_TYPE_OBJECT)

enum
{
  SIGNAL_HEARD,
  SIGNAL_ENTERED,
  SIGNAL_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
send_challenge (TeaSecureSession *self)
{
  gint64 now = tea_clock_get_time (self->context->clock);
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
  tea_server_channel_prove_path (TEA_SERVER_CHANNEL (self->channel));
}

static const char *
get_key (TeaSecureSession *self)
{
  return tea_packet_channel_get_peer_key (self->channel);
}

static TeaRoom *
get_hall (TeaSecureSession *self)
{
  return tea_house_get_hall (self->context->house);
}

static TeaPresence *
get_presence (TeaSecureSession *self)
{
  return tea_house_get_presence (self->context->house);
}

/* Forgets what was asked, and above all the password. */
static void
clear_request (TeaSecureSession *self)
{
  if (self->request.password != NULL)
    explicit_bzero (self->request.password, strlen (self->request.password));
  g_clear_pointer (&self->request.password, g_free);
  g_clear_pointer (&self->request.asked_name, g_free);
  g_clear_pointer (&self->request.name, tea_name_unref);
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->refusal = TEA_REFUSAL_OTHER;
}

static void
answer (TeaSecureSession *self, State state, GBytes *frame)
{
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = frame;
  self->answered = tea_clock_get_time (self->context->clock);
  self->state = state;
  tea_secure_sender_send (self->sender, g_bytes_ref (frame));
}

static void
refuse (TeaSecureSession *self, TeaRefusal code, const char *text)
{
  g_autoptr (TeaName) suggestion = NULL;

  g_debug ("%s is refused: %s", self->request.asked_name, text);

  if (code == TEA_REFUSAL_NAME_TAKEN)
    suggestion
        = tea_presence_suggest_name (get_presence (self), self->request.name, get_key (self));

  self->refusal = code;
  answer (self, STATE_NEW,
          tea_frame_encode_refused (code, text,
                                    suggestion != NULL ? tea_name_get_text (suggestion) : ""));
}

static TeaRefusal
find_refusal (const GError *error)
{
  if (error->domain != TEA_ERROR)
    return TEA_REFUSAL_TRY_LATER;

  switch ((guint) error->code)
    {
    case TEA_ERROR_NAME_EMPTY:
    case TEA_ERROR_NAME_TOO_LONG:
    case TEA_ERROR_NAME_INVALID:
      return TEA_REFUSAL_NAME_UNFIT;
    case TEA_ERROR_NAME_TAKEN:
      return TEA_REFUSAL_NAME_TAKEN;
    case TEA_ERROR_ROOM_FULL:
      return TEA_REFUSAL_ROOM_FULL;
    case TEA_ERROR_PASSWORD_WRONG:
      return TEA_REFUSAL_PASSWORD_WRONG;
    case TEA_ERROR_TRY_LATER:
      return TEA_REFUSAL_TRY_LATER;
    default:
      return TEA_REFUSAL_OTHER;
    }
}

static void
let_in (TeaSecureSession *self)
{
  TeaRoomReader *reader = tea_room_get_reader (get_hall (self));
  const TeaIntakeOwner owner = { tea_stay_get_name (self->stay), get_key (self),
                                 self->request.stream, self->request.number };
  const char *name = tea_name_get_text (owner.name);
  guint64 head = tea_room_reader_get_head (reader);
  guint64 first = tea_room_reader_get_first (reader);
  guint64 epoch = tea_room_reader_get_epoch (reader);
  guint64 start;
  g_autofree char *address
      = tea_server_channel_dup_peer_address (TEA_SERVER_CHANNEL (self->channel));

  /* Numbers of another log, or of one that was set back, mean nothing. */
  if (self->request.since <= head && self->request.epoch == epoch)
    start = self->request.since + 1;
  else
    start = head + 1 - MIN (head, MIN (self->request.history, MAX_HISTORY));

  self->seat
      = tea_seat_new (get_hall (self), self->context->clock, self->sender, self->quota, &owner);
  answer (self, STATE_INSIDE,
          tea_frame_encode_entered (epoch, first, MAX (start, first), head, self->request.number,
                                    name, ""));
  g_message ("%s (%s) entered; %u in the room", name, address != NULL ? address : get_key (self),
             tea_presence_get_n_people (get_presence (self)));
  g_signal_emit (self, signals[SIGNAL_ENTERED], 0);
}

static void
entered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (TeaStay) stay = NULL;
  g_autoptr (GError) error = NULL;

  stay = tea_presence_enter_finish (TEA_PRESENCE (object), result, &error);
  if (self->state != STATE_ENTERING)
    {
      /* Gone before it was in. */
      if (stay != NULL && self->has_left)
        tea_stay_leave (g_steal_pointer (&stay));
      return;
    }

  if (stay == NULL)
    {
      refuse (self, find_refusal (error), error->message);
      return;
    }

  self->stay = g_steal_pointer (&stay);
  let_in (self);
}

static void
since_checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_checked = tea_room_check_since_finish (TEA_ROOM (object), result, &error);

  if (self->state != STATE_ENTERING)
    return;

  if (!is_checked)
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, error->message);
      return;
    }

  self->request.name = tea_name_new (self->request.asked_name, &error);
  if (self->request.name == NULL)
    {
      refuse (self, find_refusal (error), error->message);
      return;
    }

  /* Who is there already, and only comes back, makes no event. */
  if (tea_presence_find (get_presence (self), self->request.name) == NULL
      && !tea_quota_enter (self->quota))
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, _ ("You come and go too often. Wait a little."));
      return;
    }

  tea_presence_enter_async (get_presence (self), self->request.name, get_key (self), NULL,
                            entered_cb, g_object_ref (self));
}

static void
number_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean found;

  found = tea_room_writer_find_number_finish (TEA_ROOM_WRITER (object), result,
                                              &self->request.number, &error);
  if (self->state != STATE_ENTERING)
    return;

  if (!found)
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, error->message);
      return;
    }

  tea_room_check_since_async (get_hall (self), self->request.epoch, self->request.since,
                              since_checked_cb, g_object_ref (self));
}

static void
find_number (TeaSecureSession *self)
{
  tea_room_writer_find_number_async (tea_room_get_writer (get_hall (self)), get_key (self),
                                     self->request.stream, NULL, number_found_cb,
                                     g_object_ref (self));
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_right;

  is_right = tea_password_guard_check_finish (TEA_PASSWORD_GUARD (object), result, &error);
  if (self->state != STATE_ENTERING)
    return;

  if (is_right)
    find_number (self);
  else
    refuse (self, find_refusal (error), error->message);
}

static void
check_password (TeaSecureSession *self)
{
  g_autofree char *address = NULL;

  if (self->context->guard == NULL)
    {
      find_number (self);
      return;
    }

  if (*self->request.password == '\0')
    {
      refuse (self, TEA_REFUSAL_PASSWORD_NEEDED, _ ("This room has a password."));
      return;
    }

  address = tea_server_channel_dup_peer_address (TEA_SERVER_CHANNEL (self->channel));
  tea_password_guard_check_async (self->context->guard, self->request.password, get_key (self),
                                  address, checked_cb, g_object_ref (self));
}

static gboolean
is_repeat (TeaSecureSession *self, const TeaFrame *frame)
{
  return self->request.asked_name != NULL && self->request.stream == frame->enter.stream
         && g_str_equal (self->request.asked_name, frame->enter.name)
         && g_str_equal (self->request.password, frame->enter.password);
}

/* The same wrong password again is a repeat, not another guess. */
static gboolean
is_answered (TeaSecureSession *self, const TeaFrame *frame)
{
  return self->answer != NULL && is_repeat (self, frame)
         && (self->refusal == TEA_REFUSAL_PASSWORD_WRONG
             || tea_clock_get_time (self->context->clock) - self->answered < REPEAT_TIME);
}

/* Agrees on a version of the protocol. */
static void
greet (TeaSecureSession *self, const TeaFrame *frame)
{
  TeaRefusal refusal;
  const char *text;

  if (frame->hello.minimum <= TEA_PROTOCOL_VERSION && frame->hello.maximum >= TEA_PROTOCOL_VERSION
      && *frame->hello.room == '\0')
    {
      self->is_welcome = TRUE;
      tea_secure_sender_send (self->sender,
                              tea_frame_encode_welcome (TEA_PROTOCOL_VERSION, SOFTWARE));
      return;
    }

  if (*frame->hello.room != '\0')
    {
      refusal = TEA_REFUSAL_NO_ROOM;
      text = _ ("There is no room of that name here.");
    }
  else
    {
      refusal = TEA_REFUSAL_VERSION;
      text = _ ("This server speaks another version of the protocol.");
    }

  tea_secure_sender_send (self->sender, tea_frame_encode_refused (refusal, text, ""));
}

/* Lets somebody in, unless there is something against it. */
static void
enter (TeaSecureSession *self, const TeaFrame *frame)
{
  /* Without a version nothing can be understood; the hello will come again as well. */
  if (!self->is_welcome || self->state == STATE_ENTERING)
    return;

  /* What was asked before something else was answered may come late. */
  if (self->state == STATE_INSIDE)
    {
      if (is_repeat (self, frame))
        tea_secure_sender_send (self->sender, g_bytes_ref (self->answer));
      return;
    }

  if (is_answered (self, frame))
    {
      tea_secure_sender_send (self->sender, g_bytes_ref (self->answer));
      return;
    }

  clear_request (self);
  self->request.epoch = frame->enter.epoch;
  self->request.since = frame->enter.since;
  self->request.stream = frame->enter.stream;
  self->request.history = frame->enter.history;
  self->request.asked_name = g_strdup (frame->enter.name);
  self->request.password = g_strdup (frame->enter.password);
  self->state = STATE_ENTERING;
  check_password (self);
}

static void
close_seats (TeaSecureSession *self)
{
  g_clear_pointer (&self->seat, tea_seat_free);
}

static void
leave (TeaSecureSession *self)
{
  if (self->state == STATE_INSIDE)
    {
      g_message ("%s left", tea_name_get_text (tea_stay_get_name (self->stay)));
      close_seats (self);
      tea_stay_leave (g_steal_pointer (&self->stay));
    }

  self->state = STATE_LEFT;
  self->has_left = TRUE;
  tea_secure_sender_send (self->sender, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
}

static void
note_fault (TeaSecureSession *self, const char *what)
{
  g_debug ("A frame makes no sense: %s", what);

  if (tea_token_bucket_take (&self->faults, tea_clock_get_time (self->context->clock), 1))
    return;

  tea_secure_session_say_goodbye (self, TEA_BYE_CLOSED,
                                  _ ("Too much of what your program sends makes no sense."));
  tea_secure_session_lose (self, "sent too much that makes no sense");
}

/* A late ENTER of somebody who has left must not bring them back. */
static void
handle_outside (TeaSecureSession *self, const TeaFrame *frame)
{
  if (self->state == STATE_LEFT)
    tea_secure_sender_send (self->sender, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
  else if (frame->type == TEA_FRAME_ENTER)
    enter (self, frame);
  else if (self->state == STATE_NEW
           && tea_token_bucket_take (&self->strays, tea_clock_get_time (self->context->clock), 1))
    tea_secure_sender_send (self->sender, tea_frame_encode_bye (TEA_BYE_UNKNOWN, ""));
}

static void
handle (TeaSecureSession *self, const TeaFrame *frame)
{
  switch (frame->type)
    {
    case TEA_FRAME_UNKNOWN:
      break;
    case TEA_FRAME_HELLO:
      greet (self, frame);
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
      if (self->state == STATE_INSIDE)
        enter (self, frame);
      else
        handle_outside (self, frame);
      break;
    case TEA_FRAME_SAY:
    case TEA_FRAME_SAY_PIECE:
    case TEA_FRAME_PULL:
    case TEA_FRAME_PULL_PIECES:
    case TEA_FRAME_WHO:
      if (self->state == STATE_INSIDE)
        tea_seat_handle (self->seat, frame);
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

  g_assert (TEA_IS_SECURE_SESSION (self));

  self->last_heard = tea_clock_get_time (self->context->clock);
  g_signal_emit (self, signals[SIGNAL_HEARD], 0);
  send_challenge (self);

  if (self->is_too_many)
    {
      tea_secure_session_say_goodbye (self, TEA_BYE_CLOSED,
                                      _ ("You have too many connections to this room."));
      tea_secure_session_lose (self, "has too many connections");
      return;
    }

  while (self->state != STATE_OVER && tea_frame_reader_next (&reader, &frame, &error)
         && tea_quota_ask (self->quota, get_cost (&frame)))
    handle (self, &frame);

  if (self->state != STATE_OVER && error != NULL)
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
  tea_secure_session_end (TEA_SECURE_SESSION (object));

  G_OBJECT_CLASS (tea_secure_session_parent_class)->dispose (object);
}

static void
tea_secure_session_finalize (GObject *object)
{
  TeaSecureSession *self = TEA_SECURE_SESSION (object);

  clear_request (self);
  g_object_unref (self->signals);
  g_object_unref (self->server_signals);
  g_object_unref (self->channel);

  G_OBJECT_CLASS (tea_secure_session_parent_class)->finalize (object);
}

static void
tea_secure_session_class_init (TeaSecureSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_secure_session_dispose;
  object_class->finalize = tea_secure_session_finalize;

  /**
   * TeaSecureSession::heard:
   * @self: the session
   *
   * Something came from the client.
   */
  signals[SIGNAL_HEARD] = g_signal_new ("heard", TEA_TYPE_SECURE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaSecureSession::entered:
   * @self: the session
   *
   * Its client is in the house by it.
   */
  signals[SIGNAL_ENTERED] = g_signal_new ("entered", TEA_TYPE_SECURE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaSecureSession::over:
   * @self: the session
   *
   * Its client is gone, or as good as gone.
   */
  signals[SIGNAL_OVER] = g_signal_new ("over", TEA_TYPE_SECURE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_secure_session_init (TeaSecureSession *self)
{
  tea_token_bucket_init (&self->faults, FAULTS_PER_SECOND, FAULTS_BURST);
  tea_token_bucket_init (&self->strays, STRAYS_PER_SECOND, STRAYS_BURST);

  self->signals = g_signal_group_new (TEA_TYPE_PACKET_CHANNEL);
  g_signal_group_connect_swapped (self->signals, "packet", G_CALLBACK (packet_cb), self);
  g_signal_group_connect_swapped (self->signals, "closed", G_CALLBACK (closed_cb), self);
  self->server_signals = g_signal_group_new (TEA_TYPE_SERVER_CHANNEL);
  g_signal_group_connect_swapped (self->server_signals, "moved", G_CALLBACK (moved_cb), self);
}

/**
 * tea_secure_session_new:
 * @context: (transfer none): what it has in common with others, until it is over
 * @channel: where the client is
 *
 * Returns: (transfer full): a session of somebody who is outside
 */
TeaSecureSession *
tea_secure_session_new (const TeaSecureContext *context, TeaPacketChannel *channel)
{
  TeaSecureSession *self;

  g_return_val_if_fail (context != NULL, NULL);
  g_return_val_if_fail (TEA_IS_PACKET_CHANNEL (channel), NULL);

  self = g_object_new (TEA_TYPE_SECURE_SESSION, NULL);
  self->context = context;
  self->channel = g_object_ref (channel);
  self->sender = tea_secure_sender_new (context->senders, channel);
  self->quota = tea_quotas_take (context->quotas, get_key (self));
  self->is_too_many = tea_quota_get_n_sessions (self->quota) > MAX_SESSIONS;
  self->last_heard = tea_clock_get_time (context->clock);
  g_signal_group_set_target (self->signals, channel);
  g_signal_group_set_target (self->server_signals, channel);

  return self;
}

/**
 * tea_secure_session_get_last_heard:
 * @self: a session
 *
 * Returns: when anything came from its client, in µs on the clock
 */
gint64
tea_secure_session_get_last_heard (TeaSecureSession *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_SESSION (self), 0);

  return self->last_heard;
}

/**
 * tea_secure_session_is_inside:
 * @self: a session
 *
 * Returns: whether its client is in the house by it
 */
gboolean
tea_secure_session_is_inside (TeaSecureSession *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_SESSION (self), FALSE);

  return self->state == STATE_INSIDE;
}

/**
 * tea_secure_session_is_same_program:
 * @self: a session
 * @other: another one
 *
 * Returns: whether a program is in the house by both of them, under the same name: only by
 *   chance, one of 2³¹, do two programs of a key have the same stream
 */
gboolean
tea_secure_session_is_same_program (TeaSecureSession *self, TeaSecureSession *other)
{
  g_return_val_if_fail (TEA_IS_SECURE_SESSION (self), FALSE);
  g_return_val_if_fail (TEA_IS_SECURE_SESSION (other), FALSE);

  return self->state == STATE_INSIDE && other->state == STATE_INSIDE
         && self->request.stream == other->request.stream
         && g_str_equal (get_key (self), get_key (other))
         && tea_name_is_same (tea_stay_get_name (self->stay), tea_stay_get_name (other->stay));
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
  g_return_if_fail (TEA_IS_SECURE_SESSION (self));
  g_return_if_fail (self->state != STATE_OVER);

  tea_secure_sender_send (self->sender, tea_frame_encode_bye (code, text));
  tea_secure_sender_flush (self->sender);
}

/**
 * tea_secure_session_lose:
 * @self: a session
 * @how: what has become of its client
 *
 * Ends a session whose client is gone, or as good as gone. They are in the house for a
 * while yet: they may come back.
 */
void
tea_secure_session_lose (TeaSecureSession *self, const char *how)
{
  G_GNUC_UNUSED g_autoptr (TeaSecureSession) kept = NULL;

  g_return_if_fail (TEA_IS_SECURE_SESSION (self));

  kept = g_object_ref (self);
  if (self->state == STATE_OVER)
    return;

  if (self->state == STATE_INSIDE)
    g_message ("%s %s", tea_name_get_text (tea_stay_get_name (self->stay)), how);

  tea_secure_session_end (self);
  g_signal_emit (self, signals[SIGNAL_OVER], 0);
}

/**
 * tea_secure_session_end:
 * @self: a session
 *
 * Ends a session, without a word to the client. Whoever was in the house by it is so for a
 * while yet.
 */
void
tea_secure_session_end (TeaSecureSession *self)
{
  g_return_if_fail (TEA_IS_SECURE_SESSION (self));

  if (self->state == STATE_OVER)
    return;

  self->state = STATE_OVER;
  g_signal_group_set_target (self->signals, NULL);
  g_signal_group_set_target (self->server_signals, NULL);
  close_seats (self);
  g_clear_pointer (&self->stay, tea_stay_lose);
  tea_quotas_give_back (self->context->quotas, g_steal_pointer (&self->quota));
  g_clear_pointer (&self->sender, tea_secure_sender_free);
  self->context = NULL;
  tea_packet_channel_close (self->channel);
}
