/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-house-list.h"

G_BEGIN_DECLS

#define TEA_TYPE_NEW_ROOM_WINDOW (tea_new_room_window_get_type ())

G_DECLARE_FINAL_TYPE (TeaNewRoomWindow, tea_new_room_window, TEA, NEW_ROOM_WINDOW, AdwWindow)

GtkWindow *tea_new_room_window_new (GtkWindow *parent, TeaHouseList *houses, TeaJoinedHouse *house);

gboolean tea_new_room_window_is_possible (TeaJoinedHouse *house);

G_END_DECLS
