/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaStrangers:
 *
 * Datagrams of strangers, which wait until nothing is to be done for those who are known. There
 * is room for so many and no more; and once some wait, a network may have but a few among them,
 * so that one that sends without end cannot keep out the others.
 */
typedef struct _TeaStrangers TeaStrangers;

TeaStrangers *tea_strangers_new (void);
void tea_strangers_free (TeaStrangers *self);

gboolean tea_strangers_may_wait (TeaStrangers *self, guint64 network, gsize size);
void tea_strangers_push (TeaStrangers *self,
                         guint64 network,
                         GInetSocketAddress *address,
                         GBytes *datagram);
gboolean tea_strangers_pop (TeaStrangers *self, GInetSocketAddress **address, GBytes **datagram);
guint tea_strangers_get_n (TeaStrangers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaStrangers, tea_strangers_free)

G_END_DECLS
