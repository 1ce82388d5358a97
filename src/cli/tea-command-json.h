/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-command.h"

G_BEGIN_DECLS

gboolean tea_command_json_parse (TeaCommand *command, const char *line, GError **error);

G_END_DECLS
