/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-command.h"

G_BEGIN_DECLS

gboolean tea_command_line_parse (TeaCommand *command, const char *line, GError **error);
char **tea_command_line_list (void);
void tea_command_line_help (void);

G_END_DECLS
