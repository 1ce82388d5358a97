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
}

/* As a command, of constants. */
typedef struct
{
  TeaCommandKind kind;
  const char *text;
  const char *room;
  const char *title;
  const char *password;
  guint64 number;
  TeaRoomFlags flags;
  gboolean is_hidden;
  gboolean asks_password;
  gboolean is_on;
} Expected;

static void
assert_same (const TeaCommand *command, const Expected *expected)
{
  g_assert_cmpint (command->kind, ==, expected->kind);
  g_assert_cmpstr (command->text, ==, expected->text);
  g_assert_cmpstr (command->room, ==, expected->room);
  g_assert_cmpstr (command->title, ==, expected->title);
  g_assert_cmpstr (command->password, ==, expected->password);
  g_assert_cmpuint (command->number, ==, expected->number);
  g_assert_cmpuint (command->flags, ==, expected->flags);
  g_assert_cmpint (command->is_hidden, ==, expected->is_hidden);
  g_assert_cmpint (command->asks_password, ==, expected->asks_password);
  g_assert_cmpint (command->is_on, ==, expected->is_on);
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
      g_assert_cmpuint (command.number, ==, numbers[i]);
    }
}

/* What goes with a command. */
static void
test_rooms (void)
{
  static const struct
  {
    const char *line;
    Expected command;
  } vectors[] = {
    { "{\"rooms\":true}", { TEA_COMMAND_ROOMS, .is_on = TRUE } },
    { "{\"make\":\"Kitchen\"}", { TEA_COMMAND_MAKE, .text = "Kitchen" } },
    { "{\"make\":\"\",\"title\":\"The cellar\",\"hidden\":true,\"password\":\"x\"}",
      { TEA_COMMAND_MAKE, .text = "", .title = "The cellar", .is_hidden = TRUE, .password = "x" } },
    { "{\"closed\":true,\"make\":\"a\",\"members_invite\":true,\"history_from_joining\":true}",
      { TEA_COMMAND_MAKE, .text = "a",
        .flags
        = TEA_ROOM_BY_INVITATION | TEA_ROOM_MEMBERS_MAY_INVITE | TEA_ROOM_HISTORY_FROM_JOINING } },
    { "{\"make\":\"a\",\"closed\":false}", { TEA_COMMAND_MAKE, .text = "a" } },
    { "{\"open\":\"Kitchen\"}", { TEA_COMMAND_OPEN, .text = "Kitchen" } },
    { "{\"open\":\"@x\",\"password\":\"p\"}", { TEA_COMMAND_OPEN, .text = "@x", .password = "p" } },
    { "{\"close\":\"Kitchen\"}", { TEA_COMMAND_CLOSE, .text = "Kitchen" } },
    { "{\"say\":\"hi\",\"room\":\"Kitchen\"}",
      { TEA_COMMAND_SAY, .text = "hi", .room = "Kitchen" } },
    { "{\"room\":\"\",\"read\":9223372036854775807}",
      { TEA_COMMAND_READ, .room = "", .number = G_MAXINT64 } },
    { "{\"history\":5,\"room\":\"a\"}", { TEA_COMMAND_HISTORY, .room = "a", .number = 5 } },
    { "{\"who\":true,\"room\":\"a\"}", { TEA_COMMAND_WHO, .room = "a", .is_on = TRUE } },
    { "{\"leave\":true,\"room\":\"a\"}", { TEA_COMMAND_LEAVE, .room = "a", .is_on = TRUE } },
    { "{\"invite\":\"Noor\",\"room\":\"a\"}", { TEA_COMMAND_INVITE, .text = "Noor", .room = "a" } },
    { "{\"rename\":\"b\",\"room\":\"a\"}", { TEA_COMMAND_RENAME, .text = "b", .room = "a" } },
    { "{\"archive\":false,\"room\":\"a\"}", { TEA_COMMAND_ARCHIVE, .room = "a" } },
    { "{\"typing\":true}", { TEA_COMMAND_TYPING, .is_on = TRUE } },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", vectors[i].line);
      g_assert_true (tea_command_parse (&command, vectors[i].line, &error));
      g_assert_no_error (error);
      assert_same (&command, &vectors[i].command);
    }
}

/* What a person types. */
static void
test_typed (void)
{
  static const struct
  {
    const char *line;
    Expected command;
  } vectors[] = {
    { "hello", { TEA_COMMAND_SAY, .text = "hello" } },
    { " /open a", { TEA_COMMAND_SAY, .text = " /open a" } },
    { "//open a", { TEA_COMMAND_SAY, .text = "/open a" } },
    { "/rooms", { TEA_COMMAND_ROOMS, .text = "" } },
    { "/open", { TEA_COMMAND_OPEN, .text = "" } },
    { "/open  Kitchen ", { TEA_COMMAND_OPEN, .text = "Kitchen" } },
    { "/make Kitchen", { TEA_COMMAND_MAKE, .text = "Kitchen" } },
    { "/make --closed --password Kitchen",
      { TEA_COMMAND_MAKE, .text = "Kitchen", .flags = TEA_ROOM_BY_INVITATION,
        .asks_password = TRUE } },
    { "/make --hidden The old cellar",
      { TEA_COMMAND_MAKE, .text = "The old cellar", .is_hidden = TRUE } },
    { "/close", { TEA_COMMAND_CLOSE } },
    { "/close Kitchen", { TEA_COMMAND_CLOSE, .room = "Kitchen" } },
    { "/leave", { TEA_COMMAND_LEAVE } },
    { "/who", { TEA_COMMAND_WHO } },
    { "/history", { TEA_COMMAND_HISTORY, .number = 50 } },
    { "/history 7", { TEA_COMMAND_HISTORY, .number = 7 } },
    { "/invite Noor", { TEA_COMMAND_INVITE, .text = "Noor" } },
    { "/rename Cellar", { TEA_COMMAND_RENAME, .text = "Cellar" } },
    { "/archive", { TEA_COMMAND_ARCHIVE, .is_on = TRUE } },
    { "/archive off", { TEA_COMMAND_ARCHIVE } },
    { "/help", { TEA_COMMAND_HELP, .text = "" } },
  };
  static const char *const refused[]
      = { "/",       "/nothing", "/ open a",      "/OPEN a",    "/make",  "/make --nothing a",
          "/invite", "/rename ", "/history many", "/history 0", "/typing" };

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", vectors[i].line);
      g_assert_true (tea_command_parse_line (&command, vectors[i].line, &error));
      g_assert_no_error (error);
      assert_same (&command, &vectors[i].command);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", refused[i]);
      g_assert_false (tea_command_parse_line (&command, refused[i], &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
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
    "9 {\"say\":\"a\"}",
    "\"a\"{\"say\":\"a\"}",
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
    "{\"rooms\":false}",
    "{\"rooms\":true,\"room\":\"a\"}",
    "{\"open\":true}",
    "{\"open\":\"a\",\"room\":\"a\"}",
    "{\"open\":\"a\",\"since\":7}",
    "{\"make\":\"a\",\"hidden\":\"yes\"}",
    "{\"make\":\"a\",\"open\":\"a\"}",
    "{\"make\":\"a\",\"since\":7}",
    "{\"say\":\"a\",\"room\":7}",
    "{\"say\":\"a\",\"room\":null}",
    "{\"read\":0}",
    "{\"read\":\"7\"}",
    "{\"archive\":\"Kitchen\"}",
    "{\"room\":\"a\"}",
    "{\"help\":true}",
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
  g_test_add_func ("/command/rooms", test_rooms);
  g_test_add_func ("/command/typed", test_typed);
  g_test_add_func ("/command/refused", test_refused);
  g_test_add_func ("/command/deep", test_deep);
  g_test_add_func ("/command/escapes", test_escapes);

  return g_test_run ();
}
