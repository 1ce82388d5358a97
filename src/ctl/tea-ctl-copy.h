/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GVariant *tea_ctl_copy_make (const char *data_dir, const char *folder, GError **error);
GVariant *
tea_ctl_copy_export_room (const char *data_dir, const char *room, const char *path, GError **error);
GVariant *
tea_ctl_copy_import_room (const char *data_dir, const char *room, const char *path, GError **error);
GVariant *tea_ctl_copy_verify (const char *folder, GError **error);
GVariant *tea_ctl_copy_restore (const char *data_dir, const char *folder, GError **error);

G_END_DECLS
