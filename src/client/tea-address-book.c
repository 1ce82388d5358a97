/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-address-book.h"

#include "tea-known-servers.h"

/* The servers that this user has met with any of our programs. */

/**
 * tea_address_book_list:
 * @error: return location for a #GError
 *
 * Lists the servers whose keys are known.
 *
 * Returns: (transfer full) (element-type GNetworkAddress) (nullable): where they are;
 *   %NULL if that could not be read
 */
GPtrArray *
tea_address_book_list (GError **error)
{
  g_autoptr (TeaKnownServers) known = tea_known_servers_new (NULL);

  return tea_known_servers_list (known, error);
}

/**
 * tea_address_book_lookup:
 * @address: where a server is
 * @fingerprint: (out) (transfer full) (nullable): the fingerprint of its key, %NULL if it
 *   has not been met yet
 * @error: return location for a #GError
 *
 * Looks up the key of a server.
 *
 * Returns: whether that could be read
 */
gboolean
tea_address_book_lookup (GNetworkAddress *address, char **fingerprint, GError **error)
{
  g_autoptr (TeaKnownServers) known = NULL;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);

  known = tea_known_servers_new (NULL);

  return tea_known_servers_lookup (known, address, fingerprint, error);
}

/**
 * tea_address_book_forget:
 * @address: where a server is
 * @error: return location for a #GError
 *
 * Forgets the key of a server: the next one it shows is taken for its own.
 *
 * Returns: whether it is forgotten
 */
gboolean
tea_address_book_forget (GNetworkAddress *address, GError **error)
{
  g_autoptr (TeaKnownServers) known = NULL;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);

  known = tea_known_servers_new (NULL);

  return tea_known_servers_forget (known, address, error);
}
