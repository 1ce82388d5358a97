/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tea_search_text_split (const char *text);
char *tea_search_text_query (const char *words);
gboolean tea_search_text_matches (const char *text, const char *words);

G_END_DECLS
