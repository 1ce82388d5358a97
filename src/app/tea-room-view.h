/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-place.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_VIEW (tea_room_view_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomView, tea_room_view, TEA, ROOM_VIEW, AdwBin)

GtkWidget *tea_room_view_new (TeaPlace *place);

TeaPlace *tea_room_view_get_place (TeaRoomView *self);
void tea_room_view_enter (TeaRoomView *self, int step);
void tea_room_view_show_unread (TeaRoomView *self);

G_END_DECLS
