/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>

#include "tea-control-service.h"
#include "tea-error.h"
#include "tea-inet-address.h"
#include "tea-log-writer.h"
#if HAVE_MICROHTTPD
#include "tea-metrics-service.h"
#endif
#include "tea-operator-command.h"
#include "tea-password-prompt.h"
#include "tea-password.h"
#include "tea-server.h"
#include "tea-service-manager.h"
#include "tea-standard-streams.h"

#define EXIT_USAGE 2

/* It takes so many descriptors if it can, and fears to run out of them with less than so many. */
#define MAX_DESCRIPTORS 1024
#define MIN_DESCRIPTORS 128

typedef struct
{
  char *config_file;
  gboolean check_config;
  gboolean hash_password;
  gboolean show_version;
  char **command;      /* (nullable): what is left of the words */
  GPtrArray *settings; /* (element-type utf8): key, value, key, value … */
} Options;

static void
clear_options (Options *options)
{
  g_free (options->config_file);
  g_strfreev (options->command);
  g_ptr_array_unref (options->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, clear_options)

static gboolean
setting_cb (const char *option, const char *value, gpointer user_data, GError **error)
{
  Options *options = user_data;

  g_ptr_array_add (options->settings, g_strdup (option + strlen ("--")));
  g_ptr_array_add (options->settings, g_strdup (value));

  return TRUE;
}

static gboolean
parse_command_line (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "address", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Listen on this IP address (default: every one)"), N_ ("ADDRESS") },
    { "port", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Listen on this UDP port (default: 8888; 0 takes any free one)"), N_ ("NUMBER") },
    { "data-dir", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Keep the room, its key and its names in this folder"), N_ ("FOLDER") },
    { "password-file", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let in only who knows the password whose hash is in this file"), N_ ("FILE") },
    { "grace", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Count somebody as here for so long after their connection broke (default: 30)"),
      N_ ("SECONDS") },
    { "retain-days", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Forget what is older than so many days (default: 0, nothing)"), N_ ("DAYS") },
    { "retain-events", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Remember only so many messages, arrivals and departures (default: 0, all)"),
      N_ ("NUMBER") },
    { "name-lifetime", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Free a name that nobody has used for so many days (default: 180; 0 never)"),
      N_ ("DAYS") },
    { "idle-timeout", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Count a silent classic client as gone after so long (default: 600)"), N_ ("SECONDS") },
    { "classic", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Serve classic clients in the local network, from anywhere, or not (default: local)"),
      "local|anyone|off" },
    { "classic-accept", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("How to say yes to a classic client (default: Y)"), "Y|OK" },
    { "classic-places", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let so many classic clients be in the house (default: 1024)"), N_ ("NUMBER") },
    { "classic-joins", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let so many classic clients enter in a second (default: 20)"), N_ ("NUMBER") },
    { "classic-bytes", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Send a classic client so many bytes a second (default: 4096)"), N_ ("NUMBER") },
    { "rooms", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let operators make rooms, or everybody, or nobody (default: operators)"),
      "operators|members|off" },
    { "pairs", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let two people speak alone, or not (default: on)"), "on|off" },
    { "edit-hours", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let people edit what they said for so many hours (default: 24; 0 for ever)"),
      N_ ("HOURS") },
    { "newcomers", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let whoever is new say little for so many minutes (default: 0)"), N_ ("MINUTES") },
    { "operators", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let the owners of these keys be operators"), N_ ("KEYS") },
    { "metrics", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Tell programs on this machine how the server is, at a TCP port (default: off)"),
      N_ ("off|PORT") },
    { "log-addresses", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Log whole addresses, or only the networks around them (default: short)"), "short|full" },
    { "messages-per-second", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let nobody say more messages a second than these (default: 50; 0 no limit)"),
      N_ ("NUMBER") },
    { "bytes-per-second", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let nobody say more bytes a second than these (default: 65536; 0 no limit)"),
      N_ ("NUMBER") },
    { "max-clients", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let no more clients than these be connected (default: 8192)"), N_ ("NUMBER") },
    { "handshakes-per-second", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let so many connections begin in a second (default: 400)"), N_ ("NUMBER") },
    { "max-people", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,
      N_ ("Let no more people than these be in the house (default: 4096)"), N_ ("NUMBER") },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &options->config_file,
      N_ ("Read settings from this file; the command line goes before it"), N_ ("FILE") },
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &options->check_config,
      N_ ("Look at whether the settings are fit, and end"), NULL },
    { "hash-password", 0, 0, G_OPTION_ARG_NONE, &options->hash_password,
      N_ ("Read a password and print the line for a password file"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->show_version, N_ ("Show the version"), NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[COMMAND …]"));
  g_autoptr (GOptionGroup) group = g_option_group_new ("teahoused", NULL, NULL, options, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, g_steal_pointer (&group));
  g_option_context_set_summary (
      context, _ ("A chat room for everyone who can reach this machine.\n"
                  "When it is ready, it prints one line that says where it listens.\n\n"
                  "Commands, while the server is stopped:\n"
                  "  room list                 List the rooms\n"
                  "  room make ROOM            Make a room that everybody finds\n"
                  "  room rename ROOM NAME     Give it another name\n"
                  "  room archive ROOM         Let nobody say anything in it any more\n"
                  "  room erase ROOM           Remove it with everything in it\n"
                  "  room export ROOM FILE     Write all that was said in it to a file\n"
                  "  room import ROOM FILE     Take that over into an empty room"));
  g_option_context_set_description (
      context,
      _ ("Settings in a file go into a group [server], one “key = value” a line, under "
         "the\nnames of the options from --address to --log-addresses; the others go into a group "
         "[limits].\n\n"
         "G_MESSAGES_DEBUG=all shows every detail of what it does."));

  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    options->command = g_strdupv (*argv + 1);

  return TRUE;
}

static TeaServerConfig *
make_config (Options *options, GError **error)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();

  if (options->config_file != NULL
      && !tea_server_config_load_file (config, options->config_file, error))
    return NULL;

  for (guint i = 0; i + 1 < options->settings->len; i += 2)
    if (!tea_server_config_set (config, g_ptr_array_index (options->settings, i),
                                g_ptr_array_index (options->settings, i + 1), error))
      return NULL;

  return g_steal_pointer (&config);
}

static TeaServerConfig *
read_config_cb (gpointer user_data, GError **error)
{
  return make_config (user_data, error);
}

typedef struct
{
  TeaServer *server;
  GMainLoop *loop;
  gboolean had_terminal;
} Hangup;

/* A terminal that was closed is none any more. */
static gboolean
hangup_cb (gpointer user_data)
{
  const Hangup *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->had_terminal && !isatty (STDIN_FILENO))
    g_main_loop_quit (self->loop);
  else if (!tea_server_reload (self->server, NULL, NULL, &error))
    g_warning ("The settings stay as they are: %s", error->message);

  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

/* What nohup and the like have the program ignore, it goes on ignoring. */
static void
do_at (int number, GSourceFunc callback, gpointer user_data)
{
  struct sigaction action;

  if (sigaction (number, NULL, &action) != 0 || action.sa_handler != SIG_IGN)
    g_unix_signal_add (number, callback, user_data);
}

/* What the service manager has opened counts more than the settings, and these more than a socket
 * that it has kept since before they were changed. */
static gboolean
start (TeaServer *server, TeaServiceManager *manager, GError **error)
{
  gboolean is_kept;
  int fd;

  if (!tea_service_manager_take_socket (manager, &fd, &is_kept, error))
    return FALSE;

  if (is_kept && !tea_server_is_as_set (server, fd))
    {
      tea_service_manager_forget_socket (manager);
      close (fd);
      fd = -1;
    }

  if (fd >= 0 && !is_kept)
    g_message ("Listening where the service manager does; the settings “address” and “port” do "
               "not count");
  if (fd >= 0)
    return tea_server_start_from_fd (server, fd, error);

  if (!tea_server_start (server, error))
    return FALSE;

  tea_service_manager_keep_socket (manager, tea_server_get_fd (server));

  return TRUE;
}

typedef struct
{
  TeaServiceManager *manager;
  const char *status; /* when all is well */
  char *told;         /* (owned) */
} Standing;

static void
problem_changed_cb (TeaServer *server, GParamSpec *pspec, gpointer user_data)
{
  Standing *standing = user_data;
  g_autofree char *problem = tea_server_dup_problem (server);
  const char *status = problem != NULL ? problem : standing->status;

  if (g_strcmp0 (standing->told, status) == 0)
    return;

  tea_service_manager_notify_status (standing->manager, status);
  g_free (standing->told);
  standing->told = g_strdup (status);
}

/* Without it the server serves all the same. */
static TeaControlService *
serve_control (TeaServer *server, const char *data_dir)
{
  g_autoptr (GError) error = NULL;
  TeaControlService *service
      = tea_control_service_new (tea_server_get_control (server), data_dir, &error);

  if (service == NULL)
    g_warning ("teahousectl cannot reach the server: %s", error->message);

  return service;
}

/* Without them the server serves all the same. */
static GObject *
serve_metrics (TeaServer *server, guint16 port)
{
#if HAVE_MICROHTTPD
  g_autoptr (GError) error = NULL;
  TeaMetricsService *service
      = tea_metrics_service_new (tea_server_get_metrics (server), port, &error);

  if (service != NULL)
    g_message ("Metrics are at http://127.0.0.1:%u/metrics",
               tea_metrics_service_get_port (service));
  else
    g_warning ("There are no metrics: %s", error->message);

  return (GObject *) service;
#else
  g_warning ("There are no metrics: the server was built without libmicrohttpd");

  return NULL;
#endif
}

/* GLib ends a program that has none left: people need none, but whoever controls or watches the
 * server does. */
static void
raise_descriptors (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;

  if (limit.rlim_cur < MAX_DESCRIPTORS)
    {
      limit.rlim_cur = MIN (limit.rlim_max, MAX_DESCRIPTORS);
      if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
        g_debug ("No more descriptors: %s", g_strerror (errno));
    }
  if (limit.rlim_cur < MIN_DESCRIPTORS)
    g_warning ("Only %u files can be open: there should be %d", (guint) limit.rlim_cur,
               MIN_DESCRIPTORS);
}

static int
run (Options *options, TeaServerConfig *config)
{
  guint16 metrics_port = 0;
  gboolean has_metrics = tea_server_config_get_metrics_port (config, &metrics_port);
  g_autofree char *data_dir = tea_server_config_dup_data_dir (config);
  g_autoptr (TeaServiceManager) manager = tea_service_manager_new ();
  g_autoptr (TeaServer) server = tea_server_new (config);
  g_autoptr (TeaControlService) control = NULL;
  g_autoptr (GObject) metrics = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  g_autofree char *status = NULL;
  Hangup hangup = { server, loop, isatty (STDIN_FILENO) };
  Standing standing;

  raise_descriptors ();
  tea_server_set_config_func (server, read_config_cb, options);
  if (!start (server, manager, &error))
    {
      g_printerr ("%s\n", error->message);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        g_printerr (_ ("Another program listens there. End it, or choose another port: --port "
                       "NUMBER.\n"));
      return g_error_matches (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID) ? EXIT_USAGE
                                                                          : EXIT_FAILURE;
    }

  do_at (SIGHUP, hangup_cb, &hangup);
  do_at (SIGINT, quit_cb, loop);
  do_at (SIGTERM, quit_cb, loop);

  g_signal_connect_swapped (server, "end", G_CALLBACK (g_main_loop_quit), loop);
  control = serve_control (server, data_dir);
  if (has_metrics)
    metrics = serve_metrics (server, metrics_port);
  address = tea_inet_address_to_string (tea_server_get_address (server));
  status = g_strdup_printf ("Listening on udp://%s fingerprint %s", address,
                            tea_server_get_fingerprint (server));
  g_print ("%s\n", status);
  fflush (stdout);
  tea_service_manager_notify_ready (manager, status);

  standing = (Standing){ manager, status, g_strdup (status) };
  g_signal_connect (server, "notify::problem", G_CALLBACK (problem_changed_cb), &standing);
  g_object_notify (G_OBJECT (server), "problem");

  g_main_loop_run (loop);

  g_signal_handlers_disconnect_by_data (server, &standing);
  g_free (standing.told);
  tea_service_manager_notify_stopping (manager);
  g_message ("Closing the room");
  if (control != NULL)
    tea_control_service_stop (control);
  g_clear_object (&metrics);
  tea_server_stop (server);

  return EXIT_SUCCESS;
}

/* All but what only a start can tell, as whether the port is free. */
static int
check_config (TeaServerConfig *config)
{
  g_autoptr (TeaServerConfig) owned = config;
  g_autoptr (TeaPassword) password = NULL;
  g_autoptr (GError) error = NULL;

  if (!tea_server_config_load_password (owned, &password, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_USAGE;
    }

  g_print (_ ("The settings are fit.\n"));

  return EXIT_SUCCESS;
}

static int
hash_password (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *password = tea_password_prompt (&error);
  g_autofree char *hash = password != NULL ? tea_password_hash (password, &error) : NULL;

  if (hash == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  g_print ("%s\n", hash);
  if (fflush (stdout) != 0 || ferror (stdout) != 0)
    {
      g_printerr (_ ("The line could not be written.\n"));
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}

static int
run_command (TeaServerConfig *config, char **words)
{
  g_autoptr (TeaServerConfig) owned = config;
  g_autoptr (GError) error = NULL;

  if (tea_operator_command_run (owned, words, &error))
    return EXIT_SUCCESS;

  if (!g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  g_printerr (_ ("%s\n“teahoused --help” tells what can be said.\n"), error->message);

  return EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .settings = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GError) error = NULL;
  TeaServerConfig *config;

  tea_standard_streams_open ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Standard output is for the one line that says where the room is. */
  tea_log_writer_install ();

  if (!parse_command_line (&options, &argc, &argv, &error))
    {
      g_printerr (_ ("%s\n“teahoused --help” tells what can be said.\n"), error->message);
      return EXIT_USAGE;
    }

  if (options.show_version)
    {
      g_print ("teahoused %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  if (options.hash_password)
    return hash_password ();

  config = make_config (&options, &error);
  if (config == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_USAGE;
    }

  if (options.check_config)
    return check_config (config);

  if (options.command != NULL)
    return run_command (config, options.command);

  return run (&options, config);
}
