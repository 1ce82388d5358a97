/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-service.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-classic-line.h"
#include "tea-classic-session.h"
#include "tea-inet-address.h"
#include "tea-network-places.h"
#include "tea-network-ration.h"
#include "tea-token-bucket.h"

/* Refusals to strangers are longer than what they asked, and a sender can be forged:
 * this many at once, this many a second, and no more. An address and the network around it may
 * have but a part of them. */
#define REFUSALS_BURST 1000
#define REFUSALS_PER_SECOND 500
#define REFUSALS_ADDRESS_PART 20
#define REFUSALS_NETWORK_PART 4

/* The same of places, and of those who enter. These may be so many seconds' worth at once: a
 * class, or a good part of a LAN party. */
#define PLACES_ADDRESS_PART 16
#define PLACES_NETWORK_PART 4
#define JOINS_ADDRESS_PART 4
#define JOINS_NETWORK_PART 2
#define JOINS_BURST 12

/**
 * TeaClassicService:
 *
 * The classic protocol's way into the hall: knows its clients by their addresses, lets in
 * those who may come, tells them what happens, and takes out who is gone. PROTOCOL.md has
 * the rules.
 */
struct _TeaClassicService
{
  GObject parent_instance;

  TeaClassicContext context;
  TeaClassicPolicy policy;
  gint64 idle_timeout; /* µs */

  GHashTable *clients;  /* (element-type GInetSocketAddress Client) */
  GQueue by_silence;    /* (element-type Client): inside, the longest silent first */
  TeaTimer *idle_timer; /* (owned) */

  TeaEndpoint *endpoint;     /* (owned) */
  TeaQuotas *quotas;         /* (owned): by address */
  TeaNetworkPlaces *places;  /* (owned) */
  TeaNetworkRation *joins;   /* (owned) */
  TeaNetworkRation *refused; /* (owned) */
  TeaTokenBucket refusals;
};

typedef struct
{
  TeaClassicSession *session; /* (owned) */
  GList link;                 /* among those who are inside; its data is NULL outside */
} Client;

G_DEFINE_FINAL_TYPE (TeaClassicService, tea_classic_service, G_TYPE_OBJECT)

static void
client_free (Client *client)
{
  g_object_unref (client->session);
  g_free (client);
}

static Client *
find (TeaClassicService *self, TeaClassicSession *session)
{
  Client *client = g_hash_table_lookup (self->clients, tea_classic_session_get_address (session));

  return client != NULL && client->session == session ? client : NULL;
}

static void
note_drop (TeaClassicService *self, TeaDrop drop, GInetSocketAddress *address)
{
  tea_drop_counter_note_from (tea_endpoint_get_drops (self->endpoint), drop,
                              g_inet_socket_address_get_address (address));
}

/* Whoever has this machine has its share of what all may have, and no more. */
static gboolean
may_answer_stranger (TeaClassicService *self, GInetSocketAddress *address)
{
  if (tea_network_ration_take (self->refused, g_inet_socket_address_get_address (address), 1) == 0
      && tea_token_bucket_take (&self->refusals, tea_clock_get_time (self->context.clock), 1))
    return TRUE;

  note_drop (self, TEA_DROP_CLASSIC_REFUSALS, address);

  return FALSE;
}

static void
refuse (TeaClassicService *self, GInetSocketAddress *address, const char *reason)
{
  Client *client = g_hash_table_lookup (self->clients, address);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) datagram = NULL;

  if (client == NULL && !may_answer_stranger (self, address))
    return;

  text = tea_inet_address_to_string (address);
  g_debug ("%s is refused: %s", text, reason);
  datagram = tea_classic_line_encode_refused (reason);
  if (client != NULL)
    tea_classic_session_send (client->session, datagram);
  else
    tea_endpoint_send (self->endpoint, address, datagram);
}

static void
schedule_idle_check (TeaClassicService *self)
{
  Client *client = g_queue_peek_head (&self->by_silence);

  if (client != NULL && tea_timer_get_due (self->idle_timer) == 0)
    tea_timer_set_at (self->idle_timer,
                      tea_classic_session_get_last_heard (client->session) + self->idle_timeout);
}

static void
idle_check_cb (gpointer user_data)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (user_data);
  gint64 limit = tea_clock_get_time (self->context.clock) - self->idle_timeout;
  Client *client;

  while ((client = g_queue_peek_head (&self->by_silence)) != NULL
         && tea_classic_session_get_last_heard (client->session) <= limit)
    {
      tea_classic_session_send (client->session, self->context.exit);
      tea_classic_session_lose (client->session, "was silent for too long");
    }

  schedule_idle_check (self);
}

static void
unqueue (TeaClassicService *self, Client *client)
{
  if (client->link.data == NULL)
    return;

  g_queue_unlink (&self->by_silence, &client->link);
  client->link.data = NULL;
}

static void
enqueue (TeaClassicService *self, Client *client)
{
  client->link.data = client;
  g_queue_push_tail_link (&self->by_silence, &client->link);
}

static GBytes *
encode (TeaEvent *event)
{
  const char *author = tea_event_get_author (event);
  g_autofree char *edited = NULL;

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_MESSAGE:
      return tea_classic_line_encode_message (author, tea_event_get_text (event));
    case TEA_EVENT_EDITED:
      edited = g_strconcat ("✎ ", tea_event_get_text (event), NULL);
      return tea_classic_line_encode_message (author, edited);
    case TEA_EVENT_JOINED:
      return tea_classic_line_encode_joined (author);
    case TEA_EVENT_LEFT:
      return tea_classic_line_encode_left (author);
    default:
      return NULL;
    }
}

static gboolean
is_banned (TeaClassicService *self, GInetSocketAddress *address)
{
  g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (address));

  return tea_rule_book_get_network_ban (tea_room_get_rule_book (self->context.room), text) != 0;
}

static gboolean
is_outside_policy (TeaClassicService *self, GInetSocketAddress *address)
{
  return self->policy == TEA_CLASSIC_OFF
         || (self->policy == TEA_CLASSIC_LOCAL && !tea_inet_address_is_local (address));
}

static void
send_out (TeaClassicService *self,
          gboolean (*is_meant) (TeaClassicService *self, GInetSocketAddress *address))
{
  g_autoptr (GPtrArray) meant = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  Client *client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    if (tea_classic_session_is_inside (client->session)
        && is_meant (self, tea_classic_session_get_address (client->session)))
      g_ptr_array_add (meant, g_object_ref (client->session));

  for (guint i = 0; i < meant->len; i++)
    {
      TeaClassicSession *session = g_ptr_array_index (meant, i);

      tea_classic_session_send (session, self->context.exit);
      tea_classic_session_lose (session, "was sent out");
    }
}

/* It is put into words once, however many it goes to. */
static void
event_cb (TeaClassicService *self, TeaEvent *event)
{
  g_autoptr (GBytes) line = NULL;
  GHashTableIter iter;
  Client *client;

  g_assert (TEA_IS_CLASSIC_SERVICE (self));

  if (g_hash_table_size (self->clients) == 0)
    return;

  /* Who has no key goes with their network. */
  if (tea_event_get_kind (event) == TEA_EVENT_SENT_OUT)
    send_out (self, is_banned);

  line = encode (event);
  if (line == NULL)
    return;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    if (tea_classic_session_hears (client->session, event))
      tea_classic_session_send (client->session, line);
}

/* What happened before its client was told to be inside is told now. */
static void
entered_cb (TeaClassicService *self, guint64 since, TeaClassicSession *session)
{
  TeaRoomReader *reader = tea_room_get_reader (self->context.room);
  Client *client = find (self, session);

  g_assert (TEA_IS_CLASSIC_SERVICE (self));

  if (client == NULL)
    return;

  enqueue (self, client);
  schedule_idle_check (self);
  for (guint64 seq = since + 1; seq <= tea_room_reader_get_head (reader); seq++)
    {
      TeaEvent *event = tea_room_reader_peek (reader, seq);
      g_autoptr (GBytes) line = event != NULL ? encode (event) : NULL;

      if (line != NULL && tea_classic_session_hears (session, event))
        tea_classic_session_send (session, line);
    }
}

static GInetAddress *
get_inet (TeaClassicSession *session)
{
  return g_inet_socket_address_get_address (tea_classic_session_get_address (session));
}

static void
over_cb (TeaClassicService *self, TeaClassicSession *session)
{
  Client *client = find (self, session);

  g_assert (TEA_IS_CLASSIC_SERVICE (self));

  if (client == NULL)
    return;

  unqueue (self, client);
  tea_network_places_give_back (self->places, get_inet (session));
  tea_quotas_give_back (self->quotas, tea_classic_session_get_quota (session));
  g_hash_table_remove (self->clients, tea_classic_session_get_address (session));
}

static void
refused_cb (TeaClassicService *self, const char *reason, TeaClassicSession *session)
{
  g_assert (TEA_IS_CLASSIC_SERVICE (self));

  refuse (self, tea_classic_session_get_address (session), reason);
}

static void
dispatch (TeaClassicService *self, GInetSocketAddress *address, TeaClassicRequest *request);

static void
request_cb (TeaClassicService *self, TeaClassicRequest *request, TeaClassicSession *session)
{
  g_assert (TEA_IS_CLASSIC_SERVICE (self));

  dispatch (self, tea_classic_session_get_address (session), request);
}

static gboolean
is_called (TeaClassicService *self, const char *text)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  return tea_presence_find (tea_room_get_presence (self->context.room), name) != NULL;
}

/* Takes a place, if there is one. Who was here before the server was started again makes no
 * event when they come back, and need not wait. */
static gboolean
may_enter (TeaClassicService *self, GInetSocketAddress *address, TeaQuota *quota, const char *name)
{
  GInetAddress *inet = g_inet_socket_address_get_address (address);
  gint64 wait = is_called (self, name) ? 0 : tea_network_ration_get_wait (self->joins, inet, 1);

  if (wait > 0)
    {
      guint seconds = (guint) ((wait + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND);
      g_autofree char *reason
          = g_strdup_printf (ngettext ("Too many come at once. Try again in %u second.",
                                       "Too many come at once. Try again in %u seconds.", seconds),
                             seconds);

      note_drop (self, TEA_DROP_CLASSIC_JOINS, address);
      refuse (self, address, reason);
      return FALSE;
    }

  if (!tea_quota_enter (quota))
    {
      refuse (self, address, _ ("You come and go too often. Wait a little."));
      return FALSE;
    }

  if (!tea_network_places_take (self->places, inet))
    {
      note_drop (self, TEA_DROP_CLASSIC_PLACES, address);
      refuse (self, address, _ ("All places are taken. Try again later."));
      return FALSE;
    }

  if (!is_called (self, name))
    tea_network_ration_charge (self->joins, inet, 1);

  return TRUE;
}

static void
let_in (TeaClassicService *self, GInetSocketAddress *address, TeaClassicRequest *request)
{
  g_autoptr (TeaClassicRequest) owned = request;
  g_autofree char *id = NULL;
  g_autofree char *host = NULL;
  GInetAddress *inet;
  TeaQuota *quota;
  Client *client;

  /* Who was here before the server was started again can come back under their name, but
   * nobody from outside instead of them. */
  if (!tea_inet_address_is_local (address) && is_called (self, request->name))
    {
      g_autofree char *reason = g_strdup_printf (_ ("“%s” is taken."), request->name);

      refuse (self, address, reason);
      return;
    }

  if (is_banned (self, address))
    {
      refuse (self, address, _ ("You were sent out."));
      return;
    }

  /* What an address may do is for all its ports together, but on this machine, where each is
   * somebody. */
  inet = g_inet_socket_address_get_address (address);
  id = g_inet_address_get_is_loopback (inet) ? tea_inet_address_to_string (address)
                                             : tea_inet_address_to_network (inet);
  host = g_inet_address_to_string (inet);
  quota = tea_quotas_take (self->quotas, id, host);
  if (!may_enter (self, address, quota, request->name))
    {
      tea_quotas_give_back (self->quotas, quota);
      return;
    }

  client = g_new0 (Client, 1);
  client->session = tea_classic_session_new (&self->context, address, quota);
  g_signal_connect_object (client->session, "entered", G_CALLBACK (entered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client->session, "over", G_CALLBACK (over_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client->session, "refused", G_CALLBACK (refused_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client->session, "request", G_CALLBACK (request_cb), self,
                           G_CONNECT_SWAPPED);
  g_hash_table_insert (self->clients, tea_classic_session_get_address (client->session), client);
  tea_classic_session_note_heard (client->session, strlen ("L ") + strlen (owned->name));
  tea_classic_session_handle (client->session, g_steal_pointer (&owned));
}

static void
answer_stranger (TeaClassicService *self,
                 GInetSocketAddress *address,
                 const TeaClassicRequest *request)
{
  if (request->kind != TEA_CLASSIC_LEAVE)
    refuse (self, address, _ ("You are not in the room. Enter first: “L name”."));
  else if (is_called (self, request->name))
    refuse (self, address, _ ("Somebody else has that name here."));
  else if (may_answer_stranger (self, address))
    /* Also for who is outside already: the first answer may have got lost. */
    tea_endpoint_send (self->endpoint, address, self->context.exit);
}

static void
dispatch (TeaClassicService *self, GInetSocketAddress *address, TeaClassicRequest *request)
{
  g_autoptr (TeaClassicRequest) owned = request;
  Client *client = g_hash_table_lookup (self->clients, address);

  if (client != NULL)
    {
      tea_classic_session_handle (client->session, g_steal_pointer (&owned));

      /* Who is on the way out is not idle. */
      client = g_hash_table_lookup (self->clients, address);
      if (client != NULL && !tea_classic_session_is_inside (client->session))
        unqueue (self, client);
    }
  else if (request->kind == TEA_CLASSIC_ENTER)
    {
      let_in (self, address, g_steal_pointer (&owned));
    }
  else
    {
      answer_stranger (self, address, request);
    }
}

static void
tea_classic_service_dispose (GObject *object)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (object);
  GHashTableIter iter;
  Client *client;

  g_clear_pointer (&self->idle_timer, tea_timer_free);
  g_queue_init (&self->by_silence);

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    tea_classic_session_end (client->session);
  g_hash_table_remove_all (self->clients);

  G_OBJECT_CLASS (tea_classic_service_parent_class)->dispose (object);
}

static void
tea_classic_service_finalize (GObject *object)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (object);

  g_hash_table_unref (self->clients);
  tea_quotas_free (self->quotas);
  tea_network_places_free (self->places);
  tea_network_ration_free (self->joins);
  tea_network_ration_free (self->refused);
  tea_classic_post_free (self->context.post);
  g_object_unref (self->context.room);
  g_object_unref (self->endpoint);
  g_object_unref (self->context.clock);
  g_bytes_unref (self->context.accepted);
  g_bytes_unref (self->context.exit);

  G_OBJECT_CLASS (tea_classic_service_parent_class)->finalize (object);
}

static void
tea_classic_service_class_init (TeaClassicServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_classic_service_dispose;
  object_class->finalize = tea_classic_service_finalize;
}

static void
tea_classic_service_init (TeaClassicService *self)
{
  g_queue_init (&self->by_silence);
  self->clients = g_hash_table_new_full (tea_inet_address_hash, tea_inet_address_equal, NULL,
                                         (GDestroyNotify) client_free);
  self->context.exit = g_bytes_new_static ("EXIT", 4);
  tea_token_bucket_init (&self->refusals, REFUSALS_PER_SECOND, REFUSALS_BURST);
}

static guint
get_part (guint all, guint part)
{
  return MAX (all / part, 1);
}

/* Of what there is for all, in so many seconds at once, an address and the network around it may
 * have a part. */
static TeaNetworkRation *
make_ration (TeaClock *clock, guint per_second, guint burst, guint address_part, guint network_part)
{
  const double rate = per_second;
  const double most = rate * burst;
  const TeaNetworkRate address = { rate / address_part, MAX (most / address_part, 1) };
  const TeaNetworkRate network = { rate / network_part, MAX (most / network_part, 1) };
  const TeaNetworkRate all = { rate, most };

  return tea_network_ration_new (clock, &address, &network, &all);
}

/**
 * tea_classic_service_new:
 * @room: the hall
 * @endpoint: what to send through
 * @clock: what time it is
 * @config: what the operator has set
 *
 * Returns: (transfer full): a service that knows no clients yet
 */
TeaClassicService *
tea_classic_service_new (TeaRoom *room,
                         TeaEndpoint *endpoint,
                         TeaClock *clock,
                         const TeaServerConfig *config)
{
  TeaClassicService *self = g_object_new (TEA_TYPE_CLASSIC_SERVICE, NULL);

  self->context.room = g_object_ref (room);
  self->context.post = tea_classic_post_new (endpoint, clock, config->classic_bytes);
  self->context.clock = g_object_ref (clock);
  self->endpoint = g_object_ref (endpoint);
  self->idle_timer = tea_timer_new (clock, idle_check_cb, self);
  self->quotas = tea_quotas_new (clock);
  tea_quotas_set_drops (self->quotas, tea_endpoint_get_drops (endpoint));
  self->places = tea_network_places_new (0, 0, 0);
  self->refused = make_ration (clock, REFUSALS_PER_SECOND, REFUSALS_BURST / REFUSALS_PER_SECOND,
                               REFUSALS_ADDRESS_PART, REFUSALS_NETWORK_PART);
  tea_classic_service_set_config (self, config, config->classic);
  g_signal_connect_object (room, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_classic_service_set_config:
 * @self: a service
 * @config: what the operator has set
 * @policy: from where the protocol is welcome, whatever @config says
 *
 * Changes what holds from now on. Who may not be here any more is sent out; who is over another
 * limit stays.
 */
void
tea_classic_service_set_config (TeaClassicService *self,
                                const TeaServerConfig *config,
                                TeaClassicPolicy policy)
{
  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));
  g_return_if_fail (config != NULL);

  tea_classic_post_set_rate (self->context.post, self->context.clock, config->classic_bytes);
  tea_network_places_set_max (self->places, get_part (config->classic_places, PLACES_ADDRESS_PART),
                              get_part (config->classic_places, PLACES_NETWORK_PART),
                              config->classic_places);
  g_clear_pointer (&self->joins, tea_network_ration_free);
  self->joins = make_ration (self->context.clock, config->classic_joins, JOINS_BURST,
                             JOINS_ADDRESS_PART, JOINS_NETWORK_PART);
  g_clear_pointer (&self->context.accepted, g_bytes_unref);
  self->context.accepted = g_bytes_new (config->classic_accept, strlen (config->classic_accept));
  self->idle_timeout = config->idle_timeout * G_TIME_SPAN_SECOND;
  self->policy = policy;

  send_out (self, is_outside_policy);
  tea_timer_unset (self->idle_timer);
  schedule_idle_check (self);
}

/**
 * tea_classic_service_receive:
 * @self: a service
 * @address: where the datagram came from, normalized
 * @datagram: what came
 *
 * Does what a datagram asks for, or refuses it.
 */
void
tea_classic_service_receive (TeaClassicService *self, GInetSocketAddress *address, GBytes *datagram)
{
  g_autoptr (TeaClassicRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  Client *client;
  const guint8 *data;
  gsize size;

  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  data = g_bytes_get_data (datagram, &size);
  if (tea_classic_is_answer (data, size))
    return;

  if (self->policy != TEA_CLASSIC_ANYONE && !tea_inet_address_is_local (address))
    {
      /* Anybody's address can be forged on the way here: not a byte more than came. */
      g_autoptr (GBytes) no = g_bytes_new_static ("N", 1);

      if (may_answer_stranger (self, address))
        tea_endpoint_send (self->endpoint, address, no);
      return;
    }

  if (self->policy == TEA_CLASSIC_OFF)
    {
      refuse (self, address, _ ("This server does not speak the classic protocol."));
      return;
    }

  client = g_hash_table_lookup (self->clients, address);
  if (client != NULL && client->link.data != NULL)
    {
      tea_classic_session_note_heard (client->session, size);
      unqueue (self, client);
      enqueue (self, client);
    }

  request = tea_classic_request_parse (data, size, &error);
  if (request != NULL)
    dispatch (self, address, g_steal_pointer (&request));
  else
    refuse (self, address, error->message);
}

/**
 * tea_classic_service_unreachable:
 * @self: a service
 * @address: where nobody listens any more, normalized
 *
 * Takes out who was at an address: their program is gone.
 */
void
tea_classic_service_unreachable (TeaClassicService *self, GInetSocketAddress *address)
{
  Client *client;

  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  client = g_hash_table_lookup (self->clients, address);
  if (client != NULL && tea_classic_session_is_inside (client->session))
    tea_classic_session_lose (client->session, "is gone");
}

/**
 * tea_classic_service_say_goodbye:
 * @self: a service
 *
 * Tells every client that the session is over. For when the server goes down.
 */
void
tea_classic_service_say_goodbye (TeaClassicService *self)
{
  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    {
      Client *client = l->data;

      tea_classic_session_send (client->session, self->context.exit);
    }
}

/**
 * tea_classic_service_get_n_sessions:
 * @self: a service
 *
 * Returns: how many clients are inside
 */
guint
tea_classic_service_get_n_sessions (TeaClassicService *self)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_SERVICE (self), 0);

  return g_queue_get_length (&self->by_silence);
}

/**
 * tea_classic_service_list_sessions:
 * @self: a service
 *
 * Returns: (transfer full) (element-type TeaSessionInfo): the sessions of those who are inside
 */
GPtrArray *
tea_classic_service_list_sessions (TeaClassicService *self)
{
  GPtrArray *list;

  g_return_val_if_fail (TEA_IS_CLASSIC_SERVICE (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_session_info_free);
  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    {
      const Client *client = l->data;

      g_ptr_array_add (list, tea_classic_session_describe (client->session));
    }

  return list;
}
