/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-record.h"
#include "tea-sqlite-store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* What the index of words costs, and how long it takes to find something, on the disk of the
 * folder given, or the usual one for what is temporary: benchmark-search [FOLDER [MESSAGES]].
 * A third of the messages is English, Chinese and Japanese each; each has some 60 bytes. */

#define AT_ONCE 1000
#define N_ROUNDS 50

static TeaStore *store;
static TeaLog *hall;
static guint n_under_way;

static void
appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (tea_log_append_finish (hall, result, NULL, &error) == 0)
    g_error ("%s", error->message);
  n_under_way--;
}

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
add_letters (GString *text, GRand *random, gunichar first, gint32 n_letters, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      /* Some are much more usual than others. */
      double chance = g_rand_double (random);

      g_string_append_unichar (text, first + (gunichar) (chance * chance * n_letters));
    }
}

static char *
make_text (GRand *random, guint number)
{
  GString *text = g_string_new (NULL);

  if (number % 3 == 1)
    add_letters (text, random, 0x4e00, 2000, 19);
  else if (number % 3 == 2)
    {
      add_letters (text, random, 0x4e00, 2000, 6);
      add_letters (text, random, 0x3042, 80, 13);
    }
  else
    for (guint i = 0; i < 10; i++)
      {
        add_letters (text, random, 'a', 26, (guint) g_rand_int_range (random, 3, 5));
        g_string_append (text, i < 9 ? " " : " tea");
      }

  return g_string_free (text, FALSE);
}

static void
append_all (guint n_messages)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4711);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) author = g_bytes_new_static ("author", 6);
  gint64 start;
  double seconds;

  for (guint i = 0; i < n_messages; i++)
    {
      g_autofree char *text = make_text (random, i);
      g_autoptr (TeaEvent) event = tea_event_new (TEA_EVENT_MESSAGE, i + 1, "Mei", text);

      g_ptr_array_add (records, tea_event_record_encode (event));
    }

  start = g_get_monotonic_time ();
  for (guint i = 0; i < n_messages; i++)
    {
      n_under_way++;
      tea_log_append_async (hall, author, i + 1, 0, g_ptr_array_index (records, i), NULL,
                            appended_cb, NULL);
      while (n_under_way >= AT_ONCE)
        g_main_context_iteration (NULL, TRUE);
    }
  while (n_under_way > 0)
    g_main_context_iteration (NULL, TRUE);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  printf ("%u messages appended, %.0f per second\n", n_messages, n_messages / seconds);
}

static void
measure_finding (const char *words)
{
  gint64 start = g_get_monotonic_time ();
  guint n_found = 0;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GArray) found = NULL;

      tea_store_find_words_async (store, TEA_ROOM_INFO_HALL, 1, 0, words, 50, NULL, result_cb,
                                  &result);
      wait_for (&result);
      found = tea_store_find_words_finish (store, result, NULL, NULL);
      n_found = found->len;
    }
  printf ("“%s”: %u of at most 50 found in %.2f ms\n", words, n_found,
          (double) (g_get_monotonic_time () - start) / 1000 / N_ROUNDS);
}

static void
measure_size (const char *path, guint n_messages)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK
      || sqlite3_prepare_v2 (db, "SELECT sum (length (block)) FROM words_data", -1, &statement,
                             NULL)
             != SQLITE_OK
      || sqlite3_step (statement) != SQLITE_ROW)
    g_error ("%s", sqlite3_errmsg (db));
  printf ("index: %.1f bytes for each message\n",
          (double) sqlite3_column_int64 (statement, 0) / n_messages);
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

int
main (int argc, char **argv)
{
  static const char *const questions[] = { "tea", "abc", "te", "一丁", "一", "あぃい", "丁七あ" };
  g_autofree char *folder
      = g_build_filename (argc > 1 ? argv[1] : g_get_tmp_dir (), "tea-benchmark-XXXXXX", NULL);
  guint n_messages = argc > 2 ? (guint) atoi (argv[2]) : 20000;
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (g_mkdtemp (folder) == NULL)
    g_error ("There is no folder to use");
  store = TEA_STORE (tea_sqlite_store_open (folder, clock, &error));
  if (store == NULL)
    g_error ("%s", error->message);
  tea_store_open_log_async (store, TEA_ROOM_INFO_HALL, NULL, result_cb, &result);
  wait_for (&result);
  hall = tea_store_open_log_finish (store, result, NULL);

  append_all (n_messages);
  path = g_build_filename (folder, "room.db", NULL);
  measure_size (path, n_messages);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    measure_finding (questions[i]);

  g_clear_object (&hall);
  g_clear_object (&result);
  g_clear_object (&store);
  g_unlink (path);
  g_rmdir (folder);

  return 0;
}
