/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-reading.h"

#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  TeaClock *clock;
  TeaReading *reading;
  GString *told; /* what the server is told */
  guint n_changed;
} Fixture;

static void
changed_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_changed++;
}

static void
tell_cb (guint64 read, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "%" G_GUINT64_FORMAT " ", read);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const TeaReadingFuncs funcs = { .changed = changed_cb, .tell = tell_cb };

  fixture->clock = tea_clock_new_manual (1763899200 * SECOND);
  fixture->reading = tea_reading_new (fixture->clock, &funcs, fixture);
  fixture->told = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tea_reading_free (fixture->reading);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->told, TRUE);
}

static void
hear (Fixture *fixture, guint64 seq, TeaEventKind kind, gboolean is_own)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, kind, 0, "Noor", kind == TEA_EVENT_MESSAGE ? "x" : NULL, NULL, 0,
                              0);

  tea_reading_take_event (fixture->reading, event, is_own);
}

static void
pass (Fixture *fixture, gint64 time)
{
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
}

#define assert_at(fixture, read, unread)                                        \
  G_STMT_START                                                                  \
  {                                                                             \
    g_assert_cmpuint (tea_reading_get_read ((fixture)->reading), ==, read);     \
    g_assert_cmpuint (tea_reading_get_unread ((fixture)->reading), ==, unread); \
  }                                                                             \
  G_STMT_END

/* What the server has counted is not counted again as it comes in. */
static void
test_one_source (Fixture *fixture, gconstpointer data)
{
  tea_reading_take_told (fixture->reading, 3, 2, 6);
  for (guint64 seq = 1; seq <= 6; seq++)
    hear (fixture, seq, TEA_EVENT_MESSAGE, FALSE);
  assert_at (fixture, 3, 2);
  hear (fixture, 7, TEA_EVENT_MESSAGE, FALSE);
  hear (fixture, 8, TEA_EVENT_JOINED, FALSE);
  assert_at (fixture, 3, 3);

  tea_reading_mark (fixture->reading, 6);
  assert_at (fixture, 6, 1);
}

static void
test_never_back (Fixture *fixture, gconstpointer data)
{
  tea_reading_take_told (fixture->reading, 5, 0, 5);
  tea_reading_mark (fixture->reading, 4);
  assert_at (fixture, 5, 0);
  g_assert_cmpstr (fixture->told->str, ==, "");

  /* The server did not hear of it: it is told again. */
  tea_reading_mark (fixture->reading, 9);
  g_assert_cmpstr (fixture->told->str, ==, "9 ");
  pass (fixture, 2 * SECOND);
  tea_reading_take_told (fixture->reading, 5, 4, 9);
  assert_at (fixture, 9, 0);
  g_assert_cmpstr (fixture->told->str, ==, "9 9 ");
}

/* At most once in two seconds, and then the latest. */
static void
test_pace (Fixture *fixture, gconstpointer data)
{
  for (guint64 seq = 1; seq <= 5; seq++)
    tea_reading_mark (fixture->reading, seq);
  g_assert_cmpstr (fixture->told->str, ==, "1 ");
  pass (fixture, 2 * SECOND - 1);
  g_assert_cmpstr (fixture->told->str, ==, "1 ");
  pass (fixture, 1);
  g_assert_cmpstr (fixture->told->str, ==, "1 5 ");
  pass (fixture, 10 * SECOND);
  g_assert_cmpstr (fixture->told->str, ==, "1 5 ");
}

/* Whoever says something has read what was before it; the server knows. */
static void
test_own (Fixture *fixture, gconstpointer data)
{
  tea_reading_take_told (fixture->reading, 2, 0, 2);
  hear (fixture, 3, TEA_EVENT_MESSAGE, FALSE);
  assert_at (fixture, 2, 1);
  hear (fixture, 4, TEA_EVENT_MESSAGE, TRUE);
  assert_at (fixture, 4, 0);
  g_assert_cmpstr (fixture->told->str, ==, "");
}

static void
test_other_device (Fixture *fixture, gconstpointer data)
{
  tea_reading_take_told (fixture->reading, 2, 0, 2);
  for (guint64 seq = 3; seq <= 5; seq++)
    hear (fixture, seq, TEA_EVENT_MESSAGE, FALSE);
  fixture->n_changed = 0;
  tea_reading_take_told (fixture->reading, 4, 1, 5);
  assert_at (fixture, 4, 1);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  hear (fixture, 6, TEA_EVENT_MESSAGE, FALSE);
  assert_at (fixture, 4, 2);
}

/* What was removed is not to be read: the server has counted some, others came in since. */
static void
test_removed (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 seq, removal;
    guint unread;
  } removals[] = {
    { 3, 20, 5 },  /* read */
    { 5, 20, 4 },  /* counted, and told */
    { 5, 20, 3 },  /* counted as well: another one, for all one knows */
    { 12, 21, 2 }, /* told */
    { 12, 22, 2 }, /* once */
    { 15, 23, 2 }, /* in a gap: never counted */
    { 6, 9, 2 },   /* before the server counted */
  };

  tea_reading_take_told (fixture->reading, 4, 3, 10);
  hear (fixture, 5, TEA_EVENT_MESSAGE, FALSE);
  hear (fixture, 11, TEA_EVENT_MESSAGE, FALSE);
  hear (fixture, 12, TEA_EVENT_MESSAGE, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (removals); i++)
    {
      g_test_message ("removal %" G_GSIZE_FORMAT, i);
      tea_reading_take_removed (fixture->reading, removals[i].seq, removals[i].removal);
      assert_at (fixture, 4, removals[i].unread);
    }
}

/* Of what was never told it is not known how much of it was read. */
static void
test_gap (Fixture *fixture, gconstpointer data)
{
  tea_reading_take_told (fixture->reading, 2, 500, 900);
  tea_reading_take_gap (fixture->reading);
  for (guint64 seq = 898; seq <= 900; seq++)
    hear (fixture, seq, TEA_EVENT_MESSAGE, FALSE);
  tea_reading_mark (fixture->reading, 100);
  assert_at (fixture, 100, 500);
  tea_reading_mark (fixture->reading, 898);
  assert_at (fixture, 898, 2);
}

/* A log that begins anew has other events under the same numbers. */
static void
test_anew (Fixture *fixture, gconstpointer data)
{
  for (guint64 seq = 1; seq <= 54; seq++)
    hear (fixture, seq, TEA_EVENT_MESSAGE, FALSE);
  tea_reading_mark (fixture->reading, 52);
  assert_at (fixture, 52, 2);

  tea_reading_begin_anew (fixture->reading);
  tea_reading_take_told (fixture->reading, 14, 1, 15);
  assert_at (fixture, 14, 1);
  hear (fixture, 15, TEA_EVENT_MESSAGE, FALSE);
  hear (fixture, 16, TEA_EVENT_MESSAGE, FALSE);
  assert_at (fixture, 14, 2);
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  for (guint64 seq = 1; seq <= 1500; seq++)
    hear (fixture, seq, TEA_EVENT_MESSAGE, FALSE);
  assert_at (fixture, 0, 1000);
  tea_reading_mark (fixture->reading, 1499);
  assert_at (fixture, 1499, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/reading/one-source", test_one_source);
  ADD ("/reading/never-back", test_never_back);
  ADD ("/reading/pace", test_pace);
  ADD ("/reading/own", test_own);
  ADD ("/reading/other-device", test_other_device);
  ADD ("/reading/removed", test_removed);
  ADD ("/reading/gap", test_gap);
  ADD ("/reading/anew", test_anew);
  ADD ("/reading/many", test_many);

  return g_test_run ();
}
