/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-server.h"

#include "tea-classic-service.h"
#include "tea-endpoint.h"
#include "tea-room.h"

/**
 * TeaServer:
 *
 * A server with one room: the same object in `teahoused` and in the desktop program
 * when it hosts. It lives in the thread-default main context of where it is started.
 */
struct _TeaServer
{
  GObject parent_instance;

  TeaRoom *room;              /* (owned) */
  TeaEndpoint *endpoint;      /* (owned) (nullable) */
  TeaClassicService *classic; /* (owned) (nullable) */
  TeaServerConfig *config;    /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaServer, tea_server, G_TYPE_OBJECT)

/* The first byte tells the protocols apart: DTLS records begin with 20 to 63 (RFC
 * 7983, section 7), classic requests with a letter. */
static void
received_cb (TeaServer *self, GInetSocketAddress *address, GBytes *datagram)
{
  const guint8 *data;
  gsize size;

  g_assert (TEA_IS_SERVER (self));

  data = g_bytes_get_data (datagram, &size);
  if (size > 0 && data[0] >= 20 && data[0] <= 63)
    return;

  tea_classic_service_receive (self->classic, address, datagram);
}

static void
unreachable_cb (TeaServer *self, GInetSocketAddress *address)
{
  g_assert (TEA_IS_SERVER (self));

  tea_classic_service_unreachable (self->classic, address);
}

static gboolean
open_room (TeaServer *self, TeaEndpoint *endpoint)
{
  if (endpoint == NULL)
    return FALSE;

  self->endpoint = endpoint;
  self->room = tea_room_new ();
  self->classic = tea_classic_service_new (self->room, self->endpoint, self->config);
  g_signal_connect_object (self->endpoint, "received", G_CALLBACK (received_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->endpoint, "unreachable", G_CALLBACK (unreachable_cb), self,
                           G_CONNECT_SWAPPED);

  return TRUE;
}

static void
tea_server_dispose (GObject *object)
{
  TeaServer *self = TEA_SERVER (object);

  tea_server_stop (self);
  g_clear_object (&self->room);
  g_clear_pointer (&self->config, tea_server_config_free);

  G_OBJECT_CLASS (tea_server_parent_class)->dispose (object);
}

static void
tea_server_class_init (TeaServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_server_dispose;
}

static void
tea_server_init (TeaServer *self)
{
}

/**
 * tea_server_new:
 * @config: (transfer full): what the operator has set
 *
 * Returns: (transfer full): a server that is not started
 */
TeaServer *
tea_server_new (TeaServerConfig *config)
{
  TeaServer *self;

  g_return_val_if_fail (config != NULL, NULL);

  self = g_object_new (TEA_TYPE_SERVER, NULL);
  self->config = config;

  return self;
}

/**
 * tea_server_start:
 * @self: a server
 * @error: return location for a #GError
 *
 * Opens the room, in the thread-default main context.
 *
 * Returns: whether it is open; if not, @error tells why
 */
gboolean
tea_server_start (TeaServer *self, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;

  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->endpoint == NULL, FALSE);

  if (self->config->address == NULL)
    return open_room (self, tea_endpoint_new_any (self->config->port, error));

  address = g_inet_socket_address_new_from_string (self->config->address, self->config->port);

  /* The link that it named is not there any more. */
  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "Could not listen on %s: There is no such address", self->config->address);
      return FALSE;
    }

  return open_room (self, tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), error));
}

/**
 * tea_server_start_from_fd:
 * @self: a server
 * @fd: (transfer full): a UDP socket that is bound
 * @error: return location for a #GError
 *
 * Opens the room at a socket that was handed over, whatever address and port are set
 * to, in the thread-default main context.
 *
 * Returns: whether it is open; if not, @error tells why
 */
gboolean
tea_server_start_from_fd (TeaServer *self, int fd, GError **error)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->endpoint == NULL, FALSE);

  return open_room (self, tea_endpoint_new_from_fd (fd, error));
}

/**
 * tea_server_stop:
 * @self: a server
 *
 * Says goodbye to everyone and closes the room. Does nothing where it is closed.
 */
void
tea_server_stop (TeaServer *self)
{
  g_return_if_fail (TEA_IS_SERVER (self));

  if (self->endpoint == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->endpoint, self);
  tea_classic_service_say_goodbye (self->classic);
  tea_endpoint_flush (self->endpoint);
  tea_endpoint_close (self->endpoint);

  g_clear_object (&self->classic);
  g_clear_object (&self->room);
  g_clear_object (&self->endpoint);
}

/**
 * tea_server_get_address:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): where it listens, with the port it was given;
 *   %NULL when it is not started
 */
GInetSocketAddress *
tea_server_get_address (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), NULL);

  return self->endpoint != NULL ? tea_endpoint_get_local_address (self->endpoint) : NULL;
}
