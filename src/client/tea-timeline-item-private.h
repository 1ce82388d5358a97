/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-timeline-item.h"

G_BEGIN_DECLS

/* What only the timeline itself may do to its items. */

void _tea_timeline_item_set_mentions_me (TeaTimelineItem *self, gboolean mentions_me);
void _tea_timeline_item_set_first_of_group (TeaTimelineItem *self, gboolean first_of_group);
void
_tea_timeline_item_set_delivery (TeaTimelineItem *self, TeaDelivery delivery, const char *failure);
void _tea_timeline_item_set_time (TeaTimelineItem *self, gint64 time);
void _tea_timeline_item_fold (TeaTimelineItem *self, TeaEvent *event);

G_END_DECLS
