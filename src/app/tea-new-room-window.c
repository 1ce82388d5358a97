/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-new-room-window.h"

#include <sys/random.h>

#include <glib/gi18n.h>

#include "tea-room-ref.h"
#include "tea-toast.h"

/**
 * TeaNewRoomWindow:
 *
 * Asks what a new room is to be, and makes it.
 */
struct _TeaNewRoomWindow
{
  AdwWindow parent_instance;

  GPtrArray *houses;         /* (element-type TeaJoinedHouse): in which rooms may be made */
  GCancellable *cancellable; /* (owned) */
  gboolean busy;

  GtkWidget *create_button;
  GtkWidget *toasts;
  GtkWidget *page;
  GtkWidget *house_row;
  GtkWidget *name_row;
  GtkWidget *topic_row;
  GtkWidget *everybody;
  GtkWidget *invited;
  GtkWidget *linked;
  GtkWidget *password_row;
  GtkWidget *earlier;
  GtkWidget *members_invite;
};

enum
{
  SIGNAL_MADE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaNewRoomWindow, tea_new_room_window, ADW_TYPE_WINDOW)

static gboolean
is_chosen (GtkWidget *check)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (check));
}

static char *
dup_text (GtkWidget *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* A room that only its link leads to has a title, which need not be a name of its own. */
static gboolean
is_fit (TeaNewRoomWindow *self)
{
  g_autofree char *name = dup_text (self->name_row);

  return *name != '\0'
         && (is_chosen (self->linked)
             || (tea_room_kind_from_address (name) == TEA_ROOM_KIND_NAMED
                 && tea_room_ref_validate (name, NULL)));
}

static void
update (TeaNewRoomWindow *self)
{
  g_autofree char *name = dup_text (self->name_row);
  gboolean fit = is_fit (self);

  gtk_widget_set_sensitive (self->page, !self->busy);
  gtk_widget_set_sensitive (self->create_button, fit && !self->busy);
  gtk_widget_set_visible (self->password_row, is_chosen (self->everybody));
  if (*name != '\0' && !fit)
    gtk_widget_add_css_class (self->name_row, "error");
  else
    gtk_widget_remove_css_class (self->name_row, "error");
}

static void
changed_cb (TeaNewRoomWindow *self)
{
  update (self);
}

static TeaRoomFlags
get_flags (TeaNewRoomWindow *self)
{
  TeaRoomFlags flags = 0;

  if (is_chosen (self->everybody))
    flags |= TEA_ROOM_LISTED;
  else
    flags |= TEA_ROOM_BY_INVITATION;
  if (is_chosen (self->linked))
    flags |= TEA_ROOM_LINK_SUFFICES;
  if (!gtk_switch_get_active (GTK_SWITCH (self->earlier)))
    flags |= TEA_ROOM_HISTORY_FROM_JOINING;
  if (gtk_switch_get_active (GTK_SWITCH (self->members_invite)))
    flags |= TEA_ROOM_MEMBERS_MAY_INVITE;

  return flags;
}

/* Nobody guesses the address of a room that is in no list. */
static char *
make_hidden_address (void)
{
  guint8 secret[TEA_ROOM_SECRET_SIZE];

  /* So few bytes come at once. */
  if (getrandom (secret, sizeof secret, 0) != sizeof secret)
    g_error ("No random bytes");

  return tea_room_ref_make_hidden (secret);
}

static void
set_topic (TeaNewRoomWindow *self, TeaPlace *place)
{
  g_autofree char *topic = dup_text (self->topic_row);
  g_autoptr (GError) error = NULL;

  if (*topic != '\0'
      && !tea_conversation_set_topic (tea_place_get_conversation (place), topic, &error))
    g_info ("The topic could not be set: %s", error->message);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaNewRoomWindow) self = TEA_NEW_ROOM_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaPlace) place
      = tea_joined_house_open_finish (TEA_JOINED_HOUSE (source), result, &error);

  /* Closed meanwhile. */
  if (self->page == NULL)
    return;

  self->busy = FALSE;
  update (self);
  if (place == NULL)
    {
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts),
                                   tea_toast_new (error->message));
      gtk_widget_grab_focus (self->name_row);
      return;
    }

  set_topic (self, place);
  g_signal_emit (self, signals[SIGNAL_MADE], 0, place);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
create_clicked_cb (TeaNewRoomWindow *self)
{
  g_autofree char *name = dup_text (self->name_row);
  g_autofree char *address = is_chosen (self->linked) ? make_hidden_address () : g_strdup (name);
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  guint position = adw_combo_row_get_selected (ADW_COMBO_ROW (self->house_row));

  if (!is_fit (self) || self->busy || position >= self->houses->len)
    return;

  self->busy = TRUE;
  update (self);
  tea_joined_house_make_async (g_ptr_array_index (self->houses, position), address,
                               is_chosen (self->linked) ? name : NULL, get_flags (self),
                               is_chosen (self->everybody) && *password != '\0' ? password : NULL,
                               self->cancellable, made_cb, g_object_ref (self));
}

static void
tea_new_room_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tea_new_room_window_parent_class)->map (widget);

  gtk_widget_grab_focus (TEA_NEW_ROOM_WINDOW (widget)->name_row);
}

static void
tea_new_room_window_dispose (GObject *object)
{
  TeaNewRoomWindow *self = TEA_NEW_ROOM_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->page = NULL;

  G_OBJECT_CLASS (tea_new_room_window_parent_class)->dispose (object);
}

static void
tea_new_room_window_finalize (GObject *object)
{
  TeaNewRoomWindow *self = TEA_NEW_ROOM_WINDOW (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->houses);

  G_OBJECT_CLASS (tea_new_room_window_parent_class)->finalize (object);
}

static void
tea_new_room_window_class_init (TeaNewRoomWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_new_room_window_dispose;
  object_class->finalize = tea_new_room_window_finalize;
  widget_class->map = tea_new_room_window_map;

  /**
   * TeaNewRoomWindow::made:
   * @self: the window
   * @place: the room
   *
   * The room is there, and the user in it.
   */
  signals[SIGNAL_MADE] = g_signal_new ("made", TEA_TYPE_NEW_ROOM_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_PLACE);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-new-room-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, create_button);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, page);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, house_row);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, name_row);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, topic_row);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, everybody);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, invited);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, linked);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, password_row);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, earlier);
  gtk_widget_class_bind_template_child (widget_class, TeaNewRoomWindow, members_invite);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_clicked_cb);
}

/* GTK 4.8 gives the text in a row no name. */
static void
name_text (GtkWidget *row)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
}

static void
tea_new_room_window_init (TeaNewRoomWindow *self)
{
  self->houses = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  name_text (self->name_row);
  name_text (self->topic_row);
  name_text (self->password_row);
  update (self);
}

/**
 * tea_new_room_window_is_possible:
 * @house: a house
 *
 * Returns: whether its user may make rooms in it, now
 */
gboolean
tea_new_room_window_is_possible (TeaJoinedHouse *house)
{
  TeaClient *client;

  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (house), FALSE);

  client = tea_joined_house_get_client (house);

  return tea_client_get_state (client) == TEA_CLIENT_INSIDE
         && tea_client_get_may_make_rooms (client);
}

/**
 * tea_new_room_window_new:
 * @parent: the window before which it stands
 * @houses: where one is
 * @house: (nullable): the house to suggest
 *
 * Returns: (transfer none): a window that closes with the room that was made in it
 */
GtkWindow *
tea_new_room_window_new (GtkWindow *parent, TeaHouseList *houses, TeaJoinedHouse *house)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  TeaNewRoomWindow *self;
  guint suggested = 0;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (TEA_IS_HOUSE_LIST (houses), NULL);
  g_return_val_if_fail (house == NULL || TEA_IS_JOINED_HOUSE (house), NULL);

  self = g_object_new (TEA_TYPE_NEW_ROOM_WINDOW, "application", gtk_window_get_application (parent),
                       "transient-for", parent, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (houses)); i++)
    {
      g_autoptr (TeaJoinedHouse) item = g_list_model_get_item (G_LIST_MODEL (houses), i);

      if (!tea_new_room_window_is_possible (item))
        continue;
      if (item == house)
        suggested = self->houses->len;
      gtk_string_list_append (names, tea_place_get_name (tea_joined_house_get_hall (item)));
      g_ptr_array_add (self->houses, g_steal_pointer (&item));
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (self->house_row), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->house_row), suggested);
  gtk_widget_set_visible (self->house_row, self->houses->len > 1);

  return GTK_WINDOW (self);
}
