/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event-sequence.h"
#include "tea-undertaking.h"

G_BEGIN_DECLS

/**
 * TeaOlderEvents:
 *
 * What happened in a room before what was told: pages of it, when somebody asks.
 */
typedef struct _TeaOlderEvents TeaOlderEvents;

/**
 * TeaOlderEventsFuncs:
 * @changed: whether there are any may have changed
 * @send: send a frame
 *
 * What older events tell.
 */
typedef struct
{
  void (*changed) (gpointer user_data);
  TeaFrameFunc send;
} TeaOlderEventsFuncs;

TeaOlderEvents *tea_older_events_new (TeaClock *clock,
                                      TeaRoundTrip *round_trip,
                                      const TeaOlderEventsFuncs *funcs,
                                      gpointer user_data);
void tea_older_events_free (TeaOlderEvents *self);

void tea_older_events_begin (TeaOlderEvents *self, guint64 first, guint64 oldest, gboolean is_cut);
void tea_older_events_resume (TeaOlderEvents *self);
void tea_older_events_pause (TeaOlderEvents *self);
gboolean tea_older_events_exist (TeaOlderEvents *self);
void tea_older_events_give_up (TeaOlderEvents *self);
void tea_older_events_load (TeaOlderEvents *self, guint n_events, GTask *task);

void tea_older_events_take_first (TeaOlderEvents *self, guint64 first);
void tea_older_events_take_event (TeaOlderEvents *self, TeaEvent *event);
void tea_older_events_take_piece (TeaOlderEvents *self, const TeaFrame *frame);
void tea_older_events_take_empty (TeaOlderEvents *self, guint64 from, guint64 to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaOlderEvents, tea_older_events_free)

G_END_DECLS
