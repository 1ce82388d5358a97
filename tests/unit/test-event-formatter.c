/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-formatter.h"
#include "tea-timeline-item-private.h"

/* 2026-11-23 12:00:00.000042 UTC */
#define TIME G_GINT64_CONSTANT (1795435200000042)

static void
assert_printed (
    gboolean json, TeaEventKind kind, const char *author, const char *text, const char *expected)
{
  g_autoptr (TeaEventFormatter) formatter = tea_event_formatter_new (json);
  g_autoptr (TeaEvent) event = tea_event_new (kind, TIME, author, text);
  g_autofree char *line = tea_event_formatter_format (formatter, "", NULL, event);

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
  g_autofree char *message_line = tea_event_formatter_format (formatter, "", NULL, message);
  g_autofree char *left_line = tea_event_formatter_format (formatter, "Kitchen", NULL, left);

  g_assert_cmpstr (message_line, ==,
                   "{\"kind\":\"message\",\"room\":\"\",\"author\":\"Mei\",\"text\":\"hi\","
                   "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":7,"
                   "\"id\":\"0000beef-3\"}");
  g_assert_cmpstr (left_line, ==,
                   "{\"kind\":\"left\",\"room\":\"Kitchen\",\"author\":\"Mei\",\"text\":null,"
                   "\"time\":\"2026-11-23T12:00:00.000042Z\",\"seq\":8,\"id\":null}");
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

/* What programs are answered. */
static void
test_answers (void)
{
  g_autofree char *error
      = tea_event_formatter_format_answer ("error", NULL, NULL, NULL, "not \"that\"");
  g_autofree char *refused
      = tea_event_formatter_format_answer ("error", "open", NULL, "Kitchen", "no");
  g_autofree char *closed
      = tea_event_formatter_format_answer ("closed", "close", "Kitchen", "kitchen", NULL);
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
  g_autofree char *line = tea_event_formatter_format (words, "Kitchen", "Kitchen", event);

  g_assert_cmpstr (line, ==, "[Kitchen] Mei ： hi");
  g_assert_null (tea_event_formatter_format (words, "Kitchen", "Kitchen", other));
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
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-formatter/people", test_people);
  g_test_add_func ("/event-formatter/safe", test_safe);
  g_test_add_func ("/event-formatter/right-to-left", test_right_to_left);
  g_test_add_func ("/event-formatter/gap", test_gap);
  g_test_add_func ("/event-formatter/json", test_json);
  g_test_add_func ("/event-formatter/json-is-safe", test_json_is_safe);
  g_test_add_func ("/event-formatter/json-logged", test_json_logged);
  g_test_add_func ("/event-formatter/own", test_own);
  g_test_add_func ("/event-formatter/answers", test_answers);
  g_test_add_func ("/event-formatter/rooms", test_rooms);
  g_test_add_func ("/event-formatter/news", test_news);
  g_test_add_func ("/event-formatter/label", test_label);
  g_test_add_func ("/event-formatter/members", test_members);

  return g_test_run ();
}
