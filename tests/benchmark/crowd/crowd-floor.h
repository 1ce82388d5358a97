/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

/* What benchmark-floor and its guests say to each other: a datagram of one byte is a hello; any
 * other has texts of CROWD_TEXT_SIZE bytes, each behind a head. A sealed one begins with the
 * number that it was sealed with and ends with a tag. */

#define FLOOR_HEAD_SIZE 4
#define FLOOR_KEY_SIZE 16
#define FLOOR_NONCE_SIZE 12
#define FLOOR_NUMBER_SIZE 8
#define FLOOR_TAG_SIZE 16
#define FLOOR_DATAGRAM_SIZE 1200
