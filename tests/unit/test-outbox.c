/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox.h"
#include "tea-timeline-private.h"

/* A link that writes down what is said, or fails as it is told to. */

#define TEST_TYPE_LINK (test_link_get_type ())
G_DECLARE_FINAL_TYPE (TestLink, test_link, TEST, LINK, GObject)

struct _TestLink
{
  GObject parent_instance;

  GString *said;
  int failure; /* a GIOErrorEnum, or -1 */
};

static gboolean
test_link_say (TeaLink *link, const char *text, guint32 *number, GError **error)
{
  TestLink *self = TEST_LINK (link);

  if (self->failure >= 0)
    {
      g_set_error_literal (error, G_IO_ERROR, self->failure, "no way");
      return FALSE;
    }

  g_string_append (self->said, text);

  return TRUE;
}

static void
test_link_link_init (TeaLinkInterface *iface)
{
  iface->say = test_link_say;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLink,
                               test_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, test_link_link_init))

static void
test_link_finalize (GObject *object)
{
  g_string_free (TEST_LINK (object)->said, TRUE);

  G_OBJECT_CLASS (test_link_parent_class)->finalize (object);
}

static void
test_link_class_init (TestLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_link_finalize;
}

static void
test_link_init (TestLink *self)
{
  self->said = g_string_new (NULL);
  self->failure = -1;
}

typedef struct
{
  TeaClock *clock;
  TeaTimeline *timeline;
  TeaOutbox *outbox;
  TestLink *link;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (fixture->timeline, "Mei");
  fixture->outbox = tea_outbox_new (fixture->timeline, fixture->clock);
  fixture->link = g_object_new (TEST_TYPE_LINK, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->outbox);
  g_assert_finalize_object (fixture->timeline);
  g_assert_finalize_object (fixture->clock);
  g_assert_finalize_object (fixture->link);
}

static TeaTimelineItem *
peek_last (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->timeline);
  g_autoptr (TeaTimelineItem) item
      = g_list_model_get_item (model, g_list_model_get_n_items (model) - 1);

  return item;
}

static void
test_waits_in_order (Fixture *fixture, gconstpointer data)
{
  tea_outbox_say (fixture->outbox, NULL, "a");
  tea_outbox_say (fixture->outbox, NULL, "b");
  /* There is a link again, but others wait: no overtaking. */
  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "c");
  g_assert_cmpstr (fixture->link->said->str, ==, "");

  g_assert_cmpuint (tea_outbox_flush (fixture->outbox, TEA_LINK (fixture->link)), ==, 3);
  g_assert_cmpstr (fixture->link->said->str, ==, "abc");
  g_assert_cmpuint (tea_outbox_flush (fixture->outbox, TEA_LINK (fixture->link)), ==, 0);
}

static void
test_link_breaks (Fixture *fixture, gconstpointer data)
{
  tea_outbox_say (fixture->outbox, NULL, "a");
  fixture->link->failure = G_IO_ERROR_CONNECTION_REFUSED;

  g_assert_cmpuint (tea_outbox_flush (fixture->outbox, TEA_LINK (fixture->link)), ==, 0);
  g_assert_cmpint (tea_timeline_item_get_delivery (peek_last (fixture)), ==, TEA_DELIVERY_WAITING);
}

static void
test_fails_and_is_retried (Fixture *fixture, gconstpointer data)
{
  TeaTimelineItem *item;

  tea_outbox_say (fixture->outbox, NULL, "a");
  fixture->link->failure = G_IO_ERROR_MESSAGE_TOO_LARGE;
  tea_outbox_flush (fixture->outbox, TEA_LINK (fixture->link));

  item = peek_last (fixture);
  g_assert_cmpint (tea_timeline_item_get_delivery (item), ==, TEA_DELIVERY_FAILED);
  g_assert_cmpstr (tea_timeline_item_get_failure (item), ==, "no way");

  fixture->link->failure = -1;
  tea_outbox_retry (fixture->outbox, item, NULL);
  g_assert_cmpuint (tea_outbox_flush (fixture->outbox, TEA_LINK (fixture->link)), ==, 1);
  g_assert_cmpstr (fixture->link->said->str, ==, "a");
}

static void
test_refusal (Fixture *fixture, gconstpointer data)
{
  g_assert_false (tea_outbox_take_refusal (fixture->outbox, "of nothing"));

  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "a");
  g_assert_true (tea_outbox_take_refusal (fixture->outbox, "not in the room"));
  g_assert_cmpint (tea_timeline_item_get_delivery (peek_last (fixture)), ==, TEA_DELIVERY_FAILED);
  g_assert_false (tea_outbox_take_refusal (fixture->outbox, "again"));

  tea_outbox_discard (fixture->outbox, peek_last (fixture), NULL);
  g_assert_cmpint (tea_timeline_item_get_kind (peek_last (fixture)), ==, TEA_TIMELINE_ITEM_DAY);
}

static void
test_echo (Fixture *fixture, gconstpointer data)
{
  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "a");
  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "a");

  g_assert_false (tea_outbox_take_echo (fixture->outbox, "b"));
  g_assert_true (tea_outbox_take_echo (fixture->outbox, "a"));
  g_assert_true (tea_outbox_take_echo (fixture->outbox, "a"));
  g_assert_false (tea_outbox_take_echo (fixture->outbox, "a"));
}

static void
test_take_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) heard = NULL;

  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "heard ");
  heard = g_object_ref (peek_last (fixture));
  tea_outbox_note_heard (fixture->outbox);
  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "a ");
  tea_outbox_say (fixture->outbox, TEA_LINK (fixture->link), "b ");

  tea_outbox_take_back (fixture->outbox);
  g_assert_cmpint (tea_timeline_item_get_delivery (heard), ==, TEA_DELIVERY_SENT);

  g_string_truncate (fixture->link->said, 0);
  g_assert_cmpuint (tea_outbox_flush (fixture->outbox, TEA_LINK (fixture->link)), ==, 2);
  g_assert_cmpstr (fixture->link->said->str, ==, "a b ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/outbox/waits-in-order", test_waits_in_order);
  ADD ("/outbox/link-breaks", test_link_breaks);
  ADD ("/outbox/fails-and-is-retried", test_fails_and_is_retried);
  ADD ("/outbox/refusal", test_refusal);
  ADD ("/outbox/echo", test_echo);
  ADD ("/outbox/take-back", test_take_back);

  return g_test_run ();
}
