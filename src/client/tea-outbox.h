/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-link.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_OUTBOX (tea_outbox_get_type ())

G_DECLARE_FINAL_TYPE (TeaOutbox, tea_outbox, TEA, OUTBOX, GObject)

TeaOutbox *tea_outbox_new (TeaTimeline *timeline, TeaClock *clock);

void tea_outbox_say (TeaOutbox *self, TeaLink *link, const char *text);
guint tea_outbox_flush (TeaOutbox *self, TeaLink *link);
void tea_outbox_retry (TeaOutbox *self, TeaTimelineItem *item, TeaLink *link);
void tea_outbox_discard (TeaOutbox *self, TeaTimelineItem *item, TeaLink *link);
gboolean tea_outbox_can_discard (TeaOutbox *self, TeaTimelineItem *item);
guint tea_outbox_get_n_unsent (TeaOutbox *self);

/* For links that give numbers. */
void tea_outbox_take_delivered (TeaOutbox *self, guint32 number, guint64 seq);
void
tea_outbox_take_refused (TeaOutbox *self, guint32 number, const char *reason, gboolean is_final);
gboolean tea_outbox_take_logged (TeaOutbox *self, TeaEvent *event);
guint tea_outbox_resume (TeaOutbox *self);
void tea_outbox_take_passed (TeaOutbox *self, guint64 seq);
void tea_outbox_take_next (TeaOutbox *self, guint64 seq);

/* For links that do not. */

gboolean tea_outbox_take_refusal (TeaOutbox *self, const char *reason);
gboolean tea_outbox_take_echo (TeaOutbox *self, const char *text);
void tea_outbox_note_heard (TeaOutbox *self);
void tea_outbox_take_back (TeaOutbox *self);

G_END_DECLS
