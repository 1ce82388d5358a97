/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_CODE_BLOCK (tea_code_block_get_type ())

G_DECLARE_FINAL_TYPE (TeaCodeBlock, tea_code_block, TEA, CODE_BLOCK, GtkWidget)

GtkWidget *tea_code_block_new (const char *code);

GtkLabel *tea_code_block_get_label (TeaCodeBlock *self);

G_END_DECLS
