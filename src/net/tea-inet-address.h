/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GInetSocketAddress *tea_inet_address_normalize (GInetSocketAddress *address);
GSocketAddressEnumerator *tea_inet_address_enumerate (GNetworkAddress *address);
gboolean tea_inet_address_is_local (GInetSocketAddress *address);
char *tea_inet_address_to_string (GInetSocketAddress *address);
char *tea_inet_address_to_network (GInetAddress *address);
guint tea_inet_address_hash (gconstpointer address);
gboolean tea_inet_address_equal (gconstpointer one, gconstpointer other);

G_END_DECLS
