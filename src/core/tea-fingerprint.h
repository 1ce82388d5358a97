/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TEA_FINGERPRINT_SIZE:
 *
 * How many bytes a fingerprint has: those of a SHA-256 digest.
 */
#define TEA_FINGERPRINT_SIZE 32

char *tea_fingerprint_from_bytes (const guint8 *digest);
gboolean tea_fingerprint_to_bytes (const char *fingerprint, guint8 *digest);
char *tea_fingerprint_parse (const char *text, GError **error);

G_END_DECLS
