/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-store.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How fast a log in a database is, on the disk of the folder given, or the usual one for
 * what is temporary: benchmark-log [FOLDER [RECORDS]]. The records have the size of usual
 * messages. */

#define RECORD_SIZE 160
#define N_AUTHORS 128

typedef struct
{
  TeaStore *store;
  TeaLog *log;
  GBytes *authors[N_AUTHORS];
  GBytes *record;
  GArray *times; /* (element-type gint64): how long each append took, in µs */
  guint n_to_begin;
  guint n_under_way;
  guint64 number;
} Bench;

typedef struct
{
  Bench *bench;
  guint author;
  gint64 begin;
} Append;

static void begin_append (Bench *self, Append *append);

static void
appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Append *append = user_data;
  Bench *self = append->bench;
  gint64 time = g_get_monotonic_time () - append->begin;

  if (tea_log_append_finish (self->log, result, NULL, NULL) == 0)
    g_error ("An append failed");
  g_array_append_val (self->times, time);
  self->n_under_way--;
  begin_append (self, append);
}

static void
begin_append (Bench *self, Append *append)
{
  if (self->n_to_begin == 0)
    return;

  self->n_to_begin--;
  self->n_under_way++;
  append->begin = g_get_monotonic_time ();
  tea_log_append_async (self->log, self->authors[append->author], ++self->number, 0, self->record,
                        NULL, appended_cb, append);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

static long
get_memory (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%*d %ld", &pages);

  return pages * 4;
}

static void
append_many (Bench *self, guint n, guint n_at_once)
{
  gint64 begin = g_get_monotonic_time ();
  Append appends[N_AUTHORS];
  double seconds;

  g_array_set_size (self->times, 0);
  self->n_to_begin = n;
  for (guint i = 0; i < n_at_once; i++)
    {
      appends[i] = (Append){ self, i, 0 };
      begin_append (self, &appends[i]);
    }
  while (self->n_under_way > 0)
    g_main_context_iteration (NULL, TRUE);

  seconds = (double) (g_get_monotonic_time () - begin) / G_TIME_SPAN_SECOND;
  g_array_sort (self->times, compare_times);
  printf ("%u appends, %u at once: %.0f per second; p50 %.2f, p99 %.2f, max %.2f ms\n", n,
          n_at_once, n / seconds,
          (double) g_array_index (self->times, gint64, n / 2) / G_TIME_SPAN_MILLISECOND,
          (double) g_array_index (self->times, gint64, n / 100 * 99) / G_TIME_SPAN_MILLISECOND,
          (double) g_array_index (self->times, gint64, n - 1) / G_TIME_SPAN_MILLISECOND);
}

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
read_all (Bench *self, guint page)
{
  gint64 begin = g_get_monotonic_time ();
  guint64 next = tea_log_get_first (self->log);
  gboolean reached_head = FALSE;
  guint n = 0;

  while (!reached_head)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) entries = NULL;

      tea_log_read_async (self->log, next, page, G_MAXSIZE, NULL, result_cb, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      entries = tea_log_read_finish (self->log, result, &next, &reached_head, NULL);
      if (entries == NULL)
        g_error ("A read failed");
      n += entries->len;
    }

  printf ("%u reads, %u at a time: %.0f per second\n", n, page,
          (double) n * G_TIME_SPAN_SECOND / (double) (g_get_monotonic_time () - begin));
}

static void
open_log (Bench *self, const char *folder, TeaClock *clock)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  TeaSqliteStore *store = tea_sqlite_store_open (folder, clock, &error);

  if (store == NULL)
    g_error ("%s", error->message);

  self->store = TEA_STORE (store);
  tea_store_open_log_async (self->store, TEA_ROOM_INFO_HALL, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  self->log = tea_store_open_log_finish (self->store, result, &error);
  if (self->log == NULL)
    g_error ("%s", error->message);
  printf ("opened in %.1f ms\n",
          (double) (g_get_monotonic_time () - begin) / G_TIME_SPAN_MILLISECOND);
}

static void
close_log (Bench *self)
{
  g_clear_object (&self->log);
  g_clear_object (&self->store);
}

static void
remove_files (const char *folder)
{
  static const char *const names[] = { "room.db", "room.db-wal", "room.db-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder
      = g_build_filename (argc > 1 ? argv[1] : g_get_tmp_dir (), "tea-benchmark-XXXXXX", NULL);
  guint n = argc > 2 ? (guint) atoi (argv[2]) : 100000;
  g_autofree char *wal = NULL;
  g_autoptr (TeaClock) clock = tea_clock_new ();
  Bench bench = { .times = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  long memory = get_memory ();

  if (n < 200 || g_mkdtemp (folder) == NULL)
    g_error ("There is no folder to use, or fewer than 200 records");

  wal = g_build_filename (folder, "room.db-wal", NULL);
  open_log (&bench, folder, clock);
  bench.record = g_bytes_new_take (g_strnfill (RECORD_SIZE, 'x'), RECORD_SIZE);
  for (guint i = 0; i < N_AUTHORS; i++)
    {
      char author[36] = { 0 };

      g_snprintf (author, sizeof author, "author %u", i);
      bench.authors[i] = g_bytes_new (author, sizeof author);
    }
  printf ("an open log takes %ld KiB of memory\n", get_memory () - memory);

  append_many (&bench, n / 20, 1);
  append_many (&bench, n, N_AUTHORS);
  read_all (&bench, 1);
  read_all (&bench, 50);
  read_all (&bench, 1000);
  printf ("after that %ld KiB\n", get_memory () - memory);

  /* After a proper end, and after a kill, which leaves a write-ahead log. */
  close_log (&bench);
  open_log (&bench, folder, clock);
  close_log (&bench);
  g_file_set_contents (wal, "killed", -1, NULL);
  open_log (&bench, folder, clock);

  close_log (&bench);
  g_bytes_unref (bench.record);
  for (guint i = 0; i < N_AUTHORS; i++)
    g_bytes_unref (bench.authors[i]);
  g_array_unref (bench.times);
  remove_files (folder);

  return 0;
}
