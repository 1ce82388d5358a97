/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-readings.h"

#include "tea-sqlite-marks.h"
#include "tea-sqlite-words.h"

typedef gboolean (*Reading) (TeaSqliteConnection *db,
                             gint64 row,
                             const TeaLogEntry *before,
                             const TeaLogEntry *after);

/* The log itself knows nothing of what it keeps: whatever else the database knows of a
 * record is what one of these makes of it. Each changes nothing but what is its own. */
static const Reading readings[] = {
  tea_sqlite_marks_note,
  tea_sqlite_words_note,
};

/**
 * tea_sqlite_readings_note:
 * @db: a connection in a transaction
 * @row: a record's row
 * @before: (nullable): what was stored in it; %NULL for nothing
 * @after: (nullable): what is stored in it now; %NULL for nothing
 *
 * Lets every reading take note of a change, in the transaction that makes it.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_readings_note (TeaSqliteConnection *db,
                          gint64 row,
                          const TeaLogEntry *before,
                          const TeaLogEntry *after)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readings); i++)
    if (!readings[i](db, row, before, after))
      return FALSE;

  return TRUE;
}
