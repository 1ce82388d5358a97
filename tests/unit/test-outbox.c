/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox.h"
#include "tea-timeline-private.h"

/* An outbox, and a room without a log, that writes down what is said, or fails as it is told
 * to. What is said in rooms with a log is in test-secure-link.c and test-conversation.c; here is
 * only how much of it there is. */

typedef struct
{
  TeaClock *clock;
  TeaTimeline *timeline;
  TeaOutbox *outbox;
  GString *said;
  int failure; /* a GIOErrorEnum, or -1 */
  guint n_sent;
  guint n_told;
} Fixture;

static gboolean
say_cb (const char *text, gpointer user_data, GError **error)
{
  Fixture *fixture = user_data;

  if (fixture->failure >= 0)
    {
      g_set_error_literal (error, G_IO_ERROR, fixture->failure, "no way");
      return FALSE;
    }

  g_string_append (fixture->said, text);

  return TRUE;
}

static guint
open_outbox (Fixture *fixture)
{
  return tea_outbox_open_classic (fixture->outbox, say_cb, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (fixture->timeline, "Mei");
  fixture->outbox = tea_outbox_new (fixture->timeline, fixture->clock);
  fixture->said = g_string_new (NULL);
  fixture->failure = -1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->outbox);
  g_assert_finalize_object (fixture->timeline);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->said, TRUE);
}

static TeaTimelineItem *
peek_last (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->timeline);
  g_autoptr (TeaTimelineItem) item
      = g_list_model_get_item (model, g_list_model_get_n_items (model) - 1);

  return item;
}

#define assert_last(fixture, expected) \
  g_assert_cmpint (tea_timeline_item_get_delivery (peek_last (fixture)), ==, expected)

static void
test_waits_in_order (Fixture *fixture, gconstpointer data)
{
  tea_outbox_say (fixture->outbox, "a", 0);
  tea_outbox_say (fixture->outbox, "b", 0);
  assert_last (fixture, TEA_DELIVERY_WAITING);
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 2);

  g_assert_cmpuint (open_outbox (fixture), ==, 2);
  tea_outbox_say (fixture->outbox, "c", 0);
  g_assert_cmpstr (fixture->said->str, ==, "abc");
  assert_last (fixture, TEA_DELIVERY_SENT);
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 0);
}

/* No overtaking. */
static void
test_link_breaks (Fixture *fixture, gconstpointer data)
{
  tea_outbox_say (fixture->outbox, "a", 0);
  fixture->failure = G_IO_ERROR_CONNECTION_REFUSED;
  g_assert_cmpuint (open_outbox (fixture), ==, 0);
  assert_last (fixture, TEA_DELIVERY_WAITING);

  tea_outbox_close (fixture->outbox);
  tea_outbox_say (fixture->outbox, "b", 0);
  fixture->failure = -1;
  g_assert_cmpuint (open_outbox (fixture), ==, 2);
  g_assert_cmpstr (fixture->said->str, ==, "ab");
}

/* Who leaves may go on typing. */
static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  open_outbox (fixture);
  tea_outbox_stop (fixture->outbox);
  tea_outbox_say (fixture->outbox, "a", 0);
  assert_last (fixture, TEA_DELIVERY_WAITING);
  g_assert_cmpstr (fixture->said->str, ==, "");

  tea_outbox_close (fixture->outbox);
  g_assert_cmpuint (open_outbox (fixture), ==, 1);
  g_assert_cmpstr (fixture->said->str, ==, "a");
}

static void
test_fails_and_is_retried (Fixture *fixture, gconstpointer data)
{
  TeaTimelineItem *item;

  open_outbox (fixture);
  fixture->failure = G_IO_ERROR_MESSAGE_TOO_LARGE;
  tea_outbox_say (fixture->outbox, "a", 0);

  item = peek_last (fixture);
  assert_last (fixture, TEA_DELIVERY_FAILED);
  g_assert_cmpstr (tea_timeline_item_get_failure (item), ==, "no way");

  tea_outbox_close (fixture->outbox);
  fixture->failure = -1;
  tea_outbox_retry (fixture->outbox, item);
  assert_last (fixture, TEA_DELIVERY_WAITING);
  g_assert_cmpuint (open_outbox (fixture), ==, 1);
  g_assert_cmpstr (fixture->said->str, ==, "a");
}

static void
test_refusal (Fixture *fixture, gconstpointer data)
{
  g_assert_false (tea_outbox_take_refusal (fixture->outbox, "of nothing"));

  open_outbox (fixture);
  tea_outbox_say (fixture->outbox, "a", 0);
  g_assert_true (tea_outbox_take_refusal (fixture->outbox, "not in the room"));
  assert_last (fixture, TEA_DELIVERY_FAILED);
  g_assert_false (tea_outbox_take_refusal (fixture->outbox, "again"));

  tea_outbox_discard (fixture->outbox, peek_last (fixture));
  g_assert_cmpint (tea_timeline_item_get_kind (peek_last (fixture)), ==, TEA_TIMELINE_ITEM_DAY);
}

static void
test_echo (Fixture *fixture, gconstpointer data)
{
  open_outbox (fixture);
  tea_outbox_say (fixture->outbox, "a", 0);
  tea_outbox_say (fixture->outbox, "a", 0);

  g_assert_false (tea_outbox_take_echo (fixture->outbox, "b"));
  g_assert_true (tea_outbox_take_echo (fixture->outbox, "a"));
  g_assert_true (tea_outbox_take_echo (fixture->outbox, "a"));
  g_assert_false (tea_outbox_take_echo (fixture->outbox, "a"));
}

/* What was said to nobody, as it turns out, waits. */
static void
test_unheard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) heard = NULL;

  open_outbox (fixture);
  tea_outbox_say (fixture->outbox, "heard ", 0);
  heard = g_object_ref (peek_last (fixture));
  tea_outbox_note_heard (fixture->outbox);
  tea_outbox_say (fixture->outbox, "a ", 0);
  tea_outbox_say (fixture->outbox, "b ", 0);

  tea_outbox_close (fixture->outbox);
  g_assert_cmpint (tea_timeline_item_get_delivery (heard), ==, TEA_DELIVERY_SENT);
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 2);

  g_string_truncate (fixture->said, 0);
  g_assert_cmpuint (open_outbox (fixture), ==, 2);
  g_assert_cmpstr (fixture->said->str, ==, "a b ");
}

static void
send_cb (GBytes *frame, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_sent++;
  g_bytes_unref (frame);
}

static void
told_cb (Fixture *fixture)
{
  fixture->n_told++;
}

static void
refuse_for_now (Fixture *fixture, guint32 number)
{
  tea_outbox_take_nack (fixture->outbox, number, TEA_REFUSAL_TRY_LATER, "full");
}

static void
store (Fixture *fixture, guint32 number)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (number, TEA_EVENT_MESSAGE, 1, "Mei", "a", NULL, 0xabcd, number);

  tea_outbox_take_ack (fixture->outbox, number, number);
  g_assert_true (tea_outbox_take_logged (fixture->outbox, event));
}

static void
pass (Fixture *fixture, gint64 time)
{
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* While the server can store nothing, one message is said now and then, however many wait; and
 * each is told of three times at most. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  static const guint pauses[] = { 2, 4, 8, 16, 32, 60, 60 };
  TeaRoundTrip round_trip = { 0 };

  g_signal_connect_swapped (fixture->outbox, "delivery", G_CALLBACK (told_cb), fixture);
  tea_outbox_open (fixture->outbox, 1, 0xabcd, 0, TRUE, &round_trip, send_cb, fixture);
  for (guint i = 0; i < 50; i++)
    tea_outbox_say (fixture->outbox, "a", 0);
  g_assert_cmpuint (fixture->n_sent, ==, 16);
  for (guint32 number = 1; number <= 16; number++)
    refuse_for_now (fixture, number);
  for (guint i = 0; i < 100; i++)
    tea_outbox_say (fixture->outbox, "a", 0);
  assert_last (fixture, TEA_DELIVERY_WAITING);
  g_assert_cmpstr (tea_timeline_item_get_failure (peek_last (fixture)), ==, "full");
  g_assert_true (tea_outbox_can_discard (fixture->outbox, peek_last (fixture)));
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 150);
  g_assert_cmpuint (fixture->n_sent, ==, 16);
  g_assert_cmpuint (fixture->n_told, ==, 2 * 50 + 100);

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      fixture->n_sent = 0;
      pass (fixture, pauses[i] * G_TIME_SPAN_SECOND - 1);
      g_assert_cmpuint (fixture->n_sent, ==, 0);
      pass (fixture, 1);
      g_assert_cmpuint (fixture->n_sent, ==, 1);
      refuse_for_now (fixture, 1);
    }
  g_assert_cmpuint (fixture->n_told, ==, 2 * 50 + 100);

  /* There is room for one, and then for all. */
  for (guint32 full = 2; full > 0; full--)
    {
      pass (fixture, 60 * G_TIME_SPAN_SECOND);
      fixture->n_sent = 0;
      store (fixture, 3 - full);
      g_assert_cmpuint (fixture->n_sent, ==, 16);
      assert_last (fixture, TEA_DELIVERY_WAITING);
      g_assert_null (tea_timeline_item_get_failure (peek_last (fixture)));
      if (full == 2)
        refuse_for_now (fixture, 2);
    }
  for (guint32 number = 3; number <= 150; number++)
    store (fixture, number);
  assert_last (fixture, TEA_DELIVERY_DELIVERED);
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 0);
  g_assert_cmpuint (fixture->n_told, ==, 3 * 50 + 2 * 100);
  g_assert_cmpuint (fixture->n_sent, ==, 16 + 148 - 16);

  tea_outbox_close (fixture->outbox);
}

/* How long it takes until something is stored is learnt from what was stored. */
static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  TeaRoundTrip round_trip = { 0 };

  tea_outbox_open (fixture->outbox, 1, 0xabcd, 0, TRUE, &round_trip, send_cb, fixture);
  for (guint32 i = 1; i <= 40; i++)
    {
      fixture->n_sent = 0;
      tea_outbox_say (fixture->outbox, "a", 0);
      pass (fixture, 100 * G_TIME_SPAN_MILLISECOND);
      g_assert_cmpuint (fixture->n_sent, ==, i == 1 ? 4 : 1);
      store (fixture, i);
    }
  g_assert_cmpint (tea_round_trip_get_time (&round_trip), ==, 100 * G_TIME_SPAN_MILLISECOND);

  /* What gets lost says nothing. */
  tea_round_trip_note_loss (&round_trip, tea_clock_get_time (fixture->clock));
  tea_outbox_say (fixture->outbox, "a", 0);
  pass (fixture, 500 * G_TIME_SPAN_MILLISECOND);
  store (fixture, 41);
  g_assert_cmpint (tea_round_trip_get_time (&round_trip), ==, 100 * G_TIME_SPAN_MILLISECOND);

  tea_outbox_close (fixture->outbox);
}

/* Who has lost something of late says a message twice. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint64 time; /* since it was said, in ms */
    guint n_sent;
  } moments[] = { { 2, 1 }, { 3, 2 }, { 22, 2 }, { 23, 3 }, { 52, 3 }, { 53, 4 } };
  TeaRoundTrip round_trip = { 0 };
  gint64 begin = tea_clock_get_time (fixture->clock);

  tea_round_trip_note_loss (&round_trip, begin);
  tea_outbox_open (fixture->outbox, 1, 0xabcd, 0, TRUE, &round_trip, send_cb, fixture);
  tea_outbox_say (fixture->outbox, "a", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      pass (fixture, begin + moments[i].time * G_TIME_SPAN_MILLISECOND
                         - tea_clock_get_time (fixture->clock));
      g_assert_cmpuint (fixture->n_sent, ==, moments[i].n_sent);
    }
  store (fixture, 1);

  /* Not where the answer comes before, not many at once, and not for ever. */
  fixture->n_sent = 0;
  tea_outbox_say (fixture->outbox, "b", 0);
  pass (fixture, 1 * G_TIME_SPAN_MILLISECOND);
  store (fixture, 2);
  g_assert_cmpuint (fixture->n_sent, ==, 1);
  tea_outbox_say (fixture->outbox, "c", 0);
  tea_outbox_say (fixture->outbox, "d", 0);
  pass (fixture, 3 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (fixture->n_sent, ==, 4);
  store (fixture, 3);
  store (fixture, 4);
  pass (fixture, 10 * G_TIME_SPAN_MINUTE);
  tea_outbox_say (fixture->outbox, "e", 0);
  pass (fixture, 4 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (fixture->n_sent, ==, 5);

  tea_outbox_close (fixture->outbox);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/outbox/waits-in-order", test_waits_in_order);
  ADD ("/outbox/link-breaks", test_link_breaks);
  ADD ("/outbox/stopped", test_stopped);
  ADD ("/outbox/fails-and-is-retried", test_fails_and_is_retried);
  ADD ("/outbox/refusal", test_refusal);
  ADD ("/outbox/echo", test_echo);
  ADD ("/outbox/unheard", test_unheard);
  ADD ("/outbox/full-disk", test_full_disk);
  ADD ("/outbox/round-trip", test_round_trip);
  ADD ("/outbox/twice", test_twice);

  return g_test_run ();
}
