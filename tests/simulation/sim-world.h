/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SimFault:
 *
 * What can go wrong. A run has some of them.
 */
typedef enum
{
  SIM_FAULT_LOSS,
  SIM_FAULT_DOUBLED,
  SIM_FAULT_REORDERED,
  SIM_FAULT_SLOW_NETWORK,
  SIM_FAULT_CUT,
  SIM_FAULT_MOVE,
  SIM_FAULT_CLIENT_CRASH,
  SIM_FAULT_SERVER_CRASH,
  SIM_FAULT_SERVER_STOP,
  SIM_FAULT_SERVER_PAUSE,
  SIM_FAULT_DISK_ERROR,
  SIM_FAULT_SLOW_DISK,
  SIM_FAULT_LEAVING,
  SIM_FAULT_LONG_MESSAGES,
  SIM_FAULT_BURSTS,
  SIM_FAULT_HOLES,
  SIM_FAULT_CLASSIC,
  SIM_FAULT_SEVERAL_NAMES,
  SIM_FAULT_PASSWORD,
  SIM_FAULT_ERASING,
  SIM_FAULT_RETENTION,
  SIM_FAULT_RESTORING,
  SIM_FAULT_CLOCK,
  SIM_FAULT_CLIENT_PAUSE,
  SIM_FAULT_UNKNOWN_KIND,
  SIM_FAULT_OVERWRITING,
  SIM_N_FAULTS,
} SimFault;

extern const char *const sim_fault_names[SIM_N_FAULTS];

/**
 * SimResult:
 * @failure: (nullable): what was wrong
 * @trace_sum: the same for the same run, if it was summed up
 * @faults: which faults there were, a bit each
 * @n_injected: how often each was done
 * @n_messages: how many messages were stored
 * @n_raced: how often a change came before a form that was made before it
 * @time: how long the run took on its own clock, in µs
 */
typedef struct
{
  char *failure;
  guint64 trace_sum;
  guint faults;
  guint64 n_injected[SIM_N_FAULTS];
  guint n_messages;
  guint n_raced;
  gint64 time;
} SimResult;

void sim_world_run (guint32 seed, gboolean traced, gboolean summed, SimResult *result);

G_END_DECLS
