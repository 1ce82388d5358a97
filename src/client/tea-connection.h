/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client-state.h"
#include "tea-conversation.h"
#include "tea-clock.h"
#include "tea-known-servers.h"
#include "tea-packet-connector.h"
#include "tea-listing.h"

G_BEGIN_DECLS

/**
 * TeaConnectionPlan:
 * @address: where the server is
 * @name: what the user wants to be called
 * @protocol: what to speak
 * @password: (nullable): to enter with
 * @since: an event after which everything is wanted; 0 for the latest history
 * @history: how many of the latest events are wanted
 * @identity_file: (nullable): where the user's key is kept; %NULL for the usual place
 * @known: which keys servers had before
 * @outbox_folder: (nullable): where to keep what is not stored; %NULL to forget it at the end
 * @connector: (nullable): how to reach the server, in place of a real one
 *
 * How to enter.
 */
typedef struct
{
  GNetworkAddress *address;
  const char *name;
  TeaProtocol protocol;
  const char *password;
  guint64 since;
  guint history;
  const char *identity_file;
  TeaKnownServers *known;
  const char *outbox_folder;
  TeaPacketConnector *connector;
} TeaConnectionPlan;

#define TEA_TYPE_CONNECTION (tea_connection_get_type ())

G_DECLARE_FINAL_TYPE (TeaConnection, tea_connection, TEA, CONNECTION, GObject)

TeaConnection *tea_connection_new (TeaClock *clock);

void tea_connection_join_async (TeaConnection *self,
                                const TeaConnectionPlan *plan,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tea_connection_join_finish (TeaConnection *self, GAsyncResult *result, GError **error);
void tea_connection_leave_async (TeaConnection *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean tea_connection_leave_finish (TeaConnection *self, GAsyncResult *result, GError **error);
void tea_connection_trust_server_key (TeaConnection *self);
void tea_connection_reconnect (TeaConnection *self);

void tea_connection_open_room_async (TeaConnection *self,
                                     const char *address,
                                     const char *password,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void tea_connection_make_room_async (TeaConnection *self,
                                     const char *address,
                                     const char *title,
                                     TeaRoomFlags flags,
                                     const char *password,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
TeaConversation *
tea_connection_open_room_finish (TeaConnection *self, GAsyncResult *result, GError **error);
void tea_connection_close_room (TeaConnection *self, TeaConversation *conversation);
void tea_connection_forget_room (TeaConnection *self, const char *address);
void tea_connection_list_rooms_async (TeaConnection *self,
                                      TeaRoomList which,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GPtrArray *
tea_connection_list_rooms_finish (TeaConnection *self, GAsyncResult *result, GError **error);

TeaConversation *tea_connection_get_hall (TeaConnection *self);
GListModel *tea_connection_get_conversations (TeaConnection *self);
gboolean tea_connection_may_make_rooms (TeaConnection *self);
guint tea_connection_get_edit_hours (TeaConnection *self);
TeaClientState tea_connection_get_state (TeaConnection *self);
gint64 tea_connection_get_next_try (TeaConnection *self);
GNetworkAddress *tea_connection_get_address (TeaConnection *self);
const char *tea_connection_get_name (TeaConnection *self);
const char *tea_connection_get_reason (TeaConnection *self);
const char *tea_connection_get_room_name (TeaConnection *self);
const char *tea_connection_get_server_key (TeaConnection *self);
const char *tea_connection_get_suggestion (TeaConnection *self);

G_END_DECLS
