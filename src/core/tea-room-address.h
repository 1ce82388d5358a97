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

GNetworkAddress *tea_room_address_parse (const char *text, GError **error);
char *tea_room_address_to_string (GNetworkAddress *address);
char *tea_room_address_join_host_port (const char *host, guint16 port);

G_END_DECLS
