/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaEventSequence:
 *
 * Makes a row without holes of events that come in any order, or do not come: asks for
 * what is missing until it is there.
 */
typedef struct _TeaEventSequence TeaEventSequence;

/**
 * TeaEventSequenceFuncs:
 * @event: the next event
 * @gap: what follows does not go on where the last event was
 * @advanced: (nullable): more is settled than before
 * @send: send a frame
 *
 * What a sequence tells.
 */
typedef struct
{
  void (*event) (TeaEvent *event, gpointer user_data);
  void (*gap) (gpointer user_data);
  void (*advanced) (gpointer user_data);
  TeaFrameFunc send;
} TeaEventSequenceFuncs;

TeaEventSequence *tea_event_sequence_new (TeaClock *clock,
                                          TeaRoundTrip *round_trip,
                                          const TeaEventSequenceFuncs *funcs,
                                          gpointer user_data);
void tea_event_sequence_free (TeaEventSequence *self);

void tea_event_sequence_forget (TeaEventSequence *self);
void tea_event_sequence_start (TeaEventSequence *self, guint64 settled, guint64 last);
void tea_event_sequence_pause (TeaEventSequence *self);
guint64 tea_event_sequence_get_settled (TeaEventSequence *self);
gint64 tea_event_sequence_get_waiting_since (TeaEventSequence *self);
guint64 tea_event_sequence_get_check (TeaEventSequence *self);
guint64 tea_event_sequence_get_head (TeaEventSequence *self);

void tea_event_sequence_take_event (TeaEventSequence *self, TeaEvent *event);
void tea_event_sequence_take_piece (TeaEventSequence *self, const TeaFrame *frame);
void tea_event_sequence_take_empty (TeaEventSequence *self, guint64 from, guint64 to);
void tea_event_sequence_take_bounds (TeaEventSequence *self, guint64 first, guint64 head);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaEventSequence, tea_event_sequence_free)

G_END_DECLS
