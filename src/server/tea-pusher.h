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

TeaCursor *tea_pusher_add (TeaPusher *self, TeaSecureSender *sender);
void tea_cursor_free (TeaCursor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaCursor, tea_cursor_free)

G_END_DECLS
