/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-event.h"
#include "tea-room-flags.h"
#include "tea-room-writer.h"
#include "tea-store.h"

G_BEGIN_DECLS

/**
 * TEA_MEMBERS_MAX:
 *
 * The most members that a room can have.
 */
#define TEA_MEMBERS_MAX 4096

#define TEA_TYPE_MEMBERS (tea_members_get_type ())

G_DECLARE_FINAL_TYPE (TeaMembers, tea_members, TEA, MEMBERS, GObject)

TeaMembers *tea_members_new (TeaStore *store, guint32 room, TeaRoomWriter *writer, TeaClock *clock);
void tea_members_set_fixed (TeaMembers *self, GPtrArray *members);

void tea_members_load_async (TeaMembers *self,
                             guint64 head,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean
tea_members_load_finish (TeaMembers *self, GAsyncResult *result, guint64 *as_of, GError **error);
void tea_members_save (TeaMembers *self);
void tea_members_close (TeaMembers *self);

void tea_members_set_owner (TeaMembers *self, const char *key);
const char *tea_members_get_owner (TeaMembers *self);
void tea_members_apply (TeaMembers *self, TeaEvent *event);

void tea_members_join_async (TeaMembers *self,
                             TeaName *name,
                             const char *key,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_members_join_finish (TeaMembers *self, GAsyncResult *result, GError **error);

const TeaMembership *tea_members_find (TeaMembers *self, const char *key);
TeaRoomRole tea_members_get_role (TeaMembers *self, const char *key);
gboolean tea_members_is_invited (TeaMembers *self, const char *key);
guint tea_members_get_n_members (TeaMembers *self);
gboolean tea_members_is_full (TeaMembers *self);
GPtrArray *tea_members_list (TeaMembers *self, guint64 after, guint max, guint64 *next);
GPtrArray *tea_members_list_concerned (TeaMembers *self);

G_END_DECLS
