/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#include "tea-control-socket.h"
#include "tea-ctl-verb.h"
#include "tea-error.h"
#include "tea-log-writer.h"
#include "tea-server-config.h"
#include "tea-standard-streams.h"

#define EXIT_USAGE 2
#define EXIT_NO_SERVER 3

/* Where the service keeps what must last. */
#define SERVICE_DIR "/var/lib/teahouse"

typedef struct
{
  TeaCtlOptions given;
  gboolean show_version;
} Arguments;

static void
clear_arguments (Arguments *arguments)
{
  g_free (arguments->given.data_dir);
  g_free (arguments->given.room);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, clear_arguments)

/* A number and what it counts, seconds where it does not say. */
static gboolean
duration_cb (const char *option, const char *value, gpointer user_data, GError **error)
{
  static const struct
  {
    char unit;
    guint64 seconds;
  } units[]
      = { { '\0', 1 }, { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 } };
  TeaCtlOptions *given = &((Arguments *) user_data)->given;
  char *end = NULL;
  guint64 number = g_ascii_strtoull (value, &end, 10);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_isdigit (*value) && *end == units[i].unit && (*end == '\0' || end[1] == '\0')
        && number > 0 && number < G_MAXUINT32)
      {
        given->has_duration = TRUE;
        given->seconds = number * units[i].seconds;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no duration. It is a number and “s”, “m”, “h”, “d” or “w”: 30m."),
               value);

  return FALSE;
}

static gboolean
parse_command_line (Arguments *arguments, int *argc, char ***argv, GError **error)
{
  TeaCtlOptions *given = &arguments->given;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &given->data_dir,
      N_ ("The folder of the server (default: the user's own, or the service's)"), N_ ("FOLDER") },
    { "room", 0, 0, G_OPTION_ARG_STRING, &given->room, N_ ("In which room (default: the hall)"),
      N_ ("ROOM") },
    { "for", 0, 0, G_OPTION_ARG_CALLBACK, duration_cb,
      N_ ("For how long to ban, to mute or to drain (default: for good)"), N_ ("DURATION") },
    { "network", 0, 0, G_OPTION_ARG_NONE, &given->with_network,
      N_ ("Ban the network that they came from, too, for 7 days at most"), NULL },
    { "erase", 0, 0, G_OPTION_ARG_NONE, &given->erase,
      N_ ("Remove what they said in the room under that name, too"), NULL },
    { "closed", 0, 0, G_OPTION_ARG_NONE, &given->closed,
      N_ ("Make a room that one enters by invitation"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &given->is_json, N_ ("Answer in JSON, for programs"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &arguments->show_version, N_ ("Show the version"), NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND [ARGUMENT …]"));
  g_autoptr (GOptionGroup) group = g_option_group_new ("teahousectl", NULL, NULL, arguments, NULL);
  g_autofree char *commands = tea_ctl_verb_describe_all ();
  g_autofree char *summary
      = g_strconcat (_ ("Controls a teahoused that is running on this machine.\n\nCommands:"),
                     commands, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, g_steal_pointer (&group));
  g_option_context_set_summary (context, summary);

  return g_option_context_parse (context, argc, argv, error);
}

/* A server of one's own goes before the service of the machine. */
static char *
find_data_dir (void)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autofree char *own = tea_server_config_dup_data_dir (config);
  g_autofree char *own_socket = tea_control_socket_dup_path (own);
  g_autofree char *service_socket = tea_control_socket_dup_path (SERVICE_DIR);

  if (!g_file_test (own_socket, G_FILE_TEST_EXISTS)
      && g_file_test (service_socket, G_FILE_TEST_EXISTS))
    return g_strdup (SERVICE_DIR);

  return g_steal_pointer (&own);
}

static int
run (const TeaCtlVerb *verb, const TeaCtlOptions *options, char **words)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  answer = tea_ctl_verb_run (verb, options, words, &error);
  if (g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE))
    {
      g_printerr (_ ("%s\n“teahousectl --help” tells what can be said.\n"), error->message);
      return EXIT_USAGE;
    }
  if (answer == NULL)
    {
      g_printerr ("%s\n", error->message);
      return g_error_matches (error, TEA_ERROR, TEA_ERROR_NO_ANSWER)
                     || g_error_matches (error, TEA_ERROR, TEA_ERROR_NOT_ALLOWED)
                 ? EXIT_NO_SERVER
                 : EXIT_FAILURE;
    }

  text = tea_ctl_verb_format (verb, answer, options->is_json);
  g_print ("%s", text);
  if (fflush (stdout) != 0 || ferror (stdout) != 0)
    {
      g_printerr (_ ("The answer could not be written.\n"));
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_auto (Arguments) arguments = { 0 };
  TeaCtlOptions *options = &arguments.given;
  g_autoptr (GError) error = NULL;
  const TeaCtlVerb *verb = NULL;

  tea_standard_streams_open ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  tea_log_writer_install ();

  if (!parse_command_line (&arguments, &argc, &argv, &error))
    {
      g_printerr (_ ("%s\n“teahousectl --help” tells what can be said.\n"), error->message);
      return EXIT_USAGE;
    }

  if (arguments.show_version)
    {
      g_print ("teahousectl %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  if (options->room == NULL)
    options->room = g_strdup ("");
  if (options->data_dir == NULL)
    options->data_dir = find_data_dir ();

  if (argc < 2)
    g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", _ ("Say what to do."));
  else
    verb = tea_ctl_verb_find (argv + 1, &error);
  if (verb == NULL)
    {
      g_printerr (_ ("%s\n“teahousectl --help” tells what can be said.\n"), error->message);
      return EXIT_USAGE;
    }

  return run (verb, options, argv + 2);
}
