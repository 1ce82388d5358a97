/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TEA_HEARTBEAT:
 *
 * How often a server tells everyone where its log ends, when nothing happens, in µs.
 */
#define TEA_HEARTBEAT (5 * G_TIME_SPAN_SECOND)

/**
 * TeaHeadAnnouncer:
 *
 * Knows when to tell everyone where the log ends.
 */
typedef struct _TeaHeadAnnouncer TeaHeadAnnouncer;

/**
 * TeaHeadAnnouncerFunc:
 * @is_first: whether it is the first time since the latest event
 * @is_steady: whether it is told once every %TEA_HEARTBEAT by now
 * @user_data: what was given to tea_head_announcer_new()
 *
 * Called when everyone is to be told where the log ends.
 */
typedef void (*TeaHeadAnnouncerFunc) (gboolean is_first, gboolean is_steady, gpointer user_data);

TeaHeadAnnouncer *tea_head_announcer_new (TeaClock *clock,
                                          gint64 first_interval,
                                          guint factor,
                                          TeaHeadAnnouncerFunc callback,
                                          gpointer user_data);
void tea_head_announcer_free (TeaHeadAnnouncer *self);

void tea_head_announcer_note_event (TeaHeadAnnouncer *self);
void tea_head_announcer_stop (TeaHeadAnnouncer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaHeadAnnouncer, tea_head_announcer_free)

G_END_DECLS
