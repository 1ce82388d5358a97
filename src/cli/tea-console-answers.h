/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-command.h"
#include "tea-console-output.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_ANSWERS (tea_console_answers_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleAnswers, tea_console_answers, TEA, CONSOLE_ANSWERS, GObject)

TeaConsoleAnswers *tea_console_answers_new (TeaClient *client, TeaConsoleOutput *output);

void tea_console_answers_give_async (TeaConsoleAnswers *self,
                                     const TeaCommand *question,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
tea_console_answers_give_finish (TeaConsoleAnswers *self, GAsyncResult *result, GError **error);

G_END_DECLS
