/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/**
 * TeaExitStatus:
 * @TEA_EXIT_LEFT: left normally
 * @TEA_EXIT_USAGE: the command line makes no sense
 * @TEA_EXIT_REFUSED: the name or the password was refused
 * @TEA_EXIT_NO_ANSWER: nobody answered, or not with encryption
 * @TEA_EXIT_NOT_DELIVERED: not all that was said is known to be stored
 * @TEA_EXIT_KEY_CHANGED: the server has another key than it should have
 *
 * What the terminal client's exit status means.
 */
typedef enum
{
  TEA_EXIT_LEFT = 0,
  TEA_EXIT_USAGE = 2,
  TEA_EXIT_REFUSED = 3,
  TEA_EXIT_NO_ANSWER = 4,
  TEA_EXIT_NOT_DELIVERED = 5,
  TEA_EXIT_KEY_CHANGED = 6,
} TeaExitStatus;
