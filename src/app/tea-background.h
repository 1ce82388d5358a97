/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_BACKGROUND (tea_background_get_type ())

G_DECLARE_FINAL_TYPE (TeaBackground, tea_background, TEA, BACKGROUND, GObject)

TeaBackground *tea_background_new (GApplication *application);

gboolean tea_background_get_is_wanted (TeaBackground *self);
void tea_background_begin (TeaBackground *self);
void tea_background_end (TeaBackground *self);

G_END_DECLS
