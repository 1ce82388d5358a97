/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-text.h"

#include <string.h>

/* What others wrote, as it can be shown. */

#define LEFT_TO_RIGHT_MARK 0x200e
#define RIGHT_TO_LEFT_MARK 0x200f
#define LINE_SEPARATOR 0x2028
#define PARAGRAPH_SEPARATOR 0x2029
#define LEFT_TO_RIGHT_ISOLATE 0x2066
#define FIRST_STRONG_ISOLATE 0x2068
#define POP_DIRECTIONAL_ISOLATE 0x2069

/* The characters that Unicode has set aside for scripts from right to left, and the
 * mark (DerivedBidiClass.txt, "@missing"). Digits and marks among them do not matter. */
static gboolean
is_right_to_left (gunichar c)
{
  return (c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff)
         || (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff)
         || (c >= 0x1e800 && c <= 0x1efff) || c == RIGHT_TO_LEFT_MARK;
}

/* Embeddings, overrides and isolates, and their ends. */
static gboolean
is_direction_control (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e)
         || (c >= LEFT_TO_RIGHT_ISOLATE && c <= POP_DIRECTIONAL_ISOLATE);
}

static gboolean
ends_paragraph (gunichar c)
{
  return c == '\n' || c == '\r' || (c >= 0x1c && c <= 0x1e) || c == 0x85
         || c == PARAGRAPH_SEPARATOR;
}

static gboolean
is_mark (gunichar c)
{
  return c == LEFT_TO_RIGHT_MARK || c == RIGHT_TO_LEFT_MARK;
}

/* Keeps count of the isolates that are open. Answers whether @c begins or ends one. */
static gboolean
follow_isolate (gunichar c, guint *depth)
{
  if (c >= LEFT_TO_RIGHT_ISOLATE && c <= FIRST_STRONG_ISOLATE)
    ++*depth;
  else if (c == POP_DIRECTIONAL_ISOLATE && *depth > 0)
    --*depth;
  else
    return FALSE;

  return TRUE;
}

/* Ends the isolates that are open. */
static void
append_ends (GString *text, guint *depth)
{
  for (; *depth > 0; --*depth)
    g_string_append_unichar (text, POP_DIRECTIONAL_ISOLATE);
}

/* Whether all of a text is written from left to right. */
static gboolean
is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_right_to_left (c) || is_direction_control (c))
        return FALSE;
    }

  return TRUE;
}

/* Where a conversion ("%s", "%1$s", "%-5d") that begins at @percent ends. */
static const char *
skip_conversion (const char *percent)
{
  const char *letter = percent + 1 + strspn (percent + 1, "0123456789$-+ #'.*hlLqjzt");

  return *letter != '\0' ? letter + 1 : letter;
}

/* The mark that gives a text the direction of the sentence's own words; 0 if it has none. */
static gunichar
find_mark (const char *sentence)
{
  while (*sentence != '\0')
    {
      gunichar c = g_utf8_get_char (sentence);

      if (is_right_to_left (c))
        return RIGHT_TO_LEFT_MARK;
      if (g_unichar_isalpha (c))
        return LEFT_TO_RIGHT_MARK;
      sentence = c == '%' ? skip_conversion (sentence) : g_utf8_next_char (sentence);
    }

  return 0;
}

/* Puts @fence before and behind each "%s" of a sentence. */
static char *
fence_pieces (const char *sentence, gunichar fence)
{
  g_autoptr (GString) fenced = g_string_new (NULL);

  while (*sentence != '\0')
    {
      const char *end = *sentence == '%' ? skip_conversion (sentence) : sentence + 1;
      gboolean is_piece = *sentence == '%' && end[-1] == 's';

      if (is_piece)
        g_string_append_unichar (fenced, fence);
      g_string_append_len (fenced, sentence, end - sentence);
      if (is_piece)
        g_string_append_unichar (fenced, fence);
      sentence = end;
    }

  return g_string_free (g_steal_pointer (&fenced), FALSE);
}

/* A character that a text does not hold: the last one for private use, or one before. */
static gunichar
find_unused (const char *text)
{
  gunichar c = 0x10fffd;

  while (g_utf8_strchr (text, -1, c) != NULL)
    c--;

  return c;
}

static char *
format (const char *sentence, va_list args)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *fenced = NULL;
  g_autofree char *filled = NULL;
  g_auto (GStrv) parts = NULL;
  char fence[7] = { 0 };
  gunichar mark;
  va_list again;

  va_copy (again, args);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  bytes = g_strdup_vprintf (sentence, args);
  plain = g_utf8_make_valid (bytes, -1);
  if (!is_plain (plain))
    {
      g_unichar_to_utf8 (find_unused (plain), fence);
      fenced = fence_pieces (sentence, g_utf8_get_char (fence));
      filled = g_strdup_vprintf (fenced, again);
    }
#pragma GCC diagnostic pop
  va_end (again);

  if (filled == NULL)
    return g_steal_pointer (&plain);

  mark = find_mark (sentence);
  if (mark != 0)
    g_string_append_unichar (text, mark);

  parts = g_strsplit (filled, fence, -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      /* Every other part is a piece. */
      g_autofree char *isolated = i % 2 == 1 ? tea_text_isolate (parts[i]) : NULL;

      g_string_append (text, isolated != NULL ? isolated : parts[i]);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * tea_text_is_safe:
 * @c: a character
 *
 * Returns: whether it does no more than be seen, wherever it is printed
 */
gboolean
tea_text_is_safe (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_LINE_SEPARATOR
         && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

/**
 * tea_text_make_safe:
 * @text: what somebody else wrote, in valid UTF-8
 *
 * What others write must not steer the terminal, and must not look like a line of
 * somebody else's. Marks of direction and isolates stay: they are in what
 * tea_text_format() makes, and end with their line.
 *
 * Returns: (transfer full): the text with what could do either made visible
 */
char *
tea_text_make_safe (const char *text)
{
  g_autoptr (GString) safe = g_string_new (NULL);
  guint depth = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR)
        {
          append_ends (safe, &depth);
          g_string_append (safe, "\n    ");
        }
      else if (is_mark (c) || follow_isolate (c, &depth))
        g_string_append_unichar (safe, c);
      else if (c != '\t' && !tea_text_is_safe (c))
        g_string_append (safe, "\357\277\275");
      else
        g_string_append_unichar (safe, c);
    }
  append_ends (safe, &depth);

  return g_string_free (g_steal_pointer (&safe), FALSE);
}

/**
 * tea_text_tidy:
 * @text: what somebody typed or pasted, in valid UTF-8
 *
 * Makes of it what they meant to say: whatever ends a line is a line feed, there is no
 * space behind the end and no empty line before the beginning, and of the control
 * characters there are only line feed and tab.
 *
 * Returns: (transfer full): the text to be said; empty if there is nothing
 */
char *
tea_text_tidy (const char *text)
{
  g_autoptr (GString) tidy = g_string_new (NULL);
  gsize line = 0;
  gsize end = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r' && p[1] == '\n')
        continue;

      if (ends_paragraph (c) || c == '\v' || c == '\f' || c == 0x2028)
        {
          g_string_append_c (tidy, '\n');
          if (end == 0)
            line = tidy->len;
        }
      else if (c == '\t' || !g_unichar_iscntrl (c))
        {
          g_string_append_unichar (tidy, c);
          if (!g_unichar_isspace (c))
            end = tidy->len;
        }
    }

  g_string_truncate (tidy, end);
  g_string_erase (tidy, 0, (gssize) MIN (line, end));

  return g_string_free (g_steal_pointer (&tidy), FALSE);
}

/**
 * tea_text_isolate:
 * @text: what somebody else wrote, any bytes
 *
 * Keeps a text from turning round what stands beside it: each of its paragraphs becomes a
 * first strong isolate of UAX #9. An isolate that @text leaves open is closed, and an end
 * without a beginning is left out. What is no UTF-8 becomes U+FFFD.
 *
 * Returns: (transfer full): the text between U+2068 and U+2069
 */
char *
tea_text_isolate (const char *text)
{
  g_autoptr (GString) isolated = g_string_new (NULL);
  g_autofree char *valid = NULL;
  guint depth = 0;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  g_string_append_unichar (isolated, FIRST_STRONG_ISOLATE);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (ends_paragraph (c))
        {
          append_ends (isolated, &depth);
          g_string_append_unichar (isolated, POP_DIRECTIONAL_ISOLATE);
          g_string_append_unichar (isolated, c);
          g_string_append_unichar (isolated, FIRST_STRONG_ISOLATE);
        }
      else if (follow_isolate (c, &depth) || c != POP_DIRECTIONAL_ISOLATE)
        g_string_append_unichar (isolated, c);
    }

  append_ends (isolated, &depth);
  g_string_append_unichar (isolated, POP_DIRECTIONAL_ISOLATE);

  return g_string_free (g_steal_pointer (&isolated), FALSE);
}

/**
 * tea_text_format:
 * @sentence: a sentence of this program, as for printf()
 * @...: what it is about
 *
 * Fills a sentence with what others called themselves or wrote. Each string stands for
 * itself, as with tea_text_isolate(), and the sentence keeps the direction of its own
 * words, also for programs that look for the first letter only, as Pango does. Where
 * everything is written from left to right, nothing is added.
 *
 * Returns: (transfer full): the sentence
 */
char *
tea_text_format (const char *sentence, ...)
{
  char *text;
  va_list args;

  g_return_val_if_fail (sentence != NULL, NULL);

  va_start (args, sentence);
  text = format (sentence, args);
  va_end (args);

  return text;
}

/**
 * tea_text_set_error:
 * @error: (nullable): return location for a #GError
 * @domain: the domain of the error
 * @code: its code
 * @sentence: a sentence of this program, as for printf()
 * @...: what it is about
 *
 * Sets an error whose message tea_text_format() makes.
 */
void
tea_text_set_error (GError **error, GQuark domain, int code, const char *sentence, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  g_return_if_fail (error == NULL || *error == NULL);
  g_return_if_fail (sentence != NULL);

  va_start (args, sentence);
  message = format (sentence, args);
  va_end (args);

  g_set_error_literal (error, domain, code, message);
}
