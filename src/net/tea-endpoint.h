/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-drop-counter.h"

G_BEGIN_DECLS

typedef struct _TeaDestination TeaDestination;

#define TEA_TYPE_ENDPOINT (tea_endpoint_get_type ())

G_DECLARE_FINAL_TYPE (TeaEndpoint, tea_endpoint, TEA, ENDPOINT, GObject)

/**
 * TeaEndpointSort:
 * @TEA_ENDPOINT_KNOWN: of somebody who is known: it is told of at once
 * @TEA_ENDPOINT_STRANGER: of a stranger, or of somebody who sends too much: it waits until all
 *   others are done
 * @TEA_ENDPOINT_NOBODY: nothing is to be done about it
 *
 * Whose a datagram is.
 */
typedef enum
{
  TEA_ENDPOINT_KNOWN,
  TEA_ENDPOINT_STRANGER,
  TEA_ENDPOINT_NOBODY,
} TeaEndpointSort;

/**
 * TeaEndpointSortFunc:
 * @data: (array length=size): a datagram
 * @size: its size
 * @user_data: what was given to tea_endpoint_set_sort_func()
 *
 * Tells whose a datagram is, at little cost: there may be a hundred thousand a second.
 *
 * Returns: whose it is
 */
typedef TeaEndpointSort (*TeaEndpointSortFunc) (const guint8 *data, gsize size, gpointer user_data);

/**
 * TeaEndpointCounts:
 * @n_received: how many datagrams came in, whatever has become of them
 * @n_sent: how many went out
 * @n_strangers: how many of those that came in wait now
 * @n_waiting: how many wait now to go out
 *
 * What an endpoint has done since it was made, and has to do.
 */
typedef struct
{
  guint64 n_received;
  guint64 n_sent;
  guint n_strangers;
  guint n_waiting;
} TeaEndpointCounts;

TeaEndpoint *tea_endpoint_new (GInetSocketAddress *address, GError **error);
TeaEndpoint *tea_endpoint_new_any (guint16 port, GError **error);
TeaEndpoint *tea_endpoint_new_from_fd (int fd, GError **error);

void tea_endpoint_set_sort_func (TeaEndpoint *self, TeaEndpointSortFunc func, gpointer user_data);

GInetSocketAddress *tea_endpoint_get_local_address (TeaEndpoint *self);
int tea_endpoint_get_fd (TeaEndpoint *self);
TeaDropCounter *tea_endpoint_get_drops (TeaEndpoint *self);
TeaEndpointCounts tea_endpoint_get_counts (TeaEndpoint *self);
guint8 *tea_endpoint_begin_datagram (TeaEndpoint *self, gsize max_size);
void tea_endpoint_end_datagram (TeaEndpoint *self, const TeaDestination *destination, gsize size);
void tea_endpoint_send (TeaEndpoint *self, GInetSocketAddress *address, GBytes *datagram);
void tea_endpoint_flush (TeaEndpoint *self);
void tea_endpoint_close (TeaEndpoint *self);

G_END_DECLS
