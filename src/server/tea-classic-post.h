/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-endpoint.h"

G_BEGIN_DECLS

/**
 * TeaClassicPost:
 *
 * Sends datagrams to classic clients, who may not have asked for them: anybody can forge the
 * sender of a request. So an address gets three times what came from there, and beyond that so
 * much a second; the network around it and all together get no more than some of them. From
 * outside the local networks it is much less. What is over that is lost. This very machine may
 * have any amount.
 */
typedef struct _TeaClassicPost TeaClassicPost;

TeaClassicPost *
tea_classic_post_new (TeaEndpoint *endpoint, TeaClock *clock, guint bytes_per_second);
void tea_classic_post_set_rate (TeaClassicPost *self, TeaClock *clock, guint bytes_per_second);
void tea_classic_post_free (TeaClassicPost *self);

void tea_classic_post_earn (TeaClassicPost *self, gsize *credit, gsize size);
void tea_classic_post_send (TeaClassicPost *self,
                            GInetSocketAddress *address,
                            gsize *credit,
                            GBytes *datagram);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaClassicPost, tea_classic_post_free)

G_END_DECLS
