/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"
#include "tea-quota.h"
#include "tea-room-reader.h"
#include "tea-secure-sender.h"

G_BEGIN_DECLS

#define TEA_TYPE_PULLER (tea_puller_get_type ())

G_DECLARE_FINAL_TYPE (TeaPuller, tea_puller, TEA, PULLER, GObject)

TeaPuller *tea_puller_new (TeaRoomReader *reader,
                           TeaSecureSender *sender,
                           guint16 channel,
                           TeaQuota *quota,
                           guint64 floor,
                           guint64 start);
void tea_puller_close (TeaPuller *self);

void tea_puller_pull (TeaPuller *self, const TeaRange *ranges, guint n_ranges);
void tea_puller_pull_pieces (TeaPuller *self, guint64 seq, guint32 missing);

G_END_DECLS
