/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-house.h"

G_BEGIN_DECLS

void tea_control_lookup_room_async (TeaHouse *house,
                                    const char *address,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
TeaRoom *tea_control_lookup_room_finish (TeaHouse *house, GAsyncResult *result, GError **error);

void tea_control_lookup_key_async (TeaHouse *house,
                                   TeaRoom *room,
                                   const char *who,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *tea_control_lookup_key_finish (TeaHouse *house, GAsyncResult *result, GError **error);

G_END_DECLS
