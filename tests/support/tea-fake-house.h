/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-fake-disk.h"
#include "tea-name-store.h"
#include "tea-store.h"

G_BEGIN_DECLS

/**
 * TeaFakeHouse:
 *
 * What a fake store keeps, and what is there when the next one opens it. Its hall is always
 * there.
 */
typedef struct _TeaFakeHouse TeaFakeHouse;

/**
 * TeaFakeRoom:
 * @info: (owned): what is known of it
 * @disk: (owned): its log
 * @members: (owned) (element-type utf8 TeaMembership): by their keys
 * @rules: (owned): what holds in it
 * @positions: (owned) (element-type utf8 guint64): how far they have read, by their keys
 *
 * A room in a fake house.
 */
typedef struct
{
  TeaRoomInfo *info;
  TeaFakeDisk *disk;
  GHashTable *members;
  TeaRoomRules *rules;
  GHashTable *positions;
} TeaFakeRoom;

/**
 * TeaFakeHouseFunc:
 * @room: a room
 * @user_data: what was given with it
 *
 * A room is added.
 */
typedef void (*TeaFakeHouseFunc) (TeaFakeRoom *room, gpointer user_data);

TeaFakeHouse *tea_fake_house_new (guint64 first, GRand *random);
TeaFakeHouse *tea_fake_house_ref (TeaFakeHouse *self);
void tea_fake_house_unref (TeaFakeHouse *self);
TeaFakeHouse *tea_fake_house_copy (TeaFakeHouse *self);
void tea_fake_house_restore (TeaFakeHouse *self, TeaFakeHouse *copy, GRand *random);

TeaFakeDisk *tea_fake_house_get_disk (TeaFakeHouse *self, guint32 room);
TeaFakeRoom *tea_fake_house_get_room (TeaFakeHouse *self, guint32 room);
TeaFakeRoom *tea_fake_house_find_room (TeaFakeHouse *self, const char *folded);
GPtrArray *tea_fake_house_list_rooms (TeaFakeHouse *self);
guint32 tea_fake_house_take_number (TeaFakeHouse *self);
gboolean tea_fake_house_add_room (TeaFakeHouse *self,
                                  const TeaRoomInfo *info,
                                  TeaFakeDisk *disk,
                                  GPtrArray *members);
gboolean tea_fake_house_update_room (TeaFakeHouse *self, const TeaRoomInfo *info);
void tea_fake_house_remove_room (TeaFakeHouse *self, guint32 room);
void tea_fake_house_watch (TeaFakeHouse *self, TeaFakeHouseFunc func, gpointer user_data);
GHashTable *tea_fake_house_get_names (TeaFakeHouse *self);
TeaCalendar *tea_fake_house_begin_life (TeaFakeHouse *self, TeaClock *clock);
TeaCalendar *tea_fake_house_get_calendar (TeaFakeHouse *self);

void tea_fake_house_set_retention (TeaFakeHouse *self, guint max_days, guint64 max_records);
void tea_fake_house_retain (TeaFakeHouse *self, guint32 room);

gboolean
tea_fake_house_export (TeaFakeHouse *self, gint64 room, GOutputStream *stream, GError **error);
gboolean tea_fake_house_import (
    TeaFakeHouse *self, gint64 room, GInputStream *stream, GRand *random, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaFakeHouse, tea_fake_house_unref)

G_END_DECLS
