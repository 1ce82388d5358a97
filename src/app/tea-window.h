/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-background.h"
#include "tea-house-list.h"

G_BEGIN_DECLS

#define TEA_TYPE_WINDOW (tea_window_get_type ())

G_DECLARE_FINAL_TYPE (TeaWindow, tea_window, TEA, WINDOW, AdwApplicationWindow)

TeaWindow *
tea_window_new (GtkApplication *application, TeaBackground *background, TeaHouseList *houses);

TeaPlace *tea_window_get_place (TeaWindow *self);
void tea_window_show_place (TeaWindow *self, TeaPlace *place);
void tea_window_show_unread (TeaWindow *self, TeaPlace *place);

void tea_window_welcome (TeaWindow *self, const char *name, const char *address);
void tea_window_join (TeaWindow *self, const char *name, const char *address);
gboolean tea_window_return (TeaWindow *self);
void tea_window_host (TeaWindow *self, const char *name);
gboolean tea_window_show_house (TeaWindow *self, GNetworkAddress *address);
void tea_window_quit (TeaWindow *self);
void tea_window_close_now (TeaWindow *self);

G_END_DECLS
