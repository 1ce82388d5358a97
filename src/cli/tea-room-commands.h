/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-command.h"
#include "tea-conversation.h"

G_BEGIN_DECLS

gboolean tea_room_command_names_person (TeaCommandKind kind);
gboolean tea_room_command_obey (TeaConversation *conversation,
                                const TeaCommand *command,
                                const char *key,
                                const char *name,
                                GError **error);

G_END_DECLS
