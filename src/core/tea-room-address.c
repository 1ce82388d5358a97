/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-address.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"

/**
 * tea_room_address_parse:
 * @text: what somebody typed: `host`, `host:port`, an IPv4 or IPv6 address,
 *   `[IPv6]:port`; space around it does not matter
 * @error: return location for a #GError
 *
 * Reads the address of a room. Without a port it is %TEA_DEFAULT_PORT.
 *
 * Returns: (transfer full): the address, or %NULL with @error set to
 *   %TEA_ERROR_ADDRESS_INVALID
 */
GNetworkAddress *
tea_room_address_parse (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *ascii = NULL;
  g_autoptr (GSocketConnectable) connectable = NULL;
  GNetworkAddress *address;
  const char *host;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_utf8_make_valid (text, -1));
  if (strpbrk (trimmed, " \t\r\n/@?#") == NULL)
    connectable = g_network_address_parse (trimmed, TEA_DEFAULT_PORT, NULL);

  address = connectable != NULL ? G_NETWORK_ADDRESS (connectable) : NULL;
  host = address != NULL ? g_network_address_get_hostname (address) : NULL;
  if (host != NULL && *host != '\0' && g_network_address_get_port (address) != 0)
    {
      if (g_hostname_is_ip_address (host))
        return g_object_ref (address);

      ascii = strchr (host, ':') == NULL ? g_hostname_to_ascii (host) : NULL;
      if (ascii != NULL)
        return g_object_ref (address);
    }

  g_set_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
               _ ("“%s” is not an address. Write it like chat.example.org or 192.168.1.20:8888."),
               trimmed);
  return NULL;
}

/**
 * tea_room_address_join_host_port:
 * @host: a host name, or an IPv4 or IPv6 address
 * @port: a port
 *
 * Writes host and port as one text, an IPv6 address in brackets.
 *
 * Returns: (transfer full): `host:port`
 */
char *
tea_room_address_join_host_port (const char *host, guint16 port)
{
  g_return_val_if_fail (host != NULL, NULL);

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

/**
 * tea_room_address_to_string:
 * @address: the address of a room
 *
 * Writes an address the way a person would: the port only when it is not
 * %TEA_DEFAULT_PORT.
 *
 * Returns: (transfer full): a text that [func@Tea.room_address_parse] reads back
 */
char *
tea_room_address_to_string (GNetworkAddress *address)
{
  const char *host;
  guint16 port;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  host = g_network_address_get_hostname (address);
  port = g_network_address_get_port (address);
  if (port == TEA_DEFAULT_PORT)
    return g_strdup (host);

  return tea_room_address_join_host_port (host, port);
}
