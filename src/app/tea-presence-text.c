/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-presence-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tea-text.h"

/* The sentence for people who came and went. */

static void
add_name (GPtrArray *names, const char *name)
{
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, (gpointer) name);
}

static char *
tell_one (TeaEventKind kind, const char *name)
{
  return tea_text_format (kind == TEA_EVENT_JOINED ? _ ("%s joined") : _ ("%s left"), name);
}

static char *
tell (TeaEventKind kind, GPtrArray *names)
{
  const char **name = (const char **) names->pdata;
  gboolean joined = kind == TEA_EVENT_JOINED;
  int rest = (int) names->len - 2;

  switch (names->len)
    {
    case 0:
      return NULL;
    case 1:
      return tell_one (kind, name[0]);
    case 2:
      return tea_text_format (joined ? _ ("%s and %s joined") : _ ("%s and %s left"), name[0],
                              name[1]);
    case 3:
      return tea_text_format (joined ? _ ("%s, %s and %s joined") : _ ("%s, %s and %s left"),
                              name[0], name[1], name[2]);
    default:
      return tea_text_format (joined ? ngettext ("%s, %s and %d other joined",
                                                 "%s, %s and %d others joined", (gulong) rest)
                                     : ngettext ("%s, %s and %d other left",
                                                 "%s, %s and %d others left", (gulong) rest),
                              name[0], name[1], rest);
    }
}

static char *
tell_event (TeaEvent *event)
{
  return tell_one (tea_event_get_kind (event), tea_event_get_author (event));
}

/* Fills "{joined}" and its like in one pass, so that a name with braces stays a name. */
static char *
fill (const char *template, const char *const *keys, const char *const *values)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (*template != '\0')
    {
      guint i;

      for (i = 0; keys[i] != NULL; i++)
        if (g_str_has_prefix (template, keys[i]))
          break;

      if (keys[i] != NULL)
        {
          g_string_append (text, values[i]);
          template += strlen (keys[i]);
        }
      else
        {
          g_string_append_c (text, *template ++);
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * tea_presence_text_new:
 * @events: (element-type TeaEvent): arrivals and departures, oldest first
 *
 * Tells in one sentence who came and who went: "Aiko and Sam joined, Tomás left".
 *
 * Returns: (transfer full): the sentence
 */
char *
tea_presence_text_new (GPtrArray *events)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) joined_names = g_ptr_array_new ();
  g_autoptr (GPtrArray) left_names = g_ptr_array_new ();
  g_autofree char *joined = NULL;
  g_autofree char *left = NULL;
  g_autofree char *first = NULL;
  g_autofree char *others = NULL;

  g_return_val_if_fail (events != NULL && events->len > 0, NULL);

  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);
      const char *name = tea_event_get_author (event);

      add_name (names, name);
      add_name (tea_event_get_kind (event) == TEA_EVENT_JOINED ? joined_names : left_names, name);
    }

  joined = tell (TEA_EVENT_JOINED, joined_names);
  left = tell (TEA_EVENT_LEFT, left_names);

  if (left == NULL)
    return g_steal_pointer (&joined);
  if (joined == NULL)
    return g_steal_pointer (&left);

  if (names->len == 1)
    /* Translators: one person came and went, possibly several times */
    return tea_text_format (_ ("%s joined and left"), (const char *) names->pdata[0]);

  first = tell_event (g_ptr_array_index (events, 0));
  others = g_strdup_printf ("%u", names->len - 1);

  return fill (
      /* Translators: some people came and others left. {joined} becomes a sentence such
         as "Aiko and Sam joined", {left} one such as "Tomás left". A language that would
         rather not list everybody can use {first}, the first of them all ("Aiko
         joined"), and {others}, the number of people besides. Leave the words in braces
         as they are. */
      _ ("{joined}, {left}"),
      (const char *const[]){ "{joined}", "{left}", "{first}", "{others}", NULL },
      (const char *const[]){ joined, left, first, others, NULL });
}

/**
 * tea_presence_text_new_lines:
 * @events: (element-type TeaEvent): arrivals and departures, oldest first
 *
 * Returns: (transfer full): one line for each of @events
 */
char *
tea_presence_text_new_lines (GPtrArray *events)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (events != NULL, NULL);

  for (guint i = 0; i < events->len; i++)
    {
      g_autofree char *line = tell_event (g_ptr_array_index (events, i));

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, line);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
