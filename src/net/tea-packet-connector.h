/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-packet-channel.h"

G_BEGIN_DECLS

#define TEA_TYPE_PACKET_CONNECTOR (tea_packet_connector_get_type ())

G_DECLARE_INTERFACE (TeaPacketConnector, tea_packet_connector, TEA, PACKET_CONNECTOR, GObject)

/**
 * TeaPacketConnectorInterface:
 * @connect_async: make a channel to the server
 * @connect_finish: the channel, (transfer full), a [iface@Tea.ClientChannel], or %NULL with an
 *   error: %TEA_ERROR_NO_ANSWER, %TEA_ERROR_KEY_CHANGED, %TEA_ERROR_KEY_UNEXPECTED,
 *   %TEA_ERROR_KEY_NOT_KEPT, %TEA_ERROR_REFUSED (the other side does not accept us), or one of
 *   GIO's
 *
 * How a client gets channels to one server: the first, and again after each was lost.
 */
struct _TeaPacketConnectorInterface
{
  GTypeInterface parent_iface;

  void (*connect_async) (TeaPacketConnector *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  TeaPacketChannel *(*connect_finish) (TeaPacketConnector *self,
                                       GAsyncResult *result,
                                       GError **error);
};

void tea_packet_connector_connect_async (TeaPacketConnector *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
TeaPacketChannel *tea_packet_connector_connect_finish (TeaPacketConnector *self,
                                                       GAsyncResult *result,
                                                       GError **error);

G_END_DECLS
