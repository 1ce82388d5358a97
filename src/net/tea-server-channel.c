/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-server-channel.h"

static guint moved_signal;

G_DEFINE_INTERFACE (TeaServerChannel, tea_server_channel, TEA_TYPE_PACKET_CHANNEL)

static void
tea_server_channel_default_init (TeaServerChannelInterface *iface)
{
  /**
   * TeaServerChannel::moved:
   * @self: the channel
   *
   * The other side speaks from another address now. Until it has proved that it can be
   * reached there, no more is sent to it than came from there.
   */
  moved_signal = g_signal_new ("moved", TEA_TYPE_SERVER_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

/**
 * tea_server_channel_dup_peer_address:
 * @self: a channel
 *
 * Returns: (transfer full) (nullable): the IP address that the other side speaks from,
 *   without a port; %NULL where there is none
 */
char *
tea_server_channel_dup_peer_address (TeaServerChannel *self)
{
  g_return_val_if_fail (TEA_IS_SERVER_CHANNEL (self), NULL);

  return TEA_SERVER_CHANNEL_GET_IFACE (self)->dup_peer_address (self);
}

/**
 * tea_server_channel_prove_path:
 * @self: a channel
 *
 * The other side has proved that it can be reached where it has moved to.
 */
void
tea_server_channel_prove_path (TeaServerChannel *self)
{
  g_return_if_fail (TEA_IS_SERVER_CHANNEL (self));

  TEA_SERVER_CHANNEL_GET_IFACE (self)->prove_path (self);
}

/**
 * tea_server_channel_emit_moved:
 * @self: a channel
 *
 * Tells that the other side is at another address now.
 */
void
tea_server_channel_emit_moved (TeaServerChannel *self)
{
  g_signal_emit (self, moved_signal, 0);
}
