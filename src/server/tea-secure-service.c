/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-service.h"

#include "tea-event-data.h"
#include "tea-head-announcer.h"
#include "tea-pusher.h"
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
  GHashTable *inside;      /* (element-type utf8 GPtrArray(TeaSecureSession)): by key */
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

/* Who is in the house gets a heartbeat, whatever rooms they have open. */
static void
keep_heart_beating (TeaSecureService *self)
{
  TeaRoom *hall = tea_house_get_hall (self->context.house);

  tea_pusher_set_steady (tea_pusher_get (hall, self->context.clock),
                         g_hash_table_size (self->inside) > 0);
}

static GPtrArray *
find_inside (TeaSecureService *self, const char *key)
{
  return g_hash_table_lookup (self->inside, key);
}

/* The session that the same program had before is lost, if its silence was not noticed yet:
 * else its owner would be in the house for a while after they have left by the new one. */
static void
entered_cb (TeaSecureService *self, TeaSecureSession *session)
{
  const char *key = tea_secure_session_get_key (session);
  GPtrArray *sessions = find_inside (self, key);
  TeaSecureSession *before = NULL;

  g_assert (TEA_IS_SECURE_SERVICE (self));

  for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    if (tea_secure_session_is_same_program (g_ptr_array_index (sessions, i), session))
      before = g_ptr_array_index (sessions, i);

  if (sessions == NULL)
    {
      sessions = g_ptr_array_new ();
      g_hash_table_insert (self->inside, g_strdup (key), sessions);
    }
  g_ptr_array_add (sessions, session);
  keep_heart_beating (self);

  if (before != NULL)
    tea_secure_session_lose (before, "has another connection");
}

static void
over_cb (TeaSecureService *self, TeaSecureSession *session)
{
  GList *link = g_hash_table_lookup (self->links, session);
  const char *key = tea_secure_session_get_key (session);
  GPtrArray *sessions = find_inside (self, key);

  g_assert (TEA_IS_SECURE_SERVICE (self));
  g_assert (link != NULL);

  if (sessions != NULL)
    {
      g_ptr_array_remove (sessions, session);
      if (sessions->len == 0)
        g_hash_table_remove (self->inside, key);
      keep_heart_beating (self);
    }

  g_hash_table_remove (self->links, session);
  g_queue_delete_link (&self->by_silence, link);
  g_object_unref (session);
}

static void
note_left (TeaSecureService *self, TeaRoom *room, const char *key, guint32 stream)
{
  GPtrArray *sessions = find_inside (self, key);

  for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    {
      TeaSecureSession *session = g_ptr_array_index (sessions, i);

      if (tea_secure_session_is_inside (session))
        tea_secure_session_note_left (session, room, stream);
    }
}

/* Who is sent out of the house has no session there any more, by whatever device. */
static void
hall_event_cb (TeaSecureService *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  const char *text = tea_event_get_text (event);
  g_autoptr (GPtrArray) sessions = NULL;

  g_assert (TEA_IS_SECURE_SERVICE (self));

  if (tea_event_get_kind (event) != TEA_EVENT_SENT_OUT
      || !tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out)
      || find_inside (self, sent_out.key) == NULL)
    return;

  sessions = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < find_inside (self, sent_out.key)->len; i++)
    g_ptr_array_add (sessions,
                     g_object_ref (g_ptr_array_index (find_inside (self, sent_out.key), i)));
  for (guint i = 0; i < sessions->len; i++)
    {
      TeaSecureSession *session = g_ptr_array_index (sessions, i);

      if (tea_secure_session_is_inside (session))
        tea_secure_session_send_out (session, text != NULL ? text : "");
    }
}

/* Whoever belongs to a room hears of what is new there, also without having it open. */
static void
event_cb (TeaSecureService *self, TeaRoom *room, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  g_autoptr (GPtrArray) concerned = NULL;

  g_assert (TEA_IS_SECURE_SERVICE (self));

  if (tea_event_get_kind (event) == TEA_EVENT_LEFT && tea_event_get_key (event) != NULL)
    note_left (self, room, tea_event_get_key (event), tea_event_get_stream (event));
  if (tea_event_get_kind (event) == TEA_EVENT_SENT_OUT
      && tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out))
    note_left (self, room, sent_out.key, 0);

  concerned = tea_members_list_concerned (tea_room_get_members (room));
  for (guint i = 0; i < concerned->len; i++)
    {
      const TeaMembership *membership = g_ptr_array_index (concerned, i);
      GPtrArray *sessions = find_inside (self, membership->key);

      /* Who is invited hears of that alone. */
      if (membership->role == TEA_ROOM_ROLE_NONE && membership->joined != tea_event_get_seq (event))
        continue;

      for (guint j = 0; sessions != NULL && j < sessions->len; j++)
        {
          TeaSecureSession *session = g_ptr_array_index (sessions, j);

          if (tea_secure_session_is_inside (session))
            tea_secure_session_note_event (session, room, event);
        }
    }
}

static void
gone_cb (TeaSecureService *self, TeaRoom *room)
{
  g_assert (TEA_IS_SECURE_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    if (tea_secure_session_is_inside (l->data))
      tea_secure_session_note_gone (l->data, room);
}

static void
heartbeat_cb (TeaSecureService *self)
{
  g_assert (TEA_IS_SECURE_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    if (tea_secure_session_is_inside (l->data))
      tea_secure_session_send_total (l->data);
}

static void
end_all (TeaSecureService *self)
{
  TeaSecureSession *session;

  g_hash_table_remove_all (self->links);
  g_hash_table_remove_all (self->inside);
  keep_heart_beating (self);
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
  g_hash_table_unref (self->inside);
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
  self->inside
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
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
  tea_secure_service_set_password (self, password);
  self->context.quotas = tea_quotas_new (clock);
  self->context.senders = tea_secure_senders_new (clock);
  self->silence_timer = tea_timer_new (clock, silence_cb, self);
  g_signal_connect_object (house, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (house, "gone", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_house_get_hall (house), "event", G_CALLBACK (hall_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_pusher_get (tea_house_get_hall (house), clock), "heartbeat",
                           G_CALLBACK (heartbeat_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_secure_service_set_password:
 * @self: a service
 * @password: (nullable): the password of the house; %NULL where everybody may enter
 *
 * Sets what those are asked for who enter from now on. Who is inside stays.
 */
void
tea_secure_service_set_password (TeaSecureService *self, TeaPassword *password)
{
  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));

  g_clear_object (&self->context.guard);
  if (password != NULL)
    self->context.guard = tea_password_guard_new (password, self->context.clock);
}

/**
 * tea_secure_service_tell_limits:
 * @self: a service
 *
 * Tells everybody inside what holds in the house, after that has changed.
 */
void
tea_secure_service_tell_limits (TeaSecureService *self)
{
  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    if (tea_secure_session_is_inside (l->data))
      tea_secure_session_send_limits (l->data);
}

/**
 * tea_secure_service_set_ration:
 * @self: a service
 * @messages_per_second: how many messages somebody may say; 0 for any number
 * @bytes_per_second: how many bytes these may have; 0 for any number
 *
 * Sets how much everybody may say.
 */
void
tea_secure_service_set_ration (TeaSecureService *self,
                               guint messages_per_second,
                               guint bytes_per_second)
{
  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));

  tea_quotas_set_ration (self->context.quotas, messages_per_second, bytes_per_second);
}

/**
 * tea_secure_service_set_drops:
 * @self: a service
 * @drops: (nullable): what counts who meets a limit
 *
 * Lets the limits be counted that are met.
 */
void
tea_secure_service_set_drops (TeaSecureService *self, TeaDropCounter *drops)
{
  g_return_if_fail (TEA_IS_SECURE_SERVICE (self));

  tea_quotas_set_drops (self->context.quotas, drops);
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

/**
 * tea_secure_service_get_counts:
 * @self: a service
 *
 * Returns: what was sent to all its clients
 */
TeaSecureCounts
tea_secure_service_get_counts (TeaSecureService *self)
{
  g_return_val_if_fail (TEA_IS_SECURE_SERVICE (self), (TeaSecureCounts){ 0 });

  return tea_secure_senders_get_counts (self->context.senders);
}

/**
 * tea_secure_service_list_sessions:
 * @self: a service
 *
 * Returns: (transfer full) (element-type TeaSessionInfo): the sessions of those who are inside
 */
GPtrArray *
tea_secure_service_list_sessions (TeaSecureService *self)
{
  GPtrArray *list;

  g_return_val_if_fail (TEA_IS_SECURE_SERVICE (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_session_info_free);
  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    if (tea_secure_session_is_inside (l->data))
      g_ptr_array_add (list, tea_secure_session_describe (l->data));

  return list;
}
