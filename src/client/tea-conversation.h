/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-room-flags.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONVERSATION (tea_conversation_get_type ())

G_DECLARE_FINAL_TYPE (TeaConversation, tea_conversation, TEA, CONVERSATION, GObject)

gboolean tea_conversation_say (TeaConversation *self, const char *text, GError **error);
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
                              guint64 retain_events);
void tea_conversation_archive (TeaConversation *self, gboolean archived);
void tea_conversation_ask_members (TeaConversation *self);

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
guint64 tea_conversation_get_read (TeaConversation *self);
guint tea_conversation_get_unread (TeaConversation *self);
TeaTimeline *tea_conversation_get_timeline (TeaConversation *self);
GListModel *tea_conversation_get_members (TeaConversation *self);
gboolean tea_conversation_get_members_known (TeaConversation *self);
gboolean tea_conversation_get_has_older (TeaConversation *self);
guint tea_conversation_get_n_unsent (TeaConversation *self);

G_END_DECLS
