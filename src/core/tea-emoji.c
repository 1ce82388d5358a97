/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-emoji.h"

#include <string.h>

#include "tea-limits.h"

/* Emojis have the form of UTS #51, 1.4.9: what can stand for itself, with what varies it behind,
 * and more of the same joined to it. Which of these a font has is not ours to know. */

#define JOINER 0x200d
#define KEYCAP 0x20e3
#define LAST_TAG 0xe007f

static gboolean
is_variation_selector (gunichar c)
{
  return c == 0xfe0e || c == 0xfe0f;
}

static gboolean
is_skin_tone (gunichar c)
{
  return c >= 0x1f3fb && c <= 0x1f3ff;
}

static gboolean
is_tag (gunichar c)
{
  return c >= 0xe0020 && c <= LAST_TAG;
}

static gboolean
is_half_flag (gunichar c)
{
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static gboolean
is_key (gunichar c)
{
  return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

/* What stands for itself: symbols, and what is among the emojis without being one. */
static gboolean
is_base (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (is_half_flag (c))
    return FALSE;
  if (c == 0x203c || c == 0x2049 || c == 0x2139 || c == 0x3030)
    return TRUE;
  if (c >= 0x1f000 && c <= 0x1faff && type == G_UNICODE_UNASSIGNED)
    return TRUE;

  return c > 0x7f
         && (type == G_UNICODE_OTHER_SYMBOL || type == G_UNICODE_MATH_SYMBOL || is_skin_tone (c));
}

/* Returns where what begins at @p and is not joined to anything ends; NULL if nothing does. */
static const char *
skip_element (const char *p)
{
  gunichar c = g_utf8_get_char (p);

  p = g_utf8_next_char (p);
  if (is_half_flag (c))
    return is_half_flag (g_utf8_get_char (p)) ? g_utf8_next_char (p) : NULL;

  if (is_key (c))
    {
      if (is_variation_selector (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      return g_utf8_get_char (p) == KEYCAP ? g_utf8_next_char (p) : NULL;
    }

  if (!is_base (c))
    return NULL;

  if (is_variation_selector (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  else if (is_skin_tone (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);

  if (is_tag (g_utf8_get_char (p)))
    {
      gunichar last = 0;

      for (; is_tag (g_utf8_get_char (p)); p = g_utf8_next_char (p))
        last = g_utf8_get_char (p);
      if (last != LAST_TAG)
        return NULL;
    }

  return p;
}

/**
 * tea_emoji_is_one:
 * @text: what somebody reacts with, in valid UTF-8
 *
 * Tells whether a text is a single emoji, and nothing else.
 *
 * Returns: whether it is
 */
gboolean
tea_emoji_is_one (const char *text)
{
  const char *p;

  g_return_val_if_fail (text != NULL, FALSE);

  if (*text == '\0' || strlen (text) > TEA_EMOJI_MAX_BYTES)
    return FALSE;

  p = skip_element (text);
  while (p != NULL && g_utf8_get_char (p) == JOINER)
    p = skip_element (g_utf8_next_char (p));

  return p != NULL && *p == '\0';
}

/**
 * tea_emoji_fold:
 * @text: an emoji, in valid UTF-8
 *
 * Makes what emojis are compared by: the same may be written with and without variation
 * selectors.
 *
 * Returns: (transfer full): the emoji without these
 */
char *
tea_emoji_fold (const char *text)
{
  g_autoptr (GString) folded = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_variation_selector (g_utf8_get_char (p)))
      g_string_append_unichar (folded, g_utf8_get_char (p));

  return g_string_free (g_steal_pointer (&folded), FALSE);
}
