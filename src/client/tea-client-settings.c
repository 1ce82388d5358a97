/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-private.h"

/* What a client is told before it enters a room. */

G_DEFINE_ENUM_TYPE (TeaProtocol,
                    tea_protocol,
                    G_DEFINE_ENUM_VALUE (TEA_PROTOCOL_SECURE, "secure"),
                    G_DEFINE_ENUM_VALUE (TEA_PROTOCOL_CLASSIC, "classic"))

TeaKnownServers *
_tea_client_new_known_servers (TeaClient *self)
{
  return tea_known_servers_new (self->known_servers_file);
}

/**
 * tea_client_set_protocol:
 * @self: a client that is in no room
 * @protocol: what to speak with the server
 *
 * Chooses the protocol. Without this it is %TEA_PROTOCOL_SECURE; the classic one is for
 * rooms that speak no other, and for people who know what it lacks.
 */
void
tea_client_set_protocol (TeaClient *self, TeaProtocol protocol)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (self->state == TEA_CLIENT_OUTSIDE);

  if (self->protocol == protocol)
    return;

  self->protocol = protocol;
  g_object_notify (G_OBJECT (self), "protocol");
}

/**
 * tea_client_get_protocol:
 * @self: a client
 *
 * Tells what is spoken with the server.
 *
 * Returns: the protocol
 */
TeaProtocol
tea_client_get_protocol (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), TEA_PROTOCOL_SECURE);

  return self->protocol;
}

/**
 * tea_client_set_identity_file:
 * @self: a client that is in no room
 * @path: (nullable) (type filename): where the user's key is kept; %NULL for
 *   `teahouse/identity.pem` in the user's data directory
 *
 * Chooses who the user is: names belong to keys. The file is made where there is none.
 */
void
tea_client_set_identity_file (TeaClient *self, const char *path)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  _tea_client_set_string (self, &self->identity_file, path, "identity-file");
}

/**
 * tea_client_set_known_servers_file:
 * @self: a client that is in no room
 * @path: (nullable) (type filename): where the keys of servers are kept; %NULL for
 *   `teahouse/known-servers` in the user's configuration directory
 *
 * Chooses where to look up which key a server had before.
 */
void
tea_client_set_known_servers_file (TeaClient *self, const char *path)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  _tea_client_set_string (self, &self->known_servers_file, path, "known-servers-file");
}

/**
 * tea_client_set_password:
 * @self: a client that is in no room
 * @password: (nullable): the room's password
 *
 * Sets the password to enter with.
 */
void
tea_client_set_password (TeaClient *self, const char *password)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  _tea_client_set_string (self, &self->password, password, "password");
}

/**
 * tea_client_set_since:
 * @self: a client that is in no room
 * @seq: the number of an event; 0 for the latest history alone
 *
 * Asks for everything that happened after an event, in place of the latest history.
 */
void
tea_client_set_since (TeaClient *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  if (self->since == seq)
    return;

  self->since = seq;
  g_object_notify (G_OBJECT (self), "since");
}

/**
 * tea_client_set_history:
 * @self: a client that is in no room
 * @n_events: how many events; 0 for none, %TEA_CLIENT_WHOLE_HISTORY for all that are kept, and
 *   of other numbers a server need not tell more than 1000
 *
 * Chooses how many of the latest events are told first on entering; without this it is 50.
 * With 0 only what happens from then on is told: that is what most bots want. Classic
 * rooms have no history.
 */
void
tea_client_set_history (TeaClient *self, guint n_events)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (self->state == TEA_CLIENT_OUTSIDE);

  if (self->history == n_events)
    return;

  self->history = n_events;
  g_object_notify (G_OBJECT (self), "history");
}

/**
 * tea_client_get_history:
 * @self: a client
 *
 * Tells how many of the latest events come first.
 *
 * Returns: how many events are told of what was before
 */
guint
tea_client_get_history (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return self->history;
}

/**
 * tea_client_forget_server_key:
 * @self: a client that was refused with %TEA_ERROR_KEY_CHANGED
 * @error: return location for a #GError
 *
 * Forgets the key that is known of the server: its user has made sure that the new one is
 * right. The next try to enter takes whatever key the server shows.
 *
 * Returns: whether the key could be forgotten; if not, @error is one of GIO's
 */
gboolean
tea_client_forget_server_key (TeaClient *self, GError **error)
{
  g_autoptr (TeaKnownServers) known = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);

  known = _tea_client_new_known_servers (self);

  return tea_known_servers_forget (known, self->address, error);
}

/**
 * tea_client_trust_server_key:
 * @self: a client that was refused with %TEA_ERROR_KEY_NOT_KEPT
 *
 * Takes the key that the server has shown for the right one, as long as this client enters at
 * the same address: its user knows that it cannot be remembered, and that nobody will notice
 * when the server has another one next time.
 */
void
tea_client_trust_server_key (TeaClient *self)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (self->way != NULL);

  g_free (self->trusted_key);
  self->trusted_key = g_strdup (tea_dtls_connector_get_server_key (self->way));
}

/**
 * tea_client_get_server_key:
 * @self: a client
 *
 * Tells whose key the server has.
 *
 * Returns: (nullable): the fingerprint of the server's key; %NULL in classic rooms, and
 *   before it is known
 */
const char *
tea_client_get_server_key (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->server_key;
}

/**
 * tea_client_get_room_name:
 * @self: a client
 *
 * Tells what the room is called.
 *
 * Returns: (nullable): the room's name, where it has one
 */
const char *
tea_client_get_room_name (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->room_name;
}

/**
 * tea_client_get_suggestion:
 * @self: a client that was refused with %TEA_ERROR_NAME_TAKEN
 *
 * Tells a name that is free.
 *
 * Returns: (nullable): the name that the server suggests
 */
const char *
tea_client_get_suggestion (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->suggestion;
}

/**
 * tea_client_get_n_unsent:
 * @self: a client
 *
 * Counts what its user has said that is not known to be delivered.
 *
 * Returns: how many messages wait or are on their way; those that failed do not count
 */
guint
tea_client_get_n_unsent (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return tea_outbox_get_n_unsent (tea_replica_get_outbox (self->replica));
}
