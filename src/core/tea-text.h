/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean tea_text_is_safe (gunichar c);
char *tea_text_make_safe (const char *text);
char *tea_text_tidy (const char *text);
char *tea_text_isolate (const char *text);
char *tea_text_format (const char *sentence, ...) G_GNUC_PRINTF (1, 2);
void tea_text_set_error (GError **error, GQuark domain, int code, const char *sentence, ...)
    G_GNUC_PRINTF (4, 5);

G_END_DECLS
