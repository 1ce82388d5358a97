/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-destination.h"

#include <string.h>

#include "tea-peer-address.h"

/**
 * tea_destination_init: (skip)
 * @self: where to write it
 * @address: where to send, and from where if it is of a datagram that came
 *
 * Writes down where datagrams go.
 */
void
tea_destination_init (TeaDestination *self, GInetSocketAddress *address)
{
  GSocketAddress *name = G_SOCKET_ADDRESS (address);
  GSocketControlMessage *message;
  struct cmsghdr *header;
  gsize size;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));

  memset (self, 0, sizeof *self);
  self->name_size = (guint32) g_socket_address_get_native_size (name);
  if (!g_socket_address_to_native (name, &self->name, sizeof self->name, NULL))
    g_return_if_reached ();

  if (!TEA_IS_PEER_ADDRESS (address))
    return;

  message
      = G_SOCKET_CONTROL_MESSAGE (tea_peer_address_get_packet_info (TEA_PEER_ADDRESS (address)));
  size = g_socket_control_message_get_size (message);
  g_return_if_fail (CMSG_SPACE (size) <= sizeof self->control);

  self->control_size = (guint32) CMSG_SPACE (size);
  header = (gpointer) self->control;
  header->cmsg_level = g_socket_control_message_get_level (message);
  header->cmsg_type = g_socket_control_message_get_msg_type (message);
  header->cmsg_len = CMSG_LEN (size);
  g_socket_control_message_serialize (message, CMSG_DATA (header));
}

/**
 * tea_destination_equal: (skip)
 * @self: a destination
 * @other: another one
 *
 * Returns: whether what goes to both goes the same way
 */
gboolean
tea_destination_equal (const TeaDestination *self, const TeaDestination *other)
{
  const guint8 *name = (gconstpointer) &self->name;
  const guint8 *other_name = (gconstpointer) &other->name;

  return self->name_size == other->name_size && self->control_size == other->control_size
         && memcmp (name, other_name, self->name_size) == 0
         && memcmp (self->control, other->control, self->control_size) == 0;
}
