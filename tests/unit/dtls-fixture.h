/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "tea-client-channel.h"
#include "tea-server-channel.h"
#include "tea-channel.h"
#include "tea-dtls-client-channel.h"
#include "tea-dtls-connector.h"
#include "tea-dtls-listener.h"
#include "tea-dtls-server-channel.h"
#include "tea-endpoint.h"
#include "tea-error.h"
#include "tea-inet-address.h"
#include "tea-ticket-key.h"

/* Steps the main context for as long as something is true; too long is a failure. */
#define ITERATE_WHILE(condition)                                       \
  G_STMT_START                                                         \
  {                                                                    \
    gint64 limit_ = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND; \
    guint tick_ = g_timeout_add (20, wake_cb, NULL);                   \
    while (condition)                                                  \
      {                                                                \
        g_assert_cmpint (g_get_monotonic_time (), <, limit_);          \
        g_main_context_iteration (NULL, TRUE);                         \
      }                                                                \
    g_source_remove (tick_);                                           \
  }                                                                    \
  G_STMT_END

static inline gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static inline void
iterate_for (guint milliseconds)
{
  gint64 until = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  ITERATE_WHILE (g_get_monotonic_time () < until);
}

static inline void
iterate_pending (void)
{
  iterate_for (40);
}

/* A channel and what came through it. */
typedef struct
{
  TeaPacketChannel *channel; /* (owned) */
  GString *heard;
  guint n_moved;
  guint n_doubted;
  guint n_closed;
  gboolean proves; /* the path, as soon as it has moved */
} End;

static inline void
end_packet_cb (End *self, GBytes *packet)
{
  gsize size;
  const char *data = g_bytes_get_data (packet, &size);

  g_string_append_len (self->heard, data, (gssize) size);
  g_string_append_c (self->heard, ' ');
}

static inline void
end_moved_cb (End *self)
{
  self->n_moved++;
  if (self->proves)
    tea_server_channel_prove_path (TEA_SERVER_CHANNEL (self->channel));
}

static inline void
end_doubted_cb (End *self)
{
  self->n_doubted++;
}

static inline void
end_closed_cb (End *self)
{
  self->n_closed++;
}

static inline End *
end_new (TeaPacketChannel *channel)
{
  End *self = g_new0 (End, 1);

  self->channel = g_object_ref (channel);
  self->heard = g_string_new (NULL);
  g_signal_connect_swapped (channel, "packet", G_CALLBACK (end_packet_cb), self);
  if (TEA_IS_SERVER_CHANNEL (channel))
    g_signal_connect_swapped (channel, "moved", G_CALLBACK (end_moved_cb), self);
  else
    g_signal_connect_swapped (channel, "doubted", G_CALLBACK (end_doubted_cb), self);
  g_signal_connect_swapped (channel, "closed", G_CALLBACK (end_closed_cb), self);

  return self;
}

static inline void
end_free (End *self)
{
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_object_unref (self->channel);
  g_string_free (self->heard, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (End, end_free)

static inline void
end_say (End *self, const char *text)
{
  g_autoptr (GBytes) packet = g_bytes_new (text, strlen (text));

  tea_packet_channel_send (self->channel, packet);
}

static inline gboolean
end_has_heard (End *self, const char *text)
{
  return strstr (self->heard->str, text) != NULL;
}

/* A server on loopback. */
typedef struct
{
  TeaEndpoint *endpoint;     /* (owned) */
  TeaIdentity *identity;     /* (owned) */
  TeaTicketKey *ticket_key;  /* (owned) */
  TeaClock *clock;           /* (owned) */
  TeaDtlsListener *listener; /* (owned) */
  GPtrArray *ends;           /* (element-type End): all it has accepted, in order */
} Server;

static inline void
server_received_cb (Server *self, GInetSocketAddress *address, GBytes *datagram)
{
  tea_dtls_listener_receive (self->listener, address, datagram);
}

static inline void
server_accepted_cb (Server *self, TeaPacketChannel *channel)
{
  g_ptr_array_add (self->ends, end_new (channel));
}

static inline void
server_listen (Server *self)
{
  g_clear_object (&self->listener);
  self->listener
      = tea_dtls_listener_new (self->endpoint, self->identity, self->ticket_key, self->clock);
  g_signal_connect_swapped (self->listener, "accepted", G_CALLBACK (server_accepted_cb), self);
}

static inline Server *
server_new (TeaClock *clock)
{
  Server *self = g_new0 (Server, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  self->endpoint = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (self->endpoint, "received", G_CALLBACK (server_received_cb), self);
  self->identity = tea_identity_new_ephemeral ();
  self->ticket_key = tea_ticket_key_new (self->identity, clock);
  self->clock = g_object_ref (clock);
  self->ends = g_ptr_array_new_with_free_func ((GDestroyNotify) end_free);
  server_listen (self);

  return self;
}

static inline void
server_free (Server *self)
{
  g_ptr_array_unref (self->ends);
  g_assert_finalize_object (self->listener);
  g_assert_finalize_object (self->endpoint);
  g_assert_finalize_object (self->ticket_key);
  g_assert_finalize_object (self->identity);
  g_object_unref (self->clock);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

static inline GSocketAddress *
server_get_address (Server *self)
{
  return G_SOCKET_ADDRESS (tea_endpoint_get_local_address (self->endpoint));
}

/* The one it has accepted last. */
static inline End *
server_get_end (Server *self)
{
  g_assert_cmpuint (self->ends->len, >, 0);

  return g_ptr_array_index (self->ends, self->ends->len - 1);
}

static inline TeaDtlsConnector *
connector_new (GSocketAddress *address,
               TeaIdentity *identity,
               const char *expected_key,
               TeaKnownServers *known,
               TeaClock *clock)
{
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_autoptr (GSocketConnectable) connectable = g_network_address_new ("127.0.0.1", port);

  return tea_dtls_connector_new (G_NETWORK_ADDRESS (connectable), identity, expected_key, known,
                                 clock);
}

static inline void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static inline End *
connect_to (TeaDtlsConnector *connector, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaPacketChannel) channel = NULL;

  tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (connector), cancellable, connected_cb,
                                      &result);
  ITERATE_WHILE (result == NULL);
  channel = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (connector), result, error);

  return channel != NULL ? end_new (channel) : NULL;
}

static inline End *
connect_well (TeaDtlsConnector *connector)
{
  g_autoptr (GError) error = NULL;
  End *end = connect_to (connector, NULL, &error);

  g_assert_no_error (error);

  return end;
}

/* What stands between a client and a server: it loses things, keeps them, sends them
 * again, and adds some of its own. To the server, all its clients are at one address. */
typedef struct
{
  TeaEndpoint *near;          /* (owned) */
  TeaChannel *far;            /* (owned) */
  GSocketAddress *server;     /* (owned) */
  GInetSocketAddress *client; /* (owned) (nullable): whoever spoke last */
  GRand *random;
  double loss;
  gboolean has_ports; /* each client has an address of its own to the server */
  gsize most;         /* longer datagrams do not get through; 0 where all do */
  gboolean holds_up;  /* what the client says is kept, not passed on */
  guint n_finals;     /* so many of the client's last messages of a handshake get lost */
  GPtrArray *up;      /* (element-type GBytes): what the client has said */
  GPtrArray *down;    /* (element-type GBytes): what the server has said */
} Relay;

static inline gboolean
relay_takes (Relay *self, GBytes *datagram)
{
  return self->most == 0 || g_bytes_get_size (datagram) <= self->most;
}

static inline void
relay_down_cb (Relay *self, GBytes *datagram)
{
  g_ptr_array_add (self->down, g_bytes_ref (datagram));
  if (relay_takes (self, datagram) && self->client != NULL
      && g_rand_double (self->random) >= self->loss)
    tea_endpoint_send (self->near, self->client, datagram);
}

static inline void
relay_take_port (Relay *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->far);
  self->far = tea_channel_new (self->server, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (self->far, "received", G_CALLBACK (relay_down_cb), self);
}

static inline void
relay_up_cb (Relay *self, GInetSocketAddress *address, GBytes *datagram)
{
  if (self->has_ports && self->client != NULL && !tea_inet_address_equal (self->client, address))
    relay_take_port (self);
  g_set_object (&self->client, address);
  g_ptr_array_add (self->up, g_bytes_ref (datagram));
  if (self->n_finals > 0 && *(const guint8 *) g_bytes_get_data (datagram, NULL) == 20)
    self->n_finals--;
  else if (relay_takes (self, datagram) && !self->holds_up
           && g_rand_double (self->random) >= self->loss)
    tea_channel_send (self->far, datagram, NULL);
}

static inline Relay *
relay_new (Server *server)
{
  Relay *self = g_new0 (Relay, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  self->near = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (self->near, "received", G_CALLBACK (relay_up_cb), self);
  self->server = g_object_ref (server_get_address (server));
  relay_take_port (self);
  self->random = g_rand_new_with_seed (20261123);
  self->up = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->down = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  return self;
}

static inline void
relay_free (Relay *self)
{
  g_object_unref (self->near);
  g_object_unref (self->far);
  g_object_unref (self->server);
  g_clear_object (&self->client);
  g_rand_free (self->random);
  g_ptr_array_unref (self->up);
  g_ptr_array_unref (self->down);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Relay, relay_free)

static inline GSocketAddress *
relay_get_address (Relay *self)
{
  return G_SOCKET_ADDRESS (tea_endpoint_get_local_address (self->near));
}
