/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ctl-printer.h"

#include <string.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "tea-limits.h"
#include "tea-text.h"

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) moment = NULL;

  if (time == 0)
    return g_strdup ("");
  if (time >= TEA_EVENT_MAX_TIME)
    return g_strdup (_ ("for good"));

  moment = g_date_time_new_from_unix_local (time / G_TIME_SPAN_SECOND);

  return g_date_time_format (moment, "%Y-%m-%d %H:%M:%S");
}

/* What somebody else has written must not do anything to the terminal. */
static char *
format_value (GVariant *value)
{
  if (value == NULL)
    return g_strdup ("");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return tea_text_make_safe (g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? _ ("yes") : "");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return format_time (g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, g_variant_get_uint64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_autofree const char **words = g_variant_get_strv (value, NULL);

      return g_strjoinv (", ", (char **) words);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_strdup_printf ("%u", g_variant_get_uint32 (value));

  return g_variant_print (value, FALSE);
}

static char *
format_cell (GVariant *dict, const TeaCtlColumn *column)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dict, column->key, NULL);
  g_autofree char *text = format_value (value);

  return column->words != NULL && g_strv_contains (column->words, text) ? g_strdup (_ (text))
                                                                        : g_steal_pointer (&text);
}

/* How many cells of a terminal a text takes. */
static guint
get_width (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }

  return width;
}

static void
append_cell (GString *out, const char *text, guint width, gboolean is_last)
{
  g_string_append (out, text);
  for (guint i = get_width (text); !is_last && i < width + 2; i++)
    g_string_append_c (out, ' ');
}

static guint
count_columns (const TeaCtlColumn *columns)
{
  guint n = 0;

  do
    n++;
  while (columns[n].key != NULL);

  return n;
}

/**
 * tea_ctl_printer_format_table: (skip)
 * @rows: of the type `aa{sv}`
 * @columns: (array): what is shown of each, at least one; the last has no key
 *
 * Returns: (transfer full): a table for people, with a line of headers
 */
char *
tea_ctl_printer_format_table (GVariant *rows, const TeaCtlColumn *columns)
{
  guint n_columns = count_columns (columns);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint *widths = g_new0 (guint, n_columns);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (cells, g_strdup (_ (columns[i].header)));
  for (gsize row = 0; row < g_variant_n_children (rows); row++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, row);

      for (guint i = 0; i < n_columns; i++)
        g_ptr_array_add (cells, format_cell (dict, &columns[i]));
    }

  for (guint i = 0; i < cells->len; i++)
    widths[i % n_columns] = MAX (widths[i % n_columns], get_width (g_ptr_array_index (cells, i)));
  for (guint i = 0; i < cells->len; i++)
    {
      gboolean is_last = i % n_columns == n_columns - 1;

      append_cell (out, g_ptr_array_index (cells, i), widths[i % n_columns], is_last);
      if (is_last)
        {
          g_autofree char *line = g_strchomp (g_strdup (out->str));

          g_string_assign (out, line);
          g_string_append_c (out, '\n');
        }
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * tea_ctl_printer_format_list: (skip)
 * @dict: of the type `a{sv}`
 * @columns: (array): what is shown of it; the last has no key
 *
 * Returns: (transfer full): a list for people, a line for each that is not empty
 */
char *
tea_ctl_printer_format_list (GVariant *dict, const TeaCtlColumn *columns)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint width = 0;

  for (const TeaCtlColumn *column = columns; column->key != NULL; column++)
    width = MAX (width, get_width (_ (column->header)));

  for (const TeaCtlColumn *column = columns; column->key != NULL; column++)
    {
      g_autofree char *text = format_cell (dict, column);

      if (*text == '\0')
        continue;

      append_cell (out, _ (column->header), width, FALSE);
      g_string_append_printf (out, "%s\n", text);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static JsonNode *
make_time (gint64 time)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (time / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) exact = g_date_time_add (seconds, time % G_TIME_SPAN_SECOND);
  g_autofree char *iso
      = time < TEA_EVENT_MAX_TIME ? g_date_time_format_iso8601 (exact) : g_strdup ("forever");

  return json_node_init_string (json_node_alloc (), iso);
}

static JsonNode *make_node (GVariant *value);

static JsonNode *
make_object (GVariant *dict)
{
  g_autoptr (JsonObject) object = json_object_new ();
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    json_object_set_member (object, key, make_node (value));

  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
make_array (GVariant *list)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) value = g_variant_get_child_value (list, i);

      json_array_add_element (array, make_node (value));
    }

  return json_node_init_array (json_node_alloc (), array);
}

/* As the terminal client tells it: a time is in ISO 8601. */
static JsonNode *
make_node (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return make_object (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return make_time (g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY))
    return make_array (value);

  return json_gvariant_serialize (value);
}

/**
 * tea_ctl_printer_format_json: (skip)
 * @value: what the server has answered
 *
 * Returns: (transfer full): the same for programs, in one line
 */
char *
tea_ctl_printer_format_json (GVariant *value)
{
  g_autoptr (JsonNode) node = make_node (value);
  g_autofree char *text = json_to_string (node, FALSE);

  return g_strconcat (text, "\n", NULL);
}
