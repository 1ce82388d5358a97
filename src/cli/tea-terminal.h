/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void tea_terminal_set_echo (gboolean echo);
void tea_terminal_tell (const char *text);

G_END_DECLS
