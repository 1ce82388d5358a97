/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TEA_ROOM_SECRET_SIZE:
 *
 * How many random bytes the address of a hidden room is made of.
 */
#define TEA_ROOM_SECRET_SIZE 10

/**
 * TeaRoomKind:
 * @TEA_ROOM_KIND_NONE: what was given is the address of no room
 * @TEA_ROOM_KIND_HALL: the empty address: everybody who is in the house is in the hall
 * @TEA_ROOM_KIND_NAMED: its name, for everybody to find
 * @TEA_ROOM_KIND_HIDDEN: `~` and 16 digits, for those who were told
 * @TEA_ROOM_KIND_PAIR: `@` and a fingerprint as in links: the conversation of two keys
 *
 * What the address of a room within its house tells of it.
 */
typedef enum
{
  TEA_ROOM_KIND_NONE,
  TEA_ROOM_KIND_HALL,
  TEA_ROOM_KIND_NAMED,
  TEA_ROOM_KIND_HIDDEN,
  TEA_ROOM_KIND_PAIR,
} TeaRoomKind;

#define TEA_TYPE_ROOM_KIND (tea_room_kind_get_type ())

GType tea_room_kind_get_type (void);
TeaRoomKind tea_room_kind_from_address (const char *address);

gboolean tea_room_ref_validate (const char *address, GError **error);
char *tea_room_ref_fold (const char *address);

char *tea_room_ref_make_hidden (const guint8 *secret);
char *tea_room_ref_make_pair (const char *fingerprint);
char *tea_room_ref_dup_pair_key (const char *address);

G_END_DECLS
