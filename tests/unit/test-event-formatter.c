/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-formatter.h"
#include "tea-limits.h"
#include "tea-pinned-message.h"
#include "tea-timeline-item-private.h"

#define KEY "SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o"

/* 2026-11-23 12:00:00.000042 UTC */
#define TIME G_GINT64_CONSTANT (1795435200000042)

static void
assert_printed (
    gboolean json, TeaEventKind kind, const char *author, const char *text, const char *expected)
{
  g_autoptr (TeaEventFormatter) formatter = tea_event_formatter_new (json);
  g_autoptr (TeaEvent) event = tea_event_new (kind, TIME, author, text);
  g_autofree char *line = tea_event_formatter_format (formatter, "", NULL, event, NULL);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_people (void)
{
  assert_printed (FALSE, TEA_EVENT_JOINED, "Mei", NULL, "Mei entered the room");
  assert_printed (FALSE, TEA_EVENT_LEFT, "Mei", NULL, "Mei left the room");
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "Mei", "a  b\nc", "Mei ： a  b\n    c");
  assert_printed (FALSE, TEA_EVENT_NOTICE, NULL, "tea time", "tea time");
  assert_printed (FALSE, TEA_EVENT_REFUSED, NULL, "no", "The server refused: no");
}

/* What others say is seen, and does no more: it neither steers the terminal nor looks
 * like somebody else's line. */
static void
test_safe (void)
{
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "Eve", "a\033[2Jb\a\r\177\302\233c",
                  "Eve ： a\357\277\275[2Jb\357\277\275\357\277\275\357\277\275\357\277\275c");
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "Eve", "hi\nMei ： I agree",
                  "Eve ： hi\n    Mei ： I agree");
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "Eve", "\342\200\256abc", "Eve ： \357\277\275abc");
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "Eve", "茶\t🍵", "Eve ： 茶\t🍵");
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "Eve", "hi\u2028Mei ： I\u2029agree",
                  "Eve ： hi\n    Mei ： I\n    agree");
  assert_printed (
      TRUE, TEA_EVENT_NOTICE, NULL, "a\u2028b\u2029",
      "{\"kind\":\"notice\",\"room\":\"\",\"author\":null,\"text\":\"a\\u2028b\\u2029\","
      "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":null,\"id\":null}");
}

/* A name that is written from right to left leaves the sentence as it is. */
static void
test_right_to_left (void)
{
  assert_printed (FALSE, TEA_EVENT_LEFT, "שלום", NULL, "\u200e\u2068שלום\u2069 left the room");
  assert_printed (FALSE, TEA_EVENT_MESSAGE, "שלום", "tea?", "\u2068שלום\u2069 ： \u2068tea?\u2069");
  /* Nobody brings controls of their own. */
  assert_printed (FALSE, TEA_EVENT_JOINED, "ש\u2069", NULL,
                  "\u200e\u2068ש\ufffd\u2069 entered the room");
}

static void
test_gap (void)
{
  g_autoptr (TeaEventFormatter) words = tea_event_formatter_new (FALSE);
  g_autoptr (TeaEventFormatter) json = tea_event_formatter_new (TRUE);
  g_autofree char *sentence = tea_event_formatter_format_gap (words, "", NULL);
  g_autofree char *object = tea_event_formatter_format_gap (json, "Kitchen", "x");

  g_assert_cmpstr (sentence, ==, "Some of what happened in the meantime is not shown here.");
  g_assert_cmpstr (object, ==, "{\"kind\":\"gap\",\"room\":\"Kitchen\"}");
}

static void
test_json (void)
{
  assert_printed (
      TRUE, TEA_EVENT_MESSAGE, "Mei", "\"a\"\n\033茶",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"\\\"a\\\"\\n\\u001b茶\","
      "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":null,\"id\":null}");
  assert_printed (TRUE, TEA_EVENT_NOTICE, NULL, "x",
                  "{\"kind\":\"notice\",\"room\":\"\",\"author\":null,\"text\":\"x\","
                  "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":null,\"id\":null}");
}

/* A program reads just what was said; who looks on is safe all the same. */
static void
test_json_is_safe (void)
{
  assert_printed (
      TRUE, TEA_EVENT_MESSAGE, "Eve\302\233", "\033[2J\177\302\2052\342\200\256\363\240\200\201",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Eve\\u009b\",\"text\":\"\\u001b[2J\\u007f\\u0085"
      "2\\u202e\\udb40\\udc01\",\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":null,"
      "\"id\":null}");
}

/* What is in a log has a number there; a message has an identifier as well. */
static void
test_json_logged (void)
{
  g_autoptr (TeaEventFormatter) formatter = tea_event_formatter_new (TRUE);
  g_autoptr (TeaEvent) message
      = tea_event_new_logged (7, TEA_EVENT_MESSAGE, TIME, "Mei", "hi", NULL, 0xbeef, 3);
  g_autoptr (TeaEvent) left
      = tea_event_new_logged (8, TEA_EVENT_LEFT, TIME, "Mei", NULL, NULL, 0, 0);
  g_autofree char *message_line = tea_event_formatter_format (formatter, "", NULL, message, NULL);
  g_autofree char *left_line = tea_event_formatter_format (formatter, "Kitchen", NULL, left, NULL);

  g_assert_cmpstr (message_line, ==,
                   "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"hi\","
                   "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":7,"
                   "\"id\":\"0000beef-3\"}");
  g_assert_cmpstr (left_line, ==,
                   "{\"kind\":\"left\",\"room\":\"Kitchen\",\"author\":\"Mei\",\"text\":null,"
                   "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":8,\"id\":null}");
}

/* What is printed of an event, to people and to programs; "*" stands for its time and number. */
static void
assert_both (const TeaEventFields *fields,
             const TeaMessageFacts *target,
             const char *words,
             const char *json)
{
  static const char time[] = "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":7,\"id\":null";
  g_autoptr (TeaEventFormatter) people = tea_event_formatter_new (FALSE);
  g_autoptr (TeaEventFormatter) programs = tea_event_formatter_new (TRUE);
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (fields);
  g_autofree char *line = tea_event_formatter_format (people, "", NULL, event, target);
  g_autofree char *object = tea_event_formatter_format (programs, "", NULL, event, target);
  g_auto (GStrv) parts = g_strsplit (json, "*", 2);
  g_autofree char *expected = g_strconcat (parts[0], time, parts[1], NULL);

  g_assert_cmpstr (line, ==, words);
  g_assert_cmpstr (object, ==, expected);
}

static TeaMessageForm *
make_liked (void)
{
  static const char *const two[] = { "Bo", "Zoe", NULL };
  g_autoptr (GPtrArray) reactions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_reaction_unref);

  g_ptr_array_add (reactions, tea_reaction_new ("🍵", 2, two));

  return tea_message_form_new (0, "", reactions);
}

/* A message in each form that it can have. */
static void
test_forms (void)
{
  static const TeaMessageFacts answered
      = { 5, "Bo", "green, or a very long black tea with milk and sugar?\nNo?" };
  static const TeaMessageFacts removed = { 5, "Bo", "", .removed_by = "Bo" };
  g_autoptr (TeaMessageForm) edited = tea_message_form_new (TIME, "", NULL);
  g_autoptr (TeaMessageForm) gone = tea_message_form_new (0, "Zoe", NULL);
  g_autoptr (TeaMessageForm) own = tea_message_form_new (0, "Mei", NULL);
  g_autoptr (TeaMessageForm) liked = make_liked ();
  const struct
  {
    const char *text;
    guint64 reply;
    const TeaMessageFacts *target;
    TeaMessageForm *form;
    const char *words;
    const char *json;
  } vectors[] = {
    { "tea", 5, NULL, NULL, "Mei to #5 ： tea",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"tea\",*,\"reply\":5}" },
    { "tea", 5, &removed, NULL, "Mei to #5 ： tea",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"tea\",*,\"reply\":5}" },
    { "tea", 5, &answered, NULL, "Mei to Bo (“green, or a very long black tea with mil…”) ： tea",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"tea\",*,\"reply\":5}" },
    { "tea", 0, NULL, edited, "Mei ： tea (edited)",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"tea\",*,\"edited\":\"2026-11-23T12:00:00.000042Z\"}" },
    { "", 0, NULL, gone, "Mei ： (removed by Zoe)",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"removed\":\"Zoe\"}" },
    { "", 5, &answered, own, "Mei to Bo (“green, or a very long black tea with mil…”) ： (removed)",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"reply\":5,\"removed\":\"Mei\"}" },
    { "tea", 0, NULL, liked, "Mei ： tea  🍵 2",
      "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"tea\",*,\"reactions\":[{\"emoji\":\"🍵\",\"count\":2,\"names\":[\"Bo\",\"Zoe\"]}]}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      const TeaEventFields fields = { .seq = 7,
                                      .kind = TEA_EVENT_MESSAGE,
                                      .time = TIME,
                                      .author = "Mei",
                                      .text = vectors[i].text,
                                      .target = vectors[i].reply,
                                      .form = vectors[i].form };

      assert_both (&fields, vectors[i].target, vectors[i].words, vectors[i].json);
    }
}

/* What is done to messages, and to people. */
static void
test_changes (void)
{
  static const TeaMessageFacts of_bo = { 5, "Bo", "tea" };
  static const TeaMessageFacts of_mei = { 5, "Mei", "", .removed_by = "Mei" };
  static const char *const mei[] = { "Mei", NULL };
  const struct
  {
    TeaEventKind kind;
    const char *text;
    guint64 target;
    GBytes *data;
    const TeaMessageFacts *facts;
    const char *words;
    const char *json;
  } vectors[] = {
    { TEA_EVENT_EDITED, "black tea", 5, NULL, NULL, "Mei edited #5 ： black tea",
      "{\"kind\":\"edited\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"black tea\",*,\"target\":5}" },
    { TEA_EVENT_REMOVED, NULL, 5, NULL, NULL, "Mei removed #5",
      "{\"kind\":\"removed\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"target\":5}" },
    { TEA_EVENT_REMOVED, NULL, 5, NULL, &of_bo, "Mei removed #5, which Bo had said",
      "{\"kind\":\"removed\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"target\":5}" },
    { TEA_EVENT_REMOVED, NULL, 5, NULL, &of_mei, "Mei removed #5",
      "{\"kind\":\"removed\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"target\":5}" },
    { TEA_EVENT_REACTED, "🍵", 5, tea_event_data_encode_reacted (TRUE, 1, mei), NULL,
      "Mei reacted with 🍵 to #5",
      "{\"kind\":\"reacted\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"🍵\",*,\"target\":5,\"off\":false,\"count\":1,\"names\":[\"Mei\"]}" },
    { TEA_EVENT_REACTED, "🍵", 5, tea_event_data_encode_reacted (TRUE, 1, mei), &of_bo,
      "Mei reacted with 🍵 to “tea” (#5)",
      "{\"kind\":\"reacted\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"🍵\",*,\"target\":5,\"off\":false,\"count\":1,\"names\":[\"Mei\"]}" },
    { TEA_EVENT_REACTED, "🍵", 5, tea_event_data_encode_reacted (FALSE, 0, mei + 1), &of_bo,
      "Mei took 🍵 back from #5",
      "{\"kind\":\"reacted\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"🍵\",*,\"target\":5,\"off\":true,\"count\":0,\"names\":[]}" },
    { TEA_EVENT_PINNED, NULL, 5, tea_event_data_encode_switch (TRUE), &of_bo,
      "Mei pinned “tea” (#5)",
      "{\"kind\":\"pinned\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"target\":5,\"off\":false}" },
    { TEA_EVENT_PINNED, NULL, 5, tea_event_data_encode_switch (FALSE), &of_bo, "Mei unpinned #5",
      "{\"kind\":\"pinned\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"target\":5,\"off\":true}" },
    { TEA_EVENT_TOPIC, "tea", 0, NULL, NULL, "Mei set the topic: tea",
      "{\"kind\":\"topic\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"tea\",*}" },
    { TEA_EVENT_TOPIC, "", 0, NULL, NULL, "Mei took the topic away",
      "{\"kind\":\"topic\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"\",*}" },
    { TEA_EVENT_ROLE, "Bo", 0, tea_event_data_encode_role (KEY, TEA_ROOM_ROLE_OWNER), NULL,
      "Mei made Bo an owner of the room",
      "{\"kind\":\"role\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"Bo\",*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"role\":\"owner\"}" },
    { TEA_EVENT_ROLE, "Bo", 0, tea_event_data_encode_role (KEY, TEA_ROOM_ROLE_MEMBER), NULL,
      "Mei made Bo a member of the room like others",
      "{\"kind\":\"role\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"Bo\",*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"role\":\"member\"}" },
    { TEA_EVENT_SENT_OUT, "spam", 0,
      tea_event_data_encode_sent_out (&(TeaSentOut){ (char *) KEY, (char *) "Bo", TIME, 3, TRUE }),
      NULL, "Mei sent Bo out until 2026-11-23 12:00; what they said is removed: spam",
      "{\"kind\":\"sent-out\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"spam\",*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"until\":\"2026-11-23T12:00:00.000042Z\",\"erase\":3,\"network\":true}" },
    { TEA_EVENT_SENT_OUT, "", 0,
      tea_event_data_encode_sent_out (
          &(TeaSentOut){ (char *) KEY, (char *) "Bo", TEA_EVENT_MAX_TIME, 0, FALSE }),
      NULL, "Mei sent Bo out for good",
      "{\"kind\":\"sent-out\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"\",*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"until\":\"forever\",\"erase\":null,\"network\":false}" },
    { TEA_EVENT_SENT_OUT, NULL, 0,
      tea_event_data_encode_sent_out (&(TeaSentOut){ (char *) KEY, (char *) "Bo", 0, 0, FALSE }),
      NULL, "Mei sent Bo out, who may come back",
      "{\"kind\":\"sent-out\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"until\":null,\"erase\":null,\"network\":false}" },
    { TEA_EVENT_MUTED, "noise", 0,
      tea_event_data_encode_muted (KEY, "Bo", TIME + G_TIME_SPAN_SECOND), NULL,
      "Mei muted Bo until 2026-11-23 12:01: noise",
      "{\"kind\":\"muted\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"noise\",*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"until\":\"2026-11-23T12:00:01.000042Z\"}" },
    { TEA_EVENT_MUTED, NULL, 0, tea_event_data_encode_muted (KEY, "Bo", TEA_EVENT_MAX_TIME), NULL,
      "Mei muted Bo",
      "{\"kind\":\"muted\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"until\":\"forever\"}" },
    { TEA_EVENT_MUTED, NULL, 0, tea_event_data_encode_muted (KEY, "Bo", 0), NULL,
      "Mei lets Bo speak again",
      "{\"kind\":\"muted\",\"room\":\"\",\"author\":\"Mei\",\"text\":null,*,\"name\":\"Bo\",\"key\":\"SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o\",\"until\":null}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GBytes) data = vectors[i].data;
      const TeaEventFields fields = { .seq = 7,
                                      .kind = vectors[i].kind,
                                      .time = TIME,
                                      .author = "Mei",
                                      .text = vectors[i].text,
                                      .target = vectors[i].target,
                                      .data = data };

      assert_both (&fields, vectors[i].facts, vectors[i].words, vectors[i].json);
    }
}

static void
test_own (void)
{
  static const struct
  {
    TeaDelivery delivery;
    const char *failure; /* (nullable) */
    const char *state;   /* (nullable) */
  } cases[] = {
    { TEA_DELIVERY_SENDING, NULL, "\"sending\"" },
    { TEA_DELIVERY_DELIVERED, NULL, "\"delivered\"" },
    { TEA_DELIVERY_FAILED, NULL, "\"failed\"" },
    { TEA_DELIVERY_FAILED, "no", "\"failed\",\"reason\":\"no\"" },
    { TEA_DELIVERY_WAITING, "full", "\"waiting\",\"reason\":\"full\"" },
    { TEA_DELIVERY_WAITING, NULL, NULL },
    { TEA_DELIVERY_SENT, NULL, NULL },
  };
  g_autoptr (TeaEventFormatter) json = tea_event_formatter_new (TRUE);
  g_autoptr (TeaEventFormatter) people = tea_event_formatter_new (FALSE);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TeaTimelineItem) item = tea_timeline_item_new_message ("Mei", "hi", TIME, TRUE);
      g_autofree char *line = NULL;
      g_autofree char *expected = NULL;

      _tea_timeline_item_set_delivery (item, cases[i].delivery, cases[i].failure);
      line = tea_event_formatter_format_own (json, "", item);
      if (cases[i].state != NULL)
        expected = g_strdup_printf (
            "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"hi\","
            "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":null,"
            "\"id\":null,\"state\":%s}",
            cases[i].state);
      g_assert_cmpstr (line, ==, expected);
      g_assert_null (tea_event_formatter_format_own (people, "", item));
    }
}

/* What the server holds back tells for how long; an answer tells to what. */
static void
test_held (void)
{
  g_autoptr (TeaEventFormatter) json = tea_event_formatter_new (TRUE);
  g_autoptr (TeaTimelineItem) item = tea_timeline_item_new_message ("Mei", "hi", TIME, TRUE);
  g_autofree char *line = NULL;

  _tea_timeline_item_set_delivery (item, TEA_DELIVERY_WAITING, NULL);
  _tea_timeline_item_set_reply_to (item, 5);
  _tea_timeline_item_set_hold_until (item, g_get_real_time () + 100 * G_TIME_SPAN_SECOND - 1);
  line = tea_event_formatter_format_own (json, "", item);
  g_assert_cmpstr (line, ==,
                   "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"hi\","
                   "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":null,\"id\":null,"
                   "\"reply\":5,\"state\":\"waiting\",\"seconds\":100}");
}

/* What programs are answered. */
static void
test_answers (void)
{
  g_autofree char *error
      = tea_event_formatter_format_answer ("error", NULL, NULL, NULL, 0, "not \"that\"");
  g_autofree char *refused
      = tea_event_formatter_format_answer ("error", "open", NULL, "Kitchen", 0, "no");
  g_autofree char *closed
      = tea_event_formatter_format_answer ("closed", "close", "Kitchen", "kitchen", 0, NULL);
  g_autofree char *more = tea_event_formatter_format_history ("", 50, TRUE);
  g_autofree char *none = tea_event_formatter_format_history ("Kitchen", 0, FALSE);
  g_autofree char *position = tea_event_formatter_format_position ("Kitchen", 7, 2);
  g_autofree char *typing
      = tea_event_formatter_format_typing ("", (const char *const[]){ "Mei", "Bo", NULL });

  g_assert_cmpstr (error, ==, "{\"kind\":\"error\",\"text\":\"not \\\"that\\\"\"}");
  g_assert_cmpstr (
      refused, ==,
      "{\"kind\":\"error\",\"command\":\"open\",\"asked\":\"Kitchen\",\"text\":\"no\"}");
  g_assert_cmpstr (closed, ==,
                   "{\"kind\":\"closed\",\"room\":\"Kitchen\",\"command\":\"close\","
                   "\"asked\":\"kitchen\"}");
  g_assert_cmpstr (more, ==,
                   "{\"kind\":\"history\",\"room\":\"\",\"count\":50,\"has_older\":true}");
  g_assert_cmpstr (none, ==,
                   "{\"kind\":\"history\",\"room\":\"Kitchen\",\"count\":0,\"has_older\":false}");
  g_assert_cmpstr (position, ==,
                   "{\"kind\":\"read\",\"room\":\"Kitchen\",\"read\":7,\"unread\":2}");
  g_assert_cmpstr (typing, ==, "{\"kind\":\"typing\",\"room\":\"\",\"names\":[\"Mei\",\"Bo\"]}");
}

/* What was looked for, and what a room is about. */
static void
test_found (void)
{
  g_autoptr (TeaEventFormatter) words = tea_event_formatter_new (FALSE);
  g_autoptr (TeaEventFormatter) json = tea_event_formatter_new (TRUE);
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (7, TEA_EVENT_MESSAGE, TIME, "Mei", "茶", NULL, 0xbeef, 3);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (TeaFoundFacts));
  g_autoptr (GListStore) pins = g_list_store_new (TEA_TYPE_PINNED_MESSAGE);
  g_autoptr (TeaPinnedMessage) pin = tea_pinned_message_new (7, 9, TIME, "Mei");
  const TeaFoundFacts hit = { "", NULL, event };
  const TeaMessageFacts message = tea_message_facts_of_event (event);
  g_autofree char *line = tea_event_formatter_format_message (words, "hall", &message, NULL);
  g_autofree char *none = tea_event_formatter_format_found ("search", NULL, "茶", hits, 0);
  g_autofree char *topic
      = tea_event_formatter_format_about (words, "", NULL, "Tea", G_LIST_MODEL (pins));
  g_autofree char *more = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *about = NULL;

  g_array_append_val (hits, hit);
  g_list_store_append (pins, pin);
  more = tea_event_formatter_format_found ("search", "", "茶", hits, 7);
  shown = tea_event_formatter_format_shown ("show", "", 7, hits);
  about = tea_event_formatter_format_about (json, "a", NULL, "Tea", G_LIST_MODEL (pins));

  g_assert_cmpstr (line, ==, "[hall] #7 Mei ： 茶");
  g_assert_cmpstr (topic, ==, "The topic is: Tea");
  g_assert_cmpstr (none, ==,
                   "{\"kind\":\"found\",\"command\":\"search\",\"asked\":\"茶\",\"messages\":[]}");
  g_assert_cmpstr (more, ==,
                   "{\"kind\":\"found\",\"room\":\"\",\"command\":\"search\",\"asked\":\"茶\","
                   "\"messages\":[{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\","
                   "\"text\":\"茶\",\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":7,"
                   "\"id\":\"0000beef-3\"}],\"next\":7}");
  g_assert_cmpstr (shown, ==,
                   "{\"kind\":\"shown\",\"room\":\"\",\"command\":\"show\",\"target\":7,"
                   "\"messages\":[{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\","
                   "\"text\":\"茶\",\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":7,"
                   "\"id\":\"0000beef-3\"}]}");
  g_assert_cmpstr (about, ==, "{\"kind\":\"about\",\"room\":\"a\",\"topic\":\"Tea\",\"pins\":[7]}");
}

/* How a room is. */
static void
test_rooms (void)
{
  const TeaRoomFacts facts[] = {
    { "Kitchen", "", TEA_ROOM_LISTED | TEA_ROOM_HAS_PASSWORD, TEA_ROOM_ROLE_OWNER, 3, 5, TRUE, TRUE,
      7 },
    { "~aaaaaaaaaaaaaaaa", "The\ncellar", TEA_ROOM_BY_INVITATION | TEA_ROOM_ARCHIVED,
      TEA_ROOM_ROLE_NONE, 0, 2, FALSE, FALSE, 0 },
  };
  g_autoptr (TeaEventFormatter) words = tea_event_formatter_new (FALSE);
  g_autoptr (TeaEventFormatter) json = tea_event_formatter_new (TRUE);
  g_autoptr (GArray) rooms = g_array_new (FALSE, FALSE, sizeof (TeaRoomFacts));
  g_autofree char *none = tea_event_formatter_format_rooms (words, rooms);
  g_autofree char *lines = NULL;
  g_autofree char *object = NULL;
  g_autofree char *opened = NULL;

  g_array_append_vals (rooms, facts, G_N_ELEMENTS (facts));
  lines = tea_event_formatter_format_rooms (words, rooms);
  object = tea_event_formatter_format_rooms (json, rooms);
  opened = tea_event_formatter_format_room (json, "opened", "open", "kitchen", &facts[0]);

  g_assert_cmpstr (none, ==, "There are no rooms besides the hall.");
  g_assert_cmpstr (lines, ==,
                   "Kitchen  5 members  3 unread  with a password\n"
                   "The\n    cellar (~aaaaaaaaaaaaaaaa)  2 members  by invitation  archived");
  g_assert_cmpstr (
      object, ==,
      "{\"kind\":\"rooms\",\"rooms\":[{\"room\":\"Kitchen\",\"title\":\"\",\"role\":\"owner\","
      "\"listed\":true,\"closed\":false,\"password\":true,\"archived\":false,\"open\":true,"
      "\"unread\":3,\"members\":5},{\"room\":\"~aaaaaaaaaaaaaaaa\",\"title\":\"The\\ncellar\","
      "\"role\":\"none\",\"listed\":false,\"closed\":true,\"password\":false,\"archived\":true,"
      "\"open\":false,\"unread\":0,\"members\":2}]}");
  g_assert_cmpstr (
      opened, ==,
      "{\"kind\":\"opened\",\"room\":\"Kitchen\",\"command\":\"open\",\"asked\":\"kitchen\","
      "\"title\":\"\",\"role\":\"owner\",\"listed\":true,\"closed\":false,\"password\":true,"
      "\"archived\":false,\"open\":true,\"unread\":3,\"read\":7}");
}

/* Who hears of a room that is not open hears why, and how to get there. */
static void
test_news (void)
{
  static const struct
  {
    TeaRoomFacts facts;
    const char *line;
  } vectors[] = {
    { { "Kitchen", "", TEA_ROOM_LISTED, TEA_ROOM_ROLE_NONE, 0, 5, FALSE, FALSE, 0 },
      "You are invited to “Kitchen”; “/open Kitchen” goes there." },
    { { "Kitchen", "", TEA_ROOM_LISTED, TEA_ROOM_ROLE_MEMBER, 2, 5, FALSE, FALSE, 0 },
      "There is something new in “Kitchen”; “/open Kitchen” goes there." },
    { { "@key", "Bo", TEA_ROOM_PAIR, TEA_ROOM_ROLE_MEMBER, 1, 2, FALSE, FALSE, 0 },
      "There is something new in “Bo”; “/open @Bo” goes there." },
    { { "@key", "", TEA_ROOM_PAIR, TEA_ROOM_ROLE_MEMBER, 1, 2, FALSE, FALSE, 0 },
      "There is something new in “@key”; “/open @key” goes there." },
    { { "~aaaaaaaaaaaaaaaa", "Cellar", 0, TEA_ROOM_ROLE_MEMBER, 1, 2, FALSE, FALSE, 0 },
      "There is something new in “Cellar”; “/open ~aaaaaaaaaaaaaaaa” goes there." },
  };
  g_autoptr (TeaEventFormatter) words = tea_event_formatter_new (FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *line
          = tea_event_formatter_format_room (words, "news", NULL, NULL, &vectors[i].facts);

      g_assert_cmpstr (line, ==, vectors[i].line);
    }
}

/* Where the reader is not, a line says where it is from. */
static void
test_label (void)
{
  g_autoptr (TeaEventFormatter) words = tea_event_formatter_new (FALSE);
  g_autoptr (TeaEvent) event = tea_event_new (TEA_EVENT_MESSAGE, TIME, "Mei", "hi");
  g_autoptr (TeaEvent) other = tea_event_new (TEA_EVENT_OTHER, TIME, "Mei", NULL);
  g_autofree char *line = tea_event_formatter_format (words, "Kitchen", "Kitchen", event, NULL);

  g_assert_cmpstr (line, ==, "[Kitchen] Mei ： hi");
  g_assert_null (tea_event_formatter_format (words, "Kitchen", "Kitchen", other, NULL));
}

/* Who came first is named first. Where there is no log, nobody knows since when. */
static void
test_members (void)
{
  g_autoptr (TeaEventFormatter) words = tea_event_formatter_new (FALSE);
  g_autoptr (TeaEventFormatter) json = tea_event_formatter_new (TRUE);
  g_autoptr (GListStore) members = g_list_store_new (TEA_TYPE_MEMBER);
  g_autoptr (TeaMember) noor = tea_member_new_entered ("Noor", 12);
  g_autoptr (TeaMember) mei = tea_member_new_entered ("\"Mei\"", 7);
  g_autoptr (TeaMember) aiko = tea_member_new ("Aiko");
  g_autofree char *nobody
      = tea_event_formatter_format_members (json, "", G_LIST_MODEL (members), FALSE);
  g_autofree char *everybody = NULL;
  g_autofree char *names = NULL;

  g_list_store_append (members, noor);
  g_list_store_append (members, mei);
  g_list_store_append (members, aiko);
  everybody = tea_event_formatter_format_members (json, "Kitchen", G_LIST_MODEL (members), TRUE);

  names = tea_event_formatter_format_members (words, "", G_LIST_MODEL (members), TRUE);

  g_assert_cmpstr (names, ==, "Here: Aiko, \"Mei\", Noor");
  g_assert_cmpstr (nobody, ==,
                   "{\"kind\":\"who\",\"room\":\"\",\"members\":[],\"complete\":false}");
  g_assert_cmpstr (
      everybody, ==,
      "{\"kind\":\"who\",\"room\":\"Kitchen\",\"members\":[{\"name\":\"Aiko\",\"since\":null},"
      "{\"name\":\"\\\"Mei\\\"\",\"since\":7},"
      "{\"name\":\"Noor\",\"since\":12}],\"complete\":true}");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-formatter/people", test_people);
  g_test_add_func ("/event-formatter/safe", test_safe);
  g_test_add_func ("/event-formatter/right-to-left", test_right_to_left);
  g_test_add_func ("/event-formatter/gap", test_gap);
  g_test_add_func ("/event-formatter/json", test_json);
  g_test_add_func ("/event-formatter/json-is-safe", test_json_is_safe);
  g_test_add_func ("/event-formatter/json-logged", test_json_logged);
  g_test_add_func ("/event-formatter/forms", test_forms);
  g_test_add_func ("/event-formatter/changes", test_changes);
  g_test_add_func ("/event-formatter/own", test_own);
  g_test_add_func ("/event-formatter/held", test_held);
  g_test_add_func ("/event-formatter/answers", test_answers);
  g_test_add_func ("/event-formatter/found", test_found);
  g_test_add_func ("/event-formatter/rooms", test_rooms);
  g_test_add_func ("/event-formatter/news", test_news);
  g_test_add_func ("/event-formatter/label", test_label);
  g_test_add_func ("/event-formatter/members", test_members);

  return g_test_run ();
}
