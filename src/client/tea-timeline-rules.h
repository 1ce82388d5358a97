/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-name.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

/* How what happened becomes lines of a timeline. */

gboolean _tea_timeline_is_same_day (gint64 one, gint64 other);
gboolean _tea_timeline_is_same_run (TeaTimelineItem *before, TeaTimelineItem *item);
gboolean _tea_timeline_is_shown (TeaEvent *event);
gboolean _tea_timeline_can_fold (TeaTimelineItem *before, gint64 time);

char *_tea_timeline_dup_id (guint32 stream, guint32 number);
TeaTimelineItem *_tea_timeline_item_for_event (TeaEvent *event, TeaName *own_name, GRegex *mention);
GPtrArray *_tea_timeline_lines_for_events (GPtrArray *events, TeaName *own_name, GRegex *mention);

G_END_DECLS
