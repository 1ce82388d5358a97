/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a restart of the server costs its members. They are real clients, who say something one
 * after the other; the server is a real process, is told to end, and begins anew at the same
 * socket, as under systemd. It tells how long what was said took to everybody, before and around
 * the restart, when all were back, and what got lost, came twice, or was told as somebody's coming
 * or going: there should be none. To be run by hand:
 *
 *   benchmark-restart --server=.../teahoused
 *   benchmark-restart --server=.../teahoused --members=1000 --say-ms=0
 */

#include <math.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "tea-client.h"

#define BUFFER (4 * 1024 * 1024)

/* What is said so long before the server is told to end may be under way then. */
#define BEFORE (G_TIME_SPAN_SECOND)
#define CALM_MS 3000
#define AFTER_MS 5000

typedef struct
{
  char *server;
  int members;
  int say_ms;
  int restarts;
  gboolean closed;
  gboolean check;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  const Options *options;
  char *folder;
  GSocket *socket; /* the server's */
  guint16 port;
  GSubprocess *server; /* (nullable): while there is none */

  GPtrArray *members; /* (element-type TeaClient) */
  GArray *longest;    /* (element-type double): how long something took to each, in ms */
  GArray *said;       /* (element-type gint64): when each message was said */
  GArray *n_arrived;  /* (element-type guint): at how many it has arrived */
  GArray *before;     /* (element-type double): in ms, how long it took to whom */
  GArray *around;     /* the same of what was said around a restart */
  guint n_inside;
  gboolean has_begun; /* all are there */
  guint n_moves;      /* who was told to come or go after that */
  gint64 ended;       /* when the server was told to end; 0 before */
  gint64 gone;        /* when it had ended */
  GArray *back;       /* (element-type double): in ms, when each was back */
} Bench;

static void
start_server (Bench *self)
{
  /* As systemd does it, which knows the number of the process. */
  static const char script[] = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"";
  g_autofree char *data_dir = g_build_filename (self->folder, "house", NULL);
  g_autofree char *port = g_strdup_printf ("--port=%u", self->port);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  if (self->socket != NULL)
    {
      g_subprocess_launcher_take_fd (launcher, dup (g_socket_get_fd (self->socket)), 3);
      self->server = g_subprocess_launcher_spawn (launcher, &error, "sh", "-c", script,
                                                  self->options->server, "--classic=off",
                                                  "--data-dir", data_dir, NULL);
    }
  else
    self->server
        = g_subprocess_launcher_spawn (launcher, &error, self->options->server, "--classic=off",
                                       "--address=127.0.0.1", port, "--data-dir", data_dir, NULL);
  if (self->server == NULL)
    g_error ("%s", error->message);
}

static void
bind_socket (Bench *self)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  if (self->socket == NULL || !g_socket_bind (self->socket, any, FALSE, &error))
    g_error ("%s", error->message);

  g_socket_set_option (self->socket, SOL_SOCKET, SO_RCVBUF, BUFFER, NULL);
  g_socket_set_option (self->socket, SOL_SOCKET, SO_SNDBUF, BUFFER, NULL);
  bound = g_socket_get_local_address (self->socket, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  /* Where it is not to be kept, the server opens one there. */
  if (self->options->closed)
    g_clear_object (&self->socket);
}

static void
event_cb (TeaClient *client, TeaEvent *event, gpointer user_data)
{
  Bench *self = user_data;
  const char *text = tea_event_get_text (event);
  gint64 now = g_get_monotonic_time ();
  guint member = 0;
  guint64 number;
  gint64 said;
  double latency;

  if (tea_event_get_kind (event) == TEA_EVENT_JOINED
      || tea_event_get_kind (event) == TEA_EVENT_LEFT)
    self->n_moves += self->has_begun ? 1 : 0;
  if (tea_event_get_kind (event) != TEA_EVENT_MESSAGE || tea_event_get_seq (event) == 0
      || !g_str_has_prefix (text, "no. "))
    return;

  g_ptr_array_find (self->members, client, &member);
  number = g_ascii_strtoull (text + strlen ("no. "), NULL, 10);
  said = g_array_index (self->said, gint64, number);
  latency = (double) (now - said) / 1000;
  g_array_index (self->n_arrived, guint, number)++;
  if (self->ended != 0 && said >= self->ended - BEFORE)
    {
      g_array_append_val (self->around, latency);
      g_array_index (self->longest, double, member)
          = MAX (g_array_index (self->longest, double, member), latency);
    }
  else
    g_array_append_val (self->before, latency);
}

/* Each comes back once for each restart. */
static void
state_cb (TeaClient *client, GParamSpec *pspec, gpointer user_data)
{
  Bench *self = user_data;
  double back = (double) (g_get_monotonic_time () - self->ended) / 1000;

  if (self->ended != 0 && tea_client_get_state (client) == TEA_CLIENT_INSIDE)
    g_array_append_val (self->back, back);
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
join (Bench *self, guint number)
{
  g_autofree char *name = g_strdup_printf ("member%u", number);
  g_autofree char *identity = g_build_filename (self->folder, name, NULL);
  g_autofree char *known = g_build_filename (self->folder, "known-servers", NULL);
  g_autoptr (GSocketConnectable) address = g_network_address_new ("127.0.0.1", self->port);
  TeaClient *client = tea_client_new ();

  tea_client_set_history (client, 0);
  tea_client_set_identity_file (client, identity);
  tea_client_set_known_servers_file (client, known);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), self);
  g_signal_connect (client, "notify::state", G_CALLBACK (state_cb), self);
  g_ptr_array_add (self->members, client);
  tea_client_join_async (client, G_NETWORK_ADDRESS (address), name, NULL, joined_cb, self);
}

static gboolean
say_cb (gpointer user_data)
{
  Bench *self = user_data;
  guint number = self->said->len;
  g_autofree char *text
      = g_strdup_printf ("no. %u and then some sixty characters of what people say.", number);
  const gint64 now = g_get_monotonic_time ();
  const guint nobody = 0;

  g_array_append_val (self->said, now);
  g_array_append_val (self->n_arrived, nobody);
  tea_client_say (self->members->pdata[number % self->members->len], text, NULL);

  return G_SOURCE_CONTINUE;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;

  self->gone = g_get_monotonic_time ();
  g_clear_object (&self->server);
  start_server (self);
}

/* Those who are back are told so by a signal, or never knew that they were away. */
static void
restart_server (Bench *self)
{
  self->ended = g_get_monotonic_time ();
  g_subprocess_wait_async (self->server, NULL, ended_cb, self);
  g_subprocess_send_signal (self->server, SIGTERM);
}

static gboolean
end_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

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
get_quantile (GArray *values, double quantile)
{
  if (values->len == 0)
    return NAN;

  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, (guint) (quantile * (values->len - 1) + 0.5));
}

static guint
count_missing (Bench *self, guint *n_twice)
{
  guint n_others = self->members->len - 1;
  guint n_missing = 0;

  *n_twice = 0;
  for (guint i = 0; i < self->n_arrived->len; i++)
    {
      guint n = g_array_index (self->n_arrived, guint, i);

      n_missing += n_others - MIN (n, n_others);
      *n_twice += n - MIN (n, n_others);
    }

  return n_missing;
}

static void
wait_until_all_is_there (Bench *self)
{
  guint n_back = self->members->len * (guint) self->options->restarts;
  guint n_twice;

  for (guint i = 0; i < 300 && (count_missing (self, &n_twice) > 0 || self->back->len < n_back);
       i++)
    run_for (100);
}

/* Returns whether nothing was noticed but a wait. */
static gboolean
measure (const Options *options)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-restart-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -r %s", folder);
  Bench self = { .options = options, .folder = folder };
  guint speaker = 0;
  guint n_missing;
  guint n_twice = 0;

  self.members = g_ptr_array_new_with_free_func (g_object_unref);
  self.longest = g_array_new (FALSE, TRUE, sizeof (double));
  self.said = g_array_new (FALSE, FALSE, sizeof (gint64));
  self.n_arrived = g_array_new (FALSE, FALSE, sizeof (guint));
  self.before = g_array_new (FALSE, FALSE, sizeof (double));
  self.around = g_array_new (FALSE, FALSE, sizeof (double));
  self.back = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_set_size (self.longest, (guint) options->members);
  bind_socket (&self);
  start_server (&self);
  /* Who comes too early is turned away by the system. */
  if (options->closed)
    run_for (CALM_MS);
  for (int i = 0; i < options->members; i++)
    join (&self, (guint) i);
  while (self.n_inside < self.members->len)
    g_main_context_iteration (NULL, TRUE);
  run_for (CALM_MS);

  self.has_begun = TRUE;
  if (options->say_ms > 0)
    speaker = g_timeout_add_full (G_PRIORITY_HIGH, (guint) options->say_ms, say_cb, &self, NULL);
  run_for (CALM_MS);
  for (int i = 0; i < options->restarts; i++)
    {
      restart_server (&self);
      run_for (AFTER_MS);
    }
  if (speaker > 0)
    g_source_remove (speaker);
  wait_until_all_is_there (&self);

  n_missing = count_missing (&self, &n_twice);
  g_print (
      "members %d, said %u; in ms: before p50 %.1f p99 %.1f; around p50 %.1f p99 %.1f "
      "longest %.1f; longest of each member p50 %.1f p99 %.1f; the server was gone for %.1f, "
      "members were back after p50 %.1f p99 %.1f, the last after %.1f; missing %u, twice %u, told to come or go %u\n",
      options->members, self.said->len, get_quantile (self.before, 0.5),
      get_quantile (self.before, 0.99), get_quantile (self.around, 0.5),
      get_quantile (self.around, 0.99), get_quantile (self.around, 1),
      get_quantile (self.longest, 0.5), get_quantile (self.longest, 0.99),
      (double) (self.gone - self.ended) / 1000, get_quantile (self.back, 0.5),
      get_quantile (self.back, 0.99), get_quantile (self.back, 1), n_missing, n_twice,
      self.n_moves);

  g_ptr_array_unref (self.members);
  run_for (100);
  g_subprocess_send_signal (self.server, SIGTERM);
  g_subprocess_wait (self.server, NULL, NULL);
  g_clear_object (&self.server);
  g_clear_object (&self.socket);
  g_array_unref (self.longest);
  g_array_unref (self.said);
  g_array_unref (self.n_arrived);
  g_array_unref (self.before);
  g_array_unref (self.around);
  g_array_unref (self.back);
  g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL);

  return n_missing == 0 && n_twice == 0 && self.n_moves == 0;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .members = 200, .say_ms = 50, .restarts = 1 };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[]
      = { { "server", 0, 0, G_OPTION_ARG_FILENAME, &options.server, "The server", "FILE" },
          { "members", 0, 0, G_OPTION_ARG_INT, &options.members, "How many; 200", "N" },
          { "say-ms", 0, 0, G_OPTION_ARG_INT, &options.say_ms,
            "How often one of them says something; 50, 0 for never", "MS" },
          { "restarts", 0, 0, G_OPTION_ARG_INT, &options.restarts, "How often; once", "N" },
          { "closed", 0, 0, G_OPTION_ARG_NONE, &options.closed, "Do not keep the socket", NULL },
          { "check", 0, 0, G_OPTION_ARG_NONE, &options.check,
            "Fail where more is noticed than a wait", NULL },
          { NULL } };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (options.server == NULL)
    g_error ("Needs --server.");

  return measure (&options) || !options.check ? EXIT_SUCCESS : EXIT_FAILURE;
}
