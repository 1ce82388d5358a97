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

/* Reads one of its numbers where GVariant takes too long; returns it. */
static inline guint64
tea_body_read_number (const guint8 *place, gsize size)
{
  guint64 number = 0;

  while (size-- > 0)
    number = number << 8 | place[size];

  return number;
}

/* Writes one; returns what is behind it. */
static inline guint8 *
tea_body_write_number (guint8 *place, guint64 number, gsize size)
{
  for (gsize i = 0; i < size; i++)
    place[i] = (guint8) (number >> (8 * i));

  return place + size;
}

G_END_DECLS
