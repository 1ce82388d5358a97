/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-command.h"
#include "tea-error.h"

static void
assert_say (const char *line, const char *text)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_command_parse (&command, line, &error));
  g_assert_no_error (error);
  g_assert_cmpint (command.kind, ==, TEA_COMMAND_SAY);
  g_assert_cmpstr (command.text, ==, text);
}

static void
assert_refused (const char *line)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_autoptr (GError) error = NULL;

  g_test_message ("%.100s", line);
  g_assert_false (tea_command_parse (&command, line, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
  g_assert_null (command.text);
}

static void
test_say (void)
{
  assert_say ("{\"say\":\"hello\"}", "hello");
  assert_say (" { \"say\" : \"  two  spaces  \" } \r", "  two  spaces  ");
  assert_say ("{\"say\":\"\\\"a\\\" \\\\ \\n\\t\\u8336 茶 \\ud83c\\udf75\"}",
              "\"a\" \\ \n\t茶 茶 🍵");
  assert_say ("{\"say\":\"{[{[{[{[{[{[ it's /* no */ # comment\"}",
              "{[{[{[{[{[{[ it's /* no */ # comment");
  assert_say ("{\"say\":\"\\\\u0000\"}", "\\u0000");
  /* What cannot be said, the client tells. */
  assert_say ("{\"say\":\"\"}", "");
}

static void
test_leave (void)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;

  g_assert_true (tea_command_parse (&command, "{\"leave\":true}", NULL));
  g_assert_cmpint (command.kind, ==, TEA_COMMAND_LEAVE);
  g_assert_null (command.text);
}

static void
test_who (void)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;

  g_assert_true (tea_command_parse (&command, "{\"who\":true}", NULL));
  g_assert_cmpint (command.kind, ==, TEA_COMMAND_WHO);
  g_assert_null (command.text);
}

static void
test_history (void)
{
  static const guint numbers[] = { 1, 50, TEA_COMMAND_HISTORY_MAX };

  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autofree char *line = g_strdup_printf ("{\"history\":%u}", numbers[i]);

      g_assert_true (tea_command_parse (&command, line, NULL));
      g_assert_cmpint (command.kind, ==, TEA_COMMAND_HISTORY);
      g_assert_cmpuint (command.n_events, ==, numbers[i]);
    }
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "",
    " ",
    "hello",
    "say",
    "\"say\"",
    "[]",
    "[{\"say\":\"a\"}]",
    "7",
    "null",
    "true",
    "{",
    "{}",
    "{\"say\"}",
    "{\"say\":}",
    "{\"say\":\"a\"",
    "{\"say\":\"a}",
    "{\"say\":\"a\\",
    "{\"say\":\"a\"} {\"leave\":true}",
    "{\"say\":\"a\",\"leave\":true}",
    "{'say':'a'}",
    "/* a comment */ {\"say\":\"a\"}",
    "# {\"say\":\"a\"}",
    "{\"Say\":\"a\"}",
    "{\"shout\":\"a\"}",
    "{\"say\":7}",
    "{\"say\":null}",
    "{\"say\":true}",
    "{\"say\":[\"a\"]}",
    "{\"say\":{\"text\":\"a\"}}",
    "{\"say\":\"a\\u0000b\"}",
    "{\"leave\":false}",
    "{\"leave\":1}",
    "{\"leave\":\"true\"}",
    "{\"leave\":null}",
    "{\"leave\":[true]}",
    "{\"who\":false}",
    "{\"who\":\"Mei\"}",
    "{\"who\":null}",
    "{\"history\":0}",
    "{\"history\":-1}",
    "{\"history\":1001}",
    "{\"history\":9223372036854775808}",
    "{\"history\":18446744073709551617}",
    "{\"history\":5.5}",
    "{\"history\":010}",
    "{\"history\":0x10}",
    "{\"history\":\"50\"}",
    "{\"history\":true}",
    "{\"history\":null}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_refused (lines[i]);
}

/* However deep somebody digs, the parser does not fall in. */
static void
test_deep (void)
{
  static const char *const beginnings[] = { "", "{\"say\":", "{\"a\":\"\\\"\",\"say\":", "'\"'" };

  for (size_t i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autoptr (GString) line = g_string_new (beginnings[i]);

      for (guint n = 0; n < 128 * 1024; n++)
        g_string_append_c (line, '[');
      assert_refused (line->str);
    }
}

/* What stands for no character is no text. */
static void
test_escapes (void)
{
  static const char *const escapes[] = {
    "\\ud83c",       "\\udf75",   "\\ud83c a", "\\ud83c\\u0041", "\\ud83c\\ud83c", "\\udf75\\ud83c",
    "\\ud83c\\udf7", "\\u0000",   "\\u000",    "\\uzzzz",        "\\x41",          "\\",
    "\\u",           "\\ud83c\\",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      g_autofree char *line = g_strdup_printf ("{\"say\":\"%s\"}", escapes[i]);

      assert_refused (line);
    }

  assert_say ("{\"say\":\"\\/\\b\\f\\n\\r\\t\\u0001\\uD7ff\\uE000\\uDBFF\\uDFFD\"}",
              "/\b\f\n\r\t\001\355\237\277\356\200\200\364\217\277\275");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/command/say", test_say);
  g_test_add_func ("/command/leave", test_leave);
  g_test_add_func ("/command/who", test_who);
  g_test_add_func ("/command/history", test_history);
  g_test_add_func ("/command/refused", test_refused);
  g_test_add_func ("/command/deep", test_deep);
  g_test_add_func ("/command/escapes", test_escapes);

  return g_test_run ();
}
