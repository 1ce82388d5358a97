/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-packet-channel.h"

G_BEGIN_DECLS

#define TEA_TYPE_SERVER_CHANNEL (tea_server_channel_get_type ())

G_DECLARE_INTERFACE (TeaServerChannel, tea_server_channel, TEA, SERVER_CHANNEL, TeaPacketChannel)

/**
 * TeaServerChannelInterface:
 * @dup_peer_address: the IP address that the client speaks from, for limits and logs;
 *   (nullable) where there is none
 * @prove_path: the client has answered from where it is now: it may be sent as much as
 *   there is
 *
 * A server's side of a [iface@Tea.PacketChannel].
 */
struct _TeaServerChannelInterface
{
  GTypeInterface parent_iface;

  char *(*dup_peer_address) (TeaServerChannel *self);
  void (*prove_path) (TeaServerChannel *self);
};

char *tea_server_channel_dup_peer_address (TeaServerChannel *self);
void tea_server_channel_prove_path (TeaServerChannel *self);

/* For the kinds of channels. */
void tea_server_channel_emit_moved (TeaServerChannel *self);

G_END_DECLS
