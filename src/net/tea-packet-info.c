/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-packet-info.h"

#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>

/**
 * TeaPacketInfo:
 *
 * At which of our own addresses a datagram came in (`IP_PKTINFO`, ip(7); RFC 3542,
 * section 6.2). Sent along with an answer, it makes the answer come from there: a
 * client that asked one address of a machine with several does not listen to another.
 */
struct _TeaPacketInfo
{
  GSocketControlMessage parent_instance;

  gboolean is_ipv6;
  union
  {
    struct in_pktinfo ipv4;
    struct in6_pktinfo ipv6;
  } info;
};

G_DEFINE_FINAL_TYPE (TeaPacketInfo, tea_packet_info, G_TYPE_SOCKET_CONTROL_MESSAGE)

static gsize
tea_packet_info_get_size (GSocketControlMessage *message)
{
  TeaPacketInfo *self = TEA_PACKET_INFO (message);

  return self->is_ipv6 ? sizeof self->info.ipv6 : sizeof self->info.ipv4;
}

static int
tea_packet_info_get_level (GSocketControlMessage *message)
{
  return TEA_PACKET_INFO (message)->is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
}

static int
tea_packet_info_get_msg_type (GSocketControlMessage *message)
{
  return TEA_PACKET_INFO (message)->is_ipv6 ? IPV6_PKTINFO : IP_PKTINFO;
}

static void
tea_packet_info_serialize (GSocketControlMessage *message, gpointer data)
{
  TeaPacketInfo *self = TEA_PACKET_INFO (message);

  memcpy (data, &self->info, tea_packet_info_get_size (message));
}

static GSocketControlMessage *
tea_packet_info_deserialize (int level, int type, gsize size, gpointer data)
{
  gboolean is_ipv6 = level == IPPROTO_IPV6 && type == IPV6_PKTINFO;
  TeaPacketInfo *self;

  if (!is_ipv6 && !(level == IPPROTO_IP && type == IP_PKTINFO))
    return NULL;

  if (size < (is_ipv6 ? sizeof self->info.ipv6 : sizeof self->info.ipv4))
    return NULL;

  self = g_object_new (TEA_TYPE_PACKET_INFO, NULL);
  self->is_ipv6 = is_ipv6;
  memcpy (&self->info, data, tea_packet_info_get_size (G_SOCKET_CONTROL_MESSAGE (self)));

  /* Which link an answer takes is for the routes to say, but where an address means
   * something on one link alone. */
  if (!is_ipv6)
    self->info.ipv4.ipi_ifindex = 0;
  else if (!IN6_IS_ADDR_LINKLOCAL (&self->info.ipv6.ipi6_addr))
    self->info.ipv6.ipi6_ifindex = 0;

  return G_SOCKET_CONTROL_MESSAGE (self);
}

static void
tea_packet_info_class_init (TeaPacketInfoClass *klass)
{
  GSocketControlMessageClass *message_class = G_SOCKET_CONTROL_MESSAGE_CLASS (klass);

  message_class->get_size = tea_packet_info_get_size;
  message_class->get_level = tea_packet_info_get_level;
  message_class->get_type = tea_packet_info_get_msg_type;
  message_class->serialize = tea_packet_info_serialize;
  message_class->deserialize = tea_packet_info_deserialize;
}

static void
tea_packet_info_init (TeaPacketInfo *self)
{
}

/**
 * tea_packet_info_enable:
 * @socket: a UDP socket
 * @error: return location for a #GError
 *
 * Asks the kernel to tell, with every datagram, at which of our addresses it came in.
 *
 * Returns: whether that worked
 */
gboolean
tea_packet_info_enable (GSocket *socket, GError **error)
{
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  /* GIO finds the type by its being there. */
  g_type_ensure (TEA_TYPE_PACKET_INFO);

  /* On an IPv6 socket this tells about IPv4, too, in the mapped form. */
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6)
    return g_socket_set_option (socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, TRUE, error);

  return g_socket_set_option (socket, IPPROTO_IP, IP_PKTINFO, TRUE, error);
}

/**
 * tea_packet_info_new_from_message: (skip)
 * @message: what recvmmsg() has filled in
 *
 * Returns: (transfer full) (nullable): at which of our addresses it came in
 */
TeaPacketInfo *
tea_packet_info_new_from_message (struct msghdr *message)
{
  g_return_val_if_fail (message != NULL, NULL);

  for (struct cmsghdr *header = CMSG_FIRSTHDR (message); header != NULL;
       header = CMSG_NXTHDR (message, header))
    {
      GSocketControlMessage *found
          = g_socket_control_message_deserialize (header->cmsg_level, header->cmsg_type,
                                                  header->cmsg_len - CMSG_LEN (0),
                                                  CMSG_DATA (header));

      if (TEA_IS_PACKET_INFO (found))
        return TEA_PACKET_INFO (found);
      g_clear_object (&found);
    }

  return NULL;
}

/**
 * tea_packet_info_take:
 * @messages: (transfer full) (array length=n_messages) (nullable): what came with a datagram
 * @n_messages: how many
 *
 * Picks from what came with a datagram, and frees the rest.
 *
 * Returns: (transfer full) (nullable): at which of our addresses it came in
 */
TeaPacketInfo *
tea_packet_info_take (GSocketControlMessage **messages, guint n_messages)
{
  TeaPacketInfo *self = NULL;

  for (guint i = 0; i < n_messages; i++)
    {
      if (TEA_IS_PACKET_INFO (messages[i]))
        g_set_object (&self, TEA_PACKET_INFO (messages[i]));
      g_object_unref (messages[i]);
    }
  g_free (messages);

  return self;
}
