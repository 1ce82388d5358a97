/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-room-flags.h"

G_BEGIN_DECLS

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

#define TEA_TYPE_ROOM_LIST (tea_room_list_get_type ())

GType tea_room_list_get_type (void);

#define TEA_TYPE_LISTING (tea_listing_get_type ())

G_DECLARE_FINAL_TYPE (TeaListing, tea_listing, TEA, LISTING, GObject)

TeaListing *tea_listing_new (const char *address,
                             const char *title,
                             TeaRoomFlags flags,
                             TeaRoomRole role,
                             guint64 head,
                             guint unread,
                             guint n_members);

const char *tea_listing_get_address (TeaListing *self);
const char *tea_listing_get_title (TeaListing *self);
TeaRoomFlags tea_listing_get_flags (TeaListing *self);
TeaRoomRole tea_listing_get_role (TeaListing *self);
guint64 tea_listing_get_head (TeaListing *self);
guint tea_listing_get_unread (TeaListing *self);
guint tea_listing_get_n_members (TeaListing *self);

G_END_DECLS
