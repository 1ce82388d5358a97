/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What attacks do to ordinary members: how long it takes until five have what a sixth says, 20
 * times a second; how long a newcomer takes to get in; and what it costs the server. All is in a
 * network of its own, for which one has to be root, if only in a namespace of users. To be run by
 * hand:
 *
 *   benchmark-attacks --server=.../teahoused
 *   benchmark-attacks --server=.../teahoused --seconds=10 --attack=hellos --attack=quiet
 */

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "attack.h"
#include "tea-client.h"

#define N_MEMBERS 6
#define SAY_MS 50
#define CALM_MS 1000

/* What tells Meson that a test cannot run here. */
#define SKIPPED 77

typedef struct
{
  char *server;
  char **names;
  int seconds;
  int rate;
  int nice;
  gboolean check;
  char *run;
  int port;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->server);
  g_strfreev (self->names);
  g_free (self->run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  GMainContext *context;
  char *folder;
  GSubprocess *server;
  guint16 port;
  guint n_inside;

  GPtrArray *clients;    /* (element-type TeaClient) */
  GArray *said;          /* (element-type gint64): when each message was said */
  GArray *latencies;     /* (element-type double): in ms, of all deliveries to others */
  gint64 newcomer_begun; /* in µs */
  double newcomer;       /* in ms; NAN until they are in */
} Bench;

static gboolean
run_command (const char *command)
{
  int status = 0;

  return g_spawn_command_line_sync (command, NULL, NULL, &status, NULL)
         && g_spawn_check_wait_status (status, NULL);
}

/* In which all of 10.0.0.0/8 and 2001:db8::/32 is this machine. */
static void
enter_network (void)
{
  static const char *const commands[]
      = { "ip link set lo up",
          "ip address add " ATTACK_MEMBERS "/32 dev lo",
          "ip address add " ATTACK_NEWCOMERS "/32 dev lo",
          "ip route add local 10.0.0.0/8 dev lo",
          "ip -6 route add local 2001:db8::/32 dev lo",
          "ip address add " ATTACK_SERVER_IPV6 "/128 dev lo nodad" };
  g_autofree char *path = g_strconcat (g_getenv ("PATH"), ":/usr/sbin:/sbin", NULL);

  g_setenv ("PATH", path, TRUE);
  if (unshare (CLONE_NEWNET) != 0)
    {
      g_printerr ("No network of its own: %s\n", g_strerror (errno));
      exit (SKIPPED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (!run_command (commands[i]))
      {
        g_printerr ("No such network: %s\n", commands[i]);
        exit (SKIPPED);
      }
}

/* What the server has used: its memory at most, in KiB, its processor time in s. */
static void
read_usage (Bench *self, double *memory, double *processor)
{
  const char *pid = g_subprocess_get_identifier (self->server);
  g_autofree char *status_path = g_strdup_printf ("/proc/%s/status", pid);
  g_autofree char *stat_path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *status = NULL;
  g_autofree char *stat = NULL;
  unsigned long user = 0;
  unsigned long system = 0;

  if (!g_file_get_contents (status_path, &status, NULL, NULL)
      || !g_file_get_contents (stat_path, &stat, NULL, NULL))
    g_error ("The server is gone.");

  *memory = g_ascii_strtod (strstr (status, "VmHWM:") + strlen ("VmHWM:"), NULL);
  if (sscanf (strrchr (stat, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
              &user, &system)
      != 2)
    g_error ("What is '%s'?", stat);
  *processor = (double) (user + system) / (double) sysconf (_SC_CLK_TCK);
}

static char *
read_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream) output
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);

  return g_data_input_stream_read_line (output, NULL, NULL, NULL);
}

/* On one core, if there is more than one. */
static void
start_server (Bench *self, const Options *options, const Attack *attack)
{
  g_autofree char *data_dir = g_build_filename (self->folder, "house", NULL);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  char *end;

  g_ptr_array_add (arguments, (gpointer) "taskset");
  g_ptr_array_add (arguments, (gpointer) "1");
  g_ptr_array_add (arguments, options->server);
  g_ptr_array_add (arguments, (gpointer) "--port=0");
  g_ptr_array_add (arguments, (gpointer) "--data-dir");
  g_ptr_array_add (arguments, data_dir);
  if (attack->server_option != NULL)
    g_ptr_array_add (arguments, (gpointer) attack->server_option);
  g_ptr_array_add (arguments, NULL);
  self->server
      = g_subprocess_newv ((const char *const *) arguments->pdata,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                           &error);
  if (self->server == NULL)
    g_error ("%s", error->message);

  line = read_line (self->server);
  end = line != NULL ? strstr (line, " fingerprint ") : NULL;
  if (end == NULL)
    g_error ("%s did not start.", options->server);
  *end = '\0';
  self->port = (guint16) g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
}

static GSubprocess *
start_attack (Bench *self, const Options *options, const Attack *attack)
{
  g_autofree char *run = g_strconcat ("--run=", attack->name, NULL);
  g_autofree char *port = g_strdup_printf ("--port=%u", self->port);
  g_autofree char *seconds = g_strdup_printf ("--seconds=%d", options->seconds + 2);
  g_autofree char *rate = g_strdup_printf ("--rate=%d", options->rate);
  g_autofree char *nice = g_strdup_printf ("%d", options->nice);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "nice", "-n",
                                           nice, program, run, port, seconds, rate, NULL);

  if (process == NULL)
    g_error ("%s", error->message);

  return process;
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!tea_client_join_finish (TEA_CLIENT (source), result, &error))
    g_error ("Not let in: %s", error->message);
  self->n_inside++;
}

static void
newcomer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;

  if (tea_client_join_finish (TEA_CLIENT (source), result, NULL))
    self->newcomer = (double) (g_get_monotonic_time () - self->newcomer_begun) / 1000;
}

static void
event_cb (TeaClient *client, TeaEvent *event, gpointer user_data)
{
  Bench *self = user_data;
  const char *text = tea_event_get_text (event);
  guint64 number;
  double latency;

  if (tea_event_get_kind (event) != TEA_EVENT_MESSAGE || tea_event_get_seq (event) == 0
      || !g_str_has_prefix (text, "no. "))
    return;

  number = g_ascii_strtoull (text + strlen ("no. "), NULL, 10);
  latency = (double) (g_get_monotonic_time () - g_array_index (self->said, gint64, number)) / 1000;
  g_array_append_val (self->latencies, latency);
}

static gboolean
say_cb (gpointer user_data)
{
  Bench *self = user_data;
  g_autofree char *text
      = g_strdup_printf ("no. %u and then some sixty characters of what people say.",
                         self->said->len);
  gint64 now = g_get_monotonic_time ();

  g_array_append_val (self->said, now);
  tea_client_say (self->clients->pdata[0], text, NULL);

  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
run_for (Bench *self, guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (self->context, FALSE);

  g_timeout_add (ms, end_cb, loop);
  g_main_loop_run (loop);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

static double
get_quantile (GArray *sorted, double quantile)
{
  if (sorted->len == 0)
    return NAN;

  return g_array_index (sorted, double, (guint) (quantile * (sorted->len - 1) + 0.5));
}

static TeaClient *
make_client (Bench *self, const char *name)
{
  TeaClient *client = tea_client_new ();
  g_autofree char *identity = g_build_filename (self->folder, name, NULL);
  g_autofree char *known = g_build_filename (self->folder, "known-servers", NULL);

  tea_client_set_identity_file (client, identity);
  tea_client_set_known_servers_file (client, known);

  return client;
}

static void
join (Bench *self,
      TeaClient *client,
      const char *host,
      const char *name,
      GAsyncReadyCallback callback)
{
  g_autoptr (GSocketConnectable) address = g_network_address_new (host, self->port);

  tea_client_join_async (client, G_NETWORK_ADDRESS (address), name, NULL, callback, self);
}

static void
measure (const Options *options, const Attack *attack)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-attacks-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -r %s", folder);
  Bench self = { .folder = folder, .newcomer = NAN };
  g_autoptr (GSubprocess) attacker = NULL;
  g_autoptr (TeaClient) newcomer = NULL;
  g_autoptr (GSource) speaker = NULL;
  g_autofree char *told = NULL;
  double memory, processor, processor_before;
  gint64 begin;
  guint n_wanted;

  self.context = g_main_context_default ();
  self.clients = g_ptr_array_new_with_free_func (g_object_unref);
  self.said = g_array_new (FALSE, FALSE, sizeof (gint64));
  self.latencies = g_array_new (FALSE, FALSE, sizeof (double));
  start_server (&self, options, attack);
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("member%u", i);
      TeaClient *client = make_client (&self, name);

      g_signal_connect (client, "event", G_CALLBACK (event_cb), &self);
      g_ptr_array_add (self.clients, client);
      join (&self, client, ATTACK_MEMBERS, name, joined_cb);
    }
  while (self.n_inside < N_MEMBERS)
    g_main_context_iteration (self.context, TRUE);

  attacker = start_attack (&self, options, attack);
  run_for (&self, CALM_MS);
  read_usage (&self, &memory, &processor_before);
  begin = g_get_monotonic_time ();
  speaker = g_timeout_source_new (SAY_MS);
  g_source_set_priority (speaker, G_PRIORITY_HIGH);
  g_source_set_callback (speaker, say_cb, &self, NULL);
  g_source_attach (speaker, self.context);
  run_for (&self, CALM_MS);
  newcomer = make_client (&self, "newcomer");
  self.newcomer_begun = g_get_monotonic_time ();
  join (&self, newcomer, ATTACK_NEWCOMERS, "newcomer", newcomer_cb);
  run_for (&self, (guint) options->seconds * 1000 - CALM_MS);
  g_source_destroy (speaker);
  read_usage (&self, &memory, &processor);
  processor = (processor - processor_before) / ((double) (g_get_monotonic_time () - begin) / 1e6);

  /* What is under way. */
  run_for (&self, CALM_MS);
  n_wanted = self.said->len * (N_MEMBERS - 1);
  while (options->check && (self.latencies->len < n_wanted || isnan (self.newcomer)))
    g_main_context_iteration (self.context, TRUE);
  told = read_line (attacker);

  g_array_sort (self.latencies, compare_doubles);
  g_print ("%-15s %7.1f %7.1f %8.1f %6u/%-6u %8.0f %5.0f %7.1f  %s\n", attack->name,
           get_quantile (self.latencies, 0.5), get_quantile (self.latencies, 0.99),
           get_quantile (self.latencies, 1), MIN (self.latencies->len, n_wanted * 6 / 5), n_wanted,
           self.newcomer, processor * 100, memory / 1024, told != NULL ? told : "?");

  g_ptr_array_unref (self.clients);
  g_clear_object (&newcomer);
  run_for (&self, 100);
  g_subprocess_force_exit (attacker);
  g_subprocess_force_exit (self.server);
  g_subprocess_wait (self.server, NULL, NULL);
  g_clear_object (&self.server);
  g_array_unref (self.said);
  g_array_unref (self.latencies);
  run_command (remove);
}

static const Attack *
find (const char *name)
{
  for (guint i = 0; i < n_attacks; i++)
    if (g_str_equal (attacks[i].name, name))
      return &attacks[i];

  g_error ("There is no attack %s.", name);
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .seconds = 6, .nice = 10 };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[]
      = { { "server", 0, 0, G_OPTION_ARG_FILENAME, &options.server, "The server", "FILE" },
          { "attack", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.names, "Which; all", "NAME" },
          { "seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "For how long each", "S" },
          { "rate", 0, 0, G_OPTION_ARG_INT, &options.rate, "How many datagrams a second", "N" },
          { "nice", 0, 0, G_OPTION_ARG_INT, &options.nice, "Of the attacker; 10", "N" },
          { "check", 0, 0, G_OPTION_ARG_NONE, &options.check,
            "Wait until all has come and the newcomer is in", NULL },
          { "run", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &options.run, NULL, NULL },
          { "port", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options.port, NULL, NULL },
          { NULL } };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  if (options.run != NULL)
    {
      const Attack *attack = find (options.run);

      attack->run ((guint16) options.port, options.rate > 0 ? (guint) options.rate : attack->rate,
                   options.seconds * G_TIME_SPAN_SECOND);
      return EXIT_SUCCESS;
    }

  if (options.server == NULL)
    g_error ("Needs --server.");

  enter_network ();
  g_print ("%-15s %7s %7s %8s %13s %8s %5s %7s\n", "attack", "p50/ms", "p99/ms", "max/ms",
           "arrived", "newcomer", "CPU/%", "MiB");
  for (guint i = 0; i < n_attacks; i++)
    if (options.names == NULL
        || g_strv_contains ((const char *const *) options.names, attacks[i].name))
      measure (&options, &attacks[i]);

  return EXIT_SUCCESS;
}
