/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TeaNetworkRation:
 *
 * A rate of something that anybody may have: so much for one address, so much for the network
 * around it, and so much for all. An address is one of IPv4, or the 2⁶⁴ of an IPv6 network;
 * the network around it has 24 or 48 bits. This very machine (loopback) is exempt.
 *
 * What was had is remembered in a table that never grows. Addresses that share a place in it
 * share a ration; which do is secret.
 */
typedef struct _TeaNetworkRation TeaNetworkRation;

/**
 * TeaNetworkRate:
 * @per_second: how much there is every second
 * @most: how much at once
 *
 * A rate.
 */
typedef struct
{
  double per_second;
  double most;
} TeaNetworkRate;

TeaNetworkRation *tea_network_ration_new (TeaClock *clock,
                                          const TeaNetworkRate *address,
                                          const TeaNetworkRate *network,
                                          const TeaNetworkRate *all);
void tea_network_ration_free (TeaNetworkRation *self);

gint64 tea_network_ration_get_wait (TeaNetworkRation *self, GInetAddress *address, double amount);
gint64 tea_network_ration_take (TeaNetworkRation *self, GInetAddress *address, double amount);
void tea_network_ration_charge (TeaNetworkRation *self, GInetAddress *address, double amount);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaNetworkRation, tea_network_ration_free)

G_END_DECLS
