/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TEA_POLICY_DEFAULT_EDIT_HOURS:
 *
 * For how many hours one may edit a message.
 */
#define TEA_POLICY_DEFAULT_EDIT_HOURS 24

/**
 * TEA_POLICY_HOUSE_NAME:
 *
 * As whom a house speaks itself. Nobody else can have that name.
 */
#define TEA_POLICY_HOUSE_NAME "Teahouse"

#define TEA_TYPE_POLICY (tea_policy_get_type ())

G_DECLARE_FINAL_TYPE (TeaPolicy, tea_policy, TEA, POLICY, GObject)

TeaPolicy *tea_policy_new (TeaClock *clock);

void tea_policy_set_operators (TeaPolicy *self, const char *const *keys);
gboolean tea_policy_is_operator (TeaPolicy *self, const char *key);
void tea_policy_set_house_key (TeaPolicy *self, const char *key);
const char *tea_policy_get_house_key (TeaPolicy *self);
gboolean tea_policy_is_house (TeaPolicy *self, const char *key);
void tea_policy_set_edit_hours (TeaPolicy *self, guint n_hours);
guint tea_policy_get_edit_hours (TeaPolicy *self);

void tea_policy_set_newcomers (TeaPolicy *self, GTimeSpan span);
gboolean tea_policy_has_newcomers (TeaPolicy *self);
void tea_policy_note_new (TeaPolicy *self, const char *key);
gboolean tea_policy_was_new (TeaPolicy *self, const char *key);
gboolean tea_policy_is_newcomer (TeaPolicy *self, const char *key);

gint64 tea_policy_get_wait (TeaPolicy *self, const char *key);
void tea_policy_note_message (TeaPolicy *self, const char *key);
void tea_policy_take_back (TeaPolicy *self, const char *key);

G_END_DECLS
