/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-secure-link.h"

#include <glib/gi18n-lib.h>

#include "tea-client-channel.h"
#include "tea-error.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-heartbeat.h"
#include "tea-packer.h"
#include "tea-refusal.h"
#include "tea-room-query.h"
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
/* Whoever is in the house waits so long for the hall. */
#define HALL_PATIENCE (10 * G_TIME_SPAN_SECOND)

/* How many rooms are asked for at a time: so many fit into a packet. */
#define OPENING_MAX 25
/* When a room is asked for again that was open and is not for now. */
#define BUSY_WAIT (5 * G_TIME_SPAN_SECOND)

/* Where PINGs are answered but nothing else is for so long, a new handshake may find packets of
 * a size that passes. Where that does not help, the next one is made after twice the time. */
#define PATH_PATIENCE (10 * G_TIME_SPAN_SECOND)
#define LONGEST_PATH_PATIENCE (10 * G_TIME_SPAN_MINUTE)

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
  gboolean has_entered; /* the house, if not yet the hall */
  TeaHouseFlags flags;
  guint edit_hours;   /* 0 for ever */
  char *name;         /* (nullable) */
  char *title;        /* (nullable) */
  char *server_key;   /* (nullable) */
  char *suggestion;   /* (nullable) */
  GPtrArray *queries; /* (element-type TeaRoomQuery) */

  /* the rooms */
  GPtrArray *rooms;       /* (element-type TeaRoomLink): those that are wanted, the hall first */
  GHashTable *by_channel; /* (element-type guint TeaRoomLink): those that are asked for, or open */
  GHashTable *closing;    /* (element-type guint): channels that the server is to close */
  GHashTable *heads;      /* (element-type guint): channels whose head was told since asked for */
  guint next_channel;
  guint n_unequal; /* how often in a row the sum of the heads was another */

  gint64 path_patience; /* how long the server may answer nothing but PING */
};

enum
{
  SIGNAL_LIMITS,
  SIGNAL_NEWS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void tea_secure_link_link_init (TeaLinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSecureLink,
                               tea_secure_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, tea_secure_link_link_init))

static void connect_channel (TeaSecureLink *self);

static void
send_cb (GBytes *frame, gpointer user_data)
{
  tea_packer_send (TEA_SECURE_LINK (user_data)->packer, 0, frame);
}

static void
clear_channel (TeaSecureLink *self)
{
  g_autoptr (GPtrArray) rooms = NULL;

  tea_timer_unset (self->timer);
  tea_heartbeat_stop (self->heartbeat);
  tea_packer_stop (self->packer);
  if (self->channel != NULL)
    tea_packet_channel_close (self->channel);
  g_clear_object (&self->channel);

  self->has_entered = FALSE;
  self->next_channel = 1;
  self->n_unequal = 0;
  g_hash_table_remove_all (self->by_channel);
  g_hash_table_remove_all (self->closing);
  g_ptr_array_set_size (self->queries, 0);

  /* Whoever is told may close rooms. */
  rooms = g_ptr_array_copy (self->rooms, (GCopyFunc) (void *) g_object_ref, NULL);
  g_ptr_array_set_free_func (rooms, g_object_unref);
  for (guint i = 0; i < rooms->len; i++)
    tea_room_link_pause (rooms->pdata[i]);
}

/* Who gives up may be in the room already, without knowing it. Nobody waits for an answer:
 * where this is lost, the server finds out by the silence. */
static void
take_leave (TeaSecureLink *self)
{
  if (self->phase != PHASE_ENTERING && self->phase != PHASE_INSIDE)
    return;

  tea_packer_send (self->packer, 0, tea_frame_encode_leave ());
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

/* Rooms */

static TeaRoomLink *
get_hall (TeaSecureLink *self)
{
  return self->rooms->pdata[0];
}

static TeaRoomLink *
find_room (TeaSecureLink *self, guint16 channel)
{
  return g_hash_table_lookup (self->by_channel, GUINT_TO_POINTER (channel));
}

static void
open_in (TeaSecureLink *self, TeaRoomLink *room, guint channel)
{
  g_hash_table_insert (self->by_channel, GUINT_TO_POINTER (channel), room);
  tea_room_link_open (room, (guint16) channel, self->stream);
}

static guint
count_opening (TeaSecureLink *self)
{
  guint n_opening = 0;

  for (guint i = 0; i < self->rooms->len; i++)
    n_opening += tea_room_link_is_opening (self->rooms->pdata[i]) ? 1 : 0;

  return n_opening;
}

/* Asks for the rooms that are not open, some at a time. */
static void
open_more (TeaSecureLink *self)
{
  guint n_opening = count_opening (self);

  for (guint i = 0; i < self->rooms->len && n_opening < OPENING_MAX; i++)
    {
      TeaRoomLink *room = self->rooms->pdata[i];

      if (self->phase != PHASE_INSIDE || tea_room_link_is_open (room)
          || tea_room_link_is_opening (room))
        continue;
      if (room != get_hall (self) && self->next_channel > G_MAXUINT16)
        break;

      open_in (self, room, room == get_hall (self) ? 0 : self->next_channel++);
      tea_room_link_keep_asking (room, 0);
      n_opening++;
    }
}

/* The room is not wanted any more, by whomever. */
static void
drop_room (TeaSecureLink *self, TeaRoomLink *room)
{
  if (find_room (self, tea_room_link_get_channel (room)) == room)
    g_hash_table_remove (self->by_channel, GUINT_TO_POINTER (tea_room_link_get_channel (room)));
  g_ptr_array_remove (self->rooms, room);
}

static void
end_room (TeaSecureLink *self, TeaRoomLink *room, GError *error)
{
  g_autoptr (TeaRoomLink) kept = g_object_ref (room);
  g_autoptr (GError) owned = error;

  drop_room (self, room);
  tea_room_link_end (kept, owned);
  open_more (self);
}

static void
send_close (TeaSecureLink *self, guint channel, TeaClose code)
{
  tea_packer_send (self->packer, (guint16) channel, tea_frame_encode_close (code, ""));
}

static void
take_room_refused (TeaSecureLink *self, TeaRoomLink *room, const TeaFrame *frame)
{
  gboolean was_open = tea_room_link_get_epoch (room) != 0;

  if (!tea_room_link_is_opening (room))
    return;

  if (was_open && frame->refused.code == TEA_REFUSAL_TRY_LATER)
    tea_room_link_keep_asking (room, BUSY_WAIT);
  else
    end_room (self, room, tea_refusal_to_error (frame->refused.code, frame->refused.text));
}

static void
take_close (TeaSecureLink *self, const TeaFrame *frame)
{
  TeaRoomLink *room = find_room (self, frame->channel);
  g_autofree char *reason = NULL;

  g_hash_table_remove (self->closing, GUINT_TO_POINTER ((guint) frame->channel));
  if (room == NULL || (frame->close.code == TEA_CLOSE_NOT_OPEN && tea_room_link_is_opening (room)))
    return;

  if (frame->close.code == TEA_CLOSE_NOT_OPEN || room == get_hall (self))
    {
      /* The server has forgotten it: it is asked for again, in another channel. */
      g_hash_table_remove (self->by_channel, GUINT_TO_POINTER ((guint) frame->channel));
      tea_room_link_pause (room);
      open_more (self);
      return;
    }

  reason = tea_text_make_safe (frame->close.text);
  if (frame->close.code == TEA_CLOSE_GONE)
    end_room (self, room,
              g_error_new_literal (TEA_ERROR, TEA_ERROR_NOT_A_MEMBER,
                                   *reason != '\0' ? reason : _ ("The room is gone.")));
  else
    end_room (self, room,
              g_error_new_literal (TEA_ERROR, TEA_ERROR_NOT_A_MEMBER,
                                   *reason != '\0' ? reason : _ ("You are out of the room.")));
}

/* Where the server has stored that the room was left, it closes it; but that may get lost, and who
 * asks for the room again after that comes in again. */
static void
end_if_left (TeaSecureLink *self, TeaRoomLink *room)
{
  guint channel = tea_room_link_get_channel (room);

  if (room == get_hall (self) || !tea_room_link_is_open (room)
      || !tea_outbox_get_has_left (tea_room_link_get_outbox (room)))
    return;

  g_hash_table_add (self->closing, GUINT_TO_POINTER (channel));
  send_close (self, channel, TEA_CLOSE_ASKED);
  end_room (self, room,
            g_error_new_literal (TEA_ERROR, TEA_ERROR_NOT_A_MEMBER,
                                 _ ("You are out of the room.")));
}

/* A room of which one knows nothing may be one whose end the server has not heard of. */
static void
take_stray (TeaSecureLink *self, const TeaFrame *frame)
{
  if (frame->type != TEA_FRAME_HEAD)
    return;

  g_hash_table_remove (self->closing, GUINT_TO_POINTER ((guint) frame->channel));
  send_close (self, frame->channel, TEA_CLOSE_NOT_OPEN);
}

static guint64
sum_heads (TeaSecureLink *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->rooms->len; i++)
    if (tea_room_link_is_open (self->rooms->pdata[i]))
      sum += tea_room_link_get_head (self->rooms->pdata[i]);

  return sum;
}

/* Each head that is known is at most the server's: where the sums are equal, all heads are.
 * Where they are not, each is asked for; and a room whose head is not told then is not open on
 * the server any more, without our knowing. */
static void
take_total (TeaSecureLink *self, guint64 sum)
{
  GHashTableIter iter;
  gpointer channel;

  g_hash_table_iter_init (&iter, self->closing);
  while (g_hash_table_iter_next (&iter, &channel, NULL))
    send_close (self, GPOINTER_TO_UINT (channel), TEA_CLOSE_ASKED);
  if (g_hash_table_size (self->closing) > 0 || count_opening (self) > 0)
    return;

  if (sum == sum_heads (self))
    {
      self->n_unequal = 0;
      return;
    }

  for (guint i = 0; i < self->rooms->len && self->n_unequal > 0; i++)
    {
      TeaRoomLink *room = self->rooms->pdata[i];

      if (tea_room_link_is_open (room)
          && !g_hash_table_contains (self->heads,
                                     GUINT_TO_POINTER ((guint) tea_room_link_get_channel (room))))
        tea_room_link_ask_to_open (room);
    }

  self->n_unequal++;
  g_hash_table_remove_all (self->heads);
  tea_packer_send (self->packer, 0, tea_frame_encode_heads ());
}

static void
take_room_list (TeaSecureLink *self, const TeaFrame *frame)
{
  if (frame->room_list.which == TEA_ROOMS_NEWS)
    {
      for (guint i = 0; i < frame->room_list.n_rooms; i++)
        {
          g_autoptr (TeaListing) listing = tea_room_query_dup_listing (&frame->room_list.rooms[i]);

          g_signal_emit (self, signals[SIGNAL_NEWS], 0, listing);
        }
      return;
    }

  for (guint i = self->queries->len; i-- > 0;)
    if (tea_room_query_take_page (self->queries->pdata[i], frame))
      g_ptr_array_remove_index (self->queries, i);
}

/* Entering */

static void
ask_to_enter (TeaSecureLink *self)
{
  TeaRoomLink *hall = get_hall (self);

  self->n_tries++;
  tea_timer_set (self->timer, self->patience);
  self->patience = MIN (self->patience * 2, LONGEST_PATIENCE);

  tea_packer_send (self->packer, 0,
                   tea_frame_encode_hello (1, TEA_PROTOCOL_VERSION, "teahouse " PACKAGE_VERSION));
  tea_packer_send (self->packer, 0,
                   tea_frame_encode_enter (self->stream, self->wanted_name, self->password));
  if (tea_room_link_is_opening (hall))
    tea_room_link_ask_to_open (hall);
  else
    open_in (self, hall, 0);
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
  if (self->phase != PHASE_ENTERING || self->has_entered)
    return;

  if (self->n_tries == 1)
    tea_round_trip_add (&self->round_trip, tea_clock_get_time (self->clock) - self->began);

  self->has_entered = TRUE;
  self->flags = frame->entered.flags;
  g_free (self->name);
  self->name = g_strdup (frame->entered.name);
  g_free (self->title);
  self->title = *frame->entered.title != '\0' ? g_strdup (frame->entered.title) : NULL;

  tea_timer_set (self->timer, HALL_PATIENCE);
  /* An odd server may have let its client into the hall before. */
  if (tea_room_link_is_opening (get_hall (self)))
    tea_room_link_keep_asking (get_hall (self), 0);
}

/* Another program has chosen the same stream, once: its messages are not ours. */
static void
change_stream (TeaSecureLink *self)
{
  choose_stream (self);
  if (self->phase == PHASE_INSIDE)
    {
      lose (self);
      return;
    }

  if (++self->n_foreign == FOREIGN_TRIES)
    {
      fail_to_enter (self, new_no_answer_error ());
      return;
    }

  clear_channel (self);
  connect_channel (self);
}

static void
take_opened (TeaSecureLink *self, const TeaFrame *frame)
{
  TeaRoomLink *room = find_room (self, frame->channel);
  G_GNUC_UNUSED g_autoptr (TeaRoomLink) kept = NULL;
  g_autoptr (GTask) task = NULL;

  /* It may have overtaken ENTERED; it comes again. */
  if (!self->has_entered)
    return;
  if (room == NULL)
    {
      send_close (self, frame->channel, TEA_CLOSE_ASKED);
      return;
    }
  if (tea_room_link_is_foreign (room, frame))
    {
      change_stream (self);
      return;
    }

  if (self->phase == PHASE_ENTERING)
    {
      task = finish_moving (self, PHASE_INSIDE);
      tea_heartbeat_start (self->heartbeat);
    }
  kept = g_object_ref (room);
  tea_room_link_take_opened (room, frame);
  end_if_left (self, room);
  if (self->phase == PHASE_INSIDE)
    open_more (self);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
take_refused (TeaSecureLink *self, const TeaFrame *frame)
{
  TeaRoomLink *room;

  if (self->phase == PHASE_ENTERING)
    {
      g_free (self->suggestion);
      self->suggestion
          = *frame->refused.suggestion != '\0' ? g_strdup (frame->refused.suggestion) : NULL;
      fail_to_enter (self, tea_refusal_to_error (frame->refused.code, frame->refused.text));
      return;
    }

  room = find_room (self, frame->channel);
  if (room != NULL && self->phase == PHASE_INSIDE)
    take_room_refused (self, room, frame);
}

/* Leaving */

static void
ask_to_leave (TeaSecureLink *self)
{
  self->n_tries++;
  tea_timer_set (self->timer, LEAVE_PATIENCE);
  tea_packer_send (self->packer, 0, tea_frame_encode_leave ());
}

static gboolean
has_said_all (TeaSecureLink *self)
{
  for (guint i = 0; i < self->rooms->len; i++)
    if (tea_outbox_get_n_unsent (tea_room_link_get_outbox (self->rooms->pdata[i])) > 0)
      return FALSE;

  return TRUE;
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

  if (self->phase == PHASE_ENTERING && !self->has_entered && self->n_tries < ENTER_TRIES)
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

/* The server has answered a PING. */
static void
check_path (TeaSecureLink *self)
{
  gint64 earliest = G_MAXINT64;

  if (self->phase != PHASE_INSIDE || count_opening (self) > 0)
    return;

  for (guint i = 0; i < self->rooms->len; i++)
    {
      gint64 since = tea_room_link_get_waiting_since (self->rooms->pdata[i]);

      if (since != 0)
        earliest = MIN (earliest, since);
    }

  if (earliest == G_MAXINT64)
    {
      self->path_patience = PATH_PATIENCE;
    }
  else if (tea_clock_get_time (self->clock) - earliest >= self->path_patience)
    {
      self->path_patience = MIN (2 * self->path_patience, LONGEST_PATH_PATIENCE);
      lose (self);
    }
}

/* What is of a room, wherever it may be open. */
static void
take_room_frame (TeaSecureLink *self, const TeaFrame *frame)
{
  TeaRoomLink *room = find_room (self, frame->channel);

  if (is_lost_by (self, frame))
    {
      lose (self);
    }
  else if (room == NULL)
    {
      if (self->phase == PHASE_INSIDE)
        take_stray (self, frame);
    }
  else
    {
      G_GNUC_UNUSED g_autoptr (TeaRoomLink) kept = g_object_ref (room);

      if (frame->type == TEA_FRAME_HEAD)
        g_hash_table_add (self->heads, GUINT_TO_POINTER ((guint) frame->channel));
      tea_room_link_take_frame (room, frame);
      end_if_left (self, room);
    }
}

static void
take_frame (TeaSecureLink *self, const TeaFrame *frame)
{
  switch ((guint) frame->type)
    {
    case TEA_FRAME_ENTERED:
      take_entered (self, frame);
      break;
    case TEA_FRAME_REFUSED:
      take_refused (self, frame);
      break;
    case TEA_FRAME_OPENED:
      take_opened (self, frame);
      break;
    case TEA_FRAME_CLOSE:
      if (self->phase == PHASE_INSIDE)
        take_close (self, frame);
      break;
    case TEA_FRAME_ROOM_LIST:
      if (self->phase == PHASE_INSIDE)
        take_room_list (self, frame);
      break;
    case TEA_FRAME_TOTAL:
      if (self->phase == PHASE_INSIDE)
        take_total (self, frame->total.sum);
      break;
    case TEA_FRAME_LIMITS:
      self->edit_hours = frame->limits.edit_hours;
      g_signal_emit (self, signals[SIGNAL_LIMITS], 0);
      break;
    case TEA_FRAME_BYE:
      take_bye (self, frame);
      break;
    case TEA_FRAME_PING:
      tea_packer_send (self->packer, 0, tea_frame_encode_pong (frame->ping.token));
      break;
    case TEA_FRAME_PONG:
      tea_heartbeat_take_pong (self->heartbeat, frame->pong.token);
      check_path (self);
      break;
    case TEA_FRAME_CHALLENGE:
      tea_packer_send (self->packer, 0, tea_frame_encode_response (frame->challenge.token));
      break;
    default:
      if (tea_frame_type_is_of_channel (frame->type))
        take_room_frame (self, frame);
    }
}

static void
packet_cb (TeaSecureLink *self, GBytes *packet)
{
  G_GNUC_UNUSED g_autoptr (TeaSecureLink) kept = g_object_ref (self);
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
  G_GNUC_UNUSED g_autoptr (TeaSecureLink) kept = g_object_ref (self);

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
  G_GNUC_UNUSED g_autoptr (TeaSecureLink) kept = g_object_ref (self);

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

  g_assert (self->rooms->len > 0);

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
  g_ptr_array_set_size (self->rooms, 0);
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

  g_free (self->wanted_name);
  g_free (self->password);
  g_free (self->name);
  g_free (self->title);
  g_free (self->server_key);
  g_free (self->suggestion);
  g_ptr_array_unref (self->queries);
  g_ptr_array_unref (self->rooms);
  g_hash_table_unref (self->by_channel);
  g_hash_table_unref (self->closing);
  g_hash_table_unref (self->heads);

  G_OBJECT_CLASS (tea_secure_link_parent_class)->finalize (object);
}

static void
tea_secure_link_class_init (TeaSecureLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_secure_link_dispose;
  object_class->finalize = tea_secure_link_finalize;

  /**
   * TeaSecureLink::limits:
   * @self: the link
   *
   * The server has told what is allowed.
   */
  signals[SIGNAL_LIMITS] = g_signal_new ("limits", TEA_TYPE_SECURE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaSecureLink::news:
   * @self: the link
   * @listing: a room
   *
   * A room that is not open has news, or is one to which one is invited.
   */
  signals[SIGNAL_NEWS] = g_signal_new ("news", TEA_TYPE_SECURE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_LISTING);
}

static void
tea_secure_link_init (TeaSecureLink *self)
{
  self->queries = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_room_query_free);
  self->rooms = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_channel = g_hash_table_new (NULL, NULL);
  self->closing = g_hash_table_new (NULL, NULL);
  self->heads = g_hash_table_new (NULL, NULL);
  self->next_channel = 1;
  self->path_patience = PATH_PATIENCE;
}

/**
 * tea_secure_link_new:
 * @clock: by which clock
 * @connector: how to reach the server
 * @name: what the user wants to be called
 * @password: (nullable): the house's password
 * @stream: what tells this program's numbers from those of others; 0 to choose that
 *
 * Returns: (transfer full): a link that is not in, and needs a room to enter
 */
TeaSecureLink *
tea_secure_link_new (TeaClock *clock,
                     TeaPacketConnector *connector,
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
 * @self: a link
 * @plan: which room it is; it need not stay
 * @outbox: what one says there
 * @members: the list of who is there
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Opens a room, now or as soon as the link is in, and again whenever it comes back. The first
 * one has to be the hall, and has to be there before the link is told to join.
 *
 * Returns: (transfer none): the link to the room
 */
TeaRoomLink *
tea_secure_link_add_room (TeaSecureLink *self,
                          const TeaRoomPlan *plan,
                          TeaOutbox *outbox,
                          TeaMemberList *members,
                          const TeaRoomLinkFuncs *funcs,
                          gpointer user_data)
{
  TeaRoomLink *room;

  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);
  g_return_val_if_fail (self->rooms->len < TEA_SECURE_LINK_ROOMS_MAX, NULL);

  room = tea_room_link_new (self->clock, self->packer, self->heartbeat, &self->round_trip, plan,
                            outbox, members, funcs, user_data);
  g_ptr_array_add (self->rooms, room);
  g_signal_connect_object (outbox, "notify::n-unsent", G_CALLBACK (unsent_cb), self,
                           G_CONNECT_SWAPPED);
  open_more (self);

  return room;
}

/**
 * tea_secure_link_remove_room:
 * @self: a link
 * @room: a room on it, but not the hall
 *
 * Closes a room, and tells nobody anything about it any more.
 */
void
tea_secure_link_remove_room (TeaSecureLink *self, TeaRoomLink *room)
{
  g_autoptr (TeaRoomLink) kept = NULL;

  g_return_if_fail (TEA_IS_SECURE_LINK (self));
  g_return_if_fail (TEA_IS_ROOM_LINK (room));

  if (!g_ptr_array_find (self->rooms, room, NULL))
    return;

  kept = g_object_ref (room);
  tea_room_link_detach (room);
  if (tea_room_link_is_open (room) || tea_room_link_is_opening (room))
    {
      g_hash_table_add (self->closing, GUINT_TO_POINTER ((guint) tea_room_link_get_channel (room)));
      send_close (self, tea_room_link_get_channel (room), TEA_CLOSE_ASKED);
    }
  drop_room (self, room);
  tea_room_link_pause (kept);
  open_more (self);
}

/**
 * tea_secure_link_forget_room:
 * @self: a link
 * @address: the address of a room that is not open
 *
 * Wants no more news of a room.
 */
void
tea_secure_link_forget_room (TeaSecureLink *self, const char *address)
{
  g_return_if_fail (TEA_IS_SECURE_LINK (self));
  g_return_if_fail (address != NULL);

  if (self->phase == PHASE_INSIDE)
    tea_packer_send (self->packer, 0, tea_frame_encode_close (TEA_CLOSE_NOT_INTERESTED, address));
}

/**
 * tea_secure_link_list_rooms_async:
 * @self: a link
 * @which: which rooms
 * @cancellable: (nullable): to give up with
 * @callback: called when they are known
 * @user_data: for @callback
 *
 * Asks which rooms there are.
 */
void
tea_secure_link_list_rooms_async (TeaSecureLink *self,
                                  TeaRoomList which,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_SECURE_LINK (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_secure_link_list_rooms_async);

  if (self->phase == PHASE_INSIDE)
    g_ptr_array_add (self->queries, tea_room_query_new (self->clock, &self->round_trip, which,
                                                        g_steal_pointer (&task), send_cb, self));
  else
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The server did not tell which rooms it has."));
}

/**
 * tea_secure_link_list_rooms_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer container) (element-type TeaListing): the rooms; %NULL with @error
 *   %TEA_ERROR_NO_ANSWER
 */
GPtrArray *
tea_secure_link_list_rooms_finish (TeaSecureLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
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
 * tea_secure_link_stop:
 * @self: a link
 *
 * Nobody wants it any more: says goodbye, once, and gives up what it is at.
 */
void
tea_secure_link_stop (TeaSecureLink *self)
{
  g_return_if_fail (TEA_IS_SECURE_LINK (self));

  if (self->phase == PHASE_LEAVING)
    {
      finish_leaving (self);
      return;
    }

  take_leave (self);
  self->phase = PHASE_OUTSIDE;
  clear_channel (self);
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
 * tea_secure_link_get_edit_hours:
 * @self: a link
 *
 * Returns: for how many hours one can edit a message; 0 for ever, and before that is known
 */
guint
tea_secure_link_get_edit_hours (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), 0);

  return self->edit_hours;
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
 * tea_secure_link_get_title:
 * @self: a link
 *
 * Returns: (nullable): what the house is called, where it is called anything
 */
const char *
tea_secure_link_get_title (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), NULL);

  return self->title;
}

/**
 * tea_secure_link_get_flags:
 * @self: a link
 *
 * Returns: what one may do in the house, once it was entered
 */
TeaHouseFlags
tea_secure_link_get_flags (TeaSecureLink *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_LINK (self), 0);

  return self->flags;
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
