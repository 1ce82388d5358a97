/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaHeartbeat:
 *
 * Watches over whether the other side is there: asks when it is silent, measures how long
 * answers take, and finds out when nothing comes any more.
 */
typedef struct _TeaHeartbeat TeaHeartbeat;

TeaHeartbeat *tea_heartbeat_new (TeaClock *clock,
                                 TeaRoundTrip *round_trip,
                                 TeaFrameFunc send,
                                 void (*dead) (gpointer user_data),
                                 gpointer user_data);
void tea_heartbeat_free (TeaHeartbeat *self);

void tea_heartbeat_start (TeaHeartbeat *self);
void tea_heartbeat_stop (TeaHeartbeat *self);
void tea_heartbeat_probe (TeaHeartbeat *self);
void tea_heartbeat_note_said (TeaHeartbeat *self);
void tea_heartbeat_note_heard (TeaHeartbeat *self);
void tea_heartbeat_note_doubted (TeaHeartbeat *self);
void tea_heartbeat_take_pong (TeaHeartbeat *self, guint64 token);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaHeartbeat, tea_heartbeat_free)

G_END_DECLS
