/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-hosted-room.h"
#include "tea-place.h"

G_BEGIN_DECLS

#define TEA_TYPE_JOINED_HOUSE (tea_joined_house_get_type ())

G_DECLARE_FINAL_TYPE (TeaJoinedHouse, tea_joined_house, TEA, JOINED_HOUSE, GObject)

TeaJoinedHouse *tea_joined_house_new (TeaClient *client, TeaHostedRoom *hosted_room);

void tea_joined_house_open_async (TeaJoinedHouse *self,
                                  const char *address,
                                  const char *password,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void tea_joined_house_make_async (TeaJoinedHouse *self,
                                  const char *address,
                                  const char *title,
                                  TeaRoomFlags flags,
                                  const char *password,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
TeaPlace *tea_joined_house_open_finish (TeaJoinedHouse *self, GAsyncResult *result, GError **error);
void tea_joined_house_leave_place (TeaJoinedHouse *self, TeaPlace *place);

void tea_joined_house_leave_async (TeaJoinedHouse *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean tea_joined_house_leave_finish (TeaJoinedHouse *self, GAsyncResult *result, GError **error);

TeaClient *tea_joined_house_get_client (TeaJoinedHouse *self);
TeaHostedRoom *tea_joined_house_get_hosted_room (TeaJoinedHouse *self);
TeaPlace *tea_joined_house_get_hall (TeaJoinedHouse *self);
GListModel *tea_joined_house_get_places (TeaJoinedHouse *self);
gboolean tea_joined_house_is_at (TeaJoinedHouse *self, GNetworkAddress *address);
gboolean tea_joined_house_get_is_leaving (TeaJoinedHouse *self);
guint tea_joined_house_get_n_unsent (TeaJoinedHouse *self);

G_END_DECLS
