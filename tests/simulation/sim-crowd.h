/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-peer.h"

G_BEGIN_DECLS

/**
 * SimCrowd:
 * @dice: (unowned): what decides
 * @checker: (unowned): what looks on
 * @peers: (owned) (element-type SimPeer): the programs; some have the same key
 * @addresses: (owned) (element-type utf8): the rooms that are to be, and conversations of two
 * @n_made: how many of these were asked for
 * @n_done: (array length=SIM_N_DEEDS): how often each thing was done
 *
 * Those who have many rooms open at a time, and what they do there.
 */
typedef struct
{
  GRand *dice;
  SimChecker *checker;
  GPtrArray *peers;
  GPtrArray *addresses;
  guint n_rooms;
  guint n_made;
  GArray *flags; /* (element-type TeaRoomFlags): of @addresses */
  guint n_done;
  GArray *races; /* (element-type Race): who has asked for what is to be changed meanwhile */
} SimCrowd;

SimCrowd *sim_crowd_new (GRand *dice, SimChecker *checker, guint n_rooms);
void sim_crowd_free (SimCrowd *self);

void sim_crowd_act (SimCrowd *self, SimPeer *peer);
void
sim_crowd_plan_race (SimCrowd *self, SimLink *link, SimLedger *ledger, guint64 from, guint64 to);
gboolean sim_crowd_race (SimCrowd *self);
void sim_crowd_make_rooms (SimCrowd *self);
void sim_crowd_open_all (SimCrowd *self);
void sim_crowd_look_anew (SimCrowd *self);
void sim_crowd_look_back (SimCrowd *self);
void sim_crowd_say_last_words (SimCrowd *self);
void sim_crowd_read_all (SimCrowd *self);
gboolean sim_crowd_is_at_rest (SimCrowd *self);
void sim_crowd_finish (SimCrowd *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimCrowd, sim_crowd_free)

G_END_DECLS
