/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-event.h"

G_BEGIN_DECLS

/**
 * TeaKeptChanges:
 *
 * Changes to messages that were told lately. A message that is asked for may come as it was a
 * moment before a change that was told already: it is brought up to date with these.
 */
typedef struct _TeaKeptChanges TeaKeptChanges;

TeaKeptChanges *tea_kept_changes_new (TeaClock *clock);
void tea_kept_changes_free (TeaKeptChanges *self);

void tea_kept_changes_begin (TeaKeptChanges *self);
void tea_kept_changes_end (TeaKeptChanges *self);
void tea_kept_changes_take_event (TeaKeptChanges *self, TeaEvent *event);
void tea_kept_changes_forget (TeaKeptChanges *self);

TeaEvent *tea_kept_changes_follow (TeaKeptChanges *self, TeaEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaKeptChanges, tea_kept_changes_free)

G_END_DECLS
