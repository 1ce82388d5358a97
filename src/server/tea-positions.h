/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-store.h"

G_BEGIN_DECLS

#define TEA_TYPE_POSITIONS (tea_positions_get_type ())

G_DECLARE_FINAL_TYPE (TeaPositions, tea_positions, TEA, POSITIONS, GObject)

TeaPositions *tea_positions_new (TeaStore *store, TeaClock *clock);

gboolean tea_positions_raise (TeaPositions *self, guint32 room, const char *key, guint64 read);
guint64 tea_positions_get_read (TeaPositions *self, guint32 room, const char *key);
void tea_positions_save (TeaPositions *self);

void tea_positions_find_async (TeaPositions *self,
                               guint32 room,
                               const char *key,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean
tea_positions_find_finish (TeaPositions *self, GAsyncResult *result, guint64 *read, GError **error);

G_END_DECLS
