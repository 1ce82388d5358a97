/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GVariant *
tea_ctl_link_make (const char *data_dir, const char *host, const char *room, GError **error);

G_END_DECLS
