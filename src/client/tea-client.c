/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-private.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-limits.h"

/**
 * TeaClient:
 *
 * Somebody's way into a room and their place in it: asks to enter, says and hears,
 * finds back after the server was away, leaves. Every client program is a face of
 * this.
 *
 * What happens is told by [signal@Tea.Client::event], and kept in a
 * [class@Tea.Timeline]; who is there, in a list of [class@Tea.Member].
 *
 * It speaks the secure protocol, unless told otherwise by
 * [method@Tea.Client.set_protocol]: what is said is stored by the server before anybody
 * sees it, and what got lost on the way is fetched again.
 */

enum
{
  SIGNAL_DELIVERY,
  SIGNAL_EVENT,
  SIGNAL_GAP,
  SIGNAL_OLDER_EVENT,
  SIGNAL_REJOINED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaClient, tea_client, G_TYPE_OBJECT)

static void
delivery_cb (TeaClient *self, TeaTimelineItem *item)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_DELIVERY], 0, item);
}

static void
unsent_cb (TeaClient *self)
{
  g_assert (TEA_IS_CLIENT (self));

  g_object_notify (G_OBJECT (self), "n-unsent");
}

static void
set_clock (TeaClient *self, TeaClock *clock)
{
  g_set_object (&self->clock, clock);
  g_clear_object (&self->replica);
  self->replica = tea_replica_new (clock);
  g_object_connect (tea_replica_get_outbox (self->replica), "swapped-object-signal::delivery",
                    delivery_cb, self, "swapped-object-signal::notify::n-unsent", unsent_cb, self,
                    NULL);
}

static void
tea_client_dispose (GObject *object)
{
  TeaClient *self = TEA_CLIENT (object);

  _tea_client_clear_link (self);
  g_clear_object (&self->address);
  g_clear_object (&self->connector);
  g_clear_object (&self->way);
  g_clear_object (&self->replica);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_client_parent_class)->dispose (object);
}

static void
tea_client_finalize (GObject *object)
{
  TeaClient *self = TEA_CLIENT (object);

  g_free (self->identity_file);
  g_free (self->known_servers_file);
  g_free (self->password);
  g_free (self->name);
  g_free (self->reason);
  g_free (self->suggestion);
  g_free (self->server_key);
  g_free (self->trusted_key);
  g_free (self->room_name);

  G_OBJECT_CLASS (tea_client_parent_class)->finalize (object);
}

static void
tea_client_class_init (TeaClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_client_dispose;
  object_class->finalize = tea_client_finalize;
  _tea_client_install_properties (object_class);

  /**
   * TeaClient::delivery:
   * @self: the client
   * @item: a message of one's own
   *
   * A message that this client was told to say has come further, or has failed; see
   * [method@Tea.TimelineItem.get_delivery]. That it is delivered is told when its place in
   * the room's log, and its time there, are known as well.
   */
  signals[SIGNAL_DELIVERY] = g_signal_new ("delivery", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
  /**
   * TeaClient::event:
   * @self: the client
   * @event: what happened
   *
   * Something happened in the room, one's own arrival included; what this client was told
   * to say itself is not told. Where the room has a log, what comes first is what happened
   * there lately, and each event has its number.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaClient::gap:
   * @self: the client
   *
   * What happened between the last event that was told and the next is not told: it is too
   * much, or not kept any more.
   */
  signals[SIGNAL_GAP] = g_signal_new ("gap", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 0);
  /**
   * TeaClient::older-event:
   * @self: the client
   * @event: what happened
   *
   * Something happened before all that was told so far, as was asked for by
   * [method@Tea.Client.load_older_async]: its events come one after the other, the oldest
   * first, before it is finished.
   */
  signals[SIGNAL_OLDER_EVENT] = g_signal_new ("older-event", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaClient::rejoined:
   * @self: the client
   * @n_sent: how many waiting messages were sent at once
   *
   * The client is back in the room after it had lost the server.
   */
  signals[SIGNAL_REJOINED] = g_signal_new ("rejoined", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
tea_client_init (TeaClient *self)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();

  self->protocol = TEA_PROTOCOL_SECURE;
  self->history = TEA_CLIENT_DEFAULT_HISTORY;
  set_clock (self, clock);
}

void
_tea_client_set_state (TeaClient *self, TeaClientState state)
{
  gboolean were_known = tea_client_get_members_known (self);

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
  if (tea_client_get_members_known (self) != were_known)
    g_object_notify (G_OBJECT (self), "members-known");
}

void
_tea_client_set_server (TeaClient *self, const char *key, const char *room_name)
{
  _tea_client_set_string (self, &self->server_key, key, "server-key");
  _tea_client_set_string (self, &self->room_name, room_name, "room-name");
}

void
_tea_client_set_members_told (TeaClient *self, gboolean told)
{
  gboolean were_known = tea_client_get_members_known (self);

  self->members_told = told;
  if (tea_client_get_members_known (self) != were_known)
    g_object_notify (G_OBJECT (self), "members-known");
}

void
_tea_client_notify_history (TeaClient *self)
{
  g_object_notify (G_OBJECT (self), "has-older");
}

void
_tea_client_emit_event (TeaClient *self, TeaEvent *event)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

void
_tea_client_emit_older_event (TeaClient *self, TeaEvent *event)
{
  g_signal_emit (self, signals[SIGNAL_OLDER_EVENT], 0, event);
}

void
_tea_client_emit_gap (TeaClient *self)
{
  g_signal_emit (self, signals[SIGNAL_GAP], 0);
}

void
_tea_client_emit_rejoined (TeaClient *self, guint n_sent)
{
  g_signal_emit (self, signals[SIGNAL_REJOINED], 0, n_sent);
}

guint
_tea_client_send_waiting (TeaClient *self)
{
  if (self->state != TEA_CLIENT_INSIDE)
    return 0;

  return tea_outbox_flush (tea_replica_get_outbox (self->replica), self->link);
}

/**
 * tea_client_new:
 *
 * Makes a client.
 *
 * Returns: (transfer full): a client that is in no room
 */
TeaClient *
tea_client_new (void)
{
  return g_object_new (TEA_TYPE_CLIENT, NULL);
}

/**
 * tea_client_new_for_test: (skip)
 * @clock: whose time it lives in
 * @connector: what it reaches the server through
 *
 * Returns: (transfer full): a client that speaks the secure protocol, but does nothing
 *   outside of @clock and @connector
 */
TeaClient *
tea_client_new_for_test (TeaClock *clock, TeaPacketConnector *connector)
{
  TeaClient *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (TEA_IS_PACKET_CONNECTOR (connector), NULL);

  self = g_object_new (TEA_TYPE_CLIENT, NULL);
  set_clock (self, clock);
  self->protocol = TEA_PROTOCOL_SECURE;
  self->connector = g_object_ref (connector);

  return self;
}

/**
 * tea_client_say:
 * @self: a client that has entered a room
 * @text: what to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Says something, or, while there is no connection, keeps it until there is again.
 * Either way it is in the timeline at once.
 *
 * Returns: whether the text can be said at all; if not, nothing happened and @error
 *   is %TEA_ERROR_TEXT_INVALID
 */
gboolean
tea_client_say (TeaClient *self, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), FALSE);
  g_return_val_if_fail (self->link != NULL, FALSE);

  if (*text == '\0' || strlen (text) > TEA_TEXT_MAX_BYTES)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                   _ ("A message can have 1 to %u bytes; this one has %u."), TEA_TEXT_MAX_BYTES,
                   (guint) strlen (text));
      return FALSE;
    }

  tea_outbox_say (tea_replica_get_outbox (self->replica),
                  self->state == TEA_CLIENT_INSIDE ? self->link : NULL, text);
  _tea_client_send_waiting (self);

  return TRUE;
}

/**
 * tea_client_retry:
 * @self: a client
 * @item: a message of one's own that failed
 *
 * Tries to send a message again.
 */
void
tea_client_retry (TeaClient *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  tea_outbox_retry (tea_replica_get_outbox (self->replica), item,
                    self->state == TEA_CLIENT_INSIDE ? self->link : NULL);
  _tea_client_send_waiting (self);
}

/**
 * tea_client_discard:
 * @self: a client
 * @item: a message of one's own that waits or has failed
 *
 * Gives a message up and takes it out of the timeline; unless it was on its way when the
 * connection was lost, and may have arrived: that one stays.
 */
void
tea_client_discard (TeaClient *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  if (tea_outbox_can_discard (tea_replica_get_outbox (self->replica), item))
    tea_outbox_discard (tea_replica_get_outbox (self->replica), item, self->link);
}

/**
 * tea_client_get_state:
 * @self: a client
 *
 * Tells where the client stands.
 *
 * Returns: where it stands
 */
TeaClientState
tea_client_get_state (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), TEA_CLIENT_OUTSIDE);

  return self->state;
}

/**
 * tea_client_get_name:
 * @self: a client
 *
 * Tells what the user is called.
 *
 * Returns: (nullable): what its user is, or wants to be, called in the room
 */
const char *
tea_client_get_name (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->name;
}

/**
 * tea_client_get_address:
 * @self: a client
 *
 * Tells where the room is.
 *
 * Returns: (transfer none) (nullable): where the room is
 */
GNetworkAddress *
tea_client_get_address (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->address;
}

/**
 * tea_client_get_reason:
 * @self: a client
 *
 * Tells why the server ended it.
 *
 * Returns: (nullable): in the state %TEA_CLIENT_ENDED, the server's words about why,
 *   where it gave any
 */
const char *
tea_client_get_reason (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->reason;
}

/**
 * tea_client_get_next_try:
 * @self: a client
 *
 * Tells when the client will try to get back in.
 *
 * Returns: when the client will try to get back in, on the clock of
 *   [func@GLib.get_monotonic_time], in µs; 0 when no try is planned
 */
gint64
tea_client_get_next_try (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return self->rejoiner != NULL ? tea_rejoiner_get_next_try (self->rejoiner) : 0;
}

/**
 * tea_client_get_timeline:
 * @self: a client
 *
 * Gives what happened in the room, as lines to be shown.
 *
 * Returns: (transfer none): what happened in the room
 */
TeaTimeline *
tea_client_get_timeline (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_replica_get_timeline (self->replica);
}

/**
 * tea_client_get_members:
 * @self: a client
 *
 * Tells who is in the room.
 *
 * Returns: (transfer none): who is in the room, as far as the client knows, a list of
 *   [class@Tea.Member] in no particular order
 */
GListModel *
tea_client_get_members (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return G_LIST_MODEL (tea_replica_get_members (self->replica));
}

/**
 * tea_client_get_members_known:
 * @self: a client
 *
 * Tells whether [method@Tea.Client.get_members] is what the server told. Shortly after
 * entering, and while the server does not answer, it is only what was heard of; so it
 * always is with servers of the classic protocol that cannot be asked.
 *
 * Returns: whether everybody who is in the room is known
 */
gboolean
tea_client_get_members_known (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return self->members_told && self->state == TEA_CLIENT_INSIDE;
}
