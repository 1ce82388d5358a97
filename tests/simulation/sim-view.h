/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-checker.h"

G_BEGIN_DECLS

/**
 * SimView:
 * @checker: (unowned): what it is measured by
 * @who: whose it is, for what is told of a failure
 * @key: the key of that program
 * @address: the room
 * @hears_own: whether it is told of what its program says itself
 * @begin: where in @heard the part begins that has no gap
 * @heard: (owned) (element-type TeaEvent): what it was told, from its beginning on
 * @shown: (owned) (element-type guint64 TeaEvent): the messages as they are, since the last gap
 * @awaited: (owned) (element-type guint64 GPtrArray): what it asks for of before its beginning,
 *   with the changes that came meanwhile
 * @topic: the event that the topic is of; 0 for none
 * @pins: (owned) (element-type guint64 TeaEvent): what was last told of each message that was
 *   pinned
 *
 * What one program shows of one room, and whether that can be.
 */
typedef struct
{
  SimChecker *checker;
  char *who;
  char *key;
  char *address;
  gboolean hears_own;
  guint begin;
  GPtrArray *heard;
  GHashTable *shown;
  GHashTable *awaited;
  guint64 topic;
  GHashTable *pins;

  /*< private >*/
  guint64 start;
  guint64 page; /* from where on was asked for of before that; 0 for nothing */
  guint64 latest;
  guint64 gap_after;
  SimLedger *ledger;
  guint n_restored;
  gboolean is_gap;
} SimView;

SimView *sim_view_new (
    SimChecker *checker, const char *who, const char *key, const char *address, gboolean hears_own);
void sim_view_free (SimView *self);

void sim_view_add (SimView *self, TeaEvent *event);
void sim_view_await (SimView *self, guint64 seq);
void sim_view_answer (SimView *self, guint64 seq, TeaEvent *event);
void sim_view_take_standing (SimView *self, TeaEvent *event);
void sim_view_check_forms (SimView *self);
void sim_view_add_gap (SimView *self);
void sim_view_set_start (SimView *self, guint64 start);
SimLedger *sim_view_get_ledger (SimView *self);
gboolean sim_view_is_complete (SimView *self);
guint sim_view_count_unread (SimView *self, guint64 read);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimView, sim_view_free)

G_END_DECLS
