/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-pins.h"

#include "tea-event-data.h"
#include "tea-pinned-message.h"

struct _TeaPins
{
  GListStore *list;   /* (owned) (element-type TeaPinnedMessage) */
  GHashTable *latest; /* (element-type guint64 guint64): what was last told of each message */
  TeaPinsFunc changed;
  gpointer user_data;
};

static gboolean
find (TeaPins *self, guint64 seq, guint *position)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr (TeaPinnedMessage) pin = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (tea_pinned_message_get_target (pin) == seq)
        {
          *position = i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
drop (TeaPins *self, guint64 seq)
{
  guint position;

  if (!find (self, seq, &position))
    return;

  g_list_store_remove (self->list, position);
  self->changed (seq, FALSE, self->user_data);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  guint64 one = tea_pinned_message_get_seq ((TeaPinnedMessage *) a);
  guint64 other = tea_pinned_message_get_seq ((TeaPinnedMessage *) b);

  return (one > other) - (one < other);
}

static void
add (TeaPins *self, TeaEvent *event)
{
  guint64 seq = tea_event_get_target (event);
  g_autoptr (TeaPinnedMessage) pin
      = tea_pinned_message_new (seq, tea_event_get_seq (event), tea_event_get_time (event),
                                tea_event_get_author (event));
  guint position;

  if (find (self, seq, &position))
    g_list_store_remove (self->list, position);
  g_list_store_insert_sorted (self->list, pin, compare, NULL);
  self->changed (seq, TRUE, self->user_data);
}

/* Whether it is news of a message, and not told late. */
static gboolean
note (TeaPins *self, guint64 seq, guint64 event)
{
  guint64 *latest = g_hash_table_lookup (self->latest, &seq);

  if (latest != NULL && *latest >= event)
    return FALSE;

  g_hash_table_replace (self->latest, g_memdup2 (&seq, sizeof seq),
                        g_memdup2 (&event, sizeof event));

  return TRUE;
}

/**
 * tea_pins_new:
 * @changed: what to call when a message is pinned, or not any more
 * @user_data: for @changed
 *
 * Returns: (transfer full): the pins of a room where nothing is pinned
 */
TeaPins *
tea_pins_new (TeaPinsFunc changed, gpointer user_data)
{
  TeaPins *self;

  g_return_val_if_fail (changed != NULL, NULL);

  self = g_new0 (TeaPins, 1);
  self->list = g_list_store_new (TEA_TYPE_PINNED_MESSAGE);
  self->latest = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->changed = changed;
  self->user_data = user_data;

  return self;
}

/**
 * tea_pins_free:
 * @self: (transfer full): pins
 *
 * Frees them.
 */
void
tea_pins_free (TeaPins *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->list);
  g_hash_table_unref (self->latest);
  g_free (self);
}

/**
 * tea_pins_get_list:
 * @self: pins
 *
 * Returns: (transfer none): a list of #TeaPinnedMessage, in the order in which they were pinned
 */
GListModel *
tea_pins_get_list (TeaPins *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return G_LIST_MODEL (self->list);
}

/**
 * tea_pins_take_event:
 * @self: pins
 * @event: an event of the kind %TEA_EVENT_PINNED
 *
 * Takes what was told, be it again or out of turn.
 */
void
tea_pins_take_event (TeaPins *self, TeaEvent *event)
{
  gboolean is_set;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  if (!tea_event_data_decode_switch (tea_event_get_data (event), &is_set)
      || !note (self, tea_event_get_target (event), tea_event_get_seq (event)))
    return;

  if (is_set)
    add (self, event);
  else
    drop (self, tea_event_get_target (event));
}

/**
 * tea_pins_take_removed:
 * @self: pins
 * @seq: the number of a message
 *
 * What is removed is not pinned any more, and will not be.
 */
void
tea_pins_take_removed (TeaPins *self, guint64 seq)
{
  g_return_if_fail (self != NULL);

  note (self, seq, G_MAXUINT64);
  drop (self, seq);
}

/**
 * tea_pins_forget:
 * @self: pins
 *
 * What was told does not count any more: what is pinned will be told again.
 */
void
tea_pins_forget (TeaPins *self)
{
  GListModel *list;

  g_return_if_fail (self != NULL);

  list = G_LIST_MODEL (self->list);
  g_hash_table_remove_all (self->latest);
  while (g_list_model_get_n_items (list) > 0)
    {
      g_autoptr (TeaPinnedMessage) pin = g_list_model_get_item (list, 0);

      drop (self, tea_pinned_message_get_target (pin));
    }
}
