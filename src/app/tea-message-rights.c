/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-message-rights.h"

/* What the server lets people do with messages, as far as it is known here: what it refuses
 * nevertheless, it says. */

/**
 * tea_message_rights_decide:
 * @item: a message
 * @role: what its reader is in the room
 * @flags: how the room is
 *
 * Returns: what @role may do with @item
 */
TeaMessageRights
tea_message_rights_decide (TeaTimelineItem *item, TeaRoomRole role, TeaRoomFlags flags)
{
  gboolean own = tea_timeline_item_is_own (item);
  gboolean is_moderator = role >= TEA_ROOM_ROLE_MODERATOR;
  TeaMessageRights rights = 0;

  /* What has no number is in no log, or not yet. */
  if (role == TEA_ROOM_ROLE_NONE || tea_timeline_item_get_seq (item) == 0
      || tea_timeline_item_get_kind (item) != TEA_TIMELINE_ITEM_MESSAGE
      || tea_timeline_item_is_removed (item))
    return 0;

  if (own || is_moderator)
    rights |= TEA_MESSAGE_REMOVE;
  if ((flags & TEA_ROOM_ARCHIVED) != 0)
    return rights;

  rights |= TEA_MESSAGE_REPLY;
  if (own)
    rights |= TEA_MESSAGE_EDIT;
  if ((flags & TEA_ROOM_PAIR) == 0 && (is_moderator || (flags & TEA_ROOM_MEMBERS_MAY_PIN) != 0))
    rights |= TEA_MESSAGE_PIN;

  return rights;
}

/**
 * tea_message_rights_get:
 * @item: a message
 * @conversation: (nullable): where it was said
 *
 * Returns: what one may do with @item
 */
TeaMessageRights
tea_message_rights_get (TeaTimelineItem *item, TeaConversation *conversation)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (item), 0);

  if (conversation == NULL)
    return 0;

  return tea_message_rights_decide (item, tea_conversation_get_role (conversation),
                                    tea_conversation_get_flags (conversation));
}
