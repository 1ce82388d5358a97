/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-command.h"
#include "tea-console-input.h"
#include "tea-console-output.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_HOUSE (tea_console_house_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleHouse, tea_console_house, TEA, CONSOLE_HOUSE, GObject)

TeaConsoleHouse *tea_console_house_new (TeaClient *client,
                                        TeaConsoleInput *input,
                                        TeaConsoleOutput *output,
                                        gboolean json);

void tea_console_house_obey_async (TeaConsoleHouse *self,
                                   const TeaCommand *command,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
tea_console_house_obey_finish (TeaConsoleHouse *self, GAsyncResult *result, GError **error);

gboolean tea_console_house_is_in_hall (TeaConsoleHouse *self);
const char *tea_console_house_get_prompt (TeaConsoleHouse *self);
guint tea_console_house_get_n_unsent (TeaConsoleHouse *self);
gboolean tea_console_house_has_failed (TeaConsoleHouse *self);

G_END_DECLS
