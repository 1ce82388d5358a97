/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-schema.h"

#include <glib/gi18n-lib.h>

#include "tea-log.h"

/* "Teah", in the file's header: so that no other program's database is taken for ours. */
#define APPLICATION_ID 0x54656168

/* From each version of the schema to the next; never changed once released. A fixture in
 * tests/unit/data belongs to each. */
static const char *const migrations[] = {
  /* 1: One room. A record's author and number stay when it is erased, and an author's latest
   * stays for long, so that a repeat is known. The latest record's row always stays: it tells
   * which number comes next. */
  "CREATE TABLE room ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  epoch INTEGER NOT NULL CHECK (epoch > 0),"
  "  roll_as_of INTEGER NOT NULL DEFAULT 0,"
  "  probed INTEGER NOT NULL DEFAULT 0"
  ") STRICT;"
  "INSERT INTO room (id, epoch) VALUES (1, max (1, random () & 0x7fffffffffffffff));"
  "CREATE TABLE author ("
  "  id INTEGER PRIMARY KEY,"
  "  name BLOB NOT NULL UNIQUE,"
  "  number INTEGER NOT NULL CHECK (number > 0),"
  "  seq INTEGER NOT NULL CHECK (seq > 0)"
  ") STRICT;"
  "CREATE TABLE record ("
  "  seq INTEGER PRIMARY KEY CHECK (seq > 0),"
  "  author INTEGER NOT NULL REFERENCES author (id),"
  "  number INTEGER NOT NULL,"
  "  time INTEGER NOT NULL,"
  "  record BLOB,"
  "  UNIQUE (author, number)"
  ") STRICT;"
  "CREATE TABLE roll ("
  "  folded TEXT PRIMARY KEY,"
  "  name TEXT NOT NULL,"
  "  key TEXT,"
  "  joined INTEGER NOT NULL,"
  "  last_used INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;",
  /* 2: When an author's latest was appended, so that those can be forgotten of whom nothing
   * has been kept for long: every program that says something is one. */
  "ALTER TABLE author ADD COLUMN time INTEGER NOT NULL DEFAULT 0;"
  "UPDATE author SET time = CAST (strftime ('%s', 'now') AS INTEGER) * 1000000;",
  /* 3: Many rooms, of which the one that was there is the hall, number 0. A record's row is
   * its room × 2⁴⁰ and its number in that, so the hall's rows stay what they are. What a
   * room's members and names take account of is "as_of"; of a room that was removed the
   * records are removed later. A message that is still there has a place in an index, for
   * counting: its kind is the 18th byte of every record. How old something is follows from
   * the day of the house's life on which it was written, which "lived" counts, and not from
   * a time: what was there is of the first. */
  "ALTER TABLE room RENAME TO one_room;"
  "CREATE TABLE room ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number BETWEEN 0 AND 8388607),"
  "  epoch INTEGER NOT NULL CHECK (epoch > 0),"
  "  as_of INTEGER NOT NULL DEFAULT 0,"
  "  address TEXT NOT NULL,"
  "  folded TEXT NOT NULL UNIQUE,"
  "  title TEXT NOT NULL,"
  "  flags INTEGER NOT NULL,"
  "  retain_days INTEGER NOT NULL,"
  "  retain_events INTEGER NOT NULL,"
  "  password TEXT,"
  "  owner TEXT,"
  "  made INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX room_listed ON room (folded) WHERE flags & 1;"
  "CREATE INDEX room_owner ON room (owner) WHERE owner IS NOT NULL;"
  "INSERT INTO room SELECT 0, epoch, roll_as_of, '', '', '', 0, 0, 0, NULL, NULL,"
  "  CAST (strftime ('%s', 'now') AS INTEGER) * 1000000 FROM one_room;"
  "DROP TABLE one_room;"
  "CREATE TABLE old_address ("
  "  folded TEXT PRIMARY KEY,"
  "  room INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX old_address_room ON old_address (room);"
  "CREATE TABLE removed_room (number INTEGER PRIMARY KEY) STRICT;"
  "CREATE TABLE member ("
  "  room INTEGER NOT NULL,"
  "  key TEXT NOT NULL,"
  "  name TEXT NOT NULL,"
  "  role INTEGER NOT NULL,"
  "  joined INTEGER NOT NULL,"
  "  PRIMARY KEY (room, key)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX member_key ON member (key);"
  "CREATE TABLE place ("
  "  room INTEGER NOT NULL,"
  "  key TEXT NOT NULL,"
  "  read INTEGER NOT NULL,"
  "  PRIMARY KEY (room, key)"
  ") STRICT, WITHOUT ROWID;"
  "ALTER TABLE roll ADD COLUMN last_day INTEGER NOT NULL DEFAULT 0;"
  "CREATE INDEX roll_key ON roll (key) WHERE key IS NOT NULL;"
  "CREATE INDEX roll_here ON roll (joined) WHERE joined > 0;"
  "CREATE TABLE room_author ("
  "  id INTEGER PRIMARY KEY,"
  "  room INTEGER NOT NULL,"
  "  name BLOB NOT NULL,"
  "  number INTEGER NOT NULL CHECK (number > 0),"
  "  seq INTEGER NOT NULL CHECK (seq > 0),"
  "  day INTEGER NOT NULL,"
  "  UNIQUE (room, name)"
  ") STRICT;"
  "INSERT INTO room_author SELECT id, 0, name, number, seq, 0 FROM author;"
  "DROP TABLE author;"
  "ALTER TABLE room_author RENAME TO author;"
  "ALTER TABLE record DROP COLUMN time;"
  "ALTER TABLE record ADD COLUMN day INTEGER NOT NULL DEFAULT 0;"
  "CREATE INDEX record_message ON record (seq) WHERE substr (record, 18, 1) = x'02';"
  "CREATE TABLE house ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  is_open INTEGER NOT NULL DEFAULT 0,"
  "  is_copy INTEGER NOT NULL DEFAULT 0,"
  "  probed INTEGER NOT NULL DEFAULT 0,"
  "  lived TEXT NOT NULL DEFAULT '',"
  "  n_names INTEGER NOT NULL"
  ") STRICT;"
  "INSERT INTO house (id, n_names) VALUES (1, (SELECT count (*) FROM roll));"
  "CREATE TRIGGER roll_added AFTER INSERT ON roll"
  "  BEGIN UPDATE house SET n_names = n_names + 1; END;"
  "CREATE TRIGGER roll_removed AFTER DELETE ON roll"
  "  BEGIN UPDATE house SET n_names = n_names - 1; END;",
  /* 4: A record can be amended: by which number at last, and which number has last taken the
   * place of an amendment before it. A message that was removed counts no more. What is
   * pinned, the topic, who must not do what, and who has a role in the hall are kept beside
   * the log. The index of words has no text of its own; of each room some rows may be still
   * to come into it. What was erased is still in the write-ahead log and the index for a
   * moment: "n_erased" tells whether there is such. */
  "ALTER TABLE record ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE record ADD COLUMN replaced_by INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE record ADD COLUMN is_removed INTEGER NOT NULL DEFAULT 0;"
  "DROP INDEX record_message;"
  "CREATE INDEX record_message ON record (seq)"
  "  WHERE substr (record, 18, 1) = x'02' AND is_removed = 0;"
  "ALTER TABLE room ADD COLUMN slow_mode INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE room ADD COLUMN topic_seq INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE room ADD COLUMN topic BLOB;"
  "CREATE TABLE pin ("
  "  room INTEGER NOT NULL,"
  "  target INTEGER NOT NULL,"
  "  seq INTEGER NOT NULL,"
  "  record BLOB NOT NULL,"
  "  PRIMARY KEY (room, target)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE restriction ("
  "  room INTEGER NOT NULL,"
  "  kind INTEGER NOT NULL,"
  "  subject TEXT NOT NULL,"
  "  until INTEGER NOT NULL,"
  "  reason TEXT NOT NULL,"
  "  PRIMARY KEY (room, kind, subject)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE hall_role ("
  "  key TEXT PRIMARY KEY,"
  "  name TEXT NOT NULL,"
  "  role INTEGER NOT NULL,"
  "  since INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE VIRTUAL TABLE words USING fts5 (text, content = '', detail = none,"
  "  columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');"
  "CREATE TABLE unindexed ("
  "  room INTEGER PRIMARY KEY,"
  "  next INTEGER NOT NULL,"
  "  until INTEGER NOT NULL"
  ") STRICT;"
  "INSERT INTO unindexed SELECT number, number << 40,"
  "  (SELECT max (seq) FROM record"
  "    WHERE seq BETWEEN room.number << 40 AND (room.number << 40) | 0xffffffffff) AS latest"
  "  FROM room WHERE latest NOT NULL;"
  "ALTER TABLE house ADD COLUMN n_erased INTEGER NOT NULL DEFAULT 0;",
};

/* Each table from both its ends. */
static const char *const probes[][2] = {
  { "SELECT 1 FROM record ORDER BY seq LIMIT 1", "SELECT 1 FROM record ORDER BY seq DESC LIMIT 1" },
  { "SELECT 1 FROM author ORDER BY id LIMIT 1", "SELECT 1 FROM author ORDER BY id DESC LIMIT 1" },
  { "SELECT 1 FROM room ORDER BY number LIMIT 1",
    "SELECT 1 FROM room ORDER BY number DESC LIMIT 1" },
  { "SELECT 1 FROM old_address ORDER BY folded LIMIT 1",
    "SELECT 1 FROM old_address ORDER BY folded DESC LIMIT 1" },
  { "SELECT 1 FROM removed_room ORDER BY number LIMIT 1",
    "SELECT 1 FROM removed_room ORDER BY number DESC LIMIT 1" },
  { "SELECT 1 FROM member ORDER BY room, key LIMIT 1",
    "SELECT 1 FROM member ORDER BY room DESC, key DESC LIMIT 1" },
  { "SELECT 1 FROM place ORDER BY room, key LIMIT 1",
    "SELECT 1 FROM place ORDER BY room DESC, key DESC LIMIT 1" },
  { "SELECT 1 FROM roll ORDER BY folded LIMIT 1",
    "SELECT 1 FROM roll ORDER BY folded DESC LIMIT 1" },
  { "SELECT 1 FROM pin ORDER BY room, target LIMIT 1",
    "SELECT 1 FROM pin ORDER BY room DESC, target DESC LIMIT 1" },
  { "SELECT 1 FROM restriction ORDER BY room, kind, subject LIMIT 1",
    "SELECT 1 FROM restriction ORDER BY room DESC, kind DESC, subject DESC LIMIT 1" },
  { "SELECT 1 FROM hall_role ORDER BY key LIMIT 1",
    "SELECT 1 FROM hall_role ORDER BY key DESC LIMIT 1" },
  { "SELECT 1 FROM house ORDER BY id LIMIT 1", "SELECT 1 FROM house ORDER BY id DESC LIMIT 1" },
};

static gboolean
load_version (TeaSqliteConnection *db, gint64 *version)
{
  return tea_sqlite_connection_query (db, "PRAGMA user_version", version);
}

/**
 * tea_sqlite_schema_check:
 * @db: a connection
 * @path: its file
 * @error: return location for a #GError
 *
 * Makes sure that nobody else's database is touched, nor one that we would not understand.
 *
 * Returns: whether it is ours, or empty
 */
gboolean
tea_sqlite_schema_check (TeaSqliteConnection *db, const char *path, GError **error)
{
  gint64 application_id = 0;
  gint64 n_tables = 0;
  gint64 version = 0;

  if (!tea_sqlite_connection_query (db, "PRAGMA application_id", &application_id)
      || !load_version (db, &version)
      || !tea_sqlite_connection_query (db, "SELECT count (*) FROM sqlite_schema", &n_tables))
    {
      tea_sqlite_connection_set_error (db, error);
      return FALSE;
    }

  if (application_id == 0 && version == 0 && n_tables == 0)
    return TRUE;

  if (application_id != APPLICATION_ID || version < 1)
    {
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN,
                   _ ("“%s” belongs to another program. Move it away, or choose another folder."),
                   path);
      return FALSE;
    }
  if (version > (gint64) G_N_ELEMENTS (migrations))
    {
      g_set_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN,
                   _ ("“%s” was made by a newer version of Teahouse. Use that version."), path);
      return FALSE;
    }

  return TRUE;
}

/**
 * tea_sqlite_schema_is_latest:
 * @db: a connection to a database of ours
 *
 * Returns: whether its schema is the one that this program makes
 */
gboolean
tea_sqlite_schema_is_latest (TeaSqliteConnection *db)
{
  gint64 version = 0;

  return load_version (db, &version) && version == (gint64) G_N_ELEMENTS (migrations);
}

static gboolean
is_readable (TeaSqliteConnection *db, const char *sql)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, sql);
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/**
 * tea_sqlite_schema_probe:
 * @db: a connection to a database that is up to date
 * @error: return location for a #GError
 *
 * Looks whether anything of each table can be read. Where some of a table is damaged one
 * can go on; where all of it is, there is nothing to go on with. The time this takes does
 * not depend on how large they are.
 *
 * Returns: whether something of each table can be read
 */
gboolean
tea_sqlite_schema_probe (TeaSqliteConnection *db, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (probes); i++)
    if (!is_readable (db, probes[i][0]) && !is_readable (db, probes[i][1]))
      {
        tea_sqlite_connection_set_error (db, error);
        return FALSE;
      }

  return TRUE;
}

/**
 * tea_sqlite_schema_migrate:
 * @db: a connection to a database of ours, or an empty one
 * @error: return location for a #GError
 *
 * Brings a database up to date: each step is done, or not begun.
 *
 * Returns: whether it is up to date
 */
gboolean
tea_sqlite_schema_migrate (TeaSqliteConnection *db, GError **error)
{
  gint64 version = 0;
  gboolean ok = load_version (db, &version);

  for (gsize i = (gsize) version; ok && i < G_N_ELEMENTS (migrations); i++)
    {
      g_autofree char *sql = g_strdup_printf ("BEGIN IMMEDIATE; %s PRAGMA application_id = %d;"
                                              " PRAGMA user_version = %" G_GSIZE_FORMAT "; COMMIT",
                                              migrations[i], APPLICATION_ID, i + 1);

      ok = tea_sqlite_connection_execute (db, sql);
    }

  if (!ok)
    {
      tea_sqlite_connection_set_error (db, error);
      tea_sqlite_connection_roll_back (db);
    }

  return ok;
}
