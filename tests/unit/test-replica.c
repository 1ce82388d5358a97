/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-private.h"
#include "tea-timeline-private.h"

#define STREAM 0xabcd

/* A link that gives numbers, and is told what to tell. */

#define TEST_TYPE_LINK (test_link_get_type ())
G_DECLARE_FINAL_TYPE (TestLink, test_link, TEST, LINK, GObject)

struct _TestLink
{
  GObject parent_instance;

  guint32 number;
};

static gboolean
test_link_say (TeaLink *link, const char *text, guint32 *number, GError **error)
{
  *number = ++TEST_LINK (link)->number;

  return TRUE;
}

static guint32
test_link_get_stream (TeaLink *link)
{
  return STREAM;
}

static void
test_link_link_init (TeaLinkInterface *iface)
{
  iface->say = test_link_say;
  iface->get_stream = test_link_get_stream;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLink,
                               test_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, test_link_link_init))

static void
test_link_class_init (TestLinkClass *klass)
{
}

static void
test_link_init (TestLink *self)
{
}

typedef struct
{
  TeaClock *clock;
  TeaLink *link;
  TeaReplica *replica;
  TeaOutbox *outbox;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->link = g_object_new (TEST_TYPE_LINK, NULL);
  fixture->replica = tea_replica_new (fixture->clock);
  fixture->outbox = tea_replica_get_outbox (fixture->replica);
  tea_replica_enter (fixture->replica, "Mei");
  tea_replica_follow (fixture->replica, fixture->link);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->replica);
  g_assert_finalize_object (fixture->link);
  g_assert_finalize_object (fixture->clock);
}

static gboolean
hear (Fixture *fixture,
      guint64 seq,
      TeaEventKind kind,
      const char *author,
      const char *text,
      guint32 stream,
      guint32 number)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, kind, tea_clock_get_real_time (fixture->clock), author, text,
                              NULL, stream, number);

  return tea_replica_take_event (fixture->replica, event);
}

static void
say (Fixture *fixture, const char *text)
{
  tea_outbox_say (fixture->outbox, fixture->link, text);
}

static char *
describe (Fixture *fixture)
{
  static const char *const deliveries[] = { ":", "?", "x", "~", "=" };
  GListModel *model = G_LIST_MODEL (tea_replica_get_timeline (fixture->replica));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE)
        g_string_append_printf (text, "%s%s%s ",
                                tea_timeline_item_is_own (item)
                                    ? "me"
                                    : tea_timeline_item_get_author (item),
                                deliveries[tea_timeline_item_get_delivery (item)],
                                tea_timeline_item_get_text (item));
      else if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_GAP)
        g_string_append (text, "gap ");
      else if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_PRESENCE)
        g_string_append (text, "presence ");
      else if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_WAITING)
        g_string_append (text, "waiting ");
    }

  return g_strchomp (g_string_free (text, FALSE));
}

#define assert_timeline(fixture, expected)           \
  G_STMT_START                                       \
  {                                                  \
    g_autofree char *described = describe (fixture); \
    g_assert_cmpstr (described, ==, expected);       \
  }                                                  \
  G_STMT_END

/* Everybody sees one order, whatever was acknowledged first. */
static void
test_one_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  say (fixture, "a");
  say (fixture, "b");
  assert_timeline (fixture, "me~a me~b");
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 2);

  tea_link_emit_delivered (fixture->link, 1, 12);
  assert_timeline (fixture, "me=a me~b");
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 1);

  g_assert_true (hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "first", 5, 1));
  assert_timeline (fixture, "Noor:first me=a me~b");
  g_assert_false (hear (fixture, 12, TEA_EVENT_MESSAGE, "Mei", "a", STREAM, 1));
  g_assert_true (hear (fixture, 13, TEA_EVENT_MESSAGE, "Noor", "second", 5, 2));
  assert_timeline (fixture, "Noor:first me=a Noor:second me~b");

  /* It comes out of the log before the acknowledgement does. */
  g_assert_false (hear (fixture, 14, TEA_EVENT_MESSAGE, "Mei", "b", STREAM, 2));
  assert_timeline (fixture, "Noor:first me=a Noor:second me=b");
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 0);

  item = g_list_model_get_item (G_LIST_MODEL (tea_replica_get_timeline (fixture->replica)), 4);
  g_assert_cmpuint (tea_timeline_item_get_seq (item), ==, 14);
  g_assert_cmpstr (tea_timeline_item_get_id (item), ==, "0000abcd-2");
}

static void
test_other_device (Fixture *fixture, gconstpointer data)
{
  say (fixture, "here");
  g_assert_true (hear (fixture, 11, TEA_EVENT_MESSAGE, "mei", "there", 7, 1));
  assert_timeline (fixture, "me=there me~here");
}

static void
test_across_connections (Fixture *fixture, gconstpointer data)
{
  say (fixture, "a");
  say (fixture, "b");
  tea_outbox_take_back (fixture->outbox);
  tea_outbox_say (fixture->outbox, NULL, "c");
  assert_timeline (fixture, "waiting me?a me?b me?c");
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 3);

  /* The first had arrived; the link goes on with the second; the third is new to it. */
  tea_link_emit_delivered (fixture->link, 1, 0);
  g_assert_cmpuint (tea_outbox_resume (fixture->outbox), ==, 1);
  g_assert_cmpuint (tea_outbox_flush (fixture->outbox, fixture->link), ==, 1);
  assert_timeline (fixture, "me=a me~b me~c");
  g_assert_cmpuint (TEST_LINK (fixture->link)->number, ==, 3);

  hear (fixture, 11, TEA_EVENT_MESSAGE, "Mei", "a", STREAM, 1);
  hear (fixture, 12, TEA_EVENT_MESSAGE, "Mei", "b", STREAM, 2);
  hear (fixture, 13, TEA_EVENT_MESSAGE, "Mei", "c", STREAM, 3);
  assert_timeline (fixture, "me=a me=b me=c");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  say (fixture, "a");
  item = g_list_model_get_item (G_LIST_MODEL (tea_replica_get_timeline (fixture->replica)), 0);
  tea_link_emit_refused (fixture->link, 1, "no", TRUE);
  assert_timeline (fixture, "mexa");
  g_assert_cmpstr (tea_timeline_item_get_failure (item), ==, "no");
  g_assert_cmpuint (tea_outbox_get_n_unsent (fixture->outbox), ==, 0);

  /* Said again, it is another message. */
  tea_outbox_retry (fixture->outbox, item, fixture->link);
  tea_outbox_flush (fixture->outbox, fixture->link);
  g_assert_cmpstr (tea_timeline_item_get_id (item), ==, "0000abcd-2");

  /* Refused for now, it stays the same. */
  tea_link_emit_refused (fixture->link, 2, "full", FALSE);
  assert_timeline (fixture, "mexa");
  tea_outbox_retry (fixture->outbox, item, fixture->link);
  assert_timeline (fixture, "me~a");
  g_assert_cmpstr (tea_timeline_item_get_id (item), ==, "0000abcd-2");
  tea_link_emit_refused (fixture->link, 2, "full", FALSE);
  tea_outbox_discard (fixture->outbox, item, fixture->link);
  assert_timeline (fixture, "");
}

/* What was on its way when the connection was lost cannot be taken back. */
static void
test_discard_in_doubt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) first = NULL;
  g_autoptr (TeaTimelineItem) second = NULL;
  GListModel *model = G_LIST_MODEL (tea_replica_get_timeline (fixture->replica));

  say (fixture, "a");
  tea_outbox_take_back (fixture->outbox);
  tea_outbox_say (fixture->outbox, NULL, "b");
  first = g_list_model_get_item (model, 1);
  second = g_list_model_get_item (model, 2);
  g_assert_false (tea_outbox_can_discard (fixture->outbox, first));
  g_assert_true (tea_outbox_can_discard (fixture->outbox, second));
}

static void
test_gap (Fixture *fixture, gconstpointer data)
{
  tea_link_emit_gap (fixture->link);
  assert_timeline (fixture, "");

  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "1", 5, 1);
  say (fixture, "a");
  say (fixture, "b");
  tea_link_emit_delivered (fixture->link, 1, 12);
  tea_link_emit_delivered (fixture->link, 2, 22);
  tea_link_emit_gap (fixture->link);
  tea_link_emit_gap (fixture->link);
  hear (fixture, 21, TEA_EVENT_MESSAGE, "Noor", "2", 5, 2);

  /* The first is in the gap; the second still comes. */
  assert_timeline (fixture, "Noor:1 gap me=a Noor:2 me=b");
  tea_link_emit_passed (fixture->link, 21);
  g_assert_false (hear (fixture, 22, TEA_EVENT_MESSAGE, "Mei", "b", STREAM, 2));
  assert_timeline (fixture, "Noor:1 gap me=a Noor:2 me=b");
}

/* What one said oneself has the order of the log, in a gap as well. */
static void
test_many_in_a_gap (Fixture *fixture, gconstpointer data)
{
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "1", 5, 1);
  for (guint i = 1; i <= 9; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      say (fixture, text);
      tea_link_emit_delivered (fixture->link, i, 2 * i + 10);
    }
  tea_link_emit_gap (fixture->link);
  hear (fixture, 41, TEA_EVENT_MESSAGE, "Noor", "2", 5, 2);
  tea_link_emit_passed (fixture->link, 41);
  assert_timeline (fixture, "Noor:1 gap me=1 me=2 me=3 me=4 me=5 me=6 me=7 me=8 me=9 Noor:2");
}

static void
test_presence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaMember) noor = tea_member_new_entered ("Noor", 2);
  TeaMemberList *members = tea_replica_get_members (fixture->replica);

  g_assert_true (hear (fixture, 1, TEA_EVENT_JOINED, "Mei", NULL, 0, 0));
  assert_timeline (fixture, "");
  g_assert_true (hear (fixture, 2, TEA_EVENT_JOINED, "Noor", NULL, 0, 0));
  assert_timeline (fixture, "presence");

  /* Who is there, the link knows better than the log. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (members)), ==, 1);
  tea_link_emit_arrived (fixture->link, noor);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (members)), ==, 2);
  tea_link_emit_departed (fixture->link, "Noor");
  tea_link_emit_departed (fixture->link, "Mei");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (members)), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/replica/one-order", test_one_order);
  ADD ("/replica/other-device", test_other_device);
  ADD ("/replica/across-connections", test_across_connections);
  ADD ("/replica/refused", test_refused);
  ADD ("/replica/discard-in-doubt", test_discard_in_doubt);
  ADD ("/replica/gap", test_gap);
  ADD ("/replica/many-in-a-gap", test_many_in_a_gap);
  ADD ("/replica/presence", test_presence);

  return g_test_run ();
}
