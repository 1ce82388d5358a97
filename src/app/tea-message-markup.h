/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tea_message_markup_new (const char *text, GRegex *mention);
char *tea_message_markup_new_plain (const char *text);
guint tea_message_markup_count_emoji (const char *text);

G_END_DECLS
