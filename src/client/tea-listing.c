/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-listing.h"

/**
 * TeaListing:
 *
 * A room in the list of those that a house has.
 */
struct _TeaListing
{
  GObject parent_instance;

  char *address;
  char *title;
  TeaRoomFlags flags;
  TeaRoomRole role;
  guint64 head;
  guint unread;
  guint n_members;
};

G_DEFINE_FINAL_TYPE (TeaListing, tea_listing, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (TeaRoomList,
                    tea_room_list,
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_LIST_MINE, "mine"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_LIST_LISTED, "listed"))

static void
tea_listing_finalize (GObject *object)
{
  TeaListing *self = TEA_LISTING (object);

  g_free (self->address);
  g_free (self->title);

  G_OBJECT_CLASS (tea_listing_parent_class)->finalize (object);
}

static void
tea_listing_class_init (TeaListingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_listing_finalize;
}

static void
tea_listing_init (TeaListing *self)
{
}

/**
 * tea_listing_new: (skip)
 * @address: the room's address
 * @title: what it is called
 * @flags: how it is
 * @role: what one may do there
 * @head: the latest number in its log
 * @unread: how many messages one has not read
 * @n_members: how many members it has
 *
 * Returns: (transfer full): a listing
 */
TeaListing *
tea_listing_new (const char *address,
                 const char *title,
                 TeaRoomFlags flags,
                 TeaRoomRole role,
                 guint64 head,
                 guint unread,
                 guint n_members)
{
  TeaListing *self;

  g_return_val_if_fail (address != NULL && title != NULL, NULL);

  self = g_object_new (TEA_TYPE_LISTING, NULL);
  self->address = g_strdup (address);
  self->title = g_strdup (title);
  self->flags = flags;
  self->role = role;
  self->head = head;
  self->unread = unread;
  self->n_members = n_members;

  return self;
}

/**
 * tea_listing_get_address:
 * @self: a listing
 *
 * Tells where the room is.
 *
 * Returns: the room's address, as it is opened by
 */
const char *
tea_listing_get_address (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), NULL);

  return self->address;
}

/**
 * tea_listing_get_title:
 * @self: a listing
 *
 * Tells what the room is called.
 *
 * Returns: what the room is called; of a private conversation the other one's name; `""` where its
 * address is all
 */
const char *
tea_listing_get_title (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), NULL);

  return self->title;
}

/**
 * tea_listing_get_flags:
 * @self: a listing
 *
 * Tells how the room is.
 *
 * Returns: how the room is
 */
TeaRoomFlags
tea_listing_get_flags (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), 0);

  return self->flags;
}

/**
 * tea_listing_get_role:
 * @self: a listing
 *
 * Tells what one may do there.
 *
 * Returns: what one may do there; %TEA_ROOM_ROLE_NONE of a room to which one is invited, or of
 * which one is no member
 */
TeaRoomRole
tea_listing_get_role (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), TEA_ROOM_ROLE_NONE);

  return self->role;
}

/**
 * tea_listing_get_head:
 * @self: a listing
 *
 * Tells where its log ends.
 *
 * Returns: the latest number in the room's log; 0 where one is no member
 */
guint64
tea_listing_get_head (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), 0);

  return self->head;
}

/**
 * tea_listing_get_unread:
 * @self: a listing
 *
 * Tells how much is new there.
 *
 * Returns: how many messages one has not read, up to 1000
 */
guint
tea_listing_get_unread (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), 0);

  return self->unread;
}

/**
 * tea_listing_get_n_members:
 * @self: a listing
 *
 * Tells how many people are in it.
 *
 * Returns: how many members it has
 */
guint
tea_listing_get_n_members (TeaListing *self)
{
  g_return_val_if_fail (TEA_IS_LISTING (self), 0);

  return self->n_members;
}
