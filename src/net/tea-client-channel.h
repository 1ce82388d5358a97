/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-packet-channel.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLIENT_CHANNEL (tea_client_channel_get_type ())

G_DECLARE_INTERFACE (TeaClientChannel, tea_client_channel, TEA, CLIENT_CHANNEL, TeaPacketChannel)

/**
 * TeaClientChannelInterface:
 * @rebind: the own machine's network has changed: go on from whatever address it has now
 *
 * A client's side of a [iface@Tea.PacketChannel].
 */
struct _TeaClientChannelInterface
{
  GTypeInterface parent_iface;

  void (*rebind) (TeaClientChannel *self);
};

void tea_client_channel_rebind (TeaClientChannel *self);

/* For the kinds of channels. */
void tea_client_channel_emit_doubted (TeaClientChannel *self);

G_END_DECLS
