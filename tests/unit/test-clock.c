/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-clock.h"

#include <time.h>

#define SECOND G_TIME_SPAN_SECOND

/* How much later it is here than elsewhere. */
static gint64 later;

/* In place of GLib's. */
gint64
g_get_real_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);

  return now.tv_sec * SECOND + now.tv_nsec / 1000 + later;
}

typedef struct
{
  TeaClock *clock;
  TeaTimer *timers[3];
  GString *done;
  gboolean recurses;
} Fixture;

static void
first_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append (fixture->done, "first ");
  while (fixture->recurses && strstr (fixture->done->str, "third") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_string_append (fixture->done, "done ");
}

static void
second_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append (fixture->done, "second ");
  g_clear_pointer (&fixture->timers[1], tea_timer_free);
}

static void
third_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append (fixture->done, "third ");
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
set_up (Fixture *fixture, gconstpointer is_manual)
{
  const TeaTimerFunc funcs[] = { first_cb, second_cb, third_cb };

  later = 0;
  fixture->clock
      = is_manual != NULL ? tea_clock_new_manual (1763899200 * SECOND) : tea_clock_new ();
  fixture->done = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (funcs); i++)
    fixture->timers[i] = tea_timer_new (fixture->clock, funcs[i], fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->timers); i++)
    g_clear_pointer (&fixture->timers[i], tea_timer_free);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->done, TRUE);
}

static void
wait_for (Fixture *fixture, const char *expected)
{
  while (strlen (fixture->done->str) < strlen (expected))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->done->str, ==, expected);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  gint64 now = tea_clock_get_time (fixture->clock);

  tea_timer_set_at (fixture->timers[2], now + 3000);
  tea_timer_set_at (fixture->timers[0], now + 1000);
  tea_timer_set_at (fixture->timers[1], now + 1000);
  g_assert_cmpint (tea_clock_get_next_due (fixture->clock), ==, now + 1000);
  wait_for (fixture, "first done second third ");
  g_assert_cmpint (tea_clock_get_next_due (fixture->clock), ==, -1);
  g_assert_cmpint (tea_timer_get_due (fixture->timers[0]), ==, 0);
}

/* What a timer calls may wait for another one: so do tea_client_join() and its like. */
static void
test_within (Fixture *fixture, gconstpointer data)
{
  fixture->recurses = TRUE;
  tea_timer_set (fixture->timers[0], 0);
  tea_timer_set (fixture->timers[1], 0);
  tea_timer_set (fixture->timers[2], 1000);
  wait_for (fixture, "first second third done ");
}

static void
test_jump (Fixture *fixture, gconstpointer data)
{
  guint n_jumps = 0;

  g_signal_connect_swapped (fixture->clock, "jumped", G_CALLBACK (count_cb), &n_jumps);
  tea_timer_set (fixture->timers[2], 0);
  wait_for (fixture, "third ");
  g_assert_cmpuint (n_jumps, ==, 0);

  for (guint i = 0; i < 2; i++)
    {
      later += i == 0 ? 3600 * SECOND : -3600 * SECOND;
      tea_timer_set (fixture->timers[2], 0);
      wait_for (fixture, i == 0 ? "third third " : "third third third ");
      g_assert_cmpuint (n_jumps, ==, i + 1);
    }
}

static void
test_manual (Fixture *fixture, gconstpointer data)
{
  guint n_jumps = 0;
  gint64 now = tea_clock_get_time (fixture->clock);
  gint64 real = tea_clock_get_real_time (fixture->clock);

  g_signal_connect_swapped (fixture->clock, "jumped", G_CALLBACK (count_cb), &n_jumps);
  tea_timer_set (fixture->timers[0], 5 * SECOND);
  tea_timer_set (fixture->timers[2], 6 * SECOND);
  tea_clock_advance (fixture->clock, now + 5 * SECOND);
  g_assert_cmpstr (fixture->done->str, ==, "first done ");
  g_assert_cmpint (tea_clock_get_real_time (fixture->clock), ==, real + 5 * SECOND);

  tea_clock_sleep (fixture->clock, 60 * SECOND);
  g_assert_cmpuint (n_jumps, ==, 1);
  g_assert_cmpint (tea_clock_get_time (fixture->clock), ==, now + 5 * SECOND);
  g_assert_cmpint (tea_clock_get_real_time (fixture->clock), ==, real + 65 * SECOND);
  g_assert_cmpstr (fixture->done->str, ==, "first done ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test, is_manual) \
  g_test_add (path, Fixture, GINT_TO_POINTER (is_manual), set_up, test, tear_down)

  ADD ("/clock/order", test_order, FALSE);
  ADD ("/clock/within", test_within, FALSE);
  ADD ("/clock/jump", test_jump, FALSE);
  ADD ("/clock/manual", test_manual, TRUE);

#undef ADD

  return g_test_run ();
}
