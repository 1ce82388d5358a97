/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TEA_DESTINATION_CONTROL_SIZE:
 *
 * How many bytes tell the kernel from which of our addresses a datagram goes, at most.
 */
#define TEA_DESTINATION_CONTROL_SIZE CMSG_SPACE (sizeof (struct in6_pktinfo))

/**
 * TeaDestination:
 * @name: where to send
 * @name_size: how much of @name there is
 * @control_size: how much of @control there is; 0 where the kernel chooses
 * @control: from which of our addresses
 *
 * Where a datagram goes, in the form that the kernel takes.
 */
typedef struct _TeaDestination TeaDestination;

struct _TeaDestination
{
  union
  {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
  } name;
  guint32 name_size;
  guint32 control_size;
  _Alignas(struct cmsghdr) guint8 control[TEA_DESTINATION_CONTROL_SIZE];
};

void tea_destination_init (TeaDestination *self, GInetSocketAddress *address);
gboolean tea_destination_equal (const TeaDestination *self, const TeaDestination *other);

G_END_DECLS
