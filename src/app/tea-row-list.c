/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-row-list.h"

#include <math.h>

struct _TeaRowList
{
  GtkWidget *list;
  GtkAdjustment *adjustment;   /* (owned): the list's own */
  GListModel *model;           /* (owned) (nullable) */
  GtkListItemFactory *factory; /* (owned) (nullable) */
  GHashTable *bound;           /* item → GtkListItem, those that have a row */
};

/* The tile of a bound item: what the list itself moves about. */
static GtkWidget *
get_tile (GtkListItem *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  return child != NULL ? gtk_widget_get_parent (child) : NULL;
}

static gboolean
get_tile_bounds (GtkListItem *list_item, GtkWidget *target, graphene_rect_t *bounds)
{
  GtkWidget *tile = get_tile (list_item);

  /* The bounds of a tile that is not mapped are those it once had. */
  return tile != NULL && gtk_widget_get_mapped (tile)
         && gtk_widget_compute_bounds (tile, target, bounds);
}

/* How far down a list that does not fill the page has to go. */
static double
get_drop (TeaRowList *self)
{
  g_autoptr (GObject) last = NULL;
  graphene_rect_t bounds;
  double page = tea_row_list_get_page_size (self);
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;

  if (n == 0 || tea_row_list_get_upper (self) > page)
    return 0;

  last = g_list_model_get_item (self->model, n - 1);
  if (!tea_row_list_get_bounds (self, last, self->list, &bounds))
    return 0;

  return MAX (0, floor (page - bounds.origin.y - bounds.size.height));
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  TeaRowList *self = user_data;

  g_hash_table_insert (self->bound, gtk_list_item_get_item (list_item), list_item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  TeaRowList *self = user_data;
  gpointer item = gtk_list_item_get_item (list_item);

  if (g_hash_table_lookup (self->bound, item) == list_item)
    g_hash_table_remove (self->bound, item);
}

/**
 * tea_row_list_new:
 * @parent: the widget to put the list into
 *
 * Returns: (transfer full): a list without a model
 */
TeaRowList *
tea_row_list_new (GtkWidget *parent)
{
  TeaRowList *self = g_new0 (TeaRowList, 1);

  self->bound = g_hash_table_new (NULL, NULL);
  self->adjustment = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  self->list = gtk_list_view_new (NULL, NULL);
  g_object_set (self->list, "vadjustment", self->adjustment, NULL);
  gtk_widget_set_parent (self->list, parent);

  return self;
}

/**
 * tea_row_list_free:
 * @self: (transfer full): a list
 *
 * Takes the list out of its parent, and gives it up.
 */
void
tea_row_list_free (TeaRowList *self)
{
  gtk_widget_unparent (self->list);
  if (self->factory != NULL)
    g_signal_handlers_disconnect_by_data (self->factory, self);
  g_clear_object (&self->factory);
  g_clear_object (&self->model);
  g_object_unref (self->adjustment);
  g_hash_table_unref (self->bound);
  g_free (self);
}

/**
 * tea_row_list_set_factory:
 * @self: a list
 * @factory: a [class@Gtk.SignalListItemFactory]
 *
 * Sets what makes the rows. Can be done once.
 */
void
tea_row_list_set_factory (TeaRowList *self, GtkListItemFactory *factory)
{
  g_return_if_fail (GTK_IS_SIGNAL_LIST_ITEM_FACTORY (factory));
  g_return_if_fail (self->factory == NULL);

  self->factory = g_object_ref (factory);
  g_signal_connect_after (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (GTK_LIST_VIEW (self->list), factory);
}

/**
 * tea_row_list_set_model:
 * @self: a list
 * @model: (nullable): what to show
 *
 * Sets what is shown.
 */
void
tea_row_list_set_model (TeaRowList *self, GListModel *model)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  g_set_object (&self->model, model);
  if (model != NULL)
    selection = gtk_no_selection_new (g_object_ref (model));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), GTK_SELECTION_MODEL (selection));
}

/**
 * tea_row_list_get_model:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): what is shown
 */
GListModel *
tea_row_list_get_model (TeaRowList *self)
{
  return self->model;
}

/**
 * tea_row_list_get_widget:
 * @self: a list
 *
 * Returns: (transfer none): the widget that shows it
 */
GtkWidget *
tea_row_list_get_widget (TeaRowList *self)
{
  return self->list;
}

/**
 * tea_row_list_allocate:
 * @self: a list
 * @width: how wide its parent is
 * @height: how high
 *
 * Gives the list its place: all of it, or the bottom if its rows do not fill it.
 */
void
tea_row_list_allocate (TeaRowList *self, int width, int height)
{
  double drop;
  int minimum;

  gtk_widget_measure (self->list, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  width = MAX (width, minimum);
  gtk_widget_allocate (self->list, width, height, -1, NULL);

  drop = get_drop (self);
  if (drop > 0)
    gtk_widget_allocate (self->list, width, height, -1,
                         gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (0, (float) drop)));
}

/**
 * tea_row_list_get_value:
 * @self: a list
 *
 * Returns: how far down the list believes to be
 */
double
tea_row_list_get_value (TeaRowList *self)
{
  return gtk_adjustment_get_value (self->adjustment);
}

/**
 * tea_row_list_get_upper:
 * @self: a list
 *
 * Returns: how high the list believes all rows to be
 */
double
tea_row_list_get_upper (TeaRowList *self)
{
  return gtk_adjustment_get_upper (self->adjustment);
}

/**
 * tea_row_list_get_page_size:
 * @self: a list
 *
 * Returns: how much of the list is in view
 */
double
tea_row_list_get_page_size (TeaRowList *self)
{
  return gtk_adjustment_get_page_size (self->adjustment);
}

/**
 * tea_row_list_get_end:
 * @self: a list
 *
 * Returns: the value at which the last row is at the bottom
 */
double
tea_row_list_get_end (TeaRowList *self)
{
  return MAX (0, tea_row_list_get_upper (self) - tea_row_list_get_page_size (self));
}

/**
 * tea_row_list_move:
 * @self: a list
 * @value: how far down to go
 *
 * Moves the list. It has to be allocated afterwards.
 *
 * Returns: whether it was somewhere else
 */
gboolean
tea_row_list_move (TeaRowList *self, double value)
{
  value = CLAMP (value, 0, tea_row_list_get_end (self));
  if (fabs (value - tea_row_list_get_value (self)) < 0.5)
    return FALSE;

  gtk_adjustment_set_value (self->adjustment, value);

  return TRUE;
}

/**
 * tea_row_list_show:
 * @self: a list
 * @position: a position in the model
 *
 * Brings a row into view, wherever it is. The list has to be allocated afterwards.
 */
void
tea_row_list_show (TeaRowList *self, guint position)
{
  gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", position);
}

/**
 * tea_row_list_focus:
 * @self: a list
 * @item: an item of the model
 *
 * Moves the focus to a row.
 *
 * Returns: whether there is one that takes it
 */
gboolean
tea_row_list_focus (TeaRowList *self, gpointer item)
{
  GtkListItem *list_item = g_hash_table_lookup (self->bound, item);

  return list_item != NULL && gtk_widget_grab_focus (get_tile (list_item));
}

/**
 * tea_row_list_is_bound:
 * @self: a list
 * @item: an item of the model
 *
 * Returns: whether @item has a row
 */
gboolean
tea_row_list_is_bound (TeaRowList *self, gpointer item)
{
  return g_hash_table_contains (self->bound, item);
}

/**
 * tea_row_list_get_position:
 * @self: a list
 * @item: an item of the model
 *
 * Returns: where @item is, or %GTK_INVALID_LIST_POSITION if it has no row
 */
guint
tea_row_list_get_position (TeaRowList *self, gpointer item)
{
  GtkListItem *list_item = g_hash_table_lookup (self->bound, item);

  return list_item != NULL ? gtk_list_item_get_position (list_item) : GTK_INVALID_LIST_POSITION;
}

/**
 * tea_row_list_get_bounds:
 * @self: a list
 * @item: an item of the model
 * @target: the widget whose coordinates to use
 * @bounds: (out): where the row is
 *
 * Returns: whether @item has a row that is somewhere
 */
gboolean
tea_row_list_get_bounds (TeaRowList *self,
                         gpointer item,
                         GtkWidget *target,
                         graphene_rect_t *bounds)
{
  GtkListItem *list_item = g_hash_table_lookup (self->bound, item);

  return list_item != NULL && get_tile_bounds (list_item, target, bounds);
}

/**
 * tea_row_list_get_row:
 * @self: a list
 * @item: an item of the model
 *
 * Returns: (transfer none) (nullable): the row of @item, if there is one
 */
GtkWidget *
tea_row_list_get_row (TeaRowList *self, gpointer item)
{
  GtkListItem *list_item = g_hash_table_lookup (self->bound, item);

  return list_item != NULL ? gtk_list_item_get_child (list_item) : NULL;
}

/**
 * tea_row_list_find_item:
 * @self: a list
 * @descendant: a widget somewhere in the list
 *
 * Returns: (transfer none) (nullable): the item whose row @descendant is in
 */
gpointer
tea_row_list_find_item (TeaRowList *self, GtkWidget *descendant)
{
  GHashTableIter iter;
  gpointer item;
  gpointer value;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, &value))
    {
      GtkWidget *tile = get_tile (value);

      if (tile != NULL && (descendant == tile || gtk_widget_is_ancestor (descendant, tile)))
        return item;
    }

  return NULL;
}

/**
 * tea_row_list_find_first:
 * @self: a list
 * @target: the widget whose top counts
 *
 * Finds the first row that can be seen from its top, or, where a row is higher than
 * the page, the last that begins above it.
 *
 * Returns: (transfer none) (nullable): the item of that row
 */
gpointer
tea_row_list_find_first (TeaRowList *self, GtkWidget *target)
{
  GHashTableIter iter;
  gpointer item;
  gpointer value;
  gpointer best = NULL;
  double best_y = 0;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, &value))
    {
      graphene_rect_t bounds;
      gboolean better;

      if (!get_tile_bounds (value, target, &bounds))
        continue;

      if (best == NULL)
        better = TRUE;
      else if (bounds.origin.y > -0.5)
        better = best_y <= -0.5 || bounds.origin.y < best_y;
      else
        better = best_y <= -0.5 && bounds.origin.y > best_y;

      if (better)
        {
          best = item;
          best_y = bounds.origin.y;
        }
    }

  return best;
}

/**
 * tea_row_list_find_last:
 * @self: a list
 * @target: the widget whose bottom counts
 *
 * Finds the last row that can be seen down to its bottom, or, where none can, the first
 * that ends below.
 *
 * Returns: (transfer none) (nullable): the item of that row
 */
gpointer
tea_row_list_find_last (TeaRowList *self, GtkWidget *target)
{
  double height = gtk_widget_get_height (target);
  GHashTableIter iter;
  gpointer item;
  gpointer value;
  gpointer best = NULL;
  double best_end = 0;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, &value))
    {
      graphene_rect_t bounds;
      double end;
      gboolean better;

      if (!get_tile_bounds (value, target, &bounds) || bounds.origin.y + bounds.size.height <= 0)
        continue;

      end = bounds.origin.y + bounds.size.height;
      if (best == NULL)
        better = TRUE;
      else if (end < height + 0.5)
        better = best_end >= height + 0.5 || end > best_end;
      else
        better = best_end >= height + 0.5 && end < best_end;

      if (better)
        {
          best = item;
          best_end = end;
        }
    }

  return best;
}
