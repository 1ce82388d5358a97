/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-json.h"

#include "tea-event-details.h"
#include "tea-limits.h"

/* How long something lasts: null where it is over, and a word where it never is, that is behind
 * each time. */
static void
add_until (JsonBuilder *builder, gint64 until)
{
  if (until == 0)
    tea_json_line_add_string (builder, "until", NULL);
  else if (until >= TEA_EVENT_MAX_TIME)
    tea_json_line_add_string (builder, "until", "forever");
  else
    tea_json_line_add_time (builder, "until", until);
}

static void
add_message (JsonBuilder *builder, TeaEvent *event)
{
  const TeaMessageFacts message = tea_message_facts_of_event (event);

  tea_event_json_add_form (builder, &message);
}

static void
add_target (JsonBuilder *builder, TeaEvent *event)
{
  tea_json_line_add_seq (builder, "target", tea_event_get_target (event));
}

static void
add_switched (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  add_target (builder, event);
  tea_json_line_add_boolean (builder, "off", !tea_event_details_get_is_set (details));
}

static void
add_reacted (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  TeaReaction *reaction = tea_event_details_get_reaction (details);

  add_switched (builder, event, details);
  tea_json_line_add_count (builder, "count", tea_reaction_get_count (reaction));
  tea_json_line_add_strings (builder, "names", tea_reaction_get_names (reaction));
}

static void
add_settings (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  guint slow_mode = tea_event_details_get_slow_mode (details);

  tea_json_line_add_string (builder, "address", tea_event_details_get_address (details));
  tea_json_line_add_string (builder, "title", tea_event_details_get_title (details));
  if (slow_mode != TEA_SLOW_UNCHANGED)
    tea_json_line_add_count (builder, "slow", slow_mode);
}

static void
add_invited (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  tea_json_line_add_string (builder, "key", tea_event_details_get_fingerprint (details));
}

static void
add_archived (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  tea_json_line_add_boolean (builder, "archived", tea_event_details_get_is_set (details));
}

static void
add_person (JsonBuilder *builder, TeaEventDetails *details)
{
  tea_json_line_add_string (builder, "name", tea_event_details_get_name (details));
  tea_json_line_add_string (builder, "key", tea_event_details_get_fingerprint (details));
}

static void
add_role (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  g_autoptr (GEnumClass) roles = g_type_class_ref (TEA_TYPE_ROOM_ROLE);
  int role = (int) tea_event_details_get_role (details);

  add_person (builder, details);
  tea_json_line_add_string (builder, "role", g_enum_get_value (roles, role)->value_nick);
}

static void
add_muted (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  add_person (builder, details);
  add_until (builder, tea_event_details_get_until (details));
}

static void
add_sent_out (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details)
{
  add_muted (builder, event, details);
  tea_json_line_add_seq (builder, "erase", tea_event_details_get_erase (details));
  tea_json_line_add_boolean (builder, "network", tea_event_details_get_with_network (details));
}

/* What an event tells besides, where it tells more than others. */
static const struct
{
  TeaEventKind kind;
  void (*add) (JsonBuilder *builder, TeaEvent *event, TeaEventDetails *details);
} rows[] = {
  { TEA_EVENT_REACTED, add_reacted },   { TEA_EVENT_PINNED, add_switched },
  { TEA_EVENT_SETTINGS, add_settings }, { TEA_EVENT_INVITED, add_invited },
  { TEA_EVENT_ARCHIVED, add_archived }, { TEA_EVENT_ROLE, add_role },
  { TEA_EVENT_SENT_OUT, add_sent_out }, { TEA_EVENT_MUTED, add_muted },
};

static void
add_details (JsonBuilder *builder, TeaEvent *event)
{
  g_autoptr (TeaEventDetails) details = tea_event_details_new (event);

  for (guint i = 0; details != NULL && i < G_N_ELEMENTS (rows); i++)
    if (rows[i].kind == tea_event_get_kind (event))
      rows[i].add (builder, event, details);
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

/* Of a message that was removed there is none. */
static const char *
get_text (TeaEvent *event)
{
  const char *text = tea_event_get_text (event);

  return tea_event_get_kind (event) == TEA_EVENT_MESSAGE && text != NULL && *text == '\0' ? NULL
                                                                                          : text;
}

static void
add_reactions (JsonBuilder *builder, GPtrArray *reactions)
{
  json_builder_set_member_name (builder, "reactions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < reactions->len; i++)
    {
      TeaReaction *reaction = g_ptr_array_index (reactions, i);

      json_builder_begin_object (builder);
      tea_json_line_add_string (builder, "emoji", tea_reaction_get_emoji (reaction));
      tea_json_line_add_count (builder, "count", tea_reaction_get_count (reaction));
      tea_json_line_add_strings (builder, "names", tea_reaction_get_names (reaction));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tea_event_json_format:
 * @room: the address of the room that it happened in
 * @event: what happened
 *
 * Returns: (transfer full): what a program reads of it
 */
char *
tea_event_json_format (const char *room, TeaEvent *event)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tea_event_json_add (builder, room, event);

  return tea_json_line_end (builder);
}

/**
 * tea_event_json_add:
 * @builder: an object
 * @room: the address of the room that it happened in
 * @event: what happened
 *
 * Adds all that a program reads of an event.
 */
void
tea_event_json_add (JsonBuilder *builder, const char *room, TeaEvent *event)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (TEA_TYPE_EVENT_KIND);
  g_autofree char *id = make_id (event);

  tea_json_line_add_string (builder, "kind",
                            g_enum_get_value (kinds, tea_event_get_kind (event))->value_nick);
  tea_json_line_add_string (builder, "room", room);
  tea_json_line_add_string (builder, "author", tea_event_get_author (event));
  tea_json_line_add_string (builder, "text", get_text (event));
  tea_json_line_add_time (builder, "time", tea_event_get_time (event));
  tea_json_line_add_seq (builder, "seq", tea_event_get_seq (event));
  tea_json_line_add_string (builder, "id", id);

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_MESSAGE:
      add_message (builder, event);
      break;

    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
      add_target (builder, event);
      break;

    default:
      add_details (builder, event);
      break;
    }
}

/**
 * tea_event_json_add_form:
 * @builder: an object that tells of a message
 * @message: the message
 *
 * Adds what it answers and what has become of it, where there is something to tell.
 */
void
tea_event_json_add_form (JsonBuilder *builder, const TeaMessageFacts *message)
{
  if (message->reply != 0)
    tea_json_line_add_seq (builder, "reply", message->reply);
  if (message->edited != 0)
    tea_json_line_add_time (builder, "edited", message->edited);
  if (message->removed_by != NULL)
    tea_json_line_add_string (builder, "removed", message->removed_by);
  if (message->reactions != NULL && message->reactions->len > 0)
    add_reactions (builder, message->reactions);
}
