/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-crowd.h"

G_BEGIN_DECLS

/**
 * SimTenant:
 * @client: (unowned): a client
 * @checker: (unowned): what looks on
 * @dice: (unowned): what decides
 * @crowd: (unowned): the others, and the rooms of the house
 * @rooms: (owned) (element-type Room): those that it has open, or has asked for
 *
 * The rooms that a client has open beside the hall.
 */
typedef struct
{
  SimClient *client;
  SimChecker *checker;
  GRand *dice;
  SimCrowd *crowd;
  GPtrArray *rooms;
} SimTenant;

SimTenant *sim_tenant_new (SimClient *client, SimChecker *checker, GRand *dice, SimCrowd *crowd);
void sim_tenant_free (SimTenant *self);

void sim_tenant_act (SimTenant *self);
void sim_tenant_bury (SimTenant *self);
void sim_tenant_retry (SimTenant *self);
void sim_tenant_look_anew (SimTenant *self);
void sim_tenant_look_back (SimTenant *self);
void sim_tenant_say_last_words (SimTenant *self);
void sim_tenant_read_all (SimTenant *self);
gboolean sim_tenant_is_at_rest (SimTenant *self);
void sim_tenant_finish (SimTenant *self);

G_END_DECLS
