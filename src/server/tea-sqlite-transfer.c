/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-transfer.h"

#include <glib/gi18n-lib.h>

#include "tea-log-archive.h"
#include "tea-log.h"
#include "tea-name.h"

typedef gboolean (*RowFunc) (TeaLogArchiveWriter *writer, sqlite3_stmt *row, GError **error);

static gboolean
for_each_row (
    sqlite3 *db, const char *sql, RowFunc func, TeaLogArchiveWriter *writer, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = tea_sqlite_prepare (db, sql, error);
  int code = SQLITE_DONE;

  if (statement == NULL)
    return FALSE;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    if (!func (writer, statement, error))
      return FALSE;

  if (code != SQLITE_DONE)
    tea_sqlite_set_error (db, error);

  return code == SQLITE_DONE;
}

static guint64
column_number (sqlite3_stmt *row, int column)
{
  return (guint64) sqlite3_column_int64 (row, column);
}

static gboolean
export_title (TeaLogArchiveWriter *writer, sqlite3_stmt *row, GError **error)
{
  return tea_log_archive_writer_begin (writer, column_number (row, 0), column_number (row, 1),
                                       column_number (row, 2), error);
}

static gboolean
export_author (TeaLogArchiveWriter *writer, sqlite3_stmt *row, GError **error)
{
  g_autoptr (GBytes) author = tea_sqlite_column_bytes (row, 0);

  return tea_log_archive_writer_add_author (writer, author, column_number (row, 1),
                                            column_number (row, 2), error);
}

static gboolean
export_name (TeaLogArchiveWriter *writer, sqlite3_stmt *row, GError **error)
{
  g_autoptr (TeaRollEntry) entry
      = tea_roll_entry_new ((const char *) sqlite3_column_text (row, 0),
                            (const char *) sqlite3_column_text (row, 1), column_number (row, 2),
                            sqlite3_column_int64 (row, 3));

  return tea_log_archive_writer_add_name (writer, entry, error);
}

static gboolean
export_record (TeaLogArchiveWriter *writer, sqlite3_stmt *row, GError **error)
{
  g_autoptr (GBytes) author = tea_sqlite_column_bytes (row, 1);
  g_autoptr (GBytes) record = NULL;

  if (sqlite3_column_type (row, 4) != SQLITE_NULL)
    record = tea_sqlite_column_bytes (row, 4);

  return tea_log_archive_writer_add_record (writer, column_number (row, 0), author,
                                            column_number (row, 2), sqlite3_column_int64 (row, 3),
                                            record, error);
}

/**
 * tea_sqlite_export:
 * @path: a database that is open for writing already
 * @stream: where to
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Writes all of a database, as it is now, whatever is appended meanwhile.
 *
 * Returns: whether all was written
 */
gboolean
tea_sqlite_export (const char *path,
                   GOutputStream *stream,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (sqlite3) db = tea_sqlite_open_reader (path, error);
  g_autoptr (TeaLogArchiveWriter) writer = tea_log_archive_writer_new (stream, cancellable);

  if (db == NULL)
    return FALSE;

  if (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    {
      tea_sqlite_set_error (db, error);
      return FALSE;
    }

  return for_each_row (db,
                       "SELECT coalesce ((SELECT min (seq) FROM record), 1),"
                       " coalesce ((SELECT max (seq) FROM record), 0), roll_as_of FROM room",
                       export_title, writer, error)
         && for_each_row (db, "SELECT name, number, seq FROM author ORDER BY id", export_author,
                          writer, error)
         && for_each_row (db, "SELECT name, key, joined, last_used FROM roll", export_name, writer,
                          error)
         && for_each_row (db,
                          "SELECT record.seq, author.name, record.number, record.time, record"
                          " FROM record JOIN author ON author.id = record.author"
                          " ORDER BY record.seq",
                          export_record, writer, error)
         && tea_log_archive_writer_end (writer, error);
}

enum
{
  COUNT,
  BEGIN,
  AUTHOR,
  NAME,
  RECORD,
  N_STATEMENTS
};

static const char *const statements[] = {
  [COUNT] = "SELECT (SELECT count (*) FROM record) + (SELECT count (*) FROM author)",
  [BEGIN] = "UPDATE room SET roll_as_of = ?1, epoch = max (1, random () & 0x7fffffffffffffff)",
  [AUTHOR] = "INSERT INTO author (name, number, seq, time)"
             " VALUES (?1, ?2, ?3, CAST (strftime ('%s', 'now') AS INTEGER) * 1000000)",
  [NAME] = "INSERT OR REPLACE INTO roll (folded, name, key, joined, last_used)"
           " VALUES (?1, ?2, ?3, ?4, ?5)",
  [RECORD] = "INSERT INTO record (seq, author, number, time, record)"
             " SELECT ?1, id, ?3, ?4, ?5 FROM author WHERE name = ?2 AND number >= ?3",
};

typedef struct
{
  sqlite3 *db;
  sqlite3_stmt *statements[N_STATEMENTS];
} Import;

/* What the archive's own check lets through can still contradict itself: an author who
 * comes twice, or never. */
static gboolean
run (Import *self, guint index, GError **error)
{
  int code = sqlite3_step (self->statements[index]);
  gboolean ok = code == SQLITE_DONE && sqlite3_changes (self->db) == 1;

  if ((code & 0xff) == SQLITE_CONSTRAINT || (code == SQLITE_DONE && !ok))
    g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED,
                         _ ("What is to be imported is damaged. Nothing was imported."));
  else if (!ok)
    tea_sqlite_set_error (self->db, error);

  sqlite3_reset (self->statements[index]);
  sqlite3_clear_bindings (self->statements[index]);

  return ok;
}

static gboolean
import_title (gpointer user_data, guint64 first, guint64 head, guint64 as_of, GError **error)
{
  Import *self = user_data;

  sqlite3_bind_int64 (self->statements[BEGIN], 1, (gint64) as_of);

  return run (self, BEGIN, error);
}

static gboolean
import_author (gpointer user_data, GBytes *author, guint64 number, guint64 seq, GError **error)
{
  Import *self = user_data;

  tea_sqlite_bind_bytes (self->statements[AUTHOR], 1, author);
  sqlite3_bind_int64 (self->statements[AUTHOR], 2, (gint64) number);
  sqlite3_bind_int64 (self->statements[AUTHOR], 3, (gint64) seq);

  return run (self, AUTHOR, error);
}

static gboolean
import_name (gpointer user_data, TeaRollEntry *entry, GError **error)
{
  Import *self = user_data;
  sqlite3_stmt *statement = self->statements[NAME];
  g_autofree char *folded = tea_name_fold (entry->name);

  sqlite3_bind_text (statement, 1, folded, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, entry->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, entry->key, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, (gint64) entry->joined);
  sqlite3_bind_int64 (statement, 5, entry->last_used);

  return run (self, NAME, error);
}

static gboolean
import_record (gpointer user_data,
               guint64 seq,
               GBytes *author,
               guint64 number,
               gint64 time,
               GBytes *record,
               GError **error)
{
  Import *self = user_data;
  sqlite3_stmt *statement = self->statements[RECORD];

  sqlite3_bind_int64 (statement, 1, (gint64) seq);
  tea_sqlite_bind_bytes (statement, 2, author);
  sqlite3_bind_int64 (statement, 3, (gint64) number);
  sqlite3_bind_int64 (statement, 4, time);
  if (record != NULL)
    tea_sqlite_bind_bytes (statement, 5, record);

  return run (self, RECORD, error);
}

static const TeaLogArchiveHandler handler = {
  .begin = import_title,
  .author = import_author,
  .name = import_name,
  .record = import_record,
};

static gboolean
check_empty (Import *self, GError **error)
{
  sqlite3_stmt *statement = self->statements[COUNT];

  if (sqlite3_step (statement) != SQLITE_ROW)
    {
      tea_sqlite_set_error (self->db, error);
      return FALSE;
    }
  if (sqlite3_column_int64 (statement, 0) == 0)
    return TRUE;

  g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                       _ ("A room can be imported only where there is nothing yet."));

  return FALSE;
}

/**
 * tea_sqlite_import:
 * @db: a connection in a transaction; to be rolled back if this fails
 * @stream: an exported log
 * @error: return location for a #GError
 *
 * Takes over a log into an empty database, and begins an epoch.
 *
 * Returns: whether all was taken over
 */
gboolean
tea_sqlite_import (sqlite3 *db, GInputStream *stream, GError **error)
{
  Import self = { .db = db };
  gboolean ok = TRUE;

  for (guint i = 0; i < N_STATEMENTS && ok; i++)
    {
      self.statements[i] = tea_sqlite_prepare (db, statements[i], error);
      ok = self.statements[i] != NULL;
    }

  ok = ok && check_empty (&self, error) && tea_log_archive_read (stream, &handler, &self, error);

  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (self.statements[i]);

  return ok;
}
