/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The real room, service and clients, on a network, a clock and a disk that are simulated:
 * all that happens is decided by a seed, and happens again for the same one.
 *
 *   test-simulation --seeds 2000             the seeds from 1 to 2000
 *   test-simulation --first 500 --seeds 100  those from 500 to 599
 *   test-simulation --seed 4711              that one, with all that happens
 *   test-simulation --seeds 100 --twice      each twice, to see that it goes the same way
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim-world.h"

static guint32 current_seed;

/* What is wrong may end this program: the seed has to be known all the same. */
static void
signal_cb (int number)
{
  char text[64];
  int length = g_snprintf (text, sizeof text, "# died in seed %u\n", current_seed);

  if (write (STDERR_FILENO, text, (gsize) length) < 0)
    _exit (1);
  signal (number, SIG_DFL);
  raise (number);
}

/* What a server tells its operator matters only where one looks at a run. */
static GLogWriterOutput
log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const gboolean *traced = user_data;

  if (!*traced && (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) == 0)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_standard_streams (level, fields, n_fields, NULL);
}

static gboolean
run_seed (guint32 seed, gboolean traced, gboolean twice, SimResult *total)
{
  SimResult result = { 0 };
  gboolean good;

  current_seed = seed;
  sim_world_run (seed, traced, twice, &result);
  good = result.failure == NULL;
  if (!good)
    g_print ("# seed %u: %s\n", seed, result.failure);

  if (good && twice)
    {
      SimResult again = { 0 };

      sim_world_run (seed, FALSE, TRUE, &again);
      good = again.failure == NULL && again.trace_sum == result.trace_sum;
      if (!good)
        g_print ("# seed %u does not go the same way twice\n", seed);
      g_free (again.failure);
    }

  for (guint i = 0; i < SIM_N_FAULTS; i++)
    total->n_injected[i] += result.n_injected[i];
  total->n_messages += result.n_messages;
  total->n_raced += result.n_raced;
  total->time += result.time;
  g_free (result.failure);

  return good;
}

int
main (int argc, char **argv)
{
  int n_seeds = 2000;
  gint64 first = 1;
  gint64 seed = -1;
  gboolean twice = FALSE;
  gboolean traced;
  gboolean keep_going = FALSE;
  const GOptionEntry entries[]
      = { { "seeds", 0, 0, G_OPTION_ARG_INT, &n_seeds, "How many seeds to run", "N" },
          { "first", 0, 0, G_OPTION_ARG_INT64, &first, "The first of them", "SEED" },
          { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Run one and show what happens", "SEED" },
          { "twice", 0, 0, G_OPTION_ARG_NONE, &twice, "Run each twice and compare", NULL },
          { "keep-going", 0, 0, G_OPTION_ARG_NONE, &keep_going, "Do not stop at a failure", NULL },
          { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  SimResult total = { 0 };
  gint64 begin = g_get_monotonic_time ();
  guint n_run = 0;
  guint n_bad = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  traced = seed >= 0;
  g_log_set_writer_func (log_cb, &traced, NULL);
  signal (SIGABRT, signal_cb);
  signal (SIGSEGV, signal_cb);
  signal (SIGTRAP, signal_cb);

  g_print ("TAP version 13\n1..1\n");
  if (seed >= 0)
    {
      n_run = 1;
      n_bad = !run_seed ((guint32) seed, TRUE, twice, &total);
    }
  for (gint64 i = first; seed < 0 && i < first + n_seeds && (n_bad == 0 || keep_going); i++)
    {
      n_run++;
      n_bad += !run_seed ((guint32) i, FALSE, twice, &total);
    }

  g_print ("# %u seeds, %u of them bad, in %.1f s\n", n_run, n_bad,
           (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
  g_print ("# %u messages stored in %.1f simulated hours\n", total.n_messages,
           (double) total.time / G_TIME_SPAN_HOUR);
  g_print ("# %u changes overtook what they change\n", total.n_raced);
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    g_print ("# %s: %" G_GUINT64_FORMAT "\n", sim_fault_names[i], total.n_injected[i]);
  g_print ("%s 1 - nothing is lost, doubled, reordered or stuck\n", n_bad == 0 ? "ok" : "not ok");

  return n_bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
