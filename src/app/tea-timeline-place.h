/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-row-list.h"

G_BEGIN_DECLS

/**
 * TeaTimelinePlace:
 *
 * Where the reader of a [struct@Tea.RowList] is, and what has to be done to the list
 * that they stay there.
 *
 * That is the end, or else a row, the anchor, and how far down it is. What is told to
 * the place moves nothing before its list is allocated the next time.
 */
typedef struct _TeaTimelinePlace TeaTimelinePlace;

TeaTimelinePlace *tea_timeline_place_new (TeaRowList *rows, GtkWidget *page);
void tea_timeline_place_free (TeaTimelinePlace *self);

void tea_timeline_place_go_to_end (TeaTimelinePlace *self);
void tea_timeline_place_go_to_middle (TeaTimelinePlace *self, gpointer item, guint position);
gboolean tea_timeline_place_go_into_view (TeaTimelinePlace *self, gpointer item);
void tea_timeline_place_scroll (TeaTimelinePlace *self, double delta);

void tea_timeline_place_follow_change (TeaTimelinePlace *self,
                                       guint position,
                                       guint removed,
                                       guint added);
void tea_timeline_place_allocate (TeaTimelinePlace *self, int width, int height);

gboolean tea_timeline_place_is_at_end (TeaTimelinePlace *self);
double tea_timeline_place_get_distance (TeaTimelinePlace *self);

G_END_DECLS
