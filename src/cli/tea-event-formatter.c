/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-formatter.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "tea-event-data.h"
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

/* What became of a room, as far as somebody has to know it. */
static char *
format_settings (TeaEvent *event, const char *author)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  g_autofree char *title = NULL;

  if (!tea_event_data_decode_settings (tea_event_get_data (event), &settings))
    return NULL;

  title = make_safe (*settings.title != '\0' ? settings.title : settings.address);

  return tea_text_format (_ ("%s changed the settings of the room; it is called “%s”"), author,
                          title);
}

static char *
format_archived (TeaEvent *event, const char *author)
{
  gboolean archived = FALSE;

  if (!tea_event_data_decode_switch (tea_event_get_data (event), &archived))
    return NULL;

  return archived
             ? tea_text_format (_ ("%s archived the room: nobody can say anything there"), author)
             : tea_text_format (_ ("%s opened the archived room again"), author);
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
      return text != NULL && *text != '\0' ? tea_text_format (_ ("%s invited %s"), author, text)
                                           : tea_text_format (_ ("%s invited somebody"), author);
    case TEA_EVENT_SETTINGS:
      return format_settings (event, author);
    case TEA_EVENT_ARCHIVED:
      return format_archived (event, author);
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_REACTED:
    case TEA_EVENT_PINNED:
    case TEA_EVENT_TOPIC:
    case TEA_EVENT_ROLE:
    case TEA_EVENT_SENT_OUT:
    case TEA_EVENT_MUTED:
    case TEA_EVENT_OTHER:
    default:
      return NULL;
    }
}

/* Where something happens that is not where the reader is. */
static char *
put_label (const char *label, const char *line)
{
  g_autofree char *safe = make_safe (label);

  return safe != NULL && line != NULL ? tea_text_format ("[%s] %s", safe, line) : g_strdup (line);
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

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_count (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

static JsonBuilder *
begin (const char *kind, const char *room)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "kind", kind);
  if (room != NULL)
    add_string (builder, "room", room);

  return builder;
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

/* What an event of a rarer kind tells besides. */
static void
add_data (JsonBuilder *builder, TeaEvent *event)
{
  GBytes *data = tea_event_get_data (event);
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  g_autofree char *key = NULL;
  gboolean archived = FALSE;

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_INVITED:
      key = tea_event_data_decode_key (data);
      add_string (builder, "key", key);
      break;

    case TEA_EVENT_SETTINGS:
      if (tea_event_data_decode_settings (data, &settings))
        {
          add_string (builder, "address", settings.address);
          add_string (builder, "title", settings.title);
        }
      break;

    case TEA_EVENT_ARCHIVED:
      if (tea_event_data_decode_switch (data, &archived))
        add_boolean (builder, "archived", archived);
      break;

    default:
      break;
    }
}

static char *
format_as_json (const char *room, TeaEvent *event)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (TEA_TYPE_EVENT_KIND);
  g_autoptr (JsonBuilder) builder
      = begin (g_enum_get_value (kinds, tea_event_get_kind (event))->value_nick, room);
  g_autofree char *id = make_id (event);

  add_string (builder, "author", tea_event_get_author (event));
  add_string (builder, "text", tea_event_get_text (event));
  add_time (builder, tea_event_get_time (event));
  add_number (builder, "seq", tea_event_get_seq (event));
  add_string (builder, "id", id);
  if (tea_event_get_data (event) != NULL)
    add_data (builder, event);

  return finish (builder);
}

static const char *
name_state (TeaTimelineItem *item)
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
      return tea_timeline_item_get_failure (item) != NULL ? "waiting" : NULL;
    case TEA_DELIVERY_SENT:
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
 * @room: the address of the room that it happened in
 * @label: (nullable): what people call the room; %NULL where that is plain
 * @event: what happened
 *
 * Returns: (transfer full) (nullable): the event in words or as JSON, without a line break at
 *   its end; %NULL where it is nothing to people
 */
char *
tea_event_formatter_format (TeaEventFormatter *self,
                            const char *room,
                            const char *label,
                            TeaEvent *event)
{
  g_autofree char *line = NULL;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (room != NULL, NULL);
  g_return_val_if_fail (event != NULL, NULL);

  if (self->json)
    return format_as_json (room, event);

  line = format_for_people (event);

  return put_label (label, line);
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

  builder = begin ("gap", room);

  return finish (builder);
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
  const char *state;

  g_return_val_if_fail (TEA_IS_EVENT_FORMATTER (self), NULL);
  g_return_val_if_fail (room != NULL, NULL);
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (item), NULL);

  state = name_state (item);
  if (!self->json || state == NULL)
    return NULL;

  builder = begin ("message", room);
  add_string (builder, "author", tea_timeline_item_get_author (item));
  add_string (builder, "text", tea_timeline_item_get_text (item));
  add_time (builder, tea_timeline_item_get_time (item));
  add_number (builder, "seq", tea_timeline_item_get_seq (item));
  add_string (builder, "id", tea_timeline_item_get_id (item));
  add_string (builder, "state", state);
  if (tea_timeline_item_get_failure (item) != NULL)
    add_string (builder, "reason", tea_timeline_item_get_failure (item));

  return finish (builder);
}

/**
 * tea_event_formatter_format_answer:
 * @kind: `closed`, or `error`
 * @command: (nullable): which command is answered
 * @room: (nullable): the address of the room it is about
 * @asked: (nullable): what the command asked for, as it was written
 * @text: (nullable): what is wrong
 *
 * Returns: (transfer full): what a program reads about a command of its
 */
char *
tea_event_formatter_format_answer (
    const char *kind, const char *command, const char *room, const char *asked, const char *text)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (kind != NULL, NULL);

  builder = begin (kind, room);
  if (command != NULL)
    add_string (builder, "command", command);
  if (asked != NULL)
    add_string (builder, "asked", asked);
  if (text != NULL)
    add_string (builder, "text", text);

  return finish (builder);
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
  g_autoptr (JsonBuilder) builder = begin ("history", room);

  add_count (builder, "count", n_events);
  add_boolean (builder, "has_older", has_older);

  return finish (builder);
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

  builder = begin ("who", room);
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
  add_boolean (builder, "complete", known);

  return finish (builder);
}

static void
add_facts (JsonBuilder *builder, const TeaRoomFacts *facts)
{
  g_autoptr (GEnumClass) roles = g_type_class_ref (TEA_TYPE_ROOM_ROLE);
  const GEnumValue *role = g_enum_get_value (roles, (int) facts->role);

  add_string (builder, "title", facts->title);
  add_string (builder, "role", role != NULL ? role->value_nick : NULL);
  add_boolean (builder, "listed", (facts->flags & TEA_ROOM_LISTED) != 0);
  add_boolean (builder, "closed", (facts->flags & TEA_ROOM_BY_INVITATION) != 0);
  add_boolean (builder, "password", (facts->flags & TEA_ROOM_HAS_PASSWORD) != 0);
  add_boolean (builder, "archived", (facts->flags & TEA_ROOM_ARCHIVED) != 0);
  add_boolean (builder, "open", facts->is_open);
  add_count (builder, "unread", facts->unread);
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

  builder = begin (kind, facts->address);
  if (command != NULL)
    add_string (builder, "command", command);
  if (asked != NULL)
    add_string (builder, "asked", asked);
  add_facts (builder, facts);
  if (facts->read_known)
    add_count (builder, "read", facts->read);

  return finish (builder);
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

  builder = begin ("rooms", NULL);
  json_builder_set_member_name (builder, "rooms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rooms->len; i++)
    {
      const TeaRoomFacts *facts = &g_array_index (rooms, TeaRoomFacts, i);

      json_builder_begin_object (builder);
      add_string (builder, "room", facts->address);
      add_facts (builder, facts);
      add_count (builder, "members", facts->n_members);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return finish (builder);
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
  g_autoptr (JsonBuilder) builder = begin ("read", room);

  add_count (builder, "read", read);
  add_count (builder, "unread", unread);

  return finish (builder);
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
  g_autoptr (JsonBuilder) builder = begin ("typing", room);

  json_builder_set_member_name (builder, "names");
  json_builder_begin_array (builder);
  for (; *names != NULL; names++)
    json_builder_add_string_value (builder, *names);
  json_builder_end_array (builder);

  return finish (builder);
}
