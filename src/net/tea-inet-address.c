/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-inet-address.h"

#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "tea-room-address.h"

static const guint8 *
peek_bytes (GInetSocketAddress *address, gsize *size)
{
  GInetAddress *inet = g_inet_socket_address_get_address (address);

  *size = g_inet_address_get_native_size (inet);

  return g_inet_address_to_bytes (inet);
}

/**
 * tea_inet_address_normalize:
 * @address: where a datagram came from
 *
 * Brings an address into the one form it is compared in: an IPv4 address that a
 * socket for both families reports as IPv6 (`::ffff:192.0.2.1`, RFC 4291, section
 * 2.5.5.2) becomes IPv4 again.
 *
 * Returns: (transfer full): the address in that form
 */
GInetSocketAddress *
tea_inet_address_normalize (GInetSocketAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  guint16 port = g_inet_socket_address_get_port (address);
  g_autoptr (GInetAddress) inet = NULL;
  const guint8 *bytes;
  gsize size;

  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);

  bytes = peek_bytes (address, &size);
  if (size != 16 || memcmp (bytes, mapped, sizeof mapped) != 0)
    return g_object_ref (address);

  inet = g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);

  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (inet, port));
}

/**
 * tea_inet_address_enumerate:
 * @address: a host, by its name or number, and a port
 *
 * Begins to find out where a host is now. An object of GIO's would keep what it was told
 * first for ever, and hosts move.
 *
 * Returns: (transfer full): the places, one after the other
 */
GSocketAddressEnumerator *
tea_inet_address_enumerate (GNetworkAddress *address)
{
  g_autoptr (GSocketConnectable) anew = NULL;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  anew = g_network_address_new (g_network_address_get_hostname (address),
                                g_network_address_get_port (address));

  return g_socket_connectable_enumerate (anew);
}

/**
 * tea_inet_address_is_local:
 * @address: a normalized address
 *
 * Tells whether an address belongs to this machine or to a network that the Internet
 * does not reach: loopback, link-local (RFC 3927, RFC 4291), private (RFC 1918) or
 * unique local (RFC 4193).
 *
 * Returns: whether it does
 */
gboolean
tea_inet_address_is_local (GInetSocketAddress *address)
{
  GInetAddress *inet;
  const guint8 *bytes;
  gsize size;

  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), FALSE);

  inet = g_inet_socket_address_get_address (address);
  bytes = peek_bytes (address, &size);

  return g_inet_address_get_is_loopback (inet) || g_inet_address_get_is_link_local (inet)
         || g_inet_address_get_is_site_local (inet) || (size == 16 && (bytes[0] & 0xfe) == 0xfc);
}

/**
 * tea_inet_address_to_string:
 * @address: an address
 *
 * Returns: (transfer full): `address:port`, an IPv6 address in brackets
 */
char *
tea_inet_address_to_string (GInetSocketAddress *address)
{
  g_autofree char *host = NULL;

  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);

  host = g_inet_address_to_string (g_inet_socket_address_get_address (address));

  return tea_room_address_join_host_port (host, g_inet_socket_address_get_port (address));
}

/**
 * tea_inet_address_to_network:
 * @address: a normalized address
 *
 * Tells whom an address stands for, where each is to have a share: whoever has one IPv6
 * address has the 2⁶⁴ of its network.
 *
 * Returns: (transfer full): an IPv4 address as it is, the network of an IPv6 address
 */
char *
tea_inet_address_to_network (GInetAddress *address)
{
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16] = { 0 };

  g_return_val_if_fail (G_IS_INET_ADDRESS (address), NULL);

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return g_inet_address_to_string (address);

  memcpy (bytes, g_inet_address_to_bytes (address), 8);
  network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);

  return g_inet_address_to_string (network);
}

static guint64
make_network (const guint8 *bytes, gsize size, TeaNetworkWidth width)
{
  guint64 network = 0;
  guint64 rest = size == 16 ? 0xffff : 0xff;

  for (guint i = 0; i < MIN (size, 8); i++)
    network = network << 8 | bytes[i];
  if (width == TEA_NETWORK_WIDE)
    network &= ~rest;

  /* Nothing comes from a network of IPv6 that begins so: it is for groups. */
  return size == 16 ? network : network | (guint64) 0xffff << 48;
}

/**
 * tea_inet_address_get_network:
 * @address: a normalized address
 * @width: how much of it
 *
 * Returns: a number that all addresses of the same network have, and no others
 */
guint64
tea_inet_address_get_network (GInetAddress *address, TeaNetworkWidth width)
{
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), 0);

  return make_network (g_inet_address_to_bytes (address), g_inet_address_get_native_size (address),
                       width);
}

/**
 * tea_inet_address_describe_network:
 * @network: what tea_inet_address_get_network() returns for a wide network
 *
 * Returns: (transfer full): the network as people write it, as `192.0.2.0/24` or
 *   `2001:db8:1::/48`
 */
char *
tea_inet_address_describe_network (guint64 network)
{
  gboolean is_ipv4 = network >> 48 == 0xffff;
  guint8 bytes[16] = { 0 };
  g_autoptr (GInetAddress) inet = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 8; i++)
    bytes[i] = (guint8) (network >> (56 - 8 * i));
  inet = g_inet_address_new_from_bytes (bytes + (is_ipv4 ? 4 : 0),
                                        is_ipv4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (inet);

  return g_strconcat (text, is_ipv4 ? "/24" : "/48", NULL);
}

/**
 * tea_inet_address_get_native_network: (skip)
 * @address: an address as the kernel has it, of IPv4 or IPv6
 * @width: how much of it
 *
 * Returns: what tea_inet_address_get_network() returns for it when it is normalized
 */
guint64
tea_inet_address_get_native_network (const struct sockaddr *address, TeaNetworkWidth width)
{
  const struct in6_addr *ipv6;

  g_return_val_if_fail (address != NULL, 0);

  if (address->sa_family != AF_INET6)
    return make_network ((gconstpointer)
                             & ((const struct sockaddr_in *) (gconstpointer) address)->sin_addr,
                         4, width);

  ipv6 = &((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED (ipv6))
    return make_network (ipv6->s6_addr + 12, 4, width);

  return make_network (ipv6->s6_addr, 16, width);
}

/**
 * tea_inet_address_hash:
 * @address: (type Gio.InetSocketAddress): a normalized address
 *
 * Returns: a hash of address and port, for a #GHashTable
 */
guint
tea_inet_address_hash (gconstpointer address)
{
  GInetSocketAddress *self = (GInetSocketAddress *) address;
  guint hash = g_inet_socket_address_get_port (self);
  gsize size;
  const guint8 *bytes = peek_bytes (self, &size);

  for (gsize i = 0; i < size; i++)
    hash = hash * 33 + bytes[i];

  return hash;
}

/**
 * tea_inet_address_equal:
 * @one: (type Gio.InetSocketAddress): a normalized address
 * @other: (type Gio.InetSocketAddress): a normalized address
 *
 * Returns: whether address, port and, for link-local IPv6, the link are the same
 */
gboolean
tea_inet_address_equal (gconstpointer one, gconstpointer other)
{
  GInetSocketAddress *a = (GInetSocketAddress *) one;
  GInetSocketAddress *b = (GInetSocketAddress *) other;

  if (g_inet_socket_address_get_port (a) != g_inet_socket_address_get_port (b)
      || !g_inet_address_equal (g_inet_socket_address_get_address (a),
                                g_inet_socket_address_get_address (b)))
    return FALSE;

  return g_socket_address_get_family (G_SOCKET_ADDRESS (a)) != G_SOCKET_FAMILY_IPV6
         || g_inet_socket_address_get_scope_id (a) == g_inet_socket_address_get_scope_id (b);
}
