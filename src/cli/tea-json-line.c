/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-json-line.h"

#include "tea-text.h"

/* What others wrote may do no more than be seen, wherever it is printed in the end. To
 * programs it is the same: within strings, which is where it is, JSON can write any
 * character by its number. */
static char *
escape (const char *line)
{
  g_autoptr (GString) escaped = g_string_new (NULL);

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (tea_text_is_safe (c))
        g_string_append_unichar (escaped, c);
      else if (c < 0x10000)
        g_string_append_printf (escaped, "\\u%04x", c);
      else
        g_string_append_printf (escaped, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
                                0xdc00 + (c & 0x3ff));
    }

  return g_string_free (g_steal_pointer (&escaped), FALSE);
}

/**
 * tea_json_line_begin:
 * @kind: what the object tells of
 * @room: (nullable): the address of the room it is about
 *
 * Returns: (transfer full): an object that has these, and is not at its end
 */
JsonBuilder *
tea_json_line_begin (const char *kind, const char *room)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  tea_json_line_add_string (builder, "kind", kind);
  if (room != NULL)
    tea_json_line_add_string (builder, "room", room);

  return builder;
}

/**
 * tea_json_line_end:
 * @builder: an object
 *
 * Returns: (transfer full): the object as it is printed, without a line break at its end
 */
char *
tea_json_line_end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);

  return escape (line);
}

/**
 * tea_json_line_add_string:
 * @builder: an object
 * @name: what the member is called
 * @value: (nullable): a text; null where there is none
 *
 * Adds a text.
 */
void
tea_json_line_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * tea_json_line_add_boolean:
 * @builder: an object
 * @name: what the member is called
 * @value: true or false
 *
 * Adds whether something is so.
 */
void
tea_json_line_add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/**
 * tea_json_line_add_count:
 * @builder: an object
 * @name: what the member is called
 * @value: a number, which may be 0
 *
 * Adds a number.
 */
void
tea_json_line_add_count (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

/**
 * tea_json_line_add_seq:
 * @builder: an object
 * @name: what the member is called
 * @seq: the number of an event; null where it is 0
 *
 * Adds the number of an event.
 */
void
tea_json_line_add_seq (JsonBuilder *builder, const char *name, guint64 seq)
{
  json_builder_set_member_name (builder, name);
  if (seq != 0)
    json_builder_add_int_value (builder, (gint64) seq);
  else
    json_builder_add_null_value (builder);
}

/**
 * tea_json_line_add_time:
 * @builder: an object
 * @name: what the member is called
 * @time: in µs since the Unix epoch, UTC
 *
 * Adds a time, in ISO 8601.
 */
void
tea_json_line_add_time (JsonBuilder *builder, const char *name, gint64 time)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (time / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) exact = g_date_time_add (seconds, time % G_TIME_SPAN_SECOND);
  g_autofree char *iso = g_date_time_format_iso8601 (exact);

  tea_json_line_add_string (builder, name, iso);
}

/**
 * tea_json_line_add_strings:
 * @builder: an object
 * @name: what the member is called
 * @values: (array zero-terminated=1): texts
 *
 * Adds a list of texts.
 */
void
tea_json_line_add_strings (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *values != NULL; values++)
    json_builder_add_string_value (builder, *values);
  json_builder_end_array (builder);
}
