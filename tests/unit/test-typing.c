/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-typing.h"

#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  TeaClock *clock;
  TeaTyping *typing;
  guint n_changed;
} Fixture;

static void
changed_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_changed++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new_manual (1763899200 * SECOND);
  fixture->typing = tea_typing_new (fixture->clock, changed_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tea_typing_free (fixture->typing);
  g_assert_finalize_object (fixture->clock);
}

static void
pass (Fixture *fixture, gint64 time)
{
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
}

static void
assert_writers (Fixture *fixture, const char *expected)
{
  g_auto (GStrv) names = tea_typing_dup_names (fixture->typing);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, expected);
}

/* It cannot get stuck: whoever is not heard any more is not shown for long. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  tea_typing_take (fixture->typing, "Noor");
  pass (fixture, 4 * SECOND);
  tea_typing_take (fixture->typing, "Sam");
  tea_typing_take (fixture->typing, "NOOR");
  assert_writers (fixture, "Noor Sam");
  g_assert_cmpuint (fixture->n_changed, ==, 2);
  pass (fixture, 2 * SECOND);
  assert_writers (fixture, "Noor Sam");
  pass (fixture, 4 * SECOND);
  assert_writers (fixture, "");
  g_assert_cmpuint (fixture->n_changed, >=, 3);
}

static void
test_message (Fixture *fixture, gconstpointer data)
{
  tea_typing_take_message (fixture->typing, "Noor");
  g_assert_cmpuint (fixture->n_changed, ==, 0);
  tea_typing_take (fixture->typing, "Noor");
  tea_typing_take (fixture->typing, "Sam");
  tea_typing_take_message (fixture->typing, "noor");
  assert_writers (fixture, "Sam");
  tea_typing_clear (fixture->typing);
  assert_writers (fixture, "");
  g_assert_cmpuint (fixture->n_changed, ==, 4);
}

/* The others are told every four seconds, and at once after one has stopped. */
static void
test_own (Fixture *fixture, gconstpointer data)
{
  g_assert_true (tea_typing_note_own (fixture->typing, TRUE));
  pass (fixture, 4 * SECOND - 1);
  g_assert_false (tea_typing_note_own (fixture->typing, TRUE));
  pass (fixture, 1);
  g_assert_true (tea_typing_note_own (fixture->typing, TRUE));
  g_assert_false (tea_typing_note_own (fixture->typing, FALSE));
  g_assert_true (tea_typing_note_own (fixture->typing, TRUE));
}

static void
test_crowd (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("Noor%u", i);

      tea_typing_take (fixture->typing, name);
    }
  names = tea_typing_dup_names (fixture->typing);
  g_assert_cmpuint (g_strv_length (names), ==, 64);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/typing/ends", test_ends);
  ADD ("/typing/message", test_message);
  ADD ("/typing/own", test_own);
  ADD ("/typing/crowd", test_crowd);

  return g_test_run ();
}
