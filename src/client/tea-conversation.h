/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-classic-link.h"
#include "tea-secure-link.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONVERSATION (tea_conversation_get_type ())

G_DECLARE_FINAL_TYPE (TeaConversation, tea_conversation, TEA, CONVERSATION, GObject)

TeaConversation *tea_conversation_new (TeaClock *clock);

void tea_conversation_enter (TeaConversation *self, const char *own_name);
void tea_conversation_set_own_name (TeaConversation *self, const char *own_name);
void tea_conversation_follow_secure (TeaConversation *self,
                                     TeaSecureLink *link,
                                     guint64 since,
                                     guint history);
void tea_conversation_follow_classic (TeaConversation *self, TeaClassicLink *link);
void tea_conversation_unfollow (TeaConversation *self);
void tea_conversation_tell_arrival (TeaConversation *self, gint64 time);
void tea_conversation_stop (TeaConversation *self);
guint64 tea_conversation_get_epoch (TeaConversation *self);

void tea_conversation_say (TeaConversation *self, const char *text);
void tea_conversation_retry (TeaConversation *self, TeaTimelineItem *item);
void tea_conversation_discard (TeaConversation *self, TeaTimelineItem *item);

void tea_conversation_load_older_async (TeaConversation *self,
                                        guint n_events,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
tea_conversation_load_older_finish (TeaConversation *self, GAsyncResult *result, GError **error);

TeaTimeline *tea_conversation_get_timeline (TeaConversation *self);
GListModel *tea_conversation_get_members (TeaConversation *self);
gboolean tea_conversation_get_members_known (TeaConversation *self);
gboolean tea_conversation_get_has_older (TeaConversation *self);
guint tea_conversation_get_n_unsent (TeaConversation *self);

G_END_DECLS
