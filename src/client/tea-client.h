/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-client-state.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLIENT (tea_client_get_type ())

G_DECLARE_FINAL_TYPE (TeaClient, tea_client, TEA, CLIENT, GObject)

TeaClient *tea_client_new (void);

void tea_client_join_async (TeaClient *self,
                            GNetworkAddress *address,
                            const char *name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean tea_client_join_finish (TeaClient *self, GAsyncResult *result, GError **error);

gboolean tea_client_say (TeaClient *self, const char *text, GError **error);
void tea_client_retry (TeaClient *self, TeaTimelineItem *item);
void tea_client_discard (TeaClient *self, TeaTimelineItem *item);
void tea_client_reconnect (TeaClient *self);

void tea_client_leave_async (TeaClient *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_client_leave_finish (TeaClient *self, GAsyncResult *result, GError **error);

TeaClientState tea_client_get_state (TeaClient *self);
const char *tea_client_get_name (TeaClient *self);
GNetworkAddress *tea_client_get_address (TeaClient *self);
const char *tea_client_get_reason (TeaClient *self);
gint64 tea_client_get_next_try (TeaClient *self);
TeaTimeline *tea_client_get_timeline (TeaClient *self);
GListModel *tea_client_get_members (TeaClient *self);

G_END_DECLS
