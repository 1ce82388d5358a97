/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-line-writer.h"

G_BEGIN_DECLS

#define TEA_TYPE_TERMINAL (tea_terminal_get_type ())

G_DECLARE_FINAL_TYPE (TeaTerminal, tea_terminal, TEA, TERMINAL, GObject)

TeaTerminal *tea_terminal_open (void);
void tea_terminal_close (TeaTerminal *self);

TeaLineWriter *tea_terminal_get_writer (TeaTerminal *self);
void tea_terminal_print (TeaTerminal *self, const char *text);

/**
 * TeaTerminalComplete:
 * @line: what stands before the word
 * @word: the beginning of a word
 * @user_data: what was given with the function
 *
 * Finds what a word that is typed can become.
 *
 * Returns: (transfer full) (nullable): whole words
 */
typedef char **(*TeaTerminalComplete) (const char *line, const char *word, gpointer user_data);

void
tea_terminal_set_complete (TeaTerminal *self, TeaTerminalComplete complete, gpointer user_data);

void tea_terminal_read_async (TeaTerminal *self,
                              const char *prompt,
                              gboolean remember,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *tea_terminal_read_finish (TeaTerminal *self, GAsyncResult *result, GError **error);

void tea_terminal_set_echo (gboolean echo);
void tea_terminal_restore (void);

void tea_terminal_tell (const char *text);

G_END_DECLS
