/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * SimProgram:
 * @context: (owned): what its callbacks run in
 * @clock: (owned): what it knows of time
 * @stopped: it is not given the processor, as by SIGSTOP
 * @n_turns: how often its main loop has turned
 *
 * A program that runs beside others in this process. Its main loop turns when it is told
 * to, and never again once the program is dead: what it had begun stays undone.
 */
typedef struct
{
  GMainContext *context;
  TeaClock *clock;
  gboolean stopped;
  guint64 n_turns;
} SimProgram;

void sim_program_init (SimProgram *self, gint64 time);
void sim_program_clear (SimProgram *self);

void sim_program_enter (SimProgram *self);
void sim_program_leave (SimProgram *self);
gboolean sim_program_turn (SimProgram *self);
void sim_program_settle (SimProgram *self);

gint64 sim_program_get_next_due (SimProgram *self);
void sim_program_advance (SimProgram *self, gint64 time);
void sim_program_shift_clock (SimProgram *self, GTimeSpan shift);

G_END_DECLS
