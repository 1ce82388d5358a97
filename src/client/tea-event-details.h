/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-room-flags.h"

G_BEGIN_DECLS

/**
 * TeaEventDetails:
 *
 * What an event carries besides its text, by its kind. Never changed once made.
 */
typedef struct _TeaEventDetails TeaEventDetails;

#define TEA_TYPE_EVENT_DETAILS (tea_event_details_get_type ())

GType tea_event_details_get_type (void);

TeaEventDetails *tea_event_details_new (TeaEvent *event);
TeaEventDetails *tea_event_details_ref (TeaEventDetails *self);
void tea_event_details_unref (TeaEventDetails *self);

gboolean tea_event_details_get_is_set (TeaEventDetails *self);
TeaReaction *tea_event_details_get_reaction (TeaEventDetails *self);
const char *tea_event_details_get_fingerprint (TeaEventDetails *self);
const char *tea_event_details_get_name (TeaEventDetails *self);
gint64 tea_event_details_get_until (TeaEventDetails *self);
guint64 tea_event_details_get_erase (TeaEventDetails *self);
gboolean tea_event_details_get_with_network (TeaEventDetails *self);
TeaRoomRole tea_event_details_get_role (TeaEventDetails *self);
const char *tea_event_details_get_address (TeaEventDetails *self);
const char *tea_event_details_get_title (TeaEventDetails *self);
TeaRoomFlags tea_event_details_get_flags (TeaEventDetails *self);
guint tea_event_details_get_slow_mode (TeaEventDetails *self);

char *tea_event_details_describe (TeaEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaEventDetails, tea_event_details_unref)

G_END_DECLS
