/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"
#include "tea-event.h"
#include "tea-log.h"
#include "tea-member.h"
#include "tea-roll-store.h"
#include "tea-session.h"

G_BEGIN_DECLS

/**
 * TEA_ROOM_MAX_MEMBERS:
 *
 * The most people a room takes.
 */
#define TEA_ROOM_MAX_MEMBERS 4096

/**
 * TEA_ROOM_DEFAULT_GRACE:
 *
 * For how long somebody whose connection broke counts as here, in µs.
 */
#define TEA_ROOM_DEFAULT_GRACE (30 * G_TIME_SPAN_SECOND)

/**
 * TEA_ROOM_DEFAULT_NAME_LIFETIME:
 *
 * For how long a name stays its owner's who does not come, in µs.
 */
#define TEA_ROOM_DEFAULT_NAME_LIFETIME (180 * G_TIME_SPAN_DAY)

#define TEA_TYPE_ROOM (tea_room_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoom, tea_room, TEA, ROOM, GObject)

TeaRoom *tea_room_new (TeaLog *log, TeaRollStore *roll_store, TeaClock *clock);

void tea_room_set_grace (TeaRoom *self, GTimeSpan grace);
void tea_room_set_name_lifetime (TeaRoom *self, GTimeSpan lifetime);

void tea_room_open_async (TeaRoom *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean tea_room_open_finish (TeaRoom *self, GAsyncResult *result, GError **error);
void tea_room_close (TeaRoom *self);

void tea_room_enter_async (TeaRoom *self,
                           TeaSession *session,
                           const char *name,
                           const char *key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
TeaMember *tea_room_enter_finish (TeaRoom *self, GAsyncResult *result, GError **error);

void tea_room_say_async (TeaRoom *self,
                         TeaSession *session,
                         guint32 stream,
                         guint32 number,
                         const char *text,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
guint64 tea_room_say_finish (TeaRoom *self, GAsyncResult *result, GError **error);

void tea_room_check_since_async (
    TeaRoom *self, guint64 epoch, guint64 since, GAsyncReadyCallback callback, gpointer user_data);
gboolean tea_room_check_since_finish (TeaRoom *self, GAsyncResult *result, GError **error);

void tea_room_get_number_async (TeaRoom *self,
                                const char *key,
                                guint32 stream,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean
tea_room_get_number_finish (TeaRoom *self, GAsyncResult *result, guint32 *number, GError **error);

void tea_room_settle_async (TeaRoom *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tea_room_settle_finish (TeaRoom *self, GAsyncResult *result, GError **error);

void tea_room_leave (TeaRoom *self, TeaSession *session);
void tea_room_leave_async (TeaRoom *self,
                           TeaSession *session,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_room_leave_finish (TeaRoom *self, GAsyncResult *result, GError **error);
void tea_room_lose (TeaRoom *self, TeaSession *session);

TeaMember *tea_room_find (TeaRoom *self, const char *name);
guint tea_room_get_n_members (TeaRoom *self);
char **tea_room_dup_names (TeaRoom *self);
GPtrArray *
tea_room_list_present (TeaRoom *self, guint64 after, guint max, guint64 *as_of, guint64 *next);
char *tea_room_suggest_name (TeaRoom *self, const char *name, const char *key);

guint64 tea_room_get_first (TeaRoom *self);
guint64 tea_room_get_head (TeaRoom *self);
guint64 tea_room_get_epoch (TeaRoom *self);

TeaEvent *tea_room_peek_event (TeaRoom *self, guint64 seq);
void tea_room_read_async (TeaRoom *self,
                          guint64 from,
                          guint64 to,
                          gsize max_bytes,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GPtrArray *
tea_room_read_finish (TeaRoom *self, GAsyncResult *result, guint64 *next, GError **error);

G_END_DECLS
