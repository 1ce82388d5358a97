/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-name.h"

G_BEGIN_DECLS

/**
 * TeaTyping:
 *
 * Who is writing in a room: oneself, to be told to the others from time to time, and the
 * others, for a while after they were last heard to.
 */
typedef struct _TeaTyping TeaTyping;

TeaTyping *
tea_typing_new (TeaClock *clock, void (*changed) (gpointer user_data), gpointer user_data);
void tea_typing_free (TeaTyping *self);

gboolean tea_typing_note_own (TeaTyping *self, gboolean is_writing);
void tea_typing_take (TeaTyping *self, const char *name);
void tea_typing_take_message (TeaTyping *self, const char *author);
void tea_typing_clear (TeaTyping *self);
char **tea_typing_dup_names (TeaTyping *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaTyping, tea_typing_free)

G_END_DECLS
