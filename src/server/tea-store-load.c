/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-store-load.h"

static const gint64 bounds[TEA_STORE_LOAD_N_BOUNDS]
    = { 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000, 2000000, 5000000 };

/**
 * tea_store_load_get_bounds:
 *
 * Returns: (array fixed-size=12): by how long they took commits are sorted, in µs, rising
 */
const gint64 *
tea_store_load_get_bounds (void)
{
  return bounds;
}

/**
 * tea_store_load_note_commit:
 * @self: a load
 * @time: how long a commit took, in µs
 *
 * Counts a commit.
 */
void
tea_store_load_note_commit (TeaStoreLoad *self, gint64 time)
{
  g_return_if_fail (self != NULL);

  self->n_commits++;
  self->commit_time += time;
  for (guint i = 0; i < TEA_STORE_LOAD_N_BOUNDS; i++)
    if (time <= bounds[i])
      {
        self->n_within[i]++;
        break;
      }
}
