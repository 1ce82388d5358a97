/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-finder-window.h"

#include <glib/gi18n.h>

#include "tea-finder-row.h"
#include "tea-member.h"

/**
 * TeaFinderWindow:
 *
 * Finds rooms in which one is not yet, and people to write to, in all houses.
 */
struct _TeaFinderWindow
{
  AdwWindow parent_instance;

  GCancellable *cancellable; /* (owned) */

  GtkWidget *entry;
  GtkWidget *list;
};

enum
{
  SIGNAL_PERSON,
  SIGNAL_ROOM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaFinderWindow, tea_finder_window, ADW_TYPE_WINDOW)

/* A list that is still asked for, and the house that is asked. */
typedef struct
{
  TeaFinderWindow *self;
  TeaJoinedHouse *house;
} Question;

static gboolean
has_place (TeaJoinedHouse *house, const char *address)
{
  GListModel *places = tea_joined_house_get_places (house);

  for (guint i = 0; i < g_list_model_get_n_items (places); i++)
    {
      g_autoptr (TeaPlace) place = g_list_model_get_item (places, i);

      if (g_str_equal (tea_place_get_address (place), address))
        return TRUE;
    }

  return FALSE;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (TeaFinderWindow) self = question->self;
  g_autoptr (TeaJoinedHouse) house = question->house;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = tea_client_list_rooms_finish (TEA_CLIENT (source), result, &error);

  if (rooms == NULL)
    {
      g_debug ("Could not ask for the rooms: %s", error->message);
      return;
    }

  for (guint i = 0; self->list != NULL && i < rooms->len; i++)
    {
      TeaListing *listing = g_ptr_array_index (rooms, i);

      if (!has_place (house, tea_listing_get_address (listing)))
        gtk_list_box_append (GTK_LIST_BOX (self->list),
                             tea_finder_row_new_for_room (house, listing));
    }
}

static void
add_people (TeaFinderWindow *self, TeaJoinedHouse *house)
{
  TeaClient *client = tea_joined_house_get_client (house);
  GListModel *members = tea_client_get_members (client);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (TeaMember) member = g_list_model_get_item (members, i);
      const char *name = tea_member_get_name (member);

      if (!g_str_equal (name, tea_client_get_name (client)))
        gtk_list_box_append (GTK_LIST_BOX (self->list),
                             tea_finder_row_new_for_person (house, name));
    }
}

static void
add_rooms (TeaFinderWindow *self, TeaJoinedHouse *house)
{
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->house = g_object_ref (house);
  tea_client_list_rooms_async (tea_joined_house_get_client (house), TEA_ROOM_LIST_LISTED,
                               self->cancellable, listed_cb, question);
}

static gboolean
filter_cb (GtkListBoxRow *row, gpointer user_data)
{
  TeaFinderWindow *self = user_data;

  return tea_finder_row_matches (TEA_FINDER_ROW (row),
                                 gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static int
compare_cb (GtkListBoxRow *row, GtkListBoxRow *other, gpointer user_data)
{
  return tea_finder_row_compare (TEA_FINDER_ROW (row), TEA_FINDER_ROW (other));
}

static void
search_changed_cb (TeaFinderWindow *self)
{
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (self->list));
}

static void
row_activated_cb (TeaFinderWindow *self, GtkListBoxRow *row)
{
  TeaFinderRow *found = TEA_FINDER_ROW (row);
  g_autoptr (TeaFinderWindow) kept = g_object_ref (self);

  g_signal_emit (self, signals[tea_finder_row_is_person (found) ? SIGNAL_PERSON : SIGNAL_ROOM], 0,
                 tea_finder_row_get_house (found), tea_finder_row_get_address (found));
  gtk_window_destroy (GTK_WINDOW (kept));
}

/* Who has written enough takes the first. */
static void
entry_activated_cb (TeaFinderWindow *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      {
        row_activated_cb (self, row);
        return;
      }
}

static void
stop_search_cb (TeaFinderWindow *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
tea_finder_window_dispose (GObject *object)
{
  TeaFinderWindow *self = TEA_FINDER_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->list = NULL;

  G_OBJECT_CLASS (tea_finder_window_parent_class)->dispose (object);
}

static void
tea_finder_window_finalize (GObject *object)
{
  g_object_unref (TEA_FINDER_WINDOW (object)->cancellable);

  G_OBJECT_CLASS (tea_finder_window_parent_class)->finalize (object);
}

static void
tea_finder_window_class_init (TeaFinderWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_finder_window_dispose;
  object_class->finalize = tea_finder_window_finalize;

  /**
   * TeaFinderWindow::person:
   * @self: the window
   * @house: a house
   * @name: what somebody in it is called
   *
   * Somebody was chosen.
   */
  signals[SIGNAL_PERSON]
      = g_signal_new ("person", TEA_TYPE_FINDER_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, TEA_TYPE_JOINED_HOUSE, G_TYPE_STRING);
  /**
   * TeaFinderWindow::room:
   * @self: the window
   * @house: a house
   * @address: the address of a room in it
   *
   * A room was chosen.
   */
  signals[SIGNAL_ROOM]
      = g_signal_new ("room", TEA_TYPE_FINDER_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, TEA_TYPE_JOINED_HOUSE, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-finder-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaFinderWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, TeaFinderWindow, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
tea_finder_window_init (TeaFinderWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (GTK_LIST_BOX (self->list), filter_cb, self, NULL);
  gtk_list_box_set_sort_func (GTK_LIST_BOX (self->list), compare_cb, NULL, NULL);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->entry), GTK_WIDGET (self));
}

static TeaFinderWindow *
new_window (GtkWindow *parent, const char *title, const char *hint)
{
  TeaFinderWindow *self
      = g_object_new (TEA_TYPE_FINDER_WINDOW, "application", gtk_window_get_application (parent),
                      "transient-for", parent, "title", title, NULL);

  g_object_set (self->entry, "placeholder-text", hint, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, hint,
                                  -1);

  return self;
}

/**
 * tea_finder_window_new:
 * @parent: the window before which it stands
 * @houses: where to look
 * @people_only: whether to find people, and no rooms
 *
 * Returns: (transfer none): a window that closes with what was found
 */
GtkWindow *
tea_finder_window_new (GtkWindow *parent, TeaHouseList *houses, gboolean people_only)
{
  TeaFinderWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (TEA_IS_HOUSE_LIST (houses), NULL);

  self = people_only
             ? new_window (parent, _ ("New Conversation"), _ ("Name of a person"))
             : new_window (parent, _ ("Find a Room or Person"), _ ("Name of a room or person"));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (houses)); i++)
    {
      g_autoptr (TeaJoinedHouse) house = g_list_model_get_item (G_LIST_MODEL (houses), i);

      if (tea_client_get_protocol (tea_joined_house_get_client (house)) == TEA_PROTOCOL_CLASSIC)
        continue;
      add_people (self, house);
      if (!people_only)
        add_rooms (self, house);
    }

  return GTK_WINDOW (self);
}

/**
 * tea_finder_window_new_for_inviting:
 * @parent: the window before which it stands
 * @house: whose people can be invited
 *
 * Returns: (transfer none): a window that closes with who was found
 */
GtkWindow *
tea_finder_window_new_for_inviting (GtkWindow *parent, TeaJoinedHouse *house)
{
  TeaFinderWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (house), NULL);

  self = new_window (parent, _ ("Invite People"), _ ("Name of a person"));
  add_people (self, house);

  return GTK_WINDOW (self);
}
