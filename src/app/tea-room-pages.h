/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-place.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_PAGES (tea_room_pages_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomPages, tea_room_pages, TEA, ROOM_PAGES, AdwBin)

GtkWidget *tea_room_pages_new (void);

GtkWidget *tea_room_pages_show (TeaRoomPages *self, TeaPlace *place);
void tea_room_pages_forget (TeaRoomPages *self, TeaPlace *place);

G_END_DECLS
