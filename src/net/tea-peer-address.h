/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-packet-info.h"

G_BEGIN_DECLS

#define TEA_TYPE_PEER_ADDRESS (tea_peer_address_get_type ())

G_DECLARE_FINAL_TYPE (TeaPeerAddress, tea_peer_address, TEA, PEER_ADDRESS, GInetSocketAddress)

GInetSocketAddress *tea_peer_address_new (GInetSocketAddress *address, TeaPacketInfo *packet_info);

TeaPacketInfo *tea_peer_address_get_packet_info (TeaPeerAddress *self);

G_END_DECLS
