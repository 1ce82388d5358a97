/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-connector.h"

#include <glib/gi18n-lib.h>

#include "tea-dtls-client-channel.h"
#include "tea-error.h"
#include "tea-inet-address.h"
#include "tea-room-address.h"
#include "tea-text.h"

/* Whether anybody is there shows soon. Each address has its turn, the next round a longer
 * one. */
#define ANSWER_LIMIT (6 * G_TIME_SPAN_SECOND)
#define FIRST_TURN (1500 * G_TIME_SPAN_MILLISECOND)
/* Once somebody has answered, it is only a matter of loss: where three of ten are lost each
 * way, it takes half a second, and more than a few seconds hardly ever. */
#define HANDSHAKE_LIMIT (20 * G_TIME_SPAN_SECOND)
#define STALL_LIMIT (2 * G_TIME_SPAN_SECOND)
/* A server that does not speak DTLS says so as often as it is asked; it takes only one
 * forged datagram to say so for another. */
#define OTHERWISE_LIMIT G_TIME_SPAN_SECOND

/* Where only short datagrams seem to get through, long ones are tried for so long. */
#define NARROW_LIMIT (4 * G_TIME_SPAN_SECOND)
#define NARROW_TURN G_TIME_SPAN_SECOND

/**
 * TeaDtlsConnector:
 *
 * Makes channels of DTLS to one server, and sees to it that it is always the same: its key
 * is the one from an invitation, or the one it was met with first.
 */
struct _TeaDtlsConnector
{
  GObject parent_instance;

  GNetworkAddress *address; /* (owned) */
  TeaIdentity *identity;    /* (owned) */
  char *expected_key;       /* (nullable) */
  TeaKnownServers *known;   /* (owned) (nullable) */
  TeaClock *clock;          /* (owned) */

  char *server_key;   /* (nullable): what the server has shown last */
  char *trusted_key;  /* (nullable): what it has been accepted with, if that is not written */
  GBytes *resumption; /* (owned) (nullable) */
  /* Where it was last, in case that nobody knows where it is. */
  GSocketAddress *last_address; /* (owned) (nullable) */

  /* in progress */
  GTask *task;                          /* (owned) (nullable) */
  GSource *cancel_source;               /* (owned) (nullable) */
  GSocketAddressEnumerator *enumerator; /* (owned) (nullable): as long as there may be more */
  GPtrArray *addresses;                 /* (element-type GSocketAddress): where it may be */
  guint current;
  TeaDtlsClientChannel *channel; /* (owned) (nullable) */
  TeaTimer *deadline_timer;      /* (owned) */
  TeaTimer *turn_timer;          /* (owned) */
  gint64 started;
  gint64 turn;
  gboolean answered;
  gboolean answered_otherwise;

  /* How long datagrams are, and whether that is tried out. */
  enum
  {
    PATH_USUAL,
    PATH_UNKNOWN, /* as usual, without trying */
    PATH_SMALL,
  } path;
  gboolean is_narrow; /* a short request was answered, and a long one not since */
  gboolean small_tried;
};

static void tea_dtls_connector_packet_connector_init (TeaPacketConnectorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaDtlsConnector,
                               tea_dtls_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CONNECTOR,
                                                      tea_dtls_connector_packet_connector_init))

static void try_address (TeaDtlsConnector *self);

static void
drop_channel (TeaDtlsConnector *self)
{
  if (self->channel != NULL)
    tea_dtls_client_channel_stop_telling (self->channel);
  g_clear_object (&self->channel);
}

static GTask *
finish (TeaDtlsConnector *self)
{
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_clear_object (&self->enumerator);
  g_ptr_array_set_size (self->addresses, 0);
  tea_timer_unset (self->deadline_timer);
  tea_timer_unset (self->turn_timer);
  drop_channel (self);

  return g_steal_pointer (&self->task);
}

static void
fail (TeaDtlsConnector *self, GError *error)
{
  g_autoptr (GTask) task = finish (self);

  g_task_return_error (task, error);
}

static void
fail_for_silence (TeaDtlsConnector *self)
{
  g_autofree char *address = tea_room_address_to_string (self->address);
  GError *error = NULL;

  if (self->is_narrow)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                        _ ("%s answers, but the network between carries only small packets: it has "
                           "to take 1,100 bytes. A VPN or a tunnel may be the reason. Try another "
                           "network."),
                        address);
  /* That is what a server does that is full, or had too many from here. */
  else if (self->answered)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                        _ ("%s answers, but does not let you in. It may be full, or too many "
                           "people near you want to enter at once. Try again in a minute."),
                        address);
  else if (self->answered_otherwise)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_NOT_SECURE,
                        _ ("%s answers, but not with encryption. It may be a server of the "
                           "classic protocol, or of something else."),
                        address);
  else
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                        _ ("Nobody answers at %s. Is the address right, and is the room open?"),
                        address);

  fail (self, error);
}

static void
fail_for_key (TeaDtlsConnector *self, const char *expected)
{
  g_autofree char *address = tea_room_address_to_string (self->address);
  GError *error = NULL;
  const char *shown = self->server_key;

  if (expected == self->expected_key)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_KEY_UNEXPECTED,
                        _ ("%s is not the server of your invitation: that has the key %s, this one "
                           "has %s. Either the invitation is old, or somebody else answers in the "
                           "server's place. Ask whoever invited you for a new one."),
                        address, expected, shown);
  else
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_KEY_CHANGED,
                        _ ("%s has another key than before: it was %s and is now %s. Either it has "
                           "been set up anew, or somebody else answers in its place. Ask whoever "
                           "runs it which key is right, by another way than this one; if it is the "
                           "new one, forget the old one and try again."),
                        address, expected, shown);

  fail (self, error);
}

/* Whether the server has been met. Where nobody can tell, a link decides alone. */
static gboolean
lookup_key (TeaDtlsConnector *self, char **key, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *key = NULL;
  if (self->known != NULL
      && !tea_known_servers_lookup (self->known, self->address, key, &local_error)
      && self->expected_key == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (*key == NULL)
    *key = g_strdup (self->trusted_key);

  return TRUE;
}

/* What a session has left is only of use with whom one would meet today, too. */
static void
check_resumption (TeaDtlsConnector *self)
{
  g_autofree char *known = NULL;

  if (self->resumption != NULL
      && (!lookup_key (self, &known, NULL) || g_strcmp0 (known, self->server_key) != 0))
    g_clear_pointer (&self->resumption, g_bytes_unref);
}

/* Who would meet somebody else next time without noticing has to know. An invitation tells
 * whom to meet, next time too. */
static gboolean
remember_key (TeaDtlsConnector *self, GError **error)
{
  g_autofree char *known = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) reason = NULL;

  if (self->known != NULL
      && (!tea_known_servers_lookup (self->known, self->address, &known, NULL)
          || g_strcmp0 (known, self->server_key) != 0)
      && !tea_known_servers_remember (self->known, self->address, self->server_key, &reason))
    g_debug ("The server's key is not remembered: %s", reason->message);

  if (reason != NULL && self->expected_key == NULL
      && g_strcmp0 (self->trusted_key, self->server_key) != 0)
    {
      address = tea_room_address_to_string (self->address);
      tea_text_set_error (
          error, TEA_ERROR, TEA_ERROR_KEY_NOT_KEPT,
          _ ("You are at %s for the first time, and its key, %s, cannot be remembered: %s. "
             "If somebody else answers in its place next time, nobody will notice."),
          address, self->server_key, reason->message);
      return FALSE;
    }

  /* Where nothing is written it has to stay the same at least for as long as we run. */
  g_clear_pointer (&self->trusted_key, g_free);
  if (self->known == NULL || reason != NULL)
    self->trusted_key = g_strdup (self->server_key);

  return TRUE;
}

static void
take_open_channel (TeaDtlsConnector *self)
{
  g_autoptr (TeaDtlsClientChannel) channel = g_object_ref (self->channel);
  g_autofree char *known = NULL;
  const char *expected = self->expected_key;
  GError *error = NULL;
  g_autoptr (GTask) task = NULL;

  g_free (self->server_key);
  self->server_key = g_strdup (tea_packet_channel_get_peer_key (TEA_PACKET_CHANNEL (channel)));

  if (!lookup_key (self, &known, &error))
    {
      tea_packet_channel_close (TEA_PACKET_CHANNEL (channel));
      fail (self, error);
      return;
    }

  /* Anybody can make a link. It stands for a first visit, and not against those before. */
  if (expected == NULL || g_strcmp0 (expected, self->server_key) == 0)
    expected = known;
  if (expected != NULL && g_strcmp0 (expected, self->server_key) != 0)
    {
      tea_packet_channel_close (TEA_PACKET_CHANNEL (channel));
      g_clear_pointer (&self->resumption, g_bytes_unref);
      fail_for_key (self, expected);
      return;
    }

  g_clear_pointer (&self->resumption, g_bytes_unref);
  if (!remember_key (self, &error))
    {
      tea_packet_channel_close (TEA_PACKET_CHANNEL (channel));
      fail (self, error);
      return;
    }

  self->resumption = tea_dtls_client_channel_get_resumption (channel);

  g_set_object (&self->last_address, g_ptr_array_index (self->addresses, self->current));
  task = finish (self);
  g_task_return_pointer (task, g_steal_pointer (&channel), g_object_unref);
}

/* Perhaps only what was left of the session before is of no use. */
static void
take_failure (TeaDtlsConnector *self)
{
  g_autofree char *address = NULL;
  g_autofree char *reason = g_strdup (tea_dtls_client_channel_get_failure (self->channel));

  if (self->resumption != NULL)
    {
      g_clear_pointer (&self->resumption, g_bytes_unref);
      try_address (self);
      return;
    }

  address = tea_room_address_to_string (self->address);
  fail (self, g_error_new (TEA_ERROR, TEA_ERROR_REFUSED,
                           _ ("The server at %s and this program could not agree on an encryption "
                              "(%s). Is one of them very old, or is it no server of Teahouse?"),
                           address, reason));
}

static void
news_cb (TeaDtlsClientChannel *channel, TeaDtlsNews news, gpointer user_data)
{
  TeaDtlsConnector *self = TEA_DTLS_CONNECTOR (user_data);

  g_assert (channel == self->channel);

  switch (news)
    {
    case TEA_DTLS_NEWS_ANSWERED:
      if (!self->answered)
        tea_timer_set_at (self->deadline_timer, self->started + HANDSHAKE_LIMIT);
      self->answered = TRUE;
      self->is_narrow = self->path == PATH_UNKNOWN;
      if (self->is_narrow)
        {
          /* Or it has just come back. */
          self->path = PATH_USUAL;
          self->turn = NARROW_TURN;
          try_address (self);
        }
      else
        {
          tea_timer_set (self->turn_timer, STALL_LIMIT);
        }
      break;

    case TEA_DTLS_NEWS_OTHERWISE:
      if (!self->answered && !self->answered_otherwise)
        {
          tea_timer_set (self->deadline_timer, OTHERWISE_LIMIT);
          tea_timer_unset (self->turn_timer);
        }
      self->answered_otherwise = TRUE;
      break;

    case TEA_DTLS_NEWS_REFUSED:
      g_ptr_array_remove_index (self->addresses, self->current);
      try_address (self);
      break;

    case TEA_DTLS_NEWS_OPEN:
      take_open_channel (self);
      break;

    case TEA_DTLS_NEWS_FAILED:
      take_failure (self);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* Begins with the address whose turn it is, or with the next one that there is a way to. */
static void
try_address (TeaDtlsConnector *self)
{
  g_autoptr (GError) error = NULL;

  drop_channel (self);

  while (self->channel == NULL && self->addresses->len > 0)
    {
      if (self->current >= self->addresses->len)
        {
          self->current = 0;
          self->turn *= 2;
          self->path = PATH_UNKNOWN;
        }

      g_clear_error (&error);
      self->channel
          = tea_dtls_client_channel_new (g_ptr_array_index (self->addresses, self->current),
                                         self->identity, self->resumption, self->clock, &error);
      if (self->channel == NULL)
        g_ptr_array_remove_index (self->addresses, self->current);
    }

  if (self->channel != NULL)
    {
      if (self->path == PATH_SMALL)
        tea_dtls_client_channel_set_small (self->channel);
      if (self->path != PATH_UNKNOWN)
        tea_dtls_client_channel_set_padded (self->channel);
      tea_timer_set (self->turn_timer, self->turn);
      tea_dtls_client_channel_start (self->channel, news_cb, self);
    }
  else if (self->enumerator == NULL && error != NULL)
    {
      fail (self, g_steal_pointer (&error));
    }
  else if (self->enumerator == NULL)
    {
      fail_for_silence (self);
    }
}

/* The way back may be narrower than the way there, and what got lost may not have been too
 * long. */
static void
change_path (TeaDtlsConnector *self)
{
  if (self->path != PATH_SMALL)
    {
      self->path = PATH_SMALL;
      return;
    }

  self->path = PATH_USUAL;
  if (self->is_narrow && !self->small_tried)
    tea_timer_set (self->deadline_timer, NARROW_LIMIT);
  self->small_tried = TRUE;
}

/* Whoever has answered is asked anew: that is quicker than GnuTLS, which waits longer and
 * longer. */
static void
turn_cb (gpointer user_data)
{
  TeaDtlsConnector *self = TEA_DTLS_CONNECTOR (user_data);

  if (self->channel == NULL && self->addresses->len == 0 && self->last_address != NULL)
    g_ptr_array_add (self->addresses, g_object_ref (self->last_address));
  else if (!self->answered)
    self->current++;
  else
    change_path (self);
  try_address (self);
}

static void
deadline_cb (gpointer user_data)
{
  fail_for_silence (TEA_DTLS_CONNECTOR (user_data));
}

static void
next_address_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaDtlsConnector) self = TEA_DTLS_CONNECTOR (user_data);
  GSocketAddressEnumerator *enumerator = G_SOCKET_ADDRESS_ENUMERATOR (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address
      = g_socket_address_enumerator_next_finish (enumerator, result, &error);

  if (enumerator != self->enumerator)
    return;

  if (address != NULL)
    {
      g_ptr_array_add (self->addresses, g_steal_pointer (&address));
      g_socket_address_enumerator_next_async (enumerator, g_task_get_cancellable (self->task),
                                              next_address_cb, g_object_ref (self));
    }
  else
    {
      g_clear_object (&self->enumerator);
    }

  if (self->channel != NULL)
    return;

  if (error != NULL && self->last_address != NULL)
    {
      g_debug ("Nobody knows where the server is now: %s", error->message);
      g_ptr_array_add (self->addresses, g_object_ref (self->last_address));
      g_clear_error (&error);
    }

  if (error != NULL)
    fail (self, g_steal_pointer (&error));
  else
    try_address (self);
}

static gboolean
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = finish (TEA_DTLS_CONNECTOR (user_data));

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
tea_dtls_connector_connect_async (TeaPacketConnector *connector,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaDtlsConnector *self = TEA_DTLS_CONNECTOR (connector);

  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tea_dtls_connector_connect_async);
  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancel_cb), self, NULL);
      g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
    }

  check_resumption (self);
  self->current = 0;
  self->turn = FIRST_TURN;
  self->answered = FALSE;
  self->answered_otherwise = FALSE;
  self->path = PATH_USUAL;
  self->is_narrow = FALSE;
  self->small_tried = FALSE;
  self->started = tea_clock_get_time (self->clock);
  tea_timer_set_at (self->deadline_timer, self->started + ANSWER_LIMIT);

  if (self->last_address != NULL)
    tea_timer_set (self->turn_timer, FIRST_TURN);

  self->enumerator = tea_inet_address_enumerate (self->address);
  g_socket_address_enumerator_next_async (self->enumerator, cancellable, next_address_cb,
                                          g_object_ref (self));
}

static TeaPacketChannel *
tea_dtls_connector_connect_finish (TeaPacketConnector *connector,
                                   GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
tea_dtls_connector_packet_connector_init (TeaPacketConnectorInterface *iface)
{
  iface->connect_async = tea_dtls_connector_connect_async;
  iface->connect_finish = tea_dtls_connector_connect_finish;
}

static void
tea_dtls_connector_finalize (GObject *object)
{
  TeaDtlsConnector *self = TEA_DTLS_CONNECTOR (object);

  g_clear_pointer (&self->deadline_timer, tea_timer_free);
  g_clear_pointer (&self->turn_timer, tea_timer_free);
  g_clear_pointer (&self->resumption, g_bytes_unref);
  g_ptr_array_unref (self->addresses);
  g_clear_object (&self->address);
  g_clear_object (&self->last_address);
  g_clear_object (&self->identity);
  g_clear_object (&self->known);
  g_clear_object (&self->clock);
  g_free (self->expected_key);
  g_free (self->server_key);
  g_free (self->trusted_key);

  G_OBJECT_CLASS (tea_dtls_connector_parent_class)->finalize (object);
}

static void
tea_dtls_connector_class_init (TeaDtlsConnectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_dtls_connector_finalize;
}

static void
tea_dtls_connector_init (TeaDtlsConnector *self)
{
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tea_dtls_connector_new:
 * @address: where the server is
 * @identity: who we are
 * @expected_key: (nullable): the fingerprint of the key that the server must have, as an
 *   invitation tells it
 * @known: (nullable): the keys that servers have had so far: a server that is among them
 *   must have that key, even if @expected_key is another; without @expected_key, one that
 *   is not is trusted if it can be remembered
 * @clock: by which to lose patience
 *
 * Returns: (transfer full): a way to get channels to the server, one at a time
 */
TeaDtlsConnector *
tea_dtls_connector_new (GNetworkAddress *address,
                        TeaIdentity *identity,
                        const char *expected_key,
                        TeaKnownServers *known,
                        TeaClock *clock)
{
  TeaDtlsConnector *self;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);
  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (known == NULL || TEA_IS_KNOWN_SERVERS (known), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_DTLS_CONNECTOR, NULL);
  self->address = g_object_ref (address);
  self->identity = g_object_ref (identity);
  self->expected_key = g_strdup (expected_key);
  g_set_object (&self->known, known);
  self->clock = g_object_ref (clock);
  self->deadline_timer = tea_timer_new (clock, deadline_cb, self);
  self->turn_timer = tea_timer_new (clock, turn_cb, self);

  return self;
}

/**
 * tea_dtls_connector_trust:
 * @self: a connector
 * @key: the fingerprint of a key
 *
 * Takes the server with this key for the right one as long as the connector is there, even
 * if that cannot be remembered.
 */
void
tea_dtls_connector_trust (TeaDtlsConnector *self, const char *key)
{
  g_return_if_fail (TEA_IS_DTLS_CONNECTOR (self));
  g_return_if_fail (key != NULL);

  g_free (self->trusted_key);
  self->trusted_key = g_strdup (key);
}

/**
 * tea_dtls_connector_get_server_key:
 * @self: a connector
 *
 * Returns: (transfer none) (nullable): the fingerprint of the key that the server has
 *   shown last, even if it was not accepted; %NULL if it has shown none yet
 */
const char *
tea_dtls_connector_get_server_key (TeaDtlsConnector *self)
{
  g_return_val_if_fail (TEA_IS_DTLS_CONNECTOR (self), NULL);

  return self->server_key;
}
