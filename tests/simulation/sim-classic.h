/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-channel.h"
#include "tea-endpoint.h"

#include "sim-network.h"

G_BEGIN_DECLS

/* The address under which classic clients find the server. */
#define SIM_CLASSIC_SERVER "10.255.0.1"

void sim_classic_plug (SimNetwork *network, SimLink *link, SimProgram *client);
void sim_classic_unplug (SimProgram *client);

TeaEndpoint *sim_endpoint_new (SimNetwork *network);
void sim_endpoint_receive (TeaEndpoint *self, guint address, guint port, GBytes *datagram);

G_END_DECLS
