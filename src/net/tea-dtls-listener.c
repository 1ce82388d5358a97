/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-listener.h"

#include "tea-datagram.h"
#include "tea-dtls-cookies.h"
#include "tea-dtls-handshakes.h"
#include "tea-dtls-hints.h"
#include "tea-dtls-server-channel.h"
#include "tea-inet-address.h"
#include "tea-pace.h"

/* With some 14 KiB each. */
#define MAX_HANDSHAKES 1024
/* One source may have such a part of these. */
#define SESSIONS_PART 4
#define HANDSHAKES_PART 2

/* So many packets a second are more than a program sends for somebody. Who sends more waits for
 * others. */
#define PACKETS_PER_SECOND 100
#define PACKETS_AT_ONCE 400

/**
 * TeaDtlsListener:
 *
 * The server's side of DTLS on a socket: finds the session that a datagram belongs to, and
 * begins new ones. Nothing is kept of anybody who has not proved, by a cookie, to be where
 * they say.
 */
struct _TeaDtlsListener
{
  GObject parent_instance;

  TeaEndpoint *endpoint;    /* (owned) */
  TeaIdentity *identity;    /* (owned) */
  TeaTicketKey *ticket_key; /* (owned) */
  TeaClock *clock;          /* (owned) */

  guint max_sessions;
  guint64 n_accepted; /* since it was made */
  guint64 n_resumed;  /* of these, without a certificate */

  TeaDtlsCookies *cookies;       /* (owned) */
  TeaDtlsHints *hints;           /* (owned) */
  TeaDtlsSources *sources;       /* (owned) */
  TeaDtlsHandshakes *handshakes; /* (owned) */

  GHashTable *by_route; /* (element-type guint64 Client) */
  /* Where those with a route can surely be reached. */
  GHashTable *by_address; /* (element-type GInetSocketAddress TeaDtlsServerChannel) (unowned) */
};

typedef struct
{
  TeaDtlsServerChannel *channel; /* (owned) */
  TeaDtlsSource *source;         /* (unowned): where it came from at first */
  TeaPace pace;                  /* of packets */
} Client;

enum
{
  SIGNAL_ACCEPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaDtlsListener, tea_dtls_listener, G_TYPE_OBJECT)

static Client *
client_new (TeaDtlsServerChannel *channel, TeaDtlsSource *source)
{
  Client *client = g_new0 (Client, 1);

  client->channel = g_object_ref (channel);
  client->source = source;
  tea_pace_init (&client->pace, PACKETS_PER_SECOND, PACKETS_AT_ONCE);

  return client;
}

static void
client_free (Client *client)
{
  g_object_unref (client->channel);
  g_free (client);
}

static void
leave_address (TeaDtlsListener *self, TeaDtlsServerChannel *channel)
{
  GInetSocketAddress *address = tea_dtls_server_channel_get_address (channel);

  if (g_hash_table_lookup (self->by_address, address) == channel)
    g_hash_table_remove (self->by_address, address);
}

static void
note_drop (TeaDtlsListener *self, TeaDrop drop, GInetSocketAddress *address)
{
  tea_drop_counter_note_from (tea_endpoint_get_drops (self->endpoint), drop,
                              g_inet_socket_address_get_address (address));
}

/* Nothing is said about it any more. */
static void
forget (TeaDtlsListener *self, TeaDtlsServerChannel *channel)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsServerChannel) kept = g_object_ref (channel);
  guint64 route;
  Client *client;

  if (tea_dtls_handshakes_drop (self->handshakes, channel))
    return;

  tea_dtls_server_channel_cut (channel);
  route = tea_dtls_server_channel_get_route (channel);
  client = g_hash_table_lookup (self->by_route, &route);
  g_return_if_fail (client != NULL && client->channel == channel);

  tea_dtls_sources_close (self->sources, client->source);
  leave_address (self, channel);
  g_hash_table_remove (self->by_route, &route);
}

static void
end (TeaDtlsListener *self, TeaDtlsServerChannel *channel, const char *why)
{
  g_autoptr (TeaDtlsServerChannel) kept = g_object_ref (channel);
  g_autofree char *address
      = tea_inet_address_to_string (tea_dtls_server_channel_get_address (channel));

  g_debug ("The session with %s ends: %s", address, why);
  forget (self, kept);
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (kept));
}

/* An address has one session: whoever was there before is there no more. */
static void
take_address (TeaDtlsListener *self, TeaDtlsServerChannel *channel)
{
  GInetSocketAddress *address = tea_dtls_server_channel_get_address (channel);
  TeaDtlsServerChannel *other = g_hash_table_lookup (self->by_address, address);

  g_hash_table_replace (self->by_address, g_object_ref (address), channel);
  if (other != NULL && other != channel)
    end (self, other, "another has begun at its address");
}

/* Who moves leaves its address at once; whoever is at the new one stays until the client
 * has proved that it is there. */
static void
news_cb (TeaDtlsServerChannel *channel, TeaDtlsServerNews news, gpointer user_data)
{
  TeaDtlsListener *self = TEA_DTLS_LISTENER (user_data);

  switch (news)
    {
    case TEA_DTLS_SERVER_NEWS_MOVES:
      leave_address (self, channel);
      break;
    case TEA_DTLS_SERVER_NEWS_PROVED:
      take_address (self, channel);
      break;
    case TEA_DTLS_SERVER_NEWS_CLOSED:
      forget (self, channel);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
accept_channel (TeaDtlsListener *self, TeaDtlsServerChannel *channel)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsServerChannel) kept = g_object_ref (channel);
  guint64 route = tea_dtls_server_channel_get_route (channel);
  TeaDtlsSource *source;

  if (g_hash_table_contains (self->by_route, &route))
    {
      forget (self, channel);
      return;
    }

  source = tea_dtls_handshakes_take (self->handshakes, channel);
  tea_dtls_sources_open (self->sources, source);
  self->n_accepted++;
  self->n_resumed += tea_dtls_server_channel_is_resumed (channel) ? 1 : 0;
  g_hash_table_insert (self->by_route, g_memdup2 (&route, sizeof route),
                       client_new (channel, source));
  take_address (self, channel);

  if (!tea_dtls_server_channel_is_cut (channel))
    g_signal_emit (self, signals[SIGNAL_ACCEPTED], 0, channel);
}

static void
give (TeaDtlsListener *self,
      TeaDtlsServerChannel *channel,
      GInetSocketAddress *address,
      GBytes *datagram,
      gsize offset)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsServerChannel) kept = g_object_ref (channel);
  gboolean was_young = tea_dtls_server_channel_get_state (channel) == TEA_DTLS_HANDSHAKE;
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);

  tea_dtls_server_channel_receive (channel, data + offset, size - offset);
  if (was_young && tea_dtls_server_channel_get_state (channel) == TEA_DTLS_OPEN)
    accept_channel (self, channel);
  tea_dtls_server_channel_take_packets (channel, address, size);

  if (tea_dtls_server_channel_is_cut (channel))
    return;

  if (was_young && tea_dtls_server_channel_get_state (channel) > TEA_DTLS_OPEN)
    note_drop (self, TEA_DROP_HANDSHAKE_FAILED, address);

  switch (tea_dtls_server_channel_get_state (channel))
    {
    case TEA_DTLS_HANDSHAKE:
    case TEA_DTLS_OPEN:
      break;

    case TEA_DTLS_CLOSED:
      end (self, channel, "goodbye");
      break;

    case TEA_DTLS_FAILED:
    default:
      if (was_young)
        forget (self, channel);
      else
        end (self, channel, tea_dtls_server_channel_get_failure (channel));
    }
}

static void
begin (TeaDtlsListener *self,
       GInetSocketAddress *address,
       GBytes *datagram,
       const guint8 *random,
       const gnutls_dtls_prestate_st *prestate)
{
  g_autoptr (TeaDtlsServerChannel) channel = NULL;

  if (g_hash_table_size (self->by_route) >= self->max_sessions)
    {
      g_debug ("There are %u sessions already", self->max_sessions);
      note_drop (self, TEA_DROP_HANDSHAKE_FULL, address);
      return;
    }

  if (!tea_dtls_handshakes_make_room (self->handshakes, address))
    {
      g_debug ("Too many come from one place; this one has to ask again");
      note_drop (self, TEA_DROP_HANDSHAKE_RATE, address);
      return;
    }

  channel = tea_dtls_server_channel_new (self->endpoint, self->identity,
                                         tea_ticket_key_get_bytes (self->ticket_key), self->clock,
                                         address, random, prestate);
  tea_dtls_server_channel_start (channel, news_cb, self);
  tea_dtls_handshakes_add (self->handshakes, channel);

  give (self, channel, address, datagram, 0);
  tea_dtls_sources_charge (self->sources, address, tea_dtls_server_channel_is_resumed (channel));
}

/* A session at the same address goes on meanwhile. If it is from the client's life before,
 * nobody misses it; if somebody forged the request, the handshake comes to nothing. */
static void
take_hello (TeaDtlsListener *self,
            GInetSocketAddress *address,
            GBytes *datagram,
            const guint8 *random)
{
  gnutls_dtls_prestate_st prestate;
  TeaDtlsServerChannel *channel;

  if (!tea_dtls_cookies_check (self->cookies, address, datagram, &prestate))
    {
      g_autoptr (GBytes) answer = tea_dtls_cookies_bake (self->cookies, address, datagram);

      /* Whoever is behind the address may not have asked: they get less than was sent. */
      if (g_bytes_get_size (answer) <= g_bytes_get_size (datagram))
        tea_endpoint_send (self->endpoint, address, answer);
      return;
    }

  channel = tea_dtls_handshakes_lookup (self->handshakes, address);
  if (channel != NULL && tea_dtls_server_channel_began_with (channel, random))
    {
      give (self, channel, address, datagram, 0);
      return;
    }

  /* A late repeat of what is done. */
  channel = g_hash_table_lookup (self->by_address, address);
  if (channel != NULL && tea_dtls_server_channel_began_with (channel, random))
    return;

  begin (self, address, datagram, random, &prestate);
}

static void
take_records (TeaDtlsListener *self, GInetSocketAddress *address, GBytes *datagram)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  const guint8 *random = tea_datagram_get_client_random (data, size);
  TeaDtlsServerChannel *channel = tea_dtls_handshakes_lookup (self->handshakes, address);

  if (channel == NULL)
    channel = g_hash_table_lookup (self->by_address, address);

  if (random != NULL)
    take_hello (self, address, datagram, random);
  else if (channel != NULL)
    give (self, channel, address, datagram, 0);
}

static gboolean
is_quick (TeaDtlsListener *self, Client *client)
{
  gboolean is_quick_alone = tea_pace_is_quick (&client->pace, tea_clock_get_time (self->clock));

  return tea_dtls_sources_is_quick (self->sources, client->source) || is_quick_alone;
}

static void
take_routed (TeaDtlsListener *self, GInetSocketAddress *address, GBytes *datagram)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  guint64 route = tea_datagram_get_route (data, size);
  Client *client = g_hash_table_lookup (self->by_route, &route);

  if (client != NULL)
    give (self, client->channel, address, datagram, TEA_DATAGRAM_ROUTE_SIZE);
  else
    tea_dtls_hints_give (self->hints, address, route);
}

static void
tea_dtls_listener_dispose (GObject *object)
{
  TeaDtlsListener *self = TEA_DTLS_LISTENER (object);
  GHashTableIter iter;
  gpointer client;

  g_clear_pointer (&self->hints, tea_dtls_hints_free);
  g_clear_pointer (&self->handshakes, tea_dtls_handshakes_free);
  g_hash_table_remove_all (self->by_address);
  g_hash_table_iter_init (&iter, self->by_route);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    tea_dtls_server_channel_cut (((Client *) client)->channel);
  g_hash_table_remove_all (self->by_route);
  g_clear_pointer (&self->sources, tea_dtls_sources_free);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->identity);
  g_clear_object (&self->ticket_key);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_dtls_listener_parent_class)->dispose (object);
}

static void
tea_dtls_listener_finalize (GObject *object)
{
  TeaDtlsListener *self = TEA_DTLS_LISTENER (object);

  g_clear_pointer (&self->cookies, tea_dtls_cookies_free);
  g_hash_table_unref (self->by_address);
  g_hash_table_unref (self->by_route);

  G_OBJECT_CLASS (tea_dtls_listener_parent_class)->finalize (object);
}

static void
tea_dtls_listener_class_init (TeaDtlsListenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_dtls_listener_dispose;
  object_class->finalize = tea_dtls_listener_finalize;

  /**
   * TeaDtlsListener::accepted:
   * @self: the listener
   * @channel: (type TeaDtlsServerChannel): a channel to a client
   *
   * A client is there. The listener keeps the channel until it is closed; whoever takes it
   * closes it when nothing comes from it any more.
   */
  signals[SIGNAL_ACCEPTED]
      = g_signal_new ("accepted", TEA_TYPE_DTLS_LISTENER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, TEA_TYPE_PACKET_CHANNEL);
}

static void
tea_dtls_listener_init (TeaDtlsListener *self)
{
  self->max_sessions = TEA_DTLS_LISTENER_MAX_SESSIONS;
  self->by_address
      = g_hash_table_new_full (tea_inet_address_hash, tea_inet_address_equal, g_object_unref, NULL);
  self->by_route
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) client_free);
}

/**
 * tea_dtls_listener_new:
 * @endpoint: the server's socket, which may have other uses: what comes in has to be given
 *   to [method@Tea.DtlsListener.receive]
 * @identity: who the server is
 * @ticket_key: what to seal tickets with
 * @clock: by which to lose patience
 *
 * Returns: (transfer full): a listener
 */
TeaDtlsListener *
tea_dtls_listener_new (TeaEndpoint *endpoint,
                       TeaIdentity *identity,
                       TeaTicketKey *ticket_key,
                       TeaClock *clock)
{
  TeaDtlsListener *self;

  g_return_val_if_fail (TEA_IS_ENDPOINT (endpoint), NULL);
  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (TEA_IS_TICKET_KEY (ticket_key), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_DTLS_LISTENER, NULL);
  self->endpoint = g_object_ref (endpoint);
  self->identity = g_object_ref (identity);
  self->ticket_key = g_object_ref (ticket_key);
  self->clock = g_object_ref (clock);
  self->cookies = tea_dtls_cookies_new (clock);
  self->hints = tea_dtls_hints_new (endpoint, clock);
  self->sources = tea_dtls_sources_new (clock, TEA_DTLS_LISTENER_MAX_SESSIONS / SESSIONS_PART,
                                        MAX_HANDSHAKES / HANDSHAKES_PART);
  self->handshakes = tea_dtls_handshakes_new (clock, self->sources,
                                              tea_endpoint_get_drops (endpoint), MAX_HANDSHAKES);

  return self;
}

/**
 * tea_dtls_listener_set_limits:
 * @self: a listener
 * @max_sessions: how many sessions there may be
 * @max_handshakes: how many may be about to begin; when there are more, the oldest goes of
 *   those who come from where most do
 *
 * Sets how much memory others can make it use. All who come from the same network together
 * may have a quarter of the sessions and half of the handshakes.
 */
void
tea_dtls_listener_set_limits (TeaDtlsListener *self, guint max_sessions, guint max_handshakes)
{
  g_return_if_fail (TEA_IS_DTLS_LISTENER (self));
  g_return_if_fail (max_handshakes > 0);

  self->max_sessions = max_sessions;
  tea_dtls_handshakes_set_limit (self->handshakes, max_handshakes);
  tea_dtls_sources_set_limits (self->sources, MAX (max_sessions / SESSIONS_PART, 1),
                               MAX (max_handshakes / HANDSHAKES_PART, 1));
}

/**
 * tea_dtls_listener_set_max_sessions:
 * @self: a listener
 * @max_sessions: how many sessions there may be
 *
 * Sets how many clients there may be, and leaves the other limits as they are.
 */
void
tea_dtls_listener_set_max_sessions (TeaDtlsListener *self, guint max_sessions)
{
  tea_dtls_listener_set_limits (self, max_sessions, MAX_HANDSHAKES);
}

/**
 * tea_dtls_listener_set_rate:
 * @self: a listener
 * @per_second: how many handshakes may begin in a second, from everywhere together
 *
 * Sets how much of its time others can make it use.
 */
void
tea_dtls_listener_set_rate (TeaDtlsListener *self, guint per_second)
{
  g_return_if_fail (TEA_IS_DTLS_LISTENER (self));

  tea_dtls_sources_set_rate (self->sources, per_second);
}

/**
 * tea_dtls_listener_sort: (skip)
 * @self: a listener
 * @data: (array length=size): a datagram that came to the socket
 * @size: its size
 *
 * Tells whose a datagram is, for tea_endpoint_set_sort_func(): those are known who have a
 * session, as who knows a route has, and do not send too much.
 *
 * Returns: whose it is
 */
TeaEndpointSort
tea_dtls_listener_sort (TeaDtlsListener *self, const guint8 *data, gsize size)
{
  guint64 route;
  Client *client;

  g_return_val_if_fail (TEA_IS_DTLS_LISTENER (self), TEA_ENDPOINT_NOBODY);

  switch (tea_datagram_classify (data, size))
    {
    case TEA_DATAGRAM_ROUTED:
      route = tea_datagram_get_route (data, size);
      client = g_hash_table_lookup (self->by_route, &route);
      if (client != NULL)
        return is_quick (self, client) ? TEA_ENDPOINT_STRANGER : TEA_ENDPOINT_KNOWN;
      return tea_dtls_hints_may_give (self->hints) ? TEA_ENDPOINT_STRANGER : TEA_ENDPOINT_NOBODY;
    case TEA_DATAGRAM_DTLS:
    case TEA_DATAGRAM_CLASSIC:
      return TEA_ENDPOINT_STRANGER;
    case TEA_DATAGRAM_HINT:
    case TEA_DATAGRAM_JUNK:
    default:
      return TEA_ENDPOINT_NOBODY;
    }
}

/**
 * tea_dtls_listener_receive:
 * @self: a listener
 * @address: where a datagram came from, normalized
 * @datagram: what came
 *
 * Takes a datagram that came to the socket, unless it is for the classic protocol.
 *
 * Returns: whether it was DTLS, or looked like it; if not, nothing was done
 */
gboolean
tea_dtls_listener_receive (TeaDtlsListener *self, GInetSocketAddress *address, GBytes *datagram)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsListener) kept = NULL;
  gsize size;
  const guint8 *data;

  g_return_val_if_fail (TEA_IS_DTLS_LISTENER (self), FALSE);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), FALSE);
  g_return_val_if_fail (datagram != NULL, FALSE);

  kept = g_object_ref (self);
  data = g_bytes_get_data (datagram, &size);
  switch (tea_datagram_classify (data, size))
    {
    case TEA_DATAGRAM_DTLS:
      take_records (self, address, datagram);
      return TRUE;
    case TEA_DATAGRAM_ROUTED:
      take_routed (self, address, datagram);
      return TRUE;
    case TEA_DATAGRAM_HINT:
    case TEA_DATAGRAM_JUNK:
      return size > 0;
    case TEA_DATAGRAM_CLASSIC:
    default:
      return FALSE;
    }
}

/**
 * tea_dtls_listener_get_n_sessions:
 * @self: a listener
 *
 * Returns: how many clients there are
 */
guint
tea_dtls_listener_get_n_sessions (TeaDtlsListener *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_LISTENER (self), 0);

  return g_hash_table_size (self->by_route);
}

/**
 * tea_dtls_listener_get_n_handshakes:
 * @self: a listener
 *
 * Returns: how many are about to become clients
 */
guint
tea_dtls_listener_get_n_handshakes (TeaDtlsListener *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_LISTENER (self), 0);

  return tea_dtls_handshakes_get_n (self->handshakes);
}

/**
 * tea_dtls_listener_get_n_accepted:
 * @self: a listener
 *
 * Returns: how many clients there have been since it was made
 */
guint64
tea_dtls_listener_get_n_accepted (TeaDtlsListener *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_LISTENER (self), 0);

  return self->n_accepted;
}

/**
 * tea_dtls_listener_get_n_resumed:
 * @self: a listener
 *
 * Returns: how many of these came back with a ticket
 */
guint64
tea_dtls_listener_get_n_resumed (TeaDtlsListener *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_LISTENER (self), 0);

  return self->n_resumed;
}
