/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-sidebar.h"

/**
 * TeaSidebar:
 *
 * Where one can go: the places there are, what else one can begin, and the menu of the
 * program. Who is nowhere yet is shown how to begin.
 */
struct _TeaSidebar
{
  AdwBin parent_instance;

  TeaHouseList *houses; /* (owned) (nullable) */

  GtkWidget *header;
  GtkWidget *first_steps;
  TeaPlaceList *list;
};

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaSidebar, tea_sidebar, ADW_TYPE_BIN)

static void
houses_changed_cb (TeaSidebar *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->houses)) == 0;

  g_assert (TEA_IS_SIDEBAR (self));

  gtk_widget_set_visible (self->first_steps, is_empty);
  gtk_widget_set_visible (GTK_WIDGET (self->list), !is_empty);
}

static gboolean
tea_sidebar_grab_focus (GtkWidget *widget)
{
  TeaSidebar *self = TEA_SIDEBAR (widget);
  GtkWidget *part
      = gtk_widget_get_visible (self->first_steps) ? self->first_steps : GTK_WIDGET (self->list);

  return gtk_widget_child_focus (part, GTK_DIR_TAB_FORWARD);
}

/* GTK would grab the focus as above once Tab has passed the last child, and never let go. */
static gboolean
tea_sidebar_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static void
tea_sidebar_dispose (GObject *object)
{
  TeaSidebar *self = TEA_SIDEBAR (object);

  if (self->houses != NULL)
    g_signal_handlers_disconnect_by_data (self->houses, self);
  g_clear_object (&self->houses);

  G_OBJECT_CLASS (tea_sidebar_parent_class)->dispose (object);
}

static void
tea_sidebar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaSidebar *self = TEA_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, adw_header_bar_get_show_end_title_buttons (
                                      ADW_HEADER_BAR (self->header)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_sidebar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaSidebar *self = TEA_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (self->header),
                                                 g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_sidebar_class_init (TeaSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_sidebar_dispose;
  object_class->get_property = tea_sidebar_get_property;
  object_class->set_property = tea_sidebar_set_property;
  widget_class->focus = tea_sidebar_focus;
  widget_class->grab_focus = tea_sidebar_grab_focus;

  /**
   * TeaSidebar:folded:
   *
   * Whether it has the window to itself.
   */
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TEA_TYPE_PLACE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, TeaSidebar, first_steps);
  gtk_widget_class_bind_template_child (widget_class, TeaSidebar, list);
}

static void
tea_sidebar_init (TeaSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_sidebar_get_list:
 * @self: a sidebar
 *
 * Returns: (transfer none): the places in it
 */
TeaPlaceList *
tea_sidebar_get_list (TeaSidebar *self)
{
  g_return_val_if_fail (TEA_IS_SIDEBAR (self), NULL);

  return self->list;
}

/**
 * tea_sidebar_set_houses:
 * @self: a sidebar
 * @houses: the houses whose places to show
 *
 * Sets what is shown; to be called once.
 */
void
tea_sidebar_set_houses (TeaSidebar *self, TeaHouseList *houses)
{
  g_return_if_fail (TEA_IS_SIDEBAR (self));
  g_return_if_fail (TEA_IS_HOUSE_LIST (houses));
  g_return_if_fail (self->houses == NULL);

  self->houses = g_object_ref (houses);
  g_signal_connect_object (houses, "items-changed", G_CALLBACK (houses_changed_cb), self,
                           G_CONNECT_SWAPPED);
  tea_place_list_set_houses (self->list, houses);
  houses_changed_cb (self);
}
