/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

struct sockaddr;

/**
 * TeaNetworkWidth:
 * @TEA_NETWORK_NARROW: an IPv4 address, with all who share it, or the 2⁶⁴ of an IPv6 network
 * @TEA_NETWORK_WIDE: the network around it, of 24 or 48 bits
 *
 * How many addresses are looked at as one.
 */
typedef enum
{
  TEA_NETWORK_NARROW,
  TEA_NETWORK_WIDE,
} TeaNetworkWidth;

#define TEA_N_NETWORK_WIDTHS 2

GInetSocketAddress *tea_inet_address_normalize (GInetSocketAddress *address);
GSocketAddressEnumerator *tea_inet_address_enumerate (GNetworkAddress *address);
gboolean tea_inet_address_is_local (GInetSocketAddress *address);
char *tea_inet_address_to_string (GInetSocketAddress *address);
char *tea_inet_address_to_network (GInetAddress *address);
guint64 tea_inet_address_get_network (GInetAddress *address, TeaNetworkWidth width);
char *tea_inet_address_describe_network (guint64 network);
guint64 tea_inet_address_get_native_network (const struct sockaddr *address, TeaNetworkWidth width);
guint tea_inet_address_hash (gconstpointer address);
gboolean tea_inet_address_equal (gconstpointer one, gconstpointer other);

G_END_DECLS
