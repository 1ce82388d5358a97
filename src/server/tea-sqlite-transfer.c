/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-transfer.h"

#include <glib/gi18n-lib.h>

#include "tea-log-archive.h"
#include "tea-log.h"
#include "tea-sqlite-database.h"
#include "tea-sqlite-members.h"
#include "tea-sqlite-names.h"
#include "tea-sqlite-readings.h"
#include "tea-sqlite-records.h"
#include "tea-sqlite-rooms.h"
#include "tea-sqlite-rules.h"
#include "tea-sqlite-words.h"

#define NEXT_ROOM "SELECT number FROM room WHERE number >= ?1 ORDER BY number LIMIT 1"
#define OLD_ADDRESSES "SELECT folded FROM old_address WHERE room = ?1"
#define AUTHORS "SELECT name, number, seq FROM author WHERE room = ?1 ORDER BY id"
#define RECORDS                                           \
  "SELECT record.seq, author.name, record.number, record" \
  " FROM record JOIN author ON author.id = record.author" \
  " WHERE record.seq BETWEEN ?1 AND ?2 ORDER BY record.seq"

#define AMENDED                                  \
  "SELECT seq, version, replaced_by FROM record" \
  " WHERE seq BETWEEN ?1 AND ?2 AND version > 0 AND record NOT NULL ORDER BY seq"
#define SET_AMENDED "UPDATE record SET version = ?2, replaced_by = ?3 WHERE seq = ?1"

#define COUNT                                                                                 \
  "SELECT (SELECT count (*) FROM (SELECT 1 FROM record WHERE seq BETWEEN ?2 AND ?3 LIMIT 1))" \
  " + (SELECT count (*) FROM author WHERE room = ?1)"                                         \
  " + (SELECT count (*) FROM member WHERE room = ?1)"                                         \
  " + (SELECT count (*) FROM roll WHERE ?1 = 0)"
#define COUNT_ROOMS "SELECT count (*) FROM room WHERE number > 0"
#define BEGIN \
  "UPDATE room SET as_of = ?2, epoch = max (1, random () & 0x7fffffffffffffff) WHERE number = ?1"
#define FORGET_PLACES "DELETE FROM place WHERE room = ?1"
#define ADD_AUTHOR                                    \
  "INSERT INTO author (room, name, number, seq, day)" \
  " VALUES (?1, ?2, ?3, ?4, ?5)"
#define ADD_RECORD                                        \
  "INSERT INTO record (seq, author, number, day, record)" \
  " SELECT ?1, id, ?4, ?5, ?6 FROM author WHERE room = ?2 AND name = ?3 AND number >= ?4"

typedef struct
{
  TeaSqliteConnection *db;
  TeaLogArchiveWriter *writer;
} Export;

static guint64
column_number (sqlite3_stmt *row, int column)
{
  return (guint64) sqlite3_column_int64 (row, column);
}

static gboolean
check_done (Export *self, int code, GError **error)
{
  if (code == SQLITE_DONE)
    return TRUE;

  tea_sqlite_connection_set_error (self->db, error);

  return FALSE;
}

static gboolean
load_room (Export *self, guint32 room, TeaLogArchiveRoom *loaded, GError **error)
{
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  TeaSqliteLogState state = { 0 };
  sqlite3_stmt *statement = NULL;
  int code;

  if (!tea_sqlite_rooms_get (self->db, room, &loaded->info)
      || !tea_sqlite_members_load_as_of (self->db, room, &loaded->as_of)
      || !tea_sqlite_records_load_state (self->db, room, &state, error))
    {
      tea_sqlite_connection_set_error (self->db, error);
      return FALSE;
    }
  if (loaded->info == NULL)
    return FALSE;

  loaded->first = state.first;
  loaded->head = state.head;

  statement = tea_sqlite_connection_prepare (self->db, OLD_ADDRESSES);
  sqlite3_bind_int64 (statement, 1, room);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_strv_builder_add (addresses, tea_sqlite_column_text (statement, 0));
  loaded->old_addresses = g_strv_builder_end (addresses);

  return check_done (self, code, error);
}

static gboolean
export_authors (Export *self, guint32 room, GError **error)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, AUTHORS);
  int code;

  sqlite3_bind_int64 (statement, 1, room);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr (GBytes) author = tea_sqlite_column_bytes (statement, 0);

      if (!tea_log_archive_writer_add_author (self->writer, author, column_number (statement, 1),
                                              column_number (statement, 2) & TEA_LOG_MAX_SEQ,
                                              error))
        return FALSE;
    }

  return check_done (self, code, error);
}

static gboolean
export_names (Export *self, GError **error)
{
  g_autoptr (GPtrArray) names = tea_sqlite_names_load (self->db, FALSE);

  if (names == NULL)
    return check_done (self, SQLITE_ERROR, error);

  for (guint i = 0; i < names->len; i++)
    if (!tea_log_archive_writer_add_name (self->writer, g_ptr_array_index (names, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
export_members (Export *self, guint32 room, GError **error)
{
  guint64 as_of = 0;
  g_autoptr (GPtrArray) members = tea_sqlite_members_load (self->db, room, &as_of);

  if (members == NULL)
    return check_done (self, SQLITE_ERROR, error);

  for (guint i = 0; i < members->len; i++)
    if (!tea_log_archive_writer_add_member (self->writer, g_ptr_array_index (members, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
export_records (Export *self, guint32 room, GError **error)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, RECORDS);
  int code;

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (room, 0));
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, TEA_LOG_MAX_SEQ));
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr (GBytes) author = tea_sqlite_column_bytes (statement, 1);
      g_autoptr (GBytes) record = NULL;

      if (sqlite3_column_type (statement, 3) != SQLITE_NULL)
        record = tea_sqlite_column_bytes (statement, 3);
      if (!tea_log_archive_writer_add_record (self->writer,
                                              column_number (statement, 0) & TEA_LOG_MAX_SEQ,
                                              author, column_number (statement, 2), record, error))
        return FALSE;
    }

  return check_done (self, code, error);
}

static gboolean
export_rules (Export *self, guint32 room, GError **error)
{
  g_autoptr (TeaRoomRules) rules = tea_sqlite_rules_load (self->db, room);

  if (rules == NULL)
    return check_done (self, SQLITE_ERROR, error);

  return tea_log_archive_writer_add_rules (self->writer, rules, error);
}

static gboolean
export_amended (Export *self, guint32 room, GError **error)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, AMENDED);
  int code;

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (room, 0));
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, TEA_LOG_MAX_SEQ));
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    if (!tea_log_archive_writer_add_amended (
            self->writer, tea_sqlite_seq_of (sqlite3_column_int64 (statement, 0)),
            column_number (statement, 1), column_number (statement, 2), error))
      return FALSE;

  return check_done (self, code, error);
}

static gboolean
export_room (Export *self, guint32 room, GError **error)
{
  g_auto (TeaLogArchiveRoom) loaded = { 0 };

  return load_room (self, room, &loaded, error)
         && tea_log_archive_writer_begin_room (self->writer, &loaded, error)
         && export_authors (self, room, error)
         && (room == TEA_ROOM_INFO_HALL ? export_names (self, error)
                                        : export_members (self, room, error))
         && export_rules (self, room, error) && export_records (self, room, error)
         && export_amended (self, room, error);
}

static gboolean
export_rooms (Export *self, GError **error)
{
  gint64 room = 0;
  int code = SQLITE_ROW;

  while (code == SQLITE_ROW)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, NEXT_ROOM);

      sqlite3_bind_int64 (statement, 1, room);
      code = sqlite3_step (statement);
      if (code == SQLITE_ROW)
        {
          room = sqlite3_column_int64 (statement, 0);
          sqlite3_reset (statement);
          if (!export_room (self, (guint32) room, error))
            return FALSE;
          room++;
        }
    }

  return check_done (self, code, error);
}

static gboolean export(
    const char *path, gint64 room, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (TeaSqliteConnection) db = tea_sqlite_database_open_reader (path, error);
  g_autoptr (TeaLogArchiveWriter) writer = tea_log_archive_writer_new (stream, cancellable);
  Export self = { .db = db, .writer = writer };

  if (db == NULL)
    return FALSE;

  if (!tea_sqlite_connection_execute (db, "BEGIN"))
    return check_done (&self, SQLITE_ERROR, error);

  return tea_log_archive_writer_begin (writer, error)
         && (room >= 0 ? export_room (&self, (guint32) room, error) : export_rooms (&self, error))
         && tea_log_archive_writer_end (writer, error);
}

/**
 * tea_sqlite_export_room:
 * @path: a database that is open for writing already
 * @room: which room
 * @stream: where to
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Writes all of a room, as it is now, whatever is appended meanwhile.
 *
 * Returns: whether all was written
 */
gboolean
tea_sqlite_export_room (const char *path,
                        guint32 room,
                        GOutputStream *stream,
                        GCancellable *cancellable,
                        GError **error)
{
  return export(path, room, stream, cancellable, error);
}

/**
 * tea_sqlite_export_house:
 * @path: a database that is open for writing already
 * @stream: where to
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Writes all rooms, as they are now.
 *
 * Returns: whether all was written
 */
gboolean
tea_sqlite_export_house (const char *path,
                         GOutputStream *stream,
                         GCancellable *cancellable,
                         GError **error)
{
  return export(path, -1, stream, cancellable, error);
}

typedef struct
{
  TeaSqliteConnection *db;
  guint64 today; /* of which all is that comes: what it was of elsewhere means nothing here */
  gboolean is_house;
  guint32 room;    /* what comes belongs to this one */
  guint32 next;    /* the number of the next room of a house */
  guint32 n_rooms; /* so far */
} Import;

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED,
                       _ ("What is to be imported is damaged. Nothing was imported."));

  return FALSE;
}

/* What the archive's own check lets through can still contradict itself: an author who
 * comes twice, or never. */
static gboolean
run (Import *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);
  gboolean ok
      = code == SQLITE_DONE && sqlite3_changes (tea_sqlite_connection_get_handle (self->db)) == 1;

  if ((code & 0xff) == SQLITE_CONSTRAINT || (code == SQLITE_DONE && !ok))
    fail (error);
  else if (!ok)
    tea_sqlite_connection_set_error (self->db, error);
  sqlite3_reset (statement);

  return ok;
}

static gboolean
check_works (Import *self, gboolean works, GError **error)
{
  if (!works)
    tea_sqlite_connection_set_error (self->db, error);

  return works;
}

static gboolean
add_room (Import *self, const TeaLogArchiveRoom *room, GError **error)
{
  g_autoptr (TeaRoomInfo) info = tea_room_info_copy (room->info);
  GError *refusal = NULL;

  if (self->next > TEA_ROOM_INFO_MAX_NUMBER)
    return fail (error);

  info->number = self->room = self->next++;
  if (!check_works (self, tea_sqlite_rooms_add (self->db, info, 1, &refusal), error))
    return FALSE;
  if (refusal != NULL)
    {
      g_error_free (refusal);
      return fail (error);
    }

  for (guint i = 0; room->old_addresses[i] != NULL; i++)
    if (!check_works (self,
                      tea_sqlite_rooms_add_old_address (self->db, room->old_addresses[i],
                                                        info->number),
                      error))
      return FALSE;

  return TRUE;
}

static gboolean
import_room (gpointer user_data, const TeaLogArchiveRoom *room, GError **error)
{
  Import *self = user_data;
  sqlite3_stmt *statement = NULL;

  /* The hall is there; it is the first of a house. One room is what is imported into one. */
  if (!self->is_house && self->n_rooms > 0)
    return fail (error);
  if (self->is_house && (self->n_rooms == 0) != (room->info->folded[0] == '\0'))
    return fail (error);
  if (self->n_rooms++ > 0 && !add_room (self, room, error))
    return FALSE;

  statement = tea_sqlite_connection_prepare (self->db, BEGIN);
  sqlite3_bind_int64 (statement, 1, self->room);
  sqlite3_bind_int64 (statement, 2, (gint64) room->as_of);
  if (!run (self, statement, error))
    return FALSE;

  statement = tea_sqlite_connection_prepare (self->db, FORGET_PLACES);
  sqlite3_bind_int64 (statement, 1, self->room);

  return check_works (self, tea_sqlite_run (statement), error);
}

static gboolean
import_author (gpointer user_data, GBytes *author, guint64 number, guint64 seq, GError **error)
{
  Import *self = user_data;
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, ADD_AUTHOR);

  sqlite3_bind_int64 (statement, 1, self->room);
  tea_sqlite_bind_bytes (statement, 2, author);
  sqlite3_bind_int64 (statement, 3, (gint64) number);
  sqlite3_bind_int64 (statement, 4, tea_sqlite_row_of (self->room, seq));
  sqlite3_bind_int64 (statement, 5, (gint64) self->today);

  return run (self, statement, error);
}

static gboolean
import_name (gpointer user_data, const TeaRegisteredName *entry, GError **error)
{
  Import *self = user_data;
  g_autoptr (GPtrArray) names
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  TeaRegisteredName *own = NULL;

  if (self->room != TEA_ROOM_INFO_HALL)
    return fail (error);

  own = tea_registered_name_copy (entry);
  own->last_day = self->today;
  g_ptr_array_add (names, own);

  return check_works (self, tea_sqlite_names_save (self->db, names, NULL), error);
}

static gboolean
import_member (gpointer user_data, const TeaMembership *member, GError **error)
{
  Import *self = user_data;

  if (self->room == TEA_ROOM_INFO_HALL)
    return fail (error);

  return check_works (self, tea_sqlite_members_add (self->db, self->room, member), error);
}

static gboolean
import_record (
    gpointer user_data, guint64 seq, GBytes *author, guint64 number, GBytes *record, GError **error)
{
  Import *self = user_data;
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, ADD_RECORD);

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (self->room, seq));
  sqlite3_bind_int64 (statement, 2, self->room);
  tea_sqlite_bind_bytes (statement, 3, author);
  sqlite3_bind_int64 (statement, 4, (gint64) number);
  sqlite3_bind_int64 (statement, 5, (gint64) self->today);
  if (record != NULL)
    tea_sqlite_bind_bytes (statement, 6, record);

  return run (self, statement, error);
}

static gboolean
import_rules (gpointer user_data, const TeaRoomRules *rules, GError **error)
{
  Import *self = user_data;

  return check_works (self, tea_sqlite_rules_save (self->db, self->room, rules), error);
}

static gboolean
import_amended (
    gpointer user_data, guint64 seq, guint64 version, guint64 replaced_by, GError **error)
{
  Import *self = user_data;
  g_autoptr (TeaLogEntry) entry = NULL;
  gint64 row = tea_sqlite_row_of (self->room, seq);
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, SET_AMENDED);

  sqlite3_bind_int64 (statement, 1, row);
  sqlite3_bind_int64 (statement, 2, (gint64) version);
  sqlite3_bind_int64 (statement, 3, (gint64) replaced_by);
  if (!run (self, statement, error)
      || !check_works (self, tea_sqlite_records_get (self->db, self->room, seq, &entry), error))
    return FALSE;

  return entry == NULL
         || check_works (self, tea_sqlite_readings_note (self->db, row, entry, entry), error);
}

static const TeaLogArchiveHandler handler = {
  .room = import_room,
  .author = import_author,
  .name = import_name,
  .member = import_member,
  .rules = import_rules,
  .record = import_record,
  .amended = import_amended,
};

static gboolean
check_empty (Import *self, GError **error)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, COUNT);
  gint64 n_rooms = 0;
  gint64 n = 0;

  sqlite3_bind_int64 (statement, 1, self->room);
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (self->room, 0));
  sqlite3_bind_int64 (statement, 3, tea_sqlite_row_of (self->room, TEA_LOG_MAX_SEQ));
  if (!check_works (self, sqlite3_step (statement) == SQLITE_ROW, error))
    return FALSE;
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  if (self->is_house
      && !check_works (self, tea_sqlite_connection_query (self->db, COUNT_ROOMS, &n_rooms), error))
    return FALSE;
  if (n + n_rooms == 0)
    return TRUE;

  g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                       _ ("A room can be imported only where there is nothing yet."));

  return FALSE;
}

/**
 * tea_sqlite_import_room:
 * @db: a connection in a transaction; to be rolled back if this fails
 * @room: which room
 * @today: which day of the house's life it is: the age of all begins anew
 * @stream: one exported room
 * @error: return location for a #GError
 *
 * Takes over a log and its members, or names, into an empty room, and begins an epoch. What
 * else is known of that room stays.
 *
 * Returns: whether all was taken over
 */
gboolean
tea_sqlite_import_room (
    TeaSqliteConnection *db, guint32 room, guint64 today, GInputStream *stream, GError **error)
{
  Import self = { .db = db, .room = room, .today = today };

  return check_empty (&self, error) && tea_log_archive_read (stream, &handler, &self, error)
         && check_works (&self, tea_sqlite_words_forget_progress (db, room), error);
}

/**
 * tea_sqlite_import_house:
 * @db: a connection in a transaction; to be rolled back if this fails
 * @first_number: the lowest number that a room can get
 * @today: which day of the house's life it is: the age of all begins anew
 * @stream: an exported house
 * @n_rooms: (out): how many rooms it has, with the hall
 * @error: return location for a #GError
 *
 * Takes over all of a house into one in which nothing has happened.
 *
 * Returns: whether all was taken over
 */
gboolean
tea_sqlite_import_house (TeaSqliteConnection *db,
                         guint32 first_number,
                         guint64 today,
                         GInputStream *stream,
                         guint32 *n_rooms,
                         GError **error)
{
  Import self = { .db = db, .is_house = TRUE, .next = first_number, .today = today };
  gboolean ok = check_empty (&self, error) && tea_log_archive_read (stream, &handler, &self, error)
                && check_works (&self, tea_sqlite_words_rebuild (db), error);

  *n_rooms = self.n_rooms;

  return ok;
}
