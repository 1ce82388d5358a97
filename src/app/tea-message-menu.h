/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-message-rights.h"

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_MENU (tea_message_menu_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageMenu, tea_message_menu, TEA, MESSAGE_MENU, GObject)

TeaMessageMenu *tea_message_menu_new (GtkWidget *parent);

void tea_message_menu_show (TeaMessageMenu *self,
                            TeaTimelineItem *item,
                            TeaMessageRights rights,
                            const GdkRectangle *where);
void
tea_message_menu_choose_reaction (TeaMessageMenu *self, guint64 seq, const GdkRectangle *where);

G_END_DECLS
