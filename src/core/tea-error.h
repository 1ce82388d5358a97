/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TEA_ERROR:
 *
 * The error domain of everything that is Teahouse's own; see [error@Tea.Error].
 * What sockets and files do keeps the domains of GIO.
 */
#define TEA_ERROR (tea_error_quark ())

/**
 * TeaError:
 * @TEA_ERROR_NAME_EMPTY: a name has no character at all
 * @TEA_ERROR_NAME_TOO_LONG: a name has more than %TEA_NAME_MAX_CHARACTERS characters
 * @TEA_ERROR_NAME_INVALID: a name holds a character that names cannot have
 * @TEA_ERROR_NAME_TAKEN: somebody in the room already has that name
 * @TEA_ERROR_ADDRESS_INVALID: a text is not the address of a room
 * @TEA_ERROR_TEXT_INVALID: a message is empty, too long or not UTF-8
 * @TEA_ERROR_REQUEST_INVALID: a datagram is no request of the protocol
 * @TEA_ERROR_NOT_A_MEMBER: the asker is not in the room, or is not who they say
 * @TEA_ERROR_ALREADY_A_MEMBER: the asker is in the room under another name
 * @TEA_ERROR_ROOM_FULL: the room takes no more people
 * @TEA_ERROR_NOT_ALLOWED: the server's operator does not allow this
 * @TEA_ERROR_REFUSED: a server refused, for the reason the message tells
 * @TEA_ERROR_NO_ANSWER: nothing answered at the address in time
 * @TEA_ERROR_NOT_SECURE: something answers at the address, but not with encryption
 * @TEA_ERROR_KEY_CHANGED: a server has another key than the one that is known of it
 * @TEA_ERROR_PASSWORD_NEEDED: the room has a password, and none was given
 * @TEA_ERROR_PASSWORD_WRONG: the room has another password
 * @TEA_ERROR_TRY_LATER: the server does not do this now, but may soon
 * @TEA_ERROR_KEY_INVALID: a file is not a key, or cannot be trusted to be one's own
 * @TEA_ERROR_CONFIG_INVALID: a setting has a value that makes no sense
 * @TEA_ERROR_KEY_UNEXPECTED: a server has another key than a link says
 * @TEA_ERROR_KEY_NOT_KEPT: a server's key is new, and cannot be remembered
 *
 * Error codes of the %TEA_ERROR domain. Every message is a whole translated
 * sentence, fit to be shown.
 */
typedef enum
{
  TEA_ERROR_NAME_EMPTY,
  TEA_ERROR_NAME_TOO_LONG,
  TEA_ERROR_NAME_INVALID,
  TEA_ERROR_NAME_TAKEN,
  TEA_ERROR_ADDRESS_INVALID,
  TEA_ERROR_TEXT_INVALID,
  TEA_ERROR_REQUEST_INVALID,
  TEA_ERROR_NOT_A_MEMBER,
  TEA_ERROR_ALREADY_A_MEMBER,
  TEA_ERROR_ROOM_FULL,
  TEA_ERROR_NOT_ALLOWED,
  TEA_ERROR_REFUSED,
  TEA_ERROR_NO_ANSWER,
  TEA_ERROR_CONFIG_INVALID,
  TEA_ERROR_NOT_SECURE,
  TEA_ERROR_KEY_CHANGED,
  TEA_ERROR_PASSWORD_NEEDED,
  TEA_ERROR_PASSWORD_WRONG,
  TEA_ERROR_TRY_LATER,
  TEA_ERROR_KEY_INVALID,
  TEA_ERROR_KEY_UNEXPECTED,
  TEA_ERROR_KEY_NOT_KEPT,
} TeaError;

#define TEA_TYPE_ERROR (tea_error_get_type ())

GType tea_error_get_type (void);
GQuark tea_error_quark (void);

G_END_DECLS
