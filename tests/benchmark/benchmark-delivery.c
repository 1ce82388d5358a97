/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How long it takes from saying something until each member has it, with a real server and
 * a network that loses datagrams each way, and what that costs the server. All clients are
 * in this process; the network is tests/support/lossy-relay.c. To be run by hand:
 *
 *   benchmark-delivery --server=.../teahoused --relay=.../lossy-relay
 *   benchmark-delivery ... --members=1000 --rate=1 --seconds=10 --loss=0
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tea-client.h"

typedef struct
{
  char *server;
  char *relay;
  int n_members;
  int rate;
  int seconds;
  char **losses;
  char **commands;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->server);
  g_free (self->relay);
  g_strfreev (self->losses);
  g_strfreev (self->commands);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  const Options *options;
  GMainContext *context;
  char *folder;
  GSubprocess *server;
  guint n_inside;
  guint n_events;

  GPtrArray *clients; /* (element-type TeaClient) */
  GArray *said;       /* (element-type gint64): when each message was said */
  GArray *latencies;  /* (element-type double): in ms, of all deliveries to others */
  guint next_speaker;
} Bench;

/* What the server has used: its memory in KiB, its processor time in s. */
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

  *memory = g_ascii_strtod (strstr (status, "VmRSS:") + strlen ("VmRSS:"), NULL);
  if (sscanf (strrchr (stat, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
              &user, &system)
      != 2)
    g_error ("What is '%s'?", stat);
  *processor = (double) (user + system) / (double) sysconf (_SC_CLK_TCK);
}

/* Starts a program that prints a line with its port. */
static GSubprocess *
start (const char *const *arguments, guint16 *port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  GSubprocess *process
      = g_subprocess_newv (arguments,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error);
  char *end;

  if (process == NULL)
    g_error ("%s", error->message);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  if (line == NULL)
    g_error ("%s did not start.", arguments[0]);

  end = strstr (line, " fingerprint ");
  if (end != NULL)
    *end = '\0';
  end = strrchr (line, ':');
  *port = (guint16) g_ascii_strtoull (end != NULL ? end + 1 : line, NULL, 10);

  return process;
}

static GSubprocess *
start_relay (Bench *self, const char *loss, guint16 server, guint16 *port)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (arguments, g_strdup (self->options->relay));
  g_ptr_array_add (arguments, g_strdup_printf ("--do=loss %s %s", loss, loss));
  for (guint i = 0; self->options->commands != NULL && self->options->commands[i] != NULL; i++)
    g_ptr_array_add (arguments, g_strdup_printf ("--do=%s", self->options->commands[i]));
  g_ptr_array_add (arguments, g_strdup_printf ("%u", server));
  g_ptr_array_add (arguments, NULL);

  return start ((const char *const *) arguments->pdata, port);
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
event_cb (TeaClient *client, TeaEvent *event, gpointer user_data)
{
  Bench *self = user_data;
  guint64 number;
  double latency;

  self->n_events++;
  if (tea_event_get_kind (event) != TEA_EVENT_MESSAGE || tea_event_get_seq (event) == 0)
    return;

  number = g_ascii_strtoull (tea_event_get_text (event), NULL, 10);
  latency = (double) (g_get_monotonic_time () - g_array_index (self->said, gint64, number)) / 1000;
  g_array_append_val (self->latencies, latency);
}

static gboolean
say_cb (gpointer user_data)
{
  Bench *self = user_data;
  TeaClient *client = self->clients->pdata[self->next_speaker++ % self->clients->len];
  g_autofree char *text
      = g_strdup_printf ("%u and then some sixty characters of what people may say.",
                         self->said->len);
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_monotonic_time ();

  g_array_append_val (self->said, now);
  if (!tea_client_say (client, text, &error))
    g_error ("Cannot say: %s", error->message);

  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
run_for (Bench *self, gint64 time)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (self->context, FALSE);

  g_timeout_add ((guint) (time / G_TIME_SPAN_MILLISECOND), end_cb, loop);
  g_main_loop_run (loop);
}

/* Everyone has to hear of everyone first, which is a lot for this one process. */
static void
run_until_quiet (Bench *self)
{
  guint n_before;

  do
    {
      n_before = self->n_events;
      run_for (self, 2 * G_TIME_SPAN_SECOND);
    }
  while (self->n_events > n_before);
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

static void
add_client (Bench *self, guint number, guint16 port)
{
  g_autoptr (TeaClient) client = tea_client_new ();
  g_autoptr (GSocketConnectable) address = g_network_address_new ("127.0.0.1", port);
  g_autofree char *name = g_strdup_printf ("member%u", number);
  g_autofree char *identity = g_build_filename (self->folder, name, NULL);
  g_autofree char *known = g_build_filename (self->folder, "known-servers", NULL);

  tea_client_set_identity_file (client, identity);
  tea_client_set_known_servers_file (client, known);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), self);
  g_ptr_array_add (self->clients, g_object_ref (client));
  tea_client_join_async (client, G_NETWORK_ADDRESS (address), name, NULL, joined_cb, self);
}

static void
measure (const Options *options, const char *loss)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-benchmark-XXXXXX", NULL);
  g_autofree char *data_dir = g_build_filename (folder, "room", NULL);
  const char *server_arguments[]
      = { options->server, "--port=0", "--classic=off", "--data-dir", data_dir, NULL };
  const char *remove_arguments[] = { "rm", "-r", folder, NULL };
  Bench self = { .options = options, .folder = folder };
  g_autoptr (GSubprocess) relay = NULL;
  g_autoptr (GSource) speaker = NULL;
  double empty_memory, memory, processor, processor_before;
  guint16 server_port, relay_port;
  guint n_wanted;
  gint64 begin;

  self.context = g_main_context_default ();
  self.clients = g_ptr_array_new_with_free_func (g_object_unref);
  self.said = g_array_new (FALSE, FALSE, sizeof (gint64));
  self.latencies = g_array_new (FALSE, FALSE, sizeof (double));
  self.server = start (server_arguments, &server_port);
  relay = start_relay (&self, loss, server_port, &relay_port);
  read_usage (&self, &empty_memory, &processor_before);

  /* A few at a time: this process makes a key for each. */
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < (guint) options->n_members; i++)
    {
      add_client (&self, i, relay_port);
      while (self.n_inside + 10 < i)
        g_main_context_iteration (self.context, TRUE);
    }
  while (self.n_inside < (guint) options->n_members)
    g_main_context_iteration (self.context, TRUE);
  g_print ("# %d inside after %.1f s\n", options->n_members,
           (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
  run_until_quiet (&self);

  read_usage (&self, &memory, &processor_before);
  speaker = g_timeout_source_new ((guint) (1000 / options->rate));
  g_source_set_priority (speaker, G_PRIORITY_HIGH);
  g_source_set_callback (speaker, say_cb, &self, NULL);
  g_source_attach (speaker, self.context);
  run_for (&self, options->seconds * G_TIME_SPAN_SECOND);
  g_source_destroy (speaker);

  n_wanted = self.said->len * (self.clients->len - 1);
  begin = g_get_monotonic_time ();
  while (self.latencies->len < n_wanted
         && g_get_monotonic_time () < begin + 30 * G_TIME_SPAN_SECOND)
    run_for (&self, 10 * G_TIME_SPAN_MILLISECOND);
  read_usage (&self, &memory, &processor);

  g_array_sort (self.latencies, compare_doubles);
  g_print ("%6s %8u %8u %7.1f %7.1f %7.1f %8.1f %9.2f %9.1f\n", loss, n_wanted,
           n_wanted - self.latencies->len, get_quantile (self.latencies, 0.5),
           get_quantile (self.latencies, 0.9), get_quantile (self.latencies, 0.99),
           get_quantile (self.latencies, 1), //
           (processor - processor_before) / MAX (n_wanted, 1) * 1e6,
           (memory - empty_memory) / options->n_members);

  g_ptr_array_unref (self.clients);
  run_for (&self, 100 * G_TIME_SPAN_MILLISECOND);
  g_subprocess_force_exit (self.server);
  g_subprocess_force_exit (relay);
  g_clear_object (&self.server);
  g_array_unref (self.said);
  g_array_unref (self.latencies);
  g_spawn_sync (NULL, (char **) remove_arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                NULL, NULL);
}

int
main (int argc, char **argv)
{
  static const char *const usual[] = { "0", "0.01", "0.05", "0.1", "0.3", NULL };
  g_auto (Options) options = { .n_members = 20, .rate = 20, .seconds = 30 };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *const *losses;
  const GOptionEntry entries[]
      = { { "server", 0, 0, G_OPTION_ARG_FILENAME, &options.server, "The server", "FILE" },
          { "relay", 0, 0, G_OPTION_ARG_FILENAME, &options.relay, "The network", "FILE" },
          { "members", 0, 0, G_OPTION_ARG_INT, &options.n_members, "How many are inside", "N" },
          { "rate", 0, 0, G_OPTION_ARG_INT, &options.rate, "How many messages a second", "N" },
          { "seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "For how long", "S" },
          { "loss", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.losses, "Lost each way, of 1", "P" },
          { "do", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.commands, "For the relay", "LINE" },
          { NULL } };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (options.server == NULL || options.relay == NULL)
    g_error ("Needs --server and --relay.");

  g_print ("  loss   wanted  missing     p50     p90     p99   max/ms   CPU/us KiB/member\n");
  losses = options.losses != NULL ? (const char *const *) options.losses : usual;
  for (guint i = 0; losses[i] != NULL; i++)
    measure (&options, losses[i]);

  return EXIT_SUCCESS;
}
