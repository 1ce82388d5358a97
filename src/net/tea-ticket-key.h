/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *tea_ticket_key_new (void);
GBytes *tea_ticket_key_load_or_create (const char *path, GError **error);

G_END_DECLS
