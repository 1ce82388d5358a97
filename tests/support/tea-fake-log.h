/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-log.h"
#include "tea-roll-store.h"

G_BEGIN_DECLS

/**
 * TeaFakeDisk:
 *
 * What a fake log keeps, and what is there when the next one opens it.
 */
typedef struct _TeaFakeDisk TeaFakeDisk;

/**
 * TeaFakeDiskFunc:
 * @seq: a number
 * @record: what is stored under it from now on
 * @user_data: what was given with it
 *
 * Something is stored.
 */
typedef void (*TeaFakeDiskFunc) (guint64 seq, GBytes *record, gpointer user_data);

/**
 * TeaFakeFaults:
 * @busy: how often an append is answered with %TEA_LOG_ERROR_BUSY: 0 to 1, as all of these
 * @unavailable: how often with %TEA_LOG_ERROR_UNAVAILABLE
 * @unknown_stored: how often with %TEA_LOG_ERROR_UNKNOWN after it was stored
 * @unknown_lost: how often with %TEA_LOG_ERROR_UNKNOWN without that
 * @hole: how often a number is left out before a record
 * @repeat: how often the news of a record comes twice
 * @behind: how often there is too much news: [signal@Tea.Log::behind]
 * @max_delay: how long each step may take, in µs
 * @roll_lag: how much later than the appends the roll may be saved, in µs
 *
 * What a fake log does to who uses it. It may be changed at any time.
 */
typedef struct
{
  double busy;
  double unavailable;
  double unknown_stored;
  double unknown_lost;
  double hole;
  double repeat;
  double behind;
  gint64 max_delay;
  gint64 roll_lag;
} TeaFakeFaults;

TeaFakeDisk *tea_fake_disk_new (guint64 first, GRand *random);
TeaFakeDisk *tea_fake_disk_ref (TeaFakeDisk *self);
void tea_fake_disk_unref (TeaFakeDisk *self);
TeaFakeDisk *tea_fake_disk_copy (TeaFakeDisk *self);
void tea_fake_disk_restore (TeaFakeDisk *self, TeaFakeDisk *copy, GRand *random);
guint64 tea_fake_disk_get_head (TeaFakeDisk *self);
guint64 tea_fake_disk_get_first (TeaFakeDisk *self);
guint64 tea_fake_disk_get_epoch (TeaFakeDisk *self);
gboolean tea_fake_disk_holds (TeaFakeDisk *self, guint64 seq);
void tea_fake_disk_erase (TeaFakeDisk *self, guint64 seq);
GBytes *tea_fake_disk_peek_next (TeaFakeDisk *self, guint64 from, guint64 *seq);
void tea_fake_disk_watch (TeaFakeDisk *self, TeaFakeDiskFunc func, gpointer user_data);

#define TEA_TYPE_FAKE_LOG (tea_fake_log_get_type ())

G_DECLARE_FINAL_TYPE (TeaFakeLog, tea_fake_log, TEA, FAKE_LOG, GObject)

TeaFakeLog *
tea_fake_log_new (TeaFakeDisk *disk, TeaClock *clock, GRand *random, const TeaFakeFaults *faults);
void tea_fake_log_crash (TeaFakeLog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaFakeDisk, tea_fake_disk_unref)

G_END_DECLS
