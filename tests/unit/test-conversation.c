/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-conversation-private.h"

#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame-split.h"
#include "tea-pinned-message.h"
#include "tea-test-connector.h"

#define KEY "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

#define EPOCH 77
/* After that one asks again what has no answer. */
#define PATIENCE (1200 * G_TIME_SPAN_MILLISECOND)

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

/* What is not above it was there when this program came, also after it has come back. */
static void
test_arrival (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaConversation) unopened = tea_conversation_new (fixture->clock, "unopened");

  g_assert_false (tea_conversation_get_has_caught_up (unopened));
  g_assert_true (tea_conversation_get_has_caught_up (fixture->conversation));
  g_assert_cmpuint (tea_conversation_get_arrival (fixture->conversation), ==, 10);
  lose (fixture);
  enter (fixture, 12, 0);
  g_assert_cmpuint (tea_conversation_get_arrival (fixture->conversation), ==, 10);
}

/* In another log all is new. */
static void
test_arrival_in_another_log (Fixture *fixture, gconstpointer data)
{
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "1", 5, 1);
  lose (fixture);
  tea_link_join_async (TEA_LINK (fixture->link), NULL, joined_cb, NULL);
  settle ();
  send (fixture, tea_frame_encode_entered (0, "Mei", ""));
  send (fixture, encode_opened (EPOCH + 1, 3, 3, 0));
  settle ();
  g_assert_cmpuint (tea_conversation_get_arrival (fixture->conversation), ==, 0);
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

/* What the client has told and asked since the last time, in words. */
static char *
take_sent (Fixture *fixture)
{
  TeaTestServer *server = fixture->connector->server;
  GString *text = g_string_new (NULL);

  settle ();
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock));
  for (guint i = 0; i < server->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (g_ptr_array_index (server->sent, i));
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        if (frame.type == TEA_FRAME_SAY)
          g_string_append_printf (text, "SAY(%u,%s) ", frame.say.number, frame.say.text);
        else if (frame.type == TEA_FRAME_TELL)
          g_string_append_printf (text, "TELL(%u,%u,%" G_GUINT64_FORMAT ",%s) ", frame.tell.number,
                                  frame.tell.wire_kind, frame.tell.target, frame.tell.text);
        else if (frame.type == TEA_FRAME_FIND)
          g_string_append_printf (text, "FIND(%u,%" G_GUINT64_FORMAT ",%s) ", frame.find.number,
                                  frame.find.before, frame.find.words);
        else if (frame.type == TEA_FRAME_WHO)
          g_string_append (text, "WHO ");
        else if (frame.type == TEA_FRAME_PULL)
          for (guint j = 0; j < frame.pull.n_ranges; j++)
            g_string_append_printf (text, "PULL(%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT ") ",
                                    frame.pull.ranges[j].from, frame.pull.ranges[j].to);
    }
  g_ptr_array_set_size (server->sent, 0);

  return g_strchomp (g_string_free (text, FALSE));
}

#define assert_sent(fixture, expected)           \
  G_STMT_START                                   \
  {                                              \
    g_autofree char *sent = take_sent (fixture); \
    g_assert_cmpstr (sent, ==, expected);        \
  }                                              \
  G_STMT_END

static void
clear_sent (Fixture *fixture)
{
  g_free (take_sent (fixture));
}

static void
pass (Fixture *fixture, gint64 time)
{
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + time);
}

static void
tell (Fixture *fixture, TeaEventFields fields)
{
  g_autoptr (TeaEvent) event = NULL;

  if (fields.author == NULL)
    fields.author = "Noor";
  event = tea_event_new_from_fields (&fields);
  send (fixture, tea_frame_encode_event (event));
}

static void
change (Fixture *fixture, guint64 seq, TeaEventKind kind, guint64 target, const char *text)
{
  tell (fixture,
        (TeaEventFields){ .seq = seq, .kind = kind, .target = target, .text = text, .time = 5 });
}

/* A message as it is after a change. */
static void
tell_form (Fixture *fixture, guint64 seq, guint64 version, const char *text)
{
  g_autoptr (TeaMessageForm) form = NULL;

  if (version > 0)
    form = tea_message_form_new (text != NULL ? 4 : 0, text != NULL ? NULL : "Noor", NULL);
  tell (fixture, (TeaEventFields){ .seq = seq,
                                   .kind = TEA_EVENT_MESSAGE,
                                   .version = version,
                                   .text = text,
                                   .form = form,
                                   .time = 3 });
}

static void
pin (Fixture *fixture, guint64 seq, guint64 target, gboolean set)
{
  g_autoptr (GBytes) data = tea_event_data_encode_switch (set);

  tell (fixture,
        (TeaEventFields){ .seq = seq, .kind = TEA_EVENT_PINNED, .target = target, .data = data });
}

static void
react (Fixture *fixture, guint64 seq, guint64 target, const char *emoji, guint count)
{
  const char *const names[] = { "Noor", NULL };
  g_autoptr (GBytes) data
      = tea_event_data_encode_reacted (count > 0, count, count > 0 ? names : NULL);

  tell (fixture,
        (TeaEventFields){
            .seq = seq, .kind = TEA_EVENT_REACTED, .target = target, .text = emoji, .data = data });
}

static TeaTimelineItem *
find (Fixture *fixture, guint64 seq)
{
  TeaTimelineItem *item = tea_timeline_find_message (TEA_TIMELINE (fixture->timeline), seq);

  g_assert_nonnull (item);

  return item;
}

static void
refused_cb (GString *told, TeaEventKind kind, guint64 target, const GError *error)
{
  g_string_append_printf (told, "%u/%" G_GUINT64_FORMAT ": %s ", kind, target, error->message);
}

static void
test_tells (Fixture *fixture, gconstpointer data)
{
  TeaConversation *self = fixture->conversation;
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (TeaTimelineItem) item = NULL;
  g_autoptr (GError) error = NULL;

  clear_sent (fixture);
  g_signal_connect_swapped (self, "refused", G_CALLBACK (refused_cb), told);
  g_assert_true (tea_conversation_reply (self, 7, "yes", NULL));
  g_assert_true (tea_conversation_edit (self, 7, "no", NULL));
  g_assert_true (tea_conversation_remove (self, 8, NULL));
  g_assert_true (tea_conversation_react (self, 7, "🍵", TRUE, NULL));
  g_assert_true (tea_conversation_pin (self, 7, TRUE, NULL));
  g_assert_true (tea_conversation_set_topic (self, "tea", NULL));
  g_assert_true (tea_conversation_set_role (self, KEY, "Noor", TEA_ROOM_ROLE_MODERATOR, NULL));
  g_assert_true (tea_conversation_send_out (self, KEY, "Sam", "spam", 0, 5, FALSE, NULL));
  g_assert_true (tea_conversation_mute (self, KEY, "Sam", NULL, G_MAXINT64, NULL));
  assert_sent (fixture, "TELL(1,2,7,yes) TELL(2,3,7,no) TELL(3,4,8,) TELL(4,5,7,🍵) TELL(5,6,7,) "
                        "TELL(6,7,0,tea) TELL(7,10,0,Noor) TELL(8,11,0,spam) TELL(9,12,0,)");
  assert_timeline (fixture, "me~yes");
  item = g_list_model_get_item (fixture->timeline, 0);
  g_assert_cmpuint (tea_timeline_item_get_reply_to (item), ==, 7);
  g_assert_cmpuint (count_unsent (fixture), ==, 9);

  for (guint i = 1; i <= 7; i++)
    ack (fixture, i, 10 + i);
  send (fixture, tea_frame_encode_nack (8, TEA_REFUSAL_NOT_YOURS, "no"));
  send (fixture, tea_frame_encode_nack (9, TEA_REFUSAL_OTHER, "Too many."));
  g_assert_cmpuint (count_unsent (fixture), ==, 0);
  g_assert_cmpstr (told->str, ==, "14/0: That is not yours to do. 15/0: Too many. ");
  g_string_truncate (told, 0);
  g_assert_true (tea_conversation_remove (self, 8, NULL));
  send (fixture, tea_frame_encode_nack (10, TEA_REFUSAL_OTHER, ""));
  g_assert_cmpstr (told->str, ==, "9/8: The server does not do this. ");

  g_assert_false (tea_conversation_react (self, 7, "tea", TRUE, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID);
  g_clear_error (&error);
  g_assert_false (tea_conversation_edit (self, 7, "", &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID);
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* A change makes no line; each counts once, whatever comes again. */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  TeaTimelineItem *item;
  guint n_texts = 0;
  guint n_reactions = 0;

  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "tee", 5, 1);
  item = find (fixture, 11);
  g_signal_connect_swapped (item, "notify::text", G_CALLBACK (count_cb), &n_texts);
  g_signal_connect_swapped (item, "notify::reactions", G_CALLBACK (count_cb), &n_reactions);

  change (fixture, 12, TEA_EVENT_EDITED, 11, "tea");
  assert_timeline (fixture, "Noor:tea");
  g_assert_cmpint (tea_timeline_item_get_edited (item), ==, 5);
  g_assert_cmpuint (tea_timeline_item_get_version (item), ==, 12);
  g_assert_cmpuint (n_texts, ==, 1);

  react (fixture, 13, 11, "🍵", 2);
  g_assert_cmpuint (n_reactions, ==, 1);
  g_assert_cmpuint (tea_timeline_item_get_reactions (item)->len, ==, 1);
  g_assert_cmpuint (tea_reaction_get_count (
                        g_ptr_array_index (tea_timeline_item_get_reactions (item), 0)),
                    ==, 2);
  react (fixture, 14, 11, "🍵", 0);
  g_assert_null (tea_timeline_item_get_reactions (item));

  /* What is not there is not changed, and does not harm. */
  change (fixture, 15, TEA_EVENT_EDITED, 4, "?");
  change (fixture, 16, TEA_EVENT_REMOVED, 11, NULL);
  assert_timeline (fixture, "Noor:");
  g_assert_true (tea_timeline_item_is_removed (item));
  g_assert_cmpstr (tea_timeline_item_get_removed_by (item), ==, "Noor");
  g_assert_cmpuint (g_list_model_get_n_items (fixture->timeline), ==, 2);
  g_assert_cmpuint (fixture->n_events, ==, 6);
  g_assert_true (item == find (fixture, 11));
}

/* What one changed oneself comes out of the log as well. */
static void
test_own_changes (Fixture *fixture, gconstpointer data)
{
  say (fixture, "tee");
  ack (fixture, 1, 11);
  g_assert_true (tea_conversation_edit (fixture->conversation, 11, "tea", NULL));
  ack (fixture, 2, 12);
  assert_timeline (fixture, "me=tee");
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Mei", "tee", 0xabcd, 1);
  tell (fixture, (TeaEventFields){ .seq = 12,
                                   .kind = TEA_EVENT_EDITED,
                                   .target = 11,
                                   .author = "Mei",
                                   .text = "tea",
                                   .stream = 0xabcd,
                                   .number = 2 });
  assert_timeline (fixture, "me=tea");
  g_assert_cmpuint (fixture->n_events, ==, 1);
}

/* All that somebody said under a name goes with them. */
static void
test_sent_out (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember present[] = { { 4, "Sam", KEY }, { 5, "Noor", NULL } };
  GListModel *members = tea_conversation_get_members (fixture->conversation);
  g_autoptr (GBytes) out = tea_event_data_encode_sent_out (
      &(TeaSentOut){ .key = (char *) KEY, .name = (char *) "Sam", .erase = 12 });

  send (fixture, tea_frame_encode_present (10, 0, present, 2));
  g_assert_cmpuint (g_list_model_get_n_items (members), ==, 3);
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Sam", "a", 5, 1);
  hear (fixture, 12, TEA_EVENT_MESSAGE, "Sam", "b", 5, 2);
  hear (fixture, 13, TEA_EVENT_MESSAGE, "Noor", "c", 6, 1);
  hear (fixture, 14, TEA_EVENT_MESSAGE, "Sam", "d", 5, 3);
  g_assert_cmpuint (tea_conversation_get_unread (fixture->conversation), ==, 6);
  tell (fixture,
        (TeaEventFields){ .seq = 15, .kind = TEA_EVENT_SENT_OUT, .text = "spam", .data = out });
  assert_timeline (fixture, "Sam:a Sam: Noor:c Sam:");
  g_assert_cmpuint (tea_conversation_get_unread (fixture->conversation), ==, 4);
  g_assert_cmpuint (g_list_model_get_n_items (members), ==, 2);
}

/* What was removed is not to be read, whoever has counted it. */
static void
test_removed_unread (Fixture *fixture, gconstpointer data)
{
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "a", 5, 1);
  hear (fixture, 12, TEA_EVENT_MESSAGE, "Noor", "b", 5, 2);
  assert_position (fixture, 8, 4);
  change (fixture, 13, TEA_EVENT_REMOVED, 11, NULL);
  assert_position (fixture, 8, 3);
  change (fixture, 14, TEA_EVENT_REMOVED, 9, NULL);
  assert_position (fixture, 8, 2);

  /* Of this one nothing was left when it was told. */
  tell_form (fixture, 15, 16, NULL);
  assert_position (fixture, 8, 2);
  change (fixture, 16, TEA_EVENT_REMOVED, 15, NULL);
  assert_position (fixture, 8, 2);
  change (fixture, 17, TEA_EVENT_REMOVED, 5, NULL);
  assert_position (fixture, 8, 2);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (tea_conversation_load_older_finish (TEA_CONVERSATION (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* A page is asked for; a message in it changes; the answer was made a moment before that. */
static void
test_change_while_paging (Fixture *fixture, gconstpointer data)
{
  gboolean is_loaded = FALSE;

  clear_sent (fixture);
  tea_conversation_load_older_async (fixture->conversation, 4, NULL, loaded_cb, &is_loaded);
  assert_sent (fixture, "PULL(7-10)");
  tell_form (fixture, 7, 0, "a");
  change (fixture, 11, TEA_EVENT_EDITED, 8, "new");
  change (fixture, 12, TEA_EVENT_REMOVED, 9, NULL);
  change (fixture, 13, TEA_EVENT_EDITED, 7, "newer");
  tell_form (fixture, 8, 0, "old");
  tell_form (fixture, 9, 0, "bad");
  tell_form (fixture, 10, 14, "from later");
  settle ();
  g_assert_true (is_loaded);
  assert_timeline (fixture, "Noor:newer Noor:new Noor: Noor:from later");
  change (fixture, 14, TEA_EVENT_EDITED, 10, "not again");
  assert_timeline (fixture, "Noor:newer Noor:new Noor: Noor:from later");
}

/* The events of a result in words, the first first. */
static char *
describe_events (GPtrArray *events)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < events->len; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT ":%s ", tea_event_get_seq (events->pdata[i]),
                            tea_event_get_text (events->pdata[i]) != NULL
                                ? tea_event_get_text (events->pdata[i])
                                : "");

  return g_strchomp (g_string_free (text, FALSE));
}

static void
around_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events
      = tea_conversation_load_around_finish (TEA_CONVERSATION (source), result, &error);
  char **answer = user_data;

  *answer = events != NULL ? describe_events (events) : g_strdup (error->message);
}

static void
test_load_around (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL;
  g_autofree char *lost = NULL;
  g_autofree char *late = NULL;

  send (fixture, tea_frame_encode_present (10, 0, NULL, 0));
  clear_sent (fixture);
  tea_conversation_load_around_async (fixture->conversation, 5, 4, NULL, around_cb, &answer);
  assert_sent (fixture, "PULL(3-7)");
  tell_form (fixture, 3, 0, "c");
  tell_form (fixture, 5, 0, "e");
  change (fixture, 11, TEA_EVENT_EDITED, 5, "E");
  send (fixture, tea_frame_encode_empty (6, 7));
  settle ();
  g_assert_null (answer);

  /* What does not come is asked for again. */
  pass (fixture, 40 * G_TIME_SPAN_MILLISECOND);
  assert_sent (fixture, "PULL(4-4)");
  tell_form (fixture, 4, 0, "d");
  settle ();
  g_assert_cmpstr (answer, ==, "3:c 4:d 5:E");
  assert_timeline (fixture, "");

  /* An answer to a question that was repeated may be late. */
  tea_conversation_load_around_async (fixture->conversation, 5, 0, NULL, around_cb, &late);
  tell_form (fixture, 5, 0, "e");
  settle ();
  g_assert_cmpstr (late, ==, "5:E");

  /* The connection is lost meanwhile; then it is not open. */
  tea_conversation_load_around_async (fixture->conversation, 2, 0, NULL, around_cb, &lost);
  lose (fixture);
  settle ();
  g_assert_null (lost);
  enter (fixture, 11, 0);
  assert_sent (fixture, "PULL(2-2)");
  tell_form (fixture, 2, 0, "b");
  settle ();
  g_assert_cmpstr (lost, ==, "2:b");
}

/* A long message comes in pieces. */
static void
test_load_pieces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL;
  g_autofree char *text = g_strnfill (1000, 'x');
  g_autofree char *expected = g_strconcat ("5:", text, NULL);
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (5, TEA_EVENT_MESSAGE, 3, "Noor", text, NULL, 5, 1);
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);
  g_autoptr (GPtrArray) pieces = tea_frame_split_event (frame, 5);

  g_assert_cmpuint (pieces->len, ==, 2);
  clear_sent (fixture);
  tea_conversation_load_around_async (fixture->conversation, 5, 0, NULL, around_cb, &answer);
  assert_sent (fixture, "PULL(5-5)");
  for (guint i = 0; i < pieces->len; i++)
    send (fixture, g_bytes_ref (pieces->pdata[i]));
  settle ();
  g_assert_cmpstr (answer, ==, expected);
}

typedef struct
{
  char *answer;
  guint64 next;
} Search;

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *search = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events
      = tea_conversation_search_finish (TEA_CONVERSATION (source), result, &search->next, &error);

  search->answer = events != NULL ? describe_events (events) : g_strdup (error->message);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  const guint64 seqs[] = { 9, 5, 4 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Search search = { NULL, 0 };
  Search cancelled = { NULL, 0 };
  Search nothing = { NULL, 7 };

  send (fixture, tea_frame_encode_present (10, 0, NULL, 0));
  clear_sent (fixture);
  tea_conversation_search_async (fixture->conversation, "tea", 0, NULL, found_cb, &search);
  assert_sent (fixture, "FIND(1,0,tea)");
  pass (fixture, G_TIME_SPAN_SECOND);
  assert_sent (fixture, "FIND(1,0,tea)");
  send (fixture, tea_frame_encode_found (2, 3, seqs, 1));
  send (fixture, tea_frame_encode_found (1, 3, seqs, 3));
  assert_sent (fixture, "PULL(4-5) PULL(9-9)");
  tell_form (fixture, 4, 0, "green tea");
  tell_form (fixture, 5, 10, "coffee");
  tell_form (fixture, 9, 0, "Tea!");
  settle ();
  g_assert_cmpstr (search.answer, ==, "9:Tea! 4:green tea");
  g_assert_cmpuint (search.next, ==, 3);

  tea_conversation_search_async (fixture->conversation, "tea", 3, cancellable, found_cb,
                                 &cancelled);
  assert_sent (fixture, "FIND(2,3,tea)");
  g_cancellable_cancel (cancellable);
  settle ();
  g_assert_cmpstr (cancelled.answer, ==, "Operation was cancelled");

  tea_conversation_search_async (fixture->conversation, "tea", 3, NULL, found_cb, &nothing);
  send (fixture, tea_frame_encode_found (3, 0, NULL, 0));
  settle ();
  g_assert_cmpstr (nothing.answer, ==, "");
  g_assert_cmpuint (nothing.next, ==, 0);
  g_free (search.answer);
  g_free (cancelled.answer);
  g_free (nothing.answer);
}

static GBytes *
encode_opened_with (guint64 start, guint64 head, const guint64 *standing, gsize n_standing)
{
  return tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_OPENED,
                                        .opened = { .epoch = EPOCH,
                                                    .first = 1,
                                                    .start = start,
                                                    .head = head,
                                                    .role = TEA_ROOM_ROLE_MEMBER,
                                                    .address = "",
                                                    .title = "",
                                                    .standing = { standing, n_standing } } });
}

/* Opens the room again where the server lets go on from a later number only. */
static void
enter_behind_gap (Fixture *fixture, guint64 start, guint64 head, guint64 standing)
{
  lose (fixture);
  tea_link_join_async (TEA_LINK (fixture->link), NULL, joined_cb, NULL);
  settle ();
  send (fixture, tea_frame_encode_entered (0, "Mei", ""));
  send (fixture, encode_opened_with (start, head, &standing, standing > 0 ? 1 : 0));
  settle ();
}

/* What stands before a gap is told anew when somebody looks at it. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "a", 5, 1);
  hear (fixture, 12, TEA_EVENT_MESSAGE, "Noor", "b", 5, 2);
  hear (fixture, 13, TEA_EVENT_MESSAGE, "Noor", "c", 5, 3);
  g_assert_false (tea_timeline_item_is_stale (find (fixture, 11)));
  enter_behind_gap (fixture, 31, 30, 0);
  assert_timeline (fixture, "Noor:a Noor:b Noor:c gap");
  g_assert_true (tea_timeline_item_is_stale (find (fixture, 11)));
  hear (fixture, 31, TEA_EVENT_MESSAGE, "Noor", "z", 5, 9);
  g_assert_false (tea_timeline_item_is_stale (find (fixture, 31)));

  send (fixture, tea_frame_encode_present (31, 0, NULL, 0));
  clear_sent (fixture);
  tea_conversation_look_at (fixture->conversation, 12, 40);
  assert_sent (fixture, "PULL(12-13)");
  change (fixture, 32, TEA_EVENT_EDITED, 12, "B");
  tell_form (fixture, 12, 20, "b once");
  send (fixture, tea_frame_encode_empty (13, 13));
  settle ();
  assert_timeline (fixture, "Noor:a Noor:B Noor: gap Noor:z");
  g_assert_false (tea_timeline_item_is_stale (find (fixture, 12)));
  g_assert_true (tea_timeline_item_is_removed (find (fixture, 13)));
  g_assert_true (tea_timeline_item_is_stale (find (fixture, 11)));
  tea_conversation_look_at (fixture->conversation, 12, 40);
  assert_sent (fixture, "");

  /* What is shown is newer than what is told. */
  change (fixture, 33, TEA_EVENT_EDITED, 11, "A");
  for (guint i = 0; i < 20; i++)
    {
      pass (fixture, G_TIME_SPAN_SECOND);
      send (fixture, tea_frame_encode_head (1, 33));
    }
  clear_sent (fixture);
  tea_conversation_look_at (fixture->conversation, 11, 11);
  tea_conversation_look_at (fixture->conversation, 31, 40);
  assert_sent (fixture, "PULL(11-11)");
  tell_form (fixture, 11, 20, "a once");
  settle ();
  assert_timeline (fixture, "Noor:A Noor:B Noor: gap Noor:z");
  g_assert_true (tea_timeline_item_is_stale (find (fixture, 11)));
}

static char *
describe_pins (Fixture *fixture)
{
  GListModel *pins = tea_conversation_get_pins (fixture->conversation);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (pins); i++)
    {
      g_autoptr (TeaPinnedMessage) pinned = g_list_model_get_item (pins, i);

      g_string_append_printf (text, "%" G_GUINT64_FORMAT " ",
                              tea_pinned_message_get_target (pinned));
    }

  return g_strchomp (g_string_free (text, FALSE));
}

#define assert_pins(fixture, expected)                    \
  G_STMT_START                                            \
  {                                                       \
    g_autofree char *described = describe_pins (fixture); \
    g_assert_cmpstr (described, ==, expected);            \
  }                                                       \
  G_STMT_END

/* They come again behind each opening, and as they happen. */
static void
test_topic_and_pins (Fixture *fixture, gconstpointer data)
{
  TeaConversation *self = fixture->conversation;
  gboolean is_loaded = FALSE;
  const guint64 standing[] = { 4, 5, 6 };

  send (fixture, encode_opened_with (11, 10, standing, G_N_ELEMENTS (standing)));
  change (fixture, 4, TEA_EVENT_TOPIC, 0, "tea");
  pin (fixture, 6, 3, TRUE);
  pin (fixture, 5, 2, TRUE);
  g_assert_cmpstr (tea_conversation_get_topic (self), ==, "tea");
  assert_pins (fixture, "2 3");
  g_assert_cmpuint (fixture->n_events, ==, 0);

  change (fixture, 11, TEA_EVENT_TOPIC, 0, NULL);
  g_assert_cmpstr (tea_conversation_get_topic (self), ==, "");
  pin (fixture, 12, 3, FALSE);
  assert_pins (fixture, "2");
  hear (fixture, 13, TEA_EVENT_MESSAGE, "Noor", "x", 5, 1);
  pin (fixture, 14, 13, TRUE);
  assert_pins (fixture, "2 13");
  g_assert_true (tea_timeline_item_is_pinned (find (fixture, 13)));
  change (fixture, 15, TEA_EVENT_REMOVED, 13, NULL);
  assert_pins (fixture, "2");
  g_assert_false (tea_timeline_item_is_pinned (find (fixture, 13)));

  /* What is told late, or of the time before, is no news. */
  pin (fixture, 6, 3, TRUE);
  change (fixture, 4, TEA_EVENT_TOPIC, 0, "tea");
  tea_conversation_load_older_async (self, 4, NULL, loaded_cb, &is_loaded);
  settle ();
  send (fixture, tea_frame_encode_empty (7, 8));
  pin (fixture, 9, 1, TRUE);
  send (fixture, tea_frame_encode_empty (10, 10));
  settle ();
  g_assert_true (is_loaded);
  assert_pins (fixture, "2");
  g_assert_cmpstr (tea_conversation_get_topic (self), ==, "");

  /* Behind a gap only what is told again counts. */
  enter_behind_gap (fixture, 31, 30, 21);
  assert_pins (fixture, "");
  pin (fixture, 21, 20, TRUE);
  assert_pins (fixture, "20");
}

/* How often the room was asked for. */
static guint
count_asked (Fixture *fixture)
{
  GPtrArray *sent = fixture->connector->server->sent;
  guint n_asked = 0;

  settle ();
  pass (fixture, 0);
  for (guint i = 0; i < sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (g_ptr_array_index (sent, i));
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        n_asked += frame.type == TEA_FRAME_OPEN;
    }
  g_ptr_array_set_size (sent, 0);

  return n_asked;
}

/* What gets lost of it comes again with the same OPEN. */
static void
test_lost_topic_and_pins (Fixture *fixture, gconstpointer data)
{
  TeaConversation *self = fixture->conversation;
  const guint64 standing[] = { 4, 5, 6 };
  g_autofree char *topic = g_strnfill (TEA_TOPIC_MAX_BYTES, 't');
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (
      &(TeaEventFields){ .seq = 4, .kind = TEA_EVENT_TOPIC, .author = "Noor", .text = topic });
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);
  g_autoptr (GPtrArray) pieces = tea_frame_split_event (frame, 4);

  send (fixture, encode_opened_with (11, 10, standing, G_N_ELEMENTS (standing)));
  settle ();
  pin (fixture, 5, 2, TRUE);
  clear_sent (fixture);
  pass (fixture, PATIENCE);
  g_assert_cmpuint (count_asked (fixture), >, 0);

  /* It was unpinned meanwhile; something else was pinned. */
  send (fixture, encode_opened_with (11, 10, standing, 2));
  send (fixture, g_bytes_ref (g_ptr_array_index (pieces, 1)));
  settle ();
  clear_sent (fixture);
  pass (fixture, PATIENCE);
  g_assert_cmpuint (count_asked (fixture), >, 0);
  send (fixture, encode_opened_with (11, 10, standing, 2));
  send (fixture, g_bytes_ref (g_ptr_array_index (pieces, 0)));
  settle ();
  assert_pins (fixture, "2");
  g_assert_cmpstr (tea_conversation_get_topic (self), ==, topic);

  clear_sent (fixture);
  for (guint i = 0; i < 3; i++)
    {
      pass (fixture, G_TIME_SPAN_SECOND);
      send (fixture, tea_frame_encode_head (1, 10));
    }
  g_assert_cmpuint (count_asked (fixture), ==, 0);
}

/* What was taken off within a gap in the middle of a session is not pinned any more. */
static void
test_gap_in_session (Fixture *fixture, gconstpointer data)
{
  TeaConversation *self = fixture->conversation;
  const guint64 standing[] = { 9, 30 };

  hear (fixture, 11, TEA_EVENT_MESSAGE, "Noor", "x", 5, 1);
  pin (fixture, 12, 11, TRUE);
  change (fixture, 13, TEA_EVENT_TOPIC, 0, "tea");
  assert_pins (fixture, "11");
  clear_sent (fixture);

  send (fixture, tea_frame_encode_head (31, 30));
  g_assert_cmpuint (count_asked (fixture), ==, 1);
  assert_pins (fixture, "");
  pass (fixture, PATIENCE);
  g_assert_cmpuint (count_asked (fixture), >, 0);
  send (fixture, encode_opened_with (31, 30, standing, G_N_ELEMENTS (standing)));
  change (fixture, 30, TEA_EVENT_TOPIC, 0, "milk");
  pin (fixture, 9, 7, TRUE);
  assert_pins (fixture, "7");
  g_assert_cmpstr (tea_conversation_get_topic (self), ==, "milk");

  pass (fixture, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_asked (fixture), ==, 0);
}

static void
member_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaMember) member
      = tea_conversation_find_member_finish (TEA_CONVERSATION (source), result, &error);
  char **answer = user_data;

  *answer = g_strdup (member != NULL ? tea_member_get_fingerprint (member) : error->message);
}

/* Of who came by an event the key is not known: the server is asked. */
static void
test_find_member (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember present[] = { { 4, "Noor", NULL }, { 11, "Sam", KEY } };
  g_autofree char *sam = NULL;
  g_autofree char *noor = NULL;
  g_autofree char *again = NULL;

  send (fixture, tea_frame_encode_present (10, 0, present, 1));
  hear (fixture, 11, TEA_EVENT_JOINED, "Sam", NULL, 0, 0);
  clear_sent (fixture);
  tea_conversation_find_member_async (fixture->conversation, "sam", NULL, member_cb, &sam);
  tea_conversation_find_member_async (fixture->conversation, "Noor", NULL, member_cb, &noor);
  assert_sent (fixture, "WHO");
  g_assert_null (sam);
  send (fixture, tea_frame_encode_present (11, 0, present, 2));
  settle ();
  g_assert_cmpstr (sam, ==, KEY);
  g_assert_cmpstr (noor, ==, "Nobody of that name is here, or they have no key.");

  tea_conversation_find_member_async (fixture->conversation, "Sam", NULL, member_cb, &again);
  settle ();
  assert_sent (fixture, "");
  g_assert_cmpstr (again, ==, KEY);
}

static void
test_role_and_slow_mode (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) role = tea_event_data_encode_role (KEY, TEA_ROOM_ROLE_MODERATOR);
  g_autoptr (GBytes) settings = tea_event_data_encode_settings (
      &(TeaRoomSettings){ .address = (char *) "", .title = (char *) "", .slow_mode = 30 });

  tell (fixture,
        (TeaEventFields){ .seq = 11, .kind = TEA_EVENT_ROLE, .text = "Sam", .data = role });
  g_assert_cmpuint (tea_conversation_get_role (fixture->conversation), ==, TEA_ROOM_ROLE_MEMBER);
  tell (fixture,
        (TeaEventFields){ .seq = 12, .kind = TEA_EVENT_ROLE, .text = "mei", .data = role });
  g_assert_cmpuint (tea_conversation_get_role (fixture->conversation), ==, TEA_ROOM_ROLE_MODERATOR);
  tell (fixture, (TeaEventFields){ .seq = 13, .kind = TEA_EVENT_SETTINGS, .data = settings });
  g_assert_cmpuint (tea_conversation_get_slow_mode (fixture->conversation), ==, 30);

  /* It may have changed while one was away. */
  lose (fixture);
  tea_link_join_async (TEA_LINK (fixture->link), NULL, joined_cb, NULL);
  settle ();
  send (fixture, tea_frame_encode_entered (0, "Mei", ""));
  send (fixture, tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_OPENED,
                                                .opened = { .epoch = EPOCH,
                                                            .first = 1,
                                                            .start = 14,
                                                            .head = 13,
                                                            .slow_mode = 5,
                                                            .role = TEA_ROOM_ROLE_MEMBER,
                                                            .address = "",
                                                            .title = "" } }));
  settle ();
  g_assert_cmpuint (tea_conversation_get_slow_mode (fixture->conversation), ==, 5);
}

/* What the server holds back goes out by itself, and shows for how long it waits. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  gint64 until;

  send (fixture, tea_frame_encode_present (10, 0, NULL, 0));
  say (fixture, "a");
  item = g_list_model_get_item (fixture->timeline, 0);
  send (fixture, tea_frame_encode_hold (1, 20));
  assert_timeline (fixture, "me~a");
  g_assert_cmpint (tea_timeline_item_get_hold_until (item), ==, 0);

  until = tea_clock_get_real_time (fixture->clock) + 3 * G_TIME_SPAN_SECOND;
  pass (fixture, 20 * G_TIME_SPAN_MILLISECOND);
  send (fixture, tea_frame_encode_hold (1, 2980));
  assert_timeline (fixture, "waiting me?a");
  g_assert_cmpint (tea_timeline_item_get_hold_until (item), ==, until);
  say (fixture, "b");
  assert_timeline (fixture, "waiting me?a me?b");
  clear_sent (fixture);
  pass (fixture, 2900 * G_TIME_SPAN_MILLISECOND);
  assert_sent (fixture, "");
  pass (fixture, 80 * G_TIME_SPAN_MILLISECOND);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");
  assert_timeline (fixture, "me~a me~b");
  g_assert_cmpint (tea_timeline_item_get_hold_until (item), ==, 0);

  /* What is held back can be given up. */
  send (fixture, tea_frame_encode_hold (1, 5000));
  tea_conversation_discard (fixture->conversation, item);
  assert_sent (fixture, "SAY(2,b)");
  assert_timeline (fixture, "me~b");
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
  ADD ("/conversation/arrival", test_arrival);
  ADD ("/conversation/arrival/another-log", test_arrival_in_another_log);
  ADD ("/conversation/presence", test_presence);
  ADD ("/conversation/unread", test_unread);
  ADD ("/conversation/typing", test_typing);
  ADD ("/conversation/settings", test_settings);
  ADD ("/conversation/tells", test_tells);
  ADD ("/conversation/changes", test_changes);
  ADD ("/conversation/own-changes", test_own_changes);
  ADD ("/conversation/sent-out", test_sent_out);
  ADD ("/conversation/removed-unread", test_removed_unread);
  ADD ("/conversation/change-while-paging", test_change_while_paging);
  ADD ("/conversation/load-around", test_load_around);
  ADD ("/conversation/load-pieces", test_load_pieces);
  ADD ("/conversation/search", test_search);
  ADD ("/conversation/stale", test_stale);
  ADD ("/conversation/topic-and-pins", test_topic_and_pins);
  ADD ("/conversation/lost-topic-and-pins", test_lost_topic_and_pins);
  ADD ("/conversation/gap-in-session", test_gap_in_session);
  ADD ("/conversation/find-member", test_find_member);
  ADD ("/conversation/role-and-slow-mode", test_role_and_slow_mode);
  ADD ("/conversation/hold", test_hold);

  return g_test_run ();
}
