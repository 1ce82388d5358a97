/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-output.h"

#include <unistd.h>

#include <glib/gi18n.h>

#include "tea-event-formatter.h"
#include "tea-line-writer.h"
#include "tea-pinned-message.h"
#include "tea-text.h"

/**
 * TeaConsoleOutput:
 *
 * What the terminal client prints on standard output: what happens in the room, and, for
 * programs, what becomes of what they say.
 */
struct _TeaConsoleOutput
{
  GObject parent_instance;

  gboolean json;
  gboolean quiet;               /* only what is wrong */
  TeaEventFormatter *formatter; /* (owned) */
  TeaTerminal *terminal;        /* (owned) (nullable): what is written goes there */
  TeaLineWriter *writer;        /* (owned) */
  GHashTable *sending;          /* (element-type TeaTimelineItem): there is more to tell */
  char *obstacle;               /* (nullable): why messages wait, once it was told */
};

enum
{
  SIGNAL_DRAINED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaConsoleOutput, tea_console_output, G_TYPE_OBJECT)

static void
drained_cb (TeaConsoleOutput *self)
{
  g_assert (TEA_IS_CONSOLE_OUTPUT (self));

  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

static void
failed_cb (TeaConsoleOutput *self, const GError *error)
{
  g_assert (TEA_IS_CONSOLE_OUTPUT (self));

  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
write_line (TeaConsoleOutput *self, const char *line)
{
  g_autofree char *whole = NULL;

  if (self->terminal == NULL)
    {
      tea_line_writer_write (self->writer, line);
      return;
    }

  whole = g_strconcat (line, "\n", NULL);
  tea_terminal_print (self->terminal, whole);
}

static const char *
get_name (const TeaCommand *command)
{
  return command != NULL ? tea_command_kind_get_name (command->kind) : NULL;
}

/* What was asked for, as it was written; nobody needs what was said once more. */
static const char *
get_asked (const TeaCommand *command)
{
  return command != NULL && command->kind != TEA_COMMAND_SAY && command->kind != TEA_COMMAND_EDIT
             ? command->text
             : NULL;
}

static guint64
get_target (const TeaCommand *command)
{
  return command != NULL ? command->target : 0;
}

/* Messages have their number in front, so that they can be named. */
static void
write_found (TeaConsoleOutput *self, const TeaFoundFacts *facts)
{
  const TeaMessageFacts message = tea_message_facts_of_event (facts->event);
  g_autofree char *line = NULL;

  if (tea_event_get_kind (facts->event) == TEA_EVENT_MESSAGE)
    line = tea_event_formatter_format_message (self->formatter, facts->label, &message, NULL);
  else
    line = tea_event_formatter_format (self->formatter, facts->room, facts->label, facts->event,
                                       NULL);
  if (line != NULL)
    write_line (self, line);
}

/* Why a message is not there yet, or never will be. */
static void
tell_obstacle (TeaConsoleOutput *self, TeaTimelineItem *item)
{
  TeaDelivery delivery = tea_timeline_item_get_delivery (item);
  const char *failure = tea_timeline_item_get_failure (item);
  guint seconds = tea_message_facts_of_item (item).seconds;

  if (seconds > 0)
    g_printerr (ngettext ("That is sent in %u second.\n", "That is sent in %u seconds.\n", seconds),
                seconds);
  else if (failure != NULL
           && (delivery == TEA_DELIVERY_FAILED || g_strcmp0 (failure, self->obstacle) != 0))
    tea_terminal_tell (failure);
}

static void
tea_console_output_dispose (GObject *object)
{
  TeaConsoleOutput *self = TEA_CONSOLE_OUTPUT (object);

  g_clear_object (&self->formatter);
  g_clear_object (&self->writer);
  g_clear_object (&self->terminal);
  g_clear_pointer (&self->sending, g_hash_table_unref);
  g_clear_pointer (&self->obstacle, g_free);

  G_OBJECT_CLASS (tea_console_output_parent_class)->dispose (object);
}

static void
tea_console_output_class_init (TeaConsoleOutputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_output_dispose;

  /**
   * TeaConsoleOutput::drained:
   * @self: the output
   *
   * Everything is written, or nothing can be any more.
   */
  signals[SIGNAL_DRAINED] = g_signal_new ("drained", TEA_TYPE_CONSOLE_OUTPUT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaConsoleOutput::failed:
   * @self: the output
   * @error: why
   *
   * Nothing more can be written.
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", TEA_TYPE_CONSOLE_OUTPUT, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
tea_console_output_init (TeaConsoleOutput *self)
{
  self->sending = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * tea_console_output_new:
 * @json: whether a program reads it
 * @terminal: (nullable): the terminal that somebody types at
 *
 * Returns: (transfer full): standard output
 */
TeaConsoleOutput *
tea_console_output_new (gboolean json, TeaTerminal *terminal)
{
  TeaConsoleOutput *self = g_object_new (TEA_TYPE_CONSOLE_OUTPUT, NULL);

  self->json = json;
  self->formatter = tea_event_formatter_new (json);
  if (terminal != NULL && isatty (STDOUT_FILENO))
    {
      self->terminal = g_object_ref (terminal);
      self->writer = g_object_ref (tea_terminal_get_writer (terminal));
    }
  else
    {
      self->writer = tea_line_writer_new (STDOUT_FILENO);
    }
  g_signal_connect_object (self->writer, "drained", G_CALLBACK (drained_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->writer, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_console_output_set_quiet:
 * @self: standard output
 * @quiet: whether what happens is of no interest
 *
 * Keeps to itself all but what is wrong.
 */
void
tea_console_output_set_quiet (TeaConsoleOutput *self, gboolean quiet)
{
  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  self->quiet = quiet;
}

/**
 * tea_console_output_write_event:
 * @self: standard output
 * @room: the address of the room that it happened in
 * @label: (nullable): what people call the room; %NULL where that is plain
 * @event: what happened
 * @target: (nullable): what is known of the message that it is about
 *
 * Tells what happened in a room.
 */
void
tea_console_output_write_event (TeaConsoleOutput *self,
                                const char *room,
                                const char *label,
                                TeaEvent *event,
                                const TeaMessageFacts *target)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (self->quiet)
    return;

  line = tea_event_formatter_format (self->formatter, room, label, event, target);
  if (line != NULL)
    write_line (self, line);
}

/**
 * tea_console_output_write_gap:
 * @self: standard output
 * @room: the address of the room
 * @label: (nullable): what people call the room
 *
 * Tells that some of what happened in a room is not told.
 */
void
tea_console_output_write_gap (TeaConsoleOutput *self, const char *room, const char *label)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (self->quiet)
    return;

  line = tea_event_formatter_format_gap (self->formatter, room, label);
  write_line (self, line);
}

/**
 * tea_console_output_write_own:
 * @self: standard output
 * @room: the address of the room
 * @item: a message of one's own
 *
 * Tells how far a message has come; people, only why it failed, how long it waits, and once why
 * the server cannot store it and those behind it for now.
 */
void
tea_console_output_write_own (TeaConsoleOutput *self, const char *room, TeaTimelineItem *item)
{
  TeaDelivery delivery;
  const char *failure;
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  delivery = tea_timeline_item_get_delivery (item);
  failure = tea_timeline_item_get_failure (item);
  if (!self->json)
    tell_obstacle (self, item);
  if (delivery == TEA_DELIVERY_WAITING || delivery == TEA_DELIVERY_DELIVERED)
    {
      g_free (self->obstacle);
      self->obstacle = g_strdup (failure);
    }

  /* Sent again after the server was away, it is as far as it was. */
  if (delivery == TEA_DELIVERY_SENDING && g_hash_table_contains (self->sending, item))
    return;

  line = tea_event_formatter_format_own (self->formatter, room, item);
  if (line == NULL)
    return;

  write_line (self, line);
  if (delivery == TEA_DELIVERY_SENDING)
    g_hash_table_add (self->sending, g_object_ref (item));
  else
    g_hash_table_remove (self->sending, item);
}

/**
 * tea_console_output_write_error:
 * @self: standard output
 * @command: (nullable): what came in; %NULL for what is no command at all
 * @room: (nullable): the address of the room it is about
 * @text: what is wrong
 *
 * Tells that something that came in was not done: programs read it where they read all
 * else, people on standard error.
 */
void
tea_console_output_write_error (TeaConsoleOutput *self,
                                const TeaCommand *command,
                                const char *room,
                                const char *text)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));
  g_return_if_fail (text != NULL);

  if (!self->json)
    {
      tea_terminal_tell (text);
      return;
    }

  line = tea_event_formatter_format_answer ("error", get_name (command), room, get_asked (command),
                                            get_target (command), text);
  write_line (self, line);
}

/**
 * tea_console_output_write_closed:
 * @self: standard output
 * @command: (nullable): what came in; %NULL if nobody asked for it
 * @room: the address of the room
 * @label: what people call the room
 * @text: (nullable): why
 *
 * Tells that a room is no longer open.
 */
void
tea_console_output_write_closed (TeaConsoleOutput *self,
                                 const TeaCommand *command,
                                 const char *room,
                                 const char *label,
                                 const char *text)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (!self->json && text == NULL)
    return;

  if (!self->json)
    {
      line = tea_text_format ("[%s] %s", label, text);
      tea_terminal_tell (line);
      return;
    }

  line = tea_event_formatter_format_answer ("closed", get_name (command), room, get_asked (command),
                                            get_target (command), text);
  write_line (self, line);
}

/**
 * tea_console_output_write_history:
 * @self: standard output
 * @room: the address of the room
 * @n_events: how many older events came before this
 * @has_older: whether there are more
 *
 * Tells that all of the history that was asked for is told.
 */
void
tea_console_output_write_history (TeaConsoleOutput *self,
                                  const char *room,
                                  guint n_events,
                                  gboolean has_older)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (!self->json)
    {
      if (n_events == 0)
        g_printerr (_ ("There is nothing older.\n"));
      return;
    }

  line = tea_event_formatter_format_history (room, n_events, has_older);
  write_line (self, line);
}

/**
 * tea_console_output_write_members:
 * @self: standard output
 * @room: the address of the room
 * @members: who is in the room, a list of #TeaMember
 * @known: whether that is everybody
 *
 * Tells who is in a room.
 */
void
tea_console_output_write_members (TeaConsoleOutput *self,
                                  const char *room,
                                  GListModel *members,
                                  gboolean known)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));
  g_return_if_fail (G_IS_LIST_MODEL (members));

  line = tea_event_formatter_format_members (self->formatter, room, members, known);
  write_line (self, line);
}

/**
 * tea_console_output_write_room:
 * @self: standard output
 * @kind: what a program reads of: `opened`, `news`
 * @command: (nullable): what came in
 * @facts: a room
 *
 * Tells how a room is.
 */
void
tea_console_output_write_room (TeaConsoleOutput *self,
                               const char *kind,
                               const TeaCommand *command,
                               const TeaRoomFacts *facts)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (self->quiet)
    return;

  line = tea_event_formatter_format_room (self->formatter, kind, get_name (command),
                                          get_asked (command), facts);
  write_line (self, line);
}

/**
 * tea_console_output_write_rooms:
 * @self: standard output
 * @rooms: (element-type TeaRoomFacts): which rooms there are
 *
 * Tells which rooms there are.
 */
void
tea_console_output_write_rooms (TeaConsoleOutput *self, GArray *rooms)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  line = tea_event_formatter_format_rooms (self->formatter, rooms);
  write_line (self, line);
}

/**
 * tea_console_output_write_found:
 * @self: standard output
 * @command: what was looked for
 * @room: (nullable): the address of the room that was looked in; %NULL for all
 * @found: (element-type TeaFoundFacts): what was found, the newest first
 * @next: from before which event on to look for more; 0 where there is none, or more than one room
 *
 * Tells in which messages words are.
 */
void
tea_console_output_write_found (TeaConsoleOutput *self,
                                const TeaCommand *command,
                                const char *room,
                                GArray *found,
                                guint64 next)
{
  g_autofree char *line = NULL;
  g_autofree char *hint = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (self->json)
    {
      line
          = tea_event_formatter_format_found (get_name (command), room, command->text, found, next);
      write_line (self, line);
      return;
    }

  /* The newest stands last, where people look. */
  for (guint i = found->len; i > 0; i--)
    write_found (self, &g_array_index (found, TeaFoundFacts, i - 1));

  if (next != 0)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, next);

      hint = tea_text_format (_ ("“/search #%s %s” looks further back."), number, command->text);
    }
  else if (found->len == 0)
    hint = g_strdup (_ ("Nothing was found."));
  if (hint != NULL)
    tea_terminal_tell (hint);
}

/**
 * tea_console_output_write_shown:
 * @self: standard output
 * @command: what was asked for
 * @room: the address of the room
 * @found: (element-type TeaFoundFacts): an event, and what is around it, the oldest first
 *
 * Tells how events are now.
 */
void
tea_console_output_write_shown (TeaConsoleOutput *self,
                                const TeaCommand *command,
                                const char *room,
                                GArray *found)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (self->json)
    {
      line = tea_event_formatter_format_shown (get_name (command), room, command->target, found);
      write_line (self, line);
      return;
    }

  for (guint i = 0; i < found->len; i++)
    write_found (self, &g_array_index (found, TeaFoundFacts, i));
  if (found->len == 0)
    tea_terminal_tell (_ ("There is no such message, or not any more."));
}

/**
 * tea_console_output_write_message:
 * @self: standard output
 * @message: a message
 * @target: (nullable): what is known of the message that it answers
 *
 * Tells somebody how a message is now, and its number.
 */
void
tea_console_output_write_message (TeaConsoleOutput *self,
                                  const TeaMessageFacts *message,
                                  const TeaMessageFacts *target)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  line = tea_event_formatter_format_message (self->formatter, NULL, message, target);
  write_line (self, line);
}

/**
 * tea_console_output_write_topic:
 * @self: standard output
 * @topic: the topic of a room
 * @pins: what is pinned there, a list of #TeaPinnedMessage
 *
 * Answers somebody what a room is about.
 */
void
tea_console_output_write_topic (TeaConsoleOutput *self, const char *topic, GListModel *pins)
{
  g_autoptr (GString) numbers = g_string_new (NULL);

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  tea_terminal_tell (*topic != '\0' ? topic : _ ("There is no topic."));
  for (guint i = 0; i < g_list_model_get_n_items (pins); i++)
    {
      g_autoptr (TeaPinnedMessage) pin = g_list_model_get_item (pins, i);

      g_string_append_printf (numbers, " #%" G_GUINT64_FORMAT, tea_pinned_message_get_target (pin));
    }
  if (numbers->len > 0)
    g_printerr (_ ("Pinned:%s\n"), numbers->str);
}

/**
 * tea_console_output_write_about:
 * @self: standard output
 * @room: the address of the room
 * @label: (nullable): what people call the room
 * @topic: its topic
 * @pins: what is pinned there, a list of #TeaPinnedMessage
 * @is_news: whether nothing that was told has told the topic
 *
 * Tells a program what a room is about, and people where they have not read it.
 */
void
tea_console_output_write_about (TeaConsoleOutput *self,
                                const char *room,
                                const char *label,
                                const char *topic,
                                GListModel *pins,
                                gboolean is_news)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (self->quiet || (!self->json && (!is_news || *topic == '\0')))
    return;

  line = tea_event_formatter_format_about (self->formatter, room, label, topic, pins);
  write_line (self, line);
}

/**
 * tea_console_output_write_position:
 * @self: standard output
 * @room: the address of the room
 * @read: up to which event the user has read
 * @unread: how many messages came after that
 *
 * Tells a program up to where its user has read.
 */
void
tea_console_output_write_position (TeaConsoleOutput *self,
                                   const char *room,
                                   guint64 read,
                                   guint unread)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (!self->json)
    return;

  line = tea_event_formatter_format_position (room, read, unread);
  write_line (self, line);
}

/**
 * tea_console_output_write_typing:
 * @self: standard output
 * @room: the address of the room
 * @names: (array zero-terminated=1): who is typing
 *
 * Tells a program who is typing.
 */
void
tea_console_output_write_typing (TeaConsoleOutput *self, const char *room, const char *const *names)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  if (!self->json)
    return;

  line = tea_event_formatter_format_typing (room, names);
  write_line (self, line);
}

/**
 * tea_console_output_is_settled:
 * @self: standard output
 *
 * Returns: whether nothing more is to be told about what was said here
 */
gboolean
tea_console_output_is_settled (TeaConsoleOutput *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (self), TRUE);

  return g_hash_table_size (self->sending) == 0;
}

/**
 * tea_console_output_is_idle:
 * @self: standard output
 *
 * Returns: whether everything is written
 */
gboolean
tea_console_output_is_idle (TeaConsoleOutput *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (self), TRUE);

  return tea_line_writer_is_idle (self->writer);
}
