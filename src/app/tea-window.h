/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-background.h"

G_BEGIN_DECLS

#define TEA_TYPE_WINDOW (tea_window_get_type ())

G_DECLARE_FINAL_TYPE (TeaWindow, tea_window, TEA, WINDOW, AdwApplicationWindow)

TeaWindow *tea_window_new (GtkApplication *application, TeaBackground *background);

void tea_window_welcome (TeaWindow *self, const char *name, const char *address);
void tea_window_join (TeaWindow *self, const char *name, const char *address);
void tea_window_host (TeaWindow *self, const char *name);
gboolean tea_window_show_house (TeaWindow *self, GNetworkAddress *address);
gboolean tea_window_show_notified (TeaWindow *self, const char *id);
gboolean tea_window_mark_read (TeaWindow *self, const char *id);
void tea_window_quit (TeaWindow *self);
void tea_window_close_now (TeaWindow *self);

G_END_DECLS
