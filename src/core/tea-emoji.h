/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean tea_emoji_is_one (const char *text);
char *tea_emoji_fold (const char *text);

G_END_DECLS
