/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-house-list.h"

G_BEGIN_DECLS

#define TEA_TYPE_PLACE_LIST (tea_place_list_get_type ())

G_DECLARE_FINAL_TYPE (TeaPlaceList, tea_place_list, TEA, PLACE_LIST, AdwBin)

GtkWidget *tea_place_list_new (void);

void tea_place_list_set_houses (TeaPlaceList *self, TeaHouseList *houses);
void tea_place_list_set_place (TeaPlaceList *self, TeaPlace *place);
TeaPlace *tea_place_list_get_neighbour (TeaPlaceList *self, int step, gboolean with_news);
guint tea_place_list_get_news (TeaPlaceList *self);

G_END_DECLS
