/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-member-list.h"
#include "tea-outbox.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_REPLICA (tea_replica_get_type ())

G_DECLARE_FINAL_TYPE (TeaReplica, tea_replica, TEA, REPLICA, GObject)

TeaReplica *tea_replica_new (TeaClock *clock);

void tea_replica_follow (TeaReplica *self, TeaLink *link);
void tea_replica_enter (TeaReplica *self, const char *own_name);
void tea_replica_set_own_name (TeaReplica *self, const char *own_name);
gboolean tea_replica_take_event (TeaReplica *self, TeaEvent *event);
void tea_replica_take_older (TeaReplica *self, GPtrArray *events);
void tea_replica_take_present (TeaReplica *self, GPtrArray *members);

TeaTimeline *tea_replica_get_timeline (TeaReplica *self);
TeaMemberList *tea_replica_get_members (TeaReplica *self);
TeaOutbox *tea_replica_get_outbox (TeaReplica *self);

G_END_DECLS
