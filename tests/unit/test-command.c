/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-command-json.h"
#include "tea-command-line.h"
#include "tea-error.h"

static void
assert_say (const char *line, const char *text)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_command_json_parse (&command, line, &error));
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
  g_assert_false (tea_command_json_parse (&command, line, &error));
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
  const char *reason;
  guint64 number;
  guint64 target;
  guint64 before;
  guint64 seconds;
  guint64 erase;
  TeaRoomRole role;
  TeaRoomFlags flags;
  gboolean is_hidden;
  gboolean asks_password;
  gboolean is_on;
  gboolean is_forever;
  gboolean with_network;
  gboolean is_everywhere;
} Expected;

static void
assert_same (const TeaCommand *command, const Expected *expected)
{
  g_assert_cmpint (command->kind, ==, expected->kind);
  g_assert_cmpstr (command->text, ==, expected->text);
  g_assert_cmpstr (command->room, ==, expected->room);
  g_assert_cmpstr (command->title, ==, expected->title);
  g_assert_cmpstr (command->password, ==, expected->password);
  g_assert_cmpstr (command->reason, ==, expected->reason);
  g_assert_cmpuint (command->number, ==, expected->number);
  g_assert_cmpuint (command->target, ==, expected->target);
  g_assert_cmpuint (command->before, ==, expected->before);
  g_assert_cmpuint (command->seconds, ==, expected->seconds);
  g_assert_cmpuint (command->erase, ==, expected->erase);
  g_assert_cmpint (command->role, ==, expected->role);
  g_assert_cmpuint (command->flags, ==, expected->flags);
  g_assert_cmpint (command->is_hidden, ==, expected->is_hidden);
  g_assert_cmpint (command->asks_password, ==, expected->asks_password);
  g_assert_cmpint (command->is_on, ==, expected->is_on);
  g_assert_cmpint (command->is_forever, ==, expected->is_forever);
  g_assert_cmpint (command->with_network, ==, expected->with_network);
  g_assert_cmpint (command->is_everywhere, ==, expected->is_everywhere);
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

  g_assert_true (tea_command_json_parse (&command, "{\"leave\":true}", NULL));
  g_assert_cmpint (command.kind, ==, TEA_COMMAND_LEAVE);
  g_assert_null (command.text);
}

static void
test_who (void)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;

  g_assert_true (tea_command_json_parse (&command, "{\"who\":true}", NULL));
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

      g_assert_true (tea_command_json_parse (&command, line, NULL));
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
    { "{\"make\":\"a\",\"members_pin\":true}",
      { TEA_COMMAND_MAKE, .text = "a", .flags = TEA_ROOM_MEMBERS_MAY_PIN } },
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
      g_assert_true (tea_command_json_parse (&command, vectors[i].line, &error));
      g_assert_no_error (error);
      assert_same (&command, &vectors[i].command);
    }
}

/* What is done with messages, and with people. */
static void
test_messages (void)
{
  static const struct
  {
    const char *line;
    Expected command;
  } vectors[] = {
    { "{\"say\":\"hi\",\"room\":\"a\",\"reply\":7}",
      { TEA_COMMAND_SAY, .text = "hi", .room = "a", .target = 7 } },
    { "{\"edit\":7,\"text\":\"ho\",\"room\":\"\"}",
      { TEA_COMMAND_EDIT, .text = "ho", .room = "", .target = 7 } },
    { "{\"remove\":7}", { TEA_COMMAND_REMOVE, .target = 7 } },
    { "{\"react\":\"🍵\",\"to\":7}",
      { TEA_COMMAND_REACT, .text = "🍵", .target = 7, .is_on = TRUE } },
    { "{\"off\":true,\"react\":\"🍵\",\"to\":7,\"room\":\"a\"}",
      { TEA_COMMAND_REACT, .text = "🍵", .room = "a", .target = 7 } },
    { "{\"pin\":7,\"off\":false}", { TEA_COMMAND_PIN, .target = 7, .is_on = TRUE } },
    { "{\"pin\":7,\"off\":true}", { TEA_COMMAND_PIN, .target = 7 } },
    { "{\"topic\":\"\"}", { TEA_COMMAND_TOPIC, .text = "" } },
    { "{\"search\":\"茶\"}", { TEA_COMMAND_SEARCH, .text = "茶", .is_everywhere = TRUE } },
    { "{\"search\":\"茶\",\"room\":\"\",\"before\":7}",
      { TEA_COMMAND_SEARCH, .text = "茶", .room = "", .before = 7 } },
    { "{\"show\":7}", { TEA_COMMAND_SHOW, .target = 7 } },
    { "{\"show\":7,\"around\":200}", { TEA_COMMAND_SHOW, .target = 7, .number = 200 } },
    { "{\"role\":\"Bo\",\"as\":\"moderator\"}",
      { TEA_COMMAND_ROLE, .text = "Bo", .role = TEA_ROOM_ROLE_MODERATOR } },
    { "{\"send_out\":\"Bo\"}", { TEA_COMMAND_SEND_OUT, .text = "Bo" } },
    { "{\"send_out\":\"Bo\",\"seconds\":60,\"reason\":\"spam\",\"erase\":1,\"network\":true}",
      { TEA_COMMAND_SEND_OUT, .text = "Bo", .reason = "spam", .seconds = 60, .erase = 1,
        .with_network = TRUE } },
    { "{\"send_out\":\"Bo\",\"forever\":true}",
      { TEA_COMMAND_SEND_OUT, .text = "Bo", .is_forever = TRUE } },
    { "{\"let_in\":\"Bo\"}", { TEA_COMMAND_LET_IN, .text = "Bo" } },
    { "{\"mute\":\"Bo\",\"seconds\":3155760000}",
      { TEA_COMMAND_MUTE, .text = "Bo", .seconds = 3155760000, .is_on = TRUE } },
    { "{\"mute\":\"Bo\",\"off\":true}", { TEA_COMMAND_MUTE, .text = "Bo" } },
    { "{\"slow\":0}", { TEA_COMMAND_SLOW } },
    { "{\"slow\":86400,\"room\":\"a\"}", { TEA_COMMAND_SLOW, .room = "a", .number = 86400 } },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", vectors[i].line);
      g_assert_true (tea_command_json_parse (&command, vectors[i].line, &error));
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
    { "/reply yes", { TEA_COMMAND_REPLY, .text = "yes" } },
    { "/reply #42  yes, you", { TEA_COMMAND_REPLY, .text = "yes, you", .target = 42 } },
    { "/reply #42nd street", { TEA_COMMAND_REPLY, .text = "#42nd street" } },
    { "/edit # 7", { TEA_COMMAND_EDIT, .text = "# 7" } },
    { "/edit #7 8", { TEA_COMMAND_EDIT, .text = "8", .target = 7 } },
    { "/remove", { TEA_COMMAND_REMOVE, .is_on = TRUE } },
    { "/remove #7", { TEA_COMMAND_REMOVE, .target = 7, .is_on = TRUE } },
    { "/react 🍵", { TEA_COMMAND_REACT, .text = "🍵", .is_on = TRUE } },
    { "/react #7 🍵 off", { TEA_COMMAND_REACT, .text = "🍵", .target = 7 } },
    { "/pin", { TEA_COMMAND_PIN, .is_on = TRUE } },
    { "/pin #7 off", { TEA_COMMAND_PIN, .target = 7 } },
    { "/topic", { TEA_COMMAND_TOPIC } },
    { "/topic off", { TEA_COMMAND_TOPIC, .text = "" } },
    { "/topic off we go", { TEA_COMMAND_TOPIC, .text = "off we go" } },
    { "/messages", { TEA_COMMAND_MESSAGES, .number = 20 } },
    { "/messages 5", { TEA_COMMAND_MESSAGES, .number = 5 } },
    { "/search green tea", { TEA_COMMAND_SEARCH, .text = "green tea" } },
    { "/search --all 茶", { TEA_COMMAND_SEARCH, .text = "茶", .is_everywhere = TRUE } },
    { "/search #7 tea", { TEA_COMMAND_SEARCH, .text = "tea", .before = 7 } },
    { "/show #7", { TEA_COMMAND_SHOW, .target = 7 } },
    { "/show #7 20", { TEA_COMMAND_SHOW, .target = 7, .number = 20 } },
    { "/role Bo owner", { TEA_COMMAND_ROLE, .text = "Bo", .role = TEA_ROOM_ROLE_OWNER } },
    { "/send-out Bo", { TEA_COMMAND_SEND_OUT, .text = "Bo", .is_on = TRUE } },
    { "/send-out --erase --network Bo ever spam, and no end",
      { TEA_COMMAND_SEND_OUT, .text = "Bo", .reason = "spam, and no end", .erase = 1, .is_on = TRUE,
        .is_forever = TRUE, .with_network = TRUE } },
    { "/send-out Bo 2h", { TEA_COMMAND_SEND_OUT, .text = "Bo", .seconds = 7200, .is_on = TRUE } },
    { "/send-out Bo 2 hours of spam",
      { TEA_COMMAND_SEND_OUT, .text = "Bo", .reason = "2 hours of spam", .is_on = TRUE } },
    { "/let-in Bo", { TEA_COMMAND_LET_IN, .text = "Bo" } },
    { "/mute Bo", { TEA_COMMAND_MUTE, .text = "Bo", .is_on = TRUE } },
    { "/mute Bo 90s noise",
      { TEA_COMMAND_MUTE, .text = "Bo", .reason = "noise", .seconds = 90, .is_on = TRUE } },
    { "/mute Bo 99999999999d",
      { TEA_COMMAND_MUTE, .text = "Bo", .reason = "99999999999d", .is_on = TRUE } },
    { "/mute Bo off", { TEA_COMMAND_MUTE, .text = "Bo" } },
    { "/slow 30", { TEA_COMMAND_SLOW, .number = 30 } },
    { "/slow off", { TEA_COMMAND_SLOW } },
  };
  static const char *const refused[] = { "/",
                                         "/nothing",
                                         "/ open a",
                                         "/OPEN a",
                                         "/make",
                                         "/make --nothing a",
                                         "/invite",
                                         "/rename ",
                                         "/history many",
                                         "/history 0",
                                         "/typing",
                                         "/reply",
                                         "/reply #7",
                                         "/edit",
                                         "/remove it",
                                         "/remove #7 off",
                                         "/remove #0",
                                         "/react",
                                         "/react #7",
                                         "/react 🍵 on",
                                         "/pin on",
                                         "/messages 0",
                                         "/search",
                                         "/search --all",
                                         "/search --any tea",
                                         "/show",
                                         "/show 7",
                                         "/show #7 201",
                                         "/show #7 x",
                                         "/role",
                                         "/role Bo",
                                         "/role Bo none",
                                         "/role Bo king",
                                         "/send-out",
                                         "/send-out --erase",
                                         "/send-out --all Bo",
                                         "/send_out Bo",
                                         "/let-in",
                                         "/mute",
                                         "/slow",
                                         "/slow 0",
                                         "/slow 86401" };

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", vectors[i].line);
      g_assert_true (tea_command_line_parse (&command, vectors[i].line, &error));
      g_assert_no_error (error);
      assert_same (&command, &vectors[i].command);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_auto (TeaCommand) command = TEA_COMMAND_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", refused[i]);
      g_assert_false (tea_command_line_parse (&command, refused[i], &error));
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
    "{\"messages\":5}",
    "{\"reply\":7,\"text\":\"hi\"}",
    "{\"say\":\"hi\",\"reply\":0}",
    "{\"say\":\"hi\",\"reply\":\"7\"}",
    "{\"edit\":7}",
    "{\"edit\":7,\"text\":null}",
    "{\"edit\":\"7\",\"text\":\"hi\"}",
    "{\"remove\":true}",
    "{\"react\":\"🍵\"}",
    "{\"react\":7,\"to\":7}",
    "{\"react\":\"🍵\",\"to\":7,\"off\":1}",
    "{\"pin\":0}",
    "{\"topic\":null}",
    "{\"search\":\"tea\",\"before\":7}",
    "{\"show\":0}",
    "{\"show\":7,\"around\":201}",
    "{\"role\":\"Bo\"}",
    "{\"role\":\"Bo\",\"as\":\"none\"}",
    "{\"role\":\"Bo\",\"as\":3}",
    "{\"send_out\":\"Bo\",\"seconds\":0}",
    "{\"send_out\":\"Bo\",\"seconds\":3155760001}",
    "{\"send_out\":\"Bo\",\"off\":true}",
    "{\"send-out\":\"Bo\"}",
    "{\"let_in\":\"Bo\",\"reason\":\"\"}",
    "{\"mute\":\"Bo\",\"forever\":true}",
    "{\"slow\":-1}",
    "{\"slow\":86401}",
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
  g_test_add_func ("/command/messages", test_messages);
  g_test_add_func ("/command/typed", test_typed);
  g_test_add_func ("/command/refused", test_refused);
  g_test_add_func ("/command/deep", test_deep);
  g_test_add_func ("/command/escapes", test_escapes);

  return g_test_run ();
}
