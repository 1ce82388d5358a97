/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-store.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What rooms cost that nobody has open, on the disk of the folder given, or the usual one
 * for what is temporary: benchmark-store [FOLDER [ROOMS [EVENTS]]]. A house with one room
 * and one with many, of which a hundred speak, take turns, so that what else the machine
 * does concerns both. EVENTS is how many the hall has when it is started at the end. */

#define RECORD_SIZE 160
#define N_SPEAKING 100
#define N_ROUNDS 9
#define N_APPENDS 10000
#define N_COMMITS 1000
#define N_OPENED 2000

typedef struct
{
  char *folder;
  TeaClock *clock;
  TeaStore *store;
  TeaLog *logs[N_SPEAKING]; /* those that speak; all the same where there is one room */
  guint64 number;
  guint n_to_begin;
  guint n_under_way;
} House;

typedef struct
{
  House *house;
  guint log;
} Append;

static GBytes *record;

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

/* What is not exceeded by so many in a hundred. */
static double
find_percentile (GArray *values, guint percent)
{
  g_array_sort (values, compare);

  return g_array_index (values, double, (values->len - 1) * percent / 100);
}

static double
milliseconds_since (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) / G_TIME_SPAN_MILLISECOND;
}

static long
get_memory (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%*d %ld", &pages);

  return pages * 4096;
}

static TeaLog *
open_log (House *self, guint32 room)
{
  g_autoptr (GAsyncResult) result = NULL;
  TeaLog *log = NULL;

  tea_store_open_log_async (self->store, room, NULL, result_cb, &result);
  log = tea_store_open_log_finish (self->store, wait_for (&result), NULL);
  if (log == NULL)
    g_error ("A log cannot be opened");

  return log;
}

static void
house_open (House *self)
{
  g_autoptr (GError) error = NULL;
  TeaSqliteStore *store = tea_sqlite_store_open (self->folder, self->clock, &error);

  if (store == NULL)
    g_error ("%s", error->message);
  self->store = TEA_STORE (store);
}

static void
house_close (House *self)
{
  for (guint i = 0; i < N_SPEAKING; i++)
    g_clear_object (&self->logs[i]);
  tea_sqlite_store_close (TEA_SQLITE_STORE (self->store));
  g_clear_object (&self->store);
}

static void
house_init (House *self, TeaClock *clock, const char *folder, const char *name)
{
  *self = (House){ .clock = clock };
  self->folder = g_build_filename (folder, name, NULL);
  house_open (self);
}

static void
house_clear (House *self)
{
  static const char *const names[] = { "room.db", "room.db-wal", "room.db-shm" };

  house_close (self);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

static void begin_append (Append *append);

static void
appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Append *append = user_data;

  if (tea_log_append_finish (TEA_LOG (object), result, NULL, NULL) == 0)
    g_error ("An append failed");
  append->house->n_under_way--;
  append->log = (append->log + 1) % N_SPEAKING;
  begin_append (append);
}

static void
begin_append (Append *append)
{
  House *self = append->house;
  char author[36] = { 0 };
  g_autoptr (GBytes) name = NULL;

  if (self->n_to_begin == 0)
    return;

  g_snprintf (author, sizeof author, "author %u", append->log);
  name = g_bytes_new (author, sizeof author);
  self->n_to_begin--;
  self->n_under_way++;
  tea_log_append_async (self->logs[append->log], name, ++self->number, 0, record, NULL, appended_cb,
                        append);
}

/* How many appends a second, with some under way at a time: each time another room's. */
static double
append_many (House *self, guint n, guint n_at_once)
{
  gint64 begin = g_get_monotonic_time ();
  Append appends[N_SPEAKING];

  self->n_to_begin = n;
  for (guint i = 0; i < n_at_once; i++)
    {
      appends[i] = (Append){ self, i };
      begin_append (&appends[i]);
    }
  while (self->n_under_way > 0)
    g_main_context_iteration (NULL, TRUE);

  return n * 1000.0 / milliseconds_since (begin);
}

static char *
make_address (guint i)
{
  return g_strdup_printf ("room %05u", i);
}

/* Each with ten members and an event. */
static void
make_rooms (House *self, guint n)
{
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = make_address (i);
      g_autoptr (TeaRoomInfo) info = tea_room_info_new (address, address);
      g_autoptr (GPtrArray) members
          = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
      TeaLog *log = NULL;

      info->flags = i % 2;
      for (guint j = 0; j < 10; j++)
        {
          g_autofree char *key = g_strdup_printf ("SHA256:%043u", (i * 7 + j) % 1000);

          g_ptr_array_add (members, tea_membership_new (key, "Somebody", 1, 1));
        }
      log = tea_store_draft_room (self->store, info, members);
      self->logs[i % N_SPEAKING] = log;
      if (i % N_SPEAKING == N_SPEAKING - 1 || i == n - 1)
        {
          append_many (self, i % N_SPEAKING + 1, i % N_SPEAKING + 1);
          for (guint j = 0; j <= i % N_SPEAKING; j++)
            g_clear_object (&self->logs[j]);
        }
    }
  printf ("%u rooms made in %.1f s\n", n, milliseconds_since (begin) / 1000);
}

/* What the server does for the first who opens a room. */
static void
open_sleeping (House *self, guint room)
{
  g_autofree char *address = make_address (room);
  GAsyncResult *results[4] = { NULL };
  g_autoptr (TeaRoomInfo) info = NULL;
  g_autoptr (TeaLog) log = NULL;
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  guint64 as_of = 0;

  tea_store_find_room_async (self->store, address, NULL, result_cb, &results[0]);
  tea_store_find_room_finish (self->store, wait_for (&results[0]), &info, NULL);
  tea_store_open_log_async (self->store, info->number, NULL, result_cb, &results[1]);
  tea_store_load_members_async (self->store, info->number, NULL, result_cb, &results[2]);
  log = tea_store_open_log_finish (self->store, wait_for (&results[1]), NULL);
  members = tea_store_load_members_finish (self->store, wait_for (&results[2]), &as_of, NULL);
  tea_log_read_async (log, tea_log_get_first (log), 100, G_MAXSIZE, NULL, result_cb, &results[3]);
  entries = tea_log_read_finish (log, wait_for (&results[3]), NULL, NULL, NULL);
  if (members->len == 0 || entries->len == 0)
    g_error ("There is nothing in a room");

  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    g_object_unref (results[i]);
}

static void
measure_opening (House *self, guint n_rooms)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_OPENED; i++)
    {
      gint64 begin = g_get_monotonic_time ();
      double time;

      open_sleeping (self, (guint) g_rand_int_range (random, 0, (gint32) n_rooms));
      time = milliseconds_since (begin);
      g_array_append_val (times, time);
    }
  printf ("opening a sleeping room: p50 %.3f, p99 %.3f ms\n", find_percentile (times, 50),
          find_percentile (times, 99));
}

static void
measure_list (House *self, TeaStoreList which, const char *name)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  guint n = 0;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("SHA256:%043u", i);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) list = NULL;
      gint64 begin = g_get_monotonic_time ();
      double time;

      tea_store_list_rooms_async (self->store, which, key, NULL, 50, NULL, result_cb, &result);
      list = tea_store_list_rooms_finish (self->store, wait_for (&result), NULL);
      n = list->len;
      time = milliseconds_since (begin);
      g_array_append_val (times, time);
    }
  printf ("%s, %u rooms at a time: p50 %.2f, p99 %.2f ms\n", name, n, find_percentile (times, 50),
          find_percentile (times, 99));
}

/* The two take turns. */
static void
compare_appending (House *one, House *many, guint n, guint n_at_once)
{
  g_autoptr (GArray) alone = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) among = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      double rate_one = append_many (one, n, n_at_once);
      double rate_many = append_many (many, n, n_at_once);
      double ratio = rate_many / rate_one;

      g_array_append_val (alone, rate_one);
      g_array_append_val (among, rate_many);
      g_array_append_val (ratios, ratio);
    }
  printf ("%u under way: %.0f appends per second in one room, %.0f in %u; ratio %.2f\n", n_at_once,
          find_percentile (alone, 50), find_percentile (among, 50), N_SPEAKING,
          find_percentile (ratios, 50));
}

/* One at a time is one commit each. */
static void
measure_appending (House *one, House *many, guint n_rooms)
{
  for (guint i = 0; i < N_SPEAKING; i++)
    {
      one->logs[i] = open_log (one, TEA_ROOM_INFO_HALL);
      many->logs[i] = open_log (many, 1 + i * (n_rooms / N_SPEAKING));
    }

  compare_appending (one, many, N_COMMITS, 1);
  compare_appending (one, many, N_APPENDS, 10);
  compare_appending (one, many, N_APPENDS, N_SPEAKING);
}

/* Until the hall can be used. */
static void
measure_start (House *self, const char *what)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gint64 begin = g_get_monotonic_time ();
      double time;

      house_close (self);
      begin = g_get_monotonic_time ();
      house_open (self);
      self->logs[0] = open_log (self, TEA_ROOM_INFO_HALL);
      time = milliseconds_since (begin);
      g_array_append_val (times, time);
    }
  printf ("start with %s: p50 %.1f ms\n", what, find_percentile (times, 50));
}

/* What is resident more than with one room once each has been opened and left. */
static void
measure_memory (House *self, guint n_rooms)
{
  long before = 0;
  long after = 0;

  for (guint i = 0; i < n_rooms; i++)
    open_sleeping (self, i);
  before = get_memory ();
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < n_rooms; i++)
      open_sleeping (self, i);
  after = get_memory ();
  printf ("memory for each room that sleeps again: %.1f bytes\n",
          (double) (after - before) / (2.0 * n_rooms));
}

int
main (int argc, char **argv)
{
  g_autofree char *folder
      = g_build_filename (argc > 1 ? argv[1] : g_get_tmp_dir (), "tea-benchmark-XXXXXX", NULL);
  guint n_rooms = argc > 2 ? (guint) atoi (argv[2]) : 10000;
  guint n_events = argc > 3 ? (guint) atoi (argv[3]) : 0;
  g_autoptr (TeaClock) clock = tea_clock_new ();
  House one;
  House many;

  if (n_rooms < N_SPEAKING || g_mkdtemp (folder) == NULL)
    g_error ("There is no folder to use, or fewer than a hundred rooms");

  record = g_bytes_new_take (g_strnfill (RECORD_SIZE, 'x'), RECORD_SIZE);
  house_init (&one, clock, folder, "one");
  house_init (&many, clock, folder, "many");
  make_rooms (&many, n_rooms);

  measure_start (&one, "one room");
  measure_start (&many, "many rooms");
  measure_opening (&many, n_rooms);
  measure_list (&many, TEA_STORE_LISTED, "listed");
  measure_list (&many, TEA_STORE_MINE, "mine");
  measure_memory (&many, n_rooms);
  g_clear_object (&one.logs[0]);
  measure_appending (&one, &many, n_rooms);

  if (n_events > 0)
    {
      g_autofree char *what = g_strdup_printf ("%u events", n_events);
      double rate = append_many (&one, n_events, N_SPEAKING);

      printf ("%u events appended, %.0f per second\n", n_events, rate);
      measure_start (&one, what);
    }

  house_clear (&one);
  house_clear (&many);
  g_rmdir (folder);
  g_bytes_unref (record);

  return 0;
}
