/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-address.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-text.h"

#define SCHEME "teahouse://"

/**
 * TeaRoomAddress:
 *
 * Where a room is: a host and a port, and, where it was read from a link, which room is
 * meant there and whose key its server has.
 */
struct _TeaRoomAddress
{
  GNetworkAddress parent_instance;

  char *room;        /* (nullable) */
  char *fingerprint; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (TeaRoomAddress, tea_room_address, G_TYPE_NETWORK_ADDRESS)

static void
tea_room_address_finalize (GObject *object)
{
  TeaRoomAddress *self = TEA_ROOM_ADDRESS (object);

  g_free (self->room);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (tea_room_address_parent_class)->finalize (object);
}

static void
tea_room_address_class_init (TeaRoomAddressClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_room_address_finalize;
}

static void
tea_room_address_init (TeaRoomAddress *self)
{
}

static gboolean
is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (".-_", *p) == NULL)
      return FALSE;

  return TRUE;
}

/* GLib takes a lone colon for an address, too, and anything for the name of a link. */
static gboolean
is_ip_address (const char *host)
{
  gsize size = strcspn (host, "%");
  g_autofree char *digits = g_strndup (host, size);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (digits);

  return address != NULL && g_hostname_is_ip_address (host)
         && (host[size] == '\0' || is_plain (host + size + 1));
}

/* Whether all of it can be in a name that resolvers know. */
static gboolean
is_host_name (const char *host)
{
  g_autofree char *ascii = g_hostname_to_ascii (host);

  return ascii != NULL && is_plain (ascii);
}

static TeaRoomAddress *
parse_host_port (const char *text)
{
  g_autoptr (GSocketConnectable) connectable = NULL;
  const char *host;
  guint16 port;

  if (strpbrk (text, " \t\r\n/@?#") == NULL)
    connectable = g_network_address_parse (text, TEA_DEFAULT_PORT, NULL);
  if (connectable == NULL)
    return NULL;

  host = g_network_address_get_hostname (G_NETWORK_ADDRESS (connectable));
  port = g_network_address_get_port (G_NETWORK_ADDRESS (connectable));
  if (host == NULL || *host == '\0' || port == 0)
    return NULL;

  if (!is_ip_address (host) && !is_host_name (host))
    return NULL;

  return g_object_new (TEA_TYPE_ROOM_ADDRESS, "hostname", host, "port", (guint) port, NULL);
}

static TeaRoomAddress *
parse_link (const char *link, GError **error)
{
  g_autoptr (TeaRoomAddress) self = NULL;
  g_autofree char *rest = g_strdup (link + strlen (SCHEME));
  g_autofree char *fingerprint = NULL;
  g_autofree char *room = NULL;
  g_autofree char *host_port = NULL;
  char *hash = strchr (rest, '#');
  char *slash;

  if (hash != NULL)
    {
      *hash = '\0';
      fingerprint = tea_fingerprint_parse (hash + 1, error);
      if (fingerprint == NULL)
        return NULL;
    }

  slash = strchr (rest, '/');
  if (slash != NULL)
    {
      *slash = '\0';
      room = strpbrk (slash + 1, "/?") == NULL ? g_uri_unescape_string (slash + 1, "/") : NULL;
    }

  host_port = g_uri_unescape_string (rest, NULL);
  if (host_port != NULL && g_utf8_validate (host_port, -1, NULL) && (slash == NULL || room != NULL))
    self = parse_host_port (host_port);
  if (self == NULL || (room != NULL && !g_utf8_validate (room, -1, NULL)))
    {
      tea_text_set_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
                          _ ("“%s” is not a link to a room. Is it complete?"), link);
      return NULL;
    }

  self->fingerprint = g_steal_pointer (&fingerprint);
  if (room != NULL && *room != '\0')
    self->room = g_steal_pointer (&room);

  return g_steal_pointer (&self);
}

/**
 * tea_room_address_parse:
 * @text: what somebody typed: `host`, `host:port`, an IPv4 or IPv6 address,
 *   `[IPv6]:port`, or a link as [func@Tea.RoomAddress.to_link] writes it; space around
 *   it does not matter
 * @error: return location for a #GError
 *
 * Reads the address of a room. Without a port it is %TEA_DEFAULT_PORT.
 *
 * Returns: (transfer full): the address, a [class@Tea.RoomAddress], or %NULL with @error
 *   set to %TEA_ERROR_ADDRESS_INVALID
 */
GNetworkAddress *
tea_room_address_parse (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;
  TeaRoomAddress *self;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_utf8_make_valid (text, -1));
  if (g_ascii_strncasecmp (trimmed, SCHEME, strlen (SCHEME)) == 0)
    return (GNetworkAddress *) parse_link (trimmed, error);

  self = parse_host_port (trimmed);
  if (self != NULL)
    return G_NETWORK_ADDRESS (self);

  tea_text_set_error (
      error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
      _ ("“%s” is not an address. Write it like chat.example.org or 192.168.1.20:8888."), trimmed);
  return NULL;
}

/**
 * tea_room_address_get_room:
 * @self: the address of a room
 *
 * Tells which room of the house is meant. Joining enters the hall; whoever joins by a link opens
 * that room then, with [method@Tea.Client.open_room_async].
 *
 * Returns: (nullable): the address of the room in the house; %NULL for the hall
 */
const char *
tea_room_address_get_room (TeaRoomAddress *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_ADDRESS (self), NULL);

  return self->room;
}

/**
 * tea_room_address_get_fingerprint:
 * @self: the address of a room
 *
 * Tells whose key the server must have, so that nobody else can pass for it.
 *
 * Returns: (nullable): the fingerprint of the server's key; %NULL when the address does
 *   not tell
 */
const char *
tea_room_address_get_fingerprint (TeaRoomAddress *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_ADDRESS (self), NULL);

  return self->fingerprint;
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
 * Returns: (transfer full): a text that [func@Tea.RoomAddress.parse] reads back
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

/**
 * tea_room_address_to_link:
 * @address: the address of a room
 * @fingerprint: (nullable): the fingerprint of its server's key; %NULL for the one that
 *   @address has, if any
 *
 * Writes an address as a link, for an invitation:
 * `teahouse://host:port/room#fingerprint`. Whoever follows it knows the server's key
 * before they first speak to it.
 *
 * Returns: (transfer full): a text that [func@Tea.RoomAddress.parse] reads back
 */
char *
tea_room_address_to_link (GNetworkAddress *address, const char *fingerprint)
{
  g_autofree char *host_port = NULL;
  g_autofree char *authority = NULL;
  g_autofree char *room = NULL;
  g_autofree char *fragment = NULL;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  host_port = tea_room_address_join_host_port (g_network_address_get_hostname (address),
                                               g_network_address_get_port (address));
  authority = g_uri_escape_string (host_port, "[]:", TRUE);

  if (TEA_IS_ROOM_ADDRESS (address))
    {
      const char *name = tea_room_address_get_room (TEA_ROOM_ADDRESS (address));

      room = name != NULL ? g_uri_escape_string (name, NULL, TRUE) : NULL;
      if (fingerprint == NULL)
        fingerprint = tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (address));
    }

  if (fingerprint != NULL)
    {
      fragment = g_strdelimit (g_strdup (strchr (fingerprint, ':') + 1), "+", '-');
      g_strdelimit (fragment, "/", '_');
    }

  return g_strconcat (SCHEME, authority, "/", room != NULL ? room : "",
                      fragment != NULL ? "#" : NULL, fragment, NULL);
}
