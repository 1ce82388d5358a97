/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-hosted-room.h"
#include "tea-join.h"

G_BEGIN_DECLS

#define TEA_TYPE_ENTRANCE (tea_entrance_get_type ())

G_DECLARE_FINAL_TYPE (TeaEntrance, tea_entrance, TEA, ENTRANCE, GObject)

TeaEntrance *tea_entrance_new (GSettings *settings);

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
void tea_entrance_set_password (TeaEntrance *self, const char *password);
TeaJoinOutcome tea_entrance_finish (TeaEntrance *self, GAsyncResult *result, GError **error);

TeaJoin *tea_entrance_get_join (TeaEntrance *self);
TeaHostedRoom *tea_entrance_get_hosted_room (TeaEntrance *self);

G_END_DECLS
