/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-roll-store.h"

G_BEGIN_DECLS

/**
 * TEA_ROLL_MAX_NAMES:
 *
 * How many names a key can own.
 */
#define TEA_ROLL_MAX_NAMES 16

/**
 * TeaRoll:
 *
 * Whose the names are, and who is in the room: what the events of a log come to, one
 * after another.
 */
typedef struct _TeaRoll TeaRoll;

TeaRoll *tea_roll_new (void);
void tea_roll_free (TeaRoll *self);

void tea_roll_set_lifetime (TeaRoll *self, GTimeSpan lifetime);

void tea_roll_load (TeaRoll *self, GPtrArray *entries);
void tea_roll_forget_presence (TeaRoll *self);
void tea_roll_apply (TeaRoll *self, TeaEvent *event);
void tea_roll_expire (TeaRoll *self, gint64 now);
void tea_roll_save (TeaRoll *self, TeaRollStore *store, guint64 as_of);
gboolean tea_roll_is_changed (TeaRoll *self);

TeaRollEntry *tea_roll_find (TeaRoll *self, const char *folded);
gboolean tea_roll_is_free (TeaRoll *self, const char *folded, const char *key, gint64 now);
guint tea_roll_count_present (TeaRoll *self, const char *key);
guint tea_roll_get_n_present (TeaRoll *self);
GPtrArray *tea_roll_list_present (TeaRoll *self, guint64 after, guint max, guint64 *next);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRoll, tea_roll_free)

G_END_DECLS
