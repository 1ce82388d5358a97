/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-joined-house.h"

G_BEGIN_DECLS

void tea_open_place_room_async (GtkWindow *parent,
                                TeaJoinedHouse *house,
                                const char *address,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void tea_open_place_person_async (GtkWindow *parent,
                                  TeaJoinedHouse *house,
                                  const char *name,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
TeaPlace *tea_open_place_finish (GtkWindow *parent, GAsyncResult *result, GError **error);

G_END_DECLS
