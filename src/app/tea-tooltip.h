/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void tea_tooltip_show (GtkTooltip *tooltip, const char *text);
void tea_tooltip_set (GtkWidget *widget, const char *text);

G_END_DECLS
