/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-pusher.h"
#include "tea-frame.h"
#include "tea-rations.h"
#include "tea-room.h"

G_BEGIN_DECLS

#define TEA_TYPE_PULL_QUEUE (tea_pull_queue_get_type ())

G_DECLARE_FINAL_TYPE (TeaPullQueue, tea_pull_queue, TEA, PULL_QUEUE, GObject)

TeaPullQueue *tea_pull_queue_new (TeaRoom *room, TeaSecureSender *sender, TeaRation *ration);
void tea_pull_queue_close (TeaPullQueue *self);

void tea_pull_queue_pull (TeaPullQueue *self, const TeaRange *ranges, guint n_ranges);
void tea_pull_queue_pull_pieces (TeaPullQueue *self, guint64 seq, guint32 missing);

G_END_DECLS
