/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of everything there can be, by whatever way it comes. Sizes are in bytes; those of
 * texts are of UTF-8, without the zero at their end. */

/**
 * TEA_TEXT_MAX_BYTES:
 *
 * The longest text of one message.
 */
#define TEA_TEXT_MAX_BYTES 16384

/**
 * TEA_DATA_MAX_BYTES:
 *
 * The most data that an event carries besides its text.
 */
#define TEA_DATA_MAX_BYTES 8192

/**
 * TEA_WIRE_NAME_MAX_BYTES:
 *
 * The longest name in a frame: every name of %TEA_NAME_MAX_CHARACTERS fits. What is asked
 * for may be unfit to be a name all the same.
 */
#define TEA_WIRE_NAME_MAX_BYTES 128

/**
 * TEA_WIRE_LABEL_MAX_BYTES:
 *
 * The longest name of a program, and the longest address and title of a room.
 */
#define TEA_WIRE_LABEL_MAX_BYTES 256

/**
 * TEA_PASSWORD_MAX_BYTES:
 *
 * The longest password of a house or a room.
 */
#define TEA_PASSWORD_MAX_BYTES 256

/**
 * TEA_REASON_MAX_BYTES:
 *
 * The longest reason in a frame; longer ones are cut where they are written.
 */
#define TEA_REASON_MAX_BYTES 512

/**
 * TEA_EVENT_MAX_TIME:
 *
 * The latest moment of an event, in µs since 1970 UTC: the end of the year 9999, which every
 * calendar can show.
 */
#define TEA_EVENT_MAX_TIME G_GINT64_CONSTANT (253402300799999999)

G_END_DECLS
