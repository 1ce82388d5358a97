/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaEventFetch:
 *
 * Gets events of a room that stand anywhere in its log: asks for them until each of them is there,
 * or known to be gone.
 */
typedef struct _TeaEventFetch TeaEventFetch;

TeaEventFetch *tea_event_fetch_new (TeaClock *clock,
                                    const TeaRoundTrip *round_trip,
                                    GArray *seqs,
                                    GTask *task,
                                    TeaFrameFunc send,
                                    gpointer user_data);
void tea_event_fetch_free (TeaEventFetch *self);

void tea_event_fetch_ask (TeaEventFetch *self);
void tea_event_fetch_pause (TeaEventFetch *self);
void tea_event_fetch_give_up (TeaEventFetch *self);
gboolean tea_event_fetch_goes_on (TeaEventFetch *self);

void tea_event_fetch_take_event (TeaEventFetch *self, TeaEvent *event);
void tea_event_fetch_take_piece (TeaEventFetch *self, const TeaFrame *frame);
void tea_event_fetch_take_empty (TeaEventFetch *self, guint64 from, guint64 to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaEventFetch, tea_event_fetch_free)

G_END_DECLS
