/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event.h"
#include "tea-member.h"
#include "tea-room-flags.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONVERSATION (tea_conversation_get_type ())

G_DECLARE_FINAL_TYPE (TeaConversation, tea_conversation, TEA, CONVERSATION, GObject)

gboolean tea_conversation_say (TeaConversation *self, const char *text, GError **error);
gboolean
tea_conversation_reply (TeaConversation *self, guint64 seq, const char *text, GError **error);
void tea_conversation_retry (TeaConversation *self, TeaTimelineItem *item);
void tea_conversation_discard (TeaConversation *self, TeaTimelineItem *item);

void tea_conversation_mark_read (TeaConversation *self, guint64 seq);
void tea_conversation_set_typing (TeaConversation *self, gboolean is_typing);
char **tea_conversation_dup_typing (TeaConversation *self);

void tea_conversation_leave (TeaConversation *self);
void tea_conversation_invite (TeaConversation *self, const char *fingerprint, const char *name);
void tea_conversation_change (TeaConversation *self,
                              const char *address,
                              const char *title,
                              TeaRoomFlags flags,
                              guint retain_days,
                              guint64 retain_events,
                              guint slow_mode);
void tea_conversation_archive (TeaConversation *self, gboolean archived);
void tea_conversation_ask_members (TeaConversation *self);

gboolean
tea_conversation_edit (TeaConversation *self, guint64 seq, const char *text, GError **error);
gboolean tea_conversation_remove (TeaConversation *self, guint64 seq, GError **error);
gboolean tea_conversation_react (
    TeaConversation *self, guint64 seq, const char *emoji, gboolean set, GError **error);
gboolean tea_conversation_pin (TeaConversation *self, guint64 seq, gboolean pinned, GError **error);

gboolean tea_conversation_set_topic (TeaConversation *self, const char *topic, GError **error);
gboolean tea_conversation_set_role (TeaConversation *self,
                                    const char *fingerprint,
                                    const char *name,
                                    TeaRoomRole role,
                                    GError **error);
gboolean tea_conversation_send_out (TeaConversation *self,
                                    const char *fingerprint,
                                    const char *name,
                                    const char *reason,
                                    gint64 until,
                                    guint64 erase,
                                    gboolean with_network,
                                    GError **error);
gboolean tea_conversation_mute (TeaConversation *self,
                                const char *fingerprint,
                                const char *name,
                                const char *reason,
                                gint64 until,
                                GError **error);
void tea_conversation_find_member_async (TeaConversation *self,
                                         const char *name,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
TeaMember *
tea_conversation_find_member_finish (TeaConversation *self, GAsyncResult *result, GError **error);

void tea_conversation_search_async (TeaConversation *self,
                                    const char *words,
                                    guint64 before,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *tea_conversation_search_finish (TeaConversation *self,
                                           GAsyncResult *result,
                                           guint64 *next,
                                           GError **error);
void tea_conversation_load_around_async (TeaConversation *self,
                                         guint64 seq,
                                         guint n_around,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GPtrArray *
tea_conversation_load_around_finish (TeaConversation *self, GAsyncResult *result, GError **error);
void tea_conversation_look_at (TeaConversation *self, guint64 from, guint64 to);

void tea_conversation_load_older_async (TeaConversation *self,
                                        guint n_events,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
tea_conversation_load_older_finish (TeaConversation *self, GAsyncResult *result, GError **error);

const char *tea_conversation_get_address (TeaConversation *self);
const char *tea_conversation_get_title (TeaConversation *self);
TeaRoomFlags tea_conversation_get_flags (TeaConversation *self);
TeaRoomRole tea_conversation_get_role (TeaConversation *self);
gboolean tea_conversation_get_is_open (TeaConversation *self);
guint64 tea_conversation_get_arrival (TeaConversation *self);
gboolean tea_conversation_get_has_caught_up (TeaConversation *self);
guint64 tea_conversation_get_read (TeaConversation *self);
guint tea_conversation_get_unread (TeaConversation *self);
TeaTimeline *tea_conversation_get_timeline (TeaConversation *self);
GListModel *tea_conversation_get_members (TeaConversation *self);
gboolean tea_conversation_get_members_known (TeaConversation *self);
gboolean tea_conversation_get_has_older (TeaConversation *self);
guint tea_conversation_get_n_unsent (TeaConversation *self);
const char *tea_conversation_get_topic (TeaConversation *self);
GListModel *tea_conversation_get_pins (TeaConversation *self);
guint tea_conversation_get_slow_mode (TeaConversation *self);

G_END_DECLS
