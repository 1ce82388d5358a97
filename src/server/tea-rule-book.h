/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-room-flags.h"
#include "tea-store.h"

G_BEGIN_DECLS

/**
 * TEA_RULE_BOOK_MAX_PINS:
 *
 * How many messages of a room can be pinned.
 */
#define TEA_RULE_BOOK_MAX_PINS 50

/**
 * TEA_RULE_BOOK_MAX_ENTRIES:
 *
 * How many keys of a room can be banned, and how many muted.
 */
#define TEA_RULE_BOOK_MAX_ENTRIES 4096

#define TEA_TYPE_RULE_BOOK (tea_rule_book_get_type ())

G_DECLARE_FINAL_TYPE (TeaRuleBook, tea_rule_book, TEA, RULE_BOOK, GObject)

TeaRuleBook *tea_rule_book_new (TeaStore *store, guint32 room);

void tea_rule_book_load_async (TeaRuleBook *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean tea_rule_book_load_finish (TeaRuleBook *self, GAsyncResult *result, GError **error);

void tea_rule_book_apply (TeaRuleBook *self, TeaEvent *event);
void tea_rule_book_unpin (TeaRuleBook *self, guint64 target);
void tea_rule_book_ban_network (TeaRuleBook *self, const char *address, gint64 until);

gboolean tea_rule_book_is_banned (TeaRuleBook *self, const char *key, gint64 *until);
gboolean tea_rule_book_is_muted (TeaRuleBook *self, const char *key, gint64 *until);
gboolean tea_rule_book_has_network_bans (TeaRuleBook *self);
gint64 tea_rule_book_get_network_ban (TeaRuleBook *self, const char *address);
gboolean tea_rule_book_is_full (TeaRuleBook *self);

TeaRoomRole tea_rule_book_get_role (TeaRuleBook *self, const char *key);
guint tea_rule_book_get_slow_mode (TeaRuleBook *self);
gboolean tea_rule_book_is_pinned (TeaRuleBook *self, guint64 target);
guint tea_rule_book_get_n_pins (TeaRuleBook *self);
GPtrArray *tea_rule_book_list_notices (TeaRuleBook *self);

G_END_DECLS
