/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-house.h"

/**
 * TeaHouse:
 *
 * A house and its rooms. Whoever is in the house is in the hall, and names are those of the
 * house.
 */
struct _TeaHouse
{
  GObject parent_instance;

  TeaNameRegistry *names; /* (owned) */
  TeaRoom *hall;          /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaHouse, tea_house, G_TYPE_OBJECT)

static void
tea_house_finalize (GObject *object)
{
  TeaHouse *self = TEA_HOUSE (object);

  g_object_unref (self->hall);
  g_object_unref (self->names);

  G_OBJECT_CLASS (tea_house_parent_class)->finalize (object);
}

static void
tea_house_class_init (TeaHouseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_house_finalize;
}

static void
tea_house_init (TeaHouse *self)
{
  self->names = tea_name_registry_new ();
  tea_name_registry_set_lifetime (self->names, TEA_HOUSE_DEFAULT_NAME_LIFETIME);
}

/**
 * tea_house_new:
 * @hall: the log of the hall
 * @store: where it is kept whose the names are, and who is here
 * @clock: what time it is there
 *
 * Returns: (transfer full): a house that is not open yet
 */
TeaHouse *
tea_house_new (TeaLog *hall, TeaRollStore *store, TeaClock *clock)
{
  TeaHouse *self = g_object_new (TEA_TYPE_HOUSE, NULL);

  self->hall = tea_room_new_hall (hall, store, self->names, clock);

  return self;
}

/**
 * tea_house_set_name_lifetime:
 * @self: a house
 * @lifetime: a time, in µs; 0: for ever
 *
 * Sets for how long a name stays its owner's who does not come.
 */
void
tea_house_set_name_lifetime (TeaHouse *self, GTimeSpan lifetime)
{
  g_return_if_fail (TEA_IS_HOUSE (self));

  tea_name_registry_set_lifetime (self->names, lifetime);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (tea_room_open_finish (TEA_ROOM (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * tea_house_open_async:
 * @self: a house that was not opened before
 * @cancellable: (nullable): to give up with
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the house as it was. Whoever was in it has the grace time to come back, without
 * anybody hearing that they were gone.
 */
void
tea_house_open_async (TeaHouse *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_HOUSE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_house_open_async);
  tea_room_open_async (self->hall, cancellable, opened_cb, task);
}

/**
 * tea_house_open_finish:
 * @self: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is open; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_house_open_finish (TeaHouse *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_house_close:
 * @self: a house
 *
 * Closes the house. Nobody leaves: they are there again for the grace time when it is
 * opened the next time. What is under way may still be stored, but is answered with
 * %TEA_ERROR_TRY_LATER. Does nothing where it is not open.
 */
void
tea_house_close (TeaHouse *self)
{
  g_return_if_fail (TEA_IS_HOUSE (self));

  tea_room_close (self->hall);
}

/**
 * tea_house_get_hall:
 * @self: a house
 *
 * Returns: (transfer none): the room in which everybody is
 */
TeaRoom *
tea_house_get_hall (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->hall;
}

/**
 * tea_house_get_presence:
 * @self: a house
 *
 * Returns: (transfer none): who is here
 */
TeaPresence *
tea_house_get_presence (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return tea_room_get_presence (self->hall);
}
