/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-fake-log.h"

#include "sim-client.h"

G_BEGIN_DECLS

/**
 * SimChecker:
 * @network: (unowned): for the time and the trace
 * @disk: (unowned): what is committed is there
 * @clients: (unowned) (element-type SimClient): the devices
 * @grace: for how long who vanished counts as here
 * @server_start: when the server was last started
 * @failure: (nullable): what was wrong first
 * @events: (element-type TeaEvent): what is committed
 * @acked: (element-type utf8): the texts that a program was told to be stored which has
 *   died since
 *
 * Looks at everything the server says and stores, and at what the clients show.
 */
typedef struct
{
  SimNetwork *network;
  TeaFakeDisk *disk;
  GPtrArray *clients;
  GTimeSpan grace;
  gint64 server_start;
  char *failure;

  GPtrArray *events;
  GPtrArray *acked;
  GPtrArray *inside;
  GHashTable *ids;
  GHashTable *texts;
  GHashTable *channels;
  GHashTable *heard_of;
} SimChecker;

void sim_checker_init (
    SimChecker *self, SimNetwork *network, TeaFakeDisk *disk, GPtrArray *clients, GTimeSpan grace);
void sim_checker_clear (SimChecker *self);

void sim_checker_watch (SimChecker *self, TeaPacketChannel *channel, GBytes *packet, gboolean up);
void sim_checker_look_at_disk (SimChecker *self);
void sim_checker_look_at_client (SimChecker *self, SimClient *client);
void sim_checker_bury_client (SimChecker *self, SimClient *client);
gboolean sim_checker_is_at_rest (SimChecker *self);
void sim_checker_finish (SimChecker *self);

G_END_DECLS
