/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-timeline.h"

G_BEGIN_DECLS

/* What only a client may do to its timeline. */

TeaTimeline *tea_timeline_new (void);

void tea_timeline_set_own_name (TeaTimeline *self, const char *name);

void tea_timeline_set_unread (TeaTimeline *self, guint64 read, guint64 head);

void tea_timeline_append_event (TeaTimeline *self, TeaEvent *event);
TeaTimelineItem *tea_timeline_append_own (
    TeaTimeline *self, const char *text, guint64 reply_to, gint64 time, TeaDelivery delivery);
void tea_timeline_append_gap (TeaTimeline *self);
void tea_timeline_begin_anew (TeaTimeline *self);
void tea_timeline_prepend_events (TeaTimeline *self, GPtrArray *events);

void tea_timeline_set_delivery (TeaTimeline *self,
                                TeaTimelineItem *item,
                                TeaDelivery delivery,
                                const char *failure);
void tea_timeline_settle_own (TeaTimeline *self, TeaTimelineItem *item, guint64 seq, gint64 time);
void tea_timeline_remove (TeaTimeline *self, TeaTimelineItem *item);

GArray *tea_timeline_take_change (TeaTimeline *self, TeaEvent *change);
void tea_timeline_take_form (TeaTimeline *self, TeaEvent *message);
void tea_timeline_take_empty (TeaTimeline *self, guint64 seq);
void tea_timeline_set_pinned (TeaTimeline *self, guint64 seq, gboolean pinned);
GArray *tea_timeline_list_stale (TeaTimeline *self, guint64 from, guint64 to);

G_END_DECLS
