/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_TIMELINE_SCROLLER (tea_timeline_scroller_get_type ())

G_DECLARE_FINAL_TYPE (TeaTimelineScroller, tea_timeline_scroller, TEA, TIMELINE_SCROLLER, GtkWidget)

GtkWidget *tea_timeline_scroller_new (void);

void tea_timeline_scroller_set_factory (TeaTimelineScroller *self, GtkListItemFactory *factory);
void tea_timeline_scroller_set_model (TeaTimelineScroller *self, GListModel *model);

gboolean tea_timeline_scroller_get_at_end (TeaTimelineScroller *self);
double tea_timeline_scroller_get_distance (TeaTimelineScroller *self);
GtkWidget *tea_timeline_scroller_get_row (TeaTimelineScroller *self, gpointer item);
gboolean tea_timeline_scroller_get_seen (TeaTimelineScroller *self, guint *first, guint *last);

void tea_timeline_scroller_scroll_to_end (TeaTimelineScroller *self, gboolean animate);
void tea_timeline_scroller_scroll_to (TeaTimelineScroller *self, guint position);

G_END_DECLS
