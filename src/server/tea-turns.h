/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-store.h"

G_BEGIN_DECLS

#define TEA_TYPE_TURNS (tea_turns_get_type ())
G_DECLARE_FINAL_TYPE (TeaTurns, tea_turns, TEA, TURNS, GObject)

/**
 * TeaTurnFunc:
 * @user_data: what was given with it
 *
 * Does something whose turn it is. It ends with tea_turns_end().
 */
typedef void (*TeaTurnFunc) (gpointer user_data);

TeaTurns *tea_turns_get (TeaStore *store);
void tea_turns_take (TeaTurns *self, TeaTurnFunc func, gpointer user_data);
void tea_turns_end (TeaTurns *self);

G_END_DECLS
