/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-quotes.h"

G_BEGIN_DECLS

gboolean tea_message_state_is_settled (TeaTimelineItem *item);

GtkWidget *tea_message_state_new_waiting (void);
GtkWidget *tea_message_state_new_sending (void);
GtkWidget *tea_message_state_new_failed (gpointer owner, GCallback retry, GCallback discard);
guint tea_message_state_set_hold (GtkWidget *waiting, gint64 until, gint64 now);
char *tea_message_state_dup_text (TeaTimelineItem *item);
char *tea_message_state_dup_removed (TeaTimelineItem *item, guint n_removed);
char *tea_message_state_dup_line (TeaTimelineItem *item);
char *tea_message_state_tell (TeaTimelineItem *item, TeaQuotes *quotes);
char *tea_message_state_tell_about (TeaTimelineItem *item);

G_END_DECLS
