/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-flags.h"

G_DEFINE_FLAGS_TYPE (TeaRoomFlags,
                     tea_room_flags,
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_LISTED, "listed"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_BY_INVITATION, "by-invitation"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_LINK_SUFFICES, "link-suffices"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_HISTORY_FROM_JOINING, "history-from-joining"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_MEMBERS_MAY_PIN, "members-may-pin"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_MEMBERS_MAY_INVITE, "members-may-invite"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_HAS_PASSWORD, "has-password"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_ARCHIVED, "archived"),
                     G_DEFINE_ENUM_VALUE (TEA_ROOM_PAIR, "pair"))

G_DEFINE_ENUM_TYPE (TeaRoomRole,
                    tea_room_role,
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_ROLE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_ROLE_MEMBER, "member"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_ROLE_MODERATOR, "moderator"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_ROLE_OWNER, "owner"))
