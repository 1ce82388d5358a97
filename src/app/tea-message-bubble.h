/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-reader.h"

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_BUBBLE (tea_message_bubble_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageBubble, tea_message_bubble, TEA, MESSAGE_BUBBLE, GtkWidget)

GtkWidget *tea_message_bubble_new (void);

void tea_message_bubble_set_item (TeaMessageBubble *self, TeaTimelineItem *item, TeaReader *reader);
void tea_message_bubble_update (TeaMessageBubble *self);
void tea_message_bubble_set_n_removed (TeaMessageBubble *self, guint n_removed);
void tea_message_bubble_set_faded (TeaMessageBubble *self, gboolean faded);
void tea_message_bubble_copy (TeaMessageBubble *self);
void tea_message_bubble_flash (TeaMessageBubble *self);

G_END_DECLS
