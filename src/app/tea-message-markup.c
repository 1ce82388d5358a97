/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-markup.h"

#include <pango/pango.h>
#include <string.h>

#include "tea-message-link.h"

/* Somebody else's text comes in, Pango markup goes out: what is not recognised here is
 * escaped, and every step forward is a step through the text, so that no message can
 * take longer than its length. */

#define FENCE "```"

#define CODE_START "<span font_family=\"monospace\" size=\"95%\">"
#define CODE_END "</span>"

/* No line breaks within what Unicode takes for one character, and that may be as long as
 * somebody likes: so many letters or signs of it are shown together. */
#define MAX_CLUSTER 12
#define ZERO_WIDTH_SPACE 0x200b

/* More emoji than this are a text, not a sign. */
#define MAX_LONE_EMOJI 3

/* The longest ones that there are join four. */
#define MAX_JOINED_EMOJI 5

/* Pango shapes what is left of an item anew for every line it breaks it into, and a
 * paragraph is one item as a rule: 16 KiB of it would take many seconds. An attribute
 * that begins or ends makes a new item, also one that says what is so anyway. */
#define CHUNK 256
#define CHUNK_START "<span letter_spacing=\"0\">"
#define CHUNK_END "</span>"

typedef struct
{
  const char *start; /* the whole text */
  const char *at;    /* what comes next */
  const char *plain; /* where the text not yet written begins */
  GString *markup;
  GMatchInfo *mentions; /* (nullable) */
  int mention_start;    /* of the next mention, or -1 */
  int mention_end;
  gboolean no_fence; /* no closing fence is left */
} Scanner;

/* Makes places where a line can break in characters that are too long for one. Returns
 * %NULL if there are none, as in any text that is meant to be read. */
static char *
cut_clusters (const char *text)
{
  int n_attributes = (int) g_utf8_strlen (text, -1) + 1;
  g_autofree PangoLogAttr *attributes = NULL;
  g_autoptr (GString) cut = NULL;
  const char *done = text;
  const char *p = text;
  guint length = 0;

  if (n_attributes <= MAX_CLUSTER)
    return NULL;

  attributes = g_new0 (PangoLogAttr, n_attributes);
  pango_get_log_attrs (text, -1, -1, pango_language_get_default (), attributes, n_attributes);

  for (int i = 0; *p != '\0'; i++, p = g_utf8_next_char (p))
    {
      if (attributes[i].is_cursor_position)
        length = 0;
      if (g_unichar_iszerowidth (g_utf8_get_char (p)) || ++length <= MAX_CLUSTER)
        continue;

      if (cut == NULL)
        cut = g_string_new (NULL);
      g_string_append_len (cut, done, p - done);
      g_string_append_unichar (cut, ZERO_WIDTH_SPACE);
      done = p;
      length = 1;
    }

  if (cut == NULL)
    return NULL;
  g_string_append (cut, done);

  return g_string_free (g_steal_pointer (&cut), FALSE);
}

/* Whether what is before and after a place can do without each other. */
static gboolean
is_seam (gunichar before, gunichar after)
{
  return before != 0x200d && after != 0x200d && !g_unichar_ismark (after)
         && !(after >= 0x1f3fb && after <= 0x1f3ff) && !(after >= 0x1f1e6 && after <= 0x1f1ff)
         && !(after >= 0xe0020 && after <= 0xe007f);
}

/* Where a chunk ends: after a space if there is one, or else between two characters. */
static const char *
find_chunk_end (const char *start, const char *end)
{
  const char *seam = NULL;
  const char *space = NULL;
  gunichar before = 0;
  guint n = 0;

  for (const char *p = start; p < end && n < 2 * CHUNK; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      if (n >= CHUNK / 2 && g_unichar_isspace (before) && is_seam (before, c))
        space = p;
      if (n >= CHUNK / 2 && is_seam (before, c))
        seam = p;
      if (n >= CHUNK && (space != NULL || seam != NULL))
        return space != NULL ? space : seam;
      before = c;
    }

  if (n < 2 * CHUNK)
    return end;

  return g_utf8_offset_to_pointer (start, CHUNK);
}

static void
append_escaped (GString *markup, const char *text, gsize length)
{
  const char *end = text + length;
  gboolean odd = FALSE;

  while (text < end)
    {
      const char *next = find_chunk_end (text, end);
      g_autofree char *escaped = g_markup_escape_text (text, next - text);

      if (odd)
        g_string_append_printf (markup, CHUNK_START "%s" CHUNK_END, escaped);
      else
        g_string_append (markup, escaped);

      odd = !odd;
      text = next;
    }
}

static void
flush (Scanner *self)
{
  if (self->at > self->plain)
    append_escaped (self->markup, self->plain, (gsize) (self->at - self->plain));
  self->plain = self->at;
}

static void
skip_to (Scanner *self, const char *next)
{
  self->at = next;
  self->plain = next;
}

static void
find_mention (Scanner *self)
{
  int offset = (int) (self->at - self->start);

  while (self->mention_start >= 0 && self->mention_start < offset)
    {
      if (!g_match_info_next (self->mentions, NULL)
          || !g_match_info_fetch_pos (self->mentions, 0, &self->mention_start, &self->mention_end))
        self->mention_start = -1;
    }
}

static gboolean
scan_mention (Scanner *self)
{
  find_mention (self);
  if (self->mention_start < 0 || self->at != self->start + self->mention_start
      || self->mention_end <= self->mention_start)
    return FALSE;

  flush (self);
  g_string_append (self->markup, "<b>");
  append_escaped (self->markup, self->at, (gsize) (self->mention_end - self->mention_start));
  g_string_append (self->markup, "</b>");
  skip_to (self, self->start + self->mention_end);

  return TRUE;
}

static gboolean
scan_block (Scanner *self)
{
  const char *code = self->at + strlen (FENCE);
  const char *end;
  const char *next;

  if (self->no_fence || !g_str_has_prefix (self->at, FENCE))
    return FALSE;

  end = strstr (code, FENCE);
  if (end == NULL)
    {
      self->no_fence = TRUE;
      return FALSE;
    }

  next = end + strlen (FENCE);
  if (*code == '\n')
    code++;
  if (end > code && end[-1] == '\n')
    end--;
  if (end <= code)
    return FALSE;

  flush (self);
  g_string_append (self->markup, CODE_START);
  append_escaped (self->markup, code, (gsize) (end - code));
  g_string_append (self->markup, CODE_END);
  skip_to (self, next);

  return TRUE;
}

static gboolean
scan_code (Scanner *self)
{
  const char *code = self->at + 1;
  const char *end = code + strcspn (code, "`\n");

  if (*end != '`' || end == code)
    return FALSE;

  flush (self);
  g_string_append (self->markup, CODE_START);
  append_escaped (self->markup, code, (gsize) (end - code));
  g_string_append (self->markup, CODE_END);
  skip_to (self, end + 1);

  return TRUE;
}

static gboolean
scan_link (Scanner *self)
{
  const char *end;
  g_autofree char *uri = tea_message_link_read (self->start, self->at, &end);
  g_autofree char *escaped = NULL;

  if (uri == NULL)
    return FALSE;

  flush (self);
  escaped = g_markup_escape_text (uri, -1);
  g_string_append_printf (self->markup, "<a href=\"%s\">", escaped);
  append_escaped (self->markup, self->at, (gsize) (end - self->at));
  g_string_append (self->markup, "</a>");
  skip_to (self, end);

  return TRUE;
}

static gboolean
is_modifier (gunichar c)
{
  return c >= 0x1f3fb && c <= 0x1f3ff;
}

static gboolean
is_regional_indicator (gunichar c)
{
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* Everything that is shown as an emoji by default is wide (UAX #11), and of the wide
 * symbols outside these blocks none is. */
static gboolean
is_emoji (gunichar c)
{
  if (!((c >= 0x231a && c <= 0x2bff) || (c >= 0x1f000 && c <= 0x1faff)))
    return FALSE;

  return g_unichar_iswide (c) && g_unichar_isdefined (c) && !is_regional_indicator (c);
}

static gboolean
can_be_emoji (gunichar c)
{
  return c == 0xa9 || c == 0xae || c == 0x203c || c == 0x2049 || c == 0x2122 || c == 0x2139
         || (c >= 0x2190 && c <= 0x2bff) || c == 0x3030 || c == 0x303d || c == 0x3297 || c == 0x3299
         || (c >= 0x1f000 && c <= 0x1faff && !is_regional_indicator (c));
}

/* One element of an emoji sequence (UTS #51, ED-15 and around) without what joins it
 * to others; %NULL if there is none at @p. */
static const char *
skip_emoji_element (const char *p)
{
  gunichar c = g_utf8_get_char (p);
  const char *next;
  gunichar after;

  if (c == 0)
    return NULL;

  next = g_utf8_next_char (p);
  after = g_utf8_get_char (next);

  if (is_regional_indicator (c))
    return is_regional_indicator (after) ? g_utf8_next_char (next) : NULL;

  if (c < 0x80)
    {
      if (strchr ("0123456789#*", (int) c) == NULL)
        return NULL;
      if (after == 0xfe0f)
        next = g_utf8_next_char (next);
      return g_utf8_get_char (next) == 0x20e3 ? g_utf8_next_char (next) : NULL;
    }

  if (after == 0xfe0f ? !can_be_emoji (c) && !is_emoji (c) : !is_emoji (c) && !is_modifier (after))
    return NULL;
  if (is_modifier (after) && !can_be_emoji (c))
    return NULL;

  if (after == 0xfe0f || is_modifier (after))
    next = g_utf8_next_char (next);
  if (g_utf8_get_char (next) == 0x20e3)
    next = g_utf8_next_char (next);
  while (g_utf8_get_char (next) >= 0xe0020 && g_utf8_get_char (next) <= 0xe007f)
    next = g_utf8_next_char (next);

  return next;
}

static const char *
skip_emoji (const char *p)
{
  guint n = 1;

  p = skip_emoji_element (p);

  while (p != NULL && g_utf8_get_char (p) == 0x200d)
    p = ++n <= MAX_JOINED_EMOJI ? skip_emoji_element (g_utf8_next_char (p)) : NULL;

  return p;
}

/**
 * tea_message_markup_new:
 * @text: what somebody wrote
 * @mention: (nullable): the pattern of the name to be shown bold
 *
 * Turns the text of a message into Pango markup: links become links, text between backticks is set
 * as code, the matches of @mention are bold. Everything else is shown as it was written.
 *
 * Returns: (transfer full): the markup, always valid
 */
char *
tea_message_markup_new (const char *text, GRegex *mention)
{
  g_autoptr (GMatchInfo) mentions = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *cut = NULL;
  Scanner scanner = { 0 };

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  cut = cut_clusters (text);
  if (cut != NULL)
    text = cut;

  scanner.start = scanner.at = scanner.plain = text;
  scanner.markup = g_string_sized_new (strlen (text) + 64);
  scanner.mention_start = -1;

  if (mention != NULL && g_regex_match (mention, text, 0, &mentions))
    {
      scanner.mentions = mentions;
      g_match_info_fetch_pos (mentions, 0, &scanner.mention_start, &scanner.mention_end);
    }

  while (*scanner.at != '\0')
    {
      if (scan_link (&scanner))
        continue;
      if (scanner.mention_start >= 0 && scan_mention (&scanner))
        continue;
      if (*scanner.at == '`')
        {
          if (scan_block (&scanner) || scan_code (&scanner))
            continue;
          /* A run of backticks that opens nothing is itself, and not tried in parts. */
          scanner.at += strspn (scanner.at, "`");
          continue;
        }
      scanner.at = g_utf8_next_char (scanner.at);
    }
  flush (&scanner);

  return g_string_free (scanner.markup, FALSE);
}

/**
 * tea_message_markup_new_plain:
 * @text: any text
 *
 * Turns a text in which nothing has a meaning into markup.
 *
 * Returns: (transfer full): the markup, always valid
 */
char *
tea_message_markup_new_plain (const char *text)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  g_autofree char *valid = NULL;
  g_autofree char *cut = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  cut = cut_clusters (text);
  if (cut != NULL)
    text = cut;
  append_escaped (markup, text, strlen (text));

  return g_string_free (g_steal_pointer (&markup), FALSE);
}

/**
 * tea_message_markup_count_emoji:
 * @text: what somebody wrote
 *
 * Tells whether a message is one to three emoji and nothing else but spaces.
 *
 * Returns: how many they are; 0 if there is anything else, or more
 */
guint
tea_message_markup_count_emoji (const char *text)
{
  guint n = 0;

  g_return_val_if_fail (text != NULL, 0);

  while (*text != '\0')
    {
      if (*text == ' ')
        {
          text++;
          continue;
        }

      text = skip_emoji (text);
      if (text == NULL || ++n > MAX_LONE_EMOJI)
        return 0;
    }

  return n;
}
