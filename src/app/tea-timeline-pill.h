/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_TIMELINE_PILL (tea_timeline_pill_get_type ())

G_DECLARE_FINAL_TYPE (TeaTimelinePill, tea_timeline_pill, TEA, TIMELINE_PILL, GtkWidget)

void tea_timeline_pill_show (TeaTimelinePill *self, const char *news, const char *label);
void tea_timeline_pill_hide (TeaTimelinePill *self);

G_END_DECLS
