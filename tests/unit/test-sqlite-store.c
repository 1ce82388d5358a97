/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log-fixture.h"
#include "tea-sqlite-backup.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* What a house in a database promises besides: that it survives what happens to files. See
 * also test-store.c and test-sqlite-log.c. */

#define PAGE_SIZE 4096
#define N_EVENTS 2000

/* What the operator was told since the last look. */
static GString *said;

static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (level < G_LOG_LEVEL_WARNING)
    return g_log_writer_default (level, fields, n_fields, user_data);

  for (gsize i = 0; i < n_fields && level == G_LOG_LEVEL_WARNING; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (said, "%s\n", (const char *) fields[i].value);

  return G_LOG_WRITER_HANDLED;
}

static char *
path_of (TeaLogFixture *f, const char *name)
{
  return g_build_filename (f->directory, name, NULL);
}

static void
execute (TeaLogFixture *f, const char *sql)
{
  g_autofree char *path = path_of (f, "room.db");
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static int
add_row_cb (gpointer user_data, int n_columns, char **values, char **names)
{
  for (int i = 0; i < n_columns; i++)
    g_string_append_printf (user_data, "%s|", values[i] != NULL ? values[i] : "");

  return 0;
}

static char *
query (TeaLogFixture *f, const char *sql)
{
  g_autofree char *path = path_of (f, "room.db");
  GString *rows = g_string_new (NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, add_row_cb, rows, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);

  return g_string_free (rows, FALSE);
}

static guint
count_unread (TeaLogFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  tea_store_count_unread_async (f->store, TEA_ROOM_INFO_HALL, 0, 1000, NULL,
                                tea_log_fixture_result_cb, &result);
  tea_store_count_unread_finish (f->store, tea_log_fixture_wait (f, &result), &n, &error);
  g_assert_no_error (error);

  return n;
}

/* The hall's rows stay as they are, and its messages count. */
static void
test_migration (void)
{
  g_autofree char *fixture
      = g_test_build_filename (G_TEST_DIST, "unit", "data", "room-2-events.sql", NULL);
  const char *rows = "SELECT seq, author, number, hex (record) FROM record ORDER BY seq";
  g_autofree char *database = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *roll = NULL;
  g_autofree char *check = NULL;
  guint64 as_of = 0;
  TeaLogFixture f;

  g_assert_true (g_file_get_contents (fixture, &sql, NULL, NULL));
  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_close (&f);
  database = path_of (&f, "room.db");
  g_assert_cmpint (g_unlink (database), ==, 0);
  execute (&f, sql);
  before = query (&f, rows);

  tea_log_fixture_open (&f);
  g_assert_cmpuint (tea_log_get_epoch (f.log), ==, G_GUINT64_CONSTANT (6815849651071406224));
  g_assert_cmpuint (tea_log_get_head (f.log), ==, 9);
  g_assert_cmpuint (count_unread (&f), ==, 4);
  roll = tea_log_fixture_load (&f, &as_of);
  g_assert_cmpuint (as_of, ==, 9);
  g_assert_nonnull (strstr (roll, "Noor/SHA256:IiIi"));
  tea_log_fixture_close (&f);

  after = query (&f, rows);
  g_assert_cmpstr (after, ==, before);
  check = query (&f, "PRAGMA integrity_check");
  g_assert_cmpstr (check, ==, "ok|");
  g_assert_cmpuint (said->len, ==, 0);

  tea_log_fixture_open (&f);
  g_assert_cmpuint (tea_log_fixture_add (&f, 1, 1), ==, 10);
  tea_log_fixture_clear (&f);
}

static void
assert_version_4 (TeaLogFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaRoomRules) rules = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  tea_store_load_rules_async (f->store, 1, NULL, tea_log_fixture_result_cb, &result);
  rules = tea_store_load_rules_finish (f->store, tea_log_fixture_wait (f, &result), NULL);
  g_assert_cmpuint (rules->slow_mode, ==, 30);
  g_assert_cmpuint (rules->topic_seq, ==, 2);
  g_assert_cmpuint (rules->pins->len, ==, 1);
  g_assert_cmpuint (rules->bans->len, ==, 1);

  entries = tea_log_fixture_read (f, 1, 1, 0, NULL, NULL, NULL);
  g_assert_cmpuint (((TeaLogEntry *) entries->pdata[0])->version, ==, 2);
}

/* What the latest versions of the schema leave behind. */
static void
test_version (gconstpointer file)
{
  g_autofree char *fixture = g_test_build_filename (G_TEST_DIST, "unit", "data", file, NULL);
  g_autofree char *database = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *roll = NULL;
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (TeaRoomInfo) info = NULL;
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (TeaLog) log = NULL;
  guint64 as_of = 0;
  TeaLogFixture f;

  g_assert_true (g_file_get_contents (fixture, &sql, NULL, NULL));
  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_close (&f);
  database = path_of (&f, "room.db");
  g_assert_cmpint (g_unlink (database), ==, 0);
  execute (&f, sql);

  tea_log_fixture_open (&f);
  g_assert_cmpuint (tea_log_get_head (f.log), ==, 2);
  roll = tea_log_fixture_load (&f, &as_of);
  g_assert_cmpuint (as_of, ==, 2);
  g_assert_nonnull (strstr (roll, "Mei/SHA256:mei"));

  tea_store_find_room_async (f.store, "chess", NULL, tea_log_fixture_result_cb, &found);
  tea_store_find_room_finish (f.store, tea_log_fixture_wait (&f, &found), &info, NULL);
  g_assert_nonnull (info);
  g_assert_cmpstr (info->address, ==, "Draughts");
  g_assert_cmpstr (info->title, ==, "Games of a board");
  g_assert_cmpuint (info->flags, ==, 1);
  tea_store_load_members_async (f.store, info->number, NULL, tea_log_fixture_result_cb, &loaded);
  members = tea_store_load_members_finish (f.store, tea_log_fixture_wait (&f, &loaded), NULL, NULL);
  g_assert_cmpuint (members->len, ==, 1);
  log = tea_log_fixture_open_log (&f, info->number);
  g_assert_cmpuint (tea_log_get_head (log), ==, 3);
  g_clear_object (&log);
  g_clear_object (&found);
  g_clear_object (&loaded);
  if (g_str_equal (file, "room-4.sql"))
    assert_version_4 (&f);
  tea_log_fixture_clear (&f);
}

static void
fill (TeaLogFixture *f, guint n)
{
  for (guint first = 1; first <= n; first += 100)
    {
      GAsyncResult *results[100] = { NULL };

      for (guint i = 0; i < G_N_ELEMENTS (results); i++)
        {
          g_autoptr (GBytes) author = tea_log_fixture_author ((first + i) % 50);
          g_autofree char *text = g_strdup_printf ("%0100u", first + i);
          g_autoptr (GBytes) record = g_bytes_new (text, strlen (text));

          tea_log_append_async (f->log, author, first + i, 0, record, NULL,
                                tea_log_fixture_result_cb, &results[i]);
        }
      for (guint i = 0; i < G_N_ELEMENTS (results); i++)
        {
          g_autoptr (GAsyncResult) result = tea_log_fixture_wait (f, &results[i]);

          g_assert_cmpuint (tea_log_append_finish (f->log, result, NULL, NULL), ==, first + i);
        }
    }
}

static void
write_file (TeaLogFixture *f, const char *contents, gsize size)
{
  g_autofree char *path = path_of (f, "room.db");

  g_assert_true (g_file_set_contents (path, contents, (gssize) size, NULL));
}

/* Whether a server would start. */
static gboolean
can_start (TeaLogFixture *f, guint page)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaSqliteStore) store = tea_sqlite_store_open (f->directory, f->clock, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaLog) log = NULL;

  if (store != NULL)
    {
      tea_store_open_log_async (TEA_STORE (store), TEA_ROOM_INFO_HALL, NULL,
                                tea_log_fixture_result_cb, &result);
      tea_log_fixture_wait (f, &result);
      log = tea_store_open_log_finish (TEA_STORE (store), result, &error);
    }
  if (log != NULL)
    return TRUE;

  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED);
  g_test_message ("page %u: does not start", page);

  return FALSE;
}

/* Whether a server can be started with a page that is damaged. Then it takes what is new,
 * everybody hears it, and what can still be read is read. */
static gboolean
try_damaged (TeaLogFixture *f, guint page, guint *n_heard)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  guint64 seq;

  if (!can_start (f, page))
    return FALSE;

  tea_log_fixture_open (f);
  tea_log_subscribe (f->log, 1);
  seq = tea_log_fixture_append (f, 1000, 1, NULL, &error);
  if (seq == 0)
    {
      g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE);
      g_assert_nonnull (strstr (said->str, "damaged"));
      g_test_message ("page %u: nothing new", page);
    }
  else
    g_assert_cmpuint (g_array_index (f->told, guint64, f->told->len - 1), ==, seq);

  *n_heard = f->told->len;
  if (seq != 0)
    {
      g_clear_error (&error);
      entries = tea_log_fixture_read (f, tea_log_get_first (f->log), G_MAXUINT, G_MAXSIZE, NULL,
                                      NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (entries->len, ==, *n_heard);
    }
  tea_log_fixture_close (f);

  return seq != 0;
}

static void
test_damaged_pages (void)
{
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *garbage = g_malloc (PAGE_SIZE);
  guint n_refused = 0;
  guint n_whole = 0;
  guint n_with_gap = 0;
  guint n_pages;
  gsize size = 0;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  path = path_of (&f, "room.db");
  fill (&f, N_EVENTS);
  tea_log_fixture_close (&f);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  n_pages = (guint) (size / PAGE_SIZE);
  for (guint i = 0; i < PAGE_SIZE; i++)
    garbage[i] = (char) g_rand_int_range (f.random, 0, 256);

  for (guint page = 1; page < n_pages; page++)
    {
      g_autofree char *damaged = g_memdup2 (contents, size);
      guint n_heard = 0;

      memcpy (damaged + page * PAGE_SIZE, garbage, PAGE_SIZE);
      write_file (&f, damaged, size);
      if (!try_damaged (&f, page + 1, &n_heard))
        n_refused++;
      else if (n_heard == N_EVENTS + 1)
        n_whole++;
      else
        {
          n_with_gap++;
          g_assert_nonnull (strstr (said->str, "damaged"));
          /* One page holds some 30 of them. */
          g_assert_cmpuint (n_heard, >, N_EVENTS - 50);
        }
      g_string_truncate (said, 0);
    }

  g_test_message ("%u pages: %u refused, %u without a loss, %u with a gap", n_pages, n_refused,
                  n_whole, n_with_gap);
  g_assert_cmpuint (n_with_gap, >, n_pages / 2);
  /* One for each of the tables that fit a page. */
  g_assert_cmpuint (n_refused, <, 25);
  write_file (&f, contents, size);
  tea_log_fixture_clear (&f);
}

static char *
dup_problem (TeaLogFixture *f)
{
  return tea_store_dup_problem (f->store);
}

/* Nobody has to come across it. */
static void
test_check_after_the_start (void)
{
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *problem = NULL;
  gsize size = 0;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  path = path_of (&f, "room.db");
  fill (&f, N_EVENTS);
  tea_log_fixture_close (&f);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  memset (contents + size / PAGE_SIZE / 2 * PAGE_SIZE, 'x', PAGE_SIZE);
  write_file (&f, contents, size);

  tea_log_fixture_open (&f);
  tea_log_fixture_until (&f, said->len > 0);
  g_assert_nonnull (strstr (said->str, "The database is damaged"));
  problem = dup_problem (&f);
  g_assert_nonnull (strstr (problem, "The database is damaged"));
  g_assert_cmpint (tea_store_get_state (f.store), ==, TEA_LOG_READY);
  tea_log_fixture_clear (&f);
  g_string_truncate (said, 0);
}

/* What is stored takes commits, each of which is in one class by how long it took. */
static void
test_load (void)
{
  TeaStoreLoad load;
  guint64 n_within = 0;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  load = tea_store_get_load (f.store);
  g_assert_cmpuint (load.n_waiting, ==, 0);
  fill (&f, N_EVENTS);
  g_assert_cmpuint (tea_store_get_load (f.store).n_commits, >, load.n_commits);

  load = tea_store_get_load (f.store);
  g_assert_cmpuint (load.n_waiting, ==, 0);
  g_assert_cmpint (load.commit_time, >, 0);
  for (guint i = 0; i < TEA_STORE_LOAD_N_BOUNDS; i++)
    n_within += load.n_within[i];
  g_assert_cmpuint (n_within, ==, load.n_commits);
  tea_log_fixture_clear (&f);
}

/* Longer than the last bound is in no class, and the first bound belongs to the first. */
static void
test_load_bounds (void)
{
  const gint64 *bounds = tea_store_load_get_bounds ();
  TeaStoreLoad load = { 0 };

  for (guint i = 0; i < TEA_STORE_LOAD_N_BOUNDS; i++)
    {
      tea_store_load_note_commit (&load, bounds[i]);
      tea_store_load_note_commit (&load, bounds[i] + 1);
    }
  for (guint i = 0; i < TEA_STORE_LOAD_N_BOUNDS; i++)
    g_assert_cmpuint (load.n_within[i], ==, i == 0 ? 1 : 2);
  g_assert_cmpuint (load.n_commits, ==, 2 * TEA_STORE_LOAD_N_BOUNDS);
}

static void
copy_file (TeaLogFixture *from, TeaLogFixture *to, const char *name)
{
  g_autofree char *source = path_of (from, name);
  g_autofree char *target = path_of (to, name);
  g_autofree char *contents = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (source, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (target, contents, (gssize) size, NULL));
}

/* As when a server is killed, and somebody tidies up, or copies one file. */
static void
test_missing_write_ahead_log (void)
{
  g_autofree char *problem = NULL;
  TeaLogFixture f;
  TeaLogFixture killed;
  TeaLogFixture copied;

  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_init (&killed, FALSE);
  tea_log_fixture_init (&copied, FALSE);
  tea_log_fixture_close (&killed);
  tea_log_fixture_close (&copied);
  fill (&f, 400);
  copy_file (&f, &killed, "room.db");
  copy_file (&f, &killed, "room.db-wal");
  copy_file (&f, &copied, "room.db");

  tea_log_fixture_open (&killed);
  g_assert_cmpuint (tea_log_get_head (killed.log), ==, 400);
  g_assert_cmpuint (said->len, ==, 0);
  tea_log_fixture_reopen (&killed);
  g_assert_cmpuint (said->len, ==, 0);
  tea_log_fixture_clear (&killed);

  tea_log_fixture_open (&copied);
  g_assert_cmpuint (tea_log_get_head (copied.log), <, 400);
  g_assert_nonnull (strstr (said->str, "write-ahead log is not there"));
  problem = dup_problem (&copied);
  g_assert_nonnull (problem);
  g_string_truncate (said, 0);
  tea_log_fixture_reopen (&copied);
  g_assert_cmpuint (said->len, ==, 0);
  tea_log_fixture_clear (&copied);
  tea_log_fixture_clear (&f);
}

/* There is nothing beside the database that could be taken away to let a second server in. */
static void
test_lock (void)
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;
  const char *name = NULL;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  folder = g_dir_open (f.directory, 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_assert_true (g_str_has_prefix (name, "room.db"));

  g_assert_null (tea_sqlite_store_open (f.directory, f.clock, &error));
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_IN_USE);
  tea_log_fixture_clear (&f);
}

static gboolean
back_up (TeaLogFixture *f, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_backup_async (f->store, path, cancellable, tea_log_fixture_result_cb, &result);

  return tea_store_backup_finish (f->store, tea_log_fixture_wait (f, &result), error);
}

static void
test_backup (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  TeaSqliteBackupReport report = { 0 };
  TeaLogFixture f;
  TeaLogFixture restored;
  guint64 epoch;

  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_init (&restored, FALSE);
  tea_log_fixture_close (&restored);
  epoch = tea_log_get_epoch (f.log);
  path = path_of (&restored, "room.db");
  g_assert_cmpint (g_unlink (path), ==, 0);
  fill (&f, 1000);
  tea_log_fixture_erase (&f, 3);

  back_up (&f, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tea_sqlite_backup_check (path, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_rooms, ==, 1);
  g_assert_cmpuint (report.n_events, ==, 999);

  /* Nothing is written over. */
  g_assert_false (back_up (&f, path, NULL, &error));
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_true (tea_sqlite_backup_check (path, &report, NULL));
  g_assert_cmpuint (report.n_events, ==, 999);

  /* What was said after it will be said under the same numbers again: in another epoch. */
  fill (&f, 0);
  tea_log_fixture_open (&restored);
  g_assert_cmpuint (tea_log_get_head (restored.log), ==, 1000);
  g_assert_cmpuint (tea_log_get_epoch (restored.log), !=, epoch);
  epoch = tea_log_get_epoch (restored.log);
  tea_log_fixture_reopen (&restored);
  g_assert_cmpuint (tea_log_get_epoch (restored.log), ==, epoch);
  g_assert_cmpuint (tea_log_fixture_add (&restored, 1, 5000), ==, 1001);
  g_assert_cmpuint (said->len, ==, 0);

  tea_log_fixture_clear (&restored);
  tea_log_fixture_clear (&f);
}

static void
test_backup_while_all_goes_on (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  TeaSqliteBackupReport report = { 0 };
  TeaLogFixture f;
  guint64 number = 100000;

  tea_log_fixture_init (&f, FALSE);
  path = path_of (&f, "copy");
  fill (&f, N_EVENTS);

  tea_store_backup_async (f.store, path, NULL, tea_log_fixture_result_cb, &result);
  while (result == NULL)
    tea_log_fixture_add (&f, 1, ++number);
  g_assert_true (tea_store_backup_finish (f.store, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_true (tea_sqlite_backup_check (path, &report, &error));
  g_assert_cmpuint (report.n_events, >=, N_EVENTS);
  g_assert_cmpuint (report.n_events, <=, tea_log_get_head (f.log));
  tea_log_fixture_clear (&f);
}

static void
test_backup_that_fails (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = NULL;
  g_autofree char *path = NULL;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  nowhere = path_of (&f, "nowhere/copy");
  path = path_of (&f, "copy");
  g_assert_false (back_up (&f, nowhere, NULL, &error));
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_false (back_up (&f, path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  tea_log_fixture_clear (&f);
}

/* What is not a copy of ours, or a damaged one, is found out. */
static void
test_check_of_a_copy (void)
{
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  gsize size = 0;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  path = path_of (&f, "copy");
  fill (&f, N_EVENTS);
  g_assert_true (back_up (&f, path, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *damaged = g_memdup2 (contents, size);
      g_autoptr (GError) error = NULL;
      TeaSqliteBackupReport report = { 0 };

      if (i == 0)
        memset (damaged, 'x', PAGE_SIZE);
      else if (i == 1)
        memset (damaged + size / 2 / PAGE_SIZE * PAGE_SIZE, 'x', PAGE_SIZE);
      g_assert_true (
          g_file_set_contents (path, damaged, i < 2 ? (gssize) size : (gssize) size / 2, NULL));
      g_assert_false (tea_sqlite_backup_check (path, &report, &error));
      g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED);
    }
  tea_log_fixture_clear (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  said = g_string_new (NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);

  g_test_add_func ("/sqlite-store/load", test_load);
  g_test_add_func ("/sqlite-store/load-bounds", test_load_bounds);
  g_test_add_func ("/sqlite-store/migration", test_migration);
  g_test_add_data_func ("/sqlite-store/version-3", "room-3.sql", test_version);
  g_test_add_data_func ("/sqlite-store/version-4", "room-4.sql", test_version);
  g_test_add_func ("/sqlite-store/damaged-pages", test_damaged_pages);
  g_test_add_func ("/sqlite-store/check-after-the-start", test_check_after_the_start);
  g_test_add_func ("/sqlite-store/missing-write-ahead-log", test_missing_write_ahead_log);
  g_test_add_func ("/sqlite-store/lock", test_lock);
  g_test_add_func ("/sqlite-store/backup", test_backup);
  g_test_add_func ("/sqlite-store/backup/while-all-goes-on", test_backup_while_all_goes_on);
  g_test_add_func ("/sqlite-store/backup/that-fails", test_backup_that_fails);
  g_test_add_func ("/sqlite-store/backup/check", test_check_of_a_copy);

  return g_test_run ();
}
