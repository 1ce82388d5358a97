/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the classic protocol goes through. These are the sockets of src/net/ once more, on
 * the simulated network: who links this file does not get the real ones. */

#include "sim-classic.h"

/* How a program in this process is connected. */
typedef struct
{
  SimNetwork *network;
  SimLink *link;
  SimProgram *program;
} Plug;

struct _TeaChannel
{
  GObject parent_instance;

  SimSocket *socket; /* (unowned) */
};

struct _TeaEndpoint
{
  GObject parent_instance;

  SimNetwork *network; /* (unowned) (nullable): NULL once it is closed */
};

enum
{
  SIGNAL_RECEIVED,
  SIGNAL_UNREACHABLE,
  N_SIGNALS
};

static guint channel_signals[N_SIGNALS];
static guint endpoint_signals[N_SIGNALS];

/* (element-type GMainContext Plug): a socket belongs to whose main context it is made in */
static GHashTable *plugs;

G_DEFINE_FINAL_TYPE (TeaChannel, tea_channel, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (TeaEndpoint, tea_endpoint, G_TYPE_OBJECT)

void
sim_classic_plug (SimNetwork *network, SimLink *link, SimProgram *client)
{
  Plug *plug = g_new0 (Plug, 1);

  plug->network = network;
  plug->link = link;
  plug->program = client;
  if (plugs == NULL)
    plugs = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_hash_table_insert (plugs, client->context, plug);
}

void
sim_classic_unplug (SimProgram *client)
{
  if (plugs != NULL)
    g_hash_table_remove (plugs, client->context);
}

/* A client's socket. */

static void
received_cb (GBytes *datagram, gpointer user_data)
{
  g_autoptr (TeaChannel) self = g_object_ref (TEA_CHANNEL (user_data));

  if (datagram != NULL)
    g_signal_emit (self, channel_signals[SIGNAL_RECEIVED], 0, datagram);
  else
    g_signal_emit (self, channel_signals[SIGNAL_UNREACHABLE], 0);
}

static void
tea_channel_dispose (GObject *object)
{
  sim_socket_close (TEA_CHANNEL (object)->socket);

  G_OBJECT_CLASS (tea_channel_parent_class)->dispose (object);
}

static void
tea_channel_class_init (TeaChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_channel_dispose;

  channel_signals[SIGNAL_RECEIVED]
      = g_signal_new ("received", TEA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_BYTES);
  channel_signals[SIGNAL_UNREACHABLE]
      = g_signal_new ("unreachable", TEA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 0);
}

static void
tea_channel_init (TeaChannel *self)
{
}

TeaChannel *
tea_channel_new (GSocketAddress *address, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Plug *plug = g_hash_table_lookup (plugs, context);
  TeaChannel *self = g_object_new (TEA_TYPE_CHANNEL, NULL);

  self->socket = sim_socket_new (plug->network, plug->link, plug->program, received_cb, self);

  return self;
}

gboolean
tea_channel_send (TeaChannel *self, GBytes *datagram, GError **error)
{
  sim_socket_send (self->socket, datagram);

  return TRUE;
}

/* The server's. */

static void
tea_endpoint_class_init (TeaEndpointClass *klass)
{
  endpoint_signals[SIGNAL_RECEIVED]
      = g_signal_new ("received", TEA_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_INET_SOCKET_ADDRESS, G_TYPE_BYTES);
  endpoint_signals[SIGNAL_UNREACHABLE]
      = g_signal_new ("unreachable", TEA_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_INET_SOCKET_ADDRESS);
}

static void
tea_endpoint_init (TeaEndpoint *self)
{
}

TeaEndpoint *
sim_endpoint_new (SimNetwork *network)
{
  TeaEndpoint *self = g_object_new (TEA_TYPE_ENDPOINT, NULL);

  self->network = network;

  return self;
}

void
sim_endpoint_receive (TeaEndpoint *self, guint address, guint port, GBytes *datagram)
{
  const guint8 bytes[]
      = { 10, (guint8) (address >> 16), (guint8) (address >> 8), (guint8) address };
  g_autoptr (GInetAddress) machine = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new (machine, (guint16) port);

  if (datagram != NULL)
    g_signal_emit (self, endpoint_signals[SIGNAL_RECEIVED], 0, from, datagram);
  else
    g_signal_emit (self, endpoint_signals[SIGNAL_UNREACHABLE], 0, from);
}

void
tea_endpoint_send (TeaEndpoint *self, GInetSocketAddress *address, GBytes *datagram)
{
  const guint8 *bytes = g_inet_address_to_bytes (g_inet_socket_address_get_address (address));

  if (self->network != NULL)
    sim_network_send (self->network, (guint) bytes[1] << 16 | (guint) bytes[2] << 8 | bytes[3],
                      g_inet_socket_address_get_port (address), datagram);
}

/* Nobody counts here. */
TeaDropCounter *
tea_endpoint_get_drops (TeaEndpoint *self)
{
  return NULL;
}

void
tea_endpoint_close (TeaEndpoint *self)
{
  self->network = NULL;
}
