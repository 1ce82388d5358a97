/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tea_time_text_new_clock (gint64 time);
char *tea_time_text_new_full (gint64 time);
char *tea_time_text_new_day (gint64 time, gint64 now);
char *tea_time_text_new_short (gint64 time, gint64 now);
gint64 tea_time_text_get_next_midnight (gint64 now);

G_END_DECLS
