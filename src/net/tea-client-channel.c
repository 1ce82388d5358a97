/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-channel.h"

static guint doubted_signal;

G_DEFINE_INTERFACE (TeaClientChannel, tea_client_channel, TEA_TYPE_PACKET_CHANNEL)

static void
tea_client_channel_default_init (TeaClientChannelInterface *iface)
{
  /**
   * TeaClientChannel::doubted:
   * @self: the channel
   *
   * Somebody says that the other side does not know this channel, as when it was started
   * anew. Anybody on the way can say so: it is a reason to ask the other side, and no more.
   * Where nobody says so, the silence has to tell.
   */
  doubted_signal = g_signal_new ("doubted", TEA_TYPE_CLIENT_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * tea_client_channel_rebind:
 * @self: a channel
 *
 * The own machine's network has changed: goes on from whatever address it has now.
 */
void
tea_client_channel_rebind (TeaClientChannel *self)
{
  g_return_if_fail (TEA_IS_CLIENT_CHANNEL (self));

  TEA_CLIENT_CHANNEL_GET_IFACE (self)->rebind (self);
}

/**
 * tea_client_channel_emit_doubted:
 * @self: a channel
 *
 * Tells that the other side may not know the channel.
 */
void
tea_client_channel_emit_doubted (TeaClientChannel *self)
{
  g_signal_emit (self, doubted_signal, 0);
}
