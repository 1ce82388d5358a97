/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-service.h"

#include "tea-head-announcer.h"
#include "tea-secure-service-private.h"

/* A client says something in every heartbeat: three of them without a word, and it is not
 * there any more. */
#define SILENCE_LIMIT (3 * TEA_HEARTBEAT)

/**
 * TeaSecureService:
 *
 * Serves a room to everyone who comes by the secure protocol: a session for each channel,
 * and what they have in common.
 */
struct _TeaSecureService
{
  GObject parent_instance;

  TeaRoom *room;           /* (owned) */
  TeaClock *clock;         /* (owned) */
  TeaPasswordGuard *guard; /* (owned) (nullable) */

  TeaRations *rations;         /* (owned): by key */
  TeaEventPusher *pusher;      /* (owned) */
  TeaHeadAnnouncer *announcer; /* (owned) */

  GQueue by_silence;       /* (element-type TeaSecureSession): the longest silent first */
  TeaTimer *silence_timer; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaSecureService, tea_secure_service, G_TYPE_OBJECT)

static void
silence_cb (gpointer user_data)
{
  g_autoptr (TeaSecureService) self = g_object_ref (TEA_SECURE_SERVICE (user_data));
  gint64 limit = tea_clock_get_time (self->clock) - SILENCE_LIMIT;
  TeaSecureSession *session;

  while ((session = g_queue_peek_head (&self->by_silence)) != NULL && session->last_heard <= limit)
    {
      if (session->state == TEA_SECURE_INSIDE)
        tea_secure_session_say_goodbye (session, TEA_BYE_UNKNOWN, "");
      tea_secure_session_lose (session, "is not heard any more");
    }

  if (session != NULL)
    tea_timer_set_at (self->silence_timer, session->last_heard + SILENCE_LIMIT);
}

/* The same packets for all. */
static void
announce_cb (gboolean is_first, gpointer user_data)
{
  TeaSecureService *self = TEA_SECURE_SERVICE (user_data);
  guint64 head = tea_room_get_head (self->room);
  g_autoptr (GBytes) frame
      = tea_frame_encode_head (MIN (tea_room_get_first (self->room), head + 1), head);
  g_autoptr (GPtrArray) packets = NULL;
  gsize made_for = 0;
  gboolean is_anybody_inside = FALSE;

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    {
      TeaSecureSession *session = l->data;
      gsize packet_size;

      if (session->state != TEA_SECURE_INSIDE)
        continue;

      is_anybody_inside = TRUE;
      if (!is_first)
        {
          tea_packet_channel_send (session->channel, frame);
          continue;
        }

      packet_size = tea_packet_channel_get_packet_size (session->channel);
      if (made_for != packet_size)
        {
          g_clear_pointer (&packets, g_ptr_array_unref);
          packets = tea_event_pusher_make_announcement (self->pusher, frame, packet_size);
          made_for = packet_size;
        }
      for (guint i = 0; i < packets->len; i++)
        tea_packet_channel_send (session->channel, g_ptr_array_index (packets, i));
    }

  if (!is_anybody_inside)
    tea_head_announcer_stop (self->announcer);
}

static void
tea_secure_service_dispose (GObject *object)
{
  TeaSecureService *self = TEA_SECURE_SERVICE (object);
  GList *link;

  while ((link = g_queue_pop_head_link (&self->by_silence)) != NULL)
    {
      g_autoptr (TeaSecureSession) session = link->data;

      tea_secure_session_end (session);
    }

  g_clear_pointer (&self->rations, tea_rations_free);
  g_clear_pointer (&self->silence_timer, tea_timer_free);
  g_clear_pointer (&self->announcer, tea_head_announcer_free);
  g_clear_object (&self->pusher);
  g_clear_object (&self->guard);
  g_clear_object (&self->room);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_secure_service_parent_class)->dispose (object);
}

static void
tea_secure_service_class_init (TeaSecureServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_secure_service_dispose;
}

static void
tea_secure_service_init (TeaSecureService *self)
{
  g_queue_init (&self->by_silence);
}

/**
 * tea_secure_service_new:
 * @room: the room to serve, which is open
 * @clock: by which clock
 * @password: (nullable): the room's password; %NULL where everybody may enter
 *
 * Returns: (transfer full): a service that knows no clients yet
 */
TeaSecureService *
tea_secure_service_new (TeaRoom *room, TeaClock *clock, TeaPassword *password)
{
  TeaSecureService *self;

  g_return_val_if_fail (TEA_IS_ROOM (room), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_SECURE_SERVICE, NULL);
  self->room = g_object_ref (room);
  self->clock = g_object_ref (clock);
  if (password != NULL)
    self->guard = tea_password_guard_new (password, clock);
  self->rations = tea_rations_new (clock);
  self->pusher = tea_event_pusher_new (clock);
  self->announcer = tea_head_announcer_new (clock, announce_cb, self);
  self->silence_timer = tea_timer_new (clock, silence_cb, self);

  return self;
}

/**
 * tea_secure_service_accept:
 * @self: a service
 * @channel: (transfer none): a new channel, of somebody who has proved to hold their key
 *
 * Begins a session.
 */
void
tea_secure_service_accept (TeaSecureService *self, TeaPacketChannel *channel)
{
  TeaSecureSession *session;

  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));
  g_return_if_fail (TEA_IS_PACKET_CHANNEL (channel));

  session
      = tea_secure_session_new (self, self->room, self->clock, self->guard, self->pusher, channel);
  if (g_queue_is_empty (&self->by_silence))
    tea_timer_set (self->silence_timer, SILENCE_LIMIT);
  g_queue_push_tail_link (&self->by_silence, &session->link);
}

/**
 * tea_secure_service_say_goodbye:
 * @self: a service
 * @code: %TEA_BYE_RESTART where the room means to be back, or %TEA_BYE_CLOSED
 *
 * Ends all sessions: for when the server goes down. Nobody leaves the room by that.
 */
void
tea_secure_service_say_goodbye (TeaSecureService *self, TeaBye code)
{
  GList *link;

  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));

  while ((link = g_queue_pop_head_link (&self->by_silence)) != NULL)
    {
      g_autoptr (TeaSecureSession) session = link->data;

      tea_secure_session_say_goodbye (session, code, "");
      tea_secure_session_end (session);
    }

  tea_timer_unset (self->silence_timer);
  tea_head_announcer_stop (self->announcer);
}

/**
 * tea_secure_service_get_n_sessions:
 * @self: a service
 *
 * Returns: how many sessions there are, of people inside and outside
 */
guint
tea_secure_service_get_n_sessions (TeaSecureService *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_SERVICE (self), 0);

  return g_queue_get_length (&self->by_silence);
}

/**
 * tea_secure_service_take_ration:
 * @self: a service
 * @key: the fingerprint of a key
 *
 * Counts a session of a key.
 *
 * Returns: (transfer none): what that key may do, until
 *   tea_secure_service_give_back_ration()
 */
TeaRation *
tea_secure_service_take_ration (TeaSecureService *self, const char *key)
{
  return tea_rations_take (self->rations, key);
}

/**
 * tea_secure_service_give_back_ration:
 * @self: a service
 * @ration: what was taken
 *
 * Counts a session no more.
 */
void
tea_secure_service_give_back_ration (TeaSecureService *self, TeaRation *ration)
{
  tea_rations_give_back (self->rations, ration);
}

/**
 * tea_secure_service_note_heard:
 * @self: a service
 * @session: one of its sessions
 *
 * Something came from a client.
 */
void
tea_secure_service_note_heard (TeaSecureService *self, TeaSecureSession *session)
{
  g_queue_unlink (&self->by_silence, &session->link);
  g_queue_push_tail_link (&self->by_silence, &session->link);
}

/**
 * tea_secure_service_note_event:
 * @self: a service
 *
 * Something has happened, of which all sessions hear in this turn.
 */
void
tea_secure_service_note_event (TeaSecureService *self)
{
  tea_head_announcer_note_event (self->announcer);
}

/**
 * tea_secure_service_replace:
 * @self: a service
 * @session: one of its sessions, which has just come in
 *
 * Loses the session that the same program had before, whose silence was not noticed yet:
 * else its member would be in the room for a while after it has left by the new one.
 */
void
tea_secure_service_replace (TeaSecureService *self, TeaSecureSession *session)
{
  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    if (l->data != session && tea_secure_session_is_same_program (l->data, session))
      {
        tea_secure_session_lose (l->data, "has another connection");
        return;
      }
}

/**
 * tea_secure_service_forget:
 * @self: a service
 * @session: (transfer none): a session that is over
 *
 * Forgets a session.
 */
void
tea_secure_service_forget (TeaSecureService *self, TeaSecureSession *session)
{
  g_queue_unlink (&self->by_silence, &session->link);
  g_object_unref (session);
}
