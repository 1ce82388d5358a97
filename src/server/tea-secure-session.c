/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-session.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "tea-error.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-news.h"
#include "tea-refusal.h"
#include "tea-room-ref.h"
#include "tea-seat.h"
#include "tea-session-log.h"
#include "tea-token-bucket.h"

#define SOFTWARE "Teahouse"

/* Faults of somebody who is known to be who they are are faults of a program. */
#define FAULTS_PER_SECOND 0.2
#define FAULTS_BURST 20

#define STRAYS_PER_SECOND 1
#define STRAYS_BURST 3

/* Whoever has moved is asked to show it, at every sign of life until they do. */
#define CHALLENGE_INTERVAL (50 * G_TIME_SPAN_MILLISECOND)

/* So many sessions of a key are served: more devices than anybody has. */
#define MAX_SESSIONS 32

/* So many rooms can be open, or asked for, in a session. */
#define MAX_CHANNELS 256

/* So many rooms at most go into one packet. */
#define LIST_MAX 24

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
    guint32 stream;
    char *name;
    char *password;
  } request;          /* what it asked for to be let in */
  GBytes *answer;     /* (owned) (nullable): what it was told */
  gint64 answered;    /* when, in µs */
  TeaRefusal refusal; /* why it was not let in, where it was not */
  char *taken;        /* (owned) (nullable): the same in words, while a name is looked for that
                         it could have */

  TeaName *name; /* (owned) (nullable): what its client is called, or wants to be */
  char *address; /* (owned) (nullable): from where it came */
  TeaStay *stay; /* (owned) (nullable): in the house, once inside */
  TeaSeatOwner owner;
  GHashTable *seats; /* (element-type guint16 TeaSeat): by channel */
  GHashTable *left;  /* (element-type guint16): channels that were closed without being asked,
                        of which the client may not have heard */
  GByteArray *used;  /* a bit for each channel that was closed */
  TeaNews *news;     /* (owned) (nullable): of rooms that are not open, once inside */

  TeaTokenBucket faults; /* how many faults it may make */
  TeaTokenBucket strays; /* how often it is told that it is not inside */
  guint64 challenge;     /* what it has to answer; 0 for nothing */
  gint64 challenged;     /* when it was told so the last time, in µs */
  gint64 last_heard;     /* when anything came from it, in µs */
  gint64 entered;        /* when it came in, in µs since the Unix epoch, UTC */
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

/* Sends a frame of the session. */
static void
send (TeaSecureSession *self, GBytes *frame)
{
  tea_secure_sender_send (self->sender, 0, frame);
}

static const char *
get_key (TeaSecureSession *self)
{
  return tea_packet_channel_get_peer_key (self->channel);
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
  g_clear_pointer (&self->request.name, g_free);
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
  send (self, g_bytes_ref (frame));
}

static void
refuse (TeaSecureSession *self, TeaRefusal code, const char *text, TeaName *suggestion)
{
  g_debug ("%s is refused: %s", self->request.name, text);

  if (code == TEA_REFUSAL_ROOM_FULL)
    tea_quota_note (self->quota, TEA_DROP_PEOPLE);
  self->refusal = code;
  answer (self, STATE_NEW,
          tea_frame_encode_refused (code, text,
                                    suggestion != NULL ? tea_name_get_text (suggestion) : ""));
}

static void
suggested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (TeaName) suggestion = tea_presence_suggest_name_finish (TEA_PRESENCE (object), result);
  g_autofree char *text = g_steal_pointer (&self->taken);

  if (self->state != STATE_ENTERING)
    return;

  refuse (self, TEA_REFUSAL_NAME_TAKEN, text, suggestion);
}

static void
let_in (TeaSecureSession *self)
{
  TeaHouse *house = self->context->house;
  GHashTableIter iter;
  TeaSeat *seat;
  TeaHouseFlags flags = 0;

  if (tea_house_may_make_rooms (house, get_key (self)))
    flags |= TEA_HOUSE_MAY_MAKE_ROOMS;
  if (tea_house_is_operator (house, get_key (self)))
    flags |= TEA_HOUSE_OPERATOR;
  if (!tea_house_get_has_pairs (house))
    flags |= TEA_HOUSE_NO_PAIRS;

  self->owner.visitor = (TeaVisitor){ self->name, get_key (self), self->request.stream,
                                      self->address, self->quota };
  self->entered = tea_clock_get_real_time (self->context->clock);
  self->news = tea_news_new (house, self->context->clock, self->sender, get_key (self));
  answer (self, STATE_INSIDE,
          tea_frame_encode_entered (flags, tea_name_get_text (self->name),
                                    tea_room_get_info (tea_house_get_hall (house))->title));
  tea_secure_session_send_limits (self);
  tea_door_note_address (tea_house_get_door (house), get_key (self), self->address);
  tea_session_log_write (TEA_SESSION_ENTERED, tea_name_get_text (self->name), get_key (self),
                         self->address, "entered; %u in the house",
                         tea_presence_get_n_people (get_presence (self)));

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &seat))
    tea_seat_begin (seat);
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

  if (g_error_matches (error, TEA_ERROR, TEA_ERROR_NAME_TAKEN))
    {
      g_free (self->taken);
      self->taken = g_strdup (error->message);
      tea_presence_suggest_name_async (TEA_PRESENCE (object), self->name, get_key (self),
                                       suggested_cb, g_object_ref (self));
      return;
    }

  /* They may have been sent out meanwhile. */
  if (stay == NULL
      || !tea_door_check (tea_house_get_door (self->context->house), get_key (self), &error))
    {
      refuse (self, tea_refusal_from_error (error), error->message, NULL);
      if (stay != NULL)
        tea_stay_leave (g_steal_pointer (&stay));
      return;
    }

  g_clear_pointer (&self->name, tea_name_unref);
  self->name = tea_name_ref (tea_stay_get_name (stay));
  self->stay = g_steal_pointer (&stay);
  let_in (self);
}

static void
asked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean may_come = tea_door_ask_finish (TEA_DOOR (object), result, &error);

  if (self->state != STATE_ENTERING)
    return;

  if (!may_come)
    {
      refuse (self, tea_refusal_from_error (error), error->message, NULL);
      return;
    }

  tea_presence_enter_async (get_presence (self), self->name, get_key (self), self->address, NULL,
                            entered_cb, g_object_ref (self));
}

static void
come_in (TeaSecureSession *self)
{
  TeaDoor *door = tea_house_get_door (self->context->house);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->name, tea_name_unref);
  self->name = tea_name_new (self->request.name, &error);
  if (self->name == NULL)
    {
      refuse (self, tea_refusal_from_error (error), error->message, NULL);
      return;
    }

  /* Who is there already, and only comes back, makes no event. */
  if (tea_presence_find (get_presence (self), self->name) == NULL && !tea_quota_enter (self->quota))
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, _ ("You come and go too often. Wait a little."), NULL);
      return;
    }

  if (tea_door_needs_names (door))
    tea_door_ask_async (door, get_key (self), self->address, asked_cb, g_object_ref (self));
  else if (tea_door_check (door, get_key (self), &error))
    tea_presence_enter_async (get_presence (self), self->name, get_key (self), self->address, NULL,
                              entered_cb, g_object_ref (self));
  else
    refuse (self, tea_refusal_from_error (error), error->message, NULL);
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
    come_in (self);
  else
    refuse (self, tea_refusal_from_error (error), error->message, NULL);
}

static void
check_password (TeaSecureSession *self)
{
  if (self->context->guard == NULL)
    come_in (self);
  else if (*self->request.password == '\0')
    refuse (self, TEA_REFUSAL_PASSWORD_NEEDED, _ ("This room has a password."), NULL);
  else
    tea_password_guard_check_async (self->context->guard, self->request.password, get_key (self),
                                    self->address, checked_cb, g_object_ref (self));
}

static gboolean
is_repeat (TeaSecureSession *self, const TeaFrame *frame)
{
  return self->request.name != NULL && self->request.stream == frame->enter.stream
         && g_str_equal (self->request.name, frame->enter.name)
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
  if (frame->hello.minimum > TEA_PROTOCOL_VERSION || frame->hello.maximum < TEA_PROTOCOL_VERSION)
    {
      send (self,
            tea_frame_encode_refused (TEA_REFUSAL_VERSION,
                                      _ ("This server speaks another version of the protocol."),
                                      ""));
      return;
    }

  self->is_welcome = TRUE;
  send (self, tea_frame_encode_welcome (TEA_PROTOCOL_VERSION, SOFTWARE));
}

/* Lets somebody in, unless there is something against it. */
static void
enter (TeaSecureSession *self, const TeaFrame *frame)
{
  /* A late one of somebody who has left must not bring them back. */
  if (self->state == STATE_LEFT)
    {
      send (self, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
      return;
    }

  /* Without a version nothing can be understood; the hello will come again as well. */
  if (!self->is_welcome || self->state == STATE_ENTERING)
    return;

  /* What was asked before something else was answered may come late. */
  if (self->state == STATE_INSIDE)
    {
      if (is_repeat (self, frame))
        send (self, g_bytes_ref (self->answer));
      return;
    }

  if (is_answered (self, frame))
    {
      send (self, g_bytes_ref (self->answer));
      return;
    }

  clear_request (self);
  self->request.stream = frame->enter.stream;
  self->request.name = g_strdup (frame->enter.name);
  self->request.password = g_strdup (frame->enter.password);
  self->state = STATE_ENTERING;
  check_password (self);
}

static void
close_seats (TeaSecureSession *self)
{
  GHashTableIter iter;
  TeaSeat *seat;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &seat))
    tea_seat_close (seat);
  g_hash_table_remove_all (self->seats);
  g_clear_pointer (&self->news, tea_news_free);
}

static void
leave (TeaSecureSession *self)
{
  if (self->state == STATE_INSIDE)
    {
      tea_session_log_write (TEA_SESSION_LEFT, tea_name_get_text (self->name), get_key (self),
                             self->address, "left");
      close_seats (self);
      tea_stay_leave (g_steal_pointer (&self->stay));
    }

  self->state = STATE_LEFT;
  self->has_left = TRUE;
  send (self, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
}

static void
send_close (TeaSecureSession *self, guint16 channel, TeaClose code)
{
  tea_secure_sender_send (self->sender, channel, tea_frame_encode_close (code, ""));
}

static TeaSeat *
find_seat (TeaSecureSession *self, guint16 channel)
{
  return g_hash_table_lookup (self->seats, GUINT_TO_POINTER (channel));
}

/* Whether a channel was closed. So that a late OPEN does not let somebody into a room again that
 * they have left meanwhile, a channel is used once; but for the hall's, which nobody leaves so. */
static gboolean
is_used (TeaSecureSession *self, guint16 channel)
{
  return channel / 8 < self->used->len && (self->used->data[channel / 8] & 1 << channel % 8) != 0;
}

static void
note_used (TeaSecureSession *self, guint16 channel)
{
  guint len = self->used->len;

  if (channel == 0)
    return;

  if (channel / 8 >= len)
    {
      g_byte_array_set_size (self->used, channel / 8 + 1);
      memset (self->used->data + len, 0, self->used->len - len);
    }
  self->used->data[channel / 8] |= (guint8) (1 << channel % 8);
}

static void
close_seat (TeaSecureSession *self, TeaSeat *seat)
{
  guint16 channel = tea_seat_get_channel (seat);

  note_used (self, channel);
  tea_seat_close (seat);
  g_hash_table_remove (self->seats, GUINT_TO_POINTER (channel));
}

static void
seat_opened_cb (TeaSecureSession *self, TeaSeat *seat)
{
  g_assert (TEA_IS_SECURE_SESSION (self));

  tea_news_forget (self->news, tea_room_get_info (tea_seat_get_room (seat))->number);
}

/* There are several where the room was opened by an old name, too. */
static GPtrArray *
list_seats (TeaSecureSession *self, TeaRoom *room)
{
  GPtrArray *seats = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  TeaSeat *seat;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &seat))
    if (tea_seat_get_room (seat) == room)
      g_ptr_array_add (seats, g_object_ref (seat));

  return seats;
}

static void
close_for_good (TeaSecureSession *self, GPtrArray *seats, TeaClose code)
{
  for (guint i = 0; i < seats->len; i++)
    {
      TeaSeat *seat = g_ptr_array_index (seats, i);
      guint16 channel = tea_seat_get_channel (seat);

      send_close (self, channel, code);
      if (g_hash_table_size (self->left) < MAX_CHANNELS)
        g_hash_table_add (self->left, GUINT_TO_POINTER (channel));
      close_seat (self, seat);
    }
}

static void
seat_left_cb (TeaSecureSession *self, TeaSeat *seat)
{
  g_autoptr (GPtrArray) seats = NULL;

  g_assert (TEA_IS_SECURE_SESSION (self));

  seats = list_seats (self, tea_seat_get_room (seat));
  close_for_good (self, seats, TEA_CLOSE_OUT);
}

static gboolean
is_refused (gpointer channel, gpointer seat, gpointer user_data)
{
  return tea_seat_is_refused (seat);
}

/* Each room has a channel, and channel 0 is for the hall. */
static void
open_room (TeaSecureSession *self, const TeaFrame *frame)
{
  const char *address = frame->type == TEA_FRAME_MAKE ? frame->make.address : frame->open.room;
  TeaSeat *seat = find_seat (self, frame->channel);

  if ((frame->channel == 0) != (*address == '\0'))
    {
      tea_secure_sender_send (self->sender, frame->channel,
                              tea_frame_encode_refused (TEA_REFUSAL_NO_ROOM,
                                                        _ ("There is no such room here."), ""));
      return;
    }

  if (seat == NULL && is_used (self, frame->channel))
    {
      send_close (self, frame->channel,
                  g_hash_table_contains (self->left, GUINT_TO_POINTER (frame->channel))
                      ? TEA_CLOSE_OUT
                      : TEA_CLOSE_ASKED);
      return;
    }

  if (seat == NULL && g_hash_table_size (self->seats) >= MAX_CHANNELS)
    g_hash_table_foreach_remove (self->seats, is_refused, NULL);

  if (seat == NULL && g_hash_table_size (self->seats) >= MAX_CHANNELS)
    {
      tea_secure_sender_send (self->sender, frame->channel,
                              tea_frame_encode_refused (TEA_REFUSAL_ROOM_FULL,
                                                        _ ("You have too many rooms open."), ""));
      return;
    }

  if (seat == NULL)
    {
      seat = tea_seat_new (&self->owner, frame->channel);
      g_hash_table_insert (self->seats, GUINT_TO_POINTER (frame->channel), seat);
      g_signal_connect_object (seat, "opened", G_CALLBACK (seat_opened_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (seat, "left", G_CALLBACK (seat_left_cb), self, G_CONNECT_SWAPPED);
    }

  tea_seat_ask (seat, frame);
}

static void
close_room (TeaSecureSession *self, const TeaFrame *frame)
{
  TeaSeat *seat = find_seat (self, frame->channel);

  if (frame->close.code == TEA_CLOSE_NOT_INTERESTED)
    {
      tea_news_decline (self->news, frame->close.text);
      return;
    }

  if (seat != NULL)
    close_seat (self, seat);
  if (frame->close.code == TEA_CLOSE_ASKED)
    send_close (self, frame->channel, TEA_CLOSE_ASKED);
}

static void
tell_heads (TeaSecureSession *self)
{
  GHashTableIter iter;
  gpointer channel;
  TeaSeat *seat;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &seat))
    if (tea_seat_get_room (seat) != NULL)
      tea_seat_send_head (seat);

  g_hash_table_iter_init (&iter, self->left);
  while (g_hash_table_iter_next (&iter, &channel, NULL))
    if (find_seat (self, (guint16) GPOINTER_TO_UINT (channel)) == NULL)
      send_close (self, (guint16) GPOINTER_TO_UINT (channel), TEA_CLOSE_OUT);
}

/* Which rooms somebody has asked for. */
typedef struct
{
  TeaSecureSession *session; /* (owned) */
  TeaRooms which;
  char *after; /* (owned) */
} Listing;

static void
listing_free (Listing *listing)
{
  g_object_unref (listing->session);
  g_free (listing->after);
  g_free (listing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listing, listing_free)

/* As many as fit; whoever wants more asks again from there. */
static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Listing) listing = user_data;
  TeaSecureSession *self = listing->session;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) addresses = NULL;
  g_autoptr (GError) error = NULL;
  TeaListedRoom rooms[LIST_MAX];
  GBytes *frame;
  guint n;

  list = tea_store_list_rooms_finish (TEA_STORE (object), result, &error);
  if (self->state != STATE_INSIDE)
    return;

  if (list == NULL)
    {
      /* The client asks again. */
      g_debug ("The rooms cannot be listed: %s", error->message);
      return;
    }

  n = MIN (list->len, LIST_MAX);
  addresses = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    tea_news_describe (self->context->house, get_key (self), g_ptr_array_index (list, i), &rooms[i],
                       addresses);

  for (;; n--)
    {
      const char *next = n < list->len || n == LIST_MAX ? rooms[n - 1].address : "";

      frame = tea_frame_encode_room_list (listing->which, listing->after, n > 0 ? next : "", rooms,
                                          n);
      if (n <= 1 || g_bytes_get_size (frame) <= tea_secure_sender_get_packet_size (self->sender))
        break;
      g_bytes_unref (frame);
    }

  send (self, frame);
}

static void
list_rooms (TeaSecureSession *self, const TeaFrame *frame)
{
  TeaHouse *house = self->context->house;
  Listing *listing = g_new0 (Listing, 1);
  g_autofree char *after = tea_news_fold_address (get_key (self), frame->rooms.after);

  listing->session = g_object_ref (self);
  listing->which = frame->rooms.which;
  listing->after = g_strdup (frame->rooms.after);

  tea_house_save (house);
  tea_store_list_rooms_async (tea_house_get_store (house),
                              frame->rooms.which == TEA_ROOMS_MINE ? TEA_STORE_MINE
                                                                   : TEA_STORE_LISTED,
                              get_key (self), after, LIST_MAX, NULL, listed_cb, listing);
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

static void
handle_outside (TeaSecureSession *self, const TeaFrame *frame)
{
  if (self->state == STATE_LEFT)
    send (self, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
  else if (frame->type == TEA_FRAME_OPEN || frame->type == TEA_FRAME_MAKE)
    open_room (self, frame);
  else if (self->state == STATE_NEW
           && tea_token_bucket_take (&self->strays, tea_clock_get_time (self->context->clock), 1))
    send (self, tea_frame_encode_bye (TEA_BYE_UNKNOWN, ""));
}

static void
handle_inside (TeaSecureSession *self, const TeaFrame *frame)
{
  TeaSeat *seat = find_seat (self, frame->channel);

  switch ((guint) frame->type)
    {
    case TEA_FRAME_OPEN:
    case TEA_FRAME_MAKE:
      open_room (self, frame);
      break;
    case TEA_FRAME_CLOSE:
      close_room (self, frame);
      break;
    case TEA_FRAME_ROOMS:
      list_rooms (self, frame);
      break;
    case TEA_FRAME_HEADS:
      tell_heads (self);
      break;
    default:
      if (seat != NULL && tea_seat_get_room (seat) != NULL)
        tea_seat_handle (seat, frame);
      else if (tea_token_bucket_take (&self->strays, tea_clock_get_time (self->context->clock), 1))
        send_close (self, frame->channel, TEA_CLOSE_NOT_OPEN);
    }
}

static void
handle (TeaSecureSession *self, const TeaFrame *frame)
{
  if (frame->type == TEA_FRAME_UNKNOWN || frame->type == TEA_FRAME_IN)
    return;

  if (!tea_frame_type_is_sent_by (frame->type, TEA_FRAME_SENDER_CLIENT))
    {
      note_fault (self, "only servers send that");
      return;
    }

  switch ((guint) frame->type)
    {
    case TEA_FRAME_HELLO:
      greet (self, frame);
      break;
    case TEA_FRAME_ENTER:
      enter (self, frame);
      break;
    case TEA_FRAME_PING:
      send (self, tea_frame_encode_pong (frame->ping.token));
      break;
    case TEA_FRAME_PONG:
      break;
    case TEA_FRAME_RESPONSE:
      take_response (self, frame->response.token);
      break;
    case TEA_FRAME_LEAVE:
      leave (self);
      break;
    default:
      if (self->state == STATE_INSIDE)
        handle_inside (self, frame);
      else
        handle_outside (self, frame);
    }
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
         && tea_quota_ask (self->quota, tea_frame_type_get_cost (frame.type)))
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
  g_clear_pointer (&self->name, tea_name_unref);
  g_free (self->address);
  g_hash_table_unref (self->seats);
  g_hash_table_unref (self->left);
  g_byte_array_unref (self->used);
  g_object_unref (self->signals);
  g_object_unref (self->server_signals);
  g_object_unref (self->channel);
  g_free (self->taken);

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

  self->seats = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->left = g_hash_table_new (NULL, NULL);
  self->used = g_byte_array_new ();
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
  self->address = tea_server_channel_dup_peer_address (TEA_SERVER_CHANNEL (channel));
  self->quota = tea_quotas_take (context->quotas, get_key (self), self->address);
  self->is_too_many = tea_quota_get_n_sessions (self->quota) > MAX_SESSIONS;
  if (self->is_too_many)
    tea_quota_note (self->quota, TEA_DROP_SESSIONS);
  self->last_heard = tea_clock_get_time (context->clock);
  self->owner
      = (TeaSeatOwner){ .house = context->house, .clock = context->clock, .sender = self->sender };
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
 * tea_secure_session_get_key:
 * @self: a session
 *
 * Returns: the fingerprint of its client's key
 */
const char *
tea_secure_session_get_key (TeaSecureSession *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_SESSION (self), NULL);

  return get_key (self);
}

/**
 * tea_secure_session_describe:
 * @self: a session whose client is in the house
 *
 * Returns: (transfer full): what is known of it
 */
TeaSessionInfo *
tea_secure_session_describe (TeaSecureSession *self)
{
  TeaSessionInfo *info;
  TeaClock *clock;
  gint64 heard;
  GHashTableIter iter;
  TeaSeat *seat;

  g_return_val_if_fail (TEA_IS_SECURE_SESSION (self), NULL);
  g_return_val_if_fail (self->state == STATE_INSIDE, NULL);

  clock = self->context->clock;
  info = g_new0 (TeaSessionInfo, 1);
  info->name = g_strdup (tea_name_get_text (self->name));
  info->key = g_strdup (get_key (self));
  info->address = g_strdup (self->address);
  info->since = self->entered;
  heard = tea_clock_get_real_time (clock) - (tea_clock_get_time (clock) - self->last_heard);
  info->heard = MAX (info->since, heard);

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &seat))
    {
      info->n_rooms += tea_seat_get_room (seat) != NULL;
      info->n_missed += tea_seat_get_n_missed (seat);
    }

  return info;
}

/**
 * tea_secure_session_send_limits:
 * @self: a session whose client is in the house
 *
 * Tells the client what holds in the house.
 */
void
tea_secure_session_send_limits (TeaSecureSession *self)
{
  g_return_if_fail (TEA_IS_SECURE_SESSION (self));

  send (self,
        tea_frame_encode_limits (
            0, 0, tea_policy_get_edit_hours (tea_house_get_policy (self->context->house)), 0));
}

/**
 * tea_secure_session_send_total:
 * @self: a session whose client is in the house
 *
 * Tells the client the sum of the heads of all rooms that it has open, where there are others
 * than the hall.
 */
void
tea_secure_session_send_total (TeaSecureSession *self)
{
  GHashTableIter iter;
  TeaSeat *seat;
  gboolean is_needed = g_hash_table_size (self->left) > 0;
  guint64 sum = 0;

  g_return_if_fail (TEA_IS_SECURE_SESSION (self));

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &seat))
    {
      TeaRoom *room = tea_seat_get_room (seat);

      if (room == NULL)
        continue;

      sum += tea_room_reader_get_head (tea_room_get_reader (room));
      is_needed = is_needed || tea_seat_get_channel (seat) != 0;
    }

  if (is_needed)
    send (self, tea_frame_encode_total (sum));
}

/**
 * tea_secure_session_note_event:
 * @self: a session whose client is in the house
 * @room: a room to which its client belongs, or is invited
 * @event: what has happened there
 *
 * Tells the client that there is news of a room, where it does not have that open.
 */
void
tea_secure_session_note_event (TeaSecureSession *self, TeaRoom *room, TeaEvent *event)
{
  g_autoptr (GPtrArray) seats = NULL;

  g_return_if_fail (TEA_IS_SECURE_SESSION (self));
  g_return_if_fail (self->news != NULL);

  /* Who joins does so by opening the room. */
  if (tea_event_get_kind (event) == TEA_EVENT_JOINED
      && g_strcmp0 (tea_event_get_key (event), get_key (self)) == 0)
    return;

  seats = list_seats (self, room);
  if (seats->len == 0)
    tea_news_add (self->news, room);
}

/**
 * tea_secure_session_note_left:
 * @self: a session whose client is in the house
 * @room: a room that its client has left for good
 * @stream: by which of their programs
 *
 * Closes the room; to the program that has left by itself when it has its answer.
 */
void
tea_secure_session_note_left (TeaSecureSession *self, TeaRoom *room, guint32 stream)
{
  g_autoptr (GPtrArray) seats = NULL;

  g_return_if_fail (TEA_IS_SECURE_SESSION (self));

  tea_news_forget (self->news, tea_room_get_info (room)->number);
  seats = list_seats (self, room);
  for (guint i = 0; stream == self->request.stream && i < seats->len; i++)
    if (tea_seat_is_leaving (g_ptr_array_index (seats, i)))
      return;

  close_for_good (self, seats, TEA_CLOSE_OUT);
}

/**
 * tea_secure_session_note_gone:
 * @self: a session whose client is in the house
 * @room: a room that is no more
 *
 * Closes the room, where it is open.
 */
void
tea_secure_session_note_gone (TeaSecureSession *self, TeaRoom *room)
{
  g_autoptr (GPtrArray) seats = NULL;

  g_return_if_fail (TEA_IS_SECURE_SESSION (self));

  tea_news_forget (self->news, tea_room_get_info (room)->number);
  seats = list_seats (self, room);
  close_for_good (self, seats, TEA_CLOSE_GONE);
}

/**
 * tea_secure_session_send_out:
 * @self: a session whose client is in the house
 * @text: why, in words
 *
 * Ends the session of somebody who is sent out of the house, and lets them leave it.
 */
void
tea_secure_session_send_out (TeaSecureSession *self, const char *text)
{
  g_return_if_fail (TEA_IS_SECURE_SESSION (self));
  g_return_if_fail (self->state == STATE_INSIDE);

  tea_session_log_write (TEA_SESSION_SENT_OUT, tea_name_get_text (self->name), get_key (self),
                         self->address, "was sent out");
  tea_secure_session_say_goodbye (self, TEA_BYE_CLOSED, text);
  close_seats (self);
  self->state = STATE_LEFT;
  tea_stay_leave (g_steal_pointer (&self->stay));
  tea_secure_session_lose (self, "was sent out");
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

  send (self, tea_frame_encode_bye (code, text));
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
    tea_session_log_write (TEA_SESSION_LOST, tea_name_get_text (tea_stay_get_name (self->stay)),
                           get_key (self), self->address, "%s", how);

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
