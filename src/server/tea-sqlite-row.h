/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A record's row is its room and its number in that. So each room has one stretch of the
 * table, and the hall's rows are its numbers. */
gint64 tea_sqlite_row_of (guint32 room, guint64 seq);
guint64 tea_sqlite_seq_of (gint64 row);

G_END_DECLS
