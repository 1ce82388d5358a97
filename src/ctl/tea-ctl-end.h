/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GVariant *tea_ctl_end_now (const char *data_dir, GError **error);
GVariant *tea_ctl_end_when_empty (const char *data_dir, guint64 seconds, GError **error);

G_END_DECLS
