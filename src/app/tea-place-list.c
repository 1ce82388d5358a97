/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-place-list.h"

#include <glib/gi18n.h>

#include "tea-place-row.h"

/**
 * TeaPlaceList:
 *
 * The places of all houses as rows, in an order that stands still while somebody is at it:
 * while the pointer is over it, or it has the focus.
 */
struct _TeaPlaceList
{
  AdwBin parent_instance;

  TeaHouseList *houses; /* (owned) (nullable) */
  TeaPlace *place;      /* (owned) (nullable): where one is */
  GHashTable *rows;     /* (element-type TeaPlace TeaPlaceRow) */
  guint news;

  GtkEventController *pointer;
  GtkEventController *focus;
  GtkWidget *list;
};

enum
{
  PROP_0,
  PROP_NEWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaPlaceList, tea_place_list, ADW_TYPE_BIN)

static gboolean
is_held (TeaPlaceList *self)
{
  return gtk_event_controller_motion_contains_pointer (GTK_EVENT_CONTROLLER_MOTION (self->pointer))
         || gtk_event_controller_focus_contains_focus (GTK_EVENT_CONTROLLER_FOCUS (self->focus));
}

static void
update_news (TeaPlaceList *self)
{
  GHashTableIter iter;
  gpointer place;
  guint news = 0;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &place, NULL))
    if (place != self->place && tea_place_has_news (place))
      news++;

  if (self->news == news)
    return;

  self->news = news;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEWS]);
}

static void
settle (TeaPlaceList *self)
{
  GHashTableIter iter;
  gpointer row;
  gboolean moves = FALSE;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    moves |= tea_place_row_settle (row);

  if (moves)
    gtk_list_box_invalidate_sort (GTK_LIST_BOX (self->list));
}

static void
show_place (TeaPlaceList *self)
{
  TeaPlaceRow *row = self->place != NULL ? g_hash_table_lookup (self->rows, self->place) : NULL;

  gtk_list_box_select_row (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (row));
}

static void
changed_cb (TeaPlaceList *self)
{
  g_assert (TEA_IS_PLACE_LIST (self));

  update_news (self);
  if (!is_held (self))
    settle (self);
}

/* Who went through the rows with the keyboard, and away, is where they were. */
static void
loosened_cb (TeaPlaceList *self)
{
  g_assert (TEA_IS_PLACE_LIST (self));

  if (is_held (self))
    return;

  settle (self);
  show_place (self);
}

static int
compare_rows_cb (GtkListBoxRow *row, GtkListBoxRow *other, gpointer user_data)
{
  return tea_place_row_compare (TEA_PLACE_ROW (row), TEA_PLACE_ROW (other));
}

static gboolean
is_waiting (GtkListBoxRow *row)
{
  return tea_place_get_kind (tea_place_row_get_place (TEA_PLACE_ROW (row))) == TEA_PLACE_INVITATION;
}

static GtkWidget *
make_heading (void)
{
  /* Translators: above the rooms to which one is invited. */
  GtkWidget *label = gtk_label_new (_ ("Waiting for You"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "soft");
  gtk_widget_add_css_class (label, "heading-of-places");

  return label;
}

static GtkWidget *
make_line (void)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

  gtk_widget_add_css_class (line, "between-houses");

  return line;
}

/* A line parts houses, and the invitations from them. */
static void
update_header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  gboolean waiting = is_waiting (row);
  gboolean begins = before == NULL || is_waiting (before) != waiting
                    || (!waiting
                        && tea_place_row_get_house (TEA_PLACE_ROW (before))
                               != tea_place_row_get_house (TEA_PLACE_ROW (row)));

  if (!begins || (before == NULL && !waiting))
    gtk_list_box_row_set_header (row, NULL);
  else if (gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, waiting ? make_heading () : make_line ());
}

static guint
find_house (TeaPlaceList *self, TeaPlace *place)
{
  guint n_houses = g_list_model_get_n_items (G_LIST_MODEL (self->houses));

  for (guint i = 0; i < n_houses; i++)
    {
      g_autoptr (TeaJoinedHouse) house = g_list_model_get_item (G_LIST_MODEL (self->houses), i);

      if (tea_joined_house_get_client (house) == tea_place_get_client (place))
        return i;
    }

  return n_houses;
}

static void
place_added_cb (TeaPlaceList *self, TeaPlace *place)
{
  GtkWidget *row;

  g_assert (TEA_IS_PLACE_LIST (self));

  row = tea_place_row_new (place);
  tea_place_row_set_house (TEA_PLACE_ROW (row), find_house (self, place));
  g_hash_table_insert (self->rows, g_object_ref (place), row);
  g_signal_connect_object (place, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
  update_news (self);
}

static void
place_removed_cb (TeaPlaceList *self, TeaPlace *place)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, place);

  g_assert (TEA_IS_PLACE_LIST (self));
  g_assert (row != NULL);

  g_signal_handlers_disconnect_by_data (place, self);
  g_hash_table_remove (self->rows, place);
  gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  update_news (self);
}

/* Rows stay where they are: the houses after one that goes come up. */
static void
houses_changed_cb (TeaPlaceList *self)
{
  GHashTableIter iter;
  gpointer place;
  gpointer row;

  g_assert (TEA_IS_PLACE_LIST (self));

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &place, &row))
    tea_place_row_set_house (row, find_house (self, place));
  gtk_list_box_invalidate_headers (GTK_LIST_BOX (self->list));
}

static void
row_activated_cb (TeaPlaceList *self, GtkListBoxRow *row)
{
  g_autoptr (TeaPlace) place = g_object_ref (tea_place_row_get_place (TEA_PLACE_ROW (row)));

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, place);
}

static void
tea_place_list_dispose (GObject *object)
{
  TeaPlaceList *self = TEA_PLACE_LIST (object);

  if (self->list != NULL)
    {
      gtk_list_box_set_sort_func (GTK_LIST_BOX (self->list), NULL, NULL, NULL);
      gtk_list_box_set_header_func (GTK_LIST_BOX (self->list), NULL, NULL, NULL);
    }
  self->list = NULL;
  g_hash_table_remove_all (self->rows);
  g_clear_object (&self->place);
  if (self->houses != NULL)
    g_signal_handlers_disconnect_by_data (self->houses, self);
  g_clear_object (&self->houses);

  G_OBJECT_CLASS (tea_place_list_parent_class)->dispose (object);
}

static void
tea_place_list_finalize (GObject *object)
{
  g_hash_table_unref (TEA_PLACE_LIST (object)->rows);

  G_OBJECT_CLASS (tea_place_list_parent_class)->finalize (object);
}

static void
tea_place_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaPlaceList *self = TEA_PLACE_LIST (object);

  switch (prop_id)
    {
    case PROP_NEWS:
      g_value_set_uint (value, self->news);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_place_list_class_init (TeaPlaceListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_place_list_dispose;
  object_class->finalize = tea_place_list_finalize;
  object_class->get_property = tea_place_list_get_property;

  /**
   * TeaPlaceList:news:
   *
   * In how many places but the one where one is there is something new.
   */
  properties[PROP_NEWS] = g_param_spec_uint ("news", NULL, NULL, 0, G_MAXUINT, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaPlaceList::chosen:
   * @self: the list
   * @place: a place
   *
   * Somebody wants to go to a place.
   */
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", TEA_TYPE_PLACE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_PLACE);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-place-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceList, pointer);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceList, focus);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceList, list);
  gtk_widget_class_bind_template_callback (widget_class, loosened_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
tea_place_list_init (TeaPlaceList *self)
{
  self->rows = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (GTK_LIST_BOX (self->list), compare_rows_cb, NULL, NULL);
  gtk_list_box_set_header_func (GTK_LIST_BOX (self->list), update_header_cb, NULL, NULL);
}

/**
 * tea_place_list_new:
 *
 * Returns: (transfer full): a list of no places
 */
GtkWidget *
tea_place_list_new (void)
{
  return g_object_new (TEA_TYPE_PLACE_LIST, NULL);
}

/**
 * tea_place_list_set_houses:
 * @self: a list
 * @houses: the houses whose places to show
 *
 * Sets what is shown; to be called once.
 */
void
tea_place_list_set_houses (TeaPlaceList *self, TeaHouseList *houses)
{
  g_return_if_fail (TEA_IS_PLACE_LIST (self));
  g_return_if_fail (TEA_IS_HOUSE_LIST (houses));
  g_return_if_fail (self->houses == NULL);

  self->houses = g_object_ref (houses);
  g_object_connect (houses, "swapped-object-signal::items-changed", houses_changed_cb, self,
                    "swapped-object-signal::place-added", place_added_cb, self,
                    "swapped-object-signal::place-removed", place_removed_cb, self, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (houses)); i++)
    {
      g_autoptr (TeaJoinedHouse) house = g_list_model_get_item (G_LIST_MODEL (houses), i);
      GListModel *places = tea_joined_house_get_places (house);

      for (guint j = 0; j < g_list_model_get_n_items (places); j++)
        {
          g_autoptr (TeaPlace) place = g_list_model_get_item (places, j);

          place_added_cb (self, place);
        }
    }
}

/**
 * tea_place_list_set_place:
 * @self: a list
 * @place: (nullable): where one is now
 *
 * Marks the row of a place.
 */
void
tea_place_list_set_place (TeaPlaceList *self, TeaPlace *place)
{
  g_return_if_fail (TEA_IS_PLACE_LIST (self));
  g_return_if_fail (place == NULL || TEA_IS_PLACE (place));

  if (!g_set_object (&self->place, place))
    return;

  update_news (self);
  show_place (self);
}

/**
 * tea_place_list_get_neighbour:
 * @self: a list
 * @step: 1 for what is below, -1 for what is above
 * @with_news: whether to look for something new
 *
 * Finds where to go from where one is, or from the end of the list to its beginning.
 *
 * Returns: (transfer none) (nullable): a place
 */
TeaPlace *
tea_place_list_get_neighbour (TeaPlaceList *self, int step, gboolean with_news)
{
  TeaPlaceRow *row;
  int n_rows;
  int current;

  g_return_val_if_fail (TEA_IS_PLACE_LIST (self), NULL);

  n_rows = (int) g_hash_table_size (self->rows);
  row = self->place != NULL ? g_hash_table_lookup (self->rows, self->place) : NULL;
  current = row != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row))
                        : (step > 0 ? n_rows - 1 : 0);

  for (int i = 1; i <= n_rows; i++)
    {
      int index = ((current + i * step) % n_rows + n_rows) % n_rows;
      GtkListBoxRow *other = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), index);
      TeaPlace *place = tea_place_row_get_place (TEA_PLACE_ROW (other));

      if (place != self->place && (!with_news || tea_place_has_news (place)))
        return place;
    }

  return NULL;
}

/**
 * tea_place_list_get_news:
 * @self: a list
 *
 * Returns: in how many places but the one where one is there is something new
 */
guint
tea_place_list_get_news (TeaPlaceList *self)
{
  g_return_val_if_fail (TEA_IS_PLACE_LIST (self), 0);

  return self->news;
}
