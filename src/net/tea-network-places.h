/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaNetworkPlaces:
 *
 * Places that somebody takes and gives back: so many for one address, for the network around it,
 * and for all. What these are #TeaNetworkRation tells. This very machine (loopback) may have
 * all.
 */
typedef struct _TeaNetworkPlaces TeaNetworkPlaces;

TeaNetworkPlaces *tea_network_places_new (guint per_address, guint per_network, guint in_all);
void tea_network_places_set_max (TeaNetworkPlaces *self,
                                 guint per_address,
                                 guint per_network,
                                 guint in_all);
void tea_network_places_free (TeaNetworkPlaces *self);

gboolean tea_network_places_take (TeaNetworkPlaces *self, GInetAddress *address);
void tea_network_places_give_back (TeaNetworkPlaces *self, GInetAddress *address);

guint tea_network_places_get_n (TeaNetworkPlaces *self);
guint tea_network_places_get_n_around (TeaNetworkPlaces *self, GInetAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaNetworkPlaces, tea_network_places_free)

G_END_DECLS
