/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-packet-channel.h"

enum
{
  SIGNAL_PACKET,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (TeaPacketChannel, tea_packet_channel, G_TYPE_OBJECT)

static void
tea_packet_channel_default_init (TeaPacketChannelInterface *iface)
{
  /**
   * TeaPacketChannel::packet:
   * @self: the channel
   * @packet: (type GLib.Bytes): what came
   *
   * A packet came.
   */
  signals[SIGNAL_PACKET] = g_signal_new ("packet", TEA_TYPE_PACKET_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  /**
   * TeaPacketChannel::closed:
   * @self: the channel
   *
   * The other side has said goodbye, or the channel cannot go on.
   * Nothing comes or goes from now on.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", TEA_TYPE_PACKET_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * tea_packet_channel_send:
 * @self: a channel
 * @packet: 1 to [method@Tea.PacketChannel.get_packet_size] bytes
 *
 * Sends a packet, which may get lost.
 */
void
tea_packet_channel_send (TeaPacketChannel *self, GBytes *packet)
{
  g_return_if_fail (TEA_IS_PACKET_CHANNEL (self));
  g_return_if_fail (packet != NULL && g_bytes_get_size (packet) > 0);

  TEA_PACKET_CHANNEL_GET_IFACE (self)->send (self, packet);
}

/**
 * tea_packet_channel_get_packet_size:
 * @self: a channel
 *
 * Returns: the most bytes a packet can have; at least 1000
 */
gsize
tea_packet_channel_get_packet_size (TeaPacketChannel *self)
{
  g_return_val_if_fail (TEA_IS_PACKET_CHANNEL (self), 0);

  return TEA_PACKET_CHANNEL_GET_IFACE (self)->get_packet_size (self);
}

/**
 * tea_packet_channel_get_peer_key:
 * @self: a channel
 *
 * Returns: (transfer none): the fingerprint of the other side's key
 */
const char *
tea_packet_channel_get_peer_key (TeaPacketChannel *self)
{
  g_return_val_if_fail (TEA_IS_PACKET_CHANNEL (self), NULL);

  return TEA_PACKET_CHANNEL_GET_IFACE (self)->get_peer_key (self);
}

/**
 * tea_packet_channel_close:
 * @self: a channel
 *
 * Says goodbye. Nothing comes or goes from now on, and no signal is emitted.
 */
void
tea_packet_channel_close (TeaPacketChannel *self)
{
  g_return_if_fail (TEA_IS_PACKET_CHANNEL (self));

  TEA_PACKET_CHANNEL_GET_IFACE (self)->close (self);
}

/**
 * tea_packet_channel_emit_packet:
 * @self: a channel
 * @packet: what came
 *
 * Tells that a packet came.
 */
void
tea_packet_channel_emit_packet (TeaPacketChannel *self, GBytes *packet)
{
  g_signal_emit (self, signals[SIGNAL_PACKET], 0, packet);
}

/**
 * tea_packet_channel_emit_closed:
 * @self: a channel
 *
 * Tells that the other side is gone.
 */
void
tea_packet_channel_emit_closed (TeaPacketChannel *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}
