/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room.h"
#include "tea-secure-sender.h"

G_BEGIN_DECLS

#define TEA_TYPE_PUSHER (tea_pusher_get_type ())

G_DECLARE_FINAL_TYPE (TeaPusher, tea_pusher, TEA, PUSHER, GObject)

/**
 * TeaCursor:
 *
 * How far one client was sent what is new in a room.
 */
typedef struct _TeaCursor TeaCursor;

TeaPusher *tea_pusher_get (TeaRoom *room, TeaClock *clock);

guint tea_pusher_get_n_cursors (TeaPusher *self);
void tea_pusher_set_steady (TeaPusher *self, gboolean is_steady);
TeaCursor *
tea_pusher_add (TeaPusher *self, TeaSecureSender *sender, guint16 channel, const char *key);

void tea_cursor_free (TeaCursor *self);
void tea_cursor_note_loss (TeaCursor *self);
void tea_cursor_send_to_others (TeaCursor *self, GBytes *frame);
void tea_cursor_send_to_own (TeaCursor *self, GBytes *frame);
gboolean tea_cursor_is_alone (TeaCursor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaCursor, tea_cursor_free)

G_END_DECLS
