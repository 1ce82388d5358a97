/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_TIMELINE (tea_timeline_get_type ())

G_DECLARE_FINAL_TYPE (TeaTimeline, tea_timeline, TEA, TIMELINE, GObject)

void tea_timeline_set_reading (TeaTimeline *self, gboolean reading);
void tea_timeline_clear_unread (TeaTimeline *self);

TeaTimelineItem *tea_timeline_get_next_waiting (TeaTimeline *self);
TeaTimelineItem *tea_timeline_find_message (TeaTimeline *self, guint64 seq);

G_END_DECLS
