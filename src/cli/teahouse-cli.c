/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n.h>

#include "tea-console-input.h"
#include "tea-console.h"
#include "tea-log-writer.h"
#include "tea-name.h"
#include "tea-room-address.h"
#include "tea-server-commands.h"
#include "tea-standard-streams.h"
#include "tea-terminal.h"
#include "tea-text-file.h"
#include "tea-user-path.h"

/* Nothing was said about what to begin with. */
#define SINCE_NOW (-1)

/* So many seconds after SIGTERM there is nothing left to wait for. */
#define GRACE 3

/* What GLib does about SIGTERM. */
static struct sigaction end_action;

/* What the first word asks for. Without any of them, it is the address of a room. */
typedef enum
{
  COMMAND_CHAT,
  COMMAND_SAY,
  COMMAND_SERVERS,
  COMMAND_FORGET,
  COMMAND_ROOMS,
} Command;

typedef struct
{
  char *name;
  char *password_file;
  char *identity_file;
  char *in_room;
  gint64 since;
  gint timeout;
  gboolean classic;
  gboolean json;
  gboolean show_version;
  char **words;

  Command command;
  const char *room;    /* (nullable) */
  const char *message; /* (nullable): to be read */
} Options;

static void
clear_options (Options *options)
{
  g_free (options->name);
  g_free (options->password_file);
  g_free (options->identity_file);
  g_free (options->in_room);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, clear_options)

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);

  return FALSE;
}

/* What cron and the like say is UTF-8, though their locale, C, knows no such thing; so what
 * the locale is asked about is only what is something else. */
static gboolean
take_text (char **text, GError **error)
{
  char *converted;

  if (*text == NULL || g_utf8_validate (*text, -1, NULL))
    return TRUE;

  converted = g_locale_to_utf8 (*text, -1, NULL, NULL, NULL);
  if (converted == NULL)
    return refuse (error, _ ("What is said on the command line has to be text in UTF-8."));

  g_free (*text);
  *text = converted;

  return TRUE;
}

/* No shell has expanded what is written as --identity=~/key. */
static gboolean
take_path (char **path, GError **error)
{
  char *expanded;

  if (*path == NULL)
    return TRUE;

  expanded = tea_user_path_expand (*path, error);
  if (expanded == NULL)
    return FALSE;

  g_free (*path);
  *path = expanded;

  return TRUE;
}

static gboolean
parse_command_line (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[]
      = { { "nick", 'n', 0, G_OPTION_ARG_FILENAME, &options->name, N_ ("Enter under this name"),
            N_ ("NAME") },
          { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
            N_ ("Read the room’s password from the first line of FILE"), N_ ("FILE") },
          { "since", 0, 0, G_OPTION_ARG_INT64, &options->since,
            N_ ("Begin with what happened after number N; 0 for all that is kept"), N_ ("N") },
          { "timeout", 0, 0, G_OPTION_ARG_INT, &options->timeout,
            N_ ("At the end of input, wait S seconds for all of it to arrive (30)"), N_ ("S") },
          { "classic", 0, 0, G_OPTION_ARG_NONE, &options->classic,
            N_ ("Speak the classic protocol: neither private nor free of loss"), NULL },
          { "identity", 0, 0, G_OPTION_ARG_FILENAME, &options->identity_file,
            N_ ("Be who has the key in FILE, which is made if it is missing"), N_ ("FILE") },
          { "room", 0, 0, G_OPTION_ARG_FILENAME, &options->in_room,
            N_ ("Open ROOM of the house, and say there what comes in"), N_ ("ROOM") },
          { "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
            N_ ("Read and print one JSON object a line"), NULL },
          { "version", 0, 0, G_OPTION_ARG_NONE, &options->show_version, N_ ("Show the version"),
            NULL },
          { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->words, NULL,
            N_ ("ADDRESS[:PORT]") },
          { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (
      context, _ ("Enters a chat room. Every line of standard input is said there; what happens "
                  "there is\nprinted. The end of input, or Ctrl+C, leaves.\n\n"
                  "Instead of entering a room it can also be told to:\n"
                  "  say ADDRESS [TEXT]  Say one thing, or what comes in, and leave\n"
                  "  rooms ADDRESS       List the rooms of a house\n"
                  "  servers             List the servers whose keys are known\n"
                  "  forget ADDRESS      Forget the key of a server"));
  g_option_context_set_description (
      context, _ ("Exit status: 0 left normally, 2 wrong usage, 3 refused, 4 no answer, or none "
                  "that is encrypted,\n5 not all that was said has arrived, 6 the server has "
                  "another key."));

  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  for (guint i = 0; options->words != NULL && options->words[i] != NULL; i++)
    if (!take_text (&options->words[i], error))
      return FALSE;

  return take_text (&options->name, error) && take_text (&options->in_room, error)
         && take_path (&options->password_file, error)
         && take_path (&options->identity_file, error);
}

/* Sorts out what there is besides options. */
static gboolean
take_words (Options *options, GError **error)
{
  guint n_words = options->words != NULL ? g_strv_length (options->words) : 0;
  const char *first = n_words > 0 ? options->words[0] : "";

  if (g_str_equal (first, "say"))
    {
      options->command = COMMAND_SAY;
      if (n_words < 2 || n_words > 3)
        return refuse (error, _ ("Say the address of one room, and what to say in one piece, in "
                                 "quotation marks."));
      options->room = options->words[1];
      if (n_words == 3 && !g_str_equal (options->words[2], "-"))
        options->message = options->words[2];
    }
  else if (g_str_equal (first, "servers"))
    {
      options->command = COMMAND_SERVERS;
      if (n_words > 1)
        return refuse (error, _ ("“servers” stands alone."));
    }
  else if (g_str_equal (first, "rooms"))
    {
      options->command = COMMAND_ROOMS;
      if (n_words != 2)
        return refuse (error, _ ("Say the address of one server."));
      options->room = options->words[1];
    }
  else if (g_str_equal (first, "forget"))
    {
      options->command = COMMAND_FORGET;
      if (n_words != 2)
        return refuse (error, _ ("Say the address of one server."));
      options->room = options->words[1];
    }
  else
    {
      options->command = COMMAND_CHAT;
      if (n_words != 1)
        return refuse (error, _ ("Say the address of one room."));
      options->room = first;
    }

  return TRUE;
}

static gboolean
check_options (Options *options, GError **error)
{
  if (options->command == COMMAND_ROOMS && options->since >= 0)
    return refuse (error, _ ("“rooms” has no history: leave out --since."));

  if (options->command == COMMAND_SAY && (options->json || options->since >= 0))
    return refuse (error, _ ("“say” prints nothing: leave out --json and --since."));

  if ((options->command == COMMAND_SAY || options->command == COMMAND_ROOMS)
      && options->name == NULL)
    options->name = g_strdup (g_get_user_name ());

  if (options->command == COMMAND_CHAT && options->name == NULL && !isatty (STDIN_FILENO))
    return refuse (error, _ ("Say under which name to enter: --nick NAME."));

  if (options->since < SINCE_NOW || options->timeout < 0)
    return refuse (error, _ ("--since and --timeout need a number that is not negative."));

  if (options->classic && (options->command == COMMAND_ROOMS || options->in_room != NULL))
    return refuse (error, _ ("The classic protocol knows one room only."));

  if (options->classic && (options->password_file != NULL || options->since >= 0))
    return refuse (error, _ ("The classic protocol knows neither passwords nor numbers."));

  return TRUE;
}

static gboolean
load_password (TeaClient *client, const char *path, GError **error)
{
  g_autofree char *text = NULL;

  if (!tea_text_file_load (path, &text, NULL, error))
    return FALSE;

  text[strcspn (text, "\r\n")] = '\0';
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("The first line of “%s” is not text in UTF-8."), path);
      return FALSE;
    }

  tea_client_set_password (client, text);

  return TRUE;
}

static TeaClient *
make_client (Options *options, GError **error)
{
  g_autoptr (TeaClient) client = tea_client_new ();

  if (options->classic)
    tea_client_set_protocol (client, TEA_PROTOCOL_CLASSIC);
  if (options->identity_file != NULL)
    tea_client_set_identity_file (client, options->identity_file);
  if (options->since > 0)
    tea_client_set_since (client, (guint64) options->since);
  if (options->since == 0)
    tea_client_set_history (client, TEA_CLIENT_WHOLE_HISTORY);
  if (options->command == COMMAND_SAY || options->command == COMMAND_ROOMS)
    tea_client_set_history (client, 0);
  if (options->password_file != NULL && !load_password (client, options->password_file, error))
    return NULL;

  return g_steal_pointer (&client);
}

/* All of standard input, without the line break at its end. */
static char *
read_message (GError **error)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autofree char *bytes = g_malloc (TEA_CONSOLE_INPUT_LINE_MAX);
  gsize size = 0;

  if (!g_input_stream_read_all (input, bytes, TEA_CONSOLE_INPUT_LINE_MAX, &size, NULL, error))
    return NULL;

  if (size == TEA_CONSOLE_INPUT_LINE_MAX)
    {
      refuse (error, _ ("That is too long for one message."));
      return NULL;
    }

  if (size > 0 && bytes[size - 1] == '\n')
    size--;
  if (size > 0 && bytes[size - 1] == '\r')
    size--;

  return g_utf8_make_valid (bytes, (gssize) size);
}

static gboolean
leave_cb (gpointer user_data)
{
  tea_console_leave (TEA_CONSOLE (user_data));

  return G_SOURCE_CONTINUE;
}

/* Whatever holds the program up, be it a file or a terminal, it ends then. */
static void
late_cb (int number)
{
  tea_terminal_restore ();
  _exit (TEA_EXIT_NOT_DELIVERED);
}

static void
asked_to_end_cb (int number)
{
  alarm (GRACE);
  end_action.sa_handler (number);
}

/* SIGTERM ends the program also where its main loop does not get a turn. */
static void
limit_ending (void)
{
  struct sigaction action = { .sa_handler = late_cb };

  if (sigaction (SIGTERM, NULL, &end_action) != 0 || end_action.sa_handler == SIG_IGN)
    return;

  sigaction (SIGALRM, &action, NULL);
  action = end_action;
  action.sa_handler = asked_to_end_cb;
  sigaction (SIGTERM, &action, NULL);
}

/* What nohup and the like have the program ignore, it goes on ignoring. */
static void
leave_at (int number, TeaConsole *console)
{
  struct sigaction action;

  if (sigaction (number, NULL, &action) != 0 || action.sa_handler != SIG_IGN)
    g_unix_signal_add (number, leave_cb, console);
}

/* Enters the room, and does there what is to be done. */
static TeaExitStatus
visit (Options *options, GNetworkAddress *address)
{
  g_autoptr (TeaClient) client = NULL;
  g_autoptr (TeaConsole) console = NULL;
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;

  if (options->name != NULL && !tea_name_validate (options->name, &error))
    {
      g_printerr ("%s\n", error->message);
      if (options->command != COMMAND_CHAT || !isatty (STDIN_FILENO))
        return TEA_EXIT_REFUSED;

      /* There is somebody to ask for another. */
      g_clear_error (&error);
      g_clear_pointer (&options->name, g_free);
    }

  client = make_client (options, &error);
  if (client != NULL && options->command == COMMAND_SAY)
    message = options->message != NULL ? g_strdup (options->message) : read_message (&error);
  if (client != NULL && message != NULL && *message == '\0')
    refuse (&error, _ ("There is nothing to say."));
  if (error != NULL)
    {
      g_printerr ("%s\n", error->message);
      return TEA_EXIT_USAGE;
    }

  console = tea_console_new (client, address, options->name, options->json);
  tea_console_set_timeout (console, (guint) options->timeout);
  if (message != NULL)
    tea_console_set_message (console, message);
  if (options->command == COMMAND_ROOMS)
    tea_console_set_lists_rooms (console);
  if (options->in_room != NULL)
    tea_console_set_room (console, options->in_room);
  else if (TEA_IS_ROOM_ADDRESS (address)
           && tea_room_address_get_room (TEA_ROOM_ADDRESS (address)) != NULL)
    tea_console_set_room (console, tea_room_address_get_room (TEA_ROOM_ADDRESS (address)));
  leave_at (SIGHUP, console);
  leave_at (SIGINT, console);
  leave_at (SIGTERM, console);
  limit_ending ();

  return tea_console_run (console);
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .since = SINCE_NOW, .timeout = 30 };
  g_autoptr (GNetworkAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  tea_standard_streams_open ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Standard output is for what happens in the room. */
  tea_log_writer_install ();

  if (parse_command_line (&options, &argc, &argv, &error) && options.show_version)
    {
      g_print ("teahouse-cli %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  if (error == NULL && take_words (&options, &error) && check_options (&options, &error)
      && options.room != NULL)
    address = tea_room_address_parse (options.room, &error);
  if (error != NULL)
    {
      g_printerr (_ ("%s\n“teahouse-cli --help” tells what can be said.\n"), error->message);
      return TEA_EXIT_USAGE;
    }

  switch (options.command)
    {
    case COMMAND_SERVERS:
      return (int) tea_servers_print (options.json);

    case COMMAND_FORGET:
      return (int) tea_servers_forget (address);

    case COMMAND_CHAT:
    case COMMAND_SAY:
    case COMMAND_ROOMS:
    default:
      return (int) visit (&options, address);
    }
}
