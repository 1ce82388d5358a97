/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sale-announcer.h"

#include <glib/gi18n.h>

/**
 * TeaSaleAnnouncer:
 *
 * Lets the windows of a box office tell their sales in a room, each as a member of its own.
 *
 * Ten clients know nothing of each other's order. It is kept by saying one thing at a
 * time: the next sale is told when the room has stored the one before.
 */
struct _TeaSaleAnnouncer
{
  GObject parent_instance;

  GNetworkAddress *address; /* (owned) */
  GPtrArray *clients;       /* (element-type TeaClient) */
  GMainContext *context;    /* (owned): where the clients live */
  GAsyncQueue *sales;       /* (element-type Sale): the only thing other threads touch */

  gboolean telling;   /* a sale is said, and not stored yet */
  guint n_changing;   /* how many clients are about to enter or leave */
  GTask *task;        /* (owned) (nullable): of entering or leaving */
  GSource *giving_up; /* (owned) (nullable): while it waits to leave */
  GError *error;      /* (owned) (nullable): why it cannot go on */
};

typedef struct
{
  guint window;
  guint ticket;
} Sale;

G_DEFINE_FINAL_TYPE (TeaSaleAnnouncer, tea_sale_announcer, G_TYPE_OBJECT)

static void
end_task (TeaSaleAnnouncer *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (self->giving_up != NULL)
    g_source_destroy (self->giving_up);
  g_clear_pointer (&self->giving_up, g_source_unref);

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSaleAnnouncer) self = TEA_SALE_ANNOUNCER (user_data);

  tea_client_leave_finish (TEA_CLIENT (source), result, NULL);
  if (--self->n_changing == 0)
    end_task (self);
}

static void
leave_when_told (TeaSaleAnnouncer *self)
{
  if (self->task == NULL || self->n_changing > 0)
    return;

  if (self->error == NULL && (self->telling || g_async_queue_length (self->sales) > 0))
    return;

  self->n_changing = self->clients->len;
  for (guint i = 0; i < self->clients->len; i++)
    tea_client_leave_async (g_ptr_array_index (self->clients, i), NULL, left_cb,
                            g_object_ref (self));
}

static gboolean
give_up_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaSaleAnnouncer *self = TEA_SALE_ANNOUNCER (user_data);

  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, &self->error);
  leave_when_told (self);

  return G_SOURCE_REMOVE;
}

static void
tell_next (TeaSaleAnnouncer *self)
{
  g_autofree Sale *sale = NULL;
  g_autofree char *text = NULL;
  TeaClient *client;

  if (self->telling || self->error != NULL)
    return;

  sale = g_async_queue_try_pop (self->sales);
  if (sale == NULL)
    return;

  text = g_strdup_printf ("T%u", sale->ticket);
  client = g_ptr_array_index (self->clients, sale->window - 1);
  self->telling = tea_client_say (client, text, &self->error);
}

static gboolean
announce_cb (gpointer user_data)
{
  tell_next (TEA_SALE_ANNOUNCER (user_data));

  return G_SOURCE_REMOVE;
}

static void
delivery_cb (TeaSaleAnnouncer *self, TeaTimelineItem *item)
{
  TeaDelivery delivery = tea_timeline_item_get_delivery (item);

  if (self->error != NULL)
    return;

  if (delivery == TEA_DELIVERY_FAILED && self->error == NULL)
    g_set_error (&self->error, TEA_ERROR, TEA_ERROR_REFUSED, _ ("A sale could not be told: %s"),
                 tea_timeline_item_get_failure (item));
  else if (delivery != TEA_DELIVERY_DELIVERED && delivery != TEA_DELIVERY_FAILED)
    return;

  self->telling = FALSE;
  tell_next (self);
  leave_when_told (self);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSaleAnnouncer) self = TEA_SALE_ANNOUNCER (user_data);
  g_autoptr (GError) error = NULL;

  if (!tea_client_join_finish (TEA_CLIENT (source), result, &error) && self->error == NULL)
    self->error = g_steal_pointer (&error);

  if (--self->n_changing == 0)
    end_task (self);
}

static void
tea_sale_announcer_finalize (GObject *object)
{
  TeaSaleAnnouncer *self = TEA_SALE_ANNOUNCER (object);

  g_object_unref (self->address);
  g_ptr_array_unref (self->clients);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->sales);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (tea_sale_announcer_parent_class)->finalize (object);
}

static void
tea_sale_announcer_class_init (TeaSaleAnnouncerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_sale_announcer_finalize;
}

static void
tea_sale_announcer_init (TeaSaleAnnouncer *self)
{
  self->clients = g_ptr_array_new_with_free_func (g_object_unref);
  self->context = g_main_context_ref_thread_default ();
  self->sales = g_async_queue_new_full (g_free);
}

/**
 * tea_sale_announcer_new:
 * @address: where the room is
 * @n_windows: how many windows there are
 *
 * Returns: (transfer full): an announcer that is not in the room yet; it lives in the
 *   thread-default main context
 */
TeaSaleAnnouncer *
tea_sale_announcer_new (GNetworkAddress *address, guint n_windows)
{
  TeaSaleAnnouncer *self;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  self = g_object_new (TEA_TYPE_SALE_ANNOUNCER, NULL);
  self->address = g_object_ref (address);
  for (guint i = 0; i < n_windows; i++)
    {
      TeaClient *client = tea_client_new ();

      tea_client_set_history (client, 0);
      g_signal_connect_object (client, "delivery", G_CALLBACK (delivery_cb), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->clients, client);
    }

  return self;
}

/**
 * tea_sale_announcer_enter_async:
 * @self: an announcer
 * @cancellable: (nullable): to give up with
 * @callback: called when all windows are in the room, or one could not enter
 * @user_data: for @callback
 *
 * Lets every window enter the room, as `w1`, `w2` and so on.
 */
void
tea_sale_announcer_enter_async (TeaSaleAnnouncer *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (TEA_IS_SALE_ANNOUNCER (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tea_sale_announcer_enter_async);

  self->n_changing = self->clients->len;
  for (guint i = 0; i < self->clients->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("w%u", i + 1);

      tea_client_join_async (g_ptr_array_index (self->clients, i), self->address, name, cancellable,
                             joined_cb, g_object_ref (self));
    }
}

/**
 * tea_sale_announcer_enter_finish:
 * @self: an announcer
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all windows are in the room
 */
gboolean
tea_sale_announcer_enter_finish (TeaSaleAnnouncer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_sale_announcer_announce:
 * @self: an announcer
 * @window: which window sold, from 1 on
 * @ticket: which ticket
 *
 * Tells a sale in the room, after those that were announced before. May be called in any
 * thread.
 */
void
tea_sale_announcer_announce (TeaSaleAnnouncer *self, guint window, guint ticket)
{
  g_autoptr (GSource) source = NULL;
  Sale *sale;

  g_return_if_fail (TEA_IS_SALE_ANNOUNCER (self));
  g_return_if_fail (window >= 1 && window <= self->clients->len);

  sale = g_new (Sale, 1);
  sale->window = window;
  sale->ticket = ticket;
  g_async_queue_push (self->sales, sale);

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, announce_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/**
 * tea_sale_announcer_leave_async:
 * @self: an announcer
 * @cancellable: (nullable): to leave at once with, whatever has not been told
 * @callback: called when all windows are out of the room
 * @user_data: for @callback
 *
 * Lets every window leave, once all sales have been told.
 */
void
tea_sale_announcer_leave_async (TeaSaleAnnouncer *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (TEA_IS_SALE_ANNOUNCER (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tea_sale_announcer_leave_async);
  if (cancellable != NULL)
    {
      self->giving_up = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->giving_up, G_SOURCE_FUNC (give_up_cb), self, NULL);
      g_source_attach (self->giving_up, self->context);
    }
  leave_when_told (self);
}

/**
 * tea_sale_announcer_leave_finish:
 * @self: an announcer
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all sales were told
 */
gboolean
tea_sale_announcer_leave_finish (TeaSaleAnnouncer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
