/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-house-list.h"

G_BEGIN_DECLS

#define TEA_TYPE_FINDER_WINDOW (tea_finder_window_get_type ())

G_DECLARE_FINAL_TYPE (TeaFinderWindow, tea_finder_window, TEA, FINDER_WINDOW, AdwWindow)

GtkWindow *tea_finder_window_new (GtkWindow *parent, TeaHouseList *houses, gboolean people_only);
GtkWindow *tea_finder_window_new_for_inviting (GtkWindow *parent, TeaJoinedHouse *house);

G_END_DECLS
