/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-private.h"

/* What happened before what is in the timeline. */

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaClient *self = TEA_CLIENT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = tea_link_load_older_finish (TEA_LINK (source), result, &error);

  if (self->link == TEA_LINK (source))
    tea_undertaking_end (&self->loading);

  if (events == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  tea_replica_take_older (self->replica, events);
  for (guint i = 0; i < events->len; i++)
    _tea_client_emit_older_event (self, g_ptr_array_index (events, i));
  _tea_client_notify_history (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * tea_client_load_older_async:
 * @self: a client that is in a room
 * @n_events: about how many events are wanted
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Fetches older history, which is added at the beginning of the timeline, and is told by
 * [signal@Tea.Client::older-event]. One such call can be under way at a time.
 */
void
tea_client_load_older_async (TeaClient *self,
                             guint n_events,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (n_events > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_load_older_async);

  if (tea_undertaking_goes_on (&self->loading))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "It is loaded already");
      return;
    }

  if (!tea_client_get_has_older (self))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  tea_link_load_older_async (self->link, n_events,
                             tea_undertaking_begin (&self->loading, cancellable), load_cb,
                             g_steal_pointer (&task));
}

/**
 * tea_client_load_older_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.load_older_async] went.
 *
 * Returns: whether what could be had is in the timeline; if not, @error is
 *   %TEA_ERROR_NO_ANSWER, %G_IO_ERROR_PENDING or %G_IO_ERROR_CANCELLED
 */
gboolean
tea_client_load_older_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_get_has_older:
 * @self: a client
 *
 * Tells whether there is more to load.
 *
 * Returns: whether older history than what is in the timeline can be had
 */
gboolean
tea_client_get_has_older (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return self->link != NULL && tea_link_has_older (self->link);
}
