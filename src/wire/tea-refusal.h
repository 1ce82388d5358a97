/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaRefusal:
 * @TEA_REFUSAL_OTHER: for the reason the text tells
 * @TEA_REFUSAL_VERSION: no version of the protocol is spoken by both
 * @TEA_REFUSAL_NO_ROOM: there is no room of that name
 * @TEA_REFUSAL_NAME_UNFIT: the name cannot be one
 * @TEA_REFUSAL_NAME_TAKEN: the name is somebody else's; there may be a suggestion
 * @TEA_REFUSAL_ROOM_FULL: house or room takes no more people
 * @TEA_REFUSAL_PASSWORD_NEEDED: there is a password, and none was given
 * @TEA_REFUSAL_PASSWORD_WRONG: that is not the password
 * @TEA_REFUSAL_TRY_LATER: too many tries, or the server's disk is full; try again later
 * @TEA_REFUSAL_NOT_INSIDE: said by somebody who is not in the room
 * @TEA_REFUSAL_TEXT_UNFIT: the message is empty, too long or not text
 * @TEA_REFUSAL_NOT_YOURS: that is not for whoever asks to do
 * @TEA_REFUSAL_NOT_BEFORE: not before a time, which the text tells
 * @TEA_REFUSAL_GONE: what it refers to is gone
 * @TEA_REFUSAL_BY_INVITATION: only who is invited gets into the room
 * @TEA_REFUSAL_ARCHIVED: the room is archived
 *
 * Why a server does not do what a client asks. The text that goes with it is the server's
 * own; clients show their own words for what they know. Codes of later versions are read
 * as %TEA_REFUSAL_OTHER.
 */
typedef enum
{
  TEA_REFUSAL_OTHER = 0,
  TEA_REFUSAL_VERSION = 1,
  TEA_REFUSAL_NO_ROOM = 2,
  TEA_REFUSAL_NAME_UNFIT = 3,
  TEA_REFUSAL_NAME_TAKEN = 4,
  TEA_REFUSAL_ROOM_FULL = 5,
  TEA_REFUSAL_PASSWORD_NEEDED = 6,
  TEA_REFUSAL_PASSWORD_WRONG = 7,
  TEA_REFUSAL_TRY_LATER = 8,
  TEA_REFUSAL_NOT_INSIDE = 9,
  TEA_REFUSAL_TEXT_UNFIT = 10,
  TEA_REFUSAL_NOT_YOURS = 11,
  TEA_REFUSAL_NOT_BEFORE = 12,
  TEA_REFUSAL_GONE = 13,
  TEA_REFUSAL_BY_INVITATION = 14,
  TEA_REFUSAL_ARCHIVED = 15,
} TeaRefusal;

/**
 * TEA_REFUSAL:
 *
 * The error domain of what a server does not do for a client; its codes are #TeaRefusal.
 */
#define TEA_REFUSAL (tea_refusal_quark ())

GQuark tea_refusal_quark (void);

GError *tea_refusal_new (TeaRefusal code, const char *text);
TeaRefusal tea_refusal_from_error (const GError *error);
gboolean tea_refusal_passes (TeaRefusal code);
GError *tea_refusal_to_error (TeaRefusal code, const char *reason);

G_END_DECLS
