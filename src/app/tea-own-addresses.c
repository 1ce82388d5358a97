/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-own-addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

static GInetAddress *
dup_address (const struct ifaddrs *interface)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (interface->ifa_addr == NULL || (interface->ifa_flags & IFF_UP) == 0)
    return NULL;

  switch (interface->ifa_addr->sa_family)
    {
    case AF_INET:
      address = g_socket_address_new_from_native (interface->ifa_addr, sizeof (struct sockaddr_in));
      break;
    case AF_INET6:
      address
          = g_socket_address_new_from_native (interface->ifa_addr, sizeof (struct sockaddr_in6));
      break;
    default:
      return NULL;
    }

  return g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* Whether somebody else could type it. A link-local address means something else on
 * every computer. */
static gboolean
is_of_use (GInetAddress *address)
{
  return !g_inet_address_get_is_loopback (address) && !g_inet_address_get_is_link_local (address)
         && !g_inet_address_get_is_any (address);
}

/* The short ones first. */
static int
compare_cb (gconstpointer one, gconstpointer other)
{
  GInetAddress *first = *(GInetAddress **) one;
  GInetAddress *second = *(GInetAddress **) other;

  return g_inet_address_get_family (first) == g_inet_address_get_family (second) ? 0
         : g_inet_address_get_family (first) == G_SOCKET_FAMILY_IPV4             ? -1
                                                                                 : 1;
}

/**
 * tea_own_addresses_list:
 *
 * Finds the addresses under which others on the network can reach this computer, IPv4
 * first.
 *
 * Returns: (transfer full) (element-type GInetAddress): the addresses, perhaps none
 */
GPtrArray *
tea_own_addresses_list (void)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  struct ifaddrs *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    return addresses;

  for (struct ifaddrs *i = interfaces; i != NULL; i = i->ifa_next)
    {
      g_autoptr (GInetAddress) address = dup_address (i);

      if (address != NULL && is_of_use (address))
        g_ptr_array_add (addresses, g_steal_pointer (&address));
    }
  freeifaddrs (interfaces);

  g_ptr_array_sort (addresses, compare_cb);

  return addresses;
}
