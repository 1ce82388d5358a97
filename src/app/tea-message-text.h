/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_TEXT (tea_message_text_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageText, tea_message_text, TEA, MESSAGE_TEXT, GtkWidget)

GtkWidget *tea_message_text_new (void);

void tea_message_text_set_text (TeaMessageText *self,
                                const char *text,
                                GRegex *mention,
                                const char *behind);
const char *tea_message_text_get_uri (TeaMessageText *self);
char *tea_message_text_dup_selected (TeaMessageText *self);

G_END_DECLS
