/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

/**
 * TeaStandingEvents:
 *
 * The events that come again when a room is opened, of its topic and of what is pinned: which of
 * them are not there yet.
 */
typedef struct _TeaStandingEvents TeaStandingEvents;

TeaStandingEvents *tea_standing_events_new (void);
void tea_standing_events_free (TeaStandingEvents *self);

void tea_standing_events_begin (TeaStandingEvents *self);
void tea_standing_events_expect (TeaStandingEvents *self, const TeaFrameNumbers *seqs);
gboolean tea_standing_events_take_event (TeaStandingEvents *self, TeaEvent *event);
TeaEvent *tea_standing_events_take_piece (TeaStandingEvents *self, const TeaFrame *frame);
gboolean tea_standing_events_are_there (TeaStandingEvents *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaStandingEvents, tea_standing_events_free)

G_END_DECLS
