/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-text.h"

/* What others wrote, as it can be shown. */

/**
 * tea_text_is_safe:
 * @c: a character
 *
 * Returns: whether it does no more than be seen, wherever it is printed
 */
gboolean
tea_text_is_safe (gunichar c)
{
  return !g_unichar_iscntrl (c) && g_unichar_type (c) != G_UNICODE_FORMAT;
}

/**
 * tea_text_make_safe:
 * @text: what somebody else wrote, in valid UTF-8
 *
 * What others write must not steer the terminal, and must not look like a line of
 * somebody else's.
 *
 * Returns: (transfer full): the text with what could do either made visible
 */
char *
tea_text_make_safe (const char *text)
{
  g_autoptr (GString) safe = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n')
        g_string_append (safe, "\n    ");
      else if (c != '\t' && !tea_text_is_safe (c))
        g_string_append (safe, "\357\277\275");
      else
        g_string_append_unichar (safe, c);
    }

  return g_string_free (g_steal_pointer (&safe), FALSE);
}
