/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-joined-house.h"

G_BEGIN_DECLS

#define TEA_TYPE_HOUSE_LIST (tea_house_list_get_type ())

G_DECLARE_FINAL_TYPE (TeaHouseList, tea_house_list, TEA, HOUSE_LIST, GObject)

TeaHouseList *tea_house_list_new (void);

TeaJoinedHouse *
tea_house_list_add (TeaHouseList *self, TeaClient *client, TeaHostedRoom *hosted_room);
TeaJoinedHouse *tea_house_list_find (TeaHouseList *self, GNetworkAddress *address);
TeaJoinedHouse *tea_house_list_find_of (TeaHouseList *self, TeaPlace *place);

void tea_house_list_leave_house (TeaHouseList *self, TeaJoinedHouse *house);
void
tea_house_list_leave_async (TeaHouseList *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tea_house_list_leave_finish (TeaHouseList *self, GAsyncResult *result, GError **error);

guint tea_house_list_get_n_unsent (TeaHouseList *self);

G_END_DECLS
