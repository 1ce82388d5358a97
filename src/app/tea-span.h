/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_SPAN (tea_span_get_type ())

G_DECLARE_FINAL_TYPE (TeaSpan, tea_span, TEA, SPAN, GtkWidget)

G_END_DECLS
