/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-words.h"

#include "tea-search-text.h"
#include "tea-sqlite-marks.h"
#include "tea-sqlite-row.h"

/* The index has no text of its own: what is taken out of it has to be told to it again. It
 * knows no order of words either, so that what it finds is looked at once more. */
#define ADD "INSERT INTO words (rowid, text) VALUES (?1, ?2)"
#define TAKE_OUT "INSERT INTO words (words, rowid, text) VALUES ('delete', ?1, ?2)"
#define FIND \
  "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC"
#define LOOK_AT "SELECT version, record FROM record WHERE seq = ?1 AND record IS NOT NULL"

/* What was there before the index was made, or has come by an import, is not in it yet. */
#define IS_UNINDEXED                                                 \
  "SELECT EXISTS (SELECT 1 FROM unindexed WHERE room = ?1 >> 40 AND" \
  " ?1 BETWEEN next AND until)"
#define UNINDEXED "SELECT room, next, until FROM unindexed ORDER BY room LIMIT 1"
#define UNINDEXED_RECORDS                                               \
  "SELECT seq, version, record FROM record WHERE seq BETWEEN ?1 AND ?2" \
  " AND record IS NOT NULL ORDER BY seq LIMIT ?3"
#define GO_ON "UPDATE unindexed SET next = ?2 WHERE room = ?1"
#define INDEXED "DELETE FROM unindexed WHERE room = ?1"
#define REBUILD                                                                               \
  "INSERT INTO words (words) VALUES ('delete-all');"                                          \
  "INSERT OR REPLACE INTO unindexed SELECT number, number << 40,"                             \
  "  (SELECT max (seq) FROM record"                                                           \
  "    WHERE seq BETWEEN room.number << 40 AND (room.number << 40) | 0xffffffffff) AS latest" \
  "  FROM room WHERE latest NOT NULL"
#define FORGET_PROGRESS                                                                       \
  "INSERT OR REPLACE INTO unindexed SELECT number, number << 40,"                             \
  "  (SELECT max (seq) FROM record"                                                           \
  "    WHERE seq BETWEEN room.number << 40 AND (room.number << 40) | 0xffffffffff) AS latest" \
  "  FROM room WHERE number = ?1 AND latest NOT NULL"
#define MERGE "INSERT INTO words (words, rank) VALUES ('merge', -64)"

#define INDEX_STEP 200

/* How long somebody who looks for words may keep the reader, and how often that is checked,
 * in steps of SQLite's. */
#define FIND_TIME (50 * G_TIME_SPAN_MILLISECOND)
#define CHECK_STEPS 500

/* A damaged index must not keep anything from being stored: it is made anew. Where even
 * that is not possible one goes on without it. */
static gboolean
survive (TeaSqliteConnection *db, gboolean works)
{
  if (works || !tea_sqlite_connection_is_damaged (db))
    return works;

  g_warning ("The index of words is damaged, and is made anew");
  tea_sqlite_connection_reset (db);
  tea_sqlite_words_rebuild (db);

  return TRUE;
}

static gboolean
change (TeaSqliteConnection *db, const char *sql, gint64 row, const char *words)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, sql);

  sqlite3_bind_int64 (statement, 1, row);
  tea_sqlite_bind_text (statement, 2, words);

  return tea_sqlite_run (statement);
}

static char *
dup_words (const TeaLogEntry *entry)
{
  g_autofree char *text = tea_sqlite_marks_dup_text (entry);

  return text != NULL ? tea_search_text_split (text) : NULL;
}

static gboolean
load_is_unindexed (TeaSqliteConnection *db, gint64 row, gboolean *is_unindexed)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, IS_UNINDEXED);

  sqlite3_bind_int64 (statement, 1, row);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  *is_unindexed = sqlite3_column_int64 (statement, 0) != 0;
  sqlite3_reset (statement);

  return TRUE;
}

/**
 * tea_sqlite_words_note:
 * @db: a connection in a transaction
 * @row: a record's row
 * @before: (nullable): what was stored in it
 * @after: (nullable): what is stored in it now
 *
 * Keeps the index of words as the messages are.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_words_note (TeaSqliteConnection *db,
                       gint64 row,
                       const TeaLogEntry *before,
                       const TeaLogEntry *after)
{
  g_autofree char *old = dup_words (before);
  g_autofree char *words = dup_words (after);
  gboolean is_unindexed = FALSE;

  if (g_strcmp0 (old, words) == 0)
    return TRUE;
  if (before != NULL && !load_is_unindexed (db, row, &is_unindexed))
    return FALSE;
  if (is_unindexed)
    return TRUE;

  return survive (db, (old == NULL || change (db, TAKE_OUT, row, old))
                          && (words == NULL || change (db, ADD, row, words)));
}

static int
is_over (gpointer end)
{
  return g_get_monotonic_time () >= *(gint64 *) end;
}

/* Whether a message has the words as they were meant: in one piece, say. */
static gboolean
look_at (TeaSqliteConnection *db, gint64 row, const char *words, gboolean *matches)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOOK_AT);
  int code;

  *matches = FALSE;
  sqlite3_bind_int64 (statement, 1, row);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      g_autoptr (GBytes) record = tea_sqlite_column_bytes (statement, 1);
      const TeaLogEntry entry
          = { tea_sqlite_seq_of (row), (guint64) sqlite3_column_int64 (statement, 0), record };
      g_autofree char *text = tea_sqlite_marks_dup_text (&entry);

      sqlite3_reset (statement);
      *matches = text != NULL && tea_search_text_matches (text, words);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* Whether the connection works; *next is where to go on, or unchanged where time was over
 * before anything was found. */
static gboolean
find (TeaSqliteConnection *db,
      const char *query,
      gint64 first,
      gint64 last,
      const char *words,
      guint max,
      GArray *found,
      guint64 *next)
{
  sqlite3 *handle = tea_sqlite_connection_get_handle (db);
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FIND);
  gint64 end = g_get_monotonic_time () + FIND_TIME;
  int code = SQLITE_ROW;

  tea_sqlite_bind_text (statement, 1, query);
  sqlite3_bind_int64 (statement, 2, first);
  sqlite3_bind_int64 (statement, 3, last);
  sqlite3_progress_handler (handle, CHECK_STEPS, is_over, &end);
  while (code == SQLITE_ROW && found->len < max && !is_over (&end))
    {
      gboolean matches = FALSE;
      guint64 seq = 0;
      gint64 row;

      code = sqlite3_step (statement);
      if (code != SQLITE_ROW)
        break;
      row = sqlite3_column_int64 (statement, 0);
      if (!look_at (db, row, words, &matches))
        {
          code = sqlite3_errcode (handle);
          break;
        }
      seq = tea_sqlite_seq_of (row);
      *next = seq;
      if (matches)
        g_array_append_val (found, seq);
    }
  sqlite3_progress_handler (handle, 0, NULL, NULL);
  if (code == SQLITE_DONE)
    *next = 0;
  if ((code & 0xff) == SQLITE_INTERRUPT || code == SQLITE_ROW)
    code = SQLITE_DONE;
  if (code == SQLITE_DONE)
    sqlite3_reset (statement);

  return code == SQLITE_DONE;
}

/**
 * tea_sqlite_words_find:
 * @db: a connection that sees one state of the database
 * @room: which room
 * @from: the lowest number of interest
 * @before: what is below this is of interest
 * @words: what somebody looks for
 * @max: how many are wanted
 * @found: (element-type guint64): gets the numbers, the newest first
 * @next: (out): the number to go on before; 0 at the end
 *
 * Finds messages with words, as far as that is possible in a short time.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_words_find (TeaSqliteConnection *db,
                       guint32 room,
                       guint64 from,
                       guint64 before,
                       const char *words,
                       guint max,
                       GArray *found,
                       guint64 *next)
{
  g_autofree char *query = tea_search_text_query (words);
  gint64 first = tea_sqlite_row_of (room, from);
  gint64 last = tea_sqlite_row_of (room, MIN (before, TEA_LOG_MAX_SEQ + 1) - 1);
  gsize length = query != NULL ? strlen (query) : 0;

  *next = 0;
  if (query == NULL || before <= from)
    return TRUE;

  *next = before;
  if (!find (db, query, first, last, words, max, found, next))
    return FALSE;

  /* So many words begin like that that none was found in time: as a whole word, then. */
  if (*next == before && query[length - 1] == '*')
    {
      query[length - 1] = '\0';
      if (!find (db, query, first, last, words, max, found, next))
        return FALSE;
      if (*next == before)
        *next = 0;
    }

  return TRUE;
}

/**
 * tea_sqlite_words_rebuild:
 * @db: a connection in a transaction
 *
 * Empties the index: tea_sqlite_words_index_some() fills it again.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_words_rebuild (TeaSqliteConnection *db)
{
  return tea_sqlite_connection_execute (db, REBUILD);
}

/**
 * tea_sqlite_words_forget_progress:
 * @db: a connection in a transaction
 * @room: a room of which nothing is in the index
 *
 * Takes note that all that is in a room is still to be indexed.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_words_forget_progress (TeaSqliteConnection *db, guint32 room)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FORGET_PROGRESS);

  sqlite3_bind_int64 (statement, 1, room);

  return tea_sqlite_run (statement);
}

static gboolean
set_progress (TeaSqliteConnection *db, gint64 room, gint64 next, gint64 until)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, next <= until ? GO_ON : INDEXED);

  sqlite3_bind_int64 (statement, 1, room);
  if (next <= until)
    sqlite3_bind_int64 (statement, 2, next);

  return tea_sqlite_run (statement);
}

/**
 * tea_sqlite_words_index_some:
 * @db: a connection in a transaction
 * @is_more: (out): whether there may be more
 *
 * Indexes some of what is not in the index yet.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_words_index_some (TeaSqliteConnection *db, gboolean *is_more)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, UNINDEXED);
  gint64 room;
  gint64 next;
  gint64 until;
  guint n = 0;
  int code = sqlite3_step (statement);

  *is_more = code == SQLITE_ROW;
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;

  room = sqlite3_column_int64 (statement, 0);
  next = sqlite3_column_int64 (statement, 1);
  until = sqlite3_column_int64 (statement, 2);
  sqlite3_reset (statement);

  statement = tea_sqlite_connection_prepare (db, UNINDEXED_RECORDS);
  sqlite3_bind_int64 (statement, 1, next);
  sqlite3_bind_int64 (statement, 2, until);
  sqlite3_bind_int64 (statement, 3, INDEX_STEP);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 row = sqlite3_column_int64 (statement, 0);
      g_autoptr (GBytes) record = tea_sqlite_column_bytes (statement, 2);
      const TeaLogEntry entry
          = { tea_sqlite_seq_of (row), (guint64) sqlite3_column_int64 (statement, 1), record };
      g_autofree char *words = dup_words (&entry);

      if (words != NULL && !change (db, ADD, row, words))
        return FALSE;
      next = row + 1;
      n++;
    }
  if (code != SQLITE_DONE && !tea_sqlite_connection_is_damaged (db))
    return FALSE;

  /* What is damaged is left out. */
  return set_progress (db, room, n == INDEX_STEP ? next : until + 1, until);
}

/**
 * tea_sqlite_words_merge_some:
 * @db: a connection in a transaction
 * @is_more: (out): whether there may be more
 *
 * Brings together what belongs together in the index: what was taken out of it is gone from
 * the file only then.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_words_merge_some (TeaSqliteConnection *db, gboolean *is_more)
{
  sqlite3 *handle = tea_sqlite_connection_get_handle (db);
  int n_changes = sqlite3_total_changes (handle);
  gboolean ok = tea_sqlite_run (tea_sqlite_connection_prepare (db, MERGE));

  /* As FTS5's manual says: the statement itself counts as one. */
  *is_more = ok && sqlite3_total_changes (handle) - n_changes >= 2;

  return ok;
}
