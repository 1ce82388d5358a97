/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-outbox-file.h"
#include "tea-round-trip.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_OUTBOX (tea_outbox_get_type ())

G_DECLARE_FINAL_TYPE (TeaOutbox, tea_outbox, TEA, OUTBOX, GObject)

/* What gives a text to a network where nothing is acknowledged. */
typedef gboolean (*TeaClassicSayFunc) (const char *text, gpointer user_data, GError **error);

TeaOutbox *tea_outbox_new (TeaTimeline *timeline, TeaClock *clock);

void tea_outbox_say (TeaOutbox *self, const char *text, guint64 reply_to);
void tea_outbox_tell (
    TeaOutbox *self, TeaEventKind kind, guint64 target, const char *text, GBytes *data);
void tea_outbox_retry (TeaOutbox *self, TeaTimelineItem *item);
void tea_outbox_discard (TeaOutbox *self, TeaTimelineItem *item);
gboolean tea_outbox_can_discard (TeaOutbox *self, TeaTimelineItem *item);
guint tea_outbox_get_n_unsent (TeaOutbox *self);

void tea_outbox_keep (TeaOutbox *self, TeaOutboxFile *file, const char *room);
void tea_outbox_restore (TeaOutbox *self, TeaOutboxFile *file, const char *room);
void tea_outbox_give_up (TeaOutbox *self);

void tea_outbox_stop (TeaOutbox *self);
void tea_outbox_close (TeaOutbox *self);

/* Rooms that have a log. */
guint tea_outbox_open (TeaOutbox *self,
                       guint64 epoch,
                       guint32 stream,
                       guint32 stored,
                       gboolean is_member,
                       TeaRoundTrip *round_trip,
                       TeaFrameFunc send,
                       gpointer user_data);
gboolean tea_outbox_get_has_left (TeaOutbox *self);
guint32 tea_outbox_get_next_number (TeaOutbox *self);
gint64 tea_outbox_get_waiting_since (TeaOutbox *self);
void tea_outbox_take_ack (TeaOutbox *self, guint32 number, guint64 seq);
void tea_outbox_take_nack (TeaOutbox *self, guint32 number, TeaRefusal code, const char *text);
void tea_outbox_take_hold (TeaOutbox *self, guint32 number, guint32 delay);
void tea_outbox_take_pieces (TeaOutbox *self, guint32 number, guint32 received);
gboolean tea_outbox_take_logged (TeaOutbox *self, TeaEvent *event);
void tea_outbox_take_next (TeaOutbox *self, guint64 seq);
void tea_outbox_take_passed (TeaOutbox *self, guint64 seq);

/* Rooms that have none. */
guint tea_outbox_open_classic (TeaOutbox *self, TeaClassicSayFunc say_func, gpointer user_data);
gboolean tea_outbox_take_refusal (TeaOutbox *self, const char *reason);
gboolean tea_outbox_take_echo (TeaOutbox *self, const char *text);
void tea_outbox_note_heard (TeaOutbox *self);

G_END_DECLS
