/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-house.h"

#include <sys/random.h>

#include <glib/gi18n.h>

#include "tea-command-line.h"
#include "tea-console-people.h"
#include "tea-console-room.h"
#include "tea-error.h"
#include "tea-listing.h"
#include "tea-room-commands.h"
#include "tea-room-ref.h"
#include "tea-terminal.h"
#include "tea-text.h"

/* So many messages are found at a time in all rooms. */
#define SEARCH_MAX 50

/**
 * TeaConsoleHouse:
 *
 * The rooms that are open in the terminal client, and what can be done with them: each command
 * is answered before the next is obeyed. People are in one of the rooms; programs say which
 * they mean.
 */
struct _TeaConsoleHouse
{
  GObject parent_instance;

  TeaClient *client;        /* (owned) */
  TeaConsoleInput *input;   /* (owned) */
  TeaConsoleOutput *output; /* (owned) */
  gboolean json;            /* commands are a program's */

  TeaConsolePeople *people; /* (owned) */

  TeaConsoleRoom *hall;    /* (owned) */
  GPtrArray *rooms;        /* (element-type TeaConsoleRoom): which are open besides */
  TeaConsoleRoom *current; /* where is said what names no room: one of those above */
  char *prompt;
  GHashTable *news; /* (element-type utf8 guint64): the head of a room when it had news */
  GPtrArray *mine;  /* (element-type TeaListing) (nullable): half of an answer */
};

enum
{
  SIGNAL_PROGRESS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaConsoleHouse, tea_console_house, G_TYPE_OBJECT)

static void open_room (GTask *task, const char *password);
static void make_room (GTask *task, const char *password);

static gboolean
is_interactive (TeaConsoleHouse *self)
{
  return tea_console_input_get_terminal (self->input) != NULL;
}

static const TeaCommand *
get_command (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
answer_error (GTask *task, const char *room, const char *text)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));

  if (g_task_return_error_if_cancelled (task))
    return;

  tea_console_output_write_error (self->output, get_command (task), room, text);
  g_task_return_boolean (task, TRUE);
}

static void
progress_cb (TeaConsoleHouse *self)
{
  g_assert (TEA_IS_CONSOLE_HOUSE (self));

  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static void
set_current (TeaConsoleHouse *self, TeaConsoleRoom *room)
{
  const char *label = tea_console_room_get_label (room);
  g_autofree char *safe = label != NULL ? tea_text_make_safe (label) : g_strdup ("");

  if (!self->json)
    {
      tea_console_room_set_current (self->current, FALSE, FALSE);
      tea_console_room_set_current (room, TRUE, is_interactive (self));
      self->current = room;
    }

  g_free (self->prompt);
  self->prompt = tea_text_format ("%s>", safe);
}

static TeaConsoleRoom *
find_room (TeaConsoleHouse *self, const char *address)
{
  g_autofree char *folded = tea_room_ref_fold (address);

  if (*address == '\0')
    return self->hall;

  for (guint i = 0; folded != NULL && i < self->rooms->len; i++)
    {
      TeaConsoleRoom *room = g_ptr_array_index (self->rooms, i);
      g_autofree char *other = tea_room_ref_fold (tea_console_room_get_address (room));

      if (g_strcmp0 (folded, other) == 0)
        return room;
    }

  return NULL;
}

/* People know rooms by what stands in front of the line. */
static TeaConsoleRoom *
find_labelled (TeaConsoleHouse *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (guint i = 0; !self->json && i < self->rooms->len; i++)
    {
      TeaConsoleRoom *room = g_ptr_array_index (self->rooms, i);
      g_autofree char *label = g_utf8_casefold (tea_console_room_get_label (room), -1);

      if (g_str_equal (label, folded))
        return room;
    }

  return NULL;
}

/* The room that a command is about; where it is not open, that is the answer. */
static TeaConsoleRoom *
take_room (GTask *task, const char *address)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  TeaConsoleRoom *room = address != NULL ? find_room (self, address) : self->current;
  g_autofree char *text = NULL;

  if (room == NULL)
    room = find_labelled (self, address);
  if (room != NULL)
    return room;

  text = tea_text_format (_ ("The room “%s” is not open."), address);
  answer_error (task, address, text);

  return NULL;
}

static TeaConsoleRoom *
find_console_room (TeaConsoleHouse *self, TeaConversation *conversation)
{
  for (guint i = 0; i < self->rooms->len; i++)
    if (tea_console_room_get_conversation (g_ptr_array_index (self->rooms, i)) == conversation)
      return g_ptr_array_index (self->rooms, i);

  return self->hall != NULL && tea_console_room_get_conversation (self->hall) == conversation
             ? self->hall
             : NULL;
}

/* A room is closed: by its user, or by the server with a reason. */
static void
forget_room (TeaConsoleHouse *self, TeaConsoleRoom *room)
{
  if (self->current == room)
    set_current (self, self->hall);
  g_signal_handlers_disconnect_by_data (tea_console_room_get_conversation (room), self);
  g_ptr_array_remove (self->rooms, room);
}

static void
renamed_cb (TeaConsoleHouse *self, GParamSpec *pspec, TeaConversation *conversation)
{
  g_assert (TEA_IS_CONSOLE_HOUSE (self));

  if (find_console_room (self, conversation) == self->current)
    set_current (self, self->current);
}

static void
closed_cb (TeaConsoleHouse *self, const GError *error, TeaConversation *conversation)
{
  TeaConsoleRoom *room = find_console_room (self, conversation);

  g_assert (TEA_IS_CONSOLE_HOUSE (self));

  if (room == NULL || room == self->hall)
    return;

  tea_console_output_write_closed (self->output, NULL, tea_console_room_get_address (room),
                                   tea_console_room_get_label (room), error->message);
  forget_room (self, room);
}

static void
event_cb (TeaConsoleHouse *self, TeaEvent *event)
{
  g_assert (TEA_IS_CONSOLE_HOUSE (self));

  tea_console_people_hear (self->people, event);
}

static TeaConsoleRoom *
follow (TeaConsoleHouse *self, TeaConversation *conversation)
{
  TeaConsoleRoom *room = tea_console_room_new (conversation, self->output);

  g_signal_connect_object (room, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_object_connect (conversation, "swapped-object-signal::closed", closed_cb, self,
                    "swapped-object-signal::notify::address", renamed_cb, self,
                    "swapped-object-signal::notify::title", renamed_cb, self,
                    "swapped-object-signal::event", event_cb, self,
                    "swapped-object-signal::older-event", event_cb, self, NULL);

  return room;
}

static TeaRoomFacts
describe (TeaConversation *conversation)
{
  return (TeaRoomFacts){ .address = tea_conversation_get_address (conversation),
                         .title = tea_conversation_get_title (conversation),
                         .flags = tea_conversation_get_flags (conversation),
                         .role = tea_conversation_get_role (conversation),
                         .unread = tea_conversation_get_unread (conversation),
                         .is_open = TRUE,
                         .read_known = TRUE,
                         .read = tea_conversation_get_read (conversation) };
}

static void
answer_opened (GTask *task, TeaConsoleRoom *room)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  TeaRoomFacts facts = describe (tea_console_room_get_conversation (room));

  set_current (self, room);
  tea_console_output_write_room (self->output, "opened", get_command (task), &facts);
  g_task_return_boolean (task, TRUE);
}

/* An old name leads to a room that may be open under the new one. */
static void
take_opened (GTask *task, TeaConversation *conversation)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  TeaConsoleRoom *room = find_console_room (self, conversation);

  if (room == NULL)
    {
      room = follow (self, conversation);
      g_ptr_array_add (self->rooms, room);
    }

  answer_opened (task, room);
}

static void
password_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line
      = tea_console_input_read_finish (TEA_CONSOLE_INPUT (source), result, &error);

  /* An empty line is the way out. */
  if (line == NULL || *line == '\0')
    answer_error (task, NULL, error != NULL ? error->message : _ ("There is no password."));
  else if (get_command (task)->kind == TEA_COMMAND_MAKE)
    make_room (task, line);
  else
    open_room (task, line);
}

static void
ask_for_password (GTask *task)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));

  tea_console_input_read_async (self->input, _ ("Password:"), TRUE, g_task_get_cancellable (task),
                                password_cb, g_object_ref (task));
}

static void
take_refusal (GTask *task, const GError *error)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));

  if (is_interactive (self)
      && (g_error_matches (error, TEA_ERROR, TEA_ERROR_PASSWORD_NEEDED)
          || g_error_matches (error, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG)))
    {
      tea_terminal_tell (error->message);
      ask_for_password (task);
      return;
    }

  answer_error (task, NULL, error->message);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaConversation) conversation
      = tea_client_open_room_finish (TEA_CLIENT (source), result, &error);

  if (conversation != NULL)
    take_opened (task, conversation);
  else
    take_refusal (task, error);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaConversation) conversation
      = tea_client_make_room_finish (TEA_CLIENT (source), result, &error);

  if (conversation != NULL)
    take_opened (task, conversation);
  else
    answer_error (task, NULL, error->message);
}

static TeaConversation *
get_hall (TeaConsoleHouse *self)
{
  return tea_console_room_get_conversation (self->hall);
}

/* The person that a command names, where it names one. */
static const char *
get_person (TeaConsoleHouse *self, const TeaCommand *command)
{
  const char *text = command->text;

  if (tea_room_kind_from_address (text) == TEA_ROOM_KIND_PAIR)
    return NULL;
  if (*text == '@')
    return text + 1;

  return tea_room_command_names_person (command->kind) || !self->json ? text : NULL;
}

static void
answer_unknown (GTask *task, const char *room)
{
  const char *text = get_command (task)->text;
  g_autofree char *problem
      = tea_text_format (_ ("Nobody who is called “%s” and has a key is in the hall."),
                         *text == '@' ? text + 1 : text);

  answer_error (task, room, problem);
}

/* Does in a room that is open what is to be done there, about somebody or not. */
static void
obey_room_command (GTask *task, const char *key)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  const TeaCommand *command = get_command (task);
  gboolean names_person = tea_room_command_names_person (command->kind);
  TeaConsoleRoom *room = take_room (task, command->room);
  g_autoptr (GError) error = NULL;

  if (room == NULL)
    return;

  if (names_person && key == NULL)
    answer_unknown (task, tea_console_room_get_address (room));
  else if (tea_console_room_obey (room, command, key,
                                  names_person ? get_person (self, command) : NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    answer_error (task, tea_console_room_get_address (room), error->message);
}

/* Goes on where it is known whom a command is about, if it is about somebody. */
static void
go_on_with_key (GTask *task, const char *key)
{
  TeaCommand *command = g_task_get_task_data (task);

  if (tea_room_command_names_person (command->kind))
    {
      obey_room_command (task, key);
      return;
    }

  command->room = key != NULL ? tea_room_ref_make_pair (key) : g_strdup (command->text);
  open_room (task, command->password);
}

static void
key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *key
      = tea_console_people_find_key_finish (TEA_CONSOLE_PEOPLE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    go_on_with_key (task, key);
}

static void
find_person (GTask *task)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  const TeaCommand *command = get_command (task);
  const char *name = get_person (self, command);
  g_autofree char *key = name == NULL ? tea_room_ref_dup_pair_key (command->text) : NULL;

  if (name != NULL)
    tea_console_people_find_key_async (self->people, name, g_task_get_cancellable (task), key_cb,
                                       g_object_ref (task));
  else
    go_on_with_key (task, key);
}

static void
open_room (GTask *task, const char *password)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  const char *address = get_command (task)->room;
  TeaConsoleRoom *room = find_room (self, address);
  g_autoptr (GError) error = NULL;

  if (room == NULL)
    room = find_labelled (self, get_command (task)->text);
  if (room != NULL)
    answer_opened (task, room);
  else if (*address == '@' && tea_room_kind_from_address (address) != TEA_ROOM_KIND_PAIR)
    answer_unknown (task, NULL);
  else if (!tea_room_ref_validate (address, &error))
    answer_error (task, NULL, error->message);
  else
    tea_client_open_room_async (self->client, address, password, g_task_get_cancellable (task),
                                opened_cb, g_object_ref (task));
}

/* Nobody can guess where a hidden room is. */
static char *
draw_address (void)
{
  guint8 secret[TEA_ROOM_SECRET_SIZE];

  if (getrandom (secret, sizeof secret, 0) != sizeof secret)
    g_error ("There are no random numbers");

  return tea_room_ref_make_hidden (secret);
}

static void
make_room (GTask *task, const char *password)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  const TeaCommand *command = get_command (task);
  TeaRoomFlags flags = command->flags;
  const char *address = command->text;
  const char *title = command->title != NULL ? command->title : "";
  g_autofree char *hidden = NULL;
  g_autoptr (GError) error = NULL;

  if (command->is_hidden)
    {
      if (command->title == NULL)
        title = command->text;
      address = hidden = draw_address ();
      if ((flags & TEA_ROOM_BY_INVITATION) == 0)
        flags |= TEA_ROOM_LINK_SUFFICES;
    }
  else
    {
      flags |= TEA_ROOM_LISTED;
      if (!tea_room_ref_validate (address, &error))
        {
          answer_error (task, NULL, error->message);
          return;
        }
    }

  tea_client_make_room_async (self->client, address, title, flags, password,
                              g_task_get_cancellable (task), made_cb, g_object_ref (task));
}

static void
close_room (GTask *task, const char *address)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  TeaConsoleRoom *room = take_room (task, address);
  g_autoptr (TeaConversation) conversation = NULL;

  if (room == NULL)
    return;

  if (room == self->hall)
    {
      answer_error (task, "", _ ("The hall is open as long as you are in the house."));
      return;
    }

  g_set_object (&conversation, tea_console_room_get_conversation (room));
  tea_console_output_write_closed (self->output, get_command (task),
                                   tea_console_room_get_address (room),
                                   tea_console_room_get_label (room), NULL);
  forget_room (self, room);
  tea_client_close_room (self->client, conversation);
  g_task_return_boolean (task, TRUE);
}

static TeaRoomFacts
describe_listing (TeaConsoleHouse *self, TeaListing *listing)
{
  return (TeaRoomFacts){ .address = tea_listing_get_address (listing),
                         .title = tea_listing_get_title (listing),
                         .flags = tea_listing_get_flags (listing),
                         .role = tea_listing_get_role (listing),
                         .unread = tea_listing_get_unread (listing),
                         .n_members = tea_listing_get_n_members (listing),
                         .is_open = find_room (self, tea_listing_get_address (listing)) != NULL };
}

static int
compare_listings (gconstpointer first, gconstpointer second)
{
  return g_strcmp0 (tea_listing_get_address (*(TeaListing *const *) first),
                    tea_listing_get_address (*(TeaListing *const *) second));
}

/* What one is a member of may be listed, too. */
static void
tell_rooms (GTask *task, GPtrArray *rooms)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  g_autoptr (GArray) facts = g_array_new (FALSE, TRUE, sizeof (TeaRoomFacts));

  g_ptr_array_sort (rooms, compare_listings);
  for (guint i = 0; i < rooms->len; i++)
    {
      TeaRoomFacts fact = describe_listing (self, g_ptr_array_index (rooms, i));

      if (i == 0 || compare_listings (&rooms->pdata[i - 1], &rooms->pdata[i]) != 0)
        g_array_append_val (facts, fact);
    }
  tea_console_output_write_rooms (self->output, facts);
  g_task_return_boolean (task, TRUE);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = tea_client_list_rooms_finish (TEA_CLIENT (source), result, &error);

  if (rooms == NULL)
    {
      answer_error (task, NULL, error->message);
      return;
    }

  g_ptr_array_extend_and_steal (rooms, g_steal_pointer (&self->mine));
  tell_rooms (task, rooms);
}

static void
mine_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = tea_client_list_rooms_finish (TEA_CLIENT (source), result, &error);

  if (rooms == NULL)
    {
      answer_error (task, NULL, error->message);
      return;
    }

  g_clear_pointer (&self->mine, g_ptr_array_unref);
  self->mine = g_steal_pointer (&rooms);
  tea_client_list_rooms_async (self->client, TEA_ROOM_LIST_LISTED, g_task_get_cancellable (task),
                               listed_cb, g_object_ref (task));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;

  if (tea_console_room_answer_finish (TEA_CONSOLE_ROOM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* What a house without rooms knows nothing of. */
static gboolean
is_about_rooms (TeaCommandKind kind)
{
  switch ((guint) kind)
    {
    case TEA_COMMAND_LEAVE:
    case TEA_COMMAND_ROOMS:
    case TEA_COMMAND_OPEN:
    case TEA_COMMAND_MAKE:
    case TEA_COMMAND_CLOSE:
    case TEA_COMMAND_READ:
    case TEA_COMMAND_INVITE:
    case TEA_COMMAND_RENAME:
    case TEA_COMMAND_ARCHIVE:
    case TEA_COMMAND_TYPING:
    case TEA_COMMAND_SLOW:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
add_hit (TeaConsoleHouse *self, GArray *found, TeaSearchHit *hit)
{
  TeaConsoleRoom *room = find_console_room (self, tea_search_hit_get_conversation (hit));
  TeaFoundFacts facts = { "", NULL, tea_search_hit_get_event (hit) };

  /* It may have been closed meanwhile. */
  if (room == NULL)
    return;

  facts.room = tea_console_room_get_address (room);
  facts.label = tea_console_room_get_shown_label (room);
  g_array_append_val (found, facts);
}

static void
found_everywhere_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (TeaFoundFacts));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = tea_search_next_finish (TEA_SEARCH (source), result, &error);

  if (hits == NULL)
    {
      answer_error (task, NULL, error->message);
      return;
    }

  for (guint i = 0; i < hits->len; i++)
    add_hit (self, found, g_ptr_array_index (hits, i));
  tea_console_output_write_found (self->output, get_command (task), NULL, found, 0);
  g_task_return_boolean (task, TRUE);
}

static void
search_everywhere (GTask *task)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (g_task_get_source_object (task));
  g_autoptr (TeaSearch) search = tea_client_search (self->client, get_command (task)->text);

  tea_search_next_async (search, SEARCH_MAX, g_task_get_cancellable (task), found_everywhere_cb,
                         g_object_ref (task));
}

/* What is asked about a room that is open. */
static void
answer_in_room (GTask *task)
{
  TeaConsoleRoom *room = take_room (task, get_command (task)->room);

  if (room != NULL)
    tea_console_room_answer_async (room, get_command (task), g_task_get_cancellable (task),
                                   answered_cb, g_object_ref (task));
}

static void
news_cb (TeaConsoleHouse *self, TeaListing *listing)
{
  TeaRoomFacts facts = describe_listing (self, listing);
  guint64 *told = g_hash_table_lookup (self->news, facts.address);
  guint64 head = tea_listing_get_head (listing);

  g_assert (TEA_IS_CONSOLE_HOUSE (self));

  /* The server says it until the room is open. */
  if (told != NULL && *told == head)
    return;

  g_hash_table_insert (self->news, g_strdup (facts.address), g_memdup2 (&head, sizeof head));
  tea_console_output_write_room (self->output, "news", NULL, &facts);
}

static void
add_if_begins (GStrvBuilder *builder, const char *word, const char *candidate)
{
  if (g_str_has_prefix (candidate, word))
    g_strv_builder_add (builder, candidate);
}

/* Commands where the line begins; else who is here, and which rooms are open. */
static char **
complete (const char *line, const char *word, gpointer user_data)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (user_data);
  GListModel *members
      = tea_conversation_get_members (tea_console_room_get_conversation (self->current));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (*line == '\0' && *word == '/')
    {
      g_auto (GStrv) commands = tea_command_line_list ();

      for (char **command = commands; *command != NULL; command++)
        add_if_begins (builder, word, *command);
      return g_strv_builder_end (builder);
    }

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (TeaMember) member = g_list_model_get_item (members, i);

      add_if_begins (builder, word, tea_member_get_name (member));
    }
  for (guint i = 0; *line == '/' && i < self->rooms->len; i++)
    add_if_begins (builder, word,
                   tea_console_room_get_address (g_ptr_array_index (self->rooms, i)));

  return g_strv_builder_end (builder);
}

static void
tea_console_house_dispose (GObject *object)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (object);

  if (self->input != NULL && is_interactive (self))
    tea_terminal_set_complete (tea_console_input_get_terminal (self->input), NULL, NULL);
  g_clear_object (&self->people);
  self->current = NULL;
  g_clear_pointer (&self->mine, g_ptr_array_unref);
  g_clear_pointer (&self->rooms, g_ptr_array_unref);
  g_clear_object (&self->hall);
  g_clear_object (&self->client);
  g_clear_object (&self->input);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (tea_console_house_parent_class)->dispose (object);
}

static void
tea_console_house_finalize (GObject *object)
{
  TeaConsoleHouse *self = TEA_CONSOLE_HOUSE (object);

  g_free (self->prompt);
  g_hash_table_unref (self->news);

  G_OBJECT_CLASS (tea_console_house_parent_class)->finalize (object);
}

static void
tea_console_house_class_init (TeaConsoleHouseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_house_dispose;
  object_class->finalize = tea_console_house_finalize;

  /**
   * TeaConsoleHouse::progress:
   * @self: the house
   *
   * What was said somewhere has come further.
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", TEA_TYPE_CONSOLE_HOUSE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_console_house_init (TeaConsoleHouse *self)
{
  self->rooms = g_ptr_array_new_with_free_func (g_object_unref);
  self->news = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * tea_console_house_new:
 * @client: who is in the house, or will be
 * @input: where passwords come from
 * @output: where to print
 * @json: whether commands are a program's
 *
 * Returns: (transfer full): a house with the hall open
 */
TeaConsoleHouse *
tea_console_house_new (TeaClient *client,
                       TeaConsoleInput *input,
                       TeaConsoleOutput *output,
                       gboolean json)
{
  TeaConsoleHouse *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (TEA_IS_CONSOLE_INPUT (input), NULL);
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (output), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE_HOUSE, NULL);
  self->client = g_object_ref (client);
  self->input = g_object_ref (input);
  self->output = g_object_ref (output);
  self->json = json;
  self->people = tea_console_people_new (tea_client_get_hall (client));
  self->hall = follow (self, tea_client_get_hall (client));
  self->current = self->hall;
  set_current (self, self->hall);
  if (is_interactive (self))
    tea_terminal_set_complete (tea_console_input_get_terminal (input), complete, self);
  g_signal_connect_object (client, "room-news", G_CALLBACK (news_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_console_house_obey_async:
 * @self: a house that obeys nothing else
 * @command: what to do
 * @cancellable: (nullable): to give up with
 * @callback: called when it is done, or answered why not
 * @user_data: for @callback
 *
 * Does what came in, and answers where an answer is due.
 */
void
tea_console_house_obey_async (TeaConsoleHouse *self,
                              const TeaCommand *command,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_HOUSE (self));
  g_return_if_fail (command != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_house_obey_async);
  g_task_set_task_data (task, tea_command_copy (command), (GDestroyNotify) tea_command_free);

  if (tea_client_get_protocol (self->client) == TEA_PROTOCOL_CLASSIC
      && is_about_rooms (command->kind))
    {
      answer_error (task, command->room, _ ("The classic protocol knows one room only."));
      return;
    }

  switch (command->kind)
    {
    case TEA_COMMAND_ROOMS:
      tea_client_list_rooms_async (self->client, TEA_ROOM_LIST_MINE, cancellable, mine_cb,
                                   g_object_ref (task));
      break;

    case TEA_COMMAND_OPEN:
    case TEA_COMMAND_INVITE:
    case TEA_COMMAND_ROLE:
    case TEA_COMMAND_SEND_OUT:
    case TEA_COMMAND_LET_IN:
    case TEA_COMMAND_MUTE:
      find_person (task);
      break;

    case TEA_COMMAND_MAKE:
      if (command->asks_password)
        ask_for_password (task);
      else
        make_room (task, command->password);
      break;

    case TEA_COMMAND_CLOSE:
      close_room (task, command->text != NULL ? command->text : command->room);
      break;

    case TEA_COMMAND_HELP:
      tea_command_line_help ();
      g_task_return_boolean (task, TRUE);
      break;

    case TEA_COMMAND_SEARCH:
      if (command->is_everywhere)
        search_everywhere (task);
      else
        answer_in_room (task);
      break;

    case TEA_COMMAND_HISTORY:
    case TEA_COMMAND_MESSAGES:
    case TEA_COMMAND_SHOW:
    case TEA_COMMAND_WHO:
      answer_in_room (task);
      break;

    case TEA_COMMAND_TOPIC:
      if (command->text == NULL)
        answer_in_room (task);
      else
        obey_room_command (task, NULL);
      break;

    case TEA_COMMAND_SAY:
    case TEA_COMMAND_LEAVE:
    case TEA_COMMAND_READ:
    case TEA_COMMAND_RENAME:
    case TEA_COMMAND_ARCHIVE:
    case TEA_COMMAND_TYPING:
    case TEA_COMMAND_REPLY:
    case TEA_COMMAND_EDIT:
    case TEA_COMMAND_REMOVE:
    case TEA_COMMAND_REACT:
    case TEA_COMMAND_PIN:
    case TEA_COMMAND_SLOW:
    case TEA_COMMAND_N_KINDS:
    default:
      obey_room_command (task, NULL);
      break;
    }
}

/**
 * tea_console_house_obey_finish:
 * @self: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the next command can come; if not, @error is %G_IO_ERROR_CANCELLED
 */
gboolean
tea_console_house_obey_finish (TeaConsoleHouse *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_console_house_is_in_hall:
 * @self: a house
 *
 * Returns: whether what is said without naming a room is said in the hall
 */
gboolean
tea_console_house_is_in_hall (TeaConsoleHouse *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_HOUSE (self), FALSE);

  return self->current == self->hall;
}

/**
 * tea_console_house_get_prompt:
 * @self: a house
 *
 * Returns: what stands before what people type: where it will be said
 */
const char *
tea_console_house_get_prompt (TeaConsoleHouse *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_HOUSE (self), NULL);

  return self->prompt;
}

/**
 * tea_console_house_get_n_unsent:
 * @self: a house
 *
 * Returns: how many messages wait or are on their way, in all rooms
 */
guint
tea_console_house_get_n_unsent (TeaConsoleHouse *self)
{
  guint n_unsent;

  g_return_val_if_fail (TEA_IS_CONSOLE_HOUSE (self), 0);

  n_unsent = tea_conversation_get_n_unsent (get_hall (self));
  for (guint i = 0; i < self->rooms->len; i++)
    n_unsent += tea_conversation_get_n_unsent (
        tea_console_room_get_conversation (g_ptr_array_index (self->rooms, i)));

  return n_unsent;
}

/**
 * tea_console_house_has_failed:
 * @self: a house
 *
 * Returns: whether something was to be said that nobody will hear
 */
gboolean
tea_console_house_has_failed (TeaConsoleHouse *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_HOUSE (self), FALSE);

  for (guint i = 0; i < self->rooms->len; i++)
    if (tea_console_room_has_failed (g_ptr_array_index (self->rooms, i)))
      return TRUE;

  return tea_console_room_has_failed (self->hall);
}
