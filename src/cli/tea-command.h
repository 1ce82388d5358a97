/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room-flags.h"

G_BEGIN_DECLS

/* How much history one command can ask for. */
#define TEA_COMMAND_HISTORY_MAX 1000

/* How long a command can keep somebody out, in s: a hundred years. */
#define TEA_COMMAND_SECONDS_MAX G_GUINT64_CONSTANT (3155760000)

/* How long members of a room can have to wait between messages, in s. */
#define TEA_COMMAND_SLOW_MAX (24 * 60 * 60)

/* How much around a message one command can ask for. */
#define TEA_COMMAND_AROUND_MAX 200

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
 * @TEA_COMMAND_REPLY: answer the latest message, or another
 * @TEA_COMMAND_EDIT: give a message of one's own another text
 * @TEA_COMMAND_REMOVE: remove a message
 * @TEA_COMMAND_REACT: react to a message, or take that back
 * @TEA_COMMAND_PIN: pin a message, or take that back
 * @TEA_COMMAND_TOPIC: change the topic of a room, or print it
 * @TEA_COMMAND_MESSAGES: print the latest messages with their numbers
 * @TEA_COMMAND_SEARCH: look for words
 * @TEA_COMMAND_SHOW: print a message as it is now, and what is around it
 * @TEA_COMMAND_ROLE: give somebody another role in a room
 * @TEA_COMMAND_SEND_OUT: send somebody out of a room
 * @TEA_COMMAND_LET_IN: let somebody into a room again who was sent out
 * @TEA_COMMAND_MUTE: let somebody say nothing in a room, or let them again
 * @TEA_COMMAND_SLOW: tell how long members of a room wait between messages
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
  TEA_COMMAND_REPLY,
  TEA_COMMAND_EDIT,
  TEA_COMMAND_REMOVE,
  TEA_COMMAND_REACT,
  TEA_COMMAND_PIN,
  TEA_COMMAND_TOPIC,
  TEA_COMMAND_MESSAGES,
  TEA_COMMAND_SEARCH,
  TEA_COMMAND_SHOW,
  TEA_COMMAND_ROLE,
  TEA_COMMAND_SEND_OUT,
  TEA_COMMAND_LET_IN,
  TEA_COMMAND_MUTE,
  TEA_COMMAND_SLOW,
  TEA_COMMAND_N_KINDS,
} TeaCommandKind;

/**
 * TeaCommand:
 * @kind: what to do
 * @text: (nullable): what to say, an emoji, a topic, words; whom it is about, or what the room is
 *   called
 * @room: (nullable): where; %NULL if that was not said
 * @title: (nullable): what a room that is made is called, where its name is not all
 * @password: (nullable): of the room
 * @reason: (nullable): why somebody is sent out, or muted
 * @number: how much history, or how much around a message; how far was read; or how many seconds to
 * wait between messages
 * @target: the number of the message that is meant; 0 for the latest that can be
 * @before: from before which event on words are looked for; 0 for from the latest on
 * @seconds: for how long somebody is sent out or muted; 0 where that was not said
 * @erase: from which event on all that somebody said is removed; 0 for nothing
 * @role: somebody's role from now on
 * @flags: how a room is made
 * @is_hidden: whether a room is made that only its link leads to
 * @asks_password: whether the room's password is to be asked for
 * @is_on: whether it is so, or no longer so
 * @is_forever: whether somebody is sent out for good
 * @with_network: whether the network that somebody came from stays out, too
 * @is_everywhere: whether words are looked for in all rooms that are open
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
  char *reason;
  guint64 number;
  guint64 target;
  guint64 before;
  guint64 seconds;
  guint64 erase;
  TeaRoomRole role;
  TeaRoomFlags flags;
  gboolean is_hidden;
  gboolean asks_password;
  gboolean is_on;
  gboolean is_forever;
  gboolean with_network;
  gboolean is_everywhere;
} TeaCommand;

#define TEA_COMMAND_INIT \
  {                      \
    0                    \
  }

TeaCommand *tea_command_copy (const TeaCommand *self);
void tea_command_clear (TeaCommand *self);
void tea_command_free (TeaCommand *self);

const char *tea_command_kind_get_name (TeaCommandKind kind);
gboolean tea_command_take_role (const char *name, TeaRoomRole *role);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaCommand, tea_command_clear)

G_END_DECLS
