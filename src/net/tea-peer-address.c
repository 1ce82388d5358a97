/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-peer-address.h"

#include "tea-inet-address.h"

/**
 * TeaPeerAddress:
 *
 * Where a datagram came from, and at which of our own addresses it came in: what it
 * takes to answer it.
 */
struct _TeaPeerAddress
{
  GInetSocketAddress parent_instance;

  TeaPacketInfo *packet_info; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaPeerAddress, tea_peer_address, G_TYPE_INET_SOCKET_ADDRESS)

static void
tea_peer_address_finalize (GObject *object)
{
  TeaPeerAddress *self = TEA_PEER_ADDRESS (object);

  g_object_unref (self->packet_info);

  G_OBJECT_CLASS (tea_peer_address_parent_class)->finalize (object);
}

static void
tea_peer_address_class_init (TeaPeerAddressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_peer_address_finalize;
}

static void
tea_peer_address_init (TeaPeerAddress *self)
{
}

/**
 * tea_peer_address_new:
 * @address: where a datagram came from
 * @packet_info: (nullable): at which of our own addresses it came in, where that is known
 *
 * Returns: (transfer full): the address, normalized, with @packet_info
 */
GInetSocketAddress *
tea_peer_address_new (GInetSocketAddress *address, TeaPacketInfo *packet_info)
{
  g_autoptr (GInetSocketAddress) normalized = tea_inet_address_normalize (address);
  guint32 scope_id = 0;
  TeaPeerAddress *self;

  g_return_val_if_fail (packet_info == NULL || TEA_IS_PACKET_INFO (packet_info), NULL);

  if (packet_info == NULL)
    return g_steal_pointer (&normalized);

  if (g_socket_address_get_family (G_SOCKET_ADDRESS (normalized)) == G_SOCKET_FAMILY_IPV6)
    scope_id = g_inet_socket_address_get_scope_id (normalized);

  self = g_object_new (TEA_TYPE_PEER_ADDRESS, "address",
                       g_inet_socket_address_get_address (normalized), "port",
                       g_inet_socket_address_get_port (normalized), "scope-id", scope_id, NULL);
  self->packet_info = g_object_ref (packet_info);

  return G_INET_SOCKET_ADDRESS (self);
}

/**
 * tea_peer_address_get_packet_info:
 * @self: an address
 *
 * Returns: (transfer none): at which of our own addresses the datagram came in
 */
TeaPacketInfo *
tea_peer_address_get_packet_info (TeaPeerAddress *self)
{
  g_return_val_if_fail (TEA_IS_PEER_ADDRESS (self), NULL);

  return self->packet_info;
}
