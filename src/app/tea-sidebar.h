/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-place-list.h"

G_BEGIN_DECLS

#define TEA_TYPE_SIDEBAR (tea_sidebar_get_type ())

G_DECLARE_FINAL_TYPE (TeaSidebar, tea_sidebar, TEA, SIDEBAR, AdwBin)

TeaPlaceList *tea_sidebar_get_list (TeaSidebar *self);
void tea_sidebar_set_houses (TeaSidebar *self, TeaHouseList *houses);

G_END_DECLS
