/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-people-list.h"

#include <graphene.h>

#include "tea-member.h"
#include "tea-name.h"
#include "tea-person-card.h"
#include "tea-person-row.h"
#include "tea-popup.h"

/**
 * TeaPeopleList:
 *
 * The people who are in the room: oneself, then the others by name.
 */
struct _TeaPeopleList
{
  AdwBin parent_instance;

  GListModel *members; /* (owned) (nullable) */
  char *own_key;       /* (owned) (nullable), the folded own name */
  gboolean hosting;
  GtkWidget *card; /* (nullable), a child while it shows */

  GtkWidget *heading;
  GtkWidget *count_label;
  GtkWidget *list;
  GtkWidget *invite_button;
};

enum
{
  MENTION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaPeopleList, tea_people_list, ADW_TYPE_BIN)

static gboolean
is_you (TeaPeopleList *self, TeaMember *member)
{
  return g_strcmp0 (tea_member_get_folded_name (member), self->own_key) == 0;
}

static void
remove_card (TeaPeopleList *self)
{
  g_clear_pointer (&self->card, gtk_widget_unparent);
}

static int
compare_members_cb (gconstpointer one, gconstpointer other, gpointer user_data)
{
  TeaPeopleList *self = user_data;
  TeaMember *first = (TeaMember *) one;
  TeaMember *second = (TeaMember *) other;
  gboolean first_is_you = is_you (self, first);
  gboolean second_is_you = is_you (self, second);
  int order;

  if (first_is_you != second_is_you)
    return first_is_you ? -1 : 1;

  order = g_utf8_collate (tea_member_get_name (first), tea_member_get_name (second));

  return order != 0
             ? order
             : g_strcmp0 (tea_member_get_folded_name (first), tea_member_get_folded_name (second));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  TeaPeopleList *self = user_data;
  gboolean you = is_you (self, item);

  return tea_person_row_new (item, you, you && self->hosting);
}

static void
members_changed_cb (TeaPeopleList *self)
{
  g_autofree char *count = NULL;

  g_assert (TEA_IS_PEOPLE_LIST (self));

  count = g_strdup_printf ("%u", g_list_model_get_n_items (self->members));
  gtk_label_set_label (GTK_LABEL (self->count_label), count);
}

static void
mention_cb (TeaPeopleList *self, const char *name)
{
  g_assert (TEA_IS_PEOPLE_LIST (self));

  g_signal_emit (self, signals[MENTION], 0, name);
}

static void
row_activated_cb (TeaPeopleList *self, GtkListBoxRow *row)
{
  TeaMember *member = tea_person_row_get_member (TEA_PERSON_ROW (row));
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self), &bounds))
    return;

  /* A child of the list, not of the row: the row may leave while it shows. */
  remove_card (self);
  self->card = tea_person_card_new (tea_member_get_name (member));
  gtk_widget_set_parent (self->card, GTK_WIDGET (self));
  gtk_popover_set_position (GTK_POPOVER (self->card), rtl ? GTK_POS_RIGHT : GTK_POS_LEFT);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->card), &(GdkRectangle){
                                                             (int) bounds.origin.x,
                                                             (int) bounds.origin.y,
                                                             (int) bounds.size.width,
                                                             (int) bounds.size.height,
                                                         });
  g_signal_connect_object (self->card, "mention", G_CALLBACK (mention_cb), self, G_CONNECT_SWAPPED);
  tea_popup (GTK_POPOVER (self->card));
}

/* However many people there are, they are one stop for Tab; arrows lead from one to another. */
static gboolean
tea_people_list_focus (GtkWidget *widget, GtkDirectionType direction)
{
  TeaPeopleList *self = TEA_PEOPLE_LIST (widget);
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (!is_tab || gtk_widget_get_focus_child (self->list) == NULL)
    return GTK_WIDGET_CLASS (tea_people_list_parent_class)->focus (widget, direction);

  return direction == GTK_DIR_TAB_FORWARD
         && gtk_widget_child_focus (self->invite_button, direction);
}

static void
tea_people_list_dispose (GObject *object)
{
  TeaPeopleList *self = TEA_PEOPLE_LIST (object);

  remove_card (self);
  g_clear_object (&self->members);

  G_OBJECT_CLASS (tea_people_list_parent_class)->dispose (object);
}

static void
tea_people_list_finalize (GObject *object)
{
  TeaPeopleList *self = TEA_PEOPLE_LIST (object);

  g_free (self->own_key);

  G_OBJECT_CLASS (tea_people_list_parent_class)->finalize (object);
}

static void
tea_people_list_class_init (TeaPeopleListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_people_list_dispose;
  object_class->finalize = tea_people_list_finalize;
  widget_class->focus = tea_people_list_focus;

  /**
   * TeaPeopleList::mention:
   * @self: the list
   * @name: the name of somebody
   *
   * Somebody shall be mentioned in the message that is being written.
   */
  signals[MENTION]
      = g_signal_new ("mention", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-people-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaPeopleList, heading);
  gtk_widget_class_bind_template_child (widget_class, TeaPeopleList, count_label);
  gtk_widget_class_bind_template_child (widget_class, TeaPeopleList, list);
  gtk_widget_class_bind_template_child (widget_class, TeaPeopleList, invite_button);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
tea_people_list_init (TeaPeopleList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_people_list_set_members:
 * @self: a list
 * @members: the people, #TeaMember objects
 * @own_name: the name of this program's user
 * @hosting: whether this program's user hosts the room
 *
 * Sets whom to show; to be called once.
 */
void
tea_people_list_set_members (TeaPeopleList *self,
                             GListModel *members,
                             const char *own_name,
                             gboolean hosting)
{
  g_autoptr (GtkSortListModel) sorted = NULL;

  g_return_if_fail (TEA_IS_PEOPLE_LIST (self));
  g_return_if_fail (G_IS_LIST_MODEL (members));
  g_return_if_fail (self->members == NULL);

  self->members = g_object_ref (members);
  self->own_key = tea_name_fold (own_name);
  self->hosting = hosting;

  sorted = gtk_sort_list_model_new (g_object_ref (members),
                                    GTK_SORTER (
                                        gtk_custom_sorter_new (compare_members_cb, self, NULL)));
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), G_LIST_MODEL (sorted), create_row_cb, self,
                           NULL);

  g_signal_connect_object (members, "items-changed", G_CALLBACK (members_changed_cb), self,
                           G_CONNECT_SWAPPED);
  members_changed_cb (self);
}

/**
 * tea_people_list_set_folded:
 * @self: a list
 * @folded: whether the list lies over the conversation, not beside it
 */
void
tea_people_list_set_folded (TeaPeopleList *self, gboolean folded)
{
  g_return_if_fail (TEA_IS_PEOPLE_LIST (self));

  gtk_widget_set_visible (self->invite_button, folded);
}

/**
 * tea_people_list_set_offline:
 * @self: a list
 * @offline: whether it is unknown who else is still there
 */
void
tea_people_list_set_offline (TeaPeopleList *self, gboolean offline)
{
  g_return_if_fail (TEA_IS_PEOPLE_LIST (self));

  if (offline)
    gtk_widget_add_css_class (GTK_WIDGET (self), "offline");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "offline");
}
