/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TEA_DEFAULT_PORT:
 *
 * The UDP port rooms are at unless told otherwise: the one that programs of the
 * same lesson use.
 */
#define TEA_DEFAULT_PORT 8888

#define TEA_TYPE_ROOM_ADDRESS (tea_room_address_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomAddress, tea_room_address, TEA, ROOM_ADDRESS, GNetworkAddress)

GNetworkAddress *tea_room_address_parse (const char *text, GError **error);

const char *tea_room_address_get_room (TeaRoomAddress *self);
const char *tea_room_address_get_fingerprint (TeaRoomAddress *self);

char *tea_room_address_to_string (GNetworkAddress *address);
char *tea_room_address_to_link (GNetworkAddress *address, const char *fingerprint);
char *tea_room_address_join_host_port (const char *host, guint16 port);

G_END_DECLS
