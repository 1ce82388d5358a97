/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ctl-link.h"

#include <string.h>

#include "tea-ctl-call.h"
#include "tea-room-address.h"

/* The port at the end of an address. */
static guint16
get_port (const char *address)
{
  const char *colon = strrchr (address, ':');

  return colon != NULL ? (guint16) g_ascii_strtoull (colon + 1, NULL, 10) : TEA_DEFAULT_PORT;
}

static char *
make_link (
    const char *host, guint16 port, const char *fingerprint, const char *room, GError **error)
{
  g_autoptr (GNetworkAddress) known = tea_room_address_parse (host, error);
  g_autoptr (GSocketConnectable) given = NULL;
  g_autofree char *of_house = NULL;
  g_autofree char *escaped = NULL;
  g_auto (GStrv) parts = NULL;

  if (known == NULL)
    return NULL;

  /* A port that is said is where others reach it: a router may have another. */
  given = g_network_address_parse (host, port, NULL);
  of_house
      = tea_room_address_to_link (given != NULL ? G_NETWORK_ADDRESS (given) : known, fingerprint);
  escaped = g_uri_escape_string (room, NULL, TRUE);
  parts = g_strsplit (of_house, "#", 2);

  return g_strdup_printf ("%s%s#%s", parts[0], escaped, parts[1]);
}

/**
 * tea_ctl_link_make: (skip)
 * @data_dir: the folder of a server that is running
 * @host: how others reach it: a name or an address, with the port where that is another one
 * @room: a room of it; `""` for the house
 * @error: return location for a #GError
 *
 * Makes the link by which one comes to a room.
 *
 * Returns: (transfer full): the link, a tuple; %NULL where there is no such room or host
 */
GVariant *
tea_ctl_link_make (const char *data_dir, const char *host, const char *room, GError **error)
{
  GVariantBuilder dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) status
      = tea_ctl_call (data_dir, "GetStatus", g_variant_new ("()"), NULL, error);
  g_autoptr (GVariant) members = NULL;
  g_autoptr (GVariant) facts = NULL;
  g_autofree char *link = NULL;
  const char *address = NULL;
  const char *fingerprint = NULL;

  if (status == NULL)
    return NULL;

  members = tea_ctl_call (data_dir, "ListMembers", g_variant_new ("(s)", room), NULL, error);
  if (members == NULL)
    return NULL;

  facts = g_variant_get_child_value (status, 0);
  g_variant_lookup (facts, "address", "&s", &address);
  g_variant_lookup (facts, "fingerprint", "&s", &fingerprint);
  link = make_link (host, get_port (address), fingerprint, room, error);
  if (link == NULL)
    return NULL;

  g_variant_builder_add (&dict, "{sv}", "link", g_variant_new_string (link));

  return g_variant_ref_sink (g_variant_new ("(@a{sv})", g_variant_builder_end (&dict)));
}
