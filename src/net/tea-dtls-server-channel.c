/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-server-channel.h"

#include <string.h>

#include "tea-datagram.h"
#include "tea-destination.h"
#include "tea-inet-address.h"

/**
 * TeaDtlsServerChannel:
 *
 * A server's end of a DTLS session with one client. All share the server's socket; the
 * client may change its address.
 */
struct _TeaDtlsServerChannel
{
  GObject parent_instance;

  TeaEndpoint *endpoint;                   /* (owned) */
  TeaDtlsSession *session;                 /* (owned) */
  guint8 random[TEA_DATAGRAM_RANDOM_SIZE]; /* of the request it began with */

  GInetSocketAddress *address; /* (owned): where the client is */
  TeaDestination destination;  /* the same */
  gboolean moved;              /* it has not proved yet that it is there */
  gsize allowance;             /* how much it may be sent until it has */

  TeaDtlsServerNewsFunc tell; /* (nullable): NULL once it is cut */
  gpointer tell_data;
};

static void tea_dtls_server_channel_packet_channel_init (TeaPacketChannelInterface *iface);
static void tea_dtls_server_channel_server_channel_init (TeaServerChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
    TeaDtlsServerChannel,
    tea_dtls_server_channel,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL, tea_dtls_server_channel_packet_channel_init)
        G_IMPLEMENT_INTERFACE (TEA_TYPE_SERVER_CHANNEL,
                               tea_dtls_server_channel_server_channel_init))

/* A late packet may have been kept by somebody and sent again from elsewhere; the newest is
 * from where the client is. It may still be somebody who passes it on and wants us to flood
 * a third party, so until the client has answered from there, it gets no more than it
 * sends. */
static void
move (TeaDtlsServerChannel *self, GInetSocketAddress *address)
{
  self->tell (self, TEA_DTLS_SERVER_NEWS_MOVES, self->tell_data);
  g_set_object (&self->address, address);
  tea_destination_init (&self->destination, address);
  self->moved = TRUE;
  self->allowance = 0;
}

/* Whether it may be sent so much where it is. */
static gboolean
charge (TeaDtlsServerChannel *self, gsize size)
{
  if (!self->moved)
    return TRUE;

  if (size > self->allowance)
    {
      g_debug ("Dropped a datagram: who moved has not proved yet where to");
      tea_drop_counter_note_from (tea_endpoint_get_drops (self->endpoint), TEA_DROP_UNPROVED,
                                  g_inet_socket_address_get_address (self->address));
      return FALSE;
    }

  self->allowance -= size;

  return TRUE;
}

/* What GnuTLS sends. */
static void
send_cb (GBytes *datagram, gpointer user_data)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (user_data);

  if (self->tell != NULL && charge (self, g_bytes_get_size (datagram)))
    tea_endpoint_send (self->endpoint, self->address, datagram);
}

static void
tea_dtls_server_channel_send (TeaPacketChannel *channel, GBytes *packet)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);
  gsize size;
  const guint8 *data = g_bytes_get_data (packet, &size);
  guint8 *record;

  if (self->tell == NULL || !charge (self, size + TEA_DTLS_SESSION_OVERHEAD))
    return;

  record = tea_endpoint_begin_datagram (self->endpoint, size + TEA_DTLS_SESSION_OVERHEAD);
  if (record == NULL)
    return;

  size = tea_dtls_session_seal (self->session, data, size, record);
  if (size > 0)
    tea_endpoint_end_datagram (self->endpoint, &self->destination, size);
}

static gsize
tea_dtls_server_channel_get_packet_size (TeaPacketChannel *channel)
{
  return tea_dtls_session_get_packet_size (TEA_DTLS_SERVER_CHANNEL (channel)->session);
}

static const char *
tea_dtls_server_channel_get_peer_key (TeaPacketChannel *channel)
{
  return tea_dtls_session_get_peer_key (TEA_DTLS_SERVER_CHANNEL (channel)->session);
}

static char *
tea_dtls_server_channel_dup_peer_address (TeaServerChannel *channel)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  return g_inet_address_to_string (g_inet_socket_address_get_address (self->address));
}

static void
tea_dtls_server_channel_prove_path (TeaServerChannel *channel)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  if (!self->moved || self->tell == NULL)
    return;

  self->moved = FALSE;
  self->tell (self, TEA_DTLS_SERVER_NEWS_PROVED, self->tell_data);
}

static void
tea_dtls_server_channel_close (TeaPacketChannel *channel)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  if (self->tell == NULL)
    return;

  tea_dtls_session_close (self->session);
  self->tell (self, TEA_DTLS_SERVER_NEWS_CLOSED, self->tell_data);
}

static void
tea_dtls_server_channel_packet_channel_init (TeaPacketChannelInterface *iface)
{
  iface->send = tea_dtls_server_channel_send;
  iface->get_packet_size = tea_dtls_server_channel_get_packet_size;
  iface->get_peer_key = tea_dtls_server_channel_get_peer_key;
  iface->close = tea_dtls_server_channel_close;
}

static void
tea_dtls_server_channel_server_channel_init (TeaServerChannelInterface *iface)
{
  iface->dup_peer_address = tea_dtls_server_channel_dup_peer_address;
  iface->prove_path = tea_dtls_server_channel_prove_path;
}

static void
tea_dtls_server_channel_finalize (GObject *object)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (object);

  g_clear_pointer (&self->session, tea_dtls_session_free);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (tea_dtls_server_channel_parent_class)->finalize (object);
}

static void
tea_dtls_server_channel_class_init (TeaDtlsServerChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_dtls_server_channel_finalize;
}

static void
tea_dtls_server_channel_init (TeaDtlsServerChannel *self)
{
}

/**
 * tea_dtls_server_channel_new:
 * @endpoint: the server's socket
 * @identity: who the server is
 * @ticket_key: what to seal tickets with
 * @clock: by which to repeat what gets lost
 * @address: where the client is, normalized
 * @random: (array fixed-size=32): the random bytes of its request
 * @prestate: what its cookie has brought
 *
 * Returns: (transfer full): a channel that has to be started
 */
TeaDtlsServerChannel *
tea_dtls_server_channel_new (TeaEndpoint *endpoint,
                             TeaIdentity *identity,
                             GBytes *ticket_key,
                             TeaClock *clock,
                             GInetSocketAddress *address,
                             const guint8 *random,
                             const gnutls_dtls_prestate_st *prestate)
{
  TeaDtlsServerChannel *self;

  g_return_val_if_fail (TEA_IS_ENDPOINT (endpoint), NULL);
  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (ticket_key != NULL, NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);
  g_return_val_if_fail (random != NULL, NULL);
  g_return_val_if_fail (prestate != NULL, NULL);

  self = g_object_new (TEA_TYPE_DTLS_SERVER_CHANNEL, NULL);
  self->endpoint = g_object_ref (endpoint);
  self->address = g_object_ref (address);
  tea_destination_init (&self->destination, address);
  memcpy (self->random, random, sizeof self->random);
  self->session
      = tea_dtls_session_new_server (identity, ticket_key, prestate, clock, send_cb, self);

  return self;
}

/**
 * tea_dtls_server_channel_start:
 * @self: a channel
 * @tell: what to call when something happens to it
 * @user_data: for @tell; it has to stay until the channel is cut
 *
 * Lets datagrams come and go.
 */
void
tea_dtls_server_channel_start (TeaDtlsServerChannel *self,
                               TeaDtlsServerNewsFunc tell,
                               gpointer user_data)
{
  g_return_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self));
  g_return_if_fail (tell != NULL);

  self->tell = tell;
  self->tell_data = user_data;
}

/**
 * tea_dtls_server_channel_cut:
 * @self: a channel
 *
 * Ends a channel, without a word to the other side. Nothing comes or goes from now on,
 * and nothing is told.
 */
void
tea_dtls_server_channel_cut (TeaDtlsServerChannel *self)
{
  g_return_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self));

  self->tell = NULL;
}

/**
 * tea_dtls_server_channel_is_cut:
 * @self: a channel
 *
 * Returns: whether it has been cut
 */
gboolean
tea_dtls_server_channel_is_cut (TeaDtlsServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), TRUE);

  return self->tell == NULL;
}

/**
 * tea_dtls_server_channel_receive:
 * @self: a channel
 * @records: (array length=size): whole records that came for it
 * @size: their size
 *
 * Gives a channel what came. The packets in it are to be taken with
 * [method@Tea.DtlsServerChannel.take_packets] while @records are still there.
 */
void
tea_dtls_server_channel_receive (TeaDtlsServerChannel *self, const guint8 *records, gsize size)
{
  g_return_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self));

  tea_dtls_session_receive (self->session, records, size);
}

/**
 * tea_dtls_server_channel_began_with:
 * @self: a channel
 * @random: (array fixed-size=32): the random bytes of a request
 *
 * Returns: whether it is the request that the channel began with
 */
gboolean
tea_dtls_server_channel_began_with (TeaDtlsServerChannel *self, const guint8 *random)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), FALSE);

  return memcmp (self->random, random, sizeof self->random) == 0;
}

/**
 * tea_dtls_server_channel_get_address:
 * @self: a channel
 *
 * Returns: (transfer none): where the client is, as far as it is known
 */
GInetSocketAddress *
tea_dtls_server_channel_get_address (TeaDtlsServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), NULL);

  return self->address;
}

/**
 * tea_dtls_server_channel_get_state:
 * @self: a channel
 *
 * Returns: how far its session is
 */
TeaDtlsState
tea_dtls_server_channel_get_state (TeaDtlsServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), TEA_DTLS_CLOSED);

  return tea_dtls_session_get_state (self->session);
}

/**
 * tea_dtls_server_channel_get_failure:
 * @self: a channel whose session failed
 *
 * Returns: (transfer none): why
 */
const char *
tea_dtls_server_channel_get_failure (TeaDtlsServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), NULL);

  return tea_dtls_session_get_failure (self->session);
}

/**
 * tea_dtls_server_channel_get_route:
 * @self: a channel whose session is or was open
 *
 * Returns: the name of its session
 */
guint64
tea_dtls_server_channel_get_route (TeaDtlsServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), 0);

  return tea_dtls_session_get_route (self->session);
}

/**
 * tea_dtls_server_channel_is_resumed:
 * @self: a channel
 *
 * Returns: whether its session goes on from an earlier one
 */
gboolean
tea_dtls_server_channel_is_resumed (TeaDtlsServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self), FALSE);

  return tea_dtls_session_is_resumed (self->session);
}

/**
 * tea_dtls_server_channel_take_packets:
 * @self: a channel whose session has received something
 * @address: where it came from
 * @size: how long the datagram was
 *
 * Tells of the packets that came.
 */
void
tea_dtls_server_channel_take_packets (TeaDtlsServerChannel *self,
                                      GInetSocketAddress *address,
                                      gsize size)
{
  gboolean first = TRUE;
  gboolean newest = FALSE;

  g_return_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (self));

  for (;;)
    {
      g_autoptr (GBytes) packet = tea_dtls_session_read (self->session, &newest);
      gboolean moves;

      if (packet == NULL || self->tell == NULL)
        return;

      moves = newest && !tea_inet_address_equal (address, self->address);
      if (moves)
        move (self, address);
      if (first && tea_inet_address_equal (address, self->address))
        {
          self->allowance += self->moved ? size : 0;
          first = FALSE;
        }

      if (moves)
        tea_server_channel_emit_moved (TEA_SERVER_CHANNEL (self));
      if (self->tell != NULL)
        tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (self), packet);
    }
}
