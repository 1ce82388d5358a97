/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-quotes.h"

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_QUOTE (tea_message_quote_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageQuote, tea_message_quote, TEA, MESSAGE_QUOTE, GtkButton)

GtkWidget *tea_message_quote_new (gboolean in_reply);

void tea_message_quote_set_target (TeaMessageQuote *self, TeaQuotes *quotes, guint64 seq);

G_END_DECLS
