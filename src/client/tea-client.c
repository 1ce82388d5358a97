/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client.h"

#include <glib/gi18n-lib.h>

#include "tea-classic-link.h"
#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-name.h"
#include "tea-rejoiner.h"
#include "tea-replica.h"

/**
 * TeaClient:
 *
 * Somebody's way into a room and their place in it: asks to enter, says and hears,
 * finds back after the server was away, leaves. Every client program is a face of
 * this.
 *
 * What happens is told by [signal@Tea.Client::event], and kept in a
 * [class@Tea.Timeline]; who is there, in a list of [class@Tea.Member].
 */
struct _TeaClient
{
  GObject parent_instance;

  TeaClientState state;
  char *name;               /* (nullable) */
  GNetworkAddress *address; /* (owned) (nullable) */
  char *reason;             /* (nullable) */
  TeaLink *link;            /* (owned) (nullable) */
  TeaRejoiner *rejoiner;    /* (owned) (nullable) */
  TeaReplica *replica;      /* (owned) */
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

enum
{
  SIGNAL_EVENT,
  SIGNAL_REJOINED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaClient, tea_client, G_TYPE_OBJECT)

static void
set_state (TeaClient *self, TeaClientState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
clear_link (TeaClient *self)
{
  if (self->rejoiner != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->rejoiner, self);
      tea_rejoiner_stop (self->rejoiner);
    }
  g_clear_object (&self->rejoiner);

  if (self->link != NULL)
    g_signal_handlers_disconnect_by_data (self->link, self);
  g_clear_object (&self->link);
}

static guint
send_waiting (TeaClient *self)
{
  if (self->state != TEA_CLIENT_INSIDE)
    return 0;

  return tea_outbox_flush (tea_replica_get_outbox (self->replica), self->link);
}

static void
event_cb (TeaClient *self, TeaEvent *event)
{
  g_assert (TEA_IS_CLIENT (self));

  if (tea_replica_take_event (self->replica, event))
    g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
present_cb (TeaClient *self, const char *const *names)
{
  g_assert (TEA_IS_CLIENT (self));

  tea_replica_take_present (self->replica, names);
}

static void
lost_cb (TeaClient *self)
{
  g_assert (TEA_IS_CLIENT (self));

  tea_outbox_take_back (tea_replica_get_outbox (self->replica));
  tea_rejoiner_start (self->rejoiner);
}

static void
changed_cb (TeaClient *self, TeaClientState state)
{
  g_assert (TEA_IS_CLIENT (self));

  set_state (self, state);
}

static void
rejoined_cb (TeaClient *self)
{
  set_state (self, TEA_CLIENT_INSIDE);
  g_signal_emit (self, signals[SIGNAL_REJOINED], 0, send_waiting (self));
}

static void
refused_cb (TeaClient *self, const char *reason)
{
  g_assert (TEA_IS_CLIENT (self));

  g_free (self->reason);
  self->reason = g_strdup (reason);
  set_state (self, TEA_CLIENT_ENDED);
}

static void
ended_cb (TeaClient *self)
{
  refused_cb (self, NULL);
}

static void
make_link (TeaClient *self)
{
  clear_link (self);

  self->link = TEA_LINK (tea_classic_link_new (self->address, self->name));
  g_object_connect (self->link, "swapped-object-signal::event", event_cb, self,
                    "swapped-object-signal::present", present_cb, self,
                    "swapped-object-signal::lost", lost_cb, self, "swapped-object-signal::ended",
                    ended_cb, self, NULL);

  self->rejoiner = tea_rejoiner_new (self->link);
  g_object_connect (self->rejoiner, "swapped-object-signal::changed", changed_cb, self,
                    "swapped-object-signal::rejoined", rejoined_cb, self,
                    "swapped-object-signal::refused", refused_cb, self, NULL);
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaClient *self = TEA_CLIENT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  if (tea_link_join_finish (TEA_LINK (source), result, &error))
    {
      g_autoptr (TeaEvent) event
          = tea_event_new (TEA_EVENT_JOINED, g_get_real_time (), self->name, NULL);

      set_state (self, TEA_CLIENT_INSIDE);
      g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      clear_link (self);
      set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaClient *self = TEA_CLIENT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  tea_link_leave_finish (TEA_LINK (source), result, &error);

  clear_link (self);
  set_state (self, TEA_CLIENT_OUTSIDE);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
tea_client_dispose (GObject *object)
{
  TeaClient *self = TEA_CLIENT (object);

  clear_link (self);
  g_clear_object (&self->address);
  g_clear_object (&self->replica);

  G_OBJECT_CLASS (tea_client_parent_class)->dispose (object);
}

static void
tea_client_finalize (GObject *object)
{
  TeaClient *self = TEA_CLIENT (object);

  g_free (self->name);
  g_free (self->reason);

  G_OBJECT_CLASS (tea_client_parent_class)->finalize (object);
}

static void
tea_client_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaClient *self = TEA_CLIENT (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_client_class_init (TeaClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_client_dispose;
  object_class->finalize = tea_client_finalize;
  object_class->get_property = tea_client_get_property;

  /**
   * TeaClient:state:
   *
   * Where the client stands.
   */
  properties[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, TEA_TYPE_CLIENT_STATE, TEA_CLIENT_OUTSIDE,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaClient::event:
   * @self: the client
   * @event: what happened
   *
   * Something happened in the room, one's own arrival included; one's own messages
   * are not told.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
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
  self->replica = tea_replica_new ();
}

/**
 * tea_client_new:
 *
 * Returns: (transfer full): a client that is in no room
 */
TeaClient *
tea_client_new (void)
{
  return g_object_new (TEA_TYPE_CLIENT, NULL);
}

/**
 * tea_client_join_async:
 * @self: a client that is in no room
 * @address: where the room is
 * @name: what its user wants to be called
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Asks to enter a room. A client enters one room in its life; when it was refused it
 * may ask again, under another name or elsewhere.
 */
void
tea_client_join_async (TeaClient *self,
                       GNetworkAddress *address,
                       const char *name,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (G_IS_NETWORK_ADDRESS (address));
  g_return_if_fail (self->state == TEA_CLIENT_OUTSIDE);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_join_async);

  if (!tea_name_validate (name, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_free (self->name);
  self->name = g_strdup (name);
  g_set_object (&self->address, address);
  tea_replica_enter (self->replica, name);
  make_link (self);
  set_state (self, TEA_CLIENT_JOINING);
  tea_link_join_async (self->link, cancellable, join_cb, g_steal_pointer (&task));
}

/**
 * tea_client_join_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the client is in the room; if not, @error is %TEA_ERROR_REFUSED
 *   with the server's own words, %TEA_ERROR_NO_ANSWER, about an unfit name, or one of
 *   GIO's
 */
gboolean
tea_client_join_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
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
  send_waiting (self);

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

  tea_outbox_retry (tea_replica_get_outbox (self->replica), item);
  send_waiting (self);
}

/**
 * tea_client_discard:
 * @self: a client
 * @item: a message of one's own that is not sent
 *
 * Gives a message up and takes it out of the timeline.
 */
void
tea_client_discard (TeaClient *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  tea_outbox_discard (tea_replica_get_outbox (self->replica), item);
}

/**
 * tea_client_reconnect:
 * @self: a client
 *
 * Tries to get back into the room now. Does nothing where the client is in it, or on
 * its way.
 */
void
tea_client_reconnect (TeaClient *self)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  if (self->state == TEA_CLIENT_LOST || self->state == TEA_CLIENT_GIVEN_UP
      || self->state == TEA_CLIENT_ENDED)
    tea_rejoiner_try_now (self->rejoiner);
}

/**
 * tea_client_leave_async:
 * @self: a client
 * @cancellable: (nullable): to give up with
 * @callback: called when the client is out of the room
 * @user_data: for @callback
 *
 * Says goodbye and leaves. It takes less than a second, whether the server answers
 * or not.
 */
void
tea_client_leave_async (TeaClient *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_leave_async);

  if (self->state != TEA_CLIENT_INSIDE)
    {
      clear_link (self);
      set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_boolean (task, TRUE);
      return;
    }

  set_state (self, TEA_CLIENT_LEAVING);
  tea_link_leave_async (self->link, cancellable, leave_cb, g_steal_pointer (&task));
}

/**
 * tea_client_leave_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the client has left; only cancelling prevents it
 */
gboolean
tea_client_leave_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_get_state:
 * @self: a client
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
 * Returns: (transfer none): who is in the room, as far as the client knows, a list of
 *   [class@Tea.Member] in no particular order
 */
GListModel *
tea_client_get_members (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return G_LIST_MODEL (tea_replica_get_members (self->replica));
}
