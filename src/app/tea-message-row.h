/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-message-bubble.h"

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_ROW (tea_message_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageRow, tea_message_row, TEA, MESSAGE_ROW, GtkWidget)

GtkWidget *tea_message_row_new (void);

void tea_message_row_set_item (TeaMessageRow *self, TeaTimelineItem *item, TeaReader *reader);
TeaTimelineItem *tea_message_row_get_item (TeaMessageRow *self);
TeaMessageBubble *tea_message_row_get_bubble (TeaMessageRow *self);
GtkWidget *tea_message_row_get_avatar (TeaMessageRow *self);
GtkWidget *tea_message_row_get_more (TeaMessageRow *self);

void tea_message_row_set_n_removed (TeaMessageRow *self, guint n_removed);
void tea_message_row_offer_more (TeaMessageRow *self);

G_END_DECLS
