/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-formatter.h"

/* 2026-11-23 12:00:00.000042 UTC */
#define TIME G_GINT64_CONSTANT (1795435200000042)

static void
assert_printed (gboolean json,
                gboolean terminal,
                TeaEventKind kind,
                const char *author,
                const char *text,
                const char *expected)
{
  g_autoptr (TeaEventFormatter) formatter = tea_event_formatter_new (json, terminal);
  g_autoptr (TeaEvent) event = tea_event_new (kind, TIME, author, text);
  g_autofree char *line = tea_event_formatter_format (formatter, event);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_people (void)
{
  assert_printed (FALSE, FALSE, TEA_EVENT_JOINED, "Mei", NULL, "Mei entered the room");
  assert_printed (FALSE, FALSE, TEA_EVENT_LEFT, "Mei", NULL, "Mei left the room");
  assert_printed (FALSE, FALSE, TEA_EVENT_MESSAGE, "Mei", "a  b\nc", "Mei ： a  b\nc");
  assert_printed (FALSE, FALSE, TEA_EVENT_NOTICE, NULL, "tea time", "tea time");
  assert_printed (FALSE, FALSE, TEA_EVENT_REFUSED, NULL, "no", "The server refused: no");
}

/* What others say is seen, and does no more: it neither steers the terminal nor looks
 * like somebody else's line. */
static void
test_terminal (void)
{
  assert_printed (FALSE, TRUE, TEA_EVENT_MESSAGE, "Eve", "a\033[2Jb\a\r\177\302\233c",
                  "Eve ： a\357\277\275[2Jb\357\277\275\357\277\275\357\277\275\357\277\275c");
  assert_printed (FALSE, TRUE, TEA_EVENT_MESSAGE, "Eve", "hi\nMei ： I agree",
                  "Eve ： hi\n    Mei ： I agree");
  assert_printed (FALSE, TRUE, TEA_EVENT_MESSAGE, "Eve", "\342\200\256abc",
                  "Eve ： \357\277\275abc");
  assert_printed (FALSE, TRUE, TEA_EVENT_MESSAGE, "Eve", "茶\t🍵", "Eve ： 茶\t🍵");
}

static void
test_json (void)
{
  assert_printed (TRUE, FALSE, TEA_EVENT_MESSAGE, "Mei", "\"a\"\n\033茶",
                  "{\"kind\":\"message\",\"author\":\"Mei\",\"text\":\"\\\"a\\\"\\n\\u001b茶\","
                  "\"time\":\"2026-11-23T12:00:00.000042Z\"}");
  assert_printed (TRUE, TRUE, TEA_EVENT_NOTICE, NULL, "x",
                  "{\"kind\":\"notice\",\"author\":null,\"text\":\"x\","
                  "\"time\":\"2026-11-23T12:00:00.000042Z\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-formatter/people", test_people);
  g_test_add_func ("/event-formatter/terminal", test_terminal);
  g_test_add_func ("/event-formatter/json", test_json);

  return g_test_run ();
}
