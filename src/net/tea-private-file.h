/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tea_private_file_resolve (const char *path);

GBytes *tea_private_file_load (const char *path, GError **error);
gboolean tea_private_file_create (const char *path, GBytes *contents, GError **error);
gboolean tea_private_file_replace (const char *path, GBytes *contents, GError **error);

G_END_DECLS
