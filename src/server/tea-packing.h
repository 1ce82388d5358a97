/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaPacking:
 *
 * Frames on their way into packets.
 */
typedef struct _TeaPacking TeaPacking;

TeaPacking *tea_packing_new (gsize packet_size);
void tea_packing_free (TeaPacking *self);
GPtrArray *tea_packing_end (TeaPacking *self);

gsize tea_packing_get_largest (TeaPacking *self, guint16 channel);
gsize tea_packing_measure_largest (gsize packet_size, guint16 channel);
gsize tea_packing_get_room (TeaPacking *self, guint16 channel);

void tea_packing_add (TeaPacking *self, guint16 channel, GBytes *frame);
void tea_packing_close_packet (TeaPacking *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPacking, tea_packing_free)

G_END_DECLS
