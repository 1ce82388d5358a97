/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-formatter.h"

#include <glib/gi18n.h>

#include "tea-event-json.h"
#include "tea-event-words.h"
#include "tea-pinned-message.h"
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

/* Where something happens that is not where the reader is. */
static char *
put_label (const char *label, const char *line)
{
  g_autofree char *safe = make_safe (label);

  return safe != NULL && line != NULL ? tea_text_format ("[%s] %s", safe, line) : g_strdup (line);
}

static const char *
name_state (TeaTimelineItem *item, guint seconds)
{
  switch (tea_timeline_item_get_delivery (item))
    {
    case TEA_DELIVERY_SENDING:
      return "sending";
    case TEA_DELIVERY_DELIVERED:
      return "delivered";
    case TEA_DELIVERY_FAILED:
      return "failed";
    case TEA_DELIVERY_WAITING:
      return tea_timeline_item_get_failure (item) != NULL || seconds > 0 ? "waiting" : NULL;
    case TEA_DELIVERY_SENT:
    default:
      return NULL;
    }
}

static void
add_found (JsonBuilder *builder, GArray *found)
{
  json_builder_set_member_name (builder, "messages");
  json_builder_begin_array (builder);
  for (guint i = 0; i < found->len; i++)
    {
      const TeaFoundFacts *facts = &g_array_index (found, TeaFoundFacts, i);

      json_builder_begin_object (builder);
      tea_event_json_add (builder, facts->room, facts->event);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
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
 * @room: the address of the room that it happened in
 * @label: (nullable): what people call the room; %NULL where that is plain
 * @event: what happened
 * @target: (nullable): what is known of the message that it is about
 *
 * Returns: (transfer full) (nullable): the event in words or as JSON, without a line break at
 *   its end; %NULL where it is nothing to people
 */
char *
tea_event_formatter_format (TeaEventFormatter *self,
                            const char *room,
                            const char *label,
                            TeaEvent *event,
                            const TeaMessageFacts *target)
{
  g_autofree char *line = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (room != NULL, NULL);
  g_return_val_if_fail (event != NULL, NULL);

  if (self->json)
    return tea_event_json_format (room, event);

  line = tea_event_words_format (event, target);

  return put_label (label, line);
}

/**
 * tea_event_formatter_format_message:
 * @self: a formatter for people
 * @label: (nullable): what people call the room; %NULL where that is plain
 * @message: a message
 * @target: (nullable): what is known of the message that it answers
 *
 * Returns: (transfer full): the message as it is now, with its number
 */
char *
tea_event_formatter_format_message (TeaEventFormatter *self,
                                    const char *label,
                                    const TeaMessageFacts *message,
                                    const TeaMessageFacts *target)
{
  g_autofree char *line = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (message != NULL, NULL);

  line = tea_event_words_format_message (message, target, TRUE);

  return put_label (label, line);
}

/**
 * tea_event_formatter_format_found:
 * @command: which command is answered
 * @room: (nullable): the address of the room that was looked in; %NULL for all
 * @asked: the words that were looked for
 * @found: (element-type TeaFoundFacts): what was found, the newest first
 * @next: from before which event on to look for more; 0 where there is none, or more than one room
 *
 * Returns: (transfer full): what a program reads about words that it looked for
 */
char *
tea_event_formatter_format_found (
    const char *command, const char *room, const char *asked, GArray *found, guint64 next)
{
  g_autoptr (JsonBuilder) builder = tea_json_line_begin ("found", room);

  tea_json_line_add_string (builder, "command", command);
  tea_json_line_add_string (builder, "asked", asked);
  add_found (builder, found);
  if (room != NULL)
    tea_json_line_add_seq (builder, "next", next);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_shown:
 * @command: which command is answered
 * @room: the address of the room
 * @target: the number of the event that was asked for
 * @found: (element-type TeaFoundFacts): that, and what is around it, the oldest first
 *
 * Returns: (transfer full): what a program reads about an event that it asked for
 */
char *
tea_event_formatter_format_shown (const char *command,
                                  const char *room,
                                  guint64 target,
                                  GArray *found)
{
  g_autoptr (JsonBuilder) builder = tea_json_line_begin ("shown", room);

  tea_json_line_add_string (builder, "command", command);
  tea_json_line_add_seq (builder, "target", target);
  add_found (builder, found);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_gap:
 * @self: a formatter
 * @room: the address of the room
 * @label: (nullable): what people call the room
 *
 * Returns: (transfer full): that some of what happened is not told
 */
char *
tea_event_formatter_format_gap (TeaEventFormatter *self, const char *room, const char *label)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (room != NULL, NULL);

  if (!self->json)
    return put_label (label, _ ("Some of what happened in the meantime is not shown here."));

  builder = tea_json_line_begin ("gap", room);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_own:
 * @self: a formatter
 * @room: the address of the room
 * @item: a message of one's own
 *
 * Puts into words how far a message has come; a program that reads them can tell by `id`
 * which it is. People see what they type.
 *
 * Returns: (transfer full) (nullable): the message as JSON, without a line break at its
 *   end; %NULL where there is nothing to say
 */
char *
tea_event_formatter_format_own (TeaEventFormatter *self, const char *room, TeaTimelineItem *item)
{
  g_autoptr (JsonBuilder) builder = NULL;
  TeaMessageFacts message;
  const char *state;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (room != NULL, NULL);
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (item), NULL);

  message = tea_message_facts_of_item (item);
  state = name_state (item, message.seconds);
  if (!self->json || state == NULL)
    return NULL;

  builder = tea_json_line_begin ("message", room);
  tea_json_line_add_string (builder, "author", tea_timeline_item_get_author (item));
  tea_json_line_add_string (builder, "text", tea_timeline_item_get_text (item));
  tea_json_line_add_time (builder, "time", tea_timeline_item_get_time (item));
  tea_json_line_add_seq (builder, "seq", tea_timeline_item_get_seq (item));
  tea_json_line_add_string (builder, "id", tea_timeline_item_get_id (item));
  tea_event_json_add_form (builder, &message);
  tea_json_line_add_string (builder, "state", state);
  if (message.seconds > 0)
    tea_json_line_add_count (builder, "seconds", message.seconds);
  if (tea_timeline_item_get_failure (item) != NULL)
    tea_json_line_add_string (builder, "reason", tea_timeline_item_get_failure (item));

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_answer:
 * @kind: `closed`, or `error`
 * @command: (nullable): which command is answered
 * @room: (nullable): the address of the room it is about
 * @asked: (nullable): what the command asked for, as it was written
 * @target: the number of the message that the command is about; 0 for none
 * @text: (nullable): what is wrong
 *
 * Returns: (transfer full): what a program reads about a command of its
 */
char *
tea_event_formatter_format_answer (const char *kind,
                                   const char *command,
                                   const char *room,
                                   const char *asked,
                                   guint64 target,
                                   const char *text)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (kind != NULL, NULL);

  builder = tea_json_line_begin (kind, room);
  if (command != NULL)
    tea_json_line_add_string (builder, "command", command);
  if (asked != NULL)
    tea_json_line_add_string (builder, "asked", asked);
  if (target != 0)
    tea_json_line_add_seq (builder, "target", target);
  if (text != NULL)
    tea_json_line_add_string (builder, "text", text);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_history:
 * @room: the address of the room
 * @n_events: how many older events came before this
 * @has_older: whether there are more
 *
 * Returns: (transfer full): what a program reads at the end of history it asked for
 */
char *
tea_event_formatter_format_history (const char *room, guint n_events, gboolean has_older)
{
  g_autoptr (JsonBuilder) builder = tea_json_line_begin ("history", room);

  tea_json_line_add_count (builder, "count", n_events);
  tea_json_line_add_boolean (builder, "has_older", has_older);

  return tea_json_line_end (builder);
}

static int
compare_since (gconstpointer first, gconstpointer second)
{
  guint64 one = tea_member_get_since (*(TeaMember *const *) first);
  guint64 other = tea_member_get_since (*(TeaMember *const *) second);

  return one < other ? -1 : one > other;
}

/* Who entered first comes first. */
static GPtrArray *
sort_members (GListModel *members)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (members, i));
  g_ptr_array_sort (sorted, compare_since);

  return sorted;
}

static char *
format_members_for_people (GPtrArray *members, gboolean known)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < members->len; i++)
    {
      g_autofree char *safe = make_safe (tea_member_get_name (g_ptr_array_index (members, i)));
      g_autofree char *isolated = tea_text_format ("%s", safe);

      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", isolated);
    }

  if (names->len == 0)
    return g_strdup (_ ("Nobody is known to be there."));

  return g_strdup_printf (known ? _ ("Here: %s") : _ ("Here, as far as is known: %s"), names->str);
}

/**
 * tea_event_formatter_format_members:
 * @self: a formatter
 * @room: the address of the room
 * @members: who is in the room, a list of #TeaMember
 * @known: whether that is everybody
 *
 * Returns: (transfer full): who is in the room: who entered first comes first
 */
char *
tea_event_formatter_format_members (TeaEventFormatter *self,
                                    const char *room,
                                    GListModel *members,
                                    gboolean known)
{
  g_autoptr (GPtrArray) sorted = NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (members), NULL);

  sorted = sort_members (members);
  if (!self->json)
    return format_members_for_people (sorted, known);

  builder = tea_json_line_begin ("who", room);
  json_builder_set_member_name (builder, "members");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sorted->len; i++)
    {
      TeaMember *member = g_ptr_array_index (sorted, i);

      json_builder_begin_object (builder);
      tea_json_line_add_string (builder, "name", tea_member_get_name (member));
      tea_json_line_add_seq (builder, "since", tea_member_get_since (member));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tea_json_line_add_boolean (builder, "complete", known);

  return tea_json_line_end (builder);
}

static void
add_facts (JsonBuilder *builder, const TeaRoomFacts *facts)
{
  g_autoptr (GEnumClass) roles = g_type_class_ref (TEA_TYPE_ROOM_ROLE);
  const GEnumValue *role = g_enum_get_value (roles, (int) facts->role);

  tea_json_line_add_string (builder, "title", facts->title);
  tea_json_line_add_string (builder, "role", role != NULL ? role->value_nick : NULL);
  tea_json_line_add_boolean (builder, "listed", (facts->flags & TEA_ROOM_LISTED) != 0);
  tea_json_line_add_boolean (builder, "closed", (facts->flags & TEA_ROOM_BY_INVITATION) != 0);
  tea_json_line_add_boolean (builder, "password", (facts->flags & TEA_ROOM_HAS_PASSWORD) != 0);
  tea_json_line_add_boolean (builder, "archived", (facts->flags & TEA_ROOM_ARCHIVED) != 0);
  tea_json_line_add_boolean (builder, "open", facts->is_open);
  tea_json_line_add_count (builder, "unread", facts->unread);
}

static char *
make_name (const TeaRoomFacts *facts)
{
  if (*facts->title != '\0')
    return make_safe (facts->title);

  return *facts->address != '\0' ? make_safe (facts->address) : g_strdup (_ ("The hall"));
}

/* Why somebody hears of a room that is not open, and how they get there. */
static char *
format_news_for_people (const TeaRoomFacts *facts)
{
  g_autofree char *name = make_name (facts);
  gboolean is_person = (facts->flags & TEA_ROOM_PAIR) != 0 && *facts->title != '\0';
  g_autofree char *address = is_person ? g_strconcat ("@", name, NULL) : make_safe (facts->address);

  return tea_text_format (facts->role == TEA_ROOM_ROLE_NONE
                              ? _ ("You are invited to “%s”; “/open %s” goes there.")
                              : _ ("There is something new in “%s”; “/open %s” goes there."),
                          name, address);
}

static char *
format_facts_for_people (const TeaRoomFacts *facts)
{
  g_autofree char *name = make_name (facts);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *isolated = tea_text_format ("%s", name);

  g_string_append (line, isolated);
  if (*facts->title != '\0' && *facts->address != '\0')
    g_string_append_printf (line, " (%s)", facts->address);
  if (facts->n_members > 0 && (facts->flags & TEA_ROOM_PAIR) == 0)
    {
      g_string_append (line, "  ");
      g_string_append_printf (line, ngettext ("%u member", "%u members", facts->n_members),
                              facts->n_members);
    }
  if (facts->unread > 0)
    {
      g_string_append (line, "  ");
      g_string_append_printf (line, ngettext ("%u unread", "%u unread", facts->unread),
                              facts->unread);
    }
  if ((facts->flags & TEA_ROOM_BY_INVITATION) != 0)
    g_string_append_printf (line, "  %s", _ ("by invitation"));
  if ((facts->flags & TEA_ROOM_HAS_PASSWORD) != 0)
    g_string_append_printf (line, "  %s", _ ("with a password"));
  if ((facts->flags & TEA_ROOM_ARCHIVED) != 0)
    g_string_append_printf (line, "  %s", _ ("archived"));

  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * tea_event_formatter_format_room:
 * @self: a formatter
 * @kind: what a program reads of: `opened`, `news`
 * @command: (nullable): which command is answered
 * @asked: (nullable): what the command asked for, as it was written
 * @facts: a room
 *
 * Returns: (transfer full): how a room is
 */
char *
tea_event_formatter_format_room (TeaEventFormatter *self,
                                 const char *kind,
                                 const char *command,
                                 const char *asked,
                                 const TeaRoomFacts *facts)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (facts != NULL, NULL);

  if (!self->json)
    return g_str_equal (kind, "news") ? format_news_for_people (facts)
                                      : format_facts_for_people (facts);

  builder = tea_json_line_begin (kind, facts->address);
  if (command != NULL)
    tea_json_line_add_string (builder, "command", command);
  if (asked != NULL)
    tea_json_line_add_string (builder, "asked", asked);
  add_facts (builder, facts);
  if (facts->read_known)
    tea_json_line_add_count (builder, "read", facts->read);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_rooms:
 * @self: a formatter
 * @rooms: (element-type TeaRoomFacts): which rooms there are
 *
 * Returns: (transfer full): the rooms: a line each for people, one object for programs
 */
char *
tea_event_formatter_format_rooms (TeaEventFormatter *self, GArray *rooms)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GString) lines = g_string_new (NULL);

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);

  for (guint i = 0; !self->json && i < rooms->len; i++)
    {
      g_autofree char *line = format_facts_for_people (&g_array_index (rooms, TeaRoomFacts, i));

      g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "", line);
    }
  if (!self->json)
    return rooms->len > 0 ? g_string_free (g_steal_pointer (&lines), FALSE)
                          : g_strdup (_ ("There are no rooms besides the hall."));

  builder = tea_json_line_begin ("rooms", NULL);
  json_builder_set_member_name (builder, "rooms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rooms->len; i++)
    {
      const TeaRoomFacts *facts = &g_array_index (rooms, TeaRoomFacts, i);

      json_builder_begin_object (builder);
      tea_json_line_add_string (builder, "room", facts->address);
      add_facts (builder, facts);
      tea_json_line_add_count (builder, "members", facts->n_members);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_position:
 * @room: the address of the room
 * @read: up to which event the user has read
 * @unread: how many messages came after that
 *
 * Returns: (transfer full): what a program reads of where its user stands
 */
char *
tea_event_formatter_format_position (const char *room, guint64 read, guint unread)
{
  g_autoptr (JsonBuilder) builder = tea_json_line_begin ("read", room);

  tea_json_line_add_count (builder, "read", read);
  tea_json_line_add_count (builder, "unread", unread);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_about:
 * @self: a formatter
 * @room: the address of the room
 * @label: (nullable): what people call the room; %NULL where that is plain
 * @topic: its topic
 * @pins: what is pinned there, a list of #TeaPinnedMessage
 *
 * Returns: (transfer full): what the room is about; people read of the topic alone
 */
char *
tea_event_formatter_format_about (TeaEventFormatter *self,
                                  const char *room,
                                  const char *label,
                                  const char *topic,
                                  GListModel *pins)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (pins), NULL);

  if (!self->json)
    {
      g_autofree char *safe = make_safe (topic);
      g_autofree char *line = tea_text_format (_ ("The topic is: %s"), safe);

      return put_label (label, line);
    }

  builder = tea_json_line_begin ("about", room);
  tea_json_line_add_string (builder, "topic", topic);
  json_builder_set_member_name (builder, "pins");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (pins); i++)
    {
      g_autoptr (TeaPinnedMessage) pin = g_list_model_get_item (pins, i);

      json_builder_add_int_value (builder, (gint64) tea_pinned_message_get_target (pin));
    }
  json_builder_end_array (builder);

  return tea_json_line_end (builder);
}

/**
 * tea_event_formatter_format_typing:
 * @room: the address of the room
 * @names: (array zero-terminated=1): who is typing
 *
 * Returns: (transfer full): what a program reads of who is typing
 */
char *
tea_event_formatter_format_typing (const char *room, const char *const *names)
{
  g_autoptr (JsonBuilder) builder = tea_json_line_begin ("typing", room);

  tea_json_line_add_strings (builder, "names", names);

  return tea_json_line_end (builder);
}
