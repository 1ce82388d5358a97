/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-timeline-item.h"

G_BEGIN_DECLS

/* What only the timeline and the outbox may do to items. */

TeaTimelineItem *
tea_timeline_item_new_message (const char *author, const char *text, gint64 time, gboolean own);
TeaTimelineItem *tea_timeline_item_new_told (TeaEvent *message, gboolean own);
TeaTimelineItem *tea_timeline_item_new_presence (TeaEvent *event);
TeaTimelineItem *tea_timeline_item_new_notice (const char *text, gint64 time);
TeaTimelineItem *tea_timeline_item_new_line (TeaTimelineItemKind kind, gint64 time);

void _tea_timeline_item_set_mentions_me (TeaTimelineItem *self, gboolean mentions_me);
void _tea_timeline_item_set_first_of_group (TeaTimelineItem *self, gboolean first_of_group);
void
_tea_timeline_item_set_delivery (TeaTimelineItem *self, TeaDelivery delivery, const char *failure);
void _tea_timeline_item_set_time (TeaTimelineItem *self, gint64 time);
void _tea_timeline_item_fold (TeaTimelineItem *self, TeaEvent *event);
void _tea_timeline_item_fold_before (TeaTimelineItem *self, GPtrArray *events);
void _tea_timeline_item_set_seq (TeaTimelineItem *self, guint64 seq);
void _tea_timeline_item_set_id (TeaTimelineItem *self, const char *id);
void _tea_timeline_item_set_hold_until (TeaTimelineItem *self, gint64 time);
void _tea_timeline_item_set_reply_to (TeaTimelineItem *self, guint64 seq);
void _tea_timeline_item_set_message (TeaTimelineItem *self, TeaEvent *message);
void _tea_timeline_item_set_pinned (TeaTimelineItem *self, gboolean pinned);
void _tea_timeline_item_set_stale (TeaTimelineItem *self, gboolean stale);
TeaEvent *_tea_timeline_item_get_message (TeaTimelineItem *self);

G_END_DECLS
