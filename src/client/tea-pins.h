/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event.h"

G_BEGIN_DECLS

/**
 * TeaPins:
 *
 * What is pinned in a room, by what was told of that in whatever order.
 */
typedef struct _TeaPins TeaPins;

/**
 * TeaPinsFunc:
 * @seq: the number of a message
 * @pinned: whether it is pinned now
 * @user_data: whom to tell
 *
 * What pins tell.
 */
typedef void (*TeaPinsFunc) (guint64 seq, gboolean pinned, gpointer user_data);

TeaPins *tea_pins_new (TeaPinsFunc changed, gpointer user_data);
void tea_pins_free (TeaPins *self);

GListModel *tea_pins_get_list (TeaPins *self);

void tea_pins_take_event (TeaPins *self, TeaEvent *event);
void tea_pins_take_removed (TeaPins *self, guint64 seq);
void tea_pins_forget (TeaPins *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPins, tea_pins_free)

G_END_DECLS
