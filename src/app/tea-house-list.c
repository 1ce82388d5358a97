/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-house-list.h"

/**
 * TeaHouseList:
 *
 * The houses that the program's user is in, in the order in which they were joined: a list of
 * [class@TeaJoinedHouse].
 */
struct _TeaHouseList
{
  GObject parent_instance;

  GPtrArray *houses; /* (element-type TeaJoinedHouse) */
  GTask *leaving;    /* (owned) (nullable): until all of them are left */
};

enum
{
  SIGNAL_PLACE_ADDED,
  SIGNAL_PLACE_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void tea_house_list_init_model (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaHouseList,
                               tea_house_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, tea_house_list_init_model))

static void
place_added_cb (TeaHouseList *self, TeaPlace *place)
{
  g_assert (TEA_IS_HOUSE_LIST (self));

  g_signal_emit (self, signals[SIGNAL_PLACE_ADDED], 0, place);
}

static void
place_removed_cb (TeaHouseList *self, TeaPlace *place)
{
  g_assert (TEA_IS_HOUSE_LIST (self));

  g_signal_emit (self, signals[SIGNAL_PLACE_REMOVED], 0, place);
}

static void
emit_for_each (TeaHouseList *self, TeaJoinedHouse *house, guint signal)
{
  GListModel *places = tea_joined_house_get_places (house);

  for (guint i = 0; i < g_list_model_get_n_items (places); i++)
    {
      g_autoptr (TeaPlace) place = g_list_model_get_item (places, i);

      g_signal_emit (self, signals[signal], 0, place);
    }
}

static GType
tea_house_list_get_item_type (GListModel *model)
{
  return TEA_TYPE_JOINED_HOUSE;
}

static guint
tea_house_list_get_n_items (GListModel *model)
{
  return TEA_HOUSE_LIST (model)->houses->len;
}

static gpointer
tea_house_list_get_item (GListModel *model, guint position)
{
  TeaHouseList *self = TEA_HOUSE_LIST (model);

  return position < self->houses->len ? g_object_ref (self->houses->pdata[position]) : NULL;
}

static void
tea_house_list_finalize (GObject *object)
{
  g_ptr_array_unref (TEA_HOUSE_LIST (object)->houses);

  G_OBJECT_CLASS (tea_house_list_parent_class)->finalize (object);
}

static void
tea_house_list_class_init (TeaHouseListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_house_list_finalize;

  /**
   * TeaHouseList::place-added:
   * @self: the list
   * @place: a place in one of its houses
   *
   * There is another place.
   */
  signals[SIGNAL_PLACE_ADDED] = g_signal_new ("place-added", TEA_TYPE_HOUSE_LIST, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_PLACE);
  /**
   * TeaHouseList::place-removed:
   * @self: the list
   * @place: a place that was in one of its houses
   *
   * There is a place less.
   */
  signals[SIGNAL_PLACE_REMOVED]
      = g_signal_new ("place-removed", TEA_TYPE_HOUSE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, TEA_TYPE_PLACE);
}

static void
tea_house_list_init_model (GListModelInterface *interface)
{
  interface->get_item = tea_house_list_get_item;
  interface->get_item_type = tea_house_list_get_item_type;
  interface->get_n_items = tea_house_list_get_n_items;
}

static void
tea_house_list_init (TeaHouseList *self)
{
  self->houses = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tea_house_list_new:
 *
 * Returns: (transfer full): a list without houses
 */
TeaHouseList *
tea_house_list_new (void)
{
  return g_object_new (TEA_TYPE_HOUSE_LIST, NULL);
}

/**
 * tea_house_list_add:
 * @self: a list
 * @client: who is in a house
 * @hosted_room: (nullable): the house, if it is on this computer
 *
 * Adds a house.
 *
 * Returns: (transfer none): the house
 */
TeaJoinedHouse *
tea_house_list_add (TeaHouseList *self, TeaClient *client, TeaHostedRoom *hosted_room)
{
  TeaJoinedHouse *house;

  g_return_val_if_fail (TEA_IS_HOUSE_LIST (self), NULL);
  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);

  house = tea_joined_house_new (client, hosted_room);
  g_ptr_array_add (self->houses, house);
  g_signal_connect_object (house, "place-added", G_CALLBACK (place_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (house, "place-removed", G_CALLBACK (place_removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_list_model_items_changed (G_LIST_MODEL (self), self->houses->len - 1, 0, 1);
  emit_for_each (self, house, SIGNAL_PLACE_ADDED);

  return house;
}

/**
 * tea_house_list_find:
 * @self: a list
 * @address: an address
 *
 * Returns: (transfer none) (nullable): the house to which it leads, unless that is being left
 */
TeaJoinedHouse *
tea_house_list_find (TeaHouseList *self, GNetworkAddress *address)
{
  g_return_val_if_fail (TEA_IS_HOUSE_LIST (self), NULL);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  for (guint i = 0; i < self->houses->len; i++)
    {
      TeaJoinedHouse *house = g_ptr_array_index (self->houses, i);

      if (tea_joined_house_is_at (house, address) && !tea_joined_house_get_is_leaving (house))
        return house;
    }

  return NULL;
}

/**
 * tea_house_list_find_of:
 * @self: a list
 * @place: a place
 *
 * Returns: (transfer none) (nullable): the house that the place is in
 */
TeaJoinedHouse *
tea_house_list_find_of (TeaHouseList *self, TeaPlace *place)
{
  g_return_val_if_fail (TEA_IS_HOUSE_LIST (self), NULL);
  g_return_val_if_fail (TEA_IS_PLACE (place), NULL);

  for (guint i = 0; i < self->houses->len; i++)
    {
      TeaJoinedHouse *house = g_ptr_array_index (self->houses, i);

      if (tea_joined_house_get_client (house) == tea_place_get_client (place))
        return house;
    }

  return NULL;
}

static void
finish_leaving (TeaHouseList *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->leaving == NULL || self->houses->len > 0)
    return;

  task = g_steal_pointer (&self->leaving);
  g_task_return_boolean (task, TRUE);
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaHouseList) self = TEA_HOUSE_LIST (user_data);
  g_autoptr (TeaJoinedHouse) house = g_object_ref (TEA_JOINED_HOUSE (source));
  guint position;

  tea_joined_house_leave_finish (house, result, NULL);
  if (g_ptr_array_find (self->houses, house, &position))
    {
      g_signal_handlers_disconnect_by_data (house, self);
      g_ptr_array_remove_index (self->houses, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
      emit_for_each (self, house, SIGNAL_PLACE_REMOVED);
    }
  finish_leaving (self);
}

/**
 * tea_house_list_leave_house:
 * @self: a list
 * @house: one of its houses
 *
 * Leaves a house, which is in the list until that is done.
 */
void
tea_house_list_leave_house (TeaHouseList *self, TeaJoinedHouse *house)
{
  g_return_if_fail (TEA_IS_HOUSE_LIST (self));
  g_return_if_fail (TEA_IS_JOINED_HOUSE (house));

  if (!tea_joined_house_get_is_leaving (house))
    tea_joined_house_leave_async (house, left_cb, g_object_ref (self));
}

/**
 * tea_house_list_leave_async:
 * @self: a list whose houses are not all being left
 * @callback: called when no house is left in it
 * @user_data: for @callback
 *
 * Says goodbye everywhere.
 */
void
tea_house_list_leave_async (TeaHouseList *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (TEA_IS_HOUSE_LIST (self));
  g_return_if_fail (self->leaving == NULL);

  self->leaving = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->leaving, tea_house_list_leave_async);
  for (guint i = 0; i < self->houses->len; i++)
    tea_house_list_leave_house (self, self->houses->pdata[i]);
  finish_leaving (self);
}

/**
 * tea_house_list_leave_finish:
 * @self: a list
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether every house is left, which it always is
 */
gboolean
tea_house_list_leave_finish (TeaHouseList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_house_list_get_n_unsent:
 * @self: a list
 *
 * Returns: how many messages wait or are on their way, in all houses
 */
guint
tea_house_list_get_n_unsent (TeaHouseList *self)
{
  guint n_unsent = 0;

  g_return_val_if_fail (TEA_IS_HOUSE_LIST (self), 0);

  for (guint i = 0; i < self->houses->len; i++)
    n_unsent += tea_joined_house_get_n_unsent (self->houses->pdata[i]);

  return n_unsent;
}
