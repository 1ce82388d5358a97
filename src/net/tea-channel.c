/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-channel.h"

/* One more than UDP can carry, so that nothing is ever cut. */
#define DATAGRAM_SIZE 65536

/* How many datagrams are taken before other sources of the main loop get their turn. */
#define MAX_AT_ONCE 32

/**
 * TeaChannel:
 *
 * A UDP socket that speaks with one peer alone, without ever waiting. To the peer, its
 * address is who we are.
 */
struct _TeaChannel
{
  GObject parent_instance;

  GSocket *socket; /* (owned) */
  GSource *source; /* (owned) */
  guint8 *buffer;
};

enum
{
  SIGNAL_RECEIVED,
  SIGNAL_UNREACHABLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaChannel, tea_channel, G_TYPE_OBJECT)

/* Returns: whether there may be more */
static gboolean
receive (TeaChannel *self)
{
  g_autoptr (GError) error = NULL;
  gssize size = g_socket_receive (self->socket, (char *) self->buffer, DATAGRAM_SIZE, NULL, &error);

  if (size >= 0)
    {
      g_autoptr (GBytes) datagram = g_bytes_new (self->buffer, (gsize) size);

      g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, datagram);
      return TRUE;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_signal_emit (self, signals[SIGNAL_UNREACHABLE], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_debug ("Could not receive: %s", error->message);

  return FALSE;
}

static gboolean
ready_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (TeaChannel) self = g_object_ref (TEA_CHANNEL (user_data));

  for (guint i = 0; i < MAX_AT_ONCE && receive (self); i++)
    continue;

  return G_SOURCE_CONTINUE;
}

static void
tea_channel_dispose (GObject *object)
{
  TeaChannel *self = TEA_CHANNEL (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_object (&self->socket);

  G_OBJECT_CLASS (tea_channel_parent_class)->dispose (object);
}

static void
tea_channel_finalize (GObject *object)
{
  TeaChannel *self = TEA_CHANNEL (object);

  g_free (self->buffer);

  G_OBJECT_CLASS (tea_channel_parent_class)->finalize (object);
}

static void
tea_channel_class_init (TeaChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_channel_dispose;
  object_class->finalize = tea_channel_finalize;

  /**
   * TeaChannel::received:
   * @self: the channel
   * @datagram: (type GLib.Bytes): what came
   *
   * A datagram came from the peer.
   */
  signals[SIGNAL_RECEIVED] = g_signal_new ("received", TEA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  /**
   * TeaChannel::unreachable:
   * @self: the channel
   *
   * The peer's machine answered that nobody listens there.
   */
  signals[SIGNAL_UNREACHABLE] = g_signal_new ("unreachable", TEA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_channel_init (TeaChannel *self)
{
  self->buffer = g_malloc (DATAGRAM_SIZE);
}

/**
 * tea_channel_new:
 * @address: where the peer is
 * @error: return location for a #GError
 *
 * Opens a UDP socket to a peer and listens in the thread-default main context. That
 * says nothing about whether anybody is there.
 *
 * Returns: (transfer full): the channel, or %NULL with @error set
 */
TeaChannel *
tea_channel_new (GSocketAddress *address, GError **error)
{
  g_autoptr (TeaChannel) self = NULL;

  g_return_val_if_fail (G_IS_SOCKET_ADDRESS (address), NULL);

  self = g_object_new (TEA_TYPE_CHANNEL, NULL);
  self->socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                               G_SOCKET_PROTOCOL_UDP, error);
  if (self->socket == NULL)
    return NULL;

  g_socket_set_blocking (self->socket, FALSE);
  if (!g_socket_connect (self->socket, address, NULL, error))
    return NULL;

  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (ready_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return g_steal_pointer (&self);
}

/**
 * tea_channel_send:
 * @self: a channel
 * @datagram: what to send
 * @error: return location for a #GError
 *
 * Sends a datagram to the peer. It may get lost, as datagrams do.
 *
 * Returns: whether it was given to the network; if not, @error may be about an earlier
 *   one: %G_IO_ERROR_CONNECTION_REFUSED means that nobody listens there
 */
gboolean
tea_channel_send (TeaChannel *self, GBytes *datagram, GError **error)
{
  gsize size;
  const char *data;

  g_return_val_if_fail (TEA_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (datagram != NULL, FALSE);

  data = g_bytes_get_data (datagram, &size);

  /* One of no bytes has no data either. */
  return g_socket_send (self->socket, size > 0 ? data : "", size, NULL, error) >= 0;
}
