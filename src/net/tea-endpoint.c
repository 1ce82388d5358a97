/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-endpoint.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tea-destination.h"
#include "tea-icmp-message.h"
#include "tea-inet-address.h"
#include "tea-peer-address.h"
#include "tea-strangers.h"

/* One more than UDP can carry, so that nothing is ever cut. */
#define DATAGRAM_SIZE 65536
#define RECEIVE_BATCH 32
#define SEND_BATCH 64
/* So much is read in a turn to find what those who are known have sent; and so much of what
 * strangers have sent is done in it. */
#define BATCHES_PER_TURN 32
#define STRANGERS_PER_TURN 32
/* What waits is sent at the end of the turn, or when it has come to this many: so many are
 * still in the processor's cache. */
#define QUEUE_FLUSH 256
/* What may wait for a network that takes nothing; UDP may lose what is over that. */
#define QUEUE_MAX 16384
#define KERNEL_BUFFER (4 * 1024 * 1024)
/* What of it stays when nothing waits. */
#define ARENA_KEPT (1024 * 1024)
/* The kernel cuts one block into so many datagrams to one peer (udp(7), UDP_SEGMENT). */
#define SEGMENTS_MAX 16
#define CONTROL_SIZE (TEA_DESTINATION_CONTROL_SIZE + CMSG_SPACE (sizeof (guint16)))

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
  GByteArray *arena;     /* (owned): the datagrams, one after the other */
  GArray *waiting;       /* (element-type Outgoing): which are in it */
  guint n_sent;          /* how many of these are sent */
  gboolean segments;     /* the kernel cuts blocks for us */
  GSource *flush_source; /* (owned) (nullable): end of the turn, or writable again */
  gboolean blocked;      /* the network takes nothing just now */

  GPtrArray *unreachable; /* (element-type GInetSocketAddress): to be reported */

  /* incoming */
  guint8 *buffers; /* RECEIVE_BATCH times DATAGRAM_SIZE */
  TeaEndpointSortFunc sort_func;
  gpointer sort_data;
  TeaStrangers *strangers;   /* (owned) */
  GSource *strangers_source; /* (owned) (nullable): while some wait */

  TeaDropCounter *drops; /* (owned) */
  guint64 n_received;
  guint64 n_sent_ever;
};

typedef struct
{
  TeaDestination destination;
  gsize offset; /* in the arena */
  gsize size;
} Outgoing;

/* What one system call sends. */
typedef struct
{
  struct mmsghdr messages[SEND_BATCH];
  struct iovec vectors[SEND_BATCH];
  guint n_datagrams[SEND_BATCH]; /* how many the message is cut into */
  guint n;
  union
  {
    struct cmsghdr header;
    guint8 bytes[CONTROL_SIZE];
  } controls[SEND_BATCH];
} Batch;

enum
{
  SIGNAL_RECEIVED,
  SIGNAL_UNREACHABLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaEndpoint, tea_endpoint, G_TYPE_OBJECT)

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
forget_sent (TeaEndpoint *self, guint n)
{
  self->n_sent += n;
  if (self->n_sent < self->waiting->len)
    return;

  self->n_sent = 0;
  g_array_set_size (self->waiting, 0);
  if (self->arena->len > ARENA_KEPT)
    {
      g_byte_array_unref (self->arena);
      self->arena = g_byte_array_sized_new (DATAGRAM_SIZE);
    }
  g_byte_array_set_size (self->arena, 0);
}

/* How many datagrams from @first on can go as one block: to the same peer, and all as long as
 * the first but the last, which may be shorter. */
static guint
count_segments (TeaEndpoint *self, guint first)
{
  const Outgoing *outgoing = &g_array_index (self->waiting, Outgoing, first);
  guint n = 1;

  if (!self->segments || outgoing->size == 0)
    return 1;

  while (n < SEGMENTS_MAX && first + n < self->waiting->len
         && outgoing[n - 1].size == outgoing->size && outgoing[n].size <= outgoing->size
         && outgoing[n].size > 0
         && tea_destination_equal (&outgoing[n].destination, &outgoing->destination))
    n++;

  return n;
}

static void
add_segment_size (struct msghdr *message, guint16 size)
{
  struct cmsghdr *header
      = (struct cmsghdr *) (void *) ((guint8 *) message->msg_control + message->msg_controllen);

  memset (header, 0, CMSG_SPACE (sizeof size));
  header->cmsg_level = IPPROTO_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN (sizeof size);
  memcpy (CMSG_DATA (header), &size, sizeof size);
  message->msg_controllen += CMSG_SPACE (sizeof size);
}

static void
fill_batch (TeaEndpoint *self, Batch *batch)
{
  guint next = self->n_sent;

  for (batch->n = 0; batch->n < SEND_BATCH && next < self->waiting->len; batch->n++)
    {
      Outgoing *outgoing = &g_array_index (self->waiting, Outgoing, next);
      guint n = count_segments (self, next);
      struct msghdr *message = &batch->messages[batch->n].msg_hdr;
      void *control = &batch->controls[batch->n];

      batch->vectors[batch->n].iov_base = self->arena->data + outgoing->offset;
      batch->vectors[batch->n].iov_len
          = outgoing[n - 1].offset + outgoing[n - 1].size - outgoing->offset;
      batch->n_datagrams[batch->n] = n;
      *message = (struct msghdr){ .msg_name = &outgoing->destination.name,
                                  .msg_namelen = outgoing->destination.name_size,
                                  .msg_iov = &batch->vectors[batch->n],
                                  .msg_iovlen = 1 };
      message->msg_control
          = memcpy (control, outgoing->destination.control, outgoing->destination.control_size);
      message->msg_controllen = outgoing->destination.control_size;
      if (n > 1)
        add_segment_size (message, (guint16) outgoing->size);
      if (message->msg_controllen == 0)
        message->msg_control = NULL;
      next += n;
    }
}

/* Returns how many messages are not to be tried again. */
static int
handle_error (TeaEndpoint *self, const Batch *batch, int number)
{
  if (number == EAGAIN || number == EWOULDBLOCK)
    {
      self->blocked = TRUE;
      schedule_flush (self);
      return 0;
    }

  if (number == EINTR)
    return 0;

  if (number == ECONNREFUSED)
    {
      /* News about an earlier datagram, not about this one. */
      drain_error_queue (self);
      return 0;
    }

  /* Another error is about one peer, and no reason to do without blocks for all. */
  if (batch->n_datagrams[0] > 1 && (number == EINVAL || number == EIO))
    {
      g_debug ("The kernel cuts no blocks: %s", g_strerror (number));
      self->segments = FALSE;
      return 0;
    }

  g_debug ("Could not send: %s", g_strerror (number));

  return 1;
}

static GInetSocketAddress *
make_peer (struct msghdr *message)
{
  g_autoptr (GSocketAddress) address
      = g_socket_address_new_from_native (message->msg_name, message->msg_namelen);
  g_autoptr (TeaPacketInfo) packet_info = tea_packet_info_new_from_message (message);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;

  return tea_peer_address_new (G_INET_SOCKET_ADDRESS (address), packet_info);
}

static void
report_received (TeaEndpoint *self, GInetSocketAddress *peer, GBytes *datagram)
{
  g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, peer, datagram);
}

static void
give_strangers (TeaEndpoint *self)
{
  for (guint i = 0; i < STRANGERS_PER_TURN; i++)
    {
      g_autoptr (GInetSocketAddress) peer = NULL;
      g_autoptr (GBytes) datagram = NULL;

      if (self->socket == NULL || !tea_strangers_pop (self->strangers, &peer, &datagram))
        return;

      report_received (self, peer, datagram);
    }
}

static gboolean
strangers_cb (gpointer user_data)
{
  g_autoptr (TeaEndpoint) self = g_object_ref (TEA_ENDPOINT (user_data));

  give_strangers (self);
  if (self->socket == NULL)
    return G_SOURCE_REMOVE;

  tea_endpoint_flush (self);
  if (tea_strangers_get_n (self->strangers) > 0)
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&self->strangers_source, g_source_unref);

  return G_SOURCE_REMOVE;
}

/* They wait until the socket had its turn again. */
static void
schedule_strangers (TeaEndpoint *self)
{
  if (self->strangers_source != NULL || self->socket == NULL
      || tea_strangers_get_n (self->strangers) == 0)
    return;

  self->strangers_source = g_idle_source_new ();
  g_source_set_priority (self->strangers_source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->strangers_source, strangers_cb, self, NULL);
  g_source_attach (self->strangers_source, g_main_context_get_thread_default ());
}

/* Nothing is made of it that costs anything, unless there is room for it. */
static void
let_wait (TeaEndpoint *self, struct msghdr *message, const guint8 *data, gsize size)
{
  guint64 network = tea_inet_address_get_native_network (message->msg_name, TEA_NETWORK_WIDE);
  g_autoptr (GInetSocketAddress) peer = NULL;
  g_autoptr (GBytes) datagram = NULL;

  if (!tea_strangers_may_wait (self->strangers, network, size))
    {
      tea_drop_counter_note (self->drops, TEA_DROP_CROWDED, network);
      return;
    }

  peer = make_peer (message);
  if (peer == NULL)
    return;

  datagram = g_bytes_new (data, size);
  tea_strangers_push (self->strangers, network, peer, datagram);
}

static void
take (TeaEndpoint *self, struct msghdr *message, const guint8 *data, gsize size)
{
  TeaEndpointSort sort = self->sort_func != NULL ? self->sort_func (data, size, self->sort_data)
                                                 : TEA_ENDPOINT_KNOWN;
  g_autoptr (GInetSocketAddress) peer = NULL;
  g_autoptr (GBytes) datagram = NULL;

  switch (sort)
    {
    case TEA_ENDPOINT_KNOWN:
      peer = make_peer (message);
      datagram = g_bytes_new (data, size);
      if (peer != NULL)
        report_received (self, peer, datagram);
      break;
    case TEA_ENDPOINT_STRANGER:
      let_wait (self, message, data, size);
      break;
    case TEA_ENDPOINT_NOBODY:
      tea_drop_counter_note (self->drops, TEA_DROP_NONSENSE,
                             tea_inet_address_get_native_network (message->msg_name,
                                                                  TEA_NETWORK_WIDE));
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Returns whether there may be more. */
static gboolean
receive_batch (TeaEndpoint *self)
{
  struct mmsghdr messages[RECEIVE_BATCH];
  struct iovec vectors[RECEIVE_BATCH];
  union
  {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
  } names[RECEIVE_BATCH];
  union
  {
    struct cmsghdr header;
    guint8 bytes[TEA_DESTINATION_CONTROL_SIZE];
  } controls[RECEIVE_BATCH];
  int n_received;

  for (guint i = 0; i < RECEIVE_BATCH; i++)
    {
      vectors[i] = (struct iovec){ self->buffers + i * DATAGRAM_SIZE, DATAGRAM_SIZE };
      messages[i].msg_hdr = (struct msghdr){ .msg_name = &names[i],
                                             .msg_namelen = sizeof names[i],
                                             .msg_iov = &vectors[i],
                                             .msg_iovlen = 1,
                                             .msg_control = &controls[i],
                                             .msg_controllen = sizeof controls[i] };
    }

  n_received = recvmmsg (g_socket_get_fd (self->socket), messages, RECEIVE_BATCH, 0, NULL);
  if (n_received < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != ECONNREFUSED)
    g_debug ("Could not receive: %s", g_strerror (errno));

  self->n_received += (guint64) MAX (n_received, 0);
  for (int i = 0; i < n_received; i++)
    {
      /* What came before may have made somebody close it. */
      if (self->socket == NULL)
        return FALSE;

      take (self, &messages[i].msg_hdr, vectors[i].iov_base, messages[i].msg_len);
    }

  return n_received == RECEIVE_BATCH;
}

/* Where nobody is a stranger, others have to have their turn. */
static void
receive (TeaEndpoint *self)
{
  guint n_batches = self->sort_func != NULL ? BATCHES_PER_TURN : 1;

  for (guint i = 0; i < n_batches && self->socket != NULL; i++)
    if (!receive_batch (self))
      break;

  give_strangers (self);
  schedule_strangers (self);
}

static gboolean
ready_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (TeaEndpoint) self = g_object_ref (TEA_ENDPOINT (user_data));

  if (condition & G_IO_ERR)
    drain_error_queue (self);

  report_unreachable (self);

  if (self->socket != NULL)
    receive (self);

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
  g_byte_array_unref (self->arena);
  g_array_unref (self->waiting);
  g_ptr_array_unref (self->unreachable);
  tea_strangers_free (self->strangers);
  g_object_unref (self->drops);

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
  self->arena = g_byte_array_sized_new (DATAGRAM_SIZE);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Outgoing));
  self->segments = TRUE;
  self->unreachable = g_ptr_array_new_with_free_func (g_object_unref);
  self->buffers = g_malloc (RECEIVE_BATCH * DATAGRAM_SIZE);
  self->strangers = tea_strangers_new ();
  self->drops = tea_drop_counter_new ();
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
 * tea_endpoint_set_sort_func: (skip)
 * @self: an endpoint
 * @func: (nullable): tells whose a datagram is; %NULL where nobody is a stranger
 * @user_data: for @func
 *
 * Lets those who are known go before strangers.
 */
void
tea_endpoint_set_sort_func (TeaEndpoint *self, TeaEndpointSortFunc func, gpointer user_data)
{
  g_return_if_fail (TEA_IS_ENDPOINT (self));

  self->sort_func = func;
  self->sort_data = user_data;
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
 * tea_endpoint_get_fd: (skip)
 * @self: an endpoint
 *
 * Returns: its socket, which stays its own; -1 where it is closed
 */
int
tea_endpoint_get_fd (TeaEndpoint *self)
{
  g_return_val_if_fail (TEA_IS_ENDPOINT (self), -1);

  return self->socket != NULL ? g_socket_get_fd (self->socket) : -1;
}

/**
 * tea_endpoint_get_drops: (skip)
 * @self: an endpoint
 *
 * Returns: (transfer none): what counts that which is dropped, also by those who use the endpoint
 */
TeaDropCounter *
tea_endpoint_get_drops (TeaEndpoint *self)
{
  g_return_val_if_fail (TEA_IS_ENDPOINT (self), NULL);

  return self->drops;
}

/**
 * tea_endpoint_get_counts: (skip)
 * @self: an endpoint
 *
 * Returns: what it has done, and has to do
 */
TeaEndpointCounts
tea_endpoint_get_counts (TeaEndpoint *self)
{
  g_return_val_if_fail (TEA_IS_ENDPOINT (self), (TeaEndpointCounts){ 0 });

  return (TeaEndpointCounts){ self->n_received, self->n_sent_ever,
                              tea_strangers_get_n (self->strangers),
                              self->waiting->len - self->n_sent };
}

/**
 * tea_endpoint_begin_datagram: (skip)
 * @self: an endpoint
 * @max_size: how long it may become
 *
 * Makes room for a datagram, in which it can be written.
 *
 * Returns: (transfer none) (nullable): @max_size bytes, until anything else is done with
 *   @self; %NULL where it cannot be sent
 */
guint8 *
tea_endpoint_begin_datagram (TeaEndpoint *self, gsize max_size)
{
  guint offset;

  g_return_val_if_fail (TEA_IS_ENDPOINT (self), NULL);

  if (self->socket == NULL)
    return NULL;

  if (self->waiting->len - self->n_sent >= QUEUE_MAX)
    {
      g_debug ("Dropped a datagram: %d are waiting already", QUEUE_MAX);
      tea_drop_counter_note (self->drops, TEA_DROP_BLOCKED, 0);
      return NULL;
    }

  offset = self->arena->len;
  g_byte_array_set_size (self->arena, offset + (guint) max_size);
  self->arena->len = offset;

  return self->arena->data + offset;
}

/**
 * tea_endpoint_end_datagram: (skip)
 * @self: an endpoint
 * @destination: where to send it
 * @size: how long it has become
 *
 * Hands over what was written after tea_endpoint_begin_datagram(), to be sent at the end of
 * this turn of the main loop. It may get lost, as datagrams do, and does when the endpoint is
 * closed.
 */
void
tea_endpoint_end_datagram (TeaEndpoint *self, const TeaDestination *destination, gsize size)
{
  Outgoing *outgoing;

  g_return_if_fail (TEA_IS_ENDPOINT (self));
  g_return_if_fail (destination != NULL);

  g_array_set_size (self->waiting, self->waiting->len + 1);
  outgoing = &g_array_index (self->waiting, Outgoing, self->waiting->len - 1);
  outgoing->destination = *destination;
  outgoing->offset = self->arena->len;
  outgoing->size = size;
  self->arena->len += (guint) size;

  if (self->waiting->len - self->n_sent >= QUEUE_FLUSH && !self->blocked)
    tea_endpoint_flush (self);
  else
    schedule_flush (self);
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
  TeaDestination destination;
  const void *data;
  gsize size;
  guint8 *room;

  g_return_if_fail (TEA_IS_ENDPOINT (self));
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));
  g_return_if_fail (datagram != NULL);

  data = g_bytes_get_data (datagram, &size);
  room = tea_endpoint_begin_datagram (self, size);
  if (room == NULL)
    return;

  if (size > 0)
    memcpy (room, data, size);
  tea_destination_init (&destination, address);
  tea_endpoint_end_datagram (self, &destination, size);
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

  while (self->n_sent < self->waiting->len && !self->blocked)
    {
      Batch batch;
      int n;

      fill_batch (self, &batch);
      n = sendmmsg (g_socket_get_fd (self->socket), batch.messages, batch.n, 0);
      if (n < 0)
        n = handle_error (self, &batch, errno);

      for (int i = 0; i < n; i++)
        {
          self->n_sent_ever += batch.n_datagrams[i];
          forget_sent (self, batch.n_datagrams[i]);
        }
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

  if (self->strangers_source != NULL)
    g_source_destroy (self->strangers_source);
  g_clear_pointer (&self->strangers_source, g_source_unref);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);

  forget_sent (self, self->waiting->len);
  g_ptr_array_set_size (self->unreachable, 0);
  if (self->socket != NULL && self->borrowed)
    tea_icmp_message_disable (self->socket);
  g_clear_object (&self->socket);
}
