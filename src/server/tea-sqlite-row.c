/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-row.h"

#include "tea-log.h"

#define ROOM_SHIFT 40

/**
 * tea_sqlite_row_of:
 * @room: a room
 * @seq: a number in its log; what is too high counts as the highest
 *
 * Returns: the row of what has that number
 */
gint64
tea_sqlite_row_of (guint32 room, guint64 seq)
{
  return (gint64) ((guint64) room << ROOM_SHIFT | MIN (seq, TEA_LOG_MAX_SEQ));
}

/**
 * tea_sqlite_seq_of:
 * @row: a record's row
 *
 * Returns: its number in its room's log
 */
guint64
tea_sqlite_seq_of (gint64 row)
{
  return (guint64) row & TEA_LOG_MAX_SEQ;
}
