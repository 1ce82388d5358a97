/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-service.h"
#include "tea-fake-store.h"
#include "tea-secure-service.h"

#include "sim-network.h"

G_BEGIN_DECLS

/**
 * SimServer:
 * @network: (unowned): where it is
 * @kept: (unowned): what it leaves behind
 * @dice: (unowned): what decides
 * @faults: what the disk does
 * @grace: for how long who vanished counts as here
 * @password: (nullable): the room's password
 * @idle_timeout: after how many seconds of silence a classic member counts as gone
 * @max_days: for how many days that it has lived through events are kept; 0 for ever
 * @max_records: how many events are kept; 0 for all
 * @newcomers: for how long somebody is new, who may say little
 * @clock_shift: how wrong the time of day is on its machine, in µs
 * @runs: whether the program runs now
 * @open: whether it can be reached
 * @gave_up: it could not open its room, and ended
 * @program: it
 * @turns_left: after how many turns of its main loop it dies; -1: not so
 * @n_leaks: how many objects outlived their program
 */
typedef struct
{
  SimNetwork *network;
  TeaFakeHouse *kept;
  GRand *dice;
  TeaFakeFaults faults;
  GTimeSpan grace;
  const char *password;
  guint idle_timeout;
  guint max_days;
  guint64 max_records;
  GTimeSpan newcomers;
  GTimeSpan clock_shift;

  gboolean runs;
  gboolean open;
  gboolean gave_up;
  SimProgram program;
  int turns_left;
  guint n_leaks;

  TeaFakeStore *store;
  TeaHouse *house;
  TeaSecureService *service;
  TeaEndpoint *endpoint;
  TeaClassicService *classic;
} SimServer;

void sim_server_init (
    SimServer *self, SimNetwork *network, TeaFakeHouse *kept, GRand *dice, GTimeSpan grace);
void sim_server_clear (SimServer *self);

void sim_server_start (SimServer *self);
void sim_server_crash (SimServer *self);
void sim_server_stop (SimServer *self);
void sim_server_settle (SimServer *self);
void sim_server_erase (SimServer *self, guint64 seq);
void sim_server_shift_clock (SimServer *self, GTimeSpan shift);

G_END_DECLS
