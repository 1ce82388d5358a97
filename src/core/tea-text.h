/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean tea_text_is_safe (gunichar c);
char *tea_text_make_safe (const char *text);

G_END_DECLS
