/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-terminal.h"

G_BEGIN_DECLS

/* The longest message, with each of its bytes written as \u0000 in JSON, and something
 * around it. */
#define TEA_CONSOLE_INPUT_LINE_MAX (128u * 1024)

#define TEA_TYPE_CONSOLE_INPUT (tea_console_input_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleInput, tea_console_input, TEA, CONSOLE_INPUT, GObject)

TeaConsoleInput *tea_console_input_new (void);

gboolean tea_console_input_is_interactive (TeaConsoleInput *self);
TeaTerminal *tea_console_input_get_terminal (TeaConsoleInput *self);
void tea_console_input_close (TeaConsoleInput *self);

void tea_console_input_read_line_async (TeaConsoleInput *self,
                                        const char *prompt,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
void tea_console_input_read_async (TeaConsoleInput *self,
                                   const char *prompt,
                                   gboolean secret,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *tea_console_input_read_finish (TeaConsoleInput *self, GAsyncResult *result, GError **error);

G_END_DECLS
