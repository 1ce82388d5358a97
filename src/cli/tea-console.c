/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console.h"

#include <stdio.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>

#include "tea-client.h"
#include "tea-error.h"
#include "tea-event-formatter.h"
#include "tea-line-writer.h"
#include "tea-name.h"
#include "tea-room-address.h"

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

  TeaClient *client;            /* (owned) */
  TeaEventFormatter *formatter; /* (owned) */
  TeaLineWriter *output;        /* (owned) */
  GDataInputStream *input;      /* (owned) */
  GCancellable *cancellable;    /* (owned): of joining and reading */

  GNetworkAddress *address; /* (owned) */
  char *name;               /* (nullable): not chosen yet */
  gboolean interactive;
  gboolean input_ended;
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (TeaConsole, tea_console, G_TYPE_OBJECT)

static void read_line (TeaConsole *self);

static void
quit (TeaConsole *self, TeaExitStatus status)
{
  self->status = status;
  self->ended = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (tea_line_writer_is_idle (self->output))
    g_main_loop_quit (self->loop);
}

static void
drained_cb (TeaConsole *self)
{
  g_assert (TEA_IS_CONSOLE (self));

  if (self->ended)
    g_main_loop_quit (self->loop);
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);

  tea_client_leave_finish (TEA_CLIENT (source), result, NULL);
  quit (self, self->status);
}

/* The reasons are the server's own words. */
static void
tell_reason (const char *reason)
{
  g_autofree char *safe = tea_event_formatter_make_safe (reason);

  g_printerr ("%s\n", safe);
}

/* At the end of input, what was typed while the server was away still waits for it. */
static void
leave_when_sent (TeaConsole *self)
{
  if (self->input_ended
      && tea_timeline_get_next_waiting (tea_client_get_timeline (self->client)) == NULL)
    tea_console_leave (self);
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *address = tea_room_address_to_string (self->address);

  if (tea_client_join_finish (TEA_CLIENT (source), result, &error))
    {
      g_printerr (_ ("You are in the room at %s as %s. What you write is not encrypted.\n"),
                  address, self->name);
      if (self->interactive)
        g_printerr (_ ("Enter sends a line, Ctrl+D leaves.\n"));
      read_line (self);
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  tell_reason (error->message);

  if (!g_error_matches (error, TEA_ERROR, TEA_ERROR_REFUSED))
    {
      quit (self, TEA_EXIT_NO_ANSWER);
    }
  else if (self->interactive)
    {
      g_clear_pointer (&self->name, g_free);
      read_line (self);
    }
  else
    {
      quit (self, TEA_EXIT_REFUSED);
    }
}

static void
join (TeaConsole *self)
{
  tea_client_join_async (self->client, self->address, self->name, self->cancellable, join_cb,
                         g_object_ref (self));
}

static void
take_name (TeaConsole *self, const char *line)
{
  g_autofree char *name = g_strstrip (g_strdup (line));
  g_autoptr (GError) error = NULL;

  if (!tea_name_validate (name, &error))
    {
      g_printerr ("%s\n", error->message);
      read_line (self);
      return;
    }

  self->name = g_steal_pointer (&name);
  join (self);
}

static void
take_text (TeaConsole *self, const char *line)
{
  g_autofree char *valid = g_utf8_make_valid (line, -1);
  g_autoptr (GError) error = NULL;

  if (*valid != '\0' && !tea_client_say (self->client, valid, &error))
    g_printerr ("%s\n", error->message);

  read_line (self);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConsole) self = TEA_CONSOLE (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line
      = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error != NULL)
    g_printerr ("%s\n", error->message);

  if (line == NULL)
    {
      self->input_ended = TRUE;
      leave_when_sent (self);
    }
  else if (self->name == NULL)
    {
      take_name (self, line);
    }
  else
    {
      take_text (self, line);
    }
}

static void
read_line (TeaConsole *self)
{
  if (self->name == NULL)
    g_printerr ("%s ", _ ("Your name:"));

  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, self->cancellable, line_cb,
                                       g_object_ref (self));
}

static void
event_cb (TeaConsole *self, TeaEvent *event)
{
  g_autofree char *line = NULL;

  g_assert (TEA_IS_CONSOLE (self));

  line = tea_event_formatter_format (self->formatter, event);
  tea_line_writer_write (self->output, line);
}

static void
state_cb (TeaConsole *self)
{
  const char *reason = tea_client_get_reason (self->client);

  g_assert (TEA_IS_CONSOLE (self));

  switch (tea_client_get_state (self->client))
    {
    case TEA_CLIENT_LOST:
      g_printerr (_ ("The room does not answer. Trying again in a moment.\n"));
      break;

    case TEA_CLIENT_GIVEN_UP:
      g_printerr (_ ("The room does not answer.\n"));
      quit (self, TEA_EXIT_NO_ANSWER);
      break;

    case TEA_CLIENT_ENDED:
      tell_reason (reason != NULL ? reason : _ ("The room said goodbye."));
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

  g_printerr (_ ("Connected again.\n"));
  leave_when_sent (self);
}

static void
tea_console_dispose (GObject *object)
{
  TeaConsole *self = TEA_CONSOLE (object);

  g_clear_object (&self->client);
  g_clear_object (&self->formatter);
  g_clear_object (&self->output);
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
  g_free (self->name);

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
  g_autoptr (GInputStream) standard_input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->client = tea_client_new ();
  self->cancellable = g_cancellable_new ();
  self->input = g_data_input_stream_new (standard_input);
  g_data_input_stream_set_newline_type (self->input, G_DATA_STREAM_NEWLINE_TYPE_ANY);
}

/**
 * tea_console_new:
 * @address: where the room is
 * @name: (nullable): the name to enter under; %NULL to ask for one
 * @json: whether to print JSON
 *
 * Returns: (transfer full): a terminal client that has not started
 */
TeaConsole *
tea_console_new (GNetworkAddress *address, const char *name, gboolean json)
{
  TeaConsole *self;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE, NULL);
  self->address = g_object_ref (address);
  self->name = g_strdup (name);
  self->interactive = isatty (STDIN_FILENO);
  self->formatter = tea_event_formatter_new (json, isatty (STDOUT_FILENO));

  self->output = tea_line_writer_new (STDOUT_FILENO);

  g_signal_connect_object (self->output, "drained", G_CALLBACK (drained_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "rejoined", G_CALLBACK (rejoined_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
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

  if (self->name != NULL)
    join (self);
  else
    read_line (self);

  g_main_loop_run (self->loop);

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

  /* Somebody insists, though nobody reads what there still is to print. */
  if (self->ended)
    g_main_loop_quit (self->loop);
  else if (tea_client_get_state (self->client) == TEA_CLIENT_INSIDE)
    tea_client_leave_async (self->client, NULL, leave_cb, g_object_ref (self));
  else if (tea_client_get_state (self->client) != TEA_CLIENT_LEAVING)
    quit (self, self->status);
}
