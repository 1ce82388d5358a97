/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-test-connector.h"

#include "tea-client-channel.h"
#include "tea-error.h"
#include "tea-packet-builder.h"

#define PACKET_SIZE 1154

static void
tea_test_server_send_packet (TeaPacketChannel *channel, GBytes *packet)
{
  g_assert_cmpuint (g_bytes_get_size (packet), <=, PACKET_SIZE);
  g_ptr_array_add (TEA_TEST_SERVER (channel)->sent, g_bytes_ref (packet));
}

static gsize
tea_test_server_get_packet_size (TeaPacketChannel *channel)
{
  return PACKET_SIZE;
}

static const char *
tea_test_server_get_peer_key (TeaPacketChannel *channel)
{
  return "SHA256:test";
}

static void
tea_test_server_close (TeaPacketChannel *channel)
{
  TEA_TEST_SERVER (channel)->is_closed = TRUE;
}

static void
tea_test_server_packet_channel_init (TeaPacketChannelInterface *iface)
{
  iface->send = tea_test_server_send_packet;
  iface->get_packet_size = tea_test_server_get_packet_size;
  iface->get_peer_key = tea_test_server_get_peer_key;
  iface->close = tea_test_server_close;
}

static void
tea_test_server_rebind (TeaClientChannel *channel)
{
  TEA_TEST_SERVER (channel)->n_rebound++;
}

static void
tea_test_server_client_channel_init (TeaClientChannelInterface *iface)
{
  iface->rebind = tea_test_server_rebind;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaTestServer,
                               tea_test_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL,
                                                      tea_test_server_packet_channel_init)
                                   G_IMPLEMENT_INTERFACE (TEA_TYPE_CLIENT_CHANNEL,
                                                          tea_test_server_client_channel_init))

static void
tea_test_server_finalize (GObject *object)
{
  g_ptr_array_unref (TEA_TEST_SERVER (object)->sent);

  G_OBJECT_CLASS (tea_test_server_parent_class)->finalize (object);
}

static void
tea_test_server_class_init (TeaTestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_test_server_finalize;
}

static void
tea_test_server_init (TeaTestServer *self)
{
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

/**
 * tea_test_server_send:
 * @self: a channel
 * @channel: of which of its rooms
 * @frame: (transfer full): a frame from the server
 *
 * The server sends a packet of one frame, unless the client has closed the channel.
 */
void
tea_test_server_send (TeaTestServer *self, guint16 channel, GBytes *frame)
{
  g_autoptr (TeaPacketBuilder) builder = tea_packet_builder_new (PACKET_SIZE);
  g_autoptr (TeaTestServer) kept = g_object_ref (self);
  g_autoptr (GBytes) owned = frame;
  g_autoptr (GBytes) packet = NULL;

  tea_packet_builder_add (builder, channel, owned);
  packet = tea_packet_builder_take (builder);
  if (!kept->is_closed)
    tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (kept), packet);
}

static void
tea_test_connector_connect_async (TeaPacketConnector *connector,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaTestConnector *self = TEA_TEST_CONNECTOR (connector);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->fails != NULL && self->fails (self->user_data))
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER, "Nobody answers");
      return;
    }

  g_clear_object (&self->server);
  self->server = g_object_new (TEA_TYPE_TEST_SERVER, NULL);
  g_task_return_pointer (task, g_object_ref (self->server), g_object_unref);
}

static TeaPacketChannel *
tea_test_connector_connect_finish (TeaPacketConnector *connector,
                                   GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
tea_test_connector_packet_connector_init (TeaPacketConnectorInterface *iface)
{
  iface->connect_async = tea_test_connector_connect_async;
  iface->connect_finish = tea_test_connector_connect_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaTestConnector,
                               tea_test_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CONNECTOR,
                                                      tea_test_connector_packet_connector_init))

static void
tea_test_connector_finalize (GObject *object)
{
  g_clear_object (&TEA_TEST_CONNECTOR (object)->server);

  G_OBJECT_CLASS (tea_test_connector_parent_class)->finalize (object);
}

static void
tea_test_connector_class_init (TeaTestConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_test_connector_finalize;
}

static void
tea_test_connector_init (TeaTestConnector *self)
{
}
