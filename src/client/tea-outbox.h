/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-link.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_OUTBOX (tea_outbox_get_type ())

G_DECLARE_FINAL_TYPE (TeaOutbox, tea_outbox, TEA, OUTBOX, GObject)

TeaOutbox *tea_outbox_new (TeaTimeline *timeline);

void tea_outbox_say (TeaOutbox *self, TeaLink *link, const char *text);
guint tea_outbox_flush (TeaOutbox *self, TeaLink *link);
void tea_outbox_retry (TeaOutbox *self, TeaTimelineItem *item);
void tea_outbox_discard (TeaOutbox *self, TeaTimelineItem *item);

gboolean tea_outbox_take_refusal (TeaOutbox *self, const char *reason);
gboolean tea_outbox_take_echo (TeaOutbox *self, const char *text);
void tea_outbox_note_heard (TeaOutbox *self);
void tea_outbox_take_back (TeaOutbox *self);

G_END_DECLS
