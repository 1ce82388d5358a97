/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_PREFERENCES_WINDOW (tea_preferences_window_get_type ())

G_DECLARE_FINAL_TYPE (
    TeaPreferencesWindow, tea_preferences_window, TEA, PREFERENCES_WINDOW, AdwPreferencesWindow)

GtkWindow *tea_preferences_window_new (GtkApplication *application);

G_END_DECLS
