/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-mention.h"

/* Chinese and its neighbours write without spaces: there a name may stand
 * directly beside other letters. */
static gboolean
needs_boundary (gunichar c)
{
  return g_unichar_isalnum (c) && !g_unichar_iswide (c);
}

/**
 * tea_mention_regex_new:
 * @name: a fit name
 *
 * Makes the pattern that finds where a text speaks to or of somebody: the name as a
 * word of its own, in any case, with or without "@" before it.
 *
 * Returns: (transfer full): the pattern
 */
GRegex *
tea_mention_regex_new (const char *name)
{
  g_autofree char *escaped = NULL;
  g_autofree char *pattern = NULL;
  const char *last;

  g_return_val_if_fail (name != NULL && *name != '\0', NULL);

  escaped = g_regex_escape_string (name, -1);
  last = g_utf8_find_prev_char (name, name + strlen (name));
  pattern
      = g_strdup_printf ("(?:@%s)%s%s",
                         needs_boundary (g_utf8_get_char (name)) ? "|(?<![\\p{L}\\p{N}_@])" : "?",
                         escaped,
                         needs_boundary (g_utf8_get_char (last)) ? "(?![\\p{L}\\p{N}_])" : "");

  return g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, NULL);
}
