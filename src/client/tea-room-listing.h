/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-room-flags.h"

G_BEGIN_DECLS

/**
 * TeaRoomListing:
 *
 * A room in the list of those that a server has.
 */
typedef struct _TeaRoomListing TeaRoomListing;

/**
 * TeaRoomList:
 * @TEA_ROOM_LIST_MINE: those of which one is a member, and those to which one is invited
 * @TEA_ROOM_LIST_LISTED: those that everybody in the house finds
 *
 * Which rooms a list has. The hall is in none.
 */
typedef enum
{
  TEA_ROOM_LIST_MINE,
  TEA_ROOM_LIST_LISTED,
} TeaRoomList;

#define TEA_TYPE_ROOM_LISTING (tea_room_listing_get_type ())
#define TEA_TYPE_ROOM_LIST (tea_room_list_get_type ())

GType tea_room_listing_get_type (void);
GType tea_room_list_get_type (void);

TeaRoomListing *tea_room_listing_new (const char *address,
                                      const char *title,
                                      TeaRoomFlags flags,
                                      TeaRoomRole role,
                                      guint64 head,
                                      guint unread,
                                      guint n_members);
TeaRoomListing *tea_room_listing_ref (TeaRoomListing *self);
void tea_room_listing_unref (TeaRoomListing *self);

const char *tea_room_listing_get_address (TeaRoomListing *self);
const char *tea_room_listing_get_title (TeaRoomListing *self);
TeaRoomFlags tea_room_listing_get_flags (TeaRoomListing *self);
TeaRoomRole tea_room_listing_get_role (TeaRoomListing *self);
guint64 tea_room_listing_get_head (TeaRoomListing *self);
guint tea_room_listing_get_unread (TeaRoomListing *self);
guint tea_room_listing_get_n_members (TeaRoomListing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRoomListing, tea_room_listing_unref)

G_END_DECLS
