/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-records.h"

#include <glib/gi18n-lib.h>

#include "tea-log.h"
#include "tea-sqlite-readings.h"

#define STATE                                                                \
  "SELECT epoch, (SELECT max (seq) FROM record WHERE seq BETWEEN ?2 AND ?3)" \
  " FROM room WHERE number = ?1"
#define FIRST "SELECT min (seq) FROM record WHERE seq BETWEEN ?1 AND ?2"
#define HEAD "SELECT max (seq) FROM record WHERE seq BETWEEN ?1 AND ?2"
#define FIND_AUTHOR "SELECT id, number, seq FROM author WHERE room = ?1 AND name = ?2"
#define ADD_AUTHOR "INSERT INTO author (room, name, number, seq, day) VALUES (?1, ?2, ?3, ?4, ?5)"
#define MOVE_AUTHOR "UPDATE author SET number = ?2, seq = ?3, day = ?4 WHERE id = ?1"
#define FIND_RECORD "SELECT seq FROM record WHERE author = ?1 AND number = ?2"
#define ADD_RECORD \
  "INSERT INTO record (seq, author, number, day, record) VALUES (?1, ?2, ?3, ?4, ?5)"
#define READ                                                                                   \
  "SELECT seq, version, record FROM record WHERE seq BETWEEN ?1 AND ?2 AND record IS NOT NULL" \
  " ORDER BY seq"
#define GET "SELECT version, replaced_by, record FROM record WHERE seq = ?1 AND record IS NOT NULL"
#define AMEND "UPDATE record SET record = ?2, version = ?3, replaced_by = ?4 WHERE seq = ?1"
#define REPLACE "UPDATE record SET record = ?2 WHERE seq = ?1"
#define OLDEST \
  "SELECT seq, version, record FROM record WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq LIMIT ?3"
#define REMOVE "DELETE FROM record WHERE seq BETWEEN ?1 AND ?2"
#define NOTE_ERASED "UPDATE house SET n_erased = n_erased + 1"
#define ERASE "UPDATE record SET record = NULL WHERE seq = ?1"
#define RENEW_EPOCH "UPDATE room SET epoch = ?2 WHERE number = ?1"
/* What makes the index partial has to stand here in the same words. */
#define COUNT_UNREAD                                                      \
  "SELECT count (*) FROM (SELECT 1 FROM record INDEXED BY record_message" \
  " WHERE substr (record, 18, 1) = x'02' AND is_removed = 0 AND seq > ?1 AND seq <= ?2 LIMIT ?3)"

/**
 * tea_sqlite_records_random_epoch:
 *
 * Returns: an epoch that no log has had
 */
guint64
tea_sqlite_records_random_epoch (void)
{
  guint64 epoch = (guint64) g_random_int () << 31 | g_random_int () >> 1;

  return MAX (epoch, 1);
}

static guint64
column_seq (sqlite3_stmt *statement, int column)
{
  return tea_sqlite_seq_of (sqlite3_column_int64 (statement, column));
}

static sqlite3_stmt *
prepare_range (TeaSqliteConnection *db, const char *sql, guint32 room)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, sql);

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (room, 0));
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, TEA_LOG_MAX_SEQ));

  return statement;
}

/* A lower bound where the beginning is damaged. */
static gboolean
load_first (TeaSqliteConnection *db, guint32 room, guint64 *first)
{
  sqlite3_stmt *statement = prepare_range (db, FIRST, room);
  int code = sqlite3_step (statement);

  *first = 1;
  if (code == SQLITE_ROW)
    *first = MAX (column_seq (statement, 0), 1);
  else if (!tea_sqlite_connection_is_damaged (db))
    return FALSE;
  sqlite3_reset (statement);

  return TRUE;
}

/**
 * tea_sqlite_records_load_state:
 * @db: a connection
 * @room: which room
 * @state: (out): how its log is
 * @refusal: why there is no answer: %TEA_LOG_ERROR_NO_ROOM
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_load_state (TeaSqliteConnection *db,
                               guint32 room,
                               TeaSqliteLogState *state,
                               GError **refusal)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, STATE);
  int code;

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, 0));
  sqlite3_bind_int64 (statement, 3, tea_sqlite_row_of (room, TEA_LOG_MAX_SEQ));
  code = sqlite3_step (statement);
  if (code == SQLITE_DONE)
    g_set_error_literal (refusal, TEA_LOG_ERROR, TEA_LOG_ERROR_NO_ROOM,
                         _ ("This room does not exist any more."));
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;

  state->epoch = (guint64) sqlite3_column_int64 (statement, 0);
  state->head = column_seq (statement, 1);
  sqlite3_reset (statement);

  return load_first (db, room, &state->first);
}

/* Where a record is stored: *seq is 0 if it is not. An author who is not known has the id 0,
 * and the number 0 as the latest. */
static gboolean
look_up (TeaSqliteConnection *db,
         guint32 room,
         GBytes *author,
         guint64 number,
         gint64 *id,
         guint64 *latest,
         guint64 *seq)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FIND_AUTHOR);
  int code;

  *id = 0;
  *latest = 0;
  *seq = 0;

  sqlite3_bind_int64 (statement, 1, room);
  tea_sqlite_bind_bytes (statement, 2, author);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *id = sqlite3_column_int64 (statement, 0);
      *latest = (guint64) sqlite3_column_int64 (statement, 1);
      if (number == *latest)
        *seq = column_seq (statement, 2);
      sqlite3_reset (statement);
    }
  if (code != SQLITE_ROW || number >= *latest)
    return code == SQLITE_ROW || code == SQLITE_DONE;

  statement = tea_sqlite_connection_prepare (db, FIND_RECORD);
  sqlite3_bind_int64 (statement, 1, *id);
  sqlite3_bind_int64 (statement, 2, (gint64) number);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *seq = column_seq (statement, 0);
      sqlite3_reset (statement);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
load_head (TeaSqliteConnection *db, guint32 room, guint64 *head)
{
  sqlite3_stmt *statement = prepare_range (db, HEAD, room);

  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  *head = column_seq (statement, 0);
  sqlite3_reset (statement);

  return TRUE;
}

static gboolean
note_author (TeaSqliteConnection *db,
             guint32 room,
             GBytes *author,
             guint64 number,
             guint64 day,
             gint64 row,
             gint64 *id)
{
  sqlite3_stmt *statement = NULL;

  if (*id != 0)
    {
      statement = tea_sqlite_connection_prepare (db, MOVE_AUTHOR);
      sqlite3_bind_int64 (statement, 1, *id);
      sqlite3_bind_int64 (statement, 2, (gint64) number);
      sqlite3_bind_int64 (statement, 3, row);
      sqlite3_bind_int64 (statement, 4, (gint64) day);

      return tea_sqlite_run (statement);
    }

  statement = tea_sqlite_connection_prepare (db, ADD_AUTHOR);
  sqlite3_bind_int64 (statement, 1, room);
  tea_sqlite_bind_bytes (statement, 2, author);
  sqlite3_bind_int64 (statement, 3, (gint64) number);
  sqlite3_bind_int64 (statement, 4, row);
  sqlite3_bind_int64 (statement, 5, (gint64) day);
  if (!tea_sqlite_run (statement))
    return FALSE;

  *id = sqlite3_last_insert_rowid (tea_sqlite_connection_get_handle (db));

  return TRUE;
}

/**
 * tea_sqlite_records_append:
 * @db: a connection in a transaction
 * @room: which room
 * @author: whose it is
 * @number: the author's number for it
 * @after: the author's number that has to be stored before; 0 for none
 * @day: which day of the house's life it is
 * @record: what to keep
 * @seq: (out): its number in the room
 * @was_there: (out): whether it had been appended before
 * @refusal: why it is not appended: %TEA_LOG_ERROR_REJECTED or %TEA_LOG_ERROR_OUT_OF_ORDER
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_append (TeaSqliteConnection *db,
                           guint32 room,
                           GBytes *author,
                           guint64 number,
                           guint64 after,
                           guint64 day,
                           GBytes *record,
                           guint64 *seq,
                           gboolean *was_there,
                           GError **refusal)
{
  sqlite3_stmt *statement = NULL;
  gint64 id = 0;
  gint64 row = 0;
  guint64 latest = 0;
  guint64 head = 0;

  if (!look_up (db, room, author, number, &id, &latest, seq))
    return FALSE;

  *was_there = *seq != 0;
  if (*was_there)
    return TRUE;

  if (number < latest)
    {
      g_set_error_literal (refusal, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           _ ("A later message of the same sender is stored already."));
      return TRUE;
    }
  if (latest < after)
    {
      g_set_error_literal (refusal, TEA_LOG_ERROR, TEA_LOG_ERROR_OUT_OF_ORDER,
                           _ ("An earlier message of the same sender is not stored."));
      return TRUE;
    }

  if (!load_head (db, room, &head))
    return FALSE;
  row = tea_sqlite_row_of (room, head + 1);
  if (!note_author (db, room, author, number, day, row, &id))
    return FALSE;

  statement = tea_sqlite_connection_prepare (db, ADD_RECORD);
  sqlite3_bind_int64 (statement, 1, row);
  sqlite3_bind_int64 (statement, 2, id);
  sqlite3_bind_int64 (statement, 3, (gint64) number);
  sqlite3_bind_int64 (statement, 4, (gint64) day);
  tea_sqlite_bind_bytes (statement, 5, record);
  if (!tea_sqlite_run (statement))
    return FALSE;
  *seq = head + 1;

  return tea_sqlite_readings_note (db, row, NULL, &(TeaLogEntry){ *seq, 0, record });
}

/* What is stored under a number; *entry is NULL for nothing. */
static gboolean
get (TeaSqliteConnection *db, gint64 row, TeaLogEntry **entry, guint64 *replaced_by)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, GET);
  int code;

  *entry = NULL;
  sqlite3_bind_int64 (statement, 1, row);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      g_autoptr (GBytes) record = tea_sqlite_column_bytes (statement, 2);

      *entry = tea_log_entry_new (tea_sqlite_seq_of (row),
                                  (guint64) sqlite3_column_int64 (statement, 0), record);
      if (replaced_by != NULL)
        *replaced_by = (guint64) sqlite3_column_int64 (statement, 1);
      sqlite3_reset (statement);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/**
 * tea_sqlite_records_get:
 * @db: a connection
 * @room: which room
 * @seq: a number
 * @entry: (out) (transfer full) (nullable): what is stored under it; %NULL for nothing
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_get (TeaSqliteConnection *db, guint32 room, guint64 seq, TeaLogEntry **entry)
{
  return get (db, tea_sqlite_row_of (room, seq), entry, NULL);
}

/* What is not there any more may still be found in a file: the upkeep sees to that. */
static gboolean
note_erased (TeaSqliteConnection *db)
{
  return tea_sqlite_run (tea_sqlite_connection_prepare (db, NOTE_ERASED));
}

/**
 * tea_sqlite_records_amend:
 * @db: a connection in a transaction
 * @room: which room
 * @target: the number of what is amended
 * @version: the number of the amendment
 * @form: what is to be stored under @target
 * @replaces: whether the latest amendment that did so is to be erased
 * @is_kept: (out): whether there was something to amend
 *
 * Puts something else in the place of a record.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_amend (TeaSqliteConnection *db,
                          guint32 room,
                          guint64 target,
                          guint64 version,
                          GBytes *form,
                          gboolean replaces,
                          gboolean *is_kept)
{
  g_autoptr (TeaLogEntry) before = NULL;
  gint64 row = tea_sqlite_row_of (room, target);
  sqlite3_stmt *statement = NULL;
  guint64 replaced_by = 0;

  *is_kept = FALSE;
  if (!get (db, row, &before, &replaced_by))
    return FALSE;
  if (before == NULL)
    return TRUE;

  *is_kept = TRUE;
  if (replaces && replaced_by != 0 && !tea_sqlite_records_erase (db, room, replaced_by))
    return FALSE;

  statement = tea_sqlite_connection_prepare (db, AMEND);
  sqlite3_bind_int64 (statement, 1, row);
  tea_sqlite_bind_bytes (statement, 2, form);
  sqlite3_bind_int64 (statement, 3, (gint64) version);
  sqlite3_bind_int64 (statement, 4, (gint64) (replaces ? version : replaced_by));

  return tea_sqlite_run (statement)
         && tea_sqlite_readings_note (db, row, before, &(TeaLogEntry){ target, version, form })
         && (!replaces || note_erased (db));
}

/**
 * tea_sqlite_records_look_up:
 * @db: a connection
 * @room: which room
 * @author: whose it is
 * @number: the author's number for it
 * @seq: (out): its number in the room; 0 if it is not stored
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_look_up (
    TeaSqliteConnection *db, guint32 room, GBytes *author, guint64 number, guint64 *seq)
{
  gint64 id = 0;
  guint64 latest = 0;

  return look_up (db, room, author, number, &id, &latest, seq);
}

/**
 * tea_sqlite_records_find:
 * @db: a connection
 * @room: which room
 * @author: whose
 * @number: (out): the author's latest number; 0 for one who is not known
 * @seq: (out): where that is stored, or was
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_find (
    TeaSqliteConnection *db, guint32 room, GBytes *author, guint64 *number, guint64 *seq)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, FIND_AUTHOR);
  int code;

  *number = 0;
  *seq = 0;

  sqlite3_bind_int64 (statement, 1, room);
  tea_sqlite_bind_bytes (statement, 2, author);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *number = (guint64) sqlite3_column_int64 (statement, 1);
      *seq = column_seq (statement, 2);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static sqlite3_stmt *
begin_to_read (TeaSqliteConnection *db, guint32 room, guint64 from, guint64 head)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, READ);

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (room, from));
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, head));

  return statement;
}

/* Whether there is something to read from there on, or surely nothing. */
static gboolean
is_readable (TeaSqliteConnection *db, guint32 room, guint64 from, guint64 head)
{
  int code = sqlite3_step (begin_to_read (db, room, from, head));

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* Where reading can go on behind what is damaged. One damaged page takes a stretch of
 * records with it, a damaged branch a long one. */
static guint64
skip_damage (TeaSqliteConnection *db, guint32 room, guint64 from, guint64 head)
{
  guint64 bad = from;
  guint64 good = from + 1;

  while (good <= head && !is_readable (db, room, good, head))
    {
      guint64 step = 2 * (good - from);

      bad = good;
      good = bad == head ? head + 1 : MIN (from + step, head);
    }

  while (good - bad > 1)
    {
      guint64 middle = bad + (good - bad) / 2;

      if (is_readable (db, room, middle, head))
        good = middle;
      else
        bad = middle;
    }

  return good;
}

static char *
describe_damage (guint64 seq)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, seq);

  /* Translators: %s is a number. */
  return g_strdup_printf (_ ("Some events from number %s on cannot be read: the database is "
                             "damaged there. They are left out."),
                          number);
}

/**
 * tea_sqlite_records_read:
 * @db: a connection that sees one state of the database
 * @room: which room
 * @from: (inout): where to begin; then where to go on, or what is first
 * @head: where to end
 * @max_records: how many records are wanted
 * @max_bytes: how many bytes they may have together
 * @reached_head: (out): whether there was no more
 * @damage: (out) (optional): what was found where something could not be read
 * @refusal: why nothing was read: %TEA_LOG_ERROR_TRUNCATED
 *
 * Reads what can be read. What is damaged is left out.
 *
 * Returns: (transfer full) (element-type TeaLogEntry): the records; %NULL where the
 *   connection does not work, or with @refusal
 */
GPtrArray *
tea_sqlite_records_read (TeaSqliteConnection *db,
                         guint32 room,
                         guint64 *from,
                         guint64 head,
                         guint max_records,
                         gsize max_bytes,
                         gboolean *reached_head,
                         char **damage,
                         GError **refusal)
{
  g_autoptr (GPtrArray) found = NULL;
  sqlite3_stmt *statement = NULL;
  guint64 first = 0;
  gsize n_bytes = 0;

  *reached_head = FALSE;
  if (!load_first (db, room, &first))
    return NULL;
  if (*from < first)
    {
      *from = first;
      g_set_error_literal (refusal, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED,
                           _ ("What is older is not kept any more."));
      return NULL;
    }

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_log_entry_free);
  statement = *from <= head ? begin_to_read (db, room, *from, head) : NULL;
  while (statement != NULL)
    {
      int code = sqlite3_step (statement);
      g_autoptr (GBytes) record = NULL;
      guint64 seq = 0;

      if (code == SQLITE_DONE)
        break;

      if (code == SQLITE_ROW)
        seq = column_seq (statement, 0);
      else if (!tea_sqlite_connection_is_damaged (db))
        return NULL;

      /* What stands where it cannot belong was read from a damaged page, too. */
      if (seq < *from || seq > head)
        {
          if (damage != NULL && *damage == NULL)
            *damage = describe_damage (*from);
          *from = skip_damage (db, room, *from, head);
          statement = *from <= head ? begin_to_read (db, room, *from, head) : NULL;
          continue;
        }

      n_bytes += (gsize) sqlite3_column_bytes (statement, 2);
      if (found->len > 0 && (found->len >= max_records || n_bytes > max_bytes))
        {
          sqlite3_reset (statement);
          return g_steal_pointer (&found);
        }

      record = tea_sqlite_column_bytes (statement, 2);
      g_ptr_array_add (found, tea_log_entry_new (seq, (guint64) sqlite3_column_int64 (statement, 1),
                                                 record));
      *from = seq + 1;
    }

  *reached_head = TRUE;
  *from = MAX (*from, head + 1);

  return g_steal_pointer (&found);
}

/**
 * tea_sqlite_records_replace:
 * @db: a connection in a transaction
 * @room: which room
 * @seq: the number of a record
 * @record: what is to be stored there
 *
 * Takes something out of a record, without anybody having done anything.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_replace (TeaSqliteConnection *db, guint32 room, guint64 seq, GBytes *record)
{
  g_autoptr (TeaLogEntry) before = NULL;
  gint64 row = tea_sqlite_row_of (room, seq);
  sqlite3_stmt *statement = NULL;

  if (!get (db, row, &before, NULL))
    return FALSE;
  if (before == NULL)
    return TRUE;

  statement = tea_sqlite_connection_prepare (db, REPLACE);
  sqlite3_bind_int64 (statement, 1, row);
  tea_sqlite_bind_bytes (statement, 2, record);

  return tea_sqlite_run (statement)
         && tea_sqlite_readings_note (db, row, before,
                                      &(TeaLogEntry){ seq, before->version, record })
         && note_erased (db);
}

/**
 * tea_sqlite_records_erase:
 * @db: a connection in a transaction
 * @room: which room
 * @seq: the number of what is to go; with it goes the amendment that has taken its place
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_erase (TeaSqliteConnection *db, guint32 room, guint64 seq)
{
  g_autoptr (TeaLogEntry) before = NULL;
  gint64 row = tea_sqlite_row_of (room, seq);
  sqlite3_stmt *statement = NULL;
  guint64 replaced_by = 0;

  if (!get (db, row, &before, &replaced_by))
    return FALSE;
  if (before == NULL)
    return TRUE;
  if (replaced_by != 0 && !tea_sqlite_records_erase (db, room, replaced_by))
    return FALSE;

  statement = tea_sqlite_connection_prepare (db, ERASE);
  sqlite3_bind_int64 (statement, 1, row);

  return tea_sqlite_run (statement) && tea_sqlite_readings_note (db, row, before, NULL)
         && note_erased (db);
}

/**
 * tea_sqlite_records_remove:
 * @db: a connection in a transaction
 * @room: which room
 * @until: the number up to which all is to go, its rows too
 * @max: how many to remove at most
 * @n_removed: (out): how many were
 *
 * Removes the oldest records of a room.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_remove (
    TeaSqliteConnection *db, guint32 room, guint64 until, guint max, guint *n_removed)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, OLDEST);
  gint64 first = tea_sqlite_row_of (room, 0);
  gint64 last = first - 1;
  int code;

  *n_removed = 0;
  sqlite3_bind_int64 (statement, 1, first);
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, until));
  sqlite3_bind_int64 (statement, 3, max);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr (GBytes) record = NULL;

      last = sqlite3_column_int64 (statement, 0);
      (*n_removed)++;
      if (sqlite3_column_type (statement, 2) == SQLITE_NULL)
        continue;

      record = tea_sqlite_column_bytes (statement, 2);
      if (!tea_sqlite_readings_note (db, last,
                                     &(TeaLogEntry){ tea_sqlite_seq_of (last),
                                                     (guint64) sqlite3_column_int64 (statement, 1),
                                                     record },
                                     NULL))
        return FALSE;
    }
  if (code != SQLITE_DONE)
    return FALSE;

  statement = tea_sqlite_connection_prepare (db, REMOVE);
  sqlite3_bind_int64 (statement, 1, first);
  sqlite3_bind_int64 (statement, 2, last);

  return tea_sqlite_run (statement);
}

/**
 * tea_sqlite_records_renew_epoch:
 * @db: a connection in a transaction
 * @room: which room
 * @epoch: the epoch to begin
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_renew_epoch (TeaSqliteConnection *db, guint32 room, guint64 epoch)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, RENEW_EPOCH);

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, (gint64) epoch);

  return tea_sqlite_run (statement);
}

/**
 * tea_sqlite_records_count_unread:
 * @db: a connection
 * @room: which room
 * @after: the number after which to count
 * @max: where to stop
 * @n_unread: (out): how many messages come after it
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_records_count_unread (
    TeaSqliteConnection *db, guint32 room, guint64 after, guint max, guint *n_unread)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, COUNT_UNREAD);

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (room, after));
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, TEA_LOG_MAX_SEQ));
  sqlite3_bind_int64 (statement, 3, max);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  *n_unread = (guint) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  return TRUE;
}
