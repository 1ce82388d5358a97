/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-server.h"

#include "sim-classic.h"

void
sim_server_init (
    SimServer *self, SimNetwork *network, TeaFakeHouse *kept, GRand *dice, GTimeSpan grace)
{
  *self = (SimServer){
    .network = network, .kept = kept, .dice = dice, .grace = grace, .turns_left = -1
  };
}

void
sim_server_clear (SimServer *self)
{
  if (self->runs)
    sim_server_crash (self);
}

static void
accept_cb (TeaPacketChannel *channel, gpointer user_data)
{
  SimServer *self = user_data;

  tea_secure_service_accept (self->service, channel);
}

static void
receive_cb (guint address, guint port, GBytes *datagram, gboolean up, gpointer user_data)
{
  SimServer *self = user_data;

  sim_endpoint_receive (self->endpoint, address, port, datagram);
}

static void
make_services (SimServer *self)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autoptr (TeaPassword) password
      = self->password != NULL ? tea_password_new (self->password, NULL) : NULL;

  config->idle_timeout = self->idle_timeout;
  if (password != NULL)
    config->classic = TEA_CLASSIC_OFF;

  self->service = tea_secure_service_new (self->house, self->program.clock, password);
  self->endpoint = sim_endpoint_new (self->network);
  self->classic = tea_classic_service_new (tea_house_get_hall (self->house), self->endpoint,
                                           self->program.clock, config);
  g_signal_connect_object (self->endpoint, "received", G_CALLBACK (tea_classic_service_receive),
                           self->classic, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->endpoint, "unreachable",
                           G_CALLBACK (tea_classic_service_unreachable), self->classic,
                           G_CONNECT_SWAPPED);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SimServer *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean opened = tea_house_open_finish (TEA_HOUSE (source), result, &error);

  /* Its program may have died meanwhile. */
  if (self->house != TEA_HOUSE (source))
    return;

  if (!opened)
    {
      sim_trace (self->network, "server: cannot open: %s", error->message);
      self->gave_up = TRUE;
      return;
    }

  sim_trace (self->network, "server: open");
  self->open = TRUE;
  make_services (self);
  sim_network_open (self->network, &self->program, accept_cb, receive_cb, self);
}

/* Starts the program on what is on the disk. */
void
sim_server_start (SimServer *self)
{
  g_assert (!self->runs);

  sim_trace (self->network, "server: starts");
  self->runs = TRUE;
  self->gave_up = FALSE;
  sim_program_init (&self->program, sim_network_get_time (self->network));
  sim_program_shift_clock (&self->program, self->clock_shift);
  sim_program_enter (&self->program);
  self->store = tea_fake_store_new (self->kept, self->program.clock, self->dice, &self->faults);
  tea_store_set_retention (TEA_STORE (self->store), self->max_days, self->max_records);
  self->house = tea_house_new (TEA_STORE (self->store), self->program.clock);
  tea_house_set_grace (self->house, self->grace);
  tea_house_set_makers (self->house, TEA_ROOM_MAKERS_MEMBERS);
  tea_policy_set_newcomers (tea_house_get_policy (self->house), self->newcomers);
  tea_house_open_async (self->house, NULL, opened_cb, self);
  sim_program_leave (&self->program);
}

static void
count_leak (SimServer *self, gpointer object)
{
  if (object != NULL)
    self->n_leaks++;
}

/* To those who are there, if it is open at all. */
static void
say_goodbye (SimServer *self)
{
  if (self->service != NULL)
    tea_secure_service_say_goodbye (self->service, TEA_BYE_RESTART);
  if (self->classic != NULL)
    tea_classic_service_say_goodbye (self->classic);
}

/* Frees what the program had, none of which has any effect. */
static void
bury (SimServer *self)
{
  gpointer objects[] = { self->service, self->classic, self->endpoint, self->house, self->store };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    if (objects[i] != NULL)
      g_object_add_weak_pointer (objects[i], &objects[i]);

  sim_network_close (self->network);
  if (self->endpoint != NULL)
    tea_endpoint_close (self->endpoint);
  tea_fake_store_crash (self->store);
  self->runs = FALSE;
  self->open = FALSE;
  self->turns_left = -1;

  sim_program_enter (&self->program);
  say_goodbye (self);
  tea_house_close (self->house);
  g_clear_object (&self->service);
  g_clear_object (&self->classic);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->house);
  g_clear_object (&self->store);
  sim_program_leave (&self->program);
  sim_program_settle (&self->program);
  sim_program_clear (&self->program);

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      count_leak (self, objects[i]);
      if (objects[i] != NULL)
        g_object_remove_weak_pointer (objects[i], &objects[i]);
    }
}

/* Ends the program as by SIGKILL. */
void
sim_server_crash (SimServer *self)
{
  sim_trace (self->network, "server: dies");
  bury (self);
}

/* Ends it as by SIGTERM. */
void
sim_server_stop (SimServer *self)
{
  sim_trace (self->network, "server: stops");
  sim_program_enter (&self->program);
  say_goodbye (self);
  tea_house_close (self->house);
  sim_program_leave (&self->program);
  sim_program_settle (&self->program);
  bury (self);
}

/* Lets it do what there is to do; it may die between any two turns. */
void
sim_server_settle (SimServer *self)
{
  while (self->runs && sim_program_turn (&self->program))
    if (self->turns_left >= 0 && self->turns_left-- == 0)
      sim_server_crash (self);

  if (self->gave_up)
    sim_server_crash (self);
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  tea_log_erase_finish (TEA_LOG (source), result, NULL);
}

/* Takes something out of the log of the running server. */
void
sim_server_erase (SimServer *self, guint64 seq)
{
  g_autoptr (TeaLog) log = tea_fake_store_open_log (self->store, TEA_ROOM_INFO_HALL);

  sim_program_enter (&self->program);
  tea_log_erase_async (log, seq, NULL, erased_cb, NULL);
  sim_program_leave (&self->program);
}

/* Puts the clock of its machine forward or back. */
void
sim_server_shift_clock (SimServer *self, GTimeSpan shift)
{
  if (self->runs && self->program.stopped)
    return;

  self->clock_shift += shift;
  if (self->runs)
    sim_program_shift_clock (&self->program, shift);
}
