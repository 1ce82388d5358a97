/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tea_user_path_dup_home (void);
char *tea_user_path_dup_data_dir (void);
char *tea_user_path_dup_config_dir (void);
char *tea_user_path_expand (const char *path, GError **error);

G_END_DECLS
