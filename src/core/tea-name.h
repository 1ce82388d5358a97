/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TEA_NAME_MAX_CHARACTERS:
 *
 * The most characters (Unicode code points) a member's name can have.
 */
#define TEA_NAME_MAX_CHARACTERS 32

gboolean tea_name_validate (const char *name, GError **error);
char *tea_name_fold (const char *name);
gboolean tea_name_equal (const char *one, const char *other);
char *tea_name_suggest (const char *name);

G_END_DECLS
