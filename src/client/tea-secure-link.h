/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-link.h"
#include "tea-packet-connector.h"
#include "tea-room-link.h"

G_BEGIN_DECLS

#define TEA_TYPE_SECURE_LINK (tea_secure_link_get_type ())

G_DECLARE_FINAL_TYPE (TeaSecureLink, tea_secure_link, TEA, SECURE_LINK, GObject)

TeaSecureLink *tea_secure_link_new (TeaClock *clock,
                                    TeaPacketConnector *connector,
                                    const char *room,
                                    const char *name,
                                    const char *password,
                                    guint32 stream);

TeaRoomLink *tea_secure_link_add_room (TeaSecureLink *self,
                                       TeaOutbox *outbox,
                                       TeaMemberList *members,
                                       const TeaRoomLinkFuncs *funcs,
                                       gpointer user_data);

void tea_secure_link_note_network_changed (TeaSecureLink *self);

guint32 tea_secure_link_get_stream (TeaSecureLink *self);
const char *tea_secure_link_get_name (TeaSecureLink *self);
const char *tea_secure_link_get_room_name (TeaSecureLink *self);
const char *tea_secure_link_get_server_key (TeaSecureLink *self);
const char *tea_secure_link_get_suggestion (TeaSecureLink *self);

G_END_DECLS
