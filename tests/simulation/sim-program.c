/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-program.h"

/* 2026-01-01T00:00:00Z: the day on which every simulation begins. */
#define REAL_TIME G_GINT64_CONSTANT (1767225600000000)

/* Who turns so often without any time passing does so for ever. */
#define MAX_TURNS 10000

/* All that happens to it is in memory: there is nothing to ask the kernel for. */
static int
poll_nothing (GPollFD *fds, guint n_fds, int timeout)
{
  for (guint i = 0; i < n_fds; i++)
    fds[i].revents = 0;

  return 0;
}

void
sim_program_init (SimProgram *self, gint64 time)
{
  self->context = g_main_context_new ();
  g_main_context_set_poll_func (self->context, poll_nothing);
  self->clock = tea_clock_new_manual (REAL_TIME);
  tea_clock_advance (self->clock, time);
  self->stopped = FALSE;
  self->n_turns = 0;
}

void
sim_program_clear (SimProgram *self)
{
  g_clear_object (&self->clock);
  g_clear_pointer (&self->context, g_main_context_unref);
}

/* Whatever is made or called between enter and leave belongs to the program. */
void
sim_program_enter (SimProgram *self)
{
  g_main_context_push_thread_default (self->context);
}

void
sim_program_leave (SimProgram *self)
{
  g_main_context_pop_thread_default (self->context);
}

/* Whether there was anything to do. */
gboolean
sim_program_turn (SimProgram *self)
{
  gboolean turned;

  sim_program_enter (self);
  turned = g_main_context_iteration (self->context, FALSE);
  sim_program_leave (self);
  self->n_turns += turned;

  return turned;
}

void
sim_program_settle (SimProgram *self)
{
  guint n_turns = 0;

  while (sim_program_turn (self))
    g_assert_cmpuint (n_turns++, <, MAX_TURNS);
}

gint64
sim_program_get_next_due (SimProgram *self)
{
  return self->stopped ? -1 : tea_clock_get_next_due (self->clock);
}

void
sim_program_advance (SimProgram *self, gint64 time)
{
  gint64 due = tea_clock_get_next_due (self->clock);

  if (self->stopped)
    return;
  if (due < 0 || due > time)
    {
      tea_clock_advance (self->clock, time);
      return;
    }

  sim_program_enter (self);
  tea_clock_advance (self->clock, time);
  sim_program_leave (self);
}

/* Puts the time of day forward or back on its machine. */
void
sim_program_shift_clock (SimProgram *self, GTimeSpan shift)
{
  sim_program_enter (self);
  tea_clock_sleep (self->clock, shift);
  sim_program_leave (self);
}
