/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TeaRoomFlags:
 * @TEA_ROOM_LISTED: everybody in the house finds it in the list of rooms
 * @TEA_ROOM_BY_INVITATION: only who was invited becomes a member
 * @TEA_ROOM_LINK_SUFFICES: who has its address becomes a member without being invited
 * @TEA_ROOM_HISTORY_FROM_JOINING: members see only what came after they joined
 * @TEA_ROOM_MEMBERS_MAY_PIN: members may pin messages, not moderators alone
 * @TEA_ROOM_MEMBERS_MAY_INVITE: members may invite, not moderators alone
 * @TEA_ROOM_HAS_PASSWORD: who becomes a member has to know its password
 * @TEA_ROOM_ARCHIVED: nobody says anything any more
 * @TEA_ROOM_PAIR: it is the private conversation of two keys
 *
 * How a room is, with the bits that frames have. Others are of later versions.
 */
typedef enum
{
  TEA_ROOM_LISTED = 1 << 0,
  TEA_ROOM_BY_INVITATION = 1 << 1,
  TEA_ROOM_LINK_SUFFICES = 1 << 2,
  TEA_ROOM_HISTORY_FROM_JOINING = 1 << 3,
  TEA_ROOM_MEMBERS_MAY_PIN = 1 << 4,
  TEA_ROOM_MEMBERS_MAY_INVITE = 1 << 5,
  TEA_ROOM_HAS_PASSWORD = 1 << 6,
  TEA_ROOM_ARCHIVED = 1 << 7,
  TEA_ROOM_PAIR = 1 << 8,
} TeaRoomFlags;

/**
 * TeaRoomRole:
 * @TEA_ROOM_ROLE_NONE: not a member
 * @TEA_ROOM_ROLE_MEMBER: reads and says
 * @TEA_ROOM_ROLE_MODERATOR: keeps order among members
 * @TEA_ROOM_ROLE_OWNER: decides about the room
 *
 * What somebody may do in a room, with the numbers that frames have.
 */
typedef enum
{
  TEA_ROOM_ROLE_NONE,
  TEA_ROOM_ROLE_MEMBER,
  TEA_ROOM_ROLE_MODERATOR,
  TEA_ROOM_ROLE_OWNER,
} TeaRoomRole;

/**
 * TEA_RETAIN_DAYS_UNCHANGED:
 *
 * In the settings of a room: its events are kept for as many days as before.
 */
#define TEA_RETAIN_DAYS_UNCHANGED 0xffffffffu

/**
 * TEA_RETAIN_EVENTS_UNCHANGED:
 *
 * In the settings of a room: as many of its events are kept as before.
 */
#define TEA_RETAIN_EVENTS_UNCHANGED G_GUINT64_CONSTANT (0xffffffffffffffff)

/**
 * TEA_SLOW_UNCHANGED:
 *
 * In the settings of a room: its members wait between messages as before.
 */
#define TEA_SLOW_UNCHANGED 0xffffffffu

#define TEA_TYPE_ROOM_FLAGS (tea_room_flags_get_type ())
#define TEA_TYPE_ROOM_ROLE (tea_room_role_get_type ())

GType tea_room_flags_get_type (void);
GType tea_room_role_get_type (void);

G_END_DECLS
