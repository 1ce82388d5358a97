/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-today.h"

#include <glib.h>

typedef struct
{
  TeaClock *clock;
  TeaToday *today;
  gint64 began;
  guint n_changes;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

/* At noon. */
static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 4, 12, 0, 0);

  fixture->began = g_date_time_to_unix (noon) * G_USEC_PER_SEC;
  fixture->clock = tea_clock_new_manual (fixture->began);
  fixture->today = tea_today_new (fixture->clock);
  g_signal_connect_swapped (fixture->today, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  g_assert_finalize_object (fixture->today);
  g_assert_finalize_object (fixture->clock);
}

/* Lets time pass, and tells what noon is called then. */
static void
check (Fixture *fixture, gint64 time, const char *day, guint n_changes)
{
  g_autofree char *text = NULL;

  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
  text = tea_today_describe (fixture->today, fixture->began);
  g_assert_cmpstr (text, ==, day);
  g_assert_cmpuint (fixture->n_changes, ==, n_changes);
}

static void
test_midnight (Fixture *fixture, gconstpointer unused)
{
  check (fixture, 0, "Today", 0);
  check (fixture, 12 * G_TIME_SPAN_HOUR - 1, "Today", 0);
  check (fixture, 1, "Yesterday", 1);
  check (fixture, 24 * G_TIME_SPAN_HOUR - 1, "Yesterday", 1);
  check (fixture, 1, "Wednesday, 4 March 2026", 2);
}

static void
test_sleep (Fixture *fixture, gconstpointer unused)
{
  tea_clock_sleep (fixture->clock, 20 * G_TIME_SPAN_HOUR);
  check (fixture, 0, "Yesterday", 1);
  check (fixture, 16 * G_TIME_SPAN_HOUR - 1, "Yesterday", 1);
  check (fixture, 1, "Wednesday, 4 March 2026", 2);
}

static void
test_set_back (Fixture *fixture, gconstpointer unused)
{
  check (fixture, 12 * G_TIME_SPAN_HOUR, "Yesterday", 1);
  tea_clock_sleep (fixture->clock, -G_TIME_SPAN_HOUR);
  check (fixture, 0, "Today", 2);
  check (fixture, G_TIME_SPAN_HOUR, "Yesterday", 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/today/midnight", Fixture, NULL, set_up, test_midnight, tear_down);
  g_test_add ("/today/sleep", Fixture, NULL, set_up, test_sleep, tear_down);
  g_test_add ("/today/set-back", Fixture, NULL, set_up, test_set_back, tear_down);

  return g_test_run ();
}
