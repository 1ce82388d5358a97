/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-sequence.h"

#include "tea-frame-reader.h"
#include "tea-frame-rules.h"

/* A sequence, what it asks, and what comes of it. */
typedef struct
{
  TeaClock *clock;
  TeaRoundTrip round_trip;
  TeaEventSequence *sequence;
  GString *asked;
  GString *heard; /* numbers of events; "|" for a gap */
} Fixture;

static void
send_cb (GBytes *bytes, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GBytes) owned = bytes;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (owned);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
  g_assert_cmpuint (frame.type, ==, TEA_FRAME_PULL);
  for (guint i = 0; i < frame.pull.n_ranges; i++)
    g_string_append_printf (fixture->asked, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " ",
                            frame.pull.ranges[i].from, frame.pull.ranges[i].to);
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->heard, "%" G_GUINT64_FORMAT " ", tea_event_get_seq (event));
}

static void
gap_cb (gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->heard, "| ");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const TeaEventSequenceFuncs funcs = { event_cb, gap_cb, NULL, send_cb };

  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->asked = g_string_new (NULL);
  fixture->heard = g_string_new (NULL);
  fixture->sequence
      = tea_event_sequence_new (fixture->clock, &fixture->round_trip, &funcs, fixture);
  tea_event_sequence_start (fixture->sequence, 10, G_MAXUINT64);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tea_event_sequence_free (fixture->sequence);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->asked, TRUE);
  g_string_free (fixture->heard, TRUE);
}

static TeaEvent *
make_event (guint64 seq)
{
  return tea_event_new_logged (seq, TEA_EVENT_MESSAGE, 1, "Noor", "x", NULL, 0, 0);
}

static void
come (Fixture *fixture, guint64 seq)
{
  g_autoptr (TeaEvent) event = make_event (seq);

  tea_event_sequence_take_event (fixture->sequence, event);
}

static void
pass (Fixture *fixture, gint64 time)
{
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
}

static void
assert_text (GString *text, const char *expected)
{
  g_assert_cmpstr (text->str, ==, expected);
  g_string_truncate (text, 0);
}

/* Each is told once, in its turn, however they come. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  come (fixture, 13);
  come (fixture, 12);
  come (fixture, 13);
  come (fixture, 9);
  assert_text (fixture->heard, "");
  come (fixture, 11);
  assert_text (fixture->heard, "11 12 13 ");
  come (fixture, 11);
  tea_event_sequence_take_bounds (fixture->sequence, 1, 16);
  tea_event_sequence_take_empty (fixture->sequence, 14, 15);
  come (fixture, 16);
  assert_text (fixture->heard, "16 ");
  g_assert_cmpuint (tea_event_sequence_get_settled (fixture->sequence), ==, 16);
}

/* What is missing is asked for until it comes. */
static void
test_asks (Fixture *fixture, gconstpointer data)
{
  tea_event_sequence_take_bounds (fixture->sequence, 1, 13);
  assert_text (fixture->asked, "11-13 ");
  come (fixture, 12);
  pass (fixture, 300 * G_TIME_SPAN_MILLISECOND);
  g_assert_true (g_str_has_prefix (fixture->asked->str, "11-11 13-13 11-11 13-13 "));
  g_string_truncate (fixture->asked, 0);
  come (fixture, 11);
  come (fixture, 13);
  pass (fixture, G_TIME_SPAN_MINUTE);
  assert_text (fixture->asked, "");
  assert_text (fixture->heard, "11 12 13 ");
  g_assert_cmpint (tea_event_sequence_get_waiting_since (fixture->sequence), ==, 0);
}

/* What the server has not any more is told as a gap. */
static void
test_gap (Fixture *fixture, gconstpointer data)
{
  come (fixture, 13);
  tea_event_sequence_take_bounds (fixture->sequence, 13, 13);
  assert_text (fixture->heard, "| 13 ");
}

/* That the log is the same is proved with what was told last, also with older history that
 * reaches there; what is only skipped proves nothing. */
static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaEvent) tenth = make_event (10);
  g_autoptr (TeaEvent) eleventh = make_event (11);

  g_assert_cmpuint (tea_event_sequence_get_check (fixture->sequence), ==, 0);
  come (fixture, 9);
  g_assert_cmpuint (tea_event_sequence_get_check (fixture->sequence), ==, 0);
  come (fixture, 10);
  g_assert_cmpuint (tea_event_sequence_get_check (fixture->sequence), ==,
                    tea_event_get_check (tenth));
  assert_text (fixture->heard, "");

  come (fixture, 11);
  g_assert_cmpuint (tea_event_sequence_get_check (fixture->sequence), ==,
                    tea_event_get_check (eleventh));
  tea_event_sequence_pause (fixture->sequence);
  tea_event_sequence_start (fixture->sequence, 11, G_MAXUINT64);
  g_assert_cmpuint (tea_event_sequence_get_check (fixture->sequence), ==,
                    tea_event_get_check (eleventh));

  tea_event_sequence_take_bounds (fixture->sequence, 1, 12);
  tea_event_sequence_take_empty (fixture->sequence, 12, 12);
  g_assert_cmpuint (tea_event_sequence_get_check (fixture->sequence), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/event-sequence/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("order", test_order);
  ADD ("asks", test_asks);
  ADD ("gap", test_gap);
  ADD ("check", test_check);

  return g_test_run ();
}
