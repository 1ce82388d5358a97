/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-server-config.h"

G_BEGIN_DECLS

gboolean tea_operator_command_run (const TeaServerConfig *config, char **words, GError **error);

G_END_DECLS
