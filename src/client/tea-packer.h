/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-packet-channel.h"

G_BEGIN_DECLS

/**
 * TeaPacker:
 *
 * Packs frames into the packets of a channel: those that are sent in one turn of the main
 * context share packets.
 */
typedef struct _TeaPacker TeaPacker;

TeaPacker *tea_packer_new (TeaClock *clock);
void tea_packer_free (TeaPacker *self);

void tea_packer_start (TeaPacker *self, TeaPacketChannel *channel);
void tea_packer_stop (TeaPacker *self);
void tea_packer_send (TeaPacker *self, guint16 channel, GBytes *frame);
void tea_packer_flush (TeaPacker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPacker, tea_packer_free)

G_END_DECLS
