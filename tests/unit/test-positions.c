/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-store.h"
#include "tea-positions.h"

typedef struct
{
  TeaClock *clock;
  GRand *random;
  TeaFakeHouse *kept;
  TeaFakeFaults faults;
  TeaFakeStore *store;
  TeaPositions *positions;
} Fixture;

static void
pass (Fixture *f, gint64 span)
{
  gint64 end = tea_clock_get_time (f->clock) + span;

  for (;;)
    {
      gint64 due;

      while (g_main_context_iteration (NULL, FALSE))
        ;

      due = tea_clock_get_next_due (f->clock);
      if (due < 0 || due > end)
        break;
      tea_clock_advance (f->clock, due);
    }

  tea_clock_advance (f->clock, end);
}

static void
start (Fixture *f)
{
  f->store = tea_fake_store_new (f->kept, f->clock, f->random, &f->faults);
  f->positions = tea_positions_new (TEA_STORE (f->store), f->clock);
}

/* As a power cut does. */
static void
crash (Fixture *f)
{
  tea_fake_store_crash (f->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->positions);
  g_assert_finalize_object (f->store);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = tea_clock_new_manual (0);
  f->random = g_rand_new_with_seed (1);
  f->kept = tea_fake_house_new (1, f->random);
  start (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  crash (f);
  tea_fake_house_unref (f->kept);
  g_rand_free (f->random);
  g_assert_finalize_object (f->clock);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (tea_positions_find_finish (TEA_POSITIONS (object), result, user_data, NULL));
}

static guint64
find (Fixture *f, const char *key)
{
  guint64 read = G_MAXUINT64;

  tea_positions_find_async (f->positions, TEA_ROOM_INFO_HALL, key, found_cb, &read);
  pass (f, 0);

  return read;
}

static void
test_rising (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (find (f, "k1"), ==, 0);
  g_assert_true (tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 5));
  g_assert_false (tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 5));
  g_assert_false (tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 4));
  g_assert_cmpuint (find (f, "k1"), ==, 5);
  g_assert_cmpuint (find (f, "k2"), ==, 0);

  /* Not even where what was kept is not known any more. */
  tea_positions_save (f->positions);
  pass (f, G_TIME_SPAN_SECOND);
  tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 3);
  g_assert_cmpuint (find (f, "k1"), ==, 5);
  tea_positions_save (f->positions);
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (find (f, "k1"), ==, 5);
}

/* No more than the last half minute is lost. */
static void
test_saving (Fixture *f, gconstpointer data)
{
  tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 5);
  pass (f, 31 * G_TIME_SPAN_SECOND);
  tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 6);
  pass (f, 20 * G_TIME_SPAN_SECOND);
  crash (f);
  start (f);
  g_assert_cmpuint (find (f, "k1"), ==, 5);

  /* While nothing changes there is nothing to do; once a minute somebody else looks at the
   * clock. */
  g_assert_cmpint (tea_clock_get_next_due (f->clock), >,
                   tea_clock_get_time (f->clock) + 31 * G_TIME_SPAN_SECOND);
}

/* What is saved while it is looked for is known, though it was not found. */
static void
test_saving_meanwhile (Fixture *f, gconstpointer data)
{
  guint64 read = G_MAXUINT64;

  f->faults.save_lag = G_TIME_SPAN_HOUR;
  tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k2", 1);
  tea_positions_save (f->positions);
  pass (f, 29 * G_TIME_SPAN_SECOND);

  tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k1", 5);
  tea_positions_find_async (f->positions, TEA_ROOM_INFO_HALL, "k1", found_cb, &read);
  tea_positions_save (f->positions);
  pass (f, 2 * G_TIME_SPAN_SECOND);
  tea_positions_raise (f->positions, TEA_ROOM_INFO_HALL, "k2", 2);
  tea_positions_save (f->positions);
  g_assert_cmpuint (read, ==, G_MAXUINT64);

  while (read == G_MAXUINT64)
    pass (f, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (read, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/positions/rising", Fixture, NULL, set_up, test_rising, tear_down);
  g_test_add ("/positions/saving", Fixture, NULL, set_up, test_saving, tear_down);
  g_test_add ("/positions/saving-meanwhile", Fixture, NULL, set_up, test_saving_meanwhile,
              tear_down);

  return g_test_run ();
}
