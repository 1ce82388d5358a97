/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_DIVIDER_ROW (tea_divider_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaDividerRow, tea_divider_row, TEA, DIVIDER_ROW, GtkWidget)

GtkWidget *tea_divider_row_new (void);

void tea_divider_row_set_item (TeaDividerRow *self, TeaTimelineItem *item);

G_END_DECLS
