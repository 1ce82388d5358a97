/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-world.h"

#include "sim-checker.h"
#include "sim-crowd.h"
#include "sim-server.h"
#include "sim-tenant.h"

#include "tea-event-fields.h"
#include "tea-event-record.h"

#define REAL_TIME G_GINT64_CONSTANT (1767225600000000)
#define MS G_TIME_SPAN_MILLISECOND
#define SECOND G_TIME_SPAN_SECOND

/* How long somebody who vanished counts as here, and how long it may take at most until
   everybody has everything once all is well. */
#define GRACE (10 * SECOND)
#define REST_LIMIT (180 * SECOND)

/* A classic client asks so often who is here, and until then may not know. */
#define ROLL_CALL (65 * SECOND)

#define PASSWORD "open sesame"
#define MAX_CLIENTS 16
#define MAX_PEERS 16

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
  [SIM_FAULT_CLASSIC] = "classic members",
  [SIM_FAULT_SEVERAL_NAMES] = "several names of a key",
  [SIM_FAULT_PASSWORD] = "wrong password",
  [SIM_FAULT_ERASING] = "erased",
  [SIM_FAULT_RETENTION] = "retention",
  [SIM_FAULT_RESTORING] = "older copy restored",
  [SIM_FAULT_CLOCK] = "clock set",
  [SIM_FAULT_CLIENT_PAUSE] = "client pause",
  [SIM_FAULT_UNKNOWN_KIND] = "unknown kinds in the log",
  [SIM_FAULT_OVERWRITING] = "older copy restored in the old epoch",
};

/* One run: a server, some devices, and what happens to them. */
typedef struct
{
  GRand *dice;
  SimResult *result;
  SimNetwork *network;
  TeaFakeHouse *kept;
  TeaFakeDisk *disk; /* (unowned): the hall's log in it */
  SimServer server;
  SimChecker checker;
  GPtrArray *clients; /* (element-type SimClient) */
  GPtrArray *tenants; /* (element-type SimTenant): of those in the same place, but the last */
  SimCrowd *crowd;

  /* What will happen next, each on the network's time; 0: nothing. */
  gboolean happened; /* something of this */
  gint64 next_act;
  gint64 server_back;
  gint64 server_goes_on;
  gint64 disk_mended;
  gint64 healed; /* when all became well */
  gint64 client_back[MAX_CLIENTS];
  gint64 client_goes_on[MAX_CLIENTS];
  gint64 link_mended[MAX_CLIENTS];
  gint64 next_deed;
  gint64 peer_back[MAX_PEERS];
  TeaFakeHouse *copy; /* (owned) (nullable): what an operator has kept of that */
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
is_going_on (World *self)
{
  return self->checker.failure == NULL && !self->checker.is_over;
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
  link->cut_rooms = FALSE;
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

/* Stores something of a kind that is not known here, as a newer server may have done that was
   gone back from. */
static void
add_unknown_kind (World *self, SimLedger *ledger)
{
  g_autoptr (GBytes) author = g_bytes_new_static ("a newer program", 15);
  g_autoptr (GBytes) data = g_bytes_new_static ("\1\2\3", 3);
  g_autoptr (GBytes) record = NULL;
  g_autoptr (TeaEvent) event = NULL;
  guint64 seq = tea_fake_disk_get_head (ledger->disk) + 1;

  if (sim_ledger_get_info (ledger) == NULL || ledger->events->len == 0)
    return;

  event = tea_event_new_from_fields (&(TeaEventFields){
      .seq = seq,
      .kind = TEA_EVENT_OTHER,
      .wire_kind = (guint8) g_rand_int_range (self->dice, 100, 200),
      .time = REAL_TIME + sim_network_get_time (self->network),
      .author = "Newer",
      .text = happens (self, 0.5) ? "?" : NULL,
      .data = happens (self, 0.5) ? data : NULL,
  });
  record = tea_event_record_encode (event);
  inject (self, SIM_FAULT_UNKNOWN_KIND);
  tea_fake_disk_add (ledger->disk, seq, author, seq, 1, record);
  tea_fake_disk_set_author (ledger->disk, author, seq, seq);
}

/* Others have written on a copy that was put back, up to where the log was before. */
static void
write_past (World *self, const guint64 *heads)
{
  for (guint i = 0; i < self->checker.ledgers->len; i++)
    {
      SimLedger *ledger = self->checker.ledgers->pdata[i];

      while (sim_ledger_get_info (ledger) != NULL && ledger->events->len > 0
             && sim_ledger_get_head (ledger) < heads[i])
        add_unknown_kind (self, ledger);
    }
}

/* An operator makes a copy, and goes back to it later. */
static void
use_copy (World *self)
{
  g_autofree guint64 *heads = g_new0 (guint64, self->checker.ledgers->len);
  gboolean in_place;

  for (guint i = 0; i < self->checker.ledgers->len; i++)
    heads[i] = sim_ledger_get_head (self->checker.ledgers->pdata[i]);
  if (self->copy == NULL)
    {
      self->copy = tea_fake_house_copy (self->kept);
      sim_trace (self->network, "disk: is copied at %" G_GUINT64_FORMAT,
                 tea_fake_disk_get_head (self->disk));
      return;
    }

  for (guint i = 0; i < self->clients->len; i++)
    if (((SimClient *) self->clients->pdata[i])->runs)
      sim_checker_look_at_client (&self->checker, self->clients->pdata[i]);
  sim_trace (self->network, "disk: is set back to %" G_GUINT64_FORMAT,
             tea_fake_disk_get_head (tea_fake_house_get_disk (self->copy, TEA_ROOM_INFO_HALL)));
  in_place = has (self, SIM_FAULT_OVERWRITING) && happens (self, 0.7);
  tea_fake_house_restore (self->kept, self->copy, in_place ? NULL : self->dice);
  sim_checker_note_restored (&self->checker, in_place);
  if (in_place && happens (self, 0.5))
    write_past (self, heads);
  g_clear_pointer (&self->copy, tea_fake_house_unref);
  inject (self, in_place ? SIM_FAULT_OVERWRITING : SIM_FAULT_RESTORING);
}

static void
start_server (World *self)
{
  self->server_back = 0;
  if ((has (self, SIM_FAULT_RESTORING) || has (self, SIM_FAULT_OVERWRITING)) && happens (self, 0.4))
    use_copy (self);
  if (has (self, SIM_FAULT_UNKNOWN_KIND) && happens (self, 0.5))
    add_unknown_kind (
        self, self->checker.ledgers
                  ->pdata[g_rand_int_range (self->dice, 0, (gint32) self->checker.ledgers->len)]);
  sim_checker_note_start (&self->checker);
  sim_server_start (&self->server);
}

/* Somebody takes a message out of the hall's log, whether the server runs or not. */
static void
erase_something (World *self)
{
  GPtrArray *events = self->checker.hall->events;
  TeaEvent *event;
  guint64 seq;

  if (events->len == 0)
    return;
  event = events->pdata[g_rand_int_range (self->dice, 0, (gint32) events->len)];
  seq = tea_event_get_seq (event);
  if (tea_event_get_kind (event) != TEA_EVENT_MESSAGE || !tea_fake_disk_holds (self->disk, seq))
    return;

  inject (self, SIM_FAULT_ERASING);
  sim_trace (self->network, "disk: %" G_GUINT64_FORMAT " is erased", seq);
  sim_checker_note_erased (&self->checker, self->checker.hall, seq, self->server.runs);
  if (self->server.runs)
    sim_server_erase (&self->server, seq);
  else
    tea_fake_disk_erase (self->disk, seq);
}

/* Clocks are put right, or wrong. */
static void
shift_clock (World *self)
{
  static const GTimeSpan most[] = { SECOND, 50 * SECOND, 2 * G_TIME_SPAN_DAY };
  gint64 range = most[g_rand_int_range (self->dice, 0, G_N_ELEMENTS (most))] / MS;
  GTimeSpan shift = g_rand_int_range (self->dice, (gint32) -range, (gint32) range) * MS;
  guint who = (guint) g_rand_int_range (self->dice, 0, (gint32) self->clients->len + 1);

  inject (self, SIM_FAULT_CLOCK);
  if (who == self->clients->len)
    {
      sim_trace (self->network, "server: its clock is shifted by %.3f s", (double) shift / SECOND);
      sim_server_shift_clock (&self->server, shift);
    }
  else if (sim_client_acts (self->clients->pdata[who]))
    {
      sim_program_shift_clock (&((SimClient *) self->clients->pdata[who])->program, shift);
    }
}

static void
kill_client (World *self, SimClient *client)
{
  self->client_goes_on[client->index] = 0;
  sim_checker_bury_client (&self->checker, client);
  if (client->index < self->tenants->len)
    sim_tenant_bury (self->tenants->pdata[client->index]);
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

      client->link.cut_rooms = self->crowd->n_rooms > 0 && happens (self, 0.3);
      client->link.cut_up = !client->link.cut_rooms && (ways & 1) != 0;
      client->link.cut_down = !client->link.cut_rooms && (ways & 2) != 0;
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
  else if (what < 0.14 && has (self, SIM_FAULT_CLIENT_PAUSE) && sim_client_acts (client))
    {
      client->program.stopped = TRUE;
      self->client_goes_on[client->index] = now + pick (self, 50 * MS, 12 * SECOND);
      inject (self, SIM_FAULT_CLIENT_PAUSE);
      sim_trace (self->network, "%s/%u: sleeps", client->name, client->index);
    }
  else if (what < 0.17 && has (self, SIM_FAULT_CLIENT_CRASH) && client->runs)
    {
      kill_client (self, client);
      self->client_back[client->index] = now + pick (self, 10 * MS, 20 * SECOND);
      inject (self, SIM_FAULT_CLIENT_CRASH);
    }
  else if (what < 0.2 && has (self, SIM_FAULT_LEAVING) && sim_client_acts (client) && client->asked)
    {
      sim_client_leave (client);
      self->client_back[client->index] = now + pick (self, 10 * MS, 20 * SECOND);
      inject (self, SIM_FAULT_LEAVING);
    }
  else if (what < 0.23)
    {
      set_weather (self, &client->link, FALSE);
    }
  else if (what < 0.26)
    {
      sim_client_load_older (client);
    }
  else if (what < 0.32)
    {
      static const char *const emojis[] = { "🍵", "👍" };
      guint place = (guint) g_rand_int_range (self->dice, 0, 10);

      if (happens (self, 0.3))
        sim_client_reply (client, place);
      else
        sim_client_react (client, place, emojis[place % 2], happens (self, 0.7));
    }
  else if (what < 0.5 && client->index < self->tenants->len)
    {
      sim_tenant_act (self->tenants->pdata[client->index]);
    }
  else if (what < 0.56 && has (self, SIM_FAULT_LONG_MESSAGES))
    {
      sim_client_say (client, (gsize) g_rand_int_range (self->dice, 700,
                                                        happens (self, 0.2) ? 16000 : 3000));
      inject (self, SIM_FAULT_LONG_MESSAGES);
    }
  else if (what < 0.6 && has (self, SIM_FAULT_BURSTS))
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

/* The same to one of those with many rooms. */
static void
act_on_peer (World *self, SimPeer *peer)
{
  gint64 now = sim_network_get_time (self->network);
  double what = g_rand_double (self->dice);

  if (what < 0.02 && has (self, SIM_FAULT_CLIENT_CRASH) && peer->runs)
    {
      sim_peer_crash (peer);
      self->peer_back[peer->index] = now + pick (self, 10 * MS, 10 * SECOND);
      inject (self, SIM_FAULT_CLIENT_CRASH);
    }
  else if (what < 0.05)
    {
      set_weather (self, &peer->link, FALSE);
    }
  else if (what < 0.08 && has (self, SIM_FAULT_CUT))
    {
      /* Until the weather changes. */
      peer->link.cut_rooms = happens (self, 0.5);
      peer->link.cut_down = !peer->link.cut_rooms;
      peer->link.cut_up = peer->link.cut_down && happens (self, 0.5);
      inject (self, SIM_FAULT_CUT);
    }
  else if (what < 0.1 && has (self, SIM_FAULT_MOVE))
    {
      peer->link.address++;
      inject (self, SIM_FAULT_MOVE);
    }
  else
    {
      sim_crowd_act (self->crowd, peer);
    }
}

/* Whatever may happen to the server. */
static void
act_on_server (World *self)
{
  gint64 now = sim_network_get_time (self->network);
  double what = g_rand_double (self->dice);

  if (has (self, SIM_FAULT_ERASING))
    erase_something (self);
  if (has (self, SIM_FAULT_CLOCK) && happens (self, 0.5))
    shift_clock (self);

  if (what < 0.35 && has (self, SIM_FAULT_SERVER_CRASH) && self->server.runs)
    {
      self->server.turns_left = g_rand_int_range (self->dice, 0, 40);
      inject (self, SIM_FAULT_SERVER_CRASH);
    }
  else if (what < 0.45 && has (self, SIM_FAULT_SERVER_STOP) && self->server.open
           && !self->server.program.stopped)
    {
      self->checker.is_stopping = TRUE;
      sim_server_stop (&self->server);
      self->checker.is_stopping = FALSE;
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
  self->server.faults.busy = 0;
  self->server.faults.max_delay = 2 * MS;
}

static void
go_on (World *self)
{
  self->server_goes_on = 0;
  self->server.program.stopped = FALSE;
}

static void
wake (World *self, SimClient *client)
{
  self->client_goes_on[client->index] = 0;
  if (!client->program.stopped)
    return;

  sim_trace (self->network, "%s/%u: wakes", client->name, client->index);
  client->program.stopped = FALSE;
}

/* People do not always know it at once. */
static void
choose_password (World *self, SimClient *client)
{
  client->password = NULL;
  if (self->server.password == NULL)
    return;

  client->password = self->server.password;
  if (happens (self, 0.3))
    {
      client->password = happens (self, 0.5) ? "guess" : NULL;
      inject (self, SIM_FAULT_PASSWORD);
    }
}

/* Whether something of the plan is to happen now. */
static gboolean
is_due (World *self, gint64 moment)
{
  gboolean due = moment != 0 && moment <= sim_network_get_time (self->network);

  self->happened |= due;

  return due;
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
      if (is_due (self, self->client_goes_on[i]))
        wake (self, client);
      if (is_due (self, self->client_back[i]))
        {
          self->client_back[i] = 0;
          if (client->runs)
            kill_client (self, client);
          choose_password (self, client);
          sim_client_start (client);
        }
    }

  for (guint i = 0; i < self->crowd->peers->len; i++)
    if (is_due (self, self->peer_back[i]))
      {
        self->peer_back[i] = 0;
        sim_peer_start (self->crowd->peers->pdata[i]);
      }
  if (is_due (self, self->next_deed))
    {
      self->next_deed = now + pick (self, 1 * MS, 100 * MS);
      sim_crowd_make_rooms (self->crowd);
      act_on_peer (self,
                   self->crowd->peers
                       ->pdata[g_rand_int_range (self->dice, 0, (gint32) self->crowd->peers->len)]);
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
      take_earlier (&next, self->client_goes_on[i]);
      take_earlier (&next, self->link_mended[i]);
      if (client->runs)
        take_earlier (&next, sim_program_get_next_due (&client->program));
    }

  take_earlier (&next, self->next_deed);
  for (guint i = 0; i < self->crowd->peers->len; i++)
    {
      SimPeer *peer = self->crowd->peers->pdata[i];

      take_earlier (&next, self->peer_back[i]);
      if (peer->runs)
        take_earlier (&next, sim_program_get_next_due (&peer->program));
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
}

/* A program to which nothing happens has nothing to do before its time. */
static void
advance (World *self, SimProgram *program, gint64 time, gboolean happened)
{
  gint64 due = sim_program_get_next_due (program);

  sim_program_advance (program, time);
  if (happened || (due > 0 && due <= time))
    settle (self, program);
}

static void
advance_all (World *self, gint64 time, gboolean happened)
{
  if (self->server.runs)
    advance (self, &self->server.program, time, happened);
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (client->runs)
        advance (self, &client->program, time, happened);
    }
  for (guint i = 0; i < self->crowd->peers->len; i++)
    {
      SimPeer *peer = self->crowd->peers->pdata[i];

      if (peer->runs)
        advance (self, &peer->program, time, happened);
    }
}

/* Lets things happen until a moment, or until something is wrong. */
static void
run_until (World *self, gint64 end)
{
  advance_all (self, sim_network_get_time (self->network), TRUE);
  while (is_going_on (self))
    {
      gint64 next = get_next_due (self);
      SimProgram *touched;

      if (next <= 0 || next > end)
        next = end;
      next = MAX (next, sim_network_get_time (self->network));
      sim_network_set_time (self->network, next);

      advance_all (self, next, FALSE);
      self->happened = FALSE;
      act (self);
      if (self->happened)
        advance_all (self, next, TRUE);

      while ((touched = sim_network_deliver (self->network)) != NULL)
        settle (self, touched);
      if (sim_crowd_race (self->crowd))
        advance_all (self, next, TRUE);

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

static void
watch_datagram_cb (guint address, guint port, GBytes *datagram, gboolean up, gpointer user_data)
{
  World *self = user_data;

  sim_checker_watch_datagram (&self->checker, address, port, datagram, up);
}

static SimClient *
add_client (World *self, const char *name, const char *key)
{
  SimClient *client = sim_client_new (self->network, self->clients->len, name, key);

  g_assert_cmpuint (client->index, <, MAX_CLIENTS);
  if (happens (self, 0.5))
    client->history = (guint) g_rand_int_range (self->dice, 1, 10);
  set_weather (self, &client->link, FALSE);
  self->client_back[client->index]
      = happens (self, 0.7) ? pick (self, 1 * MS, 500 * MS) : pick (self, 1 * MS, 20 * SECOND);
  g_ptr_array_add (self->clients, client);

  return client;
}

static char *
make_key (guint8 number)
{
  const guint8 digest[TEA_FINGERPRINT_SIZE] = { number };

  return tea_fingerprint_from_bytes (digest);
}

/* Those who come without a key, now and then by the name of somebody who has one. */
static void
invite_classic (World *self, const char *const *names)
{
  static const char *const classic_names[] = { "Kai", "Zoë" };
  guint n = (guint) g_rand_int_range (self->dice, 1, 3);

  for (guint i = 0; i < n; i++)
    {
      add_client (self, happens (self, 0.2) ? names[0] : classic_names[i], NULL);
      inject (self, SIM_FAULT_CLASSIC);
    }
}

/* Some people with one device or two; some want a name that is somebody else's. */
static void
invite (World *self)
{
  static const char *const names[] = { "Mei", "Noor", "李雷", "Olu" };
  static const char *const other_names[] = { "Mei2", "Noor2", "韩梅梅", "Olu2" };
  guint n_people = (guint) g_rand_int_range (self->dice, 2, 5);

  for (guint i = 0; i < n_people; i++)
    {
      g_autofree char *key = make_key ((guint8) (i + 1));
      guint n_devices = happens (self, 0.25) ? 2 : 1;
      const char *name = names[i];

      if (i > 0 && happens (self, 0.1))
        name = names[i - 1];

      for (guint j = 0; j < n_devices; j++)
        {
          add_client (self, name, key);
          if (has (self, SIM_FAULT_SEVERAL_NAMES) && happens (self, 0.5))
            {
              name = other_names[i];
              inject (self, SIM_FAULT_SEVERAL_NAMES);
            }
        }
    }
  if (has (self, SIM_FAULT_CLASSIC))
    invite_classic (self, names);
}

/* Everything is well from now on, and everybody who wants to be in the room comes back. */
static void
heal (World *self)
{
  gint64 now = sim_network_get_time (self->network);

  sim_trace (self->network, "all is well");
  self->healed = now;
  self->checker.healed = now;
  self->next_act = 0;
  self->next_deed = 0;
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
      wake (self, client);
      /* Some stay away. */
      if (self->client_back[i] != 0)
        self->client_back[i] = happens (self, 0.7) ? now + 1 : 0;
    }

  for (guint i = 0; i < self->crowd->peers->len; i++)
    {
      SimPeer *peer = self->crowd->peers->pdata[i];

      set_weather (self, &peer->link, TRUE);
      if (self->peer_back[i] != 0)
        self->peer_back[i] = now + 1;
    }
  for (guint i = 0; i < self->checker.ledgers->len; i++)
    {
      SimLedger *ledger = self->checker.ledgers->pdata[i];

      ledger->healed = sim_ledger_get_head (ledger);
    }
  sim_crowd_open_all (self->crowd);
}

static gboolean
is_at_rest (World *self)
{
  for (guint i = 0; i < self->tenants->len; i++)
    if (!sim_tenant_is_at_rest (self->tenants->pdata[i]))
      return FALSE;

  return sim_checker_is_at_rest (&self->checker) && sim_crowd_is_at_rest (self->crowd);
}

static void
finish (World *self)
{
  if (!is_going_on (self))
    return;

  sim_checker_finish (&self->checker);
  if (is_going_on (self))
    sim_crowd_finish (self->crowd);
  for (guint i = 0; i < self->tenants->len && is_going_on (self); i++)
    sim_tenant_finish (self->tenants->pdata[i]);
}

/* People try again what could not be stored, and to get in. */
static void
retry_all (World *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (!client->runs)
        continue;
      if (sim_client_is_inside (client) && client->is_classic
          && !sim_checker_is_visiting (&self->checker, client)
          && sim_network_get_time (self->network) > self->healed + ROLL_CALL)
        {
          /* It does not know that it is outside, and cannot: its questions of who is here
             got lost, and it takes it that the server does not know them. */
          kill_client (self, client);
          sim_client_start (client);
        }
      else if (sim_client_is_inside (client))
        {
          sim_client_retry (client);
          if (i < self->tenants->len)
            sim_tenant_retry (self->tenants->pdata[i]);
        }
      else if (client->wants_in && !client->asked)
        {
          client->password = self->server.password;
          sim_client_start (client);
        }
      else
        sim_client_come_back (client);
    }
}

/* Lets time pass until everybody has everything, or it takes too long. */
static void
run_to_rest (World *self)
{
  gint64 end = sim_network_get_time (self->network) + REST_LIMIT;

  do
    {
      retry_all (self);
      run_until (self, sim_network_get_time (self->network) + SECOND);
    }
  while (is_going_on (self) && sim_network_get_time (self->network) < end && !is_at_rest (self));

  /* What keeps somebody from that now may be over when something else happens. */
  if (is_going_on (self) && !is_at_rest (self))
    finish (self);
}

static void
cut_rooms (World *self, gboolean is_cut)
{
  for (guint i = 0; i < self->crowd->peers->len; i++)
    ((SimPeer *) self->crowd->peers->pdata[i])->link.cut_rooms = is_cut;
  for (guint i = 0; i < self->clients->len; i++)
    ((SimClient *) self->clients->pdata[i])->link.cut_rooms = is_cut;
}

/* Something is said of which nobody hears, and then it is quiet: the total tells of it. */
static void
lose_last_words (World *self)
{
  cut_rooms (self, TRUE);
  sim_crowd_say_last_words (self->crowd);
  run_until (self, sim_network_get_time (self->network) + 15 * SECOND);
  cut_rooms (self, FALSE);
  run_to_rest (self);
}

/* People look at pages of what was there while others change it. */
static void
look_back (World *self)
{
  sim_crowd_look_anew (self->crowd);
  for (guint i = 0; i < self->tenants->len; i++)
    sim_tenant_look_anew (self->tenants->pdata[i]);
  run_until (self, sim_network_get_time (self->network) + 2 * SECOND);
  for (guint i = 0; i < 5; i++)
    {
      sim_crowd_look_back (self->crowd);
      for (guint j = 0; j < self->tenants->len; j++)
        sim_tenant_look_back (self->tenants->pdata[j]);
      run_until (self, sim_network_get_time (self->network) + SECOND);
    }
  run_to_rest (self);
}

/* Somebody who was never here looks at all there is. */
static void
welcome_latecomer (World *self)
{
  g_autofree char *key = make_key (100);
  SimClient *client = add_client (self, "Late", key);
  guint64 first = tea_fake_disk_get_first (self->disk);
  gint64 end = sim_network_get_time (self->network) + REST_LIMIT;

  set_weather (self, &client->link, TRUE);
  self->client_back[client->index] = 0;
  client->password = self->server.password;
  sim_client_start (client);
  run_to_rest (self);
  while (is_going_on (self) && sim_network_get_time (self->network) < end
         && sim_client_is_inside (client)
         && (client->is_loading || tea_client_get_has_older (client->client)))
    {
      sim_client_load_older (client);
      run_until (self, sim_network_get_time (self->network) + 200 * MS);
    }
  if (is_going_on (self))
    sim_checker_check_latecomer (&self->checker, client, first);
}

static void
say_last_words (World *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (sim_client_is_inside (client))
        sim_client_say (client, 0);
    }
  for (guint i = 0; i < self->tenants->len; i++)
    sim_tenant_say_last_words (self->tenants->pdata[i]);
  sim_crowd_say_last_words (self->crowd);
}

/* What the run has in it. */
static void
choose_faults (World *self)
{
  /* These change so much that they are not to be in every other run. */
  static const SimFault rare[]
      = { SIM_FAULT_PASSWORD, SIM_FAULT_RESTORING, SIM_FAULT_CLOCK, SIM_FAULT_OVERWRITING };

  self->result->faults = g_rand_int (self->dice);
  if (happens (self, 0.5))
    self->result->faults &= g_rand_int (self->dice);
  if (happens (self, 0.3))
    self->result->faults |= 1u << SIM_FAULT_LOSS;
  for (gsize i = 0; i < G_N_ELEMENTS (rare); i++)
    if (happens (self, 0.7))
      self->result->faults &= ~(1u << rare[i]);
}

static void
prepare_server (World *self)
{
  sim_server_init (&self->server, self->network, self->kept, self->dice, GRACE);
  self->server.faults.max_delay = 2 * MS;
  self->server.faults.save_lag = pick (self, 0, 2 * SECOND);
  self->server.idle_timeout = happens (self, 0.3) ? 20 : TEA_DEFAULT_IDLE_TIMEOUT;
  if (has (self, SIM_FAULT_HOLES))
    {
      self->server.faults.hole = 0.2;
      inject (self, SIM_FAULT_HOLES);
    }
  if (has (self, SIM_FAULT_PASSWORD))
    self->server.password = PASSWORD;
  if (happens (self, 0.1))
    self->server.newcomers = pick (self, 1 * SECOND, 30 * SECOND);
  if (has (self, SIM_FAULT_RETENTION))
    {
      if (happens (self, 0.7))
        self->server.max_records = (guint64) g_rand_int_range (self->dice, 1, 60);
      if (happens (self, 0.5))
        self->server.max_days = 1;
      inject (self, SIM_FAULT_RETENTION);
    }
}

/* How many rooms there are besides the hall. */
static guint
choose_size (World *self)
{
  double what = g_rand_double (self->dice);

  /* Peers know no password. */
  if (has (self, SIM_FAULT_PASSWORD) || what < 0.65)
    return 0;

  return what < 0.97 ? (guint) g_rand_int_range (self->dice, 1, 7) : 50;
}

static void
start_peers (World *self)
{
  g_assert_cmpuint (self->crowd->peers->len, <=, MAX_PEERS);
  for (guint i = 0; i < self->crowd->peers->len; i++)
    {
      SimPeer *peer = self->crowd->peers->pdata[i];

      set_weather (self, &peer->link, FALSE);
      self->peer_back[i] = pick (self, 1 * MS, 500 * MS);
      g_ptr_array_add (self->checker.guests, sim_checker_make_owner (peer->name, peer->key));
    }
  if (self->crowd->peers->len > 0)
    self->next_deed = 1;
}

/* Those with a key have other rooms open, too. */
static void
add_tenants (World *self)
{
  for (guint i = 0; i < self->clients->len && self->crowd->n_rooms > 0; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (client->is_classic)
        break;
      g_ptr_array_add (self->tenants,
                       sim_tenant_new (client, &self->checker, self->dice, self->crowd));
    }
}

static void
read_all (World *self)
{
  sim_crowd_read_all (self->crowd);
  for (guint i = 0; i < self->tenants->len; i++)
    sim_tenant_read_all (self->tenants->pdata[i]);
}

void
sim_world_run (guint32 seed, gboolean traced, gboolean summed, SimResult *result)
{
  World self = { .dice = g_rand_new_with_seed (seed), .result = result };

  g_random_set_seed (seed);
  *result = (SimResult){ 0 };
  choose_faults (&self);

  sim_trace_begin (traced, summed);
  self.network = sim_network_new (self.dice, watch_cb, watch_datagram_cb, &self);
  self.kept = tea_fake_house_new (happens (&self, 0.2) ? 1000 : 1, self.dice);
  self.disk = tea_fake_house_get_disk (self.kept, TEA_ROOM_INFO_HALL);
  self.clients = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_client_free);
  self.tenants = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_tenant_free);
  prepare_server (&self);
  sim_checker_init (&self.checker, self.network, self.kept, self.clients, GRACE);
  self.checker.password = self.server.password;
  self.checker.idle_timeout = self.server.idle_timeout * SECOND;
  self.checker.clock_jumps = has (&self, SIM_FAULT_CLOCK);

  self.crowd = sim_crowd_new (self.dice, &self.checker, choose_size (&self));

  start_server (&self);
  invite (&self);
  start_peers (&self);
  add_tenants (&self);
  self.next_act = 1;
  run_until (&self, pick (&self, 5 * SECOND, 40 * SECOND));
  heal (&self);
  run_to_rest (&self);

  /* Who is gone has left by now, and everybody has heard of it. */
  run_until (&self, sim_network_get_time (self.network) + GRACE + 20 * SECOND
                        + (has (&self, SIM_FAULT_CLASSIC) ? ROLL_CALL : 0));
  if (self.crowd->n_rooms > 0)
    {
      look_back (&self);
      lose_last_words (&self);
    }
  welcome_latecomer (&self);
  say_last_words (&self);
  run_until (&self, sim_network_get_time (self.network) + 2 * SECOND);
  run_to_rest (&self);
  read_all (&self);
  run_until (&self, sim_network_get_time (self.network) + 10 * SECOND);
  finish (&self);

  result->time = sim_network_get_time (self.network);
  result->n_raced = self.checker.n_raced;
  for (guint i = 0; i < self.checker.ledgers->len; i++)
    result->n_messages += g_hash_table_size (((SimLedger *) self.checker.ledgers->pdata[i])->texts);
  for (guint i = 0; i < self.tenants->len; i++)
    sim_tenant_bury (self.tenants->pdata[i]);
  g_ptr_array_unref (self.clients);
  g_ptr_array_unref (self.tenants);
  sim_crowd_free (self.crowd);
  sim_server_clear (&self.server);
  if (self.server.n_leaks > 0 && self.checker.failure == NULL)
    self.checker.failure
        = g_strdup_printf ("%u objects of a server outlived it", self.server.n_leaks);
  result->failure = g_steal_pointer (&self.checker.failure);
  result->trace_sum = sim_trace_end ();
  sim_checker_clear (&self.checker);
  sim_network_free (self.network);
  g_clear_pointer (&self.copy, tea_fake_house_unref);
  tea_fake_house_unref (self.kept);
  g_rand_free (self.dice);
}
