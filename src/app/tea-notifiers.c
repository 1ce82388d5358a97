/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-notifiers.h"

#include "tea-room-notifier.h"

/**
 * TeaNotifiers:
 *
 * Has a [class@TeaRoomNotifier] for each place of all houses in which something can be said.
 */
struct _TeaNotifiers
{
  GObject parent_instance;

  GApplication *application; /* (unowned): it owns this */
  TeaHouseList *houses;      /* (owned) */
  TeaPlace *in_view;         /* (owned) (nullable) */
  GHashTable *notifiers;     /* (element-type TeaPlace TeaRoomNotifier) */
  guint n_made;
};

G_DEFINE_FINAL_TYPE (TeaNotifiers, tea_notifiers, G_TYPE_OBJECT)

static void
place_added_cb (TeaNotifiers *self, TeaPlace *place)
{
  TeaConversation *conversation = tea_place_get_conversation (place);
  g_autofree char *id = NULL;

  g_assert (TEA_IS_NOTIFIERS (self));

  if (conversation == NULL)
    return;

  id = g_strdup_printf ("room-%u", ++self->n_made);
  g_hash_table_insert (self->notifiers, g_object_ref (place),
                       tea_room_notifier_new (self->application, conversation,
                                              tea_place_get_notify_choice (place), id,
                                              tea_client_get_name (tea_place_get_client (place)),
                                              tea_place_get_name (place)));
}

static void
place_removed_cb (TeaNotifiers *self, TeaPlace *place)
{
  g_assert (TEA_IS_NOTIFIERS (self));

  g_hash_table_remove (self->notifiers, place);
}

static void
tell (TeaNotifiers *self, TeaPlace *place, gboolean in_view)
{
  TeaRoomNotifier *notifier = place != NULL ? g_hash_table_lookup (self->notifiers, place) : NULL;

  if (notifier != NULL)
    tea_room_notifier_set_in_view (notifier, in_view);
}

static void
tea_notifiers_dispose (GObject *object)
{
  TeaNotifiers *self = TEA_NOTIFIERS (object);

  g_hash_table_remove_all (self->notifiers);
  g_clear_object (&self->in_view);
  g_clear_object (&self->houses);

  G_OBJECT_CLASS (tea_notifiers_parent_class)->dispose (object);
}

static void
tea_notifiers_finalize (GObject *object)
{
  g_hash_table_unref (TEA_NOTIFIERS (object)->notifiers);

  G_OBJECT_CLASS (tea_notifiers_parent_class)->finalize (object);
}

static void
tea_notifiers_class_init (TeaNotifiersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_notifiers_dispose;
  object_class->finalize = tea_notifiers_finalize;
}

static void
tea_notifiers_init (TeaNotifiers *self)
{
  self->notifiers = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
}

/**
 * tea_notifiers_new:
 * @application: the program, which outlives the result
 * @houses: its houses, in none of which one is yet
 *
 * Returns: (transfer full): what notifies of what happens in the houses
 */
TeaNotifiers *
tea_notifiers_new (GApplication *application, TeaHouseList *houses)
{
  TeaNotifiers *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (TEA_IS_HOUSE_LIST (houses), NULL);

  self = g_object_new (TEA_TYPE_NOTIFIERS, NULL);
  self->application = application;
  self->houses = g_object_ref (houses);
  g_signal_connect_object (houses, "place-added", G_CALLBACK (place_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (houses, "place-removed", G_CALLBACK (place_removed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_notifiers_set_in_view:
 * @self: notifiers
 * @place: (nullable): the place that the user sees, in the active window
 *
 * Tells where there is nothing to notify of.
 */
void
tea_notifiers_set_in_view (TeaNotifiers *self, TeaPlace *place)
{
  g_return_if_fail (TEA_IS_NOTIFIERS (self));
  g_return_if_fail (place == NULL || TEA_IS_PLACE (place));

  if (self->in_view != place)
    tell (self, self->in_view, FALSE);
  g_set_object (&self->in_view, place);
  tell (self, place, TRUE);
}

/**
 * tea_notifiers_find:
 * @self: notifiers
 * @id: what a notification was about
 *
 * Returns: (transfer none) (nullable): the place that it was about, if that is still there
 */
TeaPlace *
tea_notifiers_find (TeaNotifiers *self, const char *id)
{
  GHashTableIter iter;
  gpointer place;
  gpointer notifier;

  g_return_val_if_fail (TEA_IS_NOTIFIERS (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  g_hash_table_iter_init (&iter, self->notifiers);
  while (g_hash_table_iter_next (&iter, &place, &notifier))
    if (g_str_equal (tea_room_notifier_get_id (notifier), id))
      return place;

  return NULL;
}

/**
 * tea_notifiers_mark_read:
 * @self: notifiers
 * @id: what a notification was about
 *
 * The user has read what the notification told of.
 */
void
tea_notifiers_mark_read (TeaNotifiers *self, const char *id)
{
  TeaPlace *place;

  g_return_if_fail (TEA_IS_NOTIFIERS (self));
  g_return_if_fail (id != NULL);

  place = tea_notifiers_find (self, id);
  if (place != NULL)
    tea_room_notifier_mark_read (g_hash_table_lookup (self->notifiers, place));
}
