/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room-flags.h"

G_BEGIN_DECLS

/* How much history one command can ask for. */
#define TEA_COMMAND_HISTORY_MAX 1000

/**
 * TeaCommandKind:
 * @TEA_COMMAND_SAY: say something
 * @TEA_COMMAND_LEAVE: leave the house, once all that was said has arrived; or be a member of a
 *   room no longer
 * @TEA_COMMAND_HISTORY: print what happened before all that was printed
 * @TEA_COMMAND_WHO: print who is in the room
 * @TEA_COMMAND_ROOMS: print which rooms there are
 * @TEA_COMMAND_OPEN: open a room
 * @TEA_COMMAND_MAKE: make a room, and open it
 * @TEA_COMMAND_CLOSE: close a room, and stay a member of it
 * @TEA_COMMAND_READ: remember how far the user has read
 * @TEA_COMMAND_INVITE: invite somebody into a room
 * @TEA_COMMAND_RENAME: give a room another name
 * @TEA_COMMAND_ARCHIVE: let nobody say anything in a room any more, or let them again
 * @TEA_COMMAND_TYPING: tell that the user is typing
 * @TEA_COMMAND_HELP: print what can be typed
 *
 * What somebody can tell the terminal client to do.
 */
typedef enum
{
  TEA_COMMAND_SAY,
  TEA_COMMAND_LEAVE,
  TEA_COMMAND_HISTORY,
  TEA_COMMAND_WHO,
  TEA_COMMAND_ROOMS,
  TEA_COMMAND_OPEN,
  TEA_COMMAND_MAKE,
  TEA_COMMAND_CLOSE,
  TEA_COMMAND_READ,
  TEA_COMMAND_INVITE,
  TEA_COMMAND_RENAME,
  TEA_COMMAND_ARCHIVE,
  TEA_COMMAND_TYPING,
  TEA_COMMAND_HELP,
} TeaCommandKind;

/**
 * TeaCommand:
 * @kind: what to do
 * @text: (nullable): what to say, whom to invite, or what the room is called
 * @room: (nullable): where; %NULL if that was not said
 * @title: (nullable): what a room that is made is called, where its name is not all
 * @password: (nullable): of the room
 * @number: how much history, or how far was read
 * @flags: how a room is made
 * @is_hidden: whether a room is made that only its link leads to
 * @asks_password: whether the room's password is to be asked for
 * @is_on: whether it is so, or no longer so
 *
 * A line of input, understood.
 */
typedef struct
{
  TeaCommandKind kind;
  char *text;
  char *room;
  char *title;
  char *password;
  guint64 number;
  TeaRoomFlags flags;
  gboolean is_hidden;
  gboolean asks_password;
  gboolean is_on;
} TeaCommand;

#define TEA_COMMAND_INIT \
  {                      \
    0                    \
  }

gboolean tea_command_parse (TeaCommand *self, const char *line, GError **error);
gboolean tea_command_parse_line (TeaCommand *self, const char *line, GError **error);
char **tea_command_list_typed (void);
const char *tea_command_kind_get_name (TeaCommandKind kind);
void tea_command_clear (TeaCommand *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaCommand, tea_command_clear)

G_END_DECLS
