/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bodies of frames, records and data: GVariants in normal form, their numbers little-endian
 * whatever the machine's are. */
GVariant *tea_body_read (const char *type, GBytes *bytes);
GVariant *tea_body_write (GVariant *value);
GVariant *tea_body_new_bytes (GBytes *bytes);

G_END_DECLS
