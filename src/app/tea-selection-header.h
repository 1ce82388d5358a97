/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-selection.h"

G_BEGIN_DECLS

#define TEA_TYPE_SELECTION_HEADER (tea_selection_header_get_type ())

G_DECLARE_FINAL_TYPE (TeaSelectionHeader, tea_selection_header, TEA, SELECTION_HEADER, AdwBin)

void tea_selection_header_set_selection (TeaSelectionHeader *self, TeaSelection *selection);

G_END_DECLS
