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
 * TEA_TOPIC_MAX_BYTES:
 *
 * The longest topic of a room.
 */
#define TEA_TOPIC_MAX_BYTES 1024

/**
 * TEA_EMOJI_MAX_BYTES:
 *
 * The longest emoji of a reaction.
 */
#define TEA_EMOJI_MAX_BYTES 32

/**
 * TEA_REACTION_MAX_NAMES:
 *
 * How many names are told at most of those who reacted with the same emoji.
 */
#define TEA_REACTION_MAX_NAMES 8

/**
 * TEA_REACTION_NAMES_MAX_BYTES:
 *
 * How long these names are together at most: the first ones that fit are told.
 */
#define TEA_REACTION_NAMES_MAX_BYTES 256

/**
 * TEA_MESSAGE_MAX_EMOJIS:
 *
 * How many different emojis there can be on a message.
 */
#define TEA_MESSAGE_MAX_EMOJIS 20

/**
 * TEA_MESSAGE_MAX_REACTIONS:
 *
 * How many reactions there can be to a message, of all people together.
 */
#define TEA_MESSAGE_MAX_REACTIONS 500

/**
 * TEA_WORDS_MAX_BYTES:
 *
 * The longest question of a search.
 */
#define TEA_WORDS_MAX_BYTES 256

/**
 * TEA_RECORD_MAX_BYTES:
 *
 * The longest record of an event in a log.
 */
#define TEA_RECORD_MAX_BYTES (64 * 1024)

/**
 * TEA_EVENT_MAX_TIME:
 *
 * The latest moment of an event, in µs since 1970 UTC: the end of the year 9999, which every
 * calendar can show.
 */
#define TEA_EVENT_MAX_TIME G_GINT64_CONSTANT (253402300799999999)

G_END_DECLS
