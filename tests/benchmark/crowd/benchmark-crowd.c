/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lets a crowd into a server that runs on this machine, makes it talk, and prints what came of
 * it as a line of JSON. tests/benchmark/bench.py runs it. */

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "crowd.h"

static const CrowdProtocol *const protocols[]
    = { &crowd_teahouse, &crowd_irc,         &crowd_nats,
        &crowd_mqtt,     &crowd_floor_plain, &crowd_floor_sealed };

typedef struct
{
  int port;
  int pid;
  int n_guests;
  int n_senders;
  int in_flight;
  double rate;
  int n_messages;
  double idle;
  double settle;
  int at_once;
  int limit;
} Options;

/* Of all threads of the server, in ns. */
static double
read_processor (int pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/task", pid);
  DIR *tasks = pid > 0 ? opendir (folder) : NULL;
  const struct dirent *task;
  double sum = 0;

  if (tasks == NULL)
    return 0;
  while ((task = readdir (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, task->d_name, "schedstat", NULL);
      g_autofree char *times = NULL;

      if (task->d_name[0] != '.' && g_file_get_contents (path, &times, NULL, NULL))
        sum += g_ascii_strtod (times, NULL);
    }
  closedir (tasks);

  return sum;
}

/* How often it was woken. */
static double
read_switches (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *status = NULL;
  const char *line;

  if (pid <= 0 || !g_file_get_contents (path, &status, NULL, NULL)
      || (line = strstr (status, "\nvoluntary_ctxt_switches:")) == NULL)
    return 0;

  return g_ascii_strtod (strchr (line, '\t'), NULL);
}

/* In KiB. */
static double
read_memory (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *status = NULL;
  const char *line;

  if (pid <= 0 || !g_file_get_contents (path, &status, NULL, NULL)
      || (line = strstr (status, "VmRSS:")) == NULL)
    return 0;

  return g_ascii_strtod (line + strlen ("VmRSS:"), NULL);
}

static double
get_own_processor (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e9 + (double) now.tv_nsec;
}

static int
compare_latencies (gconstpointer a, gconstpointer b)
{
  guint32 one = *(const guint32 *) a;
  guint32 other = *(const guint32 *) b;

  return (one > other) - (one < other);
}

/* In ms. */
static double
get_quantile (GArray *latencies, double quantile)
{
  if (latencies->len == 0)
    return 0;

  return g_array_index (latencies, guint32, (guint) (quantile * (latencies->len - 1) + 0.5)) / 1e3;
}

static void
print_number (const char *name, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  printf (", \"%s\": %s", name, g_ascii_formatd (text, sizeof text, "%.6g", number));
}

static void
print_part (Crowd *crowd, const char *part, double seconds, double server, double own)
{
  const CrowdCount *count = &crowd->count;

  g_array_sort (count->latencies, compare_latencies);
  printf (", \"%s\": {\"seconds\": %.3f", part, seconds);
  print_number ("server_cpu", server / 1e9);
  print_number ("own_cpu", own / 1e9);
  print_number ("messages", (double) count->n_messages);
  print_number ("deliveries", (double) count->n_deliveries);
  print_number ("lost", (double) count->n_lost);
  print_number ("disordered", (double) count->n_disordered);
  print_number ("datagrams", (double) count->n_datagrams);
  print_number ("bytes", (double) count->n_bytes);
  print_number ("repeats", (double) count->n_repeats);
  print_number ("pulls", (double) count->n_pulls);
  print_number ("again", (double) count->n_again);
  print_number ("p50", get_quantile (count->latencies, 0.50));
  print_number ("p99", get_quantile (count->latencies, 0.99));
  printf ("}");
}

static int
run (const Options *options, const CrowdProtocol *protocol)
{
  Crowd *crowd = crowd_new (protocol, (guint16) options->port, (guint) options->n_guests,
                            (guint) options->n_senders);
  double memory = read_memory (options->pid);
  double server = read_processor (options->pid);
  double own = get_own_processor ();
  gint64 start = g_get_monotonic_time ();
  gint64 limit = options->limit * (gint64) G_TIME_SPAN_SECOND;
  gboolean is_whole;

  printf ("{\"protocol\": \"%s\", \"guests\": %d", protocol->name, options->n_guests);
  is_whole = crowd_enter (crowd, (guint) options->at_once, limit);
  print_part (crowd, "enter", (double) (g_get_monotonic_time () - start) / 1e6,
              read_processor (options->pid) - server, get_own_processor () - own);
  if (is_whole)
    crowd_wait (crowd, (gint64) (options->settle * G_TIME_SPAN_SECOND));
  print_number ("memory_before", memory);
  print_number ("memory", read_memory (options->pid));

  if (is_whole && options->idle > 0)
    {
      double switches = read_switches (options->pid);

      crowd_begin (crowd);
      server = read_processor (options->pid);
      own = get_own_processor ();
      crowd_wait (crowd, (gint64) (options->idle * G_TIME_SPAN_SECOND));
      print_part (crowd, "idle", options->idle, read_processor (options->pid) - server,
                  get_own_processor () - own);
      print_number ("wakeups", (read_switches (options->pid) - switches) / options->idle);
    }

  if (is_whole && options->n_messages > 0)
    {
      crowd->in_flight = options->rate > 0 ? 0 : (guint) options->in_flight;
      crowd->pause = options->rate > 0 ? (gint64) (G_TIME_SPAN_SECOND / options->rate) : 0;
      crowd->most = (guint32) (options->n_messages / options->n_senders);
      crowd_begin (crowd);
      start = g_get_monotonic_time ();
      server = read_processor (options->pid);
      own = get_own_processor ();
      is_whole = crowd_talk (crowd, limit);
      print_part (crowd, "talk", (double) (g_get_monotonic_time () - start) / 1e6,
                  read_processor (options->pid) - server, get_own_processor () - own);
    }

  printf (", \"inside\": %u, \"failed\": %u, \"whole\": %s}\n", crowd->n_inside, crowd->n_failed,
          is_whole ? "true" : "false");
  crowd_free (crowd);

  return is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  Options options = {
    .n_guests = 100, .n_senders = 8, .in_flight = 16, .at_once = 32, .limit = 60, .settle = 1
  };
  g_autofree char *protocol = NULL;
  const GOptionEntry entries[] = {
    { "protocol", 0, 0, G_OPTION_ARG_STRING, &protocol, "What the server speaks", "NAME" },
    { "port", 0, 0, G_OPTION_ARG_INT, &options.port, "Where it is on 127.0.0.1", "PORT" },
    { "pid", 0, 0, G_OPTION_ARG_INT, &options.pid, "Its process, to be measured", "PID" },
    { "guests", 0, 0, G_OPTION_ARG_INT, &options.n_guests, "How many come", "N" },
    { "senders", 0, 0, G_OPTION_ARG_INT, &options.n_senders, "How many of them talk", "N" },
    { "in-flight", 0, 0, G_OPTION_ARG_INT, &options.in_flight,
      "How many messages of each are under way", "N" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &options.rate,
      "So many messages a second, of all together, instead", "N" },
    { "messages", 0, 0, G_OPTION_ARG_INT, &options.n_messages, "How many, of all together", "N" },
    { "idle", 0, 0, G_OPTION_ARG_DOUBLE, &options.idle, "How long to say nothing before", "S" },
    { "settle", 0, 0, G_OPTION_ARG_DOUBLE, &options.settle, "How long to wait after all are in",
      "S" },
    { "at-once", 0, 0, G_OPTION_ARG_INT, &options.at_once, "How many enter at a time", "N" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "How long a part may take", "S" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  struct rlimit files;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (options.n_guests < options.n_senders || options.n_senders < 2
      || options.in_flight > CROWD_MAX_IN_FLIGHT)
    g_error (
        "There are 2 senders or more, and not more than guests; at most %d messages under way.",
        CROWD_MAX_IN_FLIGHT);
  if (getrlimit (RLIMIT_NOFILE, &files) == 0)
    {
      files.rlim_cur = files.rlim_max;
      setrlimit (RLIMIT_NOFILE, &files);
    }

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (g_strcmp0 (protocols[i]->name, protocol) == 0)
      return run (&options, protocols[i]);
  g_error ("There is no protocol of that name.");
}
