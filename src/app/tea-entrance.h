/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-hosted-room.h"

G_BEGIN_DECLS

#define TEA_TYPE_ENTRANCE (tea_entrance_get_type ())

G_DECLARE_FINAL_TYPE (TeaEntrance, tea_entrance, TEA, ENTRANCE, GObject)

TeaEntrance *tea_entrance_new (GSettings *settings);

void tea_entrance_set_password (TeaEntrance *self, const char *password);
void tea_entrance_allow_unprotected (TeaEntrance *self, GNetworkAddress *address);
gboolean tea_entrance_forget_key (TeaEntrance *self, GError **error);

void tea_entrance_join_async (TeaEntrance *self,
                              GNetworkAddress *address,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void tea_entrance_host_async (TeaEntrance *self,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean tea_entrance_finish (TeaEntrance *self, GAsyncResult *result, GError **error);

TeaClient *tea_entrance_get_client (TeaEntrance *self);
TeaHostedRoom *tea_entrance_get_hosted_room (TeaEntrance *self);

G_END_DECLS
