/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <pango/pango.h>
#include <string.h>

#include "tea-mention.h"
#include "tea-message-markup.h"
#include "tea-presence-text.h"
#include "tea-time-text.h"

#define CODE "<span font_family=\"monospace\" size=\"95%\">"
#define INLINE(code) CODE code "</span>"
#define LINK(uri) "<a href=\"" uri "\">" uri "</a>"

#define LRM "\xe2\x80\x8e"
#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"

/* Pango does not know links, GtkLabel takes them out first. */
static char *
strip_links (const char *markup)
{
  g_autoptr (GRegex) regex = g_regex_new ("</?a( href=\"[^\"]*\")?>", 0, 0, NULL);

  return g_regex_replace_literal (regex, markup, -1, 0, "", 0, NULL);
}

static char *
parse (const char *markup)
{
  g_autofree char *stripped = strip_links (markup);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  pango_parse_markup (stripped, -1, 0, NULL, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static void
test_markup (void)
{
  static const struct
  {
    const char *text;
    const char *markup;
  } vectors[] = {
    { "", "" },
    { "tea", "tea" },
    { "<b>&amp;\"'", "&lt;b&gt;&amp;amp;&quot;&apos;" },
    { "a\nb", "a\nb" },
    /* code */
    { "`a`", INLINE ("a") },
    { "x `a<b` y", "x " INLINE ("a&lt;b") " y" },
    { "`a` `b`", INLINE ("a") " " INLINE ("b") },
    { "`open", "`open" },
    { "`two\nlines`", "`two\nlines`" },
    { "``", "``" },
    { "```", "```" },
    { "````", "````" },
    { "```\ncode\n```", CODE "code</span>" },
    { "a ```x``` b", "a " CODE "x</span> b" },
    { "```open `a`", "```open " INLINE ("a") },
    { "`https://tea.example/`", INLINE ("https://tea.example/") },
    /* links */
    { "https://tea.example", LINK ("https://tea.example") },
    { "HTTP://tea.example/a?b=c&d",
      "<a href=\"http://tea.example/a?b=c&amp;d\">HTTP://tea.example/a?b=c&amp;d</a>" },
    { "(see http://tea.example/a_(b)).", "(see " LINK ("http://tea.example/a_(b)") ")." },
    { "http://tea.example, and", LINK ("http://tea.example") ", and" },
    { "xhttp://tea.example", "xhttp://tea.example" },
    { "http://", "http://" },
    { "http://.", "http://." },
    { "ftp://tea.example", "ftp://tea.example" },
    { "javascript:alert(1)", "javascript:alert(1)" },
    { "http://tea.example/\"><b>", LINK ("http://tea.example/") "&quot;&gt;&lt;b&gt;" },
    { "http://tea.example/'x", LINK ("http://tea.example/&apos;x") },
    { "见http://tea.example/a。好", "见" LINK ("http://tea.example/a") "。好" },
    { "http://[::1]:80/", LINK ("http://[::1]:80/") },
    { "见www.tea.example。", "见<a href=\"http://www.tea.example\">www.tea.example</a>。" },
    { "https://tea.example/茶",
      "<a href=\"https://tea.example/%E8%8C%B6\">https://tea.example/茶</a>" },
    { "mei@tea.example", "<a href=\"mailto:mei@tea.example\">mei@tea.example</a>" },
    /* the reader's name */
    { "@Mei hello", "<b>@Mei</b> hello" },
    { "hello mei", "hello <b>mei</b>" },
    { "Meinung", "Meinung" },
    { "Mei, `Mei` Mei", "<b>Mei</b>, " INLINE ("Mei") " <b>Mei</b>" },
    { "http://tea.example/Mei Mei", LINK ("http://tea.example/Mei") " <b>Mei</b>" },
    /* right to left */
    { "שלום <b>", "שלום &lt;b&gt;" },
  };
  g_autoptr (GRegex) mention = tea_mention_regex_new ("Mei");

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *markup = NULL;
      g_autofree char *text = NULL;

      g_test_message ("vector %zu: %s", i, vectors[i].text);
      markup = tea_message_markup_new (vectors[i].text, mention);
      g_assert_cmpstr (markup, ==, vectors[i].markup);
      text = parse (markup);
    }
}

static void
test_no_mention (void)
{
  g_autofree char *markup = tea_message_markup_new ("@Mei hello", NULL);

  g_assert_cmpstr (markup, ==, "@Mei hello");
}

/* Whatever is written comes out as valid markup, in a time that grows with its length
 * alone. */
static void
test_hostile (void)
{
  static const char *const pieces[] = {
    "`",
    "``",
    "```",
    "````x",
    "`a\n",
    "<",
    "&",
    "&#0;",
    "&lt;",
    "]]>",
    "<!--",
    "<span>",
    "http://",
    "http://(",
    "http://a",
    "http://((((",
    "https://a)",
    "teahouse://a#",
    "www.",
    "a@",
    "mei@tea.example",
    "茶",
    "h",
    "@",
    "Mei",
    "@Mei`",
    "\n",
    "\xe2\x80\xae",
    "\xe2\x80\x8d",
    "\x01",
    "\x7f",
    "\xc2\x80",
    "\xef\xbf\xbf",
    "a",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d",
    "\xf0\x9f\x87\xa9",
    "\xcc\x81",
    /* not UTF-8 */
    "\xff",
    "\xc3",
    "\xed\xa0\x80",
  };
  g_autoptr (GRegex) mention = tea_mention_regex_new ("Mei");

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (pieces); j++)
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autofree char *markup = NULL;
        g_autofree char *parsed = NULL;
        gint64 start = g_get_monotonic_time ();

        while (text->len < (i == j ? 16 * 1024 : 512))
          {
            g_string_append (text, pieces[i]);
            g_string_append (text, pieces[j]);
          }

        markup = tea_message_markup_new (text->str, mention);
        parsed = parse (markup);
        if (g_utf8_validate (text->str, -1, NULL))
          tea_message_markup_count_emoji (text->str);

        if (g_get_monotonic_time () - start > G_USEC_PER_SEC)
          g_test_message ("%zu and %zu took long", i, j);
      }
}

/* What is not code is shown as it was written, to the letter. */
static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "a < b && c > \"d\"",    "see https://tea.example/?a=1&b=2.", "@Mei: ``x", "שלום, tea?",
    "👩‍👩‍👧 <3",
  };
  g_autoptr (GRegex) mention = tea_mention_regex_new ("Mei");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *markup = tea_message_markup_new (texts[i], mention);
      g_autofree char *text = parse (markup);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

/* A paragraph comes in parts, so that it can be laid out in reasonable time. */
static void
test_chunks (void)
{
  static const char *const words[]
      = { "w", "word ", "👩‍👩‍👧‍👦", "e\xcc\x81", "茶", "🇩🇪", "\xcc\x81" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *markup = NULL;
      g_autofree char *plain = NULL;
      g_autofree char *parsed = NULL;

      while (text->len < 16 * 1024)
        g_string_append (text, words[i]);

      markup = tea_message_markup_new (text->str, NULL);
      plain = tea_message_markup_new_plain (text->str);
      g_assert_nonnull (strstr (markup, "</span>"));
      g_assert_cmpstr (markup, ==, plain);
      parsed = parse (markup);
      g_assert_cmpstr (parsed, ==, text->str);
      /* Nothing is cut in the middle. */
      if (i < 4)
        {
          g_autofree char *seam = g_strconcat (words[i], "<span", NULL);

          g_assert_nonnull (strstr (markup, seam));
        }
    }
}

static void
test_emoji (void)
{
  static const struct
  {
    const char *text;
    guint n;
  } vectors[] = {
    { "", 0 },
    { " ", 0 },
    { "a", 0 },
    { "🎉", 1 },
    { "🎉🍵", 2 },
    { "🎉 🍵", 2 },
    { "🎉🍵🎉", 3 },
    { "🎉🍵🎉🍵", 0 },
    { "🎉a", 0 },
    { "1", 0 },
    { "1️⃣", 1 },
    { "123", 0 },
    { "❤️", 1 },
    { "❤", 0 },
    { "👍🏽", 1 },
    { "☝🏽", 1 },
    { "👩‍👩‍👧‍👦", 1 },
    { "🏳️‍🌈", 1 },
    { "🇩🇪", 1 },
    { "🇩", 0 },
    { "🇩🇪🇨🇳", 2 },
    { "🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1 },
    { "中", 0 },
    { "。", 0 },
    { "!", 0 },
    { "\xe2\x80\x8d", 0 },
    { "🎉\xe2\x80\x8d", 0 },
    { "㊗️", 1 },
    { "🎉\n🎉", 0 },
    { "👩‍👩‍👩‍👩‍👩", 1 },
    { "👩‍👩‍👩‍👩‍👩‍👩", 0 },
    { "⌚", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %zu: %s", i, vectors[i].text);
      g_assert_cmpuint (tea_message_markup_count_emoji (vectors[i].text), ==, vectors[i].n);
    }
}

/* No line can break within what is one character, however long it is. */
static void
test_long_characters (void)
{
  static const struct
  {
    const char *piece;
    guint n;
    guint n_breaks;
  } vectors[] = {
    { "a", 100, 0 },        { "茶", 100, 0 },
    { "！", 100, 0 },       { "👩‍👩‍👧‍👦", 100, 0 },
    { "🇩🇪", 100, 0 },       { "e\xcc\x81", 100, 0 },
    { "\xcc\x81", 100, 0 }, { "한국어", 100, 0 },
    { "ᄒ", 12, 0 },        { "ᄒ", 13, 1 },
    { "ᄒ", 100, 8 },       { "👩\xe2\x80\x8d", 100, 8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *markup = NULL;
      g_autofree char *plain = NULL;
      g_autofree char *parsed = NULL;
      g_auto (GStrv) parts = NULL;
      g_autofree char *joined = NULL;

      for (guint n = 0; n < vectors[i].n; n++)
        g_string_append (text, vectors[i].piece);

      g_test_message ("vector %zu: %s", i, vectors[i].piece);
      markup = tea_message_markup_new (text->str, NULL);
      plain = tea_message_markup_new_plain (text->str);
      g_assert_cmpstr (markup, ==, plain);
      parsed = parse (markup);
      parts = g_strsplit (parsed, "\xe2\x80\x8b", -1);
      g_assert_cmpuint (g_strv_length (parts), ==, vectors[i].n_breaks + 1);
      joined = g_strjoinv (NULL, parts);
      g_assert_cmpstr (joined, ==, text->str);
    }
}

static GPtrArray *
make_events (const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, " ", -1);
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (events, tea_event_new (words[i][0] == '+' ? TEA_EVENT_JOINED : TEA_EVENT_LEFT,
                                            0, words[i] + 1, NULL));

  return events;
}

static void
test_presence (void)
{
  static const struct
  {
    const char *events;
    const char *text;
  } vectors[] = {
    { "+Aiko", "Aiko joined" },
    { "-Tomás", "Tomás left" },
    { "+Aiko +Sam", "Aiko and Sam joined" },
    { "+Aiko +Sam -Tomás", "Aiko and Sam joined, Tomás left" },
    { "-Tomás +Aiko", "Aiko joined, Tomás left" },
    { "+A +B +C", "A, B and C joined" },
    { "+A +B +C +D", "A, B and 2 others joined" },
    { "-A -B -C", "A, B and C left" },
    { "-A -B -C -D -E", "A, B and 3 others left" },
    { "+A +A", "A joined" },
    { "+A -A", "A joined and left" },
    { "+{left} -B", "{left} joined, B left" },
    { "+%s -B", "%s joined, B left" },
    /* A name stays where the sentence has it, whichever way it is written. */
    { "+שלום", LRM FSI "שלום" PDI " joined" },
    { "+שלום -Sam", LRM FSI "שלום" PDI " joined, Sam left" },
    { "-Sam -مها", LRM FSI "Sam" PDI " and " FSI "مها" PDI " left" },
    { "+שלום -שלום", LRM FSI "שלום" PDI " joined and left" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GPtrArray) events = make_events (vectors[i].events);
      g_autofree char *text = tea_presence_text_new (events);

      g_test_message ("vector %zu: %s", i, vectors[i].events);
      g_assert_cmpstr (text, ==, vectors[i].text);
    }
}

static void
test_presence_lines (void)
{
  g_autoptr (GPtrArray) events = make_events ("+Aiko -Aiko");
  g_autofree char *text = tea_presence_text_new_lines (events);

  g_assert_cmpstr (text, ==, "Aiko joined\nAiko left");
}

static void
test_time (void)
{
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 4, 12, 0, 0);
  gint64 now = g_date_time_to_unix (noon) * G_USEC_PER_SEC;
  gint64 hour = G_TIME_SPAN_HOUR;
  g_autofree char *clock = tea_time_text_new_clock (now + 5 * G_TIME_SPAN_MINUTE);
  g_autofree char *full = tea_time_text_new_full (now);
  g_autofree char *today = tea_time_text_new_day (now - 11 * hour, now);
  g_autofree char *yesterday = tea_time_text_new_day (now - 13 * hour, now);
  g_autofree char *before = tea_time_text_new_day (now - 37 * hour, now);
  g_autofree char *tomorrow = tea_time_text_new_day (now + 13 * hour, now);
  g_autofree char *never = tea_time_text_new_full (G_MININT64);

  g_assert_cmpstr (clock, ==, "12:05");
  g_assert_cmpstr (full, ==, "Wednesday, 4 March 2026, 12:00:00");
  g_assert_cmpstr (today, ==, "Today");
  g_assert_cmpstr (yesterday, ==, "Yesterday");
  g_assert_cmpstr (before, ==, "Monday, 2 March 2026");
  g_assert_cmpstr (tomorrow, ==, "Thursday, 5 March 2026");
  g_assert_nonnull (never);
  g_assert_cmpint (tea_time_text_get_next_midnight (now), ==, now + 12 * hour);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-markup/markup", test_markup);
  g_test_add_func ("/message-markup/no-mention", test_no_mention);
  g_test_add_func ("/message-markup/hostile", test_hostile);
  g_test_add_func ("/message-markup/round-trip", test_round_trip);
  g_test_add_func ("/message-markup/chunks", test_chunks);
  g_test_add_func ("/message-markup/emoji", test_emoji);
  g_test_add_func ("/message-markup/long-characters", test_long_characters);
  g_test_add_func ("/presence-text/sentence", test_presence);
  g_test_add_func ("/presence-text/lines", test_presence_lines);
  g_test_add_func ("/time-text/all", test_time);

  return g_test_run ();
}
