/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room-link.h"

G_BEGIN_DECLS

/* Looks for words in one room: asks which messages have them, and gets these. */
void tea_room_search_async (TeaRoomLink *room,
                            const char *words,
                            guint64 before,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *
tea_room_search_finish (TeaRoomLink *room, GAsyncResult *result, guint64 *next, GError **error);

G_END_DECLS
