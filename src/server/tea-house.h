/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-door.h"
#include "tea-password-guard.h"
#include "tea-positions.h"
#include "tea-room.h"

G_BEGIN_DECLS

/**
 * TEA_HOUSE_DEFAULT_NAME_LIFETIME:
 *
 * For how long a name stays its owner's who does not come, in days.
 */
#define TEA_HOUSE_DEFAULT_NAME_LIFETIME 180

/**
 * TEA_HOUSE_SLEEP_DELAY:
 *
 * After how long a room that nobody has open goes to sleep, in µs.
 */
#define TEA_HOUSE_SLEEP_DELAY (60 * G_TIME_SPAN_SECOND)

/**
 * TeaRoomMakers:
 * @TEA_ROOM_MAKERS_OPERATORS: operators only
 * @TEA_ROOM_MAKERS_MEMBERS: everybody in the house
 * @TEA_ROOM_MAKERS_NOBODY: nobody
 *
 * Who may make rooms.
 */
typedef enum
{
  TEA_ROOM_MAKERS_OPERATORS,
  TEA_ROOM_MAKERS_MEMBERS,
  TEA_ROOM_MAKERS_NOBODY,
} TeaRoomMakers;

#define TEA_TYPE_HOUSE (tea_house_get_type ())

G_DECLARE_FINAL_TYPE (TeaHouse, tea_house, TEA, HOUSE, GObject)

TeaHouse *tea_house_new (TeaStore *store, TeaClock *clock);

void tea_house_set_grace (TeaHouse *self, GTimeSpan grace);
void tea_house_set_name_lifetime (TeaHouse *self, guint n_days);
void tea_house_set_makers (TeaHouse *self, TeaRoomMakers makers);
void tea_house_set_has_pairs (TeaHouse *self, gboolean has_pairs);
void tea_house_set_operators (TeaHouse *self, const char *const *keys);

void tea_house_set_key (TeaHouse *self, const char *key);

void tea_house_open_async (TeaHouse *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_house_open_finish (TeaHouse *self, GAsyncResult *result, GError **error);
void tea_house_save (TeaHouse *self);
void tea_house_close (TeaHouse *self);

TeaPolicy *tea_house_get_policy (TeaHouse *self);
TeaDoor *tea_house_get_door (TeaHouse *self);
TeaStore *tea_house_get_store (TeaHouse *self);
TeaRoom *tea_house_get_hall (TeaHouse *self);
TeaPresence *tea_house_get_presence (TeaHouse *self);
TeaNameRegistry *tea_house_get_names (TeaHouse *self);
TeaPositions *tea_house_get_positions (TeaHouse *self);
TeaPasswordGuard *tea_house_get_guard (TeaHouse *self, const TeaRoomInfo *info, GError **error);
void tea_house_set_room_password (TeaHouse *self, TeaRoom *room, const char *hash);
gboolean tea_house_get_has_pairs (TeaHouse *self);
gboolean tea_house_may_make_rooms (TeaHouse *self, const char *key);
gboolean tea_house_is_operator (TeaHouse *self, const char *key);
const char *tea_house_find_name (TeaHouse *self, const char *key);
gboolean tea_house_is_here (TeaHouse *self, const char *key);
gboolean tea_house_has_common_room (TeaHouse *self, const char *one, const char *other);

void tea_house_load_async (TeaHouse *self,
                           const char *folded,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean
tea_house_load_finish (TeaHouse *self, GAsyncResult *result, TeaRoom **room, GError **error);
TeaRoom *tea_house_draft_pair (TeaHouse *self, const char *one, const char *other);
void tea_house_hold (TeaHouse *self, TeaRoom *room);
void tea_house_release (TeaHouse *self, TeaRoom *room);
void tea_house_sleep_now (TeaHouse *self);
void tea_house_drop (TeaHouse *self, TeaRoom *room);
void tea_house_drop_pairs (TeaHouse *self, const char *key);

G_END_DECLS
