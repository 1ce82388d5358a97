/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROLL_CALL (tea_roll_call_get_type ())

G_DECLARE_FINAL_TYPE (TeaRollCall, tea_roll_call, TEA, ROLL_CALL, GObject)

TeaRollCall *tea_roll_call_new (TeaClock *clock);

void tea_roll_call_start (TeaRollCall *self);
void tea_roll_call_stop (TeaRollCall *self);
void tea_roll_call_take_part (TeaRollCall *self, guint part, guint n_parts, char **names);
gboolean tea_roll_call_take_refusal (TeaRollCall *self, const char *reason);

G_END_DECLS
