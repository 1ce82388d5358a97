/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-client.h"
#include "tea-exit-status.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE (tea_console_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsole, tea_console, TEA, CONSOLE, GObject)

TeaConsole *
tea_console_new (TeaClient *client, GNetworkAddress *address, const char *name, gboolean json);

void tea_console_set_timeout (TeaConsole *self, guint seconds);
void tea_console_set_room (TeaConsole *self, const char *room);
void tea_console_set_lists_rooms (TeaConsole *self);
void tea_console_set_message (TeaConsole *self, const char *message);

TeaExitStatus tea_console_run (TeaConsole *self);
void tea_console_leave (TeaConsole *self);

G_END_DECLS
