/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-kind.h"
#include "tea-message-form.h"

G_BEGIN_DECLS

/**
 * TeaEvent:
 *
 * Something that happened in a room, never changed once made. A message comes as it was when the
 * server told of it: its text, and its form.
 */
typedef struct _TeaEvent TeaEvent;

/**
 * TeaEventFields: (skip)
 *
 * All that an event can have, for those who store events or send them.
 */
typedef struct _TeaEventFields TeaEventFields;

#define TEA_TYPE_EVENT (tea_event_get_type ())

GType tea_event_get_type (void);

TeaEvent *tea_event_new (TeaEventKind kind, gint64 time, const char *author, const char *text);
TeaEvent *tea_event_new_logged (guint64 seq,
                                TeaEventKind kind,
                                gint64 time,
                                const char *author,
                                const char *text,
                                const char *key,
                                guint32 stream,
                                guint32 number);
TeaEvent *tea_event_new_from_fields (const TeaEventFields *fields);
TeaEvent *tea_event_ref (TeaEvent *self);
void tea_event_unref (TeaEvent *self);

TeaEventKind tea_event_get_kind (TeaEvent *self);
gint64 tea_event_get_time (TeaEvent *self);
const char *tea_event_get_author (TeaEvent *self);
const char *tea_event_get_text (TeaEvent *self);
guint64 tea_event_get_seq (TeaEvent *self);
const char *tea_event_get_key (TeaEvent *self);
guint32 tea_event_get_stream (TeaEvent *self);
guint32 tea_event_get_number (TeaEvent *self);
guint64 tea_event_get_target (TeaEvent *self);
guint64 tea_event_get_version (TeaEvent *self);
GBytes *tea_event_get_data (TeaEvent *self);
TeaMessageForm *tea_event_get_form (TeaEvent *self);
guint8 tea_event_get_wire_kind (TeaEvent *self);
guint64 tea_event_get_check (TeaEvent *self);
const TeaEventFields *tea_event_get_fields (TeaEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaEvent, tea_event_unref)

G_END_DECLS
