/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-world.h"

#include "sim-checker.h"
#include "sim-server.h"

#define MS G_TIME_SPAN_MILLISECOND
#define SECOND G_TIME_SPAN_SECOND

/* How long somebody who vanished counts as here, and how long it may take at most until
   everybody has everything once all is well. */
#define GRACE (10 * SECOND)
#define REST_LIMIT (180 * SECOND)

const char *const sim_fault_names[SIM_N_FAULTS] = {
  [SIM_FAULT_LOSS] = "loss",
  [SIM_FAULT_DOUBLED] = "doubled",
  [SIM_FAULT_REORDERED] = "reordered",
  [SIM_FAULT_SLOW_NETWORK] = "slow network",
  [SIM_FAULT_CUT] = "cut",
  [SIM_FAULT_MOVE] = "move",
  [SIM_FAULT_CLIENT_CRASH] = "client crash",
  [SIM_FAULT_SERVER_CRASH] = "server crash",
  [SIM_FAULT_SERVER_STOP] = "server stop",
  [SIM_FAULT_SERVER_PAUSE] = "server pause",
  [SIM_FAULT_DISK_ERROR] = "disk error",
  [SIM_FAULT_SLOW_DISK] = "slow disk",
  [SIM_FAULT_LEAVING] = "leaving",
  [SIM_FAULT_LONG_MESSAGES] = "long messages",
  [SIM_FAULT_BURSTS] = "bursts",
  [SIM_FAULT_HOLES] = "holes",
};

/* One run: a server, some devices, and what happens to them. */
typedef struct
{
  GRand *dice;
  SimResult *result;
  SimNetwork *network;
  TeaFakeDisk *disk;
  SimServer server;
  SimChecker checker;
  GPtrArray *clients; /* (element-type SimClient) */

  /* What will happen next, each on the network's time; 0: nothing. */
  gint64 next_act;
  gint64 server_back;
  gint64 server_goes_on;
  gint64 disk_mended;
  gint64 client_back[8];
  gint64 link_mended[8];
} World;

static gboolean
has (World *self, SimFault fault)
{
  return (self->result->faults & (1u << fault)) != 0;
}

static gint64
pick (World *self, gint64 least, gint64 most)
{
  return g_rand_int_range (self->dice, (gint32) (least / MS), (gint32) (most / MS) + 1) * MS;
}

static gboolean
happens (World *self, double chance)
{
  return g_rand_double (self->dice) < chance;
}

static void
inject (World *self, SimFault fault)
{
  self->result->n_injected[fault]++;
}

/* How the network is when nothing is done to it. */
static void
set_weather (World *self, SimLink *link, gboolean well)
{
  link->cut_up = FALSE;
  link->cut_down = FALSE;
  link->loss_up = 0;
  link->loss_down = 0;
  link->doubled = 0;
  link->jitter = 0;
  link->delay = 1 * MS;
  if (well)
    return;

  if (has (self, SIM_FAULT_LOSS))
    {
      link->loss_up = g_rand_double (self->dice) * 0.4;
      link->loss_down = g_rand_double (self->dice) * 0.4;
      inject (self, SIM_FAULT_LOSS);
    }
  if (has (self, SIM_FAULT_DOUBLED))
    {
      link->doubled = g_rand_double (self->dice) * 0.3;
      inject (self, SIM_FAULT_DOUBLED);
    }
  if (has (self, SIM_FAULT_REORDERED))
    {
      link->jitter = pick (self, 1 * MS, 60 * MS);
      inject (self, SIM_FAULT_REORDERED);
    }
  if (has (self, SIM_FAULT_SLOW_NETWORK))
    {
      link->delay = pick (self, 10 * MS, 300 * MS);
      inject (self, SIM_FAULT_SLOW_NETWORK);
    }
}

static void
start_server (World *self)
{
  self->server_back = 0;
  self->checker.server_start = sim_network_get_time (self->network);
  sim_server_start (&self->server);
}

static void
kill_client (World *self, SimClient *client)
{
  sim_checker_bury_client (&self->checker, client);
  sim_client_crash (client);
}

/* Whatever may happen to a device. */
static void
act_on_client (World *self, SimClient *client)
{
  gint64 now = sim_network_get_time (self->network);
  double what = g_rand_double (self->dice);

  if (what < 0.06 && has (self, SIM_FAULT_CUT))
    {
      guint ways = (guint) g_rand_int_range (self->dice, 1, 4);

      client->link.cut_up = (ways & 1) != 0;
      client->link.cut_down = (ways & 2) != 0;
      self->link_mended[client->index]
          = now
            + (happens (self, 0.7) ? pick (self, 50 * MS, 6 * SECOND)
                                   : pick (self, 6 * SECOND, 25 * SECOND));
      inject (self, SIM_FAULT_CUT);
      sim_trace (self->network, "%s/%u: cut (%u)", client->name, client->index, ways);
    }
  else if (what < 0.12 && has (self, SIM_FAULT_MOVE))
    {
      client->link.address++;
      inject (self, SIM_FAULT_MOVE);
      sim_trace (self->network, "%s/%u: moves", client->name, client->index);
    }
  else if (what < 0.16 && has (self, SIM_FAULT_CLIENT_CRASH) && client->runs)
    {
      kill_client (self, client);
      self->client_back[client->index] = now + pick (self, 10 * MS, 20 * SECOND);
      inject (self, SIM_FAULT_CLIENT_CRASH);
    }
  else if (what < 0.19 && has (self, SIM_FAULT_LEAVING) && client->runs && client->asked)
    {
      sim_client_leave (client);
      self->client_back[client->index] = now + pick (self, 10 * MS, 20 * SECOND);
      inject (self, SIM_FAULT_LEAVING);
    }
  else if (what < 0.22)
    {
      set_weather (self, &client->link, FALSE);
    }
  else if (what < 0.25)
    {
      sim_client_load_older (client);
    }
  else if (what < 0.32 && has (self, SIM_FAULT_LONG_MESSAGES))
    {
      sim_client_say (client, (gsize) g_rand_int_range (self->dice, 700, 16000));
      inject (self, SIM_FAULT_LONG_MESSAGES);
    }
  else if (what < 0.36 && has (self, SIM_FAULT_BURSTS))
    {
      for (int i = g_rand_int_range (self->dice, 2, 15); i > 0; i--)
        sim_client_say (client, 0);
      inject (self, SIM_FAULT_BURSTS);
    }
  else
    {
      sim_client_say (client, (gsize) g_rand_int_range (self->dice, 0, 100));
    }
}

/* Whatever may happen to the server. */
static void
act_on_server (World *self)
{
  gint64 now = sim_network_get_time (self->network);
  double what = g_rand_double (self->dice);

  if (what < 0.35 && has (self, SIM_FAULT_SERVER_CRASH) && self->server.runs)
    {
      self->server.turns_left = g_rand_int_range (self->dice, 0, 40);
      inject (self, SIM_FAULT_SERVER_CRASH);
    }
  else if (what < 0.45 && has (self, SIM_FAULT_SERVER_STOP) && self->server.open
           && !self->server.program.stopped)
    {
      sim_server_stop (&self->server);
      inject (self, SIM_FAULT_SERVER_STOP);
    }
  else if (what < 0.6 && has (self, SIM_FAULT_SERVER_PAUSE) && self->server.runs)
    {
      self->server.program.stopped = TRUE;
      self->server_goes_on = now + pick (self, 50 * MS, 8 * SECOND);
      inject (self, SIM_FAULT_SERVER_PAUSE);
    }
  else if (what < 0.8 && has (self, SIM_FAULT_DISK_ERROR))
    {
      double bad = g_rand_double (self->dice);

      self->server.faults.unavailable = happens (self, 0.5) ? bad : 0;
      self->server.faults.unknown_stored = happens (self, 0.5) ? bad : 0;
      self->server.faults.unknown_lost = happens (self, 0.5) ? bad : 0;
      self->server.faults.repeat = happens (self, 0.5) ? bad : 0;
      self->server.faults.behind = happens (self, 0.5) ? bad : 0;
      self->server.faults.busy = happens (self, 0.5) ? bad : 0;
      self->disk_mended = now + pick (self, 50 * MS, 5 * SECOND);
      inject (self, SIM_FAULT_DISK_ERROR);
    }
  else if (has (self, SIM_FAULT_SLOW_DISK))
    {
      self->server.faults.max_delay = pick (self, 10 * MS, 2 * SECOND);
      self->disk_mended = now + pick (self, 50 * MS, 5 * SECOND);
      inject (self, SIM_FAULT_SLOW_DISK);
    }
}

static void
mend_disk (World *self)
{
  self->disk_mended = 0;
  self->server.faults.unavailable = 0;
  self->server.faults.unknown_stored = 0;
  self->server.faults.unknown_lost = 0;
  self->server.faults.repeat = 0;
  self->server.faults.behind = 0;
  self->server.faults.busy = 0;
  self->server.faults.max_delay = 2 * MS;
}

static void
go_on (World *self)
{
  self->server_goes_on = 0;
  self->server.program.stopped = FALSE;
}

static gboolean
is_due (World *self, gint64 moment)
{
  return moment != 0 && moment <= sim_network_get_time (self->network);
}

/* What the plan of the run says for now. */
static void
act (World *self)
{
  gint64 now = sim_network_get_time (self->network);

  if (!self->server.runs && self->server_back == 0)
    self->server_back = now
                        + (happens (self, 0.8) ? pick (self, 1 * MS, 3 * SECOND)
                                               : pick (self, 3 * SECOND, 15 * SECOND));
  if (!self->server.runs)
    go_on (self);

  if (is_due (self, self->server_back))
    start_server (self);
  if (is_due (self, self->server_goes_on))
    go_on (self);
  if (is_due (self, self->disk_mended))
    mend_disk (self);

  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (is_due (self, self->link_mended[i]))
        {
          self->link_mended[i] = 0;
          set_weather (self, &client->link, FALSE);
        }
      if (is_due (self, self->client_back[i]))
        {
          self->client_back[i] = 0;
          if (client->runs)
            kill_client (self, client);
          sim_client_start (client);
        }
    }

  if (is_due (self, self->next_act))
    {
      self->next_act = now + pick (self, 1 * MS, 600 * MS);
      if (happens (self, 0.08))
        act_on_server (self);
      else
        act_on_client (
            self,
            self->clients->pdata[g_rand_int_range (self->dice, 0, (gint32) self->clients->len)]);
    }
}

static void
take_earlier (gint64 *next, gint64 moment)
{
  if (moment > 0 && (*next <= 0 || moment < *next))
    *next = moment;
}

static gint64
get_next_due (World *self)
{
  gint64 next = 0;

  take_earlier (&next, sim_network_get_next_due (self->network));
  take_earlier (&next, self->next_act);
  take_earlier (&next, self->server_back);
  take_earlier (&next, self->server_goes_on);
  take_earlier (&next, self->disk_mended);
  if (self->server.runs)
    take_earlier (&next, sim_program_get_next_due (&self->server.program));
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      take_earlier (&next, self->client_back[i]);
      take_earlier (&next, self->link_mended[i]);
      if (client->runs)
        take_earlier (&next, sim_program_get_next_due (&client->program));
    }

  return next;
}

static void
settle (World *self, SimProgram *program)
{
  if (program == &self->server.program)
    sim_server_settle (&self->server);
  else
    sim_program_settle (program);
  sim_checker_look_at_disk (&self->checker);
}

static void
advance_all (World *self, gint64 time)
{
  if (self->server.runs)
    {
      sim_program_advance (&self->server.program, time);
      settle (self, &self->server.program);
    }
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (!client->runs)
        continue;
      sim_program_advance (&client->program, time);
      settle (self, &client->program);
    }
}

/* Lets things happen until a moment, or until something is wrong. */
static void
run_until (World *self, gint64 end)
{
  while (self->checker.failure == NULL)
    {
      gint64 next = get_next_due (self);
      SimProgram *touched;

      if (next <= 0 || next > end)
        next = end;
      next = MAX (next, sim_network_get_time (self->network));
      sim_network_set_time (self->network, next);

      advance_all (self, next);
      act (self);
      advance_all (self, next);

      while ((touched = sim_network_deliver (self->network)) != NULL)
        settle (self, touched);

      if (next >= end)
        return;
    }
}

static void
watch_cb (TeaPacketChannel *channel, GBytes *packet, gboolean up, gpointer user_data)
{
  World *self = user_data;

  sim_checker_watch (&self->checker, channel, packet, up);
}

/* Some people with one device or two; some want a name that is somebody else's. */
static void
invite (World *self)
{
  static const char *const names[] = { "Mei", "Noor", "李雷", "Olu" };
  guint n_people = (guint) g_rand_int_range (self->dice, 2, 5);
  guint n_clients = 0;

  for (guint i = 0; i < n_people; i++)
    {
      g_autofree char *key = NULL;
      guint8 digest[TEA_FINGERPRINT_SIZE] = { 0 };
      guint n_devices = happens (self, 0.25) ? 2 : 1;
      const char *name = names[i];

      digest[0] = (guint8) (i + 1);
      key = tea_fingerprint_from_bytes (digest);
      if (i > 0 && happens (self, 0.1))
        name = names[i - 1];

      for (guint j = 0; j < n_devices; j++, n_clients++)
        {
          SimClient *client = sim_client_new (self->network, n_clients, name, key);

          set_weather (self, &client->link, FALSE);
          self->client_back[n_clients] = happens (self, 0.7) ? pick (self, 1 * MS, 500 * MS)
                                                             : pick (self, 1 * MS, 20 * SECOND);
          g_ptr_array_add (self->clients, client);
        }
    }
}

/* Everything is well from now on, and everybody who wants to be in the room comes back. */
static void
heal (World *self)
{
  gint64 now = sim_network_get_time (self->network);

  sim_trace (self->network, "all is well");
  self->next_act = 0;
  self->server.turns_left = -1;
  self->server.faults.hole = 0;
  mend_disk (self);
  go_on (self);
  if (!self->server.runs)
    start_server (self);

  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      set_weather (self, &client->link, TRUE);
      self->link_mended[i] = 0;
      if (self->client_back[i] != 0)
        self->client_back[i] = now + 1;
      if (client->runs && tea_client_get_state (client->client) == TEA_CLIENT_GIVEN_UP)
        tea_client_reconnect (client->client);
    }
}

/* People try again what could not be stored. */
static void
retry_all (World *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    if (sim_client_is_inside (self->clients->pdata[i]))
      sim_client_retry (self->clients->pdata[i]);
}

void
sim_world_run (guint32 seed, gboolean traced, SimResult *result)
{
  World self = { .dice = g_rand_new_with_seed (seed), .result = result };
  gint64 end;

  g_random_set_seed (seed);
  *result = (SimResult){ 0 };
  result->faults = g_rand_int (self.dice);
  if (happens (&self, 0.5))
    result->faults &= g_rand_int (self.dice);
  if (happens (&self, 0.3))
    result->faults |= 1u << SIM_FAULT_LOSS;

  sim_trace_begin (traced);
  self.network = sim_network_new (self.dice, watch_cb, &self);
  self.disk = tea_fake_disk_new (happens (&self, 0.2) ? 1000 : 1, self.dice);
  self.clients = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_client_free);
  sim_server_init (&self.server, self.network, self.disk, self.dice, GRACE);
  self.server.faults.max_delay = 2 * MS;
  self.server.faults.roll_lag = pick (&self, 0, 2 * SECOND);
  if (has (&self, SIM_FAULT_HOLES))
    {
      self.server.faults.hole = 0.2;
      inject (&self, SIM_FAULT_HOLES);
    }
  sim_checker_init (&self.checker, self.network, self.disk, self.clients, GRACE);

  start_server (&self);
  invite (&self);
  self.next_act = 1;
  run_until (&self, pick (&self, 5 * SECOND, 40 * SECOND));
  heal (&self);

  end = sim_network_get_time (self.network) + REST_LIMIT;
  do
    {
      retry_all (&self);
      run_until (&self, sim_network_get_time (self.network) + SECOND);
    }
  while (self.checker.failure == NULL && sim_network_get_time (self.network) < end
         && !sim_checker_is_at_rest (&self.checker));
  /* Who is gone has left by now, and everybody has heard of it. */
  run_until (&self, sim_network_get_time (self.network) + GRACE + 10 * SECOND);
  sim_checker_finish (&self.checker);

  result->time = sim_network_get_time (self.network);
  result->n_messages = g_hash_table_size (self.checker.texts);
  g_ptr_array_unref (self.clients);
  sim_server_clear (&self.server);
  if (self.server.n_leaks > 0 && self.checker.failure == NULL)
    self.checker.failure
        = g_strdup_printf ("%u objects of a server outlived it", self.server.n_leaks);
  result->failure = g_steal_pointer (&self.checker.failure);
  result->trace_sum = sim_trace_end ();
  sim_checker_clear (&self.checker);
  sim_network_free (self.network);
  tea_fake_disk_unref (self.disk);
  g_rand_free (self.dice);
}
