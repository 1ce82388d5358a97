/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-members.h"
#include "tea-policy.h"
#include "tea-presence.h"
#include "tea-room-flags.h"
#include "tea-room-reader.h"
#include "tea-room-writer.h"
#include "tea-rule-book.h"
#include "tea-store.h"

G_BEGIN_DECLS

/**
 * TEA_ROOM_SETTABLE_FLAGS:
 *
 * The flags that whoever owns a room decides about.
 */
#define TEA_ROOM_SETTABLE_FLAGS                                      \
  (TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION | TEA_ROOM_LINK_SUFFICES \
   | TEA_ROOM_HISTORY_FROM_JOINING | TEA_ROOM_MEMBERS_MAY_PIN | TEA_ROOM_MEMBERS_MAY_INVITE)

#define TEA_TYPE_ROOM (tea_room_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoom, tea_room, TEA, ROOM, GObject)

TeaRoom *tea_room_new (
    TeaStore *store, TeaLog *log, const TeaRoomInfo *info, TeaPolicy *policy, TeaClock *clock);
TeaRoom *tea_room_new_hall (TeaStore *store,
                            TeaLog *log,
                            const TeaRoomInfo *info,
                            TeaPolicy *policy,
                            TeaNameRegistry *names,
                            TeaClock *clock);

void tea_room_open_async (TeaRoom *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean tea_room_open_finish (TeaRoom *self, GAsyncResult *result, GError **error);
void tea_room_open_draft (TeaRoom *self, GPtrArray *members);
void tea_room_save (TeaRoom *self);
void tea_room_close (TeaRoom *self);

const TeaRoomInfo *tea_room_get_info (TeaRoom *self);
TeaRoomFlags tea_room_get_flags (TeaRoom *self);
void tea_room_set_password (TeaRoom *self, const char *hash);
gboolean tea_room_is_hall (TeaRoom *self);
gboolean tea_room_is_pair (TeaRoom *self);
TeaRoomRole tea_room_get_role (TeaRoom *self, const char *key);

TeaRoomReader *tea_room_get_reader (TeaRoom *self);
TeaRoomWriter *tea_room_get_writer (TeaRoom *self);
TeaPresence *tea_room_get_presence (TeaRoom *self);
TeaMembers *tea_room_get_members (TeaRoom *self);
TeaRuleBook *tea_room_get_rule_book (TeaRoom *self);
gboolean tea_room_is_kept_out (TeaRoom *self, const char *key, gint64 *until);

gint64 tea_room_get_wait (TeaRoom *self, TeaEventKind kind, const char *key);

gboolean tea_room_tell_async (TeaRoom *self,
                              const TeaDraft *draft,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
guint64 tea_room_tell_finish (TeaRoom *self, GAsyncResult *result, GError **error);

G_END_DECLS
