/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-marks.h"

#include "tea-event-record.h"

/* Where a record says of what kind it is, and the kind that is a message. */
#define KIND_OFFSET 17
#define KIND_MESSAGE 2

#define MARK_REMOVED "UPDATE record SET is_removed = 1 WHERE seq = ?1"

static gboolean
is_message (const TeaLogEntry *entry)
{
  gsize size = 0;
  const guint8 *data = entry != NULL ? g_bytes_get_data (entry->record, &size) : NULL;

  return size > KIND_OFFSET && data[KIND_OFFSET] == KIND_MESSAGE;
}

/**
 * tea_sqlite_marks_dup_text:
 * @entry: (nullable): what is stored under a number
 *
 * Returns: (transfer full) (nullable): the text of the message that it is; %NULL where it is
 *   something else, or was removed
 */
char *
tea_sqlite_marks_dup_text (const TeaLogEntry *entry)
{
  g_autoptr (TeaEvent) event = NULL;

  if (!is_message (entry))
    return NULL;

  event = tea_event_record_decode (entry->seq, entry->version, entry->record, NULL);

  return event != NULL ? g_strdup (tea_event_get_text (event)) : NULL;
}

/**
 * tea_sqlite_marks_note:
 * @db: a connection in a transaction
 * @row: a record's row
 * @before: (nullable): what was stored in it
 * @after: (nullable): what is stored in it now
 *
 * Marks a message that was removed: it does not count as unread any more.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_marks_note (TeaSqliteConnection *db,
                       gint64 row,
                       const TeaLogEntry *before,
                       const TeaLogEntry *after)
{
  g_autofree char *text = NULL;
  sqlite3_stmt *statement = NULL;

  /* Nothing is removed the moment it is said. */
  if (before == NULL || !is_message (after))
    return TRUE;

  text = tea_sqlite_marks_dup_text (after);
  if (text != NULL)
    return TRUE;

  statement = tea_sqlite_connection_prepare (db, MARK_REMOVED);
  sqlite3_bind_int64 (statement, 1, row);

  return tea_sqlite_run (statement);
}
