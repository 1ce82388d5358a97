/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-fake-house.h"
#include "tea-log.h"

G_BEGIN_DECLS

/**
 * TeaFakeFaults:
 * @busy: how often an append is answered with %TEA_LOG_ERROR_BUSY: 0 to 1, as all of these
 * @unavailable: how often with %TEA_LOG_ERROR_UNAVAILABLE
 * @unknown_stored: how often with %TEA_LOG_ERROR_UNKNOWN after it was stored
 * @unknown_lost: how often with %TEA_LOG_ERROR_UNKNOWN without that
 * @hole: how often a number is left out before a record
 * @repeat: how often the news of a record comes twice
 * @max_delay: how long each step may take, in µs
 * @save_lag: how much later than the appends names, members and positions may be saved, in µs
 *
 * What a fake log or store does to who uses it. It may be changed at any time.
 */
typedef struct
{
  double busy;
  double unavailable;
  double unknown_stored;
  double unknown_lost;
  double hole;
  double repeat;
  gint64 max_delay;
  gint64 save_lag;
} TeaFakeFaults;

GError *tea_fake_faults_draw (const TeaFakeFaults *self, GRand *random, gboolean *is_stored);

#define TEA_TYPE_FAKE_LOG (tea_fake_log_get_type ())

G_DECLARE_FINAL_TYPE (TeaFakeLog, tea_fake_log, TEA, FAKE_LOG, GObject)

TeaFakeLog *tea_fake_log_new (
    TeaFakeHouse *house, guint32 room, TeaClock *clock, GRand *random, const TeaFakeFaults *faults);
TeaFakeLog *tea_fake_log_new_draft (TeaFakeHouse *house,
                                    const TeaRoomInfo *info,
                                    GPtrArray *members,
                                    TeaClock *clock,
                                    GRand *random,
                                    const TeaFakeFaults *faults);
guint32 tea_fake_log_get_room (TeaFakeLog *self);
gint64 tea_fake_log_get_latest_commit (TeaFakeLog *self);
void tea_fake_log_crash (TeaFakeLog *self);

G_END_DECLS
