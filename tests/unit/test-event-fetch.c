/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-fetch.h"

#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"

/* A fetch, what it asks, and what comes of it. */
typedef struct
{
  TeaClock *clock;
  TeaRoundTrip round_trip;
  GCancellable *cancellable;
  TeaEventFetch *fetch;
  GString *asked;
  char *answer; /* (nullable) */
} Fixture;

static void
send_cb (GBytes *bytes, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GBytes) owned = bytes;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (owned);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
  if (frame.type == TEA_FRAME_PULL_PIECES)
    {
      g_string_append_printf (fixture->asked, "%" G_GUINT64_FORMAT "/%x ", frame.pull_pieces.seq,
                              frame.pull_pieces.missing);
      return;
    }

  g_assert_cmpuint (frame.type, ==, TEA_FRAME_PULL);
  for (guint i = 0; i < frame.pull.n_ranges; i++)
    if (frame.pull.ranges[i].from == frame.pull.ranges[i].to)
      g_string_append_printf (fixture->asked, "%" G_GUINT64_FORMAT " ", frame.pull.ranges[i].from);
    else
      g_string_append_printf (fixture->asked, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " ",
                              frame.pull.ranges[i].from, frame.pull.ranges[i].to);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = g_task_propagate_pointer (G_TASK (result), &error);
  GString *text = g_string_new (error != NULL ? error->message : NULL);

  for (guint i = 0; events != NULL && i < events->len; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " ", tea_event_get_seq (events->pdata[i]));
  g_assert_null (fixture->answer);
  fixture->answer = g_strchomp (g_string_free (text, FALSE));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->cancellable = g_cancellable_new ();
  fixture->asked = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tea_event_fetch_free (fixture->fetch);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->clock);
  g_object_unref (fixture->cancellable);
  g_string_free (fixture->asked, TRUE);
  g_free (fixture->answer);
}

/* Wants these numbers, of which a dash makes a range. */
static void
want (Fixture *fixture, const char *numbers)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_auto (GStrv) words = g_strsplit (numbers, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *end;
      guint64 from = g_ascii_strtoull (words[i], &end, 10);
      guint64 to = *end == '-' ? g_ascii_strtoull (end + 1, NULL, 10) : from;

      for (guint64 seq = from; seq <= to; seq++)
        g_array_append_val (seqs, seq);
    }

  fixture->fetch
      = tea_event_fetch_new (fixture->clock, &fixture->round_trip, seqs,
                             g_task_new (NULL, fixture->cancellable, fetched_cb, fixture), send_cb,
                             fixture);
  tea_event_fetch_ask (fixture->fetch);
}

static void
come (Fixture *fixture, guint64 seq)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, TEA_EVENT_MESSAGE, 1, "Noor", "x", NULL, 0, 0);

  tea_event_fetch_take_event (fixture->fetch, event);
}

static void
come_in_piece (Fixture *fixture, guint64 seq, guint64 version, guint16 index)
{
  static const guint8 zeros[TEA_PIECE_SIZE] = { 0 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (zeros, sizeof zeros);
  const TeaFrame frame
      = { .type = TEA_FRAME_MORE_PIECE,
          .piece = { .seq = seq, .version = version, .index = index, .count = 2, .bytes = bytes } };

  tea_event_fetch_take_piece (fixture->fetch, &frame);
}

static void
pass (Fixture *fixture, gint64 time)
{
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
}

#define assert_asked(fixture, expected)                      \
  G_STMT_START                                               \
  {                                                          \
    g_assert_cmpstr ((fixture)->asked->str, ==, (expected)); \
    g_string_truncate ((fixture)->asked, 0);                 \
  }                                                          \
  G_STMT_END

#define assert_answer(fixture, expected)               \
  G_STMT_START                                         \
  {                                                    \
    while (g_main_context_iteration (NULL, FALSE))     \
      ;                                                \
    g_assert_cmpstr ((fixture)->answer, ==, expected); \
  }                                                    \
  G_STMT_END

/* Whatever order they come in, and whatever else comes. */
static void
test_any_order (Fixture *fixture, gconstpointer data)
{
  want (fixture, "9 4-6 2");
  assert_asked (fixture, "2 4-6 9 ");
  come (fixture, 9);
  come (fixture, 3);
  tea_event_fetch_take_empty (fixture->fetch, 5, 8);
  come (fixture, 4);
  come (fixture, 4);
  assert_answer (fixture, NULL);
  come (fixture, 2);
  assert_answer (fixture, "2 4 9");
  g_assert_false (tea_event_fetch_goes_on (fixture->fetch));
  come (fixture, 2);
  assert_asked (fixture, "");
}

static void
test_asks_again (Fixture *fixture, gconstpointer data)
{
  want (fixture, "2 4");
  assert_asked (fixture, "2 4 ");
  come (fixture, 4);
  pass (fixture, 2 * G_TIME_SPAN_SECOND);
  g_assert_true (g_str_has_prefix (fixture->asked->str, "2 2 2 "));
  g_string_truncate (fixture->asked, 0);

  tea_event_fetch_pause (fixture->fetch);
  pass (fixture, 10 * G_TIME_SPAN_SECOND);
  assert_asked (fixture, "");
  tea_event_fetch_ask (fixture->fetch);
  assert_asked (fixture, "2 ");
}

/* A request has 16 ranges, and asks for 64 events. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  want (fixture, "1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 33-120");
  assert_asked (fixture, "1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 ");
  for (guint64 seq = 1; seq <= 31; seq += 2)
    come (fixture, seq);
  assert_asked (fixture, "33-96 ");
  for (guint64 seq = 33; seq <= 96; seq++)
    come (fixture, seq);
  assert_asked (fixture, "97-120 ");
}

/* The rest is on its way; of a form that is older nothing is wanted. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  want (fixture, "2 4");
  g_string_truncate (fixture->asked, 0);
  come_in_piece (fixture, 4, 7, 1);
  come_in_piece (fixture, 4, 6, 0);
  come (fixture, 2);
  assert_asked (fixture, "");
  pass (fixture, 40 * G_TIME_SPAN_MILLISECOND);
  assert_asked (fixture, "4/1 ");

  /* What makes no event together is asked for as a whole. */
  come_in_piece (fixture, 4, 7, 0);
  pass (fixture, 60 * G_TIME_SPAN_MILLISECOND);
  g_assert_true (g_str_has_prefix (fixture->asked->str, "4 "));
}

static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  want (fixture, "2");
  g_cancellable_cancel (fixture->cancellable);
  assert_answer (fixture, "Operation was cancelled");
  come (fixture, 2);
}

static void
test_no_way (Fixture *fixture, gconstpointer data)
{
  want (fixture, "2");
  tea_event_fetch_give_up (fixture->fetch);
  assert_answer (fixture, "The messages could not be fetched.");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/event-fetch/any-order", test_any_order);
  ADD ("/event-fetch/asks-again", test_asks_again);
  ADD ("/event-fetch/many", test_many);
  ADD ("/event-fetch/pieces", test_pieces);
  ADD ("/event-fetch/given-up", test_given_up);
  ADD ("/event-fetch/no-way", test_no_way);

  return g_test_run ();
}
