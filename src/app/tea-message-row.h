/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_ROW (tea_message_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageRow, tea_message_row, TEA, MESSAGE_ROW, GtkWidget)

GtkWidget *tea_message_row_new (void);

void tea_message_row_set_item (TeaMessageRow *self, TeaTimelineItem *item, GRegex *mention);
TeaTimelineItem *tea_message_row_get_item (TeaMessageRow *self);

void tea_message_row_copy (TeaMessageRow *self);
void tea_message_row_flash (TeaMessageRow *self);

G_END_DECLS
