/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TEA_ROOM_INFO_HALL:
 *
 * The number of the hall, which every house has.
 */
#define TEA_ROOM_INFO_HALL 0

/**
 * TEA_ROOM_INFO_MAX_NUMBER:
 *
 * The highest number that a room can have.
 */
#define TEA_ROOM_INFO_MAX_NUMBER ((1u << 23) - 1)

/**
 * TeaRoomInfo:
 * @number: which room it is; %TEA_ROOM_INFO_HALL for the hall; never given to another one
 * @address: where it is found, as its owner writes it; "" for the hall
 * @folded: by what it is found: the folded @address, or for a pair what
 *   tea_room_info_fold_pair() makes of both keys
 * @title: (not nullable): what it is called where that is not its address; "" for none
 * @flags: as on the wire
 * @retain_days: how many days its events are kept; 0: as long as the house keeps them
 * @retain_events: how many events are kept; 0: as many as the house keeps
 * @password: (nullable): the hash of its password; %NULL where it has none
 * @owner: (nullable): the fingerprint of the key that made it, on whose account it goes;
 *   %NULL for the hall and for pairs
 * @made: when it was made, in µs since the Unix epoch, UTC
 *
 * What is known of a room without its log.
 */
typedef struct
{
  guint32 number;
  char *address;
  char *folded;
  char *title;
  guint32 flags;
  guint32 retain_days;
  guint32 retain_events;
  char *password;
  char *owner;
  gint64 made;
} TeaRoomInfo;

#define TEA_TYPE_ROOM_INFO (tea_room_info_get_type ())

GType tea_room_info_get_type (void);

TeaRoomInfo *tea_room_info_new (const char *address, const char *folded);
TeaRoomInfo *tea_room_info_new_pair (const char *one, const char *other);
TeaRoomInfo *tea_room_info_copy (const TeaRoomInfo *self);
void tea_room_info_free (TeaRoomInfo *self);

char *tea_room_info_fold_pair (const char *one, const char *other);
char *tea_room_info_dup_other (const TeaRoomInfo *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRoomInfo, tea_room_info_free)

G_END_DECLS
