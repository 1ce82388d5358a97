/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_SELECTION (tea_selection_get_type ())

G_DECLARE_FINAL_TYPE (TeaSelection, tea_selection, TEA, SELECTION, GObject)

TeaSelection *tea_selection_new (TeaTimeline *timeline);

void tea_selection_begin (TeaSelection *self, TeaTimelineItem *item);
void tea_selection_end (TeaSelection *self);
gboolean tea_selection_is_active (TeaSelection *self);

void tea_selection_toggle (TeaSelection *self, TeaTimelineItem *item);
void tea_selection_extend (TeaSelection *self, TeaTimelineItem *item);
void tea_selection_select_all (TeaSelection *self);

gboolean tea_selection_contains (TeaSelection *self, TeaTimelineItem *item);
guint tea_selection_get_n_items (TeaSelection *self);
GPtrArray *tea_selection_list (TeaSelection *self);
char *tea_selection_dup_text (TeaSelection *self);

G_END_DECLS
