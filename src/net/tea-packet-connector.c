/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-packet-connector.h"

G_DEFINE_INTERFACE (TeaPacketConnector, tea_packet_connector, G_TYPE_OBJECT)

static void
tea_packet_connector_default_init (TeaPacketConnectorInterface *iface)
{
}

/**
 * tea_packet_connector_connect_async:
 * @self: a connector
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Makes a channel to the server.
 */
void
tea_packet_connector_connect_async (TeaPacketConnector *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (TEA_IS_PACKET_CONNECTOR (self));

  TEA_PACKET_CONNECTOR_GET_IFACE (self)->connect_async (self, cancellable, callback, user_data);
}

/**
 * tea_packet_connector_connect_finish:
 * @self: a connector
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a channel, or %NULL with @error set
 */
TeaPacketChannel *
tea_packet_connector_connect_finish (TeaPacketConnector *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_PACKET_CONNECTOR (self), NULL);

  return TEA_PACKET_CONNECTOR_GET_IFACE (self)->connect_finish (self, result, error);
}
