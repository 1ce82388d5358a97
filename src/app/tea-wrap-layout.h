/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_WRAP_LAYOUT (tea_wrap_layout_get_type ())

G_DECLARE_FINAL_TYPE (TeaWrapLayout, tea_wrap_layout, TEA, WRAP_LAYOUT, GtkLayoutManager)

void tea_wrap_layout_set_spacing (TeaWrapLayout *self, int spacing);
void tea_wrap_layout_set_align (TeaWrapLayout *self, GtkAlign align);

G_END_DECLS
