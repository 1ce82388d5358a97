/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-client-state.h"
#include "tea-conversation.h"
#include "tea-listing.h"
#include "tea-search.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

/**
 * TEA_CLIENT_WHOLE_HISTORY:
 *
 * For [method@Tea.Client.set_history]: everything that the server keeps.
 */
#define TEA_CLIENT_WHOLE_HISTORY 4294967295u

#define TEA_TYPE_CLIENT (tea_client_get_type ())

G_DECLARE_FINAL_TYPE (TeaClient, tea_client, TEA, CLIENT, GObject)

TeaClient *tea_client_new (void);

void tea_client_set_protocol (TeaClient *self, TeaProtocol protocol);
TeaProtocol tea_client_get_protocol (TeaClient *self);
void tea_client_set_identity_file (TeaClient *self, const char *path);
void tea_client_set_known_servers_file (TeaClient *self, const char *path);
void tea_client_set_outbox_folder (TeaClient *self, const char *path);
void tea_client_set_password (TeaClient *self, const char *password);
void tea_client_set_since (TeaClient *self, guint64 seq);
void tea_client_set_history (TeaClient *self, guint n_events);
guint tea_client_get_history (TeaClient *self);
gboolean tea_client_forget_server_key (TeaClient *self, GError **error);
void tea_client_trust_server_key (TeaClient *self);

void tea_client_join_async (TeaClient *self,
                            GNetworkAddress *address,
                            const char *name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean tea_client_join_finish (TeaClient *self, GAsyncResult *result, GError **error);
gboolean tea_client_join (TeaClient *self,
                          GNetworkAddress *address,
                          const char *name,
                          GCancellable *cancellable,
                          GError **error);

gboolean tea_client_say (TeaClient *self, const char *text, GError **error);
gboolean tea_client_reply (TeaClient *self, guint64 seq, const char *text, GError **error);
gboolean tea_client_edit (TeaClient *self, guint64 seq, const char *text, GError **error);
gboolean tea_client_remove (TeaClient *self, guint64 seq, GError **error);
gboolean
tea_client_react (TeaClient *self, guint64 seq, const char *emoji, gboolean set, GError **error);
void tea_client_send_out_async (TeaClient *self,
                                const char *name,
                                const char *reason,
                                gint64 until,
                                guint64 erase,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tea_client_send_out_finish (TeaClient *self, GAsyncResult *result, GError **error);
void tea_client_mute_async (TeaClient *self,
                            const char *name,
                            const char *reason,
                            gint64 until,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean tea_client_mute_finish (TeaClient *self, GAsyncResult *result, GError **error);
TeaSearch *tea_client_search (TeaClient *self, const char *words);
void tea_client_retry (TeaClient *self, TeaTimelineItem *item);
void tea_client_discard (TeaClient *self, TeaTimelineItem *item);
void tea_client_reconnect (TeaClient *self);

void tea_client_load_older_async (TeaClient *self,
                                  guint n_events,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_client_load_older_finish (TeaClient *self, GAsyncResult *result, GError **error);

void tea_client_leave_async (TeaClient *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_client_leave_finish (TeaClient *self, GAsyncResult *result, GError **error);
gboolean tea_client_leave (TeaClient *self, GCancellable *cancellable, GError **error);

void tea_client_open_room_async (TeaClient *self,
                                 const char *address,
                                 const char *password,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
TeaConversation *
tea_client_open_room_finish (TeaClient *self, GAsyncResult *result, GError **error);
TeaConversation *tea_client_open_room (TeaClient *self,
                                       const char *address,
                                       const char *password,
                                       GCancellable *cancellable,
                                       GError **error);
void tea_client_make_room_async (TeaClient *self,
                                 const char *address,
                                 const char *title,
                                 TeaRoomFlags flags,
                                 const char *password,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
TeaConversation *
tea_client_make_room_finish (TeaClient *self, GAsyncResult *result, GError **error);
void tea_client_close_room (TeaClient *self, TeaConversation *conversation);
void tea_client_list_rooms_async (TeaClient *self,
                                  TeaRoomList which,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *tea_client_list_rooms_finish (TeaClient *self, GAsyncResult *result, GError **error);
void tea_client_forget_room (TeaClient *self, const char *address);

TeaConversation *tea_client_get_hall (TeaClient *self);
GListModel *tea_client_get_conversations (TeaClient *self);
gboolean tea_client_get_may_make_rooms (TeaClient *self);
guint tea_client_get_edit_hours (TeaClient *self);
TeaClientState tea_client_get_state (TeaClient *self);
const char *tea_client_get_name (TeaClient *self);
GNetworkAddress *tea_client_get_address (TeaClient *self);
const char *tea_client_get_server_key (TeaClient *self);
const char *tea_client_get_room_name (TeaClient *self);
const char *tea_client_get_suggestion (TeaClient *self);
gboolean tea_client_get_has_older (TeaClient *self);
guint tea_client_get_n_unsent (TeaClient *self);
const char *tea_client_get_reason (TeaClient *self);
gint64 tea_client_get_next_try (TeaClient *self);
TeaTimeline *tea_client_get_timeline (TeaClient *self);
GListModel *tea_client_get_members (TeaClient *self);
gboolean tea_client_get_members_known (TeaClient *self);

G_END_DECLS
