/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-console-input.h"
#include "tea-exit-status.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_ENTRY (tea_console_entry_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleEntry, tea_console_entry, TEA, CONSOLE_ENTRY, GObject)

TeaConsoleEntry *tea_console_entry_new (TeaClient *client,
                                        TeaConsoleInput *input,
                                        GNetworkAddress *address,
                                        const char *name);

void tea_console_entry_enter_async (TeaConsoleEntry *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
TeaExitStatus tea_console_entry_enter_finish (TeaConsoleEntry *self, GAsyncResult *result);

G_END_DECLS
