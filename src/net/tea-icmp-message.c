/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-icmp-message.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

/**
 * TeaIcmpMessage:
 *
 * What the network had to say about a datagram that was sent: the extended error that
 * Linux keeps in a socket's error queue (`IP_RECVERR`, ip(7)).
 */
struct _TeaIcmpMessage
{
  GSocketControlMessage parent_instance;

  struct sock_extended_err error;
};

G_DEFINE_FINAL_TYPE (TeaIcmpMessage, tea_icmp_message, G_TYPE_SOCKET_CONTROL_MESSAGE)

static gsize
tea_icmp_message_get_size (GSocketControlMessage *message)
{
  return sizeof (struct sock_extended_err);
}

static int
tea_icmp_message_get_level (GSocketControlMessage *message)
{
  return IPPROTO_IP;
}

static int
tea_icmp_message_get_msg_type (GSocketControlMessage *message)
{
  return IP_RECVERR;
}

static void
tea_icmp_message_serialize (GSocketControlMessage *message, gpointer data)
{
  TeaIcmpMessage *self = TEA_ICMP_MESSAGE (message);

  memcpy (data, &self->error, sizeof self->error);
}

static GSocketControlMessage *
tea_icmp_message_deserialize (int level, int type, gsize size, gpointer data)
{
  TeaIcmpMessage *self;

  if (!(level == IPPROTO_IP && type == IP_RECVERR)
      && !(level == IPPROTO_IPV6 && type == IPV6_RECVERR))
    return NULL;

  if (size < sizeof self->error)
    return NULL;

  self = g_object_new (TEA_TYPE_ICMP_MESSAGE, NULL);
  memcpy (&self->error, data, sizeof self->error);

  return G_SOCKET_CONTROL_MESSAGE (self);
}

static void
tea_icmp_message_class_init (TeaIcmpMessageClass *klass)
{
  GSocketControlMessageClass *message_class = G_SOCKET_CONTROL_MESSAGE_CLASS (klass);

  message_class->get_size = tea_icmp_message_get_size;
  message_class->get_level = tea_icmp_message_get_level;
  message_class->get_type = tea_icmp_message_get_msg_type;
  message_class->serialize = tea_icmp_message_serialize;
  message_class->deserialize = tea_icmp_message_deserialize;
}

static void
tea_icmp_message_init (TeaIcmpMessage *self)
{
}

/**
 * tea_icmp_message_enable:
 * @socket: a UDP socket
 * @error: return location for a #GError
 *
 * Asks the kernel to keep what comes back by ICMP in the socket's error queue, from
 * where g_socket_receive_message() with `MSG_ERRQUEUE` reads it.
 *
 * Returns: whether that worked
 */
gboolean
tea_icmp_message_enable (GSocket *socket, GError **error)
{
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  /* GIO finds the type by its being there. */
  g_type_ensure (TEA_TYPE_ICMP_MESSAGE);

  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6
      && !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_RECVERR, TRUE, error))
    return FALSE;

  /* A socket for both families needs both. */
  return g_socket_set_option (socket, IPPROTO_IP, IP_RECVERR, TRUE, error);
}

/**
 * tea_icmp_message_disable:
 * @socket: a UDP socket
 *
 * Leaves a socket that somebody else will go on listening at without an error, and
 * with none to come.
 */
void
tea_icmp_message_disable (GSocket *socket)
{
  g_return_if_fail (G_IS_SOCKET (socket));

  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_RECVERR, FALSE, NULL);
  g_socket_set_option (socket, IPPROTO_IP, IP_RECVERR, FALSE, NULL);

  /* Reads the error that is pending, if one is, and so takes it away. */
  g_socket_check_connect_result (socket, NULL);
}

/**
 * tea_icmp_message_is_port_unreachable:
 * @self: a message
 *
 * Tells whether the machine was reached and nobody listened there: the one error that
 * means that whoever was at the address is gone. Others come and go with the network.
 *
 * Returns: whether it was that
 */
gboolean
tea_icmp_message_is_port_unreachable (TeaIcmpMessage *self)
{
  g_return_val_if_fail (TEA_IS_ICMP_MESSAGE (self), FALSE);

  return self->error.ee_errno == ECONNREFUSED
         && (self->error.ee_origin == SO_EE_ORIGIN_ICMP
             || self->error.ee_origin == SO_EE_ORIGIN_ICMP6);
}
