/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-timeline.h"

G_BEGIN_DECLS

/**
 * TeaClientState:
 * @TEA_CLIENT_OUTSIDE: in no room, and not on the way into one
 * @TEA_CLIENT_JOINING: on the way into a room for the first time
 * @TEA_CLIENT_INSIDE: in a room, as far as one can know
 * @TEA_CLIENT_LOST: the server stopped answering; the next try is at a set time
 * @TEA_CLIENT_REJOINING: trying to get back in
 * @TEA_CLIENT_GIVEN_UP: the server stopped answering, and no more is tried unasked
 * @TEA_CLIENT_LEAVING: saying goodbye
 * @TEA_CLIENT_ENDED: the server ended it
 *
 * Where a client stands.
 */
typedef enum
{
  TEA_CLIENT_OUTSIDE,
  TEA_CLIENT_JOINING,
  TEA_CLIENT_INSIDE,
  TEA_CLIENT_LOST,
  TEA_CLIENT_REJOINING,
  TEA_CLIENT_GIVEN_UP,
  TEA_CLIENT_LEAVING,
  TEA_CLIENT_ENDED,
} TeaClientState;

#define TEA_TYPE_CLIENT_STATE (tea_client_state_get_type ())

GType tea_client_state_get_type (void);

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
