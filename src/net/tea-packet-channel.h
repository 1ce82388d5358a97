/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_PACKET_CHANNEL (tea_packet_channel_get_type ())

G_DECLARE_INTERFACE (TeaPacketChannel, tea_packet_channel, TEA, PACKET_CHANNEL, GObject)

/**
 * TeaPacketChannelInterface:
 * @send: send a packet of at most @get_packet_size bytes; it may get lost, and it may be
 *   held until the end of the turn
 * @get_packet_size: how many bytes a packet can have
 * @get_peer_key: the fingerprint of the key that the other side has proved to hold
 * @close: say goodbye and forget the other side. No signal is emitted any more
 *
 * A way for packets between two who have proved to each other who they are, and whom
 * nobody can overhear or speak for. Packets may be lost, reordered and, rarely, doubled;
 * none is empty, none is cut, none is forged. What only one of the two sides can do is in
 * [iface@Tea.ClientChannel] and [iface@Tea.ServerChannel].
 *
 * Real ones are of DTLS; tests have others.
 */
struct _TeaPacketChannelInterface
{
  GTypeInterface parent_iface;

  void (*send) (TeaPacketChannel *self, GBytes *packet);
  gsize (*get_packet_size) (TeaPacketChannel *self);
  const char *(*get_peer_key) (TeaPacketChannel *self);
  void (*close) (TeaPacketChannel *self);
};

void tea_packet_channel_send (TeaPacketChannel *self, GBytes *packet);
gsize tea_packet_channel_get_packet_size (TeaPacketChannel *self);
const char *tea_packet_channel_get_peer_key (TeaPacketChannel *self);
void tea_packet_channel_close (TeaPacketChannel *self);

/* For the kinds of channels. */
void tea_packet_channel_emit_packet (TeaPacketChannel *self, GBytes *packet);
void tea_packet_channel_emit_closed (TeaPacketChannel *self);

G_END_DECLS
