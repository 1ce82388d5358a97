/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_SELECTION_BAR (tea_selection_bar_get_type ())

G_DECLARE_FINAL_TYPE (TeaSelectionBar, tea_selection_bar, TEA, SELECTION_BAR, AdwBin)

G_END_DECLS
