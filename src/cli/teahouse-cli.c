/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>

#include "tea-console.h"
#include "tea-name.h"
#include "tea-room-address.h"

typedef struct
{
  char *name;
  gboolean classic;
  gboolean json;
  gboolean show_version;
  char **addresses;
} Options;

static void
clear_options (Options *options)
{
  g_free (options->name);
  g_strfreev (options->addresses);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, clear_options)

static gboolean
parse_command_line (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[]
      = { { "nick", 'n', 0, G_OPTION_ARG_STRING, &options->name, N_ ("Enter under this name"),
            N_ ("NAME") },
          { "classic", 0, 0, G_OPTION_ARG_NONE, &options->classic,
            N_ ("Speak the classic protocol, which is not encrypted (so far the only one)"), NULL },
          { "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
            N_ ("Print one JSON object a line: kind, author, text, time"), NULL },
          { "version", 0, 0, G_OPTION_ARG_NONE, &options->show_version, N_ ("Show the version"),
            NULL },
          { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->addresses, NULL,
            N_ ("ADDRESS[:PORT]") },
          { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (
      context, _ ("Enters a chat room. Every line of standard input is said there; what happens "
                  "there is\nprinted. The end of input, or Ctrl+C, leaves."));
  g_option_context_set_description (
      context, _ ("Exit status: 0 left normally, 2 wrong usage, 3 name refused, 4 no answer."));

  return g_option_context_parse (context, argc, argv, error);
}

static GNetworkAddress *
check_options (Options *options, GError **error)
{
  if (options->addresses == NULL || options->addresses[1] != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("Say the address of one room."));
      return NULL;
    }

  if (options->name == NULL && !isatty (STDIN_FILENO))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("Say under which name to enter: --nick NAME."));
      return NULL;
    }

  return tea_room_address_parse (options->addresses[0], error);
}

static gboolean
leave_cb (gpointer user_data)
{
  tea_console_leave (TEA_CONSOLE (user_data));

  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (GNetworkAddress) address = NULL;
  g_autoptr (TeaConsole) console = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Standard output is for what happens in the room. */
  g_log_writer_default_set_use_stderr (TRUE);

  if (!parse_command_line (&options, &argc, &argv, &error))
    {
      g_printerr (_ ("%s\n“teahouse-cli --help” tells what can be said.\n"), error->message);
      return TEA_EXIT_USAGE;
    }

  if (options.show_version)
    {
      g_print ("teahouse-cli %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  address = check_options (&options, &error);
  if (address == NULL)
    {
      g_printerr (_ ("%s\n“teahouse-cli --help” tells what can be said.\n"), error->message);
      return TEA_EXIT_USAGE;
    }

  if (options.name != NULL && !tea_name_validate (options.name, &error))
    {
      g_printerr ("%s\n", error->message);
      if (!isatty (STDIN_FILENO))
        return TEA_EXIT_REFUSED;

      /* There is somebody to ask for another. */
      g_clear_pointer (&options.name, g_free);
    }

  console = tea_console_new (address, options.name, options.json);
  g_unix_signal_add (SIGINT, leave_cb, console);
  g_unix_signal_add (SIGTERM, leave_cb, console);

  return (int) tea_console_run (console);
}
