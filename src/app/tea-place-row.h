/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-place.h"

G_BEGIN_DECLS

#define TEA_TYPE_PLACE_ROW (tea_place_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaPlaceRow, tea_place_row, TEA, PLACE_ROW, GtkListBoxRow)

GtkWidget *tea_place_row_new (TeaPlace *place);

TeaPlace *tea_place_row_get_place (TeaPlaceRow *self);

void tea_place_row_set_house (TeaPlaceRow *self, guint house);
guint tea_place_row_get_house (TeaPlaceRow *self);
gboolean tea_place_row_settle (TeaPlaceRow *self);
int tea_place_row_compare (TeaPlaceRow *self, TeaPlaceRow *other);

G_END_DECLS
