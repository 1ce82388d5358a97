/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-conversation.h"
#include "tea-history.h"
#include "tea-quotes.h"
#include "tea-selection.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_TIMELINE_VIEW (tea_timeline_view_get_type ())

G_DECLARE_FINAL_TYPE (TeaTimelineView, tea_timeline_view, TEA, TIMELINE_VIEW, GtkWidget)

GtkWidget *tea_timeline_view_new (void);

void tea_timeline_view_set_model (TeaTimelineView *self, TeaTimeline *model);
void tea_timeline_view_set_history (TeaTimelineView *self, TeaHistory *history);
void tea_timeline_view_set_own_name (TeaTimelineView *self, const char *name);
void tea_timeline_view_set_in_view (TeaTimelineView *self, gboolean in_view);
void tea_timeline_view_set_conversation (TeaTimelineView *self, TeaConversation *conversation);

gboolean tea_timeline_view_get_at_end (TeaTimelineView *self);
guint tea_timeline_view_get_n_new (TeaTimelineView *self);
TeaQuotes *tea_timeline_view_get_quotes (TeaTimelineView *self);
TeaSelection *tea_timeline_view_get_selection (TeaTimelineView *self);
GtkWidget *tea_timeline_view_get_row (TeaTimelineView *self, TeaTimelineItem *item);

void tea_timeline_view_scroll_to_end (TeaTimelineView *self);
void tea_timeline_view_scroll_to_unread (TeaTimelineView *self);
void tea_timeline_view_show_message (TeaTimelineView *self, guint64 seq);
void tea_timeline_view_scroll_pages (TeaTimelineView *self, int pages);

G_END_DECLS
