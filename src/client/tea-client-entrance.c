/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-private.h"

#include "tea-classic-link.h"
#include "tea-dtls-connector.h"
#include "tea-error.h"
#include "tea-name.h"
#include "tea-room-address.h"
#include "tea-secure-link.h"
#include "tea-user-path.h"

/* How a client gets into a room, back into it, and out of it. */

/* Whether there is a way into the Internet says nothing about whether there is one to the
 * server. */
static void
network_changed_cb (TeaClient *self)
{
  g_assert (TEA_IS_CLIENT (self));

  if (self->link == NULL)
    return;

  if (self->state == TEA_CLIENT_LOST)
    tea_rejoiner_try_now (self->rejoiner);
  else
    tea_secure_link_note_network_changed (TEA_SECURE_LINK (self->link));
}

static void
watch_network (TeaClient *self)
{
  g_set_object (&self->network_monitor, g_network_monitor_get_default ());
  g_signal_connect_swapped (self->network_monitor, "network-changed",
                            G_CALLBACK (network_changed_cb), self);
}

void
_tea_client_clear_link (TeaClient *self)
{
  tea_undertaking_give_up (&self->joining);
  tea_undertaking_give_up (&self->loading);

  if (self->network_monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->network_monitor, self);
  g_clear_object (&self->network_monitor);

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

static void
event_cb (TeaClient *self, TeaEvent *event)
{
  g_assert (TEA_IS_CLIENT (self));

  if (tea_replica_take_event (self->replica, event))
    _tea_client_emit_event (self, event);
}

static void
present_cb (TeaClient *self)
{
  g_assert (TEA_IS_CLIENT (self));

  _tea_client_set_members_told (self, TRUE);
}

/* Who came and left meanwhile is not known. The link asks. */
static void
gap_cb (TeaClient *self)
{
  g_assert (TEA_IS_CLIENT (self));

  _tea_client_set_members_told (self, FALSE);
  _tea_client_emit_gap (self);
}

static void
lost_cb (TeaClient *self, gboolean soon)
{
  g_assert (TEA_IS_CLIENT (self));

  if (self->protocol == TEA_PROTOCOL_CLASSIC)
    _tea_client_set_members_told (self, FALSE);
  tea_outbox_take_back (tea_replica_get_outbox (self->replica));
  tea_rejoiner_start (self->rejoiner, soon);
}

static void
changed_cb (TeaClient *self, TeaClientState state)
{
  g_assert (TEA_IS_CLIENT (self));

  _tea_client_set_state (self, state);
}

static void
rejoined_cb (TeaClient *self)
{
  guint n_again;

  g_assert (TEA_IS_CLIENT (self));

  _tea_client_set_state (self, TEA_CLIENT_INSIDE);
  n_again = tea_outbox_resume (tea_replica_get_outbox (self->replica));
  _tea_client_emit_rejoined (self, n_again + _tea_client_send_waiting (self));
}

static void
refused_cb (TeaClient *self, const char *reason)
{
  g_assert (TEA_IS_CLIENT (self));

  _tea_client_set_string (self, &self->reason, reason, "reason");
  _tea_client_set_state (self, TEA_CLIENT_ENDED);
}

static void
take_link (TeaClient *self, TeaLink *link)
{
  self->link = link;
  tea_replica_follow (self->replica, link);
  g_object_connect (link, "swapped-object-signal::event", event_cb, self,
                    "swapped-object-signal::history", _tea_client_notify_history, self,
                    "swapped-object-signal::present", present_cb, self,
                    "swapped-object-signal::gap", gap_cb, self, "swapped-object-signal::lost",
                    lost_cb, self, "swapped-object-signal::ended", refused_cb, self, NULL);

  self->rejoiner = tea_rejoiner_new (link, self->clock, self->protocol == TEA_PROTOCOL_SECURE);
  g_object_connect (self->rejoiner, "swapped-object-signal::changed", changed_cb, self,
                    "swapped-object-signal::rejoined", rejoined_cb, self,
                    "swapped-object-signal::refused", refused_cb, self, NULL);
}

static void
note_secure_server (TeaClient *self)
{
  TeaSecureLink *link = TEA_SECURE_LINK (self->link);

  _tea_client_set_server (self, tea_secure_link_get_server_key (link),
                          tea_secure_link_get_room (link));
  _tea_client_set_string (self, &self->suggestion, tea_secure_link_get_suggestion (link),
                          "suggestion");
}

static void
enter (TeaClient *self)
{
  const char *name;

  if (self->protocol == TEA_PROTOCOL_CLASSIC)
    {
      g_autoptr (TeaEvent) event
          = tea_event_new (TEA_EVENT_JOINED, tea_clock_get_real_time (self->clock), self->name,
                           NULL);

      _tea_client_set_state (self, TEA_CLIENT_INSIDE);
      _tea_client_emit_event (self, event);
      return;
    }

  /* The server may write it a little differently. */
  name = tea_secure_link_get_name (TEA_SECURE_LINK (self->link));
  if (!g_str_equal (name, self->name))
    {
      _tea_client_set_string (self, &self->name, name, "name");
      tea_replica_set_own_name (self->replica, name);
    }

  _tea_client_set_state (self, TEA_CLIENT_INSIDE);
  _tea_client_notify_history (self);
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaClient *self = TEA_CLIENT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  gboolean inside = tea_link_join_finish (TEA_LINK (source), result, &error);

  /* Somebody has left meanwhile. */
  if (self->link != TEA_LINK (source))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Left");
      return;
    }

  tea_undertaking_end (&self->joining);
  if (self->protocol == TEA_PROTOCOL_SECURE)
    note_secure_server (self);

  if (inside)
    {
      enter (self);
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      _tea_client_clear_link (self);
      _tea_client_set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

static void
join_through (TeaClient *self, TeaPacketConnector *connector, GTask *task)
{
  const char *room = TEA_IS_ROOM_ADDRESS (self->address)
                         ? tea_room_address_get_room (TEA_ROOM_ADDRESS (self->address))
                         : NULL;

  take_link (self, TEA_LINK (tea_secure_link_new (self->clock, connector, room, self->name,
                                                  self->password, self->since, self->history)));
  tea_link_join_async (self->link, self->joining.cancellable, join_cb, g_object_ref (task));
}

static void
load_identity (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaIdentity) identity = tea_identity_load_or_create (data, &error);

  if (identity != NULL)
    g_task_return_pointer (task, g_steal_pointer (&identity), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
identity_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaClient *self = TEA_CLIENT (source);
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (TeaKnownServers) known = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaIdentity) identity = g_task_propagate_pointer (G_TASK (result), &error);
  const char *expected = NULL;

  /* Somebody has left meanwhile. */
  if (self->joining.cancellable != g_task_get_cancellable (G_TASK (result)))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Left");
      return;
    }

  if (identity == NULL)
    {
      tea_undertaking_end (&self->joining);
      _tea_client_set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (TEA_IS_ROOM_ADDRESS (self->address))
    expected = tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (self->address));
  known = _tea_client_new_known_servers (self);
  g_clear_object (&self->way);
  self->way = tea_dtls_connector_new (self->address, identity, expected, known, self->clock);
  if (self->trusted_key != NULL)
    tea_dtls_connector_trust (self->way, self->trusted_key);
  join_through (self, TEA_PACKET_CONNECTOR (self->way), task);
  watch_network (self);
}

static void
join_secure (TeaClient *self, GTask *task)
{
  g_autoptr (GTask) loading = NULL;
  g_autofree char *user_dir = NULL;

  if (self->connector != NULL)
    {
      join_through (self, self->connector, task);
      return;
    }

  user_dir = tea_user_path_dup_data_dir ();
  loading = g_task_new (self, self->joining.cancellable, identity_cb, g_object_ref (task));
  g_task_set_source_tag (loading, join_secure);
  g_task_set_task_data (loading,
                        self->identity_file != NULL
                            ? g_strdup (self->identity_file)
                            : g_build_filename (user_dir, "teahouse", "identity.pem", NULL),
                        g_free);
  g_task_run_in_thread (loading, load_identity);
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaClient *self = TEA_CLIENT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  tea_link_leave_finish (TEA_LINK (source), result, &error);

  /* Whoever has not waited for this may be on the way in again. */
  if (self->link == TEA_LINK (source))
    {
      _tea_client_clear_link (self);
      _tea_client_set_state (self, TEA_CLIENT_OUTSIDE);
    }

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **decided = user_data;

  *decided = g_object_ref (result);
}

static void
wait_until_decided (GAsyncResult **decided)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  while (*decided == NULL)
    g_main_context_iteration (context, TRUE);
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
  /* Who is in the room is told so, even if it was given up in the same moment. */
  g_task_set_check_cancellable (task, FALSE);

  if (!tea_name_validate (name, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  _tea_client_set_string (self, &self->name, name, "name");
  _tea_client_set_string (self, &self->suggestion, NULL, "suggestion");
  _tea_client_set_server (self, NULL, NULL);
  if (g_set_object (&self->address, address))
    {
      g_clear_pointer (&self->trusted_key, g_free);
      g_object_notify (G_OBJECT (self), "address");
    }
  tea_replica_enter (self->replica, name);
  _tea_client_set_members_told (self, FALSE);
  _tea_client_set_state (self, TEA_CLIENT_JOINING);
  tea_undertaking_begin (&self->joining, cancellable);

  if (self->protocol == TEA_PROTOCOL_CLASSIC)
    {
      take_link (self, TEA_LINK (tea_classic_link_new (self->clock, address, name)));
      tea_link_join_async (self->link, self->joining.cancellable, join_cb, g_steal_pointer (&task));
    }
  else
    {
      join_secure (self, task);
    }
}

/**
 * tea_client_join_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.join_async] went.
 *
 * Returns: whether the client is in the room; if not, @error is about an unfit name,
 *   %TEA_ERROR_NO_ANSWER, %TEA_ERROR_NOT_SECURE (the room speaks only the classic
 *   protocol), %TEA_ERROR_KEY_CHANGED, %TEA_ERROR_KEY_UNEXPECTED, %TEA_ERROR_KEY_NOT_KEPT,
 *   %TEA_ERROR_PASSWORD_NEEDED, %TEA_ERROR_PASSWORD_WRONG, %TEA_ERROR_NAME_TAKEN,
 * %TEA_ERROR_ROOM_FULL, %TEA_ERROR_TRY_LATER, %TEA_ERROR_REFUSED with the server's own words, or
 * one of GIO's
 */
gboolean
tea_client_join_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_join:
 * @self: a client that is in no room
 * @address: where the room is
 * @name: what its user wants to be called
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Asks to enter a room, as [method@Tea.Client.join_async] does, and serves the main context
 * until it is decided. This is for programs that have nothing else to do meanwhile.
 *
 * Returns: whether the client is in the room; if not, @error is one of those of
 *   [method@Tea.Client.join_finish]
 */
gboolean
tea_client_join (TeaClient *self,
                 GNetworkAddress *address,
                 const char *name,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);
  g_return_val_if_fail (self->state == TEA_CLIENT_OUTSIDE, FALSE);

  tea_client_join_async (self, address, name, cancellable, decided_cb, &result);
  wait_until_decided (&result);

  return tea_client_join_finish (self, result, error);
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
      _tea_client_clear_link (self);
      _tea_client_set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_boolean (task, TRUE);
      return;
    }

  _tea_client_set_state (self, TEA_CLIENT_LEAVING);
  tea_link_leave_async (self->link, cancellable, leave_cb, g_steal_pointer (&task));
}

/**
 * tea_client_leave_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.leave_async] went.
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
 * tea_client_leave:
 * @self: a client
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Says goodbye and leaves, as [method@Tea.Client.leave_async] does, and serves the main
 * context until that is done.
 *
 * Returns: whether the client has left; only cancelling prevents it
 */
gboolean
tea_client_leave (TeaClient *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  tea_client_leave_async (self, cancellable, decided_cb, &result);
  wait_until_decided (&result);

  return tea_client_leave_finish (self, result, error);
}
