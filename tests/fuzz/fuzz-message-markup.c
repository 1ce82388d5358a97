/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <pango/pango.h>
#include <string.h>

#include "tea-mention.h"
#include "tea-message-markup.h"
#include "tea-message-parts.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_uri (const char *uri)
{
  g_autoptr (GUri) parsed = NULL;
  g_autoptr (GError) error = NULL;
  const char *scheme;

  parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED, &error);
  g_assert_no_error (error);
  g_assert_null (g_uri_get_userinfo (parsed));

  scheme = g_uri_get_scheme (parsed);
  if (g_str_equal (scheme, "mailto"))
    {
      const char *at = strchr (g_uri_get_path (parsed), '@');

      g_assert_nonnull (at);
      g_assert_null (strchr (at + 1, '@'));
      return;
    }

  g_assert_true (g_str_equal (scheme, "http") || g_str_equal (scheme, "https")
                 || g_str_equal (scheme, "teahouse"));
  g_assert_cmpstr (g_uri_get_host (parsed), !=, "");
  g_assert_true (g_str_is_ascii (g_uri_get_path (parsed)));
}

static void
start_cb (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer user_data,
          GError **error)
{
  if (g_str_equal (element, "a"))
    {
      g_assert_cmpstr (names[0], ==, "href");
      g_assert_null (names[1]);
      check_uri (values[0]);
    }
}

static void
text_cb (GMarkupParseContext *context,
         const char *text,
         gsize length,
         gpointer user_data,
         GError **error)
{
  g_string_append_len (user_data, text, (gssize) length);
}

/* As GtkLabel reads it; answers what is shown. */
static char *
read_links (const char *markup)
{
  const GMarkupParser parser = { start_cb, NULL, text_cb, NULL, NULL };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, text, NULL);
  g_autofree char *document = g_strconcat ("<markup>", markup, "</markup>", NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, document, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Pango knows no links, GtkLabel takes them out before. */
static char *
read_markup (const char *markup)
{
  static GRegex *links = NULL;
  g_autofree char *without = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  if (links == NULL)
    links = g_regex_new ("</?a( href=\"[^\"]*\")?>", G_REGEX_OPTIMIZE, 0, NULL);

  without = g_regex_replace_literal (links, markup, -1, 0, "", 0, &error);
  g_assert_no_error (error);
  pango_parse_markup (without, -1, 0, NULL, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

/* Places where a line may break are put into very long characters. */
static char *
drop_breaks (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\xe2\x80\x8b", -1);

  return g_strjoinv (NULL, parts);
}

static void
assert_shown (const char *shown, const char *written)
{
  g_autofree char *a = drop_breaks (shown);
  g_autofree char *b = drop_breaks (written);

  g_assert_cmpstr (a, ==, b);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static GRegex *mention = NULL;
  g_autofree char *text = g_strndup ((const char *) data, size);
  /* The parser of markup makes line feeds of carriage returns. */
  g_autofree char *valid = g_utf8_make_valid (g_strdelimit (text, "\r", '\n'), -1);
  g_autofree char *markup = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *shown_by_pango = NULL;
  g_autofree char *shown_plain = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  if (mention == NULL)
    mention = tea_mention_regex_new ("Mei");

  markup = tea_message_markup_new (text, mention);
  shown = read_links (markup);
  shown_by_pango = read_markup (markup);
  g_assert_cmpstr (shown, ==, shown_by_pango);
  if (strchr (valid, '`') == NULL)
    assert_shown (shown, valid);

  parts = tea_message_parts_new (valid);
  g_assert_cmpuint (parts->len, >, 0);

  plain = tea_message_markup_new_plain (text);
  shown_plain = read_markup (plain);
  assert_shown (shown_plain, valid);

  g_assert_cmpuint (tea_message_markup_count_emoji (valid), <=, 3);

  return 0;
}
