/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-link.h"
#include "tea-conversation.h"
#include "tea-outbox.h"
#include "tea-secure-link.h"

G_BEGIN_DECLS

/* What only a connection may do to its conversations. */

TeaConversation *tea_conversation_new (TeaClock *clock, const char *address);

void tea_conversation_enter (TeaConversation *self, const char *own_name);
void tea_conversation_set_own_name (TeaConversation *self, const char *own_name);

void tea_conversation_open_async (TeaConversation *self,
                                  TeaSecureLink *link,
                                  const TeaRoomPlan *plan,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_conversation_open_finish (TeaConversation *self, GAsyncResult *result, GError **error);

void tea_conversation_follow_secure (TeaConversation *self,
                                     TeaSecureLink *link,
                                     const TeaRoomPlan *plan);
void tea_conversation_follow_classic (TeaConversation *self, TeaClassicLink *link);
void tea_conversation_unfollow (TeaConversation *self);

void tea_conversation_tell_arrival (TeaConversation *self, gint64 time);
void tea_conversation_stop (TeaConversation *self);
guint64 tea_conversation_get_epoch (TeaConversation *self);
TeaOutbox *tea_conversation_get_outbox (TeaConversation *self);

G_END_DECLS
