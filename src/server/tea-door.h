/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-name-registry.h"
#include "tea-name-store.h"
#include "tea-policy.h"
#include "tea-rule-book.h"

G_BEGIN_DECLS

#define TEA_TYPE_DOOR (tea_door_get_type ())

G_DECLARE_FINAL_TYPE (TeaDoor, tea_door, TEA, DOOR, GObject)

TeaDoor *tea_door_new (TeaRuleBook *book,
                       TeaPolicy *policy,
                       TeaNameRegistry *names,
                       TeaNameStore *store,
                       TeaClock *clock);

gboolean tea_door_needs_names (TeaDoor *self);
void tea_door_ask_async (TeaDoor *self,
                         const char *key,
                         const char *address,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean tea_door_ask_finish (TeaDoor *self, GAsyncResult *result, GError **error);
gboolean tea_door_check (TeaDoor *self, const char *key, GError **error);

void tea_door_note_address (TeaDoor *self, const char *key, const char *address);
const char *tea_door_find_address (TeaDoor *self, const char *key);

char *tea_door_describe_time (gint64 time);

G_END_DECLS
