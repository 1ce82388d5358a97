/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TEA_STORE_LOAD_N_BOUNDS:
 *
 * How many bounds commits are sorted by.
 */
#define TEA_STORE_LOAD_N_BOUNDS 12

/**
 * TeaStoreLoad:
 * @n_waiting: how many records wait for the disk now
 * @n_commits: how many commits there were that have changed anything
 * @commit_time: how long all of them took together, in µs
 * @n_within: how many took no longer than each of tea_store_load_get_bounds(), and longer than
 *   the one before
 *
 * What the disk has had to do for a store since that was opened.
 */
typedef struct
{
  guint n_waiting;
  guint64 n_commits;
  gint64 commit_time;
  guint64 n_within[TEA_STORE_LOAD_N_BOUNDS];
} TeaStoreLoad;

const gint64 *tea_store_load_get_bounds (void);
void tea_store_load_note_commit (TeaStoreLoad *self, gint64 time);

G_END_DECLS
