/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console.h"

#include <glib/gi18n.h>

#include "tea-address-book.h"
#include "tea-command-json.h"
#include "tea-command-line.h"
#include "tea-console-entry.h"
#include "tea-console-house.h"
#include "tea-console-input.h"
#include "tea-console-output.h"
#include "tea-room-address.h"
#include "tea-terminal.h"
#include "tea-text.h"

/* So many seconds are given to what is said last. */
#define DEFAULT_TIMEOUT 30u

/* So many messages may be on their way before more is read: a pipe can be endless. */
#define MAX_UNSENT 200

/**
 * TeaConsole:
 *
 * The terminal client: says what comes in at standard input, prints what happens on
 * standard output, and tells how it stands on standard error.
 */
struct _TeaConsole
{
  GObject parent_instance;

  GMainLoop *loop; /* (owned) */
  TeaExitStatus status;

  TeaClient *client;         /* (owned) */
  TeaConsoleOutput *output;  /* (owned) */
  TeaConsoleHouse *house;    /* (owned) */
  TeaConsoleInput *input;    /* (owned) */
  TeaConsoleEntry *entry;    /* (owned) */
  GCancellable *cancellable; /* (owned): of joining, reading and answering */

  GNetworkAddress *address; /* (owned) */
  char *room;               /* (nullable): where to begin, if not in the hall */
  char *message;            /* (nullable): all there is to say, in place of the input */
  gboolean lists_rooms;     /* that is all there is to do */
  guint timeout;            /* in ms */
  guint timeout_source;
  gboolean json;
  gboolean first_visit; /* nobody knew the server's key */
  gboolean input_full;  /* more is read when less is on its way */
  gboolean input_ended;
  gboolean unsaid; /* something came in that is too long to be said */
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (TeaConsole, tea_console, G_TYPE_OBJECT)

static void read_line (TeaConsole *self);

static gboolean
is_secure (TeaConsole *self)
{
  return tea_client_get_protocol (self->client) == TEA_PROTOCOL_SECURE;
}

static void
quit (TeaConsole *self, TeaExitStatus status)
{
  self->status = status;
  self->ended = TRUE;
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (tea_console_output_is_idle (self->output))
    g_main_loop_quit (self->loop);
}

static void
drained_cb (TeaConsole *self)
{
  g_assert (TEA_IS_CONSOLE (self));

  if (self->ended)
    g_main_loop_quit (self->loop);
}

/* Whether it enters for one thing only. */
static gboolean
is_brief (TeaConsole *self)
{
  return self->message != NULL || self->lists_rooms;
}

static guint
get_n_unsent (TeaConsole *self)
{
  return is_secure (self) ? tea_console_house_get_n_unsent (self->house) : 0;
}

/* Whether all that was said, or was to be said, is known to be stored. */
static gboolean
is_all_stored (TeaConsole *self)
{
  return !self->unsaid && !tea_console_house_has_failed (self->house)
         && (self->message == NULL || self->input_ended) && get_n_unsent (self) == 0;
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);

  tea_client_leave_finish (TEA_CLIENT (source), result, NULL);
  quit (self, self->status);
}

static void
note_what_is_missing (TeaConsole *self)
{
  guint n_unsent = get_n_unsent (self);

  if (is_all_stored (self) || self->status != TEA_EXIT_LEFT)
    return;

  self->status = TEA_EXIT_NOT_DELIVERED;
  if (n_unsent > 0)
    g_printerr (ngettext ("%u message is not known to have arrived.\n",
                          "%u messages are not known to have arrived.\n", n_unsent),
                n_unsent);
}

/* At the end of input, what was said still has to arrive. */
static void
leave_when_sent (TeaConsole *self)
{
  if (!self->input_ended || self->ended)
    return;

  if (is_secure (self)
          ? get_n_unsent (self) > 0 || !tea_console_output_is_settled (self->output)
          : tea_timeline_get_next_waiting (tea_client_get_timeline (self->client)) != NULL)
    return;

  g_clear_handle_id (&self->timeout_source, g_source_remove);
  tea_console_leave (self);
}

static void
timeout_cb (gpointer user_data)
{
  TeaConsole *self = user_data;

  g_assert (TEA_IS_CONSOLE (self));

  self->timeout_source = 0;
  tea_console_leave (self);
}

static void
end_input (TeaConsole *self)
{
  self->input_ended = TRUE;
  if (is_secure (self))
    self->timeout_source = g_timeout_add_once (self->timeout, timeout_cb, self);

  leave_when_sent (self);
}

/* Nobody will ever read what is printed. Whoever closed a pipe knows that. */
static void
output_failed_cb (TeaConsole *self, const GError *error)
{
  g_assert (TEA_IS_CONSOLE (self));

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    {
      g_printerr (_ ("Could not write what happens in the room: %s\n"), error->message);
      self->status = TEA_EXIT_USAGE;
    }

  g_cancellable_cancel (self->cancellable);
  if (!self->ended && !self->input_ended)
    end_input (self);
}

static void
obeyed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);

  if (!tea_console_house_obey_finish (TEA_CONSOLE_HOUSE (source), result, NULL))
    return;

  if (is_brief (self))
    end_input (self);
  else
    read_line (self);
}

static void
obey (TeaConsole *self, const TeaCommand *command)
{
  if (command->kind == TEA_COMMAND_LEAVE
      && (command->room != NULL ? *command->room == '\0'
                                : self->json || tea_console_house_is_in_hall (self->house)))
    end_input (self);
  else
    tea_console_house_obey_async (self->house, command, self->cancellable, obeyed_cb,
                                  g_object_ref (self));
}

static void
say (TeaConsole *self, const char *text)
{
  const TeaCommand command = { .kind = TEA_COMMAND_SAY, .text = (char *) text };

  obey (self, &command);
}

/* Programs write JSON; people at a terminal have commands, too; of other input every line is
 * said as it is. */
static void
take_line (TeaConsole *self, const char *line)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_autofree char *tidy = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->json && tea_console_input_get_terminal (self->input) == NULL)
    {
      if (*line != '\0')
        say (self, line);
      else
        read_line (self);
      return;
    }

  if (!self->json)
    tidy = tea_text_tidy (line);
  if (*(tidy != NULL ? tidy : line) == '\0')
    {
      read_line (self);
      return;
    }

  if (self->json ? tea_command_json_parse (&command, line, &error)
                 : tea_command_line_parse (&command, tidy, &error))
    {
      obey (self, &command);
      return;
    }

  tea_console_output_write_error (self->output, NULL, NULL, error->message);
  read_line (self);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = tea_console_input_read_finish (self->input, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (line != NULL)
    {
      take_line (self, line);
      return;
    }

  if (error != NULL)
    tea_console_output_write_error (self->output, NULL, NULL, error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    {
      self->unsaid = TRUE;
      read_line (self);
      return;
    }

  end_input (self);
}

static void
read_line (TeaConsole *self)
{
  self->input_full = tea_console_house_get_n_unsent (self->house) >= MAX_UNSENT;
  if (!self->input_full)
    tea_console_input_read_line_async (self->input, tea_console_house_get_prompt (self->house),
                                       self->cancellable, line_cb, g_object_ref (self));
}

/* Entering makes the key known. */
static gboolean
is_first_visit (TeaConsole *self)
{
  g_autofree char *key = NULL;

  return tea_address_book_lookup (self->address, &key, NULL) && key == NULL;
}

static void
tell_key (TeaConsole *self)
{
  const char *server_key = tea_client_get_server_key (self->client);
  g_autofree char *known = NULL;

  if (!self->first_visit || !is_secure (self))
    return;

  if (tea_address_book_lookup (self->address, &known, NULL) && g_strcmp0 (known, server_key) == 0)
    g_printerr (_ ("This is your first visit: the key of this server is now known as %s. It is "
                   "yours to compare with what whoever runs it says.\n"),
                server_key);
  else
    g_printerr (_ ("This is your first visit, and the key of this server is not remembered: it is "
                   "%s. It is yours to compare with what whoever runs it says, next time too.\n"),
                server_key);
}

static void
tell_entered (TeaConsole *self)
{
  g_autofree char *address = tea_room_address_to_string (self->address);
  g_autofree char *name = tea_text_make_safe (tea_client_get_name (self->client));
  g_autofree char *sentence = NULL;

  if (is_secure (self))
    sentence
        = tea_text_format (_ ("You are in the room at %s as %s. What you write is encrypted.\n"),
                           address, name);
  else
    sentence = tea_text_format (_ ("You are in the room at %s as %s. What you write is not "
                                   "encrypted, and can get lost.\n"),
                                address, name);
  g_printerr ("%s", sentence);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);

  if (!tea_console_house_obey_finish (TEA_CONSOLE_HOUSE (source), result, NULL))
    return;

  /* What comes in is not for everybody in the hall. */
  if (!self->json && tea_console_house_is_in_hall (self->house))
    {
      self->status = TEA_EXIT_REFUSED;
      tea_console_leave (self);
    }
  else if (self->message != NULL)
    say (self, self->message);
  else
    read_line (self);
}

/* Goes where everything is to be said, if that is not the hall. */
static void
begin (TeaConsole *self)
{
  const TeaCommand command = { .kind = TEA_COMMAND_OPEN, .text = self->room };
  const TeaCommand list = { .kind = TEA_COMMAND_ROOMS };

  if (self->lists_rooms)
    obey (self, &list);
  else if (self->room != NULL)
    tea_console_house_obey_async (self->house, &command, self->cancellable, opened_cb,
                                  g_object_ref (self));
  else if (self->message != NULL)
    say (self, self->message);
  else
    read_line (self);
}

static void
entered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);
  TeaExitStatus status = tea_console_entry_enter_finish (TEA_CONSOLE_ENTRY (source), result);

  if (self->ended)
    return;

  if (status != TEA_EXIT_LEFT || tea_client_get_state (self->client) != TEA_CLIENT_INSIDE)
    {
      quit (self, status);
      return;
    }

  if (is_brief (self))
    {
      tell_key (self);
      begin (self);
      return;
    }

  tell_entered (self);
  tell_key (self);
  if (tea_console_input_is_interactive (self->input))
    g_printerr (_ ("Enter sends a line, /help lists the commands, Ctrl+D leaves.\n"));
  begin (self);
}

static void
progress_cb (TeaConsole *self)
{
  g_assert (TEA_IS_CONSOLE (self));

  if (self->input_full && !self->ended)
    read_line (self);
  leave_when_sent (self);
}

static void
state_cb (TeaConsole *self)
{
  const char *reason = tea_client_get_reason (self->client);

  g_assert (TEA_IS_CONSOLE (self));

  switch (tea_client_get_state (self->client))
    {
    case TEA_CLIENT_LOST:
      if (!is_brief (self))
        g_printerr (_ ("The room does not answer. Trying again in a moment.\n"));
      break;

    case TEA_CLIENT_GIVEN_UP:
      g_printerr (_ ("The room does not answer.\n"));
      quit (self, TEA_EXIT_NO_ANSWER);
      break;

    case TEA_CLIENT_ENDED:
      tea_terminal_tell (reason != NULL ? reason : _ ("The room said goodbye."));
      if (get_n_unsent (self) > 0)
        quit (self, TEA_EXIT_NOT_DELIVERED);
      else
        quit (self, reason != NULL ? TEA_EXIT_REFUSED : TEA_EXIT_LEFT);
      break;

    case TEA_CLIENT_OUTSIDE:
    case TEA_CLIENT_JOINING:
    case TEA_CLIENT_INSIDE:
    case TEA_CLIENT_REJOINING:
    case TEA_CLIENT_LEAVING:
    default:
      break;
    }
}

static void
rejoined_cb (TeaConsole *self)
{
  g_assert (TEA_IS_CONSOLE (self));

  if (!is_brief (self))
    g_printerr (_ ("Connected again.\n"));
  leave_when_sent (self);
}

static void
tea_console_dispose (GObject *object)
{
  TeaConsole *self = TEA_CONSOLE (object);

  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_clear_object (&self->client);
  g_clear_object (&self->output);
  g_clear_object (&self->house);
  g_clear_object (&self->entry);
  g_clear_object (&self->input);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (tea_console_parent_class)->dispose (object);
}

static void
tea_console_finalize (GObject *object)
{
  TeaConsole *self = TEA_CONSOLE (object);

  g_main_loop_unref (self->loop);
  g_free (self->room);
  g_free (self->message);

  G_OBJECT_CLASS (tea_console_parent_class)->finalize (object);
}

static void
tea_console_class_init (TeaConsoleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_dispose;
  object_class->finalize = tea_console_finalize;
}

static void
tea_console_init (TeaConsole *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  self->input = tea_console_input_new ();
  self->timeout = DEFAULT_TIMEOUT * 1000;
}

/**
 * tea_console_new:
 * @client: a client that is in no room, and knows how to enter one
 * @address: where the room is
 * @name: (nullable): the name to enter under; %NULL to ask for one
 * @json: whether a program reads what is printed, and writes what comes in
 *
 * Returns: (transfer full): a terminal client that has not started
 */
TeaConsole *
tea_console_new (TeaClient *client, GNetworkAddress *address, const char *name, gboolean json)
{
  TeaConsole *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE, NULL);
  self->client = g_object_ref (client);
  self->address = g_object_ref (address);
  self->entry = tea_console_entry_new (client, self->input, address, name);
  self->json = json;
  self->output = tea_console_output_new (json, tea_console_input_get_terminal (self->input));
  self->house = tea_console_house_new (client, self->input, self->output, json);

  g_signal_connect_object (self->output, "drained", G_CALLBACK (drained_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->output, "failed", G_CALLBACK (output_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->house, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "rejoined", G_CALLBACK (rejoined_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_console_set_timeout:
 * @self: a terminal client
 * @seconds: how long
 *
 * Sets for how long to wait, at the end of input, until all that was said is known to be
 * stored. Only the secure protocol tells.
 */
void
tea_console_set_timeout (TeaConsole *self, guint seconds)
{
  g_return_if_fail (TEA_IS_CONSOLE (self));

  self->timeout = MIN (seconds, G_MAXINT / 1000) * 1000;
}

/**
 * tea_console_set_message:
 * @self: a terminal client
 * @message: what to say, in valid UTF-8
 *
 * Has one message said, in place of what comes in, and nothing printed that is no trouble.
 */
void
tea_console_set_message (TeaConsole *self, const char *message)
{
  g_return_if_fail (TEA_IS_CONSOLE (self));
  g_return_if_fail (message != NULL);

  g_free (self->message);
  self->message = g_strdup (message);
  tea_console_output_set_quiet (self->output, TRUE);
}

/**
 * tea_console_set_room:
 * @self: a terminal client
 * @room: the address of a room in the house
 *
 * Has the room opened first, and what comes in said there.
 */
void
tea_console_set_room (TeaConsole *self, const char *room)
{
  g_return_if_fail (TEA_IS_CONSOLE (self));
  g_return_if_fail (room != NULL);

  g_free (self->room);
  self->room = g_strdup (room);
}

/**
 * tea_console_set_lists_rooms:
 * @self: a terminal client
 *
 * Has the rooms of the house listed, in place of all else.
 */
void
tea_console_set_lists_rooms (TeaConsole *self)
{
  g_return_if_fail (TEA_IS_CONSOLE (self));

  self->lists_rooms = TRUE;
  tea_console_output_set_quiet (self->output, TRUE);
}

/**
 * tea_console_run:
 * @self: a terminal client
 *
 * Enters the room and stays until the input ends, the room does, or
 * [method@Tea.Console.leave] is called.
 *
 * Returns: how it ended
 */
TeaExitStatus
tea_console_run (TeaConsole *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE (self), TEA_EXIT_USAGE);

  self->first_visit = is_first_visit (self);
  tea_console_entry_enter_async (self->entry, self->cancellable, entered_cb, g_object_ref (self));
  g_main_loop_run (self->loop);
  tea_console_input_close (self->input);

  return self->status;
}

/**
 * tea_console_leave:
 * @self: a terminal client
 *
 * Says goodbye, and lets [method@Tea.Console.run] return.
 */
void
tea_console_leave (TeaConsole *self)
{
  g_return_if_fail (TEA_IS_CONSOLE (self));

  if (!self->ended)
    note_what_is_missing (self);

  /* Somebody insists, though nobody reads what there still is to print. */
  if (self->ended)
    g_main_loop_quit (self->loop);
  else if (tea_client_get_state (self->client) == TEA_CLIENT_INSIDE)
    tea_client_leave_async (self->client, NULL, leave_cb, g_object_ref (self));
  else if (tea_client_get_state (self->client) != TEA_CLIENT_LEAVING)
    quit (self, self->status);
}
