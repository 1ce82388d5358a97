/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-link.h"
#include "tea-packet-connector.h"
#include "tea-room-link.h"
#include "tea-listing.h"

G_BEGIN_DECLS

/**
 * TEA_SECURE_LINK_ROOMS_MAX:
 *
 * How many rooms a session can have, the hall among them.
 */
#define TEA_SECURE_LINK_ROOMS_MAX 256u

#define TEA_TYPE_SECURE_LINK (tea_secure_link_get_type ())

G_DECLARE_FINAL_TYPE (TeaSecureLink, tea_secure_link, TEA, SECURE_LINK, GObject)

TeaSecureLink *tea_secure_link_new (TeaClock *clock,
                                    TeaPacketConnector *connector,
                                    const char *name,
                                    const char *password,
                                    guint32 stream);

TeaRoomLink *tea_secure_link_add_room (TeaSecureLink *self,
                                       const TeaRoomPlan *plan,
                                       TeaOutbox *outbox,
                                       TeaMemberList *members,
                                       const TeaRoomLinkFuncs *funcs,
                                       gpointer user_data);
void tea_secure_link_remove_room (TeaSecureLink *self, TeaRoomLink *room);
void tea_secure_link_forget_room (TeaSecureLink *self, const char *address);
void tea_secure_link_list_rooms_async (TeaSecureLink *self,
                                       TeaRoomList which,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *
tea_secure_link_list_rooms_finish (TeaSecureLink *self, GAsyncResult *result, GError **error);

void tea_secure_link_note_network_changed (TeaSecureLink *self);

void tea_secure_link_stop (TeaSecureLink *self);

guint32 tea_secure_link_get_stream (TeaSecureLink *self);
TeaHouseFlags tea_secure_link_get_flags (TeaSecureLink *self);
guint tea_secure_link_get_edit_hours (TeaSecureLink *self);
const char *tea_secure_link_get_name (TeaSecureLink *self);
const char *tea_secure_link_get_title (TeaSecureLink *self);
const char *tea_secure_link_get_server_key (TeaSecureLink *self);
const char *tea_secure_link_get_suggestion (TeaSecureLink *self);

G_END_DECLS
