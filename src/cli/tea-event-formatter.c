/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-formatter.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "tea-text.h"

/**
 * TeaEventFormatter:
 *
 * Puts events into words: one line each for people, or one JSON object each for
 * programs.
 */
struct _TeaEventFormatter
{
  GObject parent_instance;

  gboolean json;
};

G_DEFINE_FINAL_TYPE (TeaEventFormatter, tea_event_formatter, G_TYPE_OBJECT)

static char *
make_safe (const char *text)
{
  return text != NULL ? tea_text_make_safe (text) : NULL;
}

static char *
format_for_people (TeaEvent *event)
{
  g_autofree char *author = make_safe (tea_event_get_author (event));
  g_autofree char *text = make_safe (tea_event_get_text (event));

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      return tea_text_format (_ ("%s entered the room"), author);
    case TEA_EVENT_LEFT:
      return tea_text_format (_ ("%s left the room"), author);
    case TEA_EVENT_MESSAGE:
      return tea_text_format ("%s ： %s", author, text);
    case TEA_EVENT_REFUSED:
      return tea_text_format (_ ("The server refused: %s"), text);
    case TEA_EVENT_NOTICE:
      return g_steal_pointer (&text);
    case TEA_EVENT_INVITED:
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ARCHIVED:
    case TEA_EVENT_OTHER:
    default:
      return NULL;
    }
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_time (JsonBuilder *builder, gint64 time)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (time / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) exact = g_date_time_add (seconds, time % G_TIME_SPAN_SECOND);
  g_autofree char *iso = g_date_time_format_iso8601 (exact);

  add_string (builder, "time", iso);
}

static void
add_number (JsonBuilder *builder, const char *name, guint64 seq)
{
  json_builder_set_member_name (builder, name);
  if (seq != 0)
    json_builder_add_int_value (builder, (gint64) seq);
  else
    json_builder_add_null_value (builder);
}

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

static char *
finish (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);

  return escape (line);
}

/* As the timeline calls messages. */
static char *
make_id (TeaEvent *event)
{
  return tea_event_get_number (event) != 0
             ? g_strdup_printf ("%08x-%u", tea_event_get_stream (event),
                                tea_event_get_number (event))
             : NULL;
}

static char *
format_as_json (TeaEvent *event)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (TEA_TYPE_EVENT_KIND);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *id = make_id (event);

  json_builder_begin_object (builder);
  add_string (builder, "kind", g_enum_get_value (kinds, tea_event_get_kind (event))->value_nick);
  add_string (builder, "author", tea_event_get_author (event));
  add_string (builder, "text", tea_event_get_text (event));
  add_time (builder, tea_event_get_time (event));
  add_number (builder, "seq", tea_event_get_seq (event));
  add_string (builder, "id", id);

  return finish (builder);
}

static const char *
name_state (TeaDelivery delivery)
{
  switch (delivery)
    {
    case TEA_DELIVERY_SENDING:
      return "sending";
    case TEA_DELIVERY_DELIVERED:
      return "delivered";
    case TEA_DELIVERY_FAILED:
      return "failed";
    case TEA_DELIVERY_SENT:
    case TEA_DELIVERY_WAITING:
    default:
      return NULL;
    }
}

static void
tea_event_formatter_class_init (TeaEventFormatterClass *klass)
{
}

static void
tea_event_formatter_init (TeaEventFormatter *self)
{
}

/**
 * tea_event_formatter_new:
 * @json: whether a program reads what is printed
 *
 * Returns: (transfer full): a formatter
 */
TeaEventFormatter *
tea_event_formatter_new (gboolean json)
{
  TeaEventFormatter *self = g_object_new (TEA_TYPE_EVENT_FORMATTER, NULL);

  self->json = json;

  return self;
}

/**
 * tea_event_formatter_format:
 * @self: a formatter
 * @event: what happened
 *
 * Returns: (transfer full) (nullable): the event in words or as JSON, without a line break at
 *   its end; %NULL where there is nothing to be told to people
 */
char *
tea_event_formatter_format (TeaEventFormatter *self, TeaEvent *event)
{
  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (event != NULL, NULL);

  return self->json ? format_as_json (event) : format_for_people (event);
}

/**
 * tea_event_formatter_format_gap:
 * @self: a formatter
 *
 * Returns: (transfer full): that some of what happened is not told
 */
char *
tea_event_formatter_format_gap (TeaEventFormatter *self)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);

  if (!self->json)
    return g_strdup (_ ("Some of what happened in the meantime is not shown here."));

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_string (builder, "kind", "gap");

  return finish (builder);
}

/**
 * tea_event_formatter_format_own:
 * @self: a formatter
 * @item: a message of one's own
 *
 * Puts into words how far a message has come; a program that reads them can tell by `id`
 * which it is. People see what they type.
 *
 * Returns: (transfer full) (nullable): the message as JSON, without a line break at its
 *   end; %NULL where there is nothing to say
 */
char *
tea_event_formatter_format_own (TeaEventFormatter *self, TeaTimelineItem *item)
{
  g_autoptr (JsonBuilder) builder = NULL;
  const char *state;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (item), NULL);

  state = name_state (tea_timeline_item_get_delivery (item));
  if (!self->json || state == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_string (builder, "kind", "message");
  add_string (builder, "author", tea_timeline_item_get_author (item));
  add_string (builder, "text", tea_timeline_item_get_text (item));
  add_time (builder, tea_timeline_item_get_time (item));
  add_number (builder, "seq", tea_timeline_item_get_seq (item));
  add_string (builder, "id", tea_timeline_item_get_id (item));
  add_string (builder, "state", state);

  return finish (builder);
}

/**
 * tea_event_formatter_format_error:
 * @text: what is wrong
 *
 * Returns: (transfer full): what a program reads about a command of its that is none
 */
char *
tea_event_formatter_format_error (const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (text != NULL, NULL);

  json_builder_begin_object (builder);
  add_string (builder, "kind", "error");
  add_string (builder, "text", text);

  return finish (builder);
}

/**
 * tea_event_formatter_format_history:
 * @n_events: how many older events came before this
 * @has_older: whether there are more
 *
 * Returns: (transfer full): what a program reads at the end of history it asked for
 */
char *
tea_event_formatter_format_history (guint n_events, gboolean has_older)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "kind", "history");
  json_builder_set_member_name (builder, "count");
  json_builder_add_int_value (builder, n_events);
  json_builder_set_member_name (builder, "has_older");
  json_builder_add_boolean_value (builder, has_older);

  return finish (builder);
}

static int
compare_since (gconstpointer first, gconstpointer second)
{
  guint64 one = tea_member_get_since (*(TeaMember *const *) first);
  guint64 other = tea_member_get_since (*(TeaMember *const *) second);

  return one < other ? -1 : one > other;
}

/**
 * tea_event_formatter_format_members:
 * @members: who is in the room, a list of #TeaMember
 * @known: whether that is everybody
 *
 * Returns: (transfer full): what a program reads that asked who is in the room: who entered
 *   first comes first
 */
char *
tea_event_formatter_format_members (GListModel *members, gboolean known)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (G_IS_LIST_MODEL (members), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (members, i));
  g_ptr_array_sort (sorted, compare_since);

  json_builder_begin_object (builder);
  add_string (builder, "kind", "who");
  json_builder_set_member_name (builder, "members");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sorted->len; i++)
    {
      TeaMember *member = g_ptr_array_index (sorted, i);

      json_builder_begin_object (builder);
      add_string (builder, "name", tea_member_get_name (member));
      add_number (builder, "since", tea_member_get_since (member));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "complete");
  json_builder_add_boolean_value (builder, known);

  return finish (builder);
}
