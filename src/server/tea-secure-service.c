/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-service.h"

#include "tea-head-announcer.h"
#include "tea-secure-session.h"

/* A client says something in every heartbeat: three of them without a word, and it is not
 * there any more. */
#define SILENCE_LIMIT (3 * TEA_HEARTBEAT)

/**
 * TeaSecureService:
 *
 * Serves a house to everyone who comes by the secure protocol: a session for each channel,
 * and what they have in common.
 */
struct _TeaSecureService
{
  GObject parent_instance;

  TeaSecureContext context;

  GQueue by_silence;       /* (element-type TeaSecureSession): the longest silent first */
  GHashTable *links;       /* (element-type TeaSecureSession GList): in that queue */
  TeaTimer *silence_timer; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaSecureService, tea_secure_service, G_TYPE_OBJECT)

static void
silence_cb (gpointer user_data)
{
  g_autoptr (TeaSecureService) self = g_object_ref (TEA_SECURE_SERVICE (user_data));
  gint64 limit = tea_clock_get_time (self->context.clock) - SILENCE_LIMIT;
  TeaSecureSession *session;

  while ((session = g_queue_peek_head (&self->by_silence)) != NULL
         && tea_secure_session_get_last_heard (session) <= limit)
    {
      if (tea_secure_session_is_inside (session))
        tea_secure_session_say_goodbye (session, TEA_BYE_UNKNOWN, "");
      tea_secure_session_lose (session, "is not heard any more");
    }

  if (session != NULL)
    tea_timer_set_at (self->silence_timer,
                      tea_secure_session_get_last_heard (session) + SILENCE_LIMIT);
}

static void
heard_cb (TeaSecureService *self, TeaSecureSession *session)
{
  GList *link = g_hash_table_lookup (self->links, session);

  g_assert (TEA_IS_SECURE_SERVICE (self));
  g_assert (link != NULL);

  g_queue_unlink (&self->by_silence, link);
  g_queue_push_tail_link (&self->by_silence, link);
}

/* The session that the same program had before is lost, if its silence was not noticed yet:
 * else its owner would be in the house for a while after they have left by the new one. */
static void
entered_cb (TeaSecureService *self, TeaSecureSession *session)
{
  g_assert (TEA_IS_SECURE_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    if (l->data != session && tea_secure_session_is_same_program (l->data, session))
      {
        tea_secure_session_lose (l->data, "has another connection");
        return;
      }
}

static void
over_cb (TeaSecureService *self, TeaSecureSession *session)
{
  GList *link = g_hash_table_lookup (self->links, session);

  g_assert (TEA_IS_SECURE_SERVICE (self));
  g_assert (link != NULL);

  g_hash_table_remove (self->links, session);
  g_queue_delete_link (&self->by_silence, link);
  g_object_unref (session);
}

static void
end_all (TeaSecureService *self)
{
  TeaSecureSession *session;

  g_hash_table_remove_all (self->links);
  while ((session = g_queue_pop_head (&self->by_silence)) != NULL)
    {
      tea_secure_session_end (session);
      g_object_unref (session);
    }
}

static void
tea_secure_service_dispose (GObject *object)
{
  TeaSecureService *self = TEA_SECURE_SERVICE (object);

  end_all (self);
  g_clear_pointer (&self->silence_timer, tea_timer_free);

  G_OBJECT_CLASS (tea_secure_service_parent_class)->dispose (object);
}

static void
tea_secure_service_finalize (GObject *object)
{
  TeaSecureService *self = TEA_SECURE_SERVICE (object);

  g_hash_table_unref (self->links);
  tea_secure_senders_free (self->context.senders);
  tea_quotas_free (self->context.quotas);
  g_clear_object (&self->context.guard);
  g_object_unref (self->context.house);
  g_object_unref (self->context.clock);

  G_OBJECT_CLASS (tea_secure_service_parent_class)->finalize (object);
}

static void
tea_secure_service_class_init (TeaSecureServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_secure_service_dispose;
  object_class->finalize = tea_secure_service_finalize;
}

static void
tea_secure_service_init (TeaSecureService *self)
{
  g_queue_init (&self->by_silence);
  self->links = g_hash_table_new (NULL, NULL);
}

/**
 * tea_secure_service_new:
 * @house: the house to serve, which is open
 * @clock: by which clock
 * @password: (nullable): the password of the house; %NULL where everybody may enter
 *
 * Returns: (transfer full): a service that knows no clients yet
 */
TeaSecureService *
tea_secure_service_new (TeaHouse *house, TeaClock *clock, TeaPassword *password)
{
  TeaSecureService *self;

  g_return_val_if_fail (TEA_IS_HOUSE (house), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_SECURE_SERVICE, NULL);
  self->context.house = g_object_ref (house);
  self->context.clock = g_object_ref (clock);
  if (password != NULL)
    self->context.guard = tea_password_guard_new (password, clock);
  self->context.quotas = tea_quotas_new (clock);
  self->context.senders = tea_secure_senders_new (clock);
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

  session = tea_secure_session_new (&self->context, channel);
  g_signal_connect_object (session, "heard", G_CALLBACK (heard_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "over", G_CALLBACK (over_cb), self, G_CONNECT_SWAPPED);

  if (g_queue_is_empty (&self->by_silence))
    tea_timer_set (self->silence_timer, SILENCE_LIMIT);
  g_queue_push_tail (&self->by_silence, session);
  g_hash_table_insert (self->links, session, self->by_silence.tail);
}

/**
 * tea_secure_service_say_goodbye:
 * @self: a service
 * @code: %TEA_BYE_RESTART where the house means to be back, or %TEA_BYE_CLOSED
 *
 * Ends all sessions: for when the server goes down. Nobody leaves the house by that.
 */
void
tea_secure_service_say_goodbye (TeaSecureService *self, TeaBye code)
{
  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    tea_secure_session_say_goodbye (l->data, code, "");

  end_all (self);
  tea_timer_unset (self->silence_timer);
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
