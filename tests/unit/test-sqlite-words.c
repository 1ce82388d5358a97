/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-record.h"
#include "tea-log-fixture.h"
#include "tea-search-text.h"
#include "tea-sqlite-row.h"
#include "tea-sqlite-words.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* The index of words against the log, and that what was erased is in no file any more. */

static GBytes *
new_record (const char *text)
{
  g_autoptr (TeaEvent) event = tea_event_new (TEA_EVENT_MESSAGE, 1, "Mei", text);

  return tea_event_record_encode (event);
}

static guint64
say (TeaLogFixture *f, guint64 number, const char *text)
{
  g_autoptr (GBytes) record = new_record (text);
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_append_async (f->log, author, number, 0, record, NULL, tea_log_fixture_result_cb,
                        &result);

  return tea_log_append_finish (f->log, tea_log_fixture_wait (f, &result), NULL, NULL);
}

static void
edit (TeaLogFixture *f, guint64 number, guint64 target, const char *text)
{
  g_autofree char *change = g_strdup_printf ("what is no message: %s", text);
  g_autoptr (GBytes) record = g_bytes_new (change, strlen (change));
  g_autoptr (GBytes) form = new_record (text);
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_amend_async (f->log, author, number, record, target, form, TRUE, NULL,
                       tea_log_fixture_result_cb, &result);
  g_assert_cmpuint (tea_log_amend_finish (f->log, tea_log_fixture_wait (f, &result), NULL, NULL), >,
                    0);
}

static guint
count_found (TeaLogFixture *f, const char *words)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) found = NULL;
  g_autoptr (GError) error = NULL;

  tea_store_find_words_async (f->store, TEA_ROOM_INFO_HALL, 1, 0, words, 1000, NULL,
                              tea_log_fixture_result_cb, &result);
  found = tea_store_find_words_finish (f->store, tea_log_fixture_wait (f, &result), NULL, &error);
  g_assert_no_error (error);

  return found->len;
}

static gboolean
is_in_a_file (TeaLogFixture *f, const char *text)
{
  g_autoptr (GDir) folder = g_dir_open (f->directory, 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);
      g_autofree char *contents = NULL;
      gsize size = 0;

      g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
      if (memmem (contents, size, text, strlen (text)) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* The texts, and as the index has them. */
static void
assert_in_no_file (TeaLogFixture *f, const char *const *texts)
{
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + 31 * G_TIME_SPAN_SECOND);
  for (guint i = 0; texts[i] != NULL; i++)
    tea_log_fixture_until (f, !is_in_a_file (f, texts[i]));
}

static void
test_erased_is_gone (void)
{
  static const char *const gone[] = { "Zanzibar", "zanzibar", "Quagga", "quagga", "Xylophon",
                                      "xylophon", "茉莉花",   "茉莉",   NULL };
  guint64 seqs[4] = { 0 };
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  seqs[0] = say (&f, 1, "We meet in Zanzibar");
  seqs[1] = say (&f, 2, "I have seen a Quagga");
  seqs[2] = say (&f, 3, "茉莉花茶");
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *text = g_strdup_printf ("Nothing of interest, %u times", i);

      say (&f, 4 + i, text);
    }
  for (guint i = 0; gone[i] != NULL; i++)
    if (i < 4 || i > 5)
      g_assert_true (is_in_a_file (&f, gone[i]));

  /* By an edit, also of an edit, and by itself. */
  edit (&f, 1001, seqs[0], "We meet at the Xylophon");
  g_assert_cmpuint (count_found (&f, "zanzibar"), ==, 0);
  g_assert_cmpuint (count_found (&f, "xylophon"), ==, 1);
  edit (&f, 1002, seqs[0], "We meet at noon");
  g_assert_cmpuint (count_found (&f, "xylophon"), ==, 0);
  tea_log_fixture_erase (&f, seqs[1]);
  g_assert_cmpuint (count_found (&f, "quagga"), ==, 0);
  tea_log_fixture_erase (&f, seqs[2]);
  g_assert_cmpuint (count_found (&f, "茉莉"), ==, 0);
  assert_in_no_file (&f, gone);
  tea_log_fixture_clear (&f);
}

/* The words of all messages, from the log, and from the index. */
static char *
list_words (TeaLogFixture *f, gboolean of_index)
{
  g_autofree char *path = g_build_filename (f->directory, "room.db", NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  const char *sql = of_index ? "SELECT term, doc FROM terms ORDER BY term, doc"
                             : "SELECT term, doc FROM fresh_terms ORDER BY term, doc";
  GString *list = g_string_new (NULL);

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (db,
                    "CREATE VIRTUAL TABLE temp.fresh USING fts5 (text, content = '',"
                    "  detail = none, columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');"
                    "CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, words, instance);"
                    "CREATE VIRTUAL TABLE temp.fresh_terms USING fts5vocab (temp, fresh, instance)",
                    NULL, NULL, NULL),
      ==, SQLITE_OK);

  sqlite3_prepare_v2 (db, "SELECT seq, version, record FROM record WHERE record NOT NULL", -1,
                      &statement, NULL);
  while (!of_index && sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autoptr (GBytes) record = g_bytes_new (sqlite3_column_blob (statement, 2),
                                               (gsize) sqlite3_column_bytes (statement, 2));
      g_autoptr (TeaEvent) event
          = tea_event_record_decode ((guint64) sqlite3_column_int64 (statement, 0),
                                     (guint64) sqlite3_column_int64 (statement, 1), record, NULL);
      g_autofree char *words = NULL;
      sqlite3_stmt *add = NULL;

      if (event == NULL || tea_event_get_text (event) == NULL)
        continue;
      words = tea_search_text_split (tea_event_get_text (event));
      sqlite3_prepare_v2 (db, "INSERT INTO temp.fresh (rowid, text) VALUES (?1, ?2)", -1, &add,
                          NULL);
      sqlite3_bind_int64 (add, 1, sqlite3_column_int64 (statement, 0));
      sqlite3_bind_text (add, 2, words, -1, SQLITE_STATIC);
      g_assert_cmpint (sqlite3_step (add), ==, SQLITE_DONE);
      sqlite3_finalize (add);
    }
  sqlite3_finalize (statement);

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (list, "%s:%lld ", sqlite3_column_text (statement, 0),
                            (long long) sqlite3_column_int64 (statement, 1));
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);

  return g_string_free (list, FALSE);
}

static void
assert_index_is_right (TeaLogFixture *f)
{
  g_autofree char *index = NULL;
  g_autofree char *log = NULL;

  tea_log_fixture_close (f);
  index = list_words (f, TRUE);
  log = list_words (f, FALSE);
  g_assert_cmpstr (index, ==, log);
  tea_log_fixture_open (f);
}

static void
execute (TeaLogFixture *f, const char *sql)
{
  g_autofree char *path = g_build_filename (f->directory, "room.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static const char *const vocabulary[]
    = { "tea", "teapot", "茶馆", "見面", "kettle", "Käthe", "마시자", "don't", "noon", "x" };

/* Whatever happens to messages, the index is what the log says, also when part of it was
 * indexed later. */
static void
test_index_as_the_log (void)
{
  guint64 seqs[400] = { 0 };
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("%s %s",
                             vocabulary[g_rand_int_range (f.random, 0, G_N_ELEMENTS (vocabulary))],
                             vocabulary[g_rand_int_range (f.random, 0, G_N_ELEMENTS (vocabulary))]);

      seqs[i] = say (&f, i + 1, text);
    }
  for (guint i = 0; i < 300; i++)
    {
      guint64 target = seqs[g_rand_int_range (f.random, 0, G_N_ELEMENTS (seqs))];

      /* As an older version would have left it: while it is indexed, all goes on. */
      if (i == 100)
        {
          tea_log_fixture_close (&f);
          execute (&f, "INSERT INTO words (words) VALUES ('delete-all');"
                       "INSERT INTO unindexed SELECT 0, 0, max (seq) FROM record");
          tea_log_fixture_open (&f);
        }
      if (i % 3 == 0)
        tea_log_fixture_erase (&f, target);
      else
        edit (&f, 1000 + i, target,
              vocabulary[g_rand_int_range (f.random, 0, G_N_ELEMENTS (vocabulary))]);
    }
  assert_index_is_right (&f);

  tea_name_store_save (TEA_NAME_STORE (f.store), NULL, NULL, tea_log_get_head (f.log));
  tea_store_set_retention (f.store, 0, 250);
  tea_log_fixture_until (&f, tea_log_get_first (f.log) > 300);
  tea_log_fixture_erase (&f, 1);
  assert_index_is_right (&f);
  tea_log_fixture_clear (&f);
}

/* As the log does it, in one transaction. */
static void
rewrite (TeaSqliteConnection *db, guint64 seq, const char *old, const char *new)
{
  g_autoptr (GBytes) old_record = new_record (old);
  g_autoptr (GBytes) changed = new_record (new);
  const TeaLogEntry before = { .seq = seq, .record = old_record };
  const TeaLogEntry after = { .seq = seq, .record = changed };
  sqlite3_stmt *statement = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (changed, &size);

  g_assert_true (tea_sqlite_connection_begin (db));
  g_assert_true (tea_sqlite_words_note (db, (gint64) seq, &before, &after));
  statement = tea_sqlite_connection_prepare (db, "UPDATE record SET record = ?1 WHERE seq = ?2");
  sqlite3_bind_blob (statement, 1, data, (int) size, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 2, (gint64) seq);
  g_assert_true (tea_sqlite_run (statement));
  g_assert_true (tea_sqlite_connection_execute (db, "COMMIT"));
}

/* What is not indexed yet is not taken out of the index, which counts what it has. */
static void
test_not_indexed_yet (void)
{
  g_autofree char *path = NULL;
  TeaSqliteConnection *db = NULL;
  guint64 seqs[5] = { 0 };
  gint64 n_words = -1;
  gboolean is_more = TRUE;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    seqs[i] = say (&f, i + 1, "A kettle");
  tea_log_fixture_close (&f);
  execute (&f, "INSERT INTO words (words) VALUES ('delete-all');"
               "INSERT INTO unindexed SELECT 0, 0, max (seq) FROM record");

  path = g_build_filename (f.directory, "room.db", NULL);
  db = tea_sqlite_connection_open (path, SQLITE_OPEN_READWRITE, NULL);
  g_assert_nonnull (db);
  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    rewrite (db, seqs[i], "A kettle", "A teapot");
  g_assert_true (
      tea_sqlite_connection_query (db, "SELECT count (*) FROM words WHERE words MATCH 'teapot'",
                                   &n_words));
  g_assert_cmpint (n_words, ==, 0);
  while (is_more)
    {
      g_assert_true (tea_sqlite_connection_begin (db));
      g_assert_true (tea_sqlite_words_index_some (db, &is_more));
      g_assert_true (tea_sqlite_connection_execute (db, "COMMIT"));
    }
  tea_sqlite_connection_free (db);

  tea_log_fixture_open (&f);
  g_assert_cmpuint (count_found (&f, "teapot"), ==, G_N_ELEMENTS (seqs));
  assert_index_is_right (&f);
  tea_log_fixture_clear (&f);
}

/* Of all that somebody said, in whichever room. */
static void
test_reindex (void)
{
  const guint n = 300;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TeaLogFixture f;

  tea_log_fixture_init (&f, FALSE);
  for (guint i = 1; i <= n; i++)
    say (&f, i, "Zanzibar");
  g_assert_cmpuint (count_found (&f, "zanzibar"), ==, n);

  tea_store_reindex_async (f.store, tea_log_fixture_result_cb, &result);
  g_assert_true (tea_store_reindex_finish (f.store, tea_log_fixture_wait (&f, &result), &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  tea_log_fixture_until (&f, count_found (&f, "zanzibar") == n);
  tea_log_fixture_clear (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sqlite-words/erased-is-gone", test_erased_is_gone);
  g_test_add_func ("/sqlite-words/index-as-the-log", test_index_as_the_log);
  g_test_add_func ("/sqlite-words/reindex", test_reindex);
  g_test_add_func ("/sqlite-words/not-indexed-yet", test_not_indexed_yet);

  return g_test_run ();
}
