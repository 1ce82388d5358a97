/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-recent-reactions.h"

#include <gio/gio.h>

#include "tea-emoji.h"

/* The emojis that are at hand to react with: those used last in front. */

#define KEY "recent-reactions"

/* The same emoji may be written in more than one way. */
static gboolean
is_same (const char *one, const char *other)
{
  g_autofree char *folded = tea_emoji_fold (one);
  g_autofree char *other_folded = tea_emoji_fold (other);

  return g_str_equal (folded, other_folded);
}

/* Adds what is an emoji, and not there yet, as long as there is room. */
static void
add (GPtrArray *emojis, const char *emoji)
{
  if (emojis->len >= TEA_RECENT_REACTIONS || !tea_emoji_is_one (emoji))
    return;

  for (guint i = 0; i < emojis->len; i++)
    if (is_same (g_ptr_array_index (emojis, i), emoji))
      return;

  g_ptr_array_add (emojis, g_strdup (emoji));
}

static char **
list_with (GSettings *settings, const char *first)
{
  g_auto (GStrv) kept = g_settings_get_strv (settings, KEY);
  g_autoptr (GVariant) value = g_settings_get_default_value (settings, KEY);
  g_autofree const char **standard = g_variant_get_strv (value, NULL);
  GPtrArray *emojis = g_ptr_array_new ();

  if (first != NULL)
    add (emojis, first);
  for (guint i = 0; kept[i] != NULL; i++)
    add (emojis, kept[i]);
  for (guint i = 0; standard[i] != NULL; i++)
    add (emojis, standard[i]);
  g_ptr_array_add (emojis, NULL);

  return (char **) g_ptr_array_free (emojis, FALSE);
}

/**
 * tea_recent_reactions_dup:
 *
 * Returns: (transfer full): the emojis that are at hand, %TEA_RECENT_REACTIONS of them
 */
char **
tea_recent_reactions_dup (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APPLICATION_ID);

  return list_with (settings, NULL);
}

/**
 * tea_recent_reactions_note:
 * @emoji: what somebody has reacted with
 *
 * Puts an emoji in front of the others.
 */
void
tea_recent_reactions_note (const char *emoji)
{
  g_autoptr (GSettings) settings = g_settings_new (APPLICATION_ID);
  g_auto (GStrv) emojis = NULL;

  g_return_if_fail (emoji != NULL);

  emojis = list_with (settings, emoji);
  g_settings_set_strv (settings, KEY, (const char *const *) emojis);
}
