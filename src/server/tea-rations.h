/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-token-bucket.h"

G_BEGIN_DECLS

/**
 * TeaRation:
 *
 * What somebody may do yet, by however many sessions.
 */
typedef struct _TeaRation TeaRation;

/**
 * TeaRations:
 *
 * The rations of everybody who is here, or was until lately.
 */
typedef struct _TeaRations TeaRations;

TeaRations *tea_rations_new (TeaClock *clock);
void tea_rations_free (TeaRations *self);

TeaRation *tea_rations_take (TeaRations *self, const char *id);
void tea_rations_give_back (TeaRations *self, TeaRation *ration);

guint tea_ration_get_n_sessions (TeaRation *self);
gboolean tea_ration_enter (TeaRation *self);
gint64 tea_ration_say (TeaRation *self, gsize size);
gboolean tea_ration_ask (TeaRation *self, guint cost);
gboolean tea_ration_may_pull (TeaRation *self);
void tea_ration_pull (TeaRation *self, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRations, tea_rations_free)

G_END_DECLS
