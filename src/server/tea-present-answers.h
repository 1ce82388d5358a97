/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room.h"

G_BEGIN_DECLS

/**
 * TeaPresentAnswers:
 *
 * The answers to who is in a room, each made once for all who ask the same.
 */
typedef struct _TeaPresentAnswers TeaPresentAnswers;

TeaPresentAnswers *tea_present_answers_get (TeaRoom *room);

GBytes *tea_present_answers_make (TeaPresentAnswers *self, guint64 after, gsize max_size);

G_END_DECLS
