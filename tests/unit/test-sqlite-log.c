/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-faulty-vfs.h"
#include "tea-log-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a log in a database promises besides; see also test-log.c. */

static char *
path_of (TeaLogFixture *f, const char *name)
{
  return g_build_filename (f->directory, name, NULL);
}

static void
assert_unavailable (TeaLogFixture *f, guint author, guint64 number, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (tea_log_fixture_append (f, author, number, NULL, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, words));
}

/* What the operator was told: warnings and messages of the server since the last look. */
static GString *said;

static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields && level <= G_LOG_LEVEL_MESSAGE; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (said, "%s\n", (const char *) fields[i].value);

  return level < G_LOG_LEVEL_WARNING ? g_log_writer_default (level, fields, n_fields, user_data)
                                     : G_LOG_WRITER_HANDLED;
}

/* Each of these words was said once, in this order, and nothing else. */
static void
assert_said (const char *words, ...)
{
  g_auto (GStrv) lines = g_strsplit (said->str, "\n", -1);
  guint n = 0;
  va_list args;

  va_start (args, words);
  for (const char *next = words; next != NULL; next = va_arg (args, const char *))
    {
      g_test_message ("%s", lines[n]);
      g_assert_nonnull (lines[n]);
      g_assert_nonnull (strstr (lines[n], next));
      n++;
    }
  va_end (args);
  g_assert_cmpstr (lines[n], ==, "");
  g_string_truncate (said, 0);
}

static void
assert_list (TeaLogFixture *f, const char *expected)
{
  g_autofree char *list = tea_log_fixture_list (f);

  g_assert_cmpstr (list, ==, expected);
}

static void
wait_for_retention (TeaLogFixture *f, guint max_days, guint64 first)
{
  tea_name_store_save (TEA_NAME_STORE (f->store), NULL, NULL, tea_log_get_head (f->log));
  tea_store_set_retention (f->store, max_days, 0);
  tea_log_fixture_until (f, tea_log_get_first (f->log) == first);
  /* Whatever else it does is done before this. */
  tea_log_fixture_erase (f, 1);
}

/* Every program that says something is an author: they are not kept for ever. */
static void
test_old_authors (void)
{
  guint64 latest;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_add (&f, 1, 5);
  tea_log_fixture_add (&f, 2, 1);
  tea_log_fixture_live (&f, 29);
  tea_log_fixture_add (&f, 2, 2);
  tea_log_fixture_add (&f, 3, 1);

  /* Somebody may have been away for some weeks. */
  wait_for_retention (&f, 1, 3);
  g_assert_cmpuint (tea_log_fixture_find (&f, 1, NULL), ==, 5);

  /* As there is a record of theirs the others are known. */
  tea_log_fixture_live (&f, 2);
  latest = tea_log_fixture_add (&f, 3, 2);
  wait_for_retention (&f, 1, latest);
  g_assert_cmpuint (tea_log_fixture_find (&f, 2, NULL), ==, 2);

  /* The numbers of who comes back after long still go on. */
  tea_log_fixture_live (&f, 31);
  g_assert_cmpuint (tea_log_fixture_find (&f, 3, NULL), ==, 2);
  latest = tea_log_fixture_add (&f, 1, 6);
  wait_for_retention (&f, 1, latest);

  /* They are looked for once a day. */
  tea_log_fixture_live (&f, 1);
  tea_log_fixture_until (&f, tea_log_fixture_find (&f, 3, NULL) == 0);
  g_assert_cmpuint (tea_log_fixture_find (&f, 2, NULL), ==, 0);
  g_assert_cmpuint (tea_log_fixture_find (&f, 1, NULL), ==, 6);
  g_assert_cmpuint (tea_log_fixture_add (&f, 2, 3), ==, latest + 1);
  tea_log_fixture_clear (&f);

  /* In how many steps it was removed is chance. */
  g_assert_true (g_str_has_prefix (said->str, "Removed "));
  g_string_truncate (said, 0);
}

/* A change of the roll that comes while the disk is full is written later. */
static void
test_full_disk (void)
{
  g_autoptr (GPtrArray) changed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  g_autofree char *roll = NULL;
  g_autofree char *problem = NULL;
  gboolean was_there = FALSE;
  guint64 as_of = 0;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  tea_log_subscribe (f.log, 1);
  tea_log_fixture_add (&f, 1, 1);

  tea_faulty_vfs_set_write_result (SQLITE_FULL);
  g_ptr_array_add (changed, tea_registered_name_new ("Mei", NULL, 1, 55, 0));
  tea_name_store_save (TEA_NAME_STORE (f.store), changed, NULL, 1);
  assert_unavailable (&f, 1, 2, "full");
  assert_unavailable (&f, 2, 1, "full");
  g_assert_cmpint (tea_log_get_state (f.log), ==, TEA_LOG_DEGRADED);
  g_assert_cmpuint (f.n_state_changes, ==, 1);
  assert_said ("full", NULL);
  problem = tea_store_dup_problem (f.store);
  g_assert_nonnull (strstr (problem, "full"));
  g_assert_cmpuint (tea_log_get_head (f.log), ==, 1);
  assert_list (&f, "1:1 ");

  /* What is there is known, also together with what cannot be stored. */
  g_assert_cmpuint (tea_log_fixture_append (&f, 1, 1, &was_there, NULL), ==, 1);
  g_assert_true (was_there);

  /* As long as it is full, trying does not help. */
  for (guint i = 0; i < 3; i++)
    {
      tea_clock_advance (f.clock, tea_clock_get_time (f.clock) + 10 * G_TIME_SPAN_SECOND);
      assert_unavailable (&f, 1, 2, "full");
    }

  /* It is found out by itself that there is room again. */
  tea_faulty_vfs_set_write_result (SQLITE_OK);
  tea_clock_advance (f.clock, tea_clock_get_time (f.clock) + 10 * G_TIME_SPAN_SECOND);
  tea_log_fixture_until (&f, tea_log_get_state (f.log) == TEA_LOG_READY);
  g_assert_cmpuint (f.n_state_changes, ==, 2);
  assert_said ("can be written again", NULL);
  g_assert_null (tea_store_dup_problem (f.store));
  roll = tea_log_fixture_load (&f, &as_of);
  g_assert_cmpstr (roll, ==, "Mei/-/1/55 ");
  g_assert_cmpuint (as_of, ==, 1);

  g_assert_cmpuint (tea_log_fixture_add (&f, 1, 2), ==, 2);
  g_assert_cmpuint (tea_log_fixture_add (&f, 2, 1), ==, 3);
  assert_list (&f, "1:1 1:2 2:1 ");
  tea_log_fixture_until (&f, f.told->len == 3);
  tea_log_fixture_clear (&f);
}

static void
set_file_limit (rlim_t limit)
{
  struct rlimit rlimit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &rlimit), ==, 0);
  rlimit.rlim_cur = limit;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &rlimit), ==, 0);
}

/* With a limit of the system's, in the middle of many appends. */
static void
test_file_limit (void)
{
  TeaLogFixture f;
  struct rlimit rlimit;
  GAsyncResult *results[300] = { NULL };
  guint64 head = 0;
  guint n_failed = 0;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &rlimit), ==, 0);
  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_add (&f, 1, 1);

  set_file_limit (512 * 1024);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GBytes) author = tea_log_fixture_author (i + 2);
      g_autoptr (GBytes) record = g_bytes_new_take (g_strnfill (8000, 'x'), 8000);

      tea_log_append_async (f.log, author, 1, 0, record, NULL, tea_log_fixture_result_cb,
                            &results[i]);
      /* Some at a time. */
      if (i % 10 == 9)
        tea_log_fixture_until (&f, results[i] != NULL);
    }
  set_file_limit (rlimit.rlim_cur);
  /* In between it may find room again. */
  g_assert_nonnull (strstr (said->str, "Nothing is stored"));
  g_string_truncate (said, 0);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GAsyncResult) result = results[i];
      g_autoptr (GError) error = NULL;
      guint64 seq = tea_log_append_finish (f.log, result, NULL, &error);

      if (seq != 0)
        head = seq;
      else
        {
          g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE);
          n_failed++;
        }
    }
  g_assert_cmpuint (n_failed, >, 0);
  g_assert_cmpuint (head, ==, G_N_ELEMENTS (results) - n_failed + 1);

  tea_log_fixture_reopen (&f);
  g_assert_cmpuint (tea_log_get_head (f.log), ==, head);
  g_assert_cmpuint (tea_log_fixture_add (&f, 1, 2), ==, head + 1);
  tea_log_fixture_clear (&f);
}

static void
copy_file (TeaLogFixture *from, TeaLogFixture *to, const char *name)
{
  g_autofree char *source = path_of (from, name);
  g_autofree char *target = path_of (to, name);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  g_file_get_contents (source, &contents, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (target, contents, (gssize) size, &error);
  g_assert_no_error (error);
}

/* A sync fails after all was written: nobody knows. The same append again tells, without
 * a crash and after one, and whatever of it has reached the disk. */
static void
test_failing_sync (void)
{
  g_autoptr (GError) error = NULL;
  TeaLogFixture f;
  TeaLogFixture crashed;

  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_init (&crashed, FALSE);
  tea_log_fixture_close (&crashed);
  tea_log_fixture_add (&f, 1, 1);

  tea_faulty_vfs_set_sync_result (SQLITE_IOERR_FSYNC);
  g_assert_cmpuint (tea_log_fixture_append (&f, 1, 2, NULL, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN);
  g_assert_cmpint (tea_log_get_state (f.log), ==, TEA_LOG_DEGRADED);
  assert_said ("Nothing is stored", NULL);
  copy_file (&f, &crashed, "room.db");
  copy_file (&f, &crashed, "room.db-wal");
  tea_faulty_vfs_set_sync_result (SQLITE_OK);

  tea_log_fixture_open (&crashed);
  g_assert_cmpuint (tea_log_fixture_append (&crashed, 1, 2, NULL, NULL), ==, 2);
  g_assert_cmpuint (tea_log_fixture_add (&crashed, 1, 3), ==, 3);
  assert_list (&crashed, "1:1 1:2 1:3 ");
  tea_log_fixture_clear (&crashed);

  g_assert_cmpuint (tea_log_fixture_append (&f, 1, 2, NULL, NULL), ==, 2);
  g_assert_cmpuint (tea_log_fixture_add (&f, 1, 3), ==, 3);
  assert_list (&f, "1:1 1:2 1:3 ");
  assert_said ("can be written again", NULL);
  g_assert_cmpint (tea_log_get_state (f.log), ==, TEA_LOG_READY);
  tea_log_fixture_clear (&f);
}

static void
test_closing (void)
{
  GAsyncResult *results[200] = { NULL };
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GError) error = NULL;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    tea_log_append_async (f.log, author, i + 1, 0, author, NULL, tea_log_fixture_result_cb,
                          &results[i]);
  tea_sqlite_store_close (TEA_SQLITE_STORE (f.store));
  g_assert_cmpint (tea_log_get_state (f.log), ==, TEA_LOG_OFFLINE);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GAsyncResult) result = tea_log_fixture_wait (&f, &results[i]);

      g_assert_cmpuint (tea_log_append_finish (f.log, result, NULL, NULL), ==, i + 1);
    }
  g_assert_cmpuint (tea_log_fixture_append (&f, 1, 999, NULL, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);

  tea_log_fixture_reopen (&f);
  g_assert_cmpuint (tea_log_get_head (f.log), ==, G_N_ELEMENTS (results));
  tea_log_fixture_clear (&f);
}

static void
assert_refused (TeaLogFixture *f, TeaLogError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tea_sqlite_store_open (f->directory, f->clock, &error));
  g_assert_error (error, TEA_LOG_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, f->directory));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_in_use (void)
{
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  assert_refused (&f, TEA_LOG_ERROR_IN_USE, "Another server uses");
  tea_log_fixture_add (&f, 1, 1);
  tea_log_fixture_reopen (&f);
  tea_log_fixture_clear (&f);
}

static void
test_modes (void)
{
  static const char *const names[] = { "room.db", "room.db-wal", "room.db-shm" };
  g_autofree char *parent = g_dir_make_tmp ("tea-log-XXXXXX", NULL);
  g_autofree char *directory = g_build_filename (parent, "new", NULL);
  g_autofree char *database = g_build_filename (directory, "room.db", NULL);
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (GError) error = NULL;
  TeaSqliteStore *store = NULL;
  GStatBuf info;

  umask (0);
  store = tea_sqlite_store_open (directory, clock, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (directory, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (directory, names[i], NULL);

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
    }
  g_assert_finalize_object (store);
  umask (022);

  g_assert_cmpint (g_unlink (database), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

/* Puts something else in the database's place, and finds it untouched after it was
 * refused. */
static void
replace_and_refuse (
    TeaLogFixture *f, const char *contents, gsize size, TeaLogError code, const char *words)
{
  g_autofree char *path = path_of (f, "room.db");
  g_autofree char *after = NULL;
  gsize size_after = 0;

  g_assert_true (g_file_set_contents (path, contents, (gssize) size, NULL));
  assert_refused (f, code, words);
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpmem (after, size_after, contents, size);
}

static void
test_damage (void)
{
  TeaLogFixture f;
  g_autofree char *path = NULL;
  g_autofree char *wal = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *garbage = g_strnfill (20000, 'x');
  gsize size = 0;

  tea_log_fixture_init (&f, FALSE);
  path = path_of (&f, "room.db");
  wal = path_of (&f, "room.db-wal");
  for (guint i = 1; i <= 500; i++)
    tea_log_fixture_add (&f, i % 50, i);
  tea_log_fixture_close (&f);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));

  replace_and_refuse (&f, garbage, 20000, TEA_LOG_ERROR_DAMAGED, "Restore it from a backup");

  /* All pages but the first two, where a server was killed before. */
  memcpy (contents + 8192, garbage, 12000);
  g_assert_true (g_file_set_contents (wal, "x", 1, NULL));
  replace_and_refuse (&f, contents, size, TEA_LOG_ERROR_DAMAGED, "Restore it from a backup");

  /* Cut off. */
  g_assert_true (g_file_set_contents (wal, "x", 1, NULL));
  replace_and_refuse (&f, contents, 12288, TEA_LOG_ERROR_DAMAGED, "Restore it from a backup");
  tea_log_fixture_clear (&f);
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

static void
test_foreign (void)
{
  static const struct
  {
    const char *sql;
    const char *words;
  } vectors[] = {
    { "CREATE TABLE recipes (name)", "another program" },
    { "PRAGMA application_id = 77", "another program" },
    { "PRAGMA application_id = 1415930216", "another program" },
    { "PRAGMA application_id = 1415930216; PRAGMA user_version = 9999", "newer version" },
  };
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_close (&f);

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *path = path_of (&f, "room.db");
      g_autofree char *contents = NULL;
      gsize size = 0;

      g_test_message ("vector %zu", i);
      g_assert_cmpint (g_unlink (path), ==, 0);
      execute (&f, vectors[i].sql);
      g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
      replace_and_refuse (&f, contents, size, TEA_LOG_ERROR_FOREIGN, vectors[i].words);
    }
  tea_log_fixture_clear (&f);
}

/* What each version has ever left behind. */
static void
test_version (gconstpointer file)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", file, NULL);
  g_autofree char *database = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *roll = NULL;
  g_autoptr (GError) error = NULL;
  gboolean was_there = FALSE;
  guint64 as_of = 0;
  guint64 seq = 0;
  TeaLogFixture f;

  g_file_get_contents (path, &sql, NULL, &error);
  g_assert_no_error (error);
  tea_log_fixture_init (&f, FALSE);
  tea_log_fixture_close (&f);
  database = path_of (&f, "room.db");
  g_assert_cmpint (g_unlink (database), ==, 0);
  execute (&f, sql);

  tea_log_fixture_open (&f);
  g_assert_cmpuint (tea_log_get_epoch (f.log), ==, G_GUINT64_CONSTANT (4611686018427387904));
  g_assert_cmpuint (tea_log_get_first (f.log), ==, 2);
  g_assert_cmpuint (tea_log_get_head (f.log), ==, 4);
  assert_list (&f, "1:2 1:3 ");
  g_assert_cmpuint (tea_log_fixture_find (&f, 2, &seq), ==, 9);
  g_assert_cmpuint (seq, ==, 3);
  g_assert_cmpuint (tea_log_fixture_append (&f, 2, 9, &was_there, NULL), ==, 3);
  g_assert_true (was_there);
  g_assert_cmpuint (tea_log_fixture_add (&f, 2, 10), ==, 5);
  roll = tea_log_fixture_load (&f, &as_of);
  g_assert_cmpstr (roll, ==, "Mei/SHA256:a/2/55 Noor/-/0/66 ");
  g_assert_cmpuint (as_of, ==, 4);
  tea_log_fixture_clear (&f);
}

#define N_AUTHORS 16
#define N_ROUNDS 20

typedef struct
{
  TeaLog *log;
  GBytes *name;
  guint author;
  guint64 number;
} Appender;

static void append_next (Appender *self);

/* Tells in one write, so that nothing of it is lost with the process. */
static void
child_appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Appender *self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 seq = tea_log_append_finish (self->log, result, NULL, &error);
  g_autofree char *line = g_strdup_printf ("%u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                                           self->author, self->number, seq);

  g_assert_no_error (error);
  g_assert_cmpint (write (STDOUT_FILENO, line, strlen (line)), ==, (gssize) strlen (line));
  append_next (self);
}

static void
append_next (Appender *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) record = NULL;

  self->number++;
  text = g_strdup_printf ("%u:%" G_GUINT64_FORMAT, self->author, self->number);
  record = g_bytes_new (text, strlen (text));
  tea_log_append_async (self->log, self->name, self->number, 0, record, NULL, child_appended_cb,
                        self);
}

static void
child_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Appender *self = user_data;

  g_assert_true (tea_log_find_finish (self->log, result, &self->number, NULL, NULL));
  append_next (self);
}

/* What is killed: appends without an end, and tells what was answered. */
static int
run_child (const char *directory)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaSqliteStore) store = tea_sqlite_store_open (directory, clock, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaLog) log = NULL;
  Appender appenders[N_AUTHORS];

  g_assert_no_error (error);
  tea_store_open_log_async (TEA_STORE (store), TEA_ROOM_INFO_HALL, NULL, tea_log_fixture_result_cb,
                            &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  log = tea_store_open_log_finish (TEA_STORE (store), result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_AUTHORS; i++)
    {
      appenders[i] = (Appender){ log, tea_log_fixture_author (i), i, 0 };
      tea_log_find_async (log, appenders[i].name, NULL, child_found_cb, &appenders[i]);
    }
  g_main_loop_run (loop);

  return 0;
}

/* Runs a child for a while, and kills it. */
static void
kill_one (const char *directory, guint n_lines, GHashTable *answered)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                    "/proc/self/exe", "--append", directory, NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  char *line = NULL;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  for (guint n = 1; (line = g_data_input_stream_read_line (lines, NULL, NULL, &error)) != NULL; n++)
    {
      guint author = 0;
      guint64 number = 0;
      guint64 seq = 0;

      g_assert_cmpint (sscanf (line, "%u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &author,
                               &number, &seq),
                       ==, 3);
      g_hash_table_insert (answered, GSIZE_TO_POINTER ((gsize) seq),
                           g_strdup_printf ("%u:%" G_GUINT64_FORMAT, author, number));
      g_free (line);
      if (n == n_lines)
        g_subprocess_force_exit (child);
    }
  g_assert_no_error (error);
  g_subprocess_wait (child, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);
}

static void
check_after_kill (TeaLogFixture *f, GHashTable *answered)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries
      = tea_log_fixture_read (f, 1, G_MAXUINT, G_MAXSIZE, NULL, NULL, &error);
  guint64 numbers[N_AUTHORS] = { 0 };
  guint n_answered = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, tea_log_get_head (f->log));
  for (guint i = 0; i < entries->len; i++)
    {
      const TeaLogEntry *entry = g_ptr_array_index (entries, i);
      gsize size = 0;
      const char *data = g_bytes_get_data (entry->record, &size);
      g_autofree char *text = g_strndup (data, size);
      const char *expected = g_hash_table_lookup (answered, GSIZE_TO_POINTER ((gsize) entry->seq));
      guint author = 0;
      guint64 number = 0;

      g_assert_cmpuint (entry->seq, ==, i + 1);
      g_assert_cmpint (sscanf (text, "%u:%" G_GUINT64_FORMAT, &author, &number), ==, 2);
      g_assert_cmpuint (number, ==, ++numbers[author]);
      if (expected != NULL)
        g_assert_cmpstr (text, ==, expected);
      n_answered += expected != NULL;
    }
  g_assert_cmpuint (n_answered, ==, g_hash_table_size (answered));

  /* Who has heard nothing repeats the latest: it is there once. */
  for (guint i = 0; i < N_AUTHORS; i++)
    {
      gboolean was_there = FALSE;

      if (numbers[i] > 0)
        g_assert_cmpuint (tea_log_fixture_append (f, i, numbers[i], &was_there, NULL), >, 0);
      g_assert_true (was_there || numbers[i] == 0);
    }
}

static void
test_kill (void)
{
  g_autoptr (GHashTable) answered = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      tea_log_fixture_close (&f);
      kill_one (f.directory, (guint) g_rand_int_range (f.random, 1, 1000), answered);
      tea_log_fixture_open (&f);
      check_after_kill (&f, answered);
    }
  g_test_message ("%u answered, %u killed, %" G_GUINT64_FORMAT " stored",
                  g_hash_table_size (answered), N_ROUNDS, tea_log_get_head (f.log));
  tea_log_fixture_clear (&f);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--append"))
    return run_child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  said = g_string_new (NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
  tea_faulty_vfs_install ();
  signal (SIGXFSZ, SIG_IGN);

  g_test_add_func ("/sqlite-log/full-disk", test_full_disk);
  g_test_add_func ("/sqlite-log/old-authors", test_old_authors);
  g_test_add_func ("/sqlite-log/file-limit", test_file_limit);
  g_test_add_func ("/sqlite-log/failing-sync", test_failing_sync);
  g_test_add_func ("/sqlite-log/closing", test_closing);
  g_test_add_func ("/sqlite-log/in-use", test_in_use);
  g_test_add_func ("/sqlite-log/modes", test_modes);
  g_test_add_func ("/sqlite-log/damage", test_damage);
  g_test_add_func ("/sqlite-log/foreign", test_foreign);
  g_test_add_data_func ("/sqlite-log/version-1", "room-1.sql", test_version);
  g_test_add_data_func ("/sqlite-log/version-2", "room-2.sql", test_version);
  g_test_add_func ("/sqlite-log/kill", test_kill);

  return g_test_run ();
}
