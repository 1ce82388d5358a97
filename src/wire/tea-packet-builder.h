/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaPacketBuilder:
 *
 * Fills packets with frames: as many to a packet as fit. Where the channel changes, it says so
 * in the packet.
 */
typedef struct _TeaPacketBuilder TeaPacketBuilder;

TeaPacketBuilder *tea_packet_builder_new (gsize packet_size);
void tea_packet_builder_free (TeaPacketBuilder *self);

gboolean tea_packet_builder_fits (TeaPacketBuilder *self, guint16 channel, GBytes *frame);
void tea_packet_builder_add (TeaPacketBuilder *self, guint16 channel, GBytes *frame);
gboolean tea_packet_builder_is_empty (TeaPacketBuilder *self);
GBytes *tea_packet_builder_take (TeaPacketBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPacketBuilder, tea_packet_builder_free)

G_END_DECLS
