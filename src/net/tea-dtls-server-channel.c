/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-server-channel.h"

#include <string.h>

#include "tea-inet-address.h"

/**
 * TeaDtlsServerChannel:
 *
 * A server's end of a DTLS session with one client. All share the server's socket; the
 * client may change its address.
 */
static void tea_dtls_server_channel_packet_channel_init (TeaPacketChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaDtlsServerChannel,
                               tea_dtls_server_channel,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL,
                                                      tea_dtls_server_channel_packet_channel_init))

/* A late packet may have been kept by somebody and sent again from elsewhere; the newest is
 * from where the client is. It may still be somebody who passes it on and wants us to flood
 * a third party, so until the client has answered from there, it gets no more than it
 * sends. */
static void
move (TeaDtlsServerChannel *self, GInetSocketAddress *address)
{
  tea_dtls_listener_note_moved (self->listener, self, address);
  g_set_object (&self->address, address);
  self->moved = TRUE;
  self->allowance = 0;
}

static void
tea_dtls_server_channel_send (TeaPacketChannel *channel, GBytes *packet)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  if (self->listener != NULL)
    tea_dtls_session_send (self->session, packet);
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
tea_dtls_server_channel_dup_peer_address (TeaPacketChannel *channel)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  return g_inet_address_to_string (g_inet_socket_address_get_address (self->address));
}

static void
tea_dtls_server_channel_prove_path (TeaPacketChannel *channel)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  if (!self->moved || self->listener == NULL)
    return;

  self->moved = FALSE;
  tea_dtls_listener_note_proved (self->listener, self);
}

static void
tea_dtls_server_channel_rebind (TeaPacketChannel *channel)
{
}

static void
tea_dtls_server_channel_close (TeaPacketChannel *channel)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (channel);

  if (self->listener == NULL)
    return;

  tea_dtls_session_close (self->session);
  tea_dtls_listener_forget (self->listener, self);
}

static void
tea_dtls_server_channel_packet_channel_init (TeaPacketChannelInterface *iface)
{
  iface->send = tea_dtls_server_channel_send;
  iface->get_packet_size = tea_dtls_server_channel_get_packet_size;
  iface->get_peer_key = tea_dtls_server_channel_get_peer_key;
  iface->dup_peer_address = tea_dtls_server_channel_dup_peer_address;
  iface->prove_path = tea_dtls_server_channel_prove_path;
  iface->rebind = tea_dtls_server_channel_rebind;
  iface->close = tea_dtls_server_channel_close;
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
  self->link.data = self;
}

/*< private >
 * tea_dtls_server_channel_new:
 * @listener: whose channel it is
 * @endpoint: the server's socket
 * @address: where the client is
 * @random: (array fixed-size=32): the random bytes of its request
 *
 * Returns: (transfer full): a channel that has no session yet
 */
TeaDtlsServerChannel *
tea_dtls_server_channel_new (TeaDtlsListener *listener,
                             TeaEndpoint *endpoint,
                             GInetSocketAddress *address,
                             const guint8 *random)
{
  TeaDtlsServerChannel *self = g_object_new (TEA_TYPE_DTLS_SERVER_CHANNEL, NULL);

  self->listener = listener;
  self->endpoint = g_object_ref (endpoint);
  self->address = g_object_ref (address);
  memcpy (self->random, random, sizeof self->random);

  return self;
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

/*< private >
 * tea_dtls_server_channel_send_datagram:
 * @datagram: what its session sends
 * @user_data: a channel
 *
 * A #TeaDtlsSendFunc.
 */
void
tea_dtls_server_channel_send_datagram (GBytes *datagram, gpointer user_data)
{
  TeaDtlsServerChannel *self = TEA_DTLS_SERVER_CHANNEL (user_data);
  gsize size = g_bytes_get_size (datagram);

  if (self->listener == NULL)
    return;

  if (self->moved && size > self->allowance)
    {
      g_debug ("Dropped a datagram: who moved has not proved yet where to");
      return;
    }

  if (self->moved)
    self->allowance -= size;
  tea_endpoint_send (self->endpoint, self->address, datagram);
}

/*< private >
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

  for (;;)
    {
      g_autoptr (GBytes) packet = tea_dtls_session_read (self->session, &newest);
      gboolean moves;

      if (packet == NULL || self->listener == NULL)
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
        tea_packet_channel_emit_moved (TEA_PACKET_CHANNEL (self));
      if (self->listener != NULL)
        tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (self), packet);
    }
}
