/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-classic-line.h"
#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-limits.h"
#include "tea-name.h"

/* A text with its size, for there may be zeros in it. */
#define BYTES(text) text, sizeof text - 1

/* Requests, what they are, and where it differs, how we write them. */
static const struct
{
  const char *data;
  gsize size;
  TeaClassicRequestKind kind;
  const char *name;
  const char *text;
  const char *written;
} requests[] = {
  { BYTES ("L Mei"), TEA_CLASSIC_ENTER, "Mei" },
  { BYTES ("L 小明"), TEA_CLASSIC_ENTER, "小明" },
  { BYTES ("L two words"), TEA_CLASSIC_ENTER, "two words" },
  { BYTES ("L  Mei"), TEA_CLASSIC_ENTER, " Mei" },
  { BYTES ("L Mei "), TEA_CLASSIC_ENTER, "Mei " },
  { BYTES ("L Mei\n"), TEA_CLASSIC_ENTER, "Mei", NULL, "L Mei" },
  { BYTES ("L Mei\r\n"), TEA_CLASSIC_ENTER, "Mei", NULL, "L Mei" },
  { BYTES ("L Mei\0"), TEA_CLASSIC_ENTER, "Mei", NULL, "L Mei" },
  { BYTES ("L Mei\n\0\0\0"), TEA_CLASSIC_ENTER, "Mei", NULL, "L Mei" },
  { BYTES ("L M\nei"), TEA_CLASSIC_ENTER, "M\nei" },
  { BYTES ("L \342\200\256ieM"), TEA_CLASSIC_ENTER, "\342\200\256ieM" },
  { BYTES ("C Mei hello"), TEA_CLASSIC_SAY, "Mei", "hello" },
  { BYTES ("C Mei  two  spaces "), TEA_CLASSIC_SAY, "Mei", " two  spaces " },
  { BYTES ("C Mei  "), TEA_CLASSIC_SAY, "Mei", " " },
  { BYTES ("C Mei one\ntwo\r\n"), TEA_CLASSIC_SAY, "Mei", "one\ntwo\r\n" },
  { BYTES ("C Mei hello\0\0"), TEA_CLASSIC_SAY, "Mei", "hello", "C Mei hello" },
  { BYTES ("C Mei 🍵 👩‍👧"), TEA_CLASSIC_SAY, "Mei", "🍵 👩‍👧" },
  { BYTES ("C Mei \033[2J"), TEA_CLASSIC_SAY, "Mei", "\033[2J" },
  { BYTES ("C Mei C Mei hello"), TEA_CLASSIC_SAY, "Mei", "C Mei hello" },
  { BYTES ("E Mei"), TEA_CLASSIC_LEAVE, "Mei" },
  { BYTES ("Q Mei"), TEA_CLASSIC_LEAVE, "Mei", NULL, "E Mei" },
  { BYTES ("Q Mei\r\n\0"), TEA_CLASSIC_LEAVE, "Mei", NULL, "E Mei" },
  { BYTES ("W Mei"), TEA_CLASSIC_WHO, "Mei" },
};

/* Datagrams that are no requests. */
static const struct
{
  const char *data;
  gsize size;
  TeaError code;
} no_requests[] = {
  { NULL, 0, TEA_ERROR_REQUEST_INVALID },
  { BYTES (""), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("\0\0\0"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("X Mei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("l Mei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("LMei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("L\tMei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("L\0Mei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES (" L Mei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("\357\273\277L Mei"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("EXIT"), TEA_ERROR_REQUEST_INVALID },
  { BYTES ("L"), TEA_ERROR_NAME_EMPTY },
  { BYTES ("L "), TEA_ERROR_NAME_EMPTY },
  { BYTES ("L \n"), TEA_ERROR_NAME_EMPTY },
  { BYTES ("L \0\0"), TEA_ERROR_NAME_EMPTY },
  { BYTES ("E"), TEA_ERROR_NAME_EMPTY },
  { BYTES ("W "), TEA_ERROR_NAME_EMPTY },
  { BYTES ("C  hello"), TEA_ERROR_NAME_EMPTY },
  { BYTES ("C"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C "), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C Mei"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C Mei "), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C Mei \0"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C Mei a\0b"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("L M\0ei"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("L \377"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("L M\303"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("L \300\257"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C Mei \355\240\200"), TEA_ERROR_TEXT_INVALID },
  { BYTES ("C Mei \364\220\200\200"), TEA_ERROR_TEXT_INVALID },
};

/* What a server says to somebody who is in its room. */
static const struct
{
  const char *data;
  gsize size;
  TeaClassicLineKind kind;
  const char *author;
  const char *text;
  gboolean from_room; /* and nothing that answers a request to enter */
} lines[] = {
  { BYTES ("Y"), TEA_CLASSIC_LINE_ACCEPTED },
  { BYTES ("ok"), TEA_CLASSIC_LINE_ACCEPTED },
  { BYTES ("OK\n\0\0"), TEA_CLASSIC_LINE_ACCEPTED },
  { BYTES ("EXIT"), TEA_CLASSIC_LINE_EXIT },
  { BYTES ("EXIT\r\n"), TEA_CLASSIC_LINE_EXIT },
  { BYTES ("N taken"), TEA_CLASSIC_LINE_REFUSED, NULL, "taken" },
  { BYTES ("N"), TEA_CLASSIC_LINE_REFUSED },
  { BYTES ("Mei ： hello"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "hello", TRUE },
  { BYTES ("小明 ： 你好"), TEA_CLASSIC_LINE_MESSAGE, "小明", "你好", TRUE },
  { BYTES ("Mei ：  two  spaces "), TEA_CLASSIC_LINE_MESSAGE, "Mei", " two  spaces ", TRUE },
  { BYTES ("Mei ： one\nAnn ： two"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "one\nAnn ： two", TRUE },
  { BYTES ("Mei ： Ann left the room"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "Ann left the room",
    TRUE },
  { BYTES ("Mei ： EXIT"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "EXIT", TRUE },
  { BYTES ("N ： hello"), TEA_CLASSIC_LINE_MESSAGE, "N", "hello", TRUE },
  { BYTES ("W ： 1/1 Mei"), TEA_CLASSIC_LINE_MESSAGE, "W", "1/1 Mei", TRUE },
  { BYTES ("Mei：hello"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "hello" },
  { BYTES ("Mei : hello"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "hello" },
  { BYTES ("Mei:hello"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "hello" },
  { BYTES ("Mei: a:b：c"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "a:b：c" },
  { BYTES ("Mei: hello\0"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "hello" },
  { BYTES ("Mei: caf\351"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "caf\357\277\275" },
  { BYTES ("Mei entered the room"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("N entered the room"), TEA_CLASSIC_LINE_JOINED, "N", NULL, TRUE },
  { BYTES ("W left the room"), TEA_CLASSIC_LINE_LEFT, "W", NULL, TRUE },
  { BYTES ("小明 进入了聊天室"), TEA_CLASSIC_LINE_JOINED, "小明", NULL, TRUE },
  { BYTES ("小明进入了聊天室"), TEA_CLASSIC_LINE_JOINED, "小明", NULL, TRUE },
  { BYTES ("小明退出了聊天室\n"), TEA_CLASSIC_LINE_LEFT, "小明", NULL, TRUE },
  { BYTES ("小明 离开了聊天室"), TEA_CLASSIC_LINE_LEFT, "小明", NULL, TRUE },
  { BYTES ("Mei left the room"), TEA_CLASSIC_LINE_LEFT, "Mei", NULL, TRUE },
  /* Servers that others wrote. */
  { BYTES ("exit"), TEA_CLASSIC_LINE_EXIT },
  { BYTES ("欢迎小茶进入聊天室"), TEA_CLASSIC_LINE_JOINED, "小茶", NULL, TRUE },
  { BYTES ("\n欢迎 小茶 进入聊天室"), TEA_CLASSIC_LINE_JOINED, "小茶", NULL, TRUE },
  { BYTES ("欢迎'Mei'进入聊天室！"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("\n欢迎\"Mei\"进入聊天室"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("歡迎 Mei 進入聊天室"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("\nwelcome Mei come in chat"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("Mei 已加入聊天室"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("Mei已加入聊天室"), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("Mei 进入聊天室..."), TEA_CLASSIC_LINE_JOINED, "Mei", NULL, TRUE },
  { BYTES ("\n小茶退出了聊天"), TEA_CLASSIC_LINE_LEFT, "小茶", NULL, TRUE },
  { BYTES ("Mei quit chat"), TEA_CLASSIC_LINE_LEFT, "Mei", NULL, TRUE },
  { BYTES ("\n小茶 说: 你好"), TEA_CLASSIC_LINE_MESSAGE, "小茶", "你好" },
  { BYTES ("小茶\u3000说:你好"), TEA_CLASSIC_LINE_MESSAGE, "小茶", "你好" },
  { BYTES ("小茶说:你好"), TEA_CLASSIC_LINE_MESSAGE, "小茶", "你好" },
  { BYTES ("小茶說：你好"), TEA_CLASSIC_LINE_MESSAGE, "小茶", "你好" },
  { BYTES ("Mei said: hi"), TEA_CLASSIC_LINE_MESSAGE, "Mei", "hi" },
  /* Of our own servers somebody can be called like a greeting, or like a verb. */
  { BYTES ("欢迎光临 进入了聊天室"), TEA_CLASSIC_LINE_JOINED, "欢迎光临", NULL, TRUE },
  { BYTES ("小说 ： 你好"), TEA_CLASSIC_LINE_MESSAGE, "小说", "你好", TRUE },
  { BYTES ("Noorsaid: hi"), TEA_CLASSIC_LINE_MESSAGE, "Noorsaid", "hi" },
  /* Whom these are about is not sure, or it is about nobody. */
  { BYTES ("小说: 你好"), TEA_CLASSIC_LINE_NOTICE, NULL, "小说: 你好" },
  { BYTES ("欢迎进入聊天室"), TEA_CLASSIC_LINE_NOTICE, NULL, "欢迎进入聊天室" },
  { BYTES ("您已进入聊天室"), TEA_CLASSIC_LINE_NOTICE, NULL, "您已进入聊天室" },
  { BYTES ("你退出了聊天室"), TEA_CLASSIC_LINE_NOTICE, NULL, "你退出了聊天室" },
  { BYTES ("entered the room"), TEA_CLASSIC_LINE_NOTICE, NULL, "entered the room" },
  { BYTES ("Somebody new entered the room"), TEA_CLASSIC_LINE_NOTICE, NULL,
    "Somebody new entered the room" },
  { BYTES ("Welcome!\n"), TEA_CLASSIC_LINE_NOTICE, NULL, "Welcome!" },
  { BYTES ("look at http://example.org"), TEA_CLASSIC_LINE_NOTICE, NULL,
    "look at http://example.org" },
  { BYTES (": hello"), TEA_CLASSIC_LINE_NOTICE, NULL, ": hello" },
  { BYTES ("NO"), TEA_CLASSIC_LINE_NOTICE, NULL, "NO" },
  { BYTES ("W 2/1 Mei"), TEA_CLASSIC_LINE_NOTICE, NULL, "W 2/1 Mei" },
  { BYTES ("W 0/1 Mei"), TEA_CLASSIC_LINE_NOTICE, NULL, "W 0/1 Mei" },
  { BYTES ("W 1/4097 Mei"), TEA_CLASSIC_LINE_NOTICE, NULL, "W 1/4097 Mei" },
  { BYTES ("\377"), TEA_CLASSIC_LINE_NOTICE, NULL, "\357\277\275" },
  { BYTES (""), TEA_CLASSIC_LINE_NOTICE, NULL, "" },
  { NULL, 0, TEA_CLASSIC_LINE_NOTICE, NULL, "" },
};

/* What a server says to somebody who asked to enter. */
static const struct
{
  const char *data;
  gsize size;
  gboolean accepted;
  const char *reason;
} answers[] = {
  { BYTES ("Y"), TRUE },
  { BYTES ("y"), TRUE },
  { BYTES ("OK"), TRUE },
  { BYTES ("Ok\r\n"), TRUE },
  { BYTES ("ok\0\0\0"), TRUE },
  { BYTES ("N"), FALSE, NULL },
  { BYTES ("N taken"), FALSE, "taken" },
  { BYTES ("N \n"), FALSE, NULL },
  { BYTES ("NO"), FALSE, "NO" },
  { BYTES ("Yes"), FALSE, "Yes" },
  { BYTES ("OKAY"), FALSE, "OKAY" },
  { BYTES ("用户名已存在"), FALSE, "用户名已存在" },
  { BYTES ("\326\320"), FALSE, "\357\277\275\357\277\275" },
  { BYTES ("EXIT"), FALSE, "EXIT" },
  { BYTES (""), FALSE, NULL },
  { NULL, 0, FALSE, NULL },
};

/* What a server never answers. */
static const struct
{
  const char *data;
  gsize size;
  gboolean is_answer;
} unanswered[] = {
  { NULL, 0, TRUE },          { BYTES (""), TRUE },       { BYTES ("\0"), TRUE },
  { BYTES ("Y"), TRUE },      { BYTES ("y"), TRUE },      { BYTES ("N taken"), TRUE },
  { BYTES ("no"), TRUE },     { BYTES ("OK"), TRUE },     { BYTES ("ok"), TRUE },
  { BYTES ("L Mei"), FALSE }, { BYTES ("C M a"), FALSE }, { BYTES ("E Mei"), FALSE },
  { BYTES ("Q Mei"), FALSE }, { BYTES ("W Mei"), FALSE }, { BYTES ("X"), FALSE },
  { BYTES ("\377"), FALSE },  { BYTES ("hello"), FALSE },
};

static void
assert_datagram (GBytes *datagram, const char *text, gsize size)
{
  gsize datagram_size;
  const void *data = g_bytes_get_data (datagram, &datagram_size);

  g_assert_cmpmem (data, datagram_size, text, size);
}

static void
test_requests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (TeaClassicRequest) request = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) datagram = NULL;

      g_test_message ("request %zu", i);
      request
          = tea_classic_request_parse ((const guint8 *) requests[i].data, requests[i].size, &error);
      g_assert_no_error (error);
      g_assert_cmpint (request->kind, ==, requests[i].kind);
      g_assert_cmpstr (request->name, ==, requests[i].name);
      g_assert_cmpstr (request->text, ==, requests[i].text);

      datagram = tea_classic_request_encode (request->kind, request->name, request->text);
      if (requests[i].written != NULL)
        assert_datagram (datagram, requests[i].written, strlen (requests[i].written));
      else
        assert_datagram (datagram, requests[i].data, requests[i].size);
    }
}

static void
test_no_requests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (no_requests); i++)
    {
      g_autoptr (TeaClassicRequest) request = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("datagram %zu", i);
      request = tea_classic_request_parse ((const guint8 *) no_requests[i].data,
                                           no_requests[i].size, &error);
      g_assert_null (request);
      g_assert_error (error, TEA_ERROR, (int) no_requests[i].code);
      g_assert_cmpstr (error->message, !=, "");
    }
}

static void
test_longest_text (void)
{
  for (gsize over = 0; over <= 1; over++)
    {
      g_autofree char *text = g_strnfill (TEA_TEXT_MAX_BYTES + over, 'a');
      g_autofree char *datagram = g_strconcat ("C Mei ", text, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (TeaClassicRequest) request
          = tea_classic_request_parse ((const guint8 *) datagram, strlen (datagram), &error);

      if (over > 0)
        g_assert_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID);
      else
        g_assert_cmpstr (request->text, ==, text);
    }
}

static void
test_unanswered (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unanswered); i++)
    {
      g_test_message ("datagram %zu", i);
      g_assert_cmpint (tea_classic_is_answer ((const guint8 *) unanswered[i].data,
                                              unanswered[i].size),
                       ==, unanswered[i].is_answer);
    }
}

static void
test_lines (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      const guint8 *data = (const guint8 *) lines[i].data;
      g_autoptr (TeaClassicLine) line = NULL;

      g_test_message ("line %zu", i);
      line = tea_classic_line_parse (data, lines[i].size);
      g_assert_cmpint (line->kind, ==, lines[i].kind);
      g_assert_cmpstr (line->author, ==, lines[i].author);
      /* A refusal without a reason is given words. */
      if (line->kind != TEA_CLASSIC_LINE_REFUSED || lines[i].text != NULL)
        g_assert_cmpstr (line->text, ==, lines[i].text);
      g_assert_null (line->names);
      g_assert_cmpint (tea_classic_line_is_from_room (data, lines[i].size), ==, lines[i].from_room);
    }
}

static void
test_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (TeaClassicLine) line = NULL;

      g_test_message ("answer %zu", i);
      line = tea_classic_line_parse_answer ((const guint8 *) answers[i].data, answers[i].size);
      g_assert_cmpint (line->kind, ==,
                       answers[i].accepted ? TEA_CLASSIC_LINE_ACCEPTED : TEA_CLASSIC_LINE_REFUSED);
      if (line->kind != TEA_CLASSIC_LINE_REFUSED || answers[i].reason != NULL)
        g_assert_cmpstr (line->text, ==, answers[i].reason);
      g_assert_null (line->author);
    }
}

static void
test_written_lines (void)
{
  g_autoptr (GBytes) refused = tea_classic_line_encode_refused ("taken");
  g_autoptr (GBytes) message = tea_classic_line_encode_message ("小明", "  你好\n ");
  g_autoptr (GBytes) joined = tea_classic_line_encode_joined ("Mei");
  g_autoptr (GBytes) left = tea_classic_line_encode_left ("Mei");

  g_autoptr (GBytes) controls
      = tea_classic_line_encode_message ("Eve", "a\033[2J\r\r\n\tb\302\233c\177 👩\u200d🍳");

  assert_datagram (refused, BYTES ("N taken"));
  /* Nobody steers the terminals of the others. */
  assert_datagram (controls, BYTES ("Eve ： a\ufffd[2J\ufffd\r\n\tb\ufffdc\ufffd 👩\u200d🍳"));
  assert_datagram (message, BYTES ("小明 ：   你好\n "));
  assert_datagram (joined, BYTES ("Mei entered the room"));
  assert_datagram (left, BYTES ("Mei left the room"));
}

/* Everyone's name arrives, in order, in parts that fit into any network. */
static void
check_present (guint n_names, guint length)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) read_builder = g_strv_builder_new ();
  g_autoptr (GPtrArray) datagrams = NULL;
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) read = NULL;

  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autoptr (GString) name = g_string_new (number);

      while (g_utf8_strlen (name->str, -1) < length)
        g_string_append (name, "𠮷");
      g_strv_builder_add (builder, name->str);
    }
  names = g_strv_builder_end (builder);

  datagrams = tea_classic_line_encode_present ((const char *const *) names);
  g_assert_cmpuint (datagrams->len, >, 0);
  for (guint i = 0; i < datagrams->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (datagrams, i), &size);
      g_autoptr (TeaClassicLine) line = tea_classic_line_parse (data, size);

      g_assert_cmpuint (size, <=, 1200);
      g_assert_cmpint (line->kind, ==, TEA_CLASSIC_LINE_PRESENT);
      g_assert_cmpuint (line->part, ==, i + 1);
      g_assert_cmpuint (line->n_parts, ==, datagrams->len);
      g_strv_builder_addv (read_builder, (const char **) line->names);
    }

  read = g_strv_builder_end (read_builder);
  g_assert_true (g_strv_equal ((const char *const *) read, (const char *const *) names));
}

static void
test_present (void)
{
  check_present (0, 0);
  check_present (1, 1);
  check_present (1, TEA_NAME_MAX_CHARACTERS);
  check_present (200, 1);
  check_present (4096, TEA_NAME_MAX_CHARACTERS);
}

static void
test_present_spoilt (void)
{
  static const char spoilt[] = "W 1/2 Mei  a:b \342\200\256x Bob";
  const char *const fit[] = { "Mei", "Bob", NULL };
  g_autoptr (TeaClassicLine) line
      = tea_classic_line_parse ((const guint8 *) spoilt, strlen (spoilt));

  g_assert_cmpint (line->kind, ==, TEA_CLASSIC_LINE_PRESENT);
  g_assert_true (g_strv_equal ((const char *const *) line->names, fit));
}

static void
assert_is (const char *format, TeaClassicLineKind kind)
{
  static const char *const names[] = { "Mei", "小明", "O'Neil", "N", "W", "Y" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (GStrv) pieces = g_strsplit (format, "%s", -1);
      g_autofree char *text = g_strjoinv (names[i], pieces);
      g_autoptr (TeaClassicLine) line
          = tea_classic_line_parse ((const guint8 *) text, strlen (text));

      g_test_message ("“%s”", text);
      g_assert_cmpuint (g_strv_length (pieces), ==, 2);
      g_assert_cmpint (line->kind, ==, kind);
      g_assert_cmpstr (line->author, ==, names[i]);
    }
}

static char *
find_translation (const char *catalog, const char *message)
{
  g_autofree char *escaped = g_regex_escape_string (message, -1);
  g_autofree char *pattern = g_strdup_printf ("^msgid \"%s\"\\nmsgstr \"(.+)\"$", escaped);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, catalog, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

/* A server writes in its own language, and every client has to understand it. */
static void
test_every_language (void)
{
  static const struct
  {
    const char *message;
    TeaClassicLineKind kind;
  } notices[] = {
    { "%s entered the room", TEA_CLASSIC_LINE_JOINED },
    { "%s left the room", TEA_CLASSIC_LINE_LEFT },
  };
  const char *path = g_getenv ("TEAHOUSE_PO_DIR");
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;
  const char *file;
  guint n_languages = 0;

  g_assert_nonnull (path);
  folder = g_dir_open (path, 0, &error);
  g_assert_no_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
    assert_is (notices[i].message, notices[i].kind);

  while ((file = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *full = g_build_filename (path, file, NULL);
      g_autofree char *catalog = NULL;

      if (!g_str_has_suffix (file, ".po"))
        continue;

      g_test_message ("%s", file);
      g_file_get_contents (full, &catalog, NULL, &error);
      g_assert_no_error (error);
      n_languages++;

      for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
        {
          g_autofree char *translation = find_translation (catalog, notices[i].message);

          g_assert_nonnull (translation);
          assert_is (translation, notices[i].kind);
        }
    }

  g_assert_cmpuint (n_languages, >=, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/classic-request/requests", test_requests);
  g_test_add_func ("/classic-request/no-requests", test_no_requests);
  g_test_add_func ("/classic-request/longest-text", test_longest_text);
  g_test_add_func ("/classic-request/unanswered", test_unanswered);
  g_test_add_func ("/classic-line/lines", test_lines);
  g_test_add_func ("/classic-line/answers", test_answers);
  g_test_add_func ("/classic-line/written", test_written_lines);
  g_test_add_func ("/classic-line/present", test_present);
  g_test_add_func ("/classic-line/present-spoilt", test_present_spoilt);
  g_test_add_func ("/classic-line/every-language", test_every_language);

  return g_test_run ();
}
