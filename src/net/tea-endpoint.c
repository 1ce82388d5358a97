/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-endpoint.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tea-icmp-message.h"
#include "tea-inet-address.h"
#include "tea-peer-address.h"

/* One more than UDP can carry, so that nothing is ever cut. */
#define DATAGRAM_SIZE 65536
#define RECEIVE_BATCH 32
#define SEND_BATCH 64
/* What waits is sent at the end of the turn, or when it has come to this many. */
#define QUEUE_FLUSH 1024
/* What may wait for a network that takes nothing; UDP may lose what is over that. */
#define QUEUE_MAX 16384
#define KERNEL_BUFFER (4 * 1024 * 1024)

/**
 * TeaEndpoint:
 *
 * A UDP socket that serves many peers without ever waiting: it takes datagrams in by
 * the batch, and sends what was handed to it at the end of the turn.
 */
struct _TeaEndpoint
{
  GObject parent_instance;

  GSocket *socket;                   /* (owned) */
  GInetSocketAddress *local_address; /* (owned) */
  GSource *source;                   /* (owned): readable, or an error is queued */
  gboolean borrowed;                 /* whoever opened the socket goes on listening */

  /* outgoing */
  GQueue queue;          /* (element-type OutgoingDatagram) */
  GSource *flush_source; /* (owned) (nullable): end of the turn, or writable again */
  gboolean blocked;      /* the network takes nothing just now */

  GPtrArray *unreachable; /* (element-type GInetSocketAddress): to be reported */

  guint8 *buffers; /* RECEIVE_BATCH times DATAGRAM_SIZE */
};

typedef struct
{
  GInetSocketAddress *address; /* (owned) */
  GBytes *datagram;            /* (owned) */
} OutgoingDatagram;

enum
{
  SIGNAL_RECEIVED,
  SIGNAL_UNREACHABLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaEndpoint, tea_endpoint, G_TYPE_OBJECT)

static void
outgoing_datagram_free (OutgoingDatagram *outgoing)
{
  g_object_unref (outgoing->address);
  g_bytes_unref (outgoing->datagram);
  g_free (outgoing);
}

static void
report_unreachable (TeaEndpoint *self)
{
  while (self->unreachable->len > 0)
    {
      g_autoptr (GInetSocketAddress) address = g_ptr_array_steal_index (self->unreachable, 0);
      g_signal_emit (self, signals[SIGNAL_UNREACHABLE], 0, address);
    }
}

static gboolean
flush_cb (gpointer user_data)
{
  g_autoptr (TeaEndpoint) self = g_object_ref (TEA_ENDPOINT (user_data));

  g_clear_pointer (&self->flush_source, g_source_unref);
  self->blocked = FALSE;
  report_unreachable (self);
  tea_endpoint_flush (self);

  return G_SOURCE_REMOVE;
}

static gboolean
writable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  return flush_cb (user_data);
}

static void
schedule_flush (TeaEndpoint *self)
{
  if (self->flush_source != NULL)
    return;

  if (self->blocked)
    {
      self->flush_source = g_socket_create_source (self->socket, G_IO_OUT, NULL);
      g_source_set_callback (self->flush_source, G_SOURCE_FUNC (writable_cb), self, NULL);
    }
  else
    {
      self->flush_source = g_idle_source_new ();
      g_source_set_priority (self->flush_source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->flush_source, flush_cb, self, NULL);
    }

  g_source_attach (self->flush_source, g_main_context_get_thread_default ());
}

/* Reads what came back by ICMP. Until it is read, the kernel answers every send and
 * receive with it, whomever they are for. Who is gone is reported at the end of the
 * turn, for this may happen in the midst of a delivery to many. */
static void
drain_error_queue (TeaEndpoint *self)
{
  for (;;)
    {
      g_autoptr (GSocketAddress) address = NULL;
      g_autofree GSocketControlMessage **messages = NULL;
      guint8 payload[1];
      GInputVector vector = { payload, sizeof payload };
      int n_messages = 0;
      int flags = MSG_ERRQUEUE;
      gboolean gone = FALSE;

      if (g_socket_receive_message (self->socket, &address, &vector, 1, &messages, &n_messages,
                                    &flags, NULL, NULL)
          < 0)
        return;

      for (int i = 0; i < n_messages; i++)
        {
          if (TEA_IS_ICMP_MESSAGE (messages[i]))
            gone |= tea_icmp_message_is_port_unreachable (TEA_ICMP_MESSAGE (messages[i]));
          g_object_unref (messages[i]);
        }

      if (gone && G_IS_INET_SOCKET_ADDRESS (address))
        {
          g_ptr_array_add (self->unreachable,
                           tea_inet_address_normalize (G_INET_SOCKET_ADDRESS (address)));
          schedule_flush (self);
        }
    }
}

static void
receive_batch (TeaEndpoint *self)
{
  GSocketAddress *addresses[RECEIVE_BATCH] = { NULL };
  GSocketControlMessage **controls[RECEIVE_BATCH] = { NULL };
  guint n_controls[RECEIVE_BATCH] = { 0 };
  GInputVector vectors[RECEIVE_BATCH];
  GInputMessage messages[RECEIVE_BATCH];
  g_autoptr (GError) error = NULL;
  int n_received;

  for (guint i = 0; i < RECEIVE_BATCH; i++)
    {
      vectors[i] = (GInputVector){ self->buffers + i * DATAGRAM_SIZE, DATAGRAM_SIZE };
      messages[i] = (GInputMessage){ .address = &addresses[i],
                                     .vectors = &vectors[i],
                                     .num_vectors = 1,
                                     .control_messages = &controls[i],
                                     .num_control_messages = &n_controls[i] };
    }

  n_received = g_socket_receive_messages (self->socket, messages, RECEIVE_BATCH, 0, NULL, &error);
  if (n_received < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_debug ("Could not receive: %s", error->message);

  for (int i = 0; i < n_received; i++)
    {
      g_autoptr (GSocketAddress) address = addresses[i];
      g_autoptr (TeaPacketInfo) packet_info = tea_packet_info_take (controls[i], n_controls[i]);
      g_autoptr (GInetSocketAddress) peer = NULL;
      g_autoptr (GBytes) datagram = NULL;

      /* What came before may have made somebody close it. */
      if (self->socket == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
        continue;

      peer = tea_peer_address_new (G_INET_SOCKET_ADDRESS (address), packet_info);
      datagram = g_bytes_new (vectors[i].buffer, messages[i].bytes_received);
      g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, peer, datagram);
    }
}

static gboolean
ready_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (TeaEndpoint) self = g_object_ref (TEA_ENDPOINT (user_data));

  if (condition & G_IO_ERR)
    drain_error_queue (self);

  report_unreachable (self);

  if (self->socket != NULL)
    receive_batch (self);

  if (self->socket != NULL)
    tea_endpoint_flush (self);

  return G_SOURCE_CONTINUE;
}

/* What a socket needs before it is bound, or, where somebody else did that, after. */
static gboolean
prepare (TeaEndpoint *self, GError **error)
{
  g_socket_set_blocking (self->socket, FALSE);

  return tea_icmp_message_enable (self->socket, error)
         && tea_packet_info_enable (self->socket, error);
}

static gboolean
listen_to (TeaEndpoint *self, GError **error)
{
  self->local_address = G_INET_SOCKET_ADDRESS (g_socket_get_local_address (self->socket, error));
  if (self->local_address == NULL)
    return FALSE;

  self->source = g_socket_create_source (self->socket, G_IO_IN | G_IO_ERR, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (ready_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return TRUE;
}

static gboolean
is_bound_udp (GSocket *socket)
{
  GSocketFamily family = g_socket_get_family (socket);
  g_autoptr (GSocketAddress) address = NULL;
  int protocol = 0;

  if (family != G_SOCKET_FAMILY_IPV4 && family != G_SOCKET_FAMILY_IPV6)
    return FALSE;

  if (!g_socket_get_option (socket, SOL_SOCKET, SO_PROTOCOL, &protocol, NULL)
      || protocol != IPPROTO_UDP)
    return FALSE;

  address = g_socket_get_local_address (socket, NULL);

  return address != NULL && g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) != 0;
}

static void
tea_endpoint_dispose (GObject *object)
{
  tea_endpoint_close (TEA_ENDPOINT (object));

  G_OBJECT_CLASS (tea_endpoint_parent_class)->dispose (object);
}

static void
tea_endpoint_finalize (GObject *object)
{
  TeaEndpoint *self = TEA_ENDPOINT (object);

  g_clear_object (&self->local_address);
  g_free (self->buffers);
  g_ptr_array_unref (self->unreachable);

  G_OBJECT_CLASS (tea_endpoint_parent_class)->finalize (object);
}

static void
tea_endpoint_class_init (TeaEndpointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_endpoint_dispose;
  object_class->finalize = tea_endpoint_finalize;

  /**
   * TeaEndpoint::received:
   * @self: the endpoint
   * @address: (type Gio.InetSocketAddress): where the datagram came from, normalized;
   *   what is sent to this very object comes from where the datagram came in
   * @datagram: (type GLib.Bytes): what came
   *
   * A datagram came.
   */
  signals[SIGNAL_RECEIVED]
      = g_signal_new ("received", TEA_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_INET_SOCKET_ADDRESS, G_TYPE_BYTES);
  /**
   * TeaEndpoint::unreachable:
   * @self: the endpoint
   * @address: (type Gio.InetSocketAddress): where a datagram was sent, normalized
   *
   * A machine answered that nobody listens there any more.
   */
  signals[SIGNAL_UNREACHABLE]
      = g_signal_new ("unreachable", TEA_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_INET_SOCKET_ADDRESS);
}

static void
tea_endpoint_init (TeaEndpoint *self)
{
  g_queue_init (&self->queue);
  self->unreachable = g_ptr_array_new_with_free_func (g_object_unref);
  self->buffers = g_malloc (RECEIVE_BATCH * DATAGRAM_SIZE);
}

/**
 * tea_endpoint_new:
 * @address: the address and port to listen on; port 0 takes any free one
 * @error: return location for a #GError
 *
 * Opens a UDP socket and listens in the thread-default main context. On the IPv6
 * address `::` it serves IPv4 as well.
 *
 * Returns: (transfer full): the endpoint, or %NULL with @error set
 */
TeaEndpoint *
tea_endpoint_new (GInetSocketAddress *address, GError **error)
{
  g_autoptr (TeaEndpoint) self = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);

  self = g_object_new (TEA_TYPE_ENDPOINT, NULL);
  text = tea_inet_address_to_string (address);

  self->socket = g_socket_new (g_socket_address_get_family (G_SOCKET_ADDRESS (address)),
                               G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  if (self->socket == NULL)
    return NULL;

  /* On "::", IPv4 too, whatever the system's default is. */
  if (g_socket_get_family (self->socket) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (self->socket, IPPROTO_IPV6, IPV6_V6ONLY, FALSE, NULL);

  /* As much as the kernel grants; less is only a matter of bursts. To a socket that was
   * handed over systemd may have given more. */
  g_socket_set_option (self->socket, SOL_SOCKET, SO_RCVBUF, KERNEL_BUFFER, NULL);
  g_socket_set_option (self->socket, SOL_SOCKET, SO_SNDBUF, KERNEL_BUFFER, NULL);

  if (!prepare (self, error)
      || !g_socket_bind (self->socket, G_SOCKET_ADDRESS (address), FALSE, error))
    {
      g_prefix_error (error, "Could not listen on udp://%s: ", text);
      return NULL;
    }

  if (!listen_to (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tea_endpoint_new_any:
 * @port: the port to listen on; 0 takes any free one
 * @error: return location for a #GError
 *
 * Listens on every address of the machine: IPv6 and IPv4 where there is IPv6, IPv4
 * alone where there is not.
 *
 * Returns: (transfer full): the endpoint, or %NULL with @error set
 */
TeaEndpoint *
tea_endpoint_new_any (guint16 port, GError **error)
{
  static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV6, G_SOCKET_FAMILY_IPV4 };

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (GInetAddress) any = g_inet_address_new_any (families[i]);
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new (any, port);
      g_autoptr (GError) local_error = NULL;
      TeaEndpoint *self = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), &local_error);

      if (self != NULL)
        return self;

      if (families[i] == G_SOCKET_FAMILY_IPV4
          || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)
          || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  g_assert_not_reached ();
}

/**
 * tea_endpoint_new_from_fd:
 * @fd: (transfer full): a UDP socket that somebody else opened and bound
 * @error: return location for a #GError
 *
 * Listens on a socket that was handed over, in the thread-default main context. When
 * the endpoint closes it, it is in order for whoever else holds it.
 *
 * Returns: (transfer full): the endpoint, or %NULL with @error set where @fd is
 *   something else
 */
TeaEndpoint *
tea_endpoint_new_from_fd (int fd, GError **error)
{
  g_autoptr (TeaEndpoint) self = g_object_new (TEA_TYPE_ENDPOINT, NULL);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);

  if (socket == NULL)
    {
      g_prefix_error (error, "Could not listen on the socket that was passed: ");
      close (fd);
      return NULL;
    }

  if (!is_bound_udp (socket))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "The socket that was passed is not for UDP, or has no port.");
      return NULL;
    }

  self->socket = g_steal_pointer (&socket);
  self->borrowed = TRUE;
  if (!prepare (self, error) || !listen_to (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tea_endpoint_get_local_address:
 * @self: an endpoint
 *
 * Returns: (transfer none): where it listens, with the port it was given
 */
GInetSocketAddress *
tea_endpoint_get_local_address (TeaEndpoint *self)
{
  g_return_val_if_fail (TEA_IS_ENDPOINT (self), NULL);

  return self->local_address;
}

/**
 * tea_endpoint_send:
 * @self: an endpoint
 * @address: where to send
 * @datagram: what to send
 *
 * Hands over a datagram to be sent at the end of this turn of the main loop. It may
 * get lost, as datagrams do, and does when the endpoint is closed.
 */
void
tea_endpoint_send (TeaEndpoint *self, GInetSocketAddress *address, GBytes *datagram)
{
  OutgoingDatagram *outgoing;

  g_return_if_fail (TEA_IS_ENDPOINT (self));
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));
  g_return_if_fail (datagram != NULL);

  if (self->socket == NULL)
    return;

  if (g_queue_get_length (&self->queue) >= QUEUE_MAX)
    {
      g_debug ("Dropped a datagram: %d are waiting already", QUEUE_MAX);
      return;
    }

  outgoing = g_new (OutgoingDatagram, 1);
  outgoing->address = g_object_ref (address);
  outgoing->datagram = g_bytes_ref (datagram);
  g_queue_push_tail (&self->queue, outgoing);

  if (g_queue_get_length (&self->queue) >= QUEUE_FLUSH && !self->blocked)
    tea_endpoint_flush (self);
  else
    schedule_flush (self);
}

/**
 * tea_endpoint_flush:
 * @self: an endpoint
 *
 * Sends what is waiting, as far as the network takes it now.
 */
void
tea_endpoint_flush (TeaEndpoint *self)
{
  g_return_if_fail (TEA_IS_ENDPOINT (self));

  while (!g_queue_is_empty (&self->queue) && !self->blocked)
    {
      GOutputMessage messages[SEND_BATCH];
      GOutputVector vectors[SEND_BATCH];
      GSocketControlMessage *controls[SEND_BATCH];
      g_autoptr (GError) error = NULL;
      guint n_messages = 0;
      int n_sent;

      for (GList *l = self->queue.head; l != NULL && n_messages < SEND_BATCH; l = l->next)
        {
          OutgoingDatagram *outgoing = l->data;
          guint i = n_messages++;

          vectors[i].buffer = g_bytes_get_data (outgoing->datagram, &vectors[i].size);
          messages[i] = (GOutputMessage){ .address = G_SOCKET_ADDRESS (outgoing->address),
                                          .vectors = &vectors[i],
                                          .num_vectors = 1 };
          if (TEA_IS_PEER_ADDRESS (outgoing->address))
            {
              controls[i] = G_SOCKET_CONTROL_MESSAGE (
                  tea_peer_address_get_packet_info (TEA_PEER_ADDRESS (outgoing->address)));
              messages[i].control_messages = &controls[i];
              messages[i].num_control_messages = 1;
            }
        }

      n_sent = g_socket_send_messages (self->socket, messages, n_messages, 0, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          self->blocked = TRUE;
          schedule_flush (self);
          return;
        }

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        {
          /* News about an earlier datagram, not about this one. */
          drain_error_queue (self);
          continue;
        }

      if (n_sent < 0)
        {
          g_debug ("Could not send: %s", error->message);
          n_sent = 1;
        }

      while (n_sent-- > 0)
        outgoing_datagram_free (g_queue_pop_head (&self->queue));
    }
}

/**
 * tea_endpoint_close:
 * @self: an endpoint
 *
 * Closes the socket. What is still waiting is lost.
 */
void
tea_endpoint_close (TeaEndpoint *self)
{
  g_return_if_fail (TEA_IS_ENDPOINT (self));

  if (self->flush_source != NULL)
    g_source_destroy (self->flush_source);
  g_clear_pointer (&self->flush_source, g_source_unref);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);

  g_queue_clear_full (&self->queue, (GDestroyNotify) outgoing_datagram_free);
  g_ptr_array_set_size (self->unreachable, 0);
  if (self->socket != NULL && self->borrowed)
    tea_icmp_message_disable (self->socket);
  g_clear_object (&self->socket);
}
