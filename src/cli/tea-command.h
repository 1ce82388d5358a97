/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much history one command can ask for. */
#define TEA_COMMAND_HISTORY_MAX 1000

/**
 * TeaCommandKind:
 * @TEA_COMMAND_SAY: say something
 * @TEA_COMMAND_LEAVE: leave, once all that was said has arrived
 * @TEA_COMMAND_HISTORY: print what happened before all that was printed
 * @TEA_COMMAND_WHO: print who is in the room
 *
 * What a program can tell the terminal client to do.
 */
typedef enum
{
  TEA_COMMAND_SAY,
  TEA_COMMAND_LEAVE,
  TEA_COMMAND_HISTORY,
  TEA_COMMAND_WHO,
} TeaCommandKind;

/**
 * TeaCommand:
 * @kind: what to do
 * @text: (nullable): what to say
 * @n_events: how much history
 *
 * A line of JSON input, understood.
 */
typedef struct
{
  TeaCommandKind kind;
  char *text;
  guint n_events;
} TeaCommand;

#define TEA_COMMAND_INIT \
  {                      \
    0                    \
  }

gboolean tea_command_parse (TeaCommand *self, const char *line, GError **error);
void tea_command_clear (TeaCommand *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaCommand, tea_command_clear)

G_END_DECLS
