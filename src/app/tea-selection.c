/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-selection.h"

#include <glib/gi18n.h>

#include "tea-time-text.h"

/**
 * TeaSelection:
 *
 * The messages of a timeline that somebody has selected, while they select.
 */
struct _TeaSelection
{
  GObject parent_instance;

  TeaTimeline *timeline; /* (owned) */
  GHashTable *items;     /* (element-type TeaTimelineItem) */
  TeaTimelineItem *last; /* (owned) (nullable): from which on it is extended */
  gboolean is_active;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaSelection, tea_selection, G_TYPE_OBJECT)

/* What was removed has nothing to be copied. */
static gboolean
can_be_selected (TeaTimelineItem *item)
{
  return tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
         && !tea_timeline_item_is_removed (item);
}

static void
changed (TeaSelection *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
tea_selection_finalize (GObject *object)
{
  TeaSelection *self = TEA_SELECTION (object);

  g_hash_table_unref (self->items);
  g_clear_object (&self->last);
  g_clear_object (&self->timeline);

  G_OBJECT_CLASS (tea_selection_parent_class)->finalize (object);
}

static void
tea_selection_class_init (TeaSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_selection_finalize;

  /**
   * TeaSelection::changed:
   * @self: the selection
   *
   * Other messages are selected, or it has begun or ended.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_selection_init (TeaSelection *self)
{
  self->items = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * tea_selection_new:
 * @timeline: where messages can be selected
 *
 * Returns: (transfer full): a selection that has not begun
 */
TeaSelection *
tea_selection_new (TeaTimeline *timeline)
{
  TeaSelection *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);

  self = g_object_new (TEA_TYPE_SELECTION, NULL);
  self->timeline = g_object_ref (timeline);

  return self;
}

/**
 * tea_selection_begin:
 * @self: a selection
 * @item: the first message to be selected
 *
 * Somebody begins to select.
 */
void
tea_selection_begin (TeaSelection *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_SELECTION (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  self->is_active = TRUE;
  g_hash_table_remove_all (self->items);
  tea_selection_toggle (self, item);
}

/**
 * tea_selection_end:
 * @self: a selection
 *
 * Nobody selects any more, and nothing is selected.
 */
void
tea_selection_end (TeaSelection *self)
{
  g_return_if_fail (TEA_IS_SELECTION (self));

  if (!self->is_active)
    return;

  self->is_active = FALSE;
  g_hash_table_remove_all (self->items);
  g_clear_object (&self->last);
  changed (self);
}

/**
 * tea_selection_is_active:
 * @self: a selection
 *
 * Returns: whether somebody is selecting
 */
gboolean
tea_selection_is_active (TeaSelection *self)
{
  g_return_val_if_fail (TEA_IS_SELECTION (self), FALSE);

  return self->is_active;
}

/**
 * tea_selection_toggle:
 * @self: a selection that has begun
 * @item: a message
 *
 * Selects a message, or takes it out.
 */
void
tea_selection_toggle (TeaSelection *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_SELECTION (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  g_set_object (&self->last, item);
  if (!g_hash_table_remove (self->items, item) && can_be_selected (item))
    g_hash_table_add (self->items, g_object_ref (item));
  changed (self);
}

/* Selects from where one of two messages is to the other; where one is gone, nothing. */
static void
select_between (TeaSelection *self, TeaTimelineItem *one, TeaTimelineItem *other)
{
  GListModel *model = G_LIST_MODEL (self->timeline);
  g_autoptr (GPtrArray) between = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_ends = 0;

  for (guint i = 0; i < g_list_model_get_n_items (model) && n_ends < 2; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      n_ends += (item == one) + (item == other);
      if (n_ends > 0 && can_be_selected (item))
        g_ptr_array_add (between, g_object_ref (item));
    }

  for (guint i = 0; n_ends == 2 && i < between->len; i++)
    g_hash_table_add (self->items, g_object_ref (g_ptr_array_index (between, i)));
}

/**
 * tea_selection_extend:
 * @self: a selection that has begun
 * @item: a message
 *
 * Selects all from the message that was toggled last to another.
 */
void
tea_selection_extend (TeaSelection *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_SELECTION (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  if (self->last != NULL)
    select_between (self, self->last, item);
  changed (self);
}

/**
 * tea_selection_select_all:
 * @self: a selection that has begun
 *
 * Selects all messages that are there.
 */
void
tea_selection_select_all (TeaSelection *self)
{
  GListModel *model;

  g_return_if_fail (TEA_IS_SELECTION (self));

  model = G_LIST_MODEL (self->timeline);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (can_be_selected (item))
        g_hash_table_add (self->items, g_object_ref (item));
    }
  changed (self);
}

/**
 * tea_selection_contains:
 * @self: a selection
 * @item: a message
 *
 * Returns: whether @item is selected
 */
gboolean
tea_selection_contains (TeaSelection *self, TeaTimelineItem *item)
{
  g_return_val_if_fail (TEA_IS_SELECTION (self), FALSE);

  return g_hash_table_contains (self->items, item);
}

/**
 * tea_selection_get_n_items:
 * @self: a selection
 *
 * Returns: how many messages are selected
 */
guint
tea_selection_get_n_items (TeaSelection *self)
{
  g_return_val_if_fail (TEA_IS_SELECTION (self), 0);

  return g_hash_table_size (self->items);
}

/**
 * tea_selection_list:
 * @self: a selection
 *
 * Returns: (transfer full) (element-type TeaTimelineItem): the messages that are selected, and
 *   still there, in their order
 */
GPtrArray *
tea_selection_list (TeaSelection *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *model;

  g_return_val_if_fail (TEA_IS_SELECTION (self), list);

  model = G_LIST_MODEL (self->timeline);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (g_hash_table_contains (self->items, item) && can_be_selected (item))
        g_ptr_array_add (list, g_steal_pointer (&item));
    }

  return list;
}

/**
 * tea_selection_dup_text:
 * @self: a selection
 *
 * Writes down what is selected, with names and times.
 *
 * Returns: (transfer full): a line for each message, or more where it has more
 */
char *
tea_selection_dup_text (TeaSelection *self)
{
  g_autoptr (GPtrArray) list = tea_selection_list (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      TeaTimelineItem *item = g_ptr_array_index (list, i);
      g_autofree char *clock = tea_time_text_new_clock (tea_timeline_item_get_time (item));

      if (i > 0)
        g_string_append_c (text, '\n');
      /* Translators: a message that is copied: name, time, text */
      g_string_append_printf (text, _ ("%s, %s: %s"), tea_timeline_item_get_author (item), clock,
                              tea_timeline_item_get_text (item));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
