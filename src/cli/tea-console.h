/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaExitStatus:
 * @TEA_EXIT_LEFT: left normally
 * @TEA_EXIT_USAGE: the command line makes no sense
 * @TEA_EXIT_REFUSED: the name was refused
 * @TEA_EXIT_NO_ANSWER: nobody answered
 *
 * What the terminal client's exit status means.
 */
typedef enum
{
  TEA_EXIT_LEFT = 0,
  TEA_EXIT_USAGE = 2,
  TEA_EXIT_REFUSED = 3,
  TEA_EXIT_NO_ANSWER = 4,
} TeaExitStatus;

#define TEA_TYPE_CONSOLE (tea_console_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsole, tea_console, TEA, CONSOLE, GObject)

TeaConsole *tea_console_new (GNetworkAddress *address, const char *name, gboolean json);

TeaExitStatus tea_console_run (TeaConsole *self);
void tea_console_leave (TeaConsole *self);

G_END_DECLS
