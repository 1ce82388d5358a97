/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-joined-house.h"

G_BEGIN_DECLS

#define TEA_TYPE_FINDER_ROW (tea_finder_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaFinderRow, tea_finder_row, TEA, FINDER_ROW, AdwActionRow)

GtkWidget *tea_finder_row_new_for_room (TeaJoinedHouse *house, TeaListing *listing);
GtkWidget *tea_finder_row_new_for_person (TeaJoinedHouse *house, const char *name);

TeaJoinedHouse *tea_finder_row_get_house (TeaFinderRow *self);
const char *tea_finder_row_get_address (TeaFinderRow *self);
gboolean tea_finder_row_is_person (TeaFinderRow *self);
gboolean tea_finder_row_matches (TeaFinderRow *self, const char *words);
int tea_finder_row_compare (TeaFinderRow *self, TeaFinderRow *other);

G_END_DECLS
