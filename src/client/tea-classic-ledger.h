/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

/**
 * TeaClassicLedger:
 *
 * The latest messages that were given to the network where servers acknowledge nothing:
 * one may still hear what became of them.
 */
typedef struct _TeaClassicLedger TeaClassicLedger;

TeaClassicLedger *tea_classic_ledger_new (TeaClock *clock);
void tea_classic_ledger_free (TeaClassicLedger *self);

void tea_classic_ledger_add (TeaClassicLedger *self, TeaTimelineItem *item);
TeaTimelineItem *tea_classic_ledger_take_refusal (TeaClassicLedger *self);
gboolean tea_classic_ledger_take_echo (TeaClassicLedger *self, const char *text);
void tea_classic_ledger_note_heard (TeaClassicLedger *self);
GPtrArray *tea_classic_ledger_take_unheard (TeaClassicLedger *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaClassicLedger, tea_classic_ledger_free)

G_END_DECLS
