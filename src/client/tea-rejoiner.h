/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-link.h"

G_BEGIN_DECLS

#define TEA_TYPE_REJOINER (tea_rejoiner_get_type ())

G_DECLARE_FINAL_TYPE (TeaRejoiner, tea_rejoiner, TEA, REJOINER, GObject)

TeaRejoiner *tea_rejoiner_new (TeaLink *link, TeaClock *clock, gboolean patient);

void tea_rejoiner_start (TeaRejoiner *self, gboolean soon);
void tea_rejoiner_try_now (TeaRejoiner *self);
void tea_rejoiner_stop (TeaRejoiner *self);

gint64 tea_rejoiner_get_next_try (TeaRejoiner *self);

G_END_DECLS
