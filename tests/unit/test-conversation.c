/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-conversation-private.h"

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-test-connector.h"

#define EPOCH 77

/* A conversation on a link to a server that is the test. */

typedef struct
{
  TeaClock *clock;
  TeaTestConnector *connector;
  TeaSecureLink *link;
  TeaConversation *conversation;
  GListModel *timeline;
  guint n_events;     /* told */
  guint n_deliveries; /* told as delivered, with a place */
} Fixture;

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
send (Fixture *fixture, GBytes *frame)
{
  tea_test_server_send (fixture->connector->server, 0, frame);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (tea_link_join_finish (TEA_LINK (source), result, NULL));
}

static GBytes *
encode_opened (guint64 epoch, guint64 first, guint64 head, guint32 number)
{
  return tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_OPENED,
                                        .opened = { .epoch = epoch,
                                                    .first = first,
                                                    .start = head + 1,
                                                    .head = head,
                                                    .read = 8,
                                                    .unread = 2,
                                                    .number = number,
                                                    .role = TEA_ROOM_ROLE_MEMBER,
                                                    .address = "",
                                                    .title = "" } });
}

/* Connects for the first time or again; so many messages are stored. */
static void
enter (Fixture *fixture, guint64 head, guint32 number)
{
  tea_link_join_async (TEA_LINK (fixture->link), NULL, joined_cb, NULL);
  settle ();
  send (fixture, tea_frame_encode_entered (0, "Mei", ""));
  send (fixture, encode_opened (EPOCH, 1, head, number));
  settle ();
}

static void
lose (Fixture *fixture)
{
  send (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
}

static void
event_cb (Fixture *fixture)
{
  fixture->n_events++;
}

static void
delivery_cb (Fixture *fixture, TeaTimelineItem *item)
{
  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_DELIVERED)
    fixture->n_deliveries++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->connector = g_object_new (TEA_TYPE_TEST_CONNECTOR, NULL);
  fixture->link = tea_secure_link_new (fixture->clock, TEA_PACKET_CONNECTOR (fixture->connector),
                                       "Mei", NULL, 0xabcd);
  fixture->conversation = tea_conversation_new (fixture->clock, "");
  fixture->timeline = G_LIST_MODEL (tea_conversation_get_timeline (fixture->conversation));
  g_object_connect (fixture->conversation, "swapped-signal::event", event_cb, fixture,
                    "swapped-signal::delivery", delivery_cb, fixture, NULL);
  tea_conversation_enter (fixture->conversation, "Mei");
  tea_conversation_follow_secure (fixture->conversation, fixture->link,
                                  &(TeaRoomPlan){ .address = "", .history = 50 });
  enter (fixture, 10, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->conversation);
  g_assert_finalize_object (fixture->link);
  g_assert_finalize_object (fixture->connector);
  g_assert_finalize_object (fixture->clock);
}

/* Returns whether the event is told. */
static gboolean
hear (Fixture *fixture,
      guint64 seq,
      TeaEventKind kind,
      const char *author,
      const char *text,
      guint32 stream,
      guint32 number)
{
  guint n_before = fixture->n_events;
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, kind, tea_clock_get_real_time (fixture->clock), author, text,
                              NULL, stream, number);

  send (fixture, tea_frame_encode_event (event));

  return fixture->n_events > n_before;
}

static void
say (Fixture *fixture, const char *text)
{
  g_assert_true (tea_conversation_say (fixture->conversation, text, NULL));
}

static void
ack (Fixture *fixture, guint32 number, guint64 seq)
{
  send (fixture, tea_frame_encode_ack (number, seq));
}

static guint
count_unsent (Fixture *fixture)
{
  return tea_conversation_get_n_unsent (fixture->conversation);
}

static char *
describe (Fixture *fixture)
{
  static const char *const deliveries[] = { ":", "?", "x", "~", "=" };
  GListModel *model = fixture->timeline;
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
  g_assert_cmpuint (count_unsent (fixture), ==, 2);

  ack (fixture, 1, 12);
  assert_timeline (fixture, "me=a me~b");
  g_assert_cmpuint (count_unsent (fixture), ==, 1);

  g_assert_true (hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "first", 5, 1));
  assert_timeline (fixture, "Noor:first me=a me~b");
  g_assert_false (hear (fixture, 12, TEA_EVENT_MESSAGE, "Mei", "a", 0xabcd, 1));
  g_assert_true (hear (fixture, 13, TEA_EVENT_MESSAGE, "Noor", "second", 5, 2));
  assert_timeline (fixture, "Noor:first me=a Noor:second me~b");

  /* It comes out of the log before the acknowledgement does. */
  g_assert_false (hear (fixture, 14, TEA_EVENT_MESSAGE, "Mei", "b", 0xabcd, 2));
  assert_timeline (fixture, "Noor:first me=a Noor:second me=b");
  g_assert_cmpuint (count_unsent (fixture), ==, 0);

  item = g_list_model_get_item (fixture->timeline, 4);
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
  lose (fixture);
  say (fixture, "c");
  assert_timeline (fixture, "waiting me?a me?b me?c");
  g_assert_cmpuint (count_unsent (fixture), ==, 3);

  /* The first had arrived; the second is said again; the third is new. */
  enter (fixture, 10, 1);
  assert_timeline (fixture, "me=a me~b me~c");

  hear (fixture, 11, TEA_EVENT_MESSAGE, "Mei", "a", 0xabcd, 1);
  hear (fixture, 12, TEA_EVENT_MESSAGE, "Mei", "b", 0xabcd, 2);
  hear (fixture, 13, TEA_EVENT_MESSAGE, "Mei", "c", 0xabcd, 3);
  assert_timeline (fixture, "me=a me=b me=c");
  g_assert_cmpuint (fixture->n_deliveries, ==, 3);
  g_assert_cmpuint (fixture->n_events, ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  say (fixture, "a");
  item = g_list_model_get_item (fixture->timeline, 0);
  send (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_OTHER, "no"));
  assert_timeline (fixture, "mexa");
  g_assert_cmpstr (tea_timeline_item_get_failure (item), ==, "no");
  g_assert_cmpuint (count_unsent (fixture), ==, 0);

  /* Said again, it is another message. */
  tea_conversation_retry (fixture->conversation, item);
  g_assert_cmpstr (tea_timeline_item_get_id (item), ==, "0000abcd-2");

  /* Refused for now, it stays the same. */
  send (fixture, tea_frame_encode_nack (2, TEA_REFUSAL_TRY_LATER, "full"));
  assert_timeline (fixture, "waiting me?a");
  tea_conversation_retry (fixture->conversation, item);
  assert_timeline (fixture, "me~a");
  g_assert_cmpstr (tea_timeline_item_get_id (item), ==, "0000abcd-2");
  send (fixture, tea_frame_encode_nack (2, TEA_REFUSAL_TRY_LATER, "full"));
  tea_conversation_discard (fixture->conversation, item);
  assert_timeline (fixture, "");
}

/* What was on its way when the connection was lost cannot be taken back. */
static void
test_discard_in_doubt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) first = NULL;
  g_autoptr (TeaTimelineItem) second = NULL;

  say (fixture, "a");
  lose (fixture);
  say (fixture, "b");
  first = g_list_model_get_item (fixture->timeline, 1);
  second = g_list_model_get_item (fixture->timeline, 2);
  tea_conversation_discard (fixture->conversation, first);
  tea_conversation_discard (fixture->conversation, second);
  assert_timeline (fixture, "waiting me?a");
}

static void
notify_cb (guint *n_notified)
{
  ++*n_notified;
}

/* What is delivered has the time of typing until the time of the log comes. */
static void
test_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  guint n_notified = 0;

  say (fixture, "a");
  item = g_list_model_get_item (fixture->timeline, 0);
  g_signal_connect_swapped (item, "notify::time", G_CALLBACK (notify_cb), &n_notified);
  ack (fixture, 1, 11);
  g_assert_cmpuint (n_notified, ==, 0);

  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + G_TIME_SPAN_SECOND);
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Mei", "a", 0xabcd, 1);
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_cmpint (tea_timeline_item_get_time (item), ==, tea_clock_get_real_time (fixture->clock));
}

/* The server has let go of 12 to 20: the first of one's own is in the gap, the second
 * still comes. */
static void
test_gap (Fixture *fixture, gconstpointer data)
{
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "1", 5, 1);
  say (fixture, "a");
  say (fixture, "b");
  ack (fixture, 1, 12);
  ack (fixture, 2, 22);
  send (fixture, tea_frame_encode_head (21, 22));
  hear (fixture, 21, TEA_EVENT_MESSAGE, "Noor", "2", 5, 2);
  assert_timeline (fixture, "Noor:1 gap me=a Noor:2 me=b");

  g_assert_false (hear (fixture, 22, TEA_EVENT_MESSAGE, "Mei", "b", 0xabcd, 2));
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
      ack (fixture, i, 2 * i + 10);
    }
  send (fixture, tea_frame_encode_head (41, 41));
  hear (fixture, 41, TEA_EVENT_MESSAGE, "Noor", "2", 5, 2);
  assert_timeline (fixture, "Noor:1 gap me=1 me=2 me=3 me=4 me=5 me=6 me=7 me=8 me=9 Noor:2");
}

/* Who comes back and finds another log has nothing to place what was stored in the old one
 * by; it comes behind the gap. */
static void
test_another_log (Fixture *fixture, gconstpointer data)
{
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "1", 5, 1);
  say (fixture, "a");
  ack (fixture, 1, 12);
  lose (fixture);

  tea_link_join_async (TEA_LINK (fixture->link), NULL, joined_cb, NULL);
  settle ();
  send (fixture, tea_frame_encode_entered (0, "Mei", ""));
  send (fixture, encode_opened (EPOCH + 1, 3, 3, 1));
  settle ();
  hear (fixture, 3, TEA_EVENT_MESSAGE, "Noor", "2", 5, 2);
  assert_timeline (fixture, "Noor:1 gap Noor:2 me=a");
}

static void
test_presence (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember present[] = { { 4, "Sam", NULL } };
  GListModel *members = tea_conversation_get_members (fixture->conversation);

  g_assert_false (tea_conversation_get_members_known (fixture->conversation));
  send (fixture, tea_frame_encode_present (10, 0, present, 1));
  g_assert_true (tea_conversation_get_members_known (fixture->conversation));

  /* One's own coming is told, but not shown. */
  g_assert_true (hear (fixture, 11, TEA_EVENT_JOINED, "Mei", NULL, 0, 0));
  assert_timeline (fixture, "");
  g_assert_true (hear (fixture, 12, TEA_EVENT_JOINED, "Noor", NULL, 0, 0));
  assert_timeline (fixture, "presence");
  g_assert_cmpuint (g_list_model_get_n_items (members), ==, 3);

  /* Of oneself one knows better. */
  g_assert_true (hear (fixture, 13, TEA_EVENT_LEFT, "Noor", NULL, 0, 0));
  g_assert_true (hear (fixture, 14, TEA_EVENT_LEFT, "Mei", NULL, 0, 0));
  g_assert_cmpuint (g_list_model_get_n_items (members), ==, 2);

  lose (fixture);
  g_assert_false (tea_conversation_get_members_known (fixture->conversation));
}

static void
assert_position (Fixture *fixture, guint64 read, guint unread)
{
  g_assert_cmpuint (tea_conversation_get_read (fixture->conversation), ==, read);
  g_assert_cmpuint (tea_conversation_get_unread (fixture->conversation), ==, unread);
}

/* What the server counted, and what came since, of others. */
static void
test_unread (Fixture *fixture, gconstpointer data)
{
  assert_position (fixture, 8, 2);
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "x", 5, 1);
  hear (fixture, 12, TEA_EVENT_JOINED, "Sam", NULL, 0, 0);
  hear (fixture, 13, TEA_EVENT_MESSAGE, "Noor", "y", 5, 2);
  assert_position (fixture, 8, 4);

  /* Nobody has read what was not told. */
  tea_conversation_mark_read (fixture->conversation, 12);
  assert_position (fixture, 12, 1);
  tea_conversation_mark_read (fixture->conversation, 99);
  assert_position (fixture, 13, 0);

  send (fixture, tea_frame_encode_read (10, 2));
  assert_position (fixture, 13, 0);
  hear (fixture, 14, TEA_EVENT_MESSAGE, "Noor", "z", 5, 3);
  send (fixture, tea_frame_encode_read (14, 0));
  assert_position (fixture, 14, 0);
}

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) later = NULL;
  g_auto (GStrv) lost = NULL;

  send (fixture, tea_frame_encode_typing ("Noor"));
  send (fixture, tea_frame_encode_typing ("Sam"));
  send (fixture, tea_frame_encode_typing ("mei"));
  names = tea_conversation_dup_typing (fixture->conversation);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  hear (fixture, 11, TEA_EVENT_MESSAGE, "NOOR", "x", 5, 1);
  later = tea_conversation_dup_typing (fixture->conversation);
  g_assert_cmpuint (g_strv_length (later), ==, 1);
  g_assert_cmpstr (later[0], ==, "Sam");
  lose (fixture);
  lost = tea_conversation_dup_typing (fixture->conversation);
  g_assert_cmpuint (g_strv_length (lost), ==, 0);
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) settings = tea_event_data_encode_settings (&(TeaRoomSettings){
      .address = (char *) "Kitchen", .title = (char *) "The kitchen", .flags = TEA_ROOM_LISTED });
  g_autoptr (GBytes) archived = tea_event_data_encode_switch (TRUE);
  TeaEventFields fields
      = { .seq = 11, .kind = TEA_EVENT_SETTINGS, .author = "Noor", .data = settings };
  g_autoptr (TeaEvent) first = tea_event_new_from_fields (&fields);
  g_autoptr (TeaEvent) second = NULL;

  fields = (TeaEventFields){
    .seq = 12, .kind = TEA_EVENT_ARCHIVED, .author = "Noor", .data = archived
  };
  second = tea_event_new_from_fields (&fields);
  send (fixture, tea_frame_encode_event (first));
  send (fixture, tea_frame_encode_event (second));
  g_assert_cmpstr (tea_conversation_get_title (fixture->conversation), ==, "The kitchen");
  g_assert_cmpstr (tea_conversation_get_address (fixture->conversation), ==, "Kitchen");
  g_assert_cmpuint (tea_conversation_get_flags (fixture->conversation), ==,
                    TEA_ROOM_LISTED | TEA_ROOM_ARCHIVED);
  g_assert_cmpuint (fixture->n_events, ==, 2);
  assert_timeline (fixture, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/conversation/one-order", test_one_order);
  ADD ("/conversation/other-device", test_other_device);
  ADD ("/conversation/across-connections", test_across_connections);
  ADD ("/conversation/refused", test_refused);
  ADD ("/conversation/discard-in-doubt", test_discard_in_doubt);
  ADD ("/conversation/gap", test_gap);
  ADD ("/conversation/many-in-a-gap", test_many_in_a_gap);
  ADD ("/conversation/time", test_time);
  ADD ("/conversation/another-log", test_another_log);
  ADD ("/conversation/presence", test_presence);
  ADD ("/conversation/unread", test_unread);
  ADD ("/conversation/typing", test_typing);
  ADD ("/conversation/settings", test_settings);

  return g_test_run ();
}
