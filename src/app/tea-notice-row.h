/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_NOTICE_ROW (tea_notice_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaNoticeRow, tea_notice_row, TEA, NOTICE_ROW, GtkWidget)

GtkWidget *tea_notice_row_new (void);

void tea_notice_row_set_item (TeaNoticeRow *self, TeaTimelineItem *item);
void tea_notice_row_set_open (TeaNoticeRow *self, gboolean open);

G_END_DECLS
