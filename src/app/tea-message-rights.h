/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-conversation.h"

G_BEGIN_DECLS

/**
 * TeaMessageRights:
 * @TEA_MESSAGE_REPLY: answer it, and react to it
 * @TEA_MESSAGE_EDIT: give it another text
 * @TEA_MESSAGE_PIN: pin it, or take that back
 * @TEA_MESSAGE_REMOVE: remove it
 *
 * What one may do with a message.
 */
typedef enum
{
  TEA_MESSAGE_REPLY = 1 << 0,
  TEA_MESSAGE_EDIT = 1 << 1,
  TEA_MESSAGE_PIN = 1 << 2,
  TEA_MESSAGE_REMOVE = 1 << 3,
} TeaMessageRights;

TeaMessageRights
tea_message_rights_decide (TeaTimelineItem *item, TeaRoomRole role, TeaRoomFlags flags);
TeaMessageRights tea_message_rights_get (TeaTimelineItem *item, TeaConversation *conversation);

G_END_DECLS
