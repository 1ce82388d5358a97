/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-client-channel.h"

#include "tea-channel.h"
#include "tea-datagram.h"
#include "tea-dtls-session.h"

/**
 * TeaDtlsClientChannel:
 *
 * A client's end of a DTLS session: a socket of its own, which can be exchanged for
 * another while the session goes on.
 */
struct _TeaDtlsClientChannel
{
  GObject parent_instance;

  GSocketAddress *address; /* (owned) */
  TeaChannel *socket;      /* (owned) (nullable): NULL when it is closed */
  TeaDtlsSession *session; /* (owned) */
  TeaTimer *refused_timer; /* (owned) */

  /* until it is open */
  TeaDtlsNewsFunc tell; /* (nullable) */
  gpointer tell_data;
};

static void tea_dtls_client_channel_packet_channel_init (TeaPacketChannelInterface *iface);
static void tea_dtls_client_channel_client_channel_init (TeaClientChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
    TeaDtlsClientChannel,
    tea_dtls_client_channel,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL, tea_dtls_client_channel_packet_channel_init)
        G_IMPLEMENT_INTERFACE (TEA_TYPE_CLIENT_CHANNEL,
                               tea_dtls_client_channel_client_channel_init))

static void
tell_news (TeaDtlsClientChannel *self, TeaDtlsNews news)
{
  if (self->tell != NULL)
    self->tell (self, news, self->tell_data);
}

static void
clear_socket (TeaDtlsClientChannel *self)
{
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
}

/* The other side is gone. */
static void
end (TeaDtlsClientChannel *self)
{
  clear_socket (self);
  tea_timer_unset (self->refused_timer);
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (self));
}

static void
take_packets (TeaDtlsClientChannel *self)
{
  TeaDtlsState state;

  for (;;)
    {
      gboolean newest;
      g_autoptr (GBytes) packet = tea_dtls_session_read (self->session, &newest);

      if (packet == NULL)
        break;
      tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (self), packet);
    }

  state = tea_dtls_session_get_state (self->session);
  if (self->socket != NULL && (state == TEA_DTLS_CLOSED || state == TEA_DTLS_FAILED))
    end (self);
}

/* One answer may have been on its way when the session failed. */
static void
take_answer (TeaDtlsClientChannel *self, const guint8 *records, gsize size)
{
  TeaDtlsState state;

  tea_dtls_session_receive (self->session, records, size);
  state = tea_dtls_session_get_state (self->session);

  if (state == TEA_DTLS_HANDSHAKE)
    {
      tell_news (self, TEA_DTLS_NEWS_ANSWERED);
    }
  else if (state == TEA_DTLS_OPEN)
    {
      tell_news (self, TEA_DTLS_NEWS_OPEN);
      take_packets (self);
    }
  else
    {
      tell_news (self, TEA_DTLS_NEWS_FAILED);
    }
}

/* Nothing proves that the server said so; but whoever it was has seen our route. */
static void
take_hint (TeaDtlsClientChannel *self, guint64 route)
{
  if (tea_dtls_session_get_state (self->session) == TEA_DTLS_OPEN
      && tea_dtls_session_get_route (self->session) == route)
    tea_client_channel_emit_doubted (TEA_CLIENT_CHANNEL (self));
}

static void
received_cb (TeaDtlsClientChannel *self, GBytes *datagram)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsClientChannel) kept = g_object_ref (self);
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  TeaDatagramKind kind = tea_datagram_classify (data, size);

  g_assert (TEA_IS_DTLS_CLIENT_CHANNEL (self));

  if (kind == TEA_DATAGRAM_CLASSIC)
    {
      tell_news (self, TEA_DTLS_NEWS_OTHERWISE);
    }
  else if (kind == TEA_DATAGRAM_HINT)
    {
      take_hint (self, tea_datagram_get_route (data, size));
    }
  else if (kind == TEA_DATAGRAM_DTLS)
    {
      if (tea_dtls_session_get_state (self->session) == TEA_DTLS_HANDSHAKE)
        {
          take_answer (self, data, size);
        }
      else
        {
          tea_dtls_session_receive (self->session, data, size);
          take_packets (self);
        }
    }
}

static void
unreachable_cb (TeaDtlsClientChannel *self)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsClientChannel) kept = g_object_ref (self);

  g_assert (TEA_IS_DTLS_CLIENT_CHANNEL (self));

  /* Who knows our port can forge it: an open session is only asked after. */
  if (tea_dtls_session_get_state (self->session) == TEA_DTLS_HANDSHAKE)
    tell_news (self, TEA_DTLS_NEWS_REFUSED);
  else if (self->socket != NULL)
    tea_client_channel_emit_doubted (TEA_CLIENT_CHANNEL (self));
}

static void
refused_cb (gpointer user_data)
{
  unreachable_cb (TEA_DTLS_CLIENT_CHANNEL (user_data));
}

/* Whoever sends does not expect to be told in the midst of it. */
static void
send_cb (GBytes *datagram, gpointer user_data)
{
  TeaDtlsClientChannel *self = TEA_DTLS_CLIENT_CHANNEL (user_data);
  g_autoptr (GError) error = NULL;

  if (self->socket == NULL || tea_channel_send (self->socket, datagram, &error))
    return;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    tea_timer_set (self->refused_timer, 0);
  else
    g_debug ("Could not send: %s", error->message);
}

static gboolean
open_socket (TeaDtlsClientChannel *self, GError **error)
{
  TeaChannel *socket = tea_channel_new (self->address, error);

  if (socket == NULL)
    return FALSE;

  clear_socket (self);
  self->socket = socket;
  g_object_connect (socket, "swapped-object-signal::received", received_cb, self,
                    "swapped-object-signal::unreachable", unreachable_cb, self, NULL);

  return TRUE;
}

static void
tea_dtls_client_channel_send (TeaPacketChannel *channel, GBytes *packet)
{
  TeaDtlsClientChannel *self = TEA_DTLS_CLIENT_CHANNEL (channel);

  if (self->socket != NULL)
    tea_dtls_session_send (self->session, packet);
}

static gsize
tea_dtls_client_channel_get_packet_size (TeaPacketChannel *channel)
{
  return tea_dtls_session_get_packet_size (TEA_DTLS_CLIENT_CHANNEL (channel)->session);
}

static const char *
tea_dtls_client_channel_get_peer_key (TeaPacketChannel *channel)
{
  return tea_dtls_session_get_peer_key (TEA_DTLS_CLIENT_CHANNEL (channel)->session);
}

/* A new socket has the address that the machine has now; the server notices with the next
 * packet. Without any network, the old socket is as good as none. */
static void
tea_dtls_client_channel_rebind (TeaClientChannel *channel)
{
  TeaDtlsClientChannel *self = TEA_DTLS_CLIENT_CHANNEL (channel);
  g_autoptr (GError) error = NULL;

  if (self->socket != NULL && !open_socket (self, &error))
    g_debug ("Could not open another socket: %s", error->message);
}

static void
tea_dtls_client_channel_close (TeaPacketChannel *channel)
{
  TeaDtlsClientChannel *self = TEA_DTLS_CLIENT_CHANNEL (channel);

  tea_dtls_session_close (self->session);
  tea_timer_unset (self->refused_timer);
  clear_socket (self);
}

static void
tea_dtls_client_channel_packet_channel_init (TeaPacketChannelInterface *iface)
{
  iface->send = tea_dtls_client_channel_send;
  iface->get_packet_size = tea_dtls_client_channel_get_packet_size;
  iface->get_peer_key = tea_dtls_client_channel_get_peer_key;
  iface->close = tea_dtls_client_channel_close;
}

static void
tea_dtls_client_channel_client_channel_init (TeaClientChannelInterface *iface)
{
  iface->rebind = tea_dtls_client_channel_rebind;
}

static void
tea_dtls_client_channel_dispose (GObject *object)
{
  clear_socket (TEA_DTLS_CLIENT_CHANNEL (object));

  G_OBJECT_CLASS (tea_dtls_client_channel_parent_class)->dispose (object);
}

static void
tea_dtls_client_channel_finalize (GObject *object)
{
  TeaDtlsClientChannel *self = TEA_DTLS_CLIENT_CHANNEL (object);

  g_clear_pointer (&self->session, tea_dtls_session_free);
  g_clear_pointer (&self->refused_timer, tea_timer_free);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (tea_dtls_client_channel_parent_class)->finalize (object);
}

static void
tea_dtls_client_channel_class_init (TeaDtlsClientChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_dtls_client_channel_dispose;
  object_class->finalize = tea_dtls_client_channel_finalize;
}

static void
tea_dtls_client_channel_init (TeaDtlsClientChannel *self)
{
}

/**
 * tea_dtls_client_channel_new:
 * @address: where the server is
 * @identity: who we are
 * @resumption: (nullable): what an earlier session with the same server has left
 * @clock: by which to repeat what gets lost
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a channel that has to be started, or %NULL with @error set
 *   when there is no way to such an address
 */
TeaDtlsClientChannel *
tea_dtls_client_channel_new (GSocketAddress *address,
                             TeaIdentity *identity,
                             GBytes *resumption,
                             TeaClock *clock,
                             GError **error)
{
  g_autoptr (TeaDtlsClientChannel) self = NULL;

  g_return_val_if_fail (G_IS_SOCKET_ADDRESS (address), NULL);
  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_DTLS_CLIENT_CHANNEL, NULL);
  self->address = g_object_ref (address);
  self->refused_timer = tea_timer_new (clock, refused_cb, self);
  self->session = tea_dtls_session_new_client (identity, resumption, clock, send_cb, self);
  if (!open_socket (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tea_dtls_client_channel_set_small:
 * @self: a channel that has not been started
 *
 * Makes it fit a path for small datagrams; see tea_dtls_session_set_small().
 */
void
tea_dtls_client_channel_set_small (TeaDtlsClientChannel *self)
{
  g_return_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self));

  tea_dtls_session_set_small (self->session);
}

/**
 * tea_dtls_client_channel_set_padded:
 * @self: a channel that has not been started
 *
 * Makes it try whether the path takes its datagrams; see tea_dtls_session_set_padded().
 */
void
tea_dtls_client_channel_set_padded (TeaDtlsClientChannel *self)
{
  g_return_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self));

  tea_dtls_session_set_padded (self->session);
}

/**
 * tea_dtls_client_channel_start:
 * @self: a channel
 * @tell: what to call when something happens, until it is open
 * @user_data: for @tell
 *
 * Begins to open a channel.
 */
void
tea_dtls_client_channel_start (TeaDtlsClientChannel *self, TeaDtlsNewsFunc tell, gpointer user_data)
{
  g_return_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self));

  self->tell = tell;
  self->tell_data = user_data;
  tea_dtls_session_start (self->session);
}

/**
 * tea_dtls_client_channel_stop_telling:
 * @self: a channel
 *
 * Makes a channel tell nothing any more but by its signals.
 */
void
tea_dtls_client_channel_stop_telling (TeaDtlsClientChannel *self)
{
  g_return_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self));

  self->tell = NULL;
}

/**
 * tea_dtls_client_channel_get_failure:
 * @self: a channel that failed
 *
 * Returns: (transfer none): why
 */
const char *
tea_dtls_client_channel_get_failure (TeaDtlsClientChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self), NULL);

  return tea_dtls_session_get_failure (self->session);
}

/**
 * tea_dtls_client_channel_is_resumed:
 * @self: a channel
 *
 * Returns: whether its session goes on from an earlier one
 */
gboolean
tea_dtls_client_channel_is_resumed (TeaDtlsClientChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self), FALSE);

  return tea_dtls_session_is_resumed (self->session);
}

/**
 * tea_dtls_client_channel_get_resumption:
 * @self: a channel that is open
 *
 * Returns: (transfer full) (nullable): what the next session with the same server can go
 *   on from; a secret
 */
GBytes *
tea_dtls_client_channel_get_resumption (TeaDtlsClientChannel *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_CLIENT_CHANNEL (self), NULL);

  return tea_dtls_session_get_resumption (self->session);
}
