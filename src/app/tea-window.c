/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-window.h"

#include <glib/gi18n.h>

#include "tea-finder-window.h"
#include "tea-invite-person.h"
#include "tea-invite-window.h"
#include "tea-new-room-window.h"
#include "tea-open-place.h"
#include "tea-remembered-houses.h"
#include "tea-room-address.h"
#include "tea-room-pages.h"
#include "tea-room-view.h"
#include "tea-sidebar.h"
#include "tea-span.h"
#include "tea-text.h"
#include "tea-toast.h"
#include "tea-welcome-dialog.h"

/**
 * TeaWindow:
 *
 * The window: a list of the places where one can be, and one of them beside it, or over it
 * where there is room for one only. It shows the houses of the program, and asks for what
 * makes another; closing it leaves all of them politely first, or only hides it where the user
 * wants to keep listening.
 */
struct _TeaWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *settings;       /* (owned) */
  TeaBackground *background; /* (owned) */
  TeaHouseList *houses;      /* (owned) */
  TeaPlace *place;           /* (owned) (nullable): where one is */
  TeaWelcomeDialog *dialog;  /* (unowned) (nullable) */
  GtkWindow *invite_window;  /* (unowned) (nullable) */

  TeaRememberedHouses *remembered; /* (owned) */
  guint n_returned;                /* of them, tried or given up */
  guint return_source;
  gboolean is_returning; /* the dialog enters one of them */
  gboolean has_chosen;   /* a place: then none is shown unasked */

  gboolean closing;

  GtkWidget *toasts;
  GtkWidget *leaflet;
  GtkWidget *list_page;
  TeaSidebar *sidebar;
  GtkWidget *place_page;
  GtkWidget *stack;
  GtkWidget *nowhere_page;
  GtkWidget *status_page;
  GtkWidget *nowhere_stack;
  GtkWidget *host_button;
  GtkWidget *spinner;
  TeaRoomPages *pages;
};

enum
{
  PROP_0,
  PROP_HOUSES,
  PROP_PLACE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaWindow, tea_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
is_folded (TeaWindow *self)
{
  return adw_leaflet_get_folded (ADW_LEAFLET (self->leaflet));
}

static gboolean
is_list_alone (TeaWindow *self)
{
  return is_folded (self)
         && adw_leaflet_get_visible_child (ADW_LEAFLET (self->leaflet)) == self->list_page;
}

static TeaJoinedHouse *
get_house (TeaWindow *self)
{
  return self->place != NULL ? tea_house_list_find_of (self->houses, self->place) : NULL;
}

static void
show_busy (TeaWindow *self, gboolean busy)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->nowhere_stack), busy ? "busy" : "idle");
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
}

/* What can be begun in one of the houses. */
static void
update_new_actions (TeaWindow *self)
{
  gboolean has_rooms = FALSE;
  gboolean makes_rooms = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->houses)); i++)
    {
      g_autoptr (TeaJoinedHouse) house = g_list_model_get_item (G_LIST_MODEL (self->houses), i);
      TeaClient *client = tea_joined_house_get_client (house);

      has_rooms |= tea_client_get_protocol (client) == TEA_PROTOCOL_SECURE;
      makes_rooms |= tea_new_room_window_is_possible (house);
    }

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.find", has_rooms);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-conversation", has_rooms);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-room", makes_rooms);
}

static void
update_actions (TeaWindow *self)
{
  TeaJoinedHouse *house = get_house (self);
  gboolean in_hall = house != NULL && tea_place_get_kind (self->place) == TEA_PLACE_HALL;
  gboolean leaving = house != NULL && tea_joined_house_get_is_leaving (house);
  gboolean in_house = house != NULL && !leaving && !tea_place_get_is_lost (self->place);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back",
                                 is_folded (self) && !is_list_alone (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.focus-list", !is_folded (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.accept", in_house);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.decline", in_house);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.invite",
                                 house != NULL && !leaving && tea_place_may_invite (self->place));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.write-to",
                                 in_house && tea_place_get_kind (self->place) != TEA_PLACE_PERSON
                                     && tea_client_get_protocol (tea_place_get_client (self->place))
                                            == TEA_PROTOCOL_SECURE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.leave", house != NULL && !leaving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.leave-room", in_house && !in_hall);
  update_new_actions (self);
}

/* Where one is nowhere yet, how to begin; else that there is something to choose. */
static void
update_nowhere (TeaWindow *self)
{
  gboolean has_house = g_list_model_get_n_items (G_LIST_MODEL (self->houses)) > 0;
  gboolean nowhere = self->place == NULL;

  adw_status_page_set_title (ADW_STATUS_PAGE (self->status_page),
                             has_house ? _ ("Choose a Room") : _ ("Welcome to the Teahouse"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->status_page),
                                   has_house ? NULL
                                             : _ ("Join a room by its address, or host one "
                                                  "yourself."));
  gtk_widget_set_visible (self->nowhere_stack, !has_house);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), nowhere ? "nowhere" : "place");
  /* GTK 4.8 tells assistive technologies of every page. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->nowhere_page), GTK_ACCESSIBLE_STATE_HIDDEN,
                               !nowhere, -1);
}

static void
show_toast (TeaWindow *self, const char *text)
{
  /* A room has a place of its own for them. */
  if (self->place != NULL && tea_place_get_conversation (self->place) != NULL
      && !is_list_alone (self))
    gtk_widget_activate_action (tea_room_pages_show (self->pages, self->place), "win.toast", "s",
                                text);
  else
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), tea_toast_new (text));
}

static void
update_title (TeaWindow *self)
{
  gtk_window_set_title (GTK_WINDOW (self),
                        self->place != NULL ? tea_place_get_name (self->place) : _ ("Teahouse"));
}

static void
place_changed_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  update_title (self);
  update_actions (self);
}

static void
set_place (TeaWindow *self, TeaPlace *place)
{
  if (self->place == place)
    return;

  if (self->place != NULL)
    g_signal_handlers_disconnect_by_func (self->place, place_changed_cb, self);
  g_set_object (&self->place, place);
  if (place != NULL)
    {
      g_signal_connect_object (place, "changed", G_CALLBACK (place_changed_cb), self,
                               G_CONNECT_SWAPPED);
      tea_room_pages_show (self->pages, place);
    }

  tea_place_list_set_place (tea_sidebar_get_list (self->sidebar), place);
  update_nowhere (self);
  place_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
}

static void
chosen_cb (TeaWindow *self, TeaPlace *place)
{
  g_assert (TEA_IS_WINDOW (self));

  tea_window_show_place (self, place);
}

static void
place_removed_cb (TeaWindow *self, TeaPlace *place)
{
  TeaJoinedHouse *house = tea_house_list_find_of (self->houses, place);
  g_autoptr (TeaJoinedHouse) other = g_list_model_get_item (G_LIST_MODEL (self->houses), 0);

  g_assert (TEA_IS_WINDOW (self));

  /* Into the hall of the house, or of another. */
  if (place == self->place)
    {
      gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self->pages)) != NULL;

      if (house == NULL || tea_place_get_kind (place) == TEA_PLACE_HALL)
        house = other;
      set_place (self, house != NULL ? tea_joined_house_get_hall (house) : NULL);
      if (had_focus && self->place != NULL)
        gtk_widget_grab_focus (tea_room_pages_show (self->pages, self->place));
      if (self->place == NULL)
        adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->list_page);
    }
  tea_room_pages_forget (self->pages, place);
}

static void
houses_changed_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  update_nowhere (self);
  update_actions (self);
}

/* What folds does so in the midst of an allocation; nothing here changes a size. */
static void
view_changed_cb (TeaWindow *self)
{
  if (self->houses == NULL)
    return;

  update_actions (self);
  /* GTK 4.8 tells assistive technologies of both. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->list_page), GTK_ACCESSIBLE_STATE_HIDDEN,
                               is_folded (self) && !is_list_alone (self), -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->place_page), GTK_ACCESSIBLE_STATE_HIDDEN,
                               is_list_alone (self), -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
}

static void
save_size (TeaWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width > 0 && height > 0)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaWindow *self = TEA_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaPlace) place = tea_open_place_finish (GTK_WINDOW (self), result, &error);

  if (self->closing)
    return;

  if (place != NULL)
    tea_window_show_place (self, place);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_toast (self, error->message);
}

/* A link may be to a room of the house. */
static void
show_house (TeaWindow *self, TeaJoinedHouse *house, GNetworkAddress *address)
{
  const char *room = TEA_IS_ROOM_ADDRESS (address)
                         ? tea_room_address_get_room (TEA_ROOM_ADDRESS (address))
                         : NULL;

  tea_window_show_place (self, tea_joined_house_get_hall (house));
  if (room != NULL)
    tea_open_place_room_async (GTK_WINDOW (self), house, room, opened_cb, NULL);
}

static char *
dup_address (TeaJoinedHouse *house)
{
  return tea_room_address_to_string (tea_client_get_address (tea_joined_house_get_client (house)));
}

/* A house on this computer is not there before it is opened again. */
static void
remember (TeaWindow *self, TeaJoinedHouse *house)
{
  g_autofree char *address = dup_address (house);

  if (tea_joined_house_get_hosted_room (house) == NULL)
    tea_remembered_houses_add (self->remembered, address,
                               tea_client_get_name (tea_joined_house_get_client (house)));
}

static void
remember_place (TeaWindow *self)
{
  TeaJoinedHouse *house = get_house (self);
  g_autofree char *address = NULL;

  if (house == NULL)
    return;

  address = dup_address (house);
  g_settings_set (self->settings, "last-place", "(ss)", address,
                  tea_place_get_address (self->place));
}

/* Where one was last is shown again, unless one has gone elsewhere meanwhile. */
static void
place_added_cb (TeaWindow *self, TeaPlace *place)
{
  TeaJoinedHouse *house = tea_house_list_find_of (self->houses, place);
  g_autofree char *own_address = dup_address (house);
  g_autofree char *address = NULL;
  g_autofree char *room = NULL;

  g_assert (TEA_IS_WINDOW (self));

  if (self->has_chosen || tea_place_get_conversation (place) == NULL)
    return;

  g_settings_get (self->settings, "last-place", "(ss)", &address, &room);
  if (g_str_equal (own_address, address) && g_str_equal (tea_place_get_address (place), room))
    set_place (self, place);
}

static void
left_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!tea_client_leave_finish (TEA_CLIENT (source), result, &error))
    g_debug ("Left without an answer: %s", error->message);
}

static void
joined_cb (TeaWindow *self)
{
  g_autoptr (TeaClient) client = NULL;
  GNetworkAddress *address;
  TeaJoinedHouse *house;
  gboolean is_wanted;

  g_assert (TEA_IS_WINDOW (self));

  client = g_object_ref (tea_welcome_dialog_get_client (self->dialog));
  address = tea_client_get_address (client);
  house = tea_house_list_find (self->houses, address);
  /* Who is there already need not be there twice. */
  if (house != NULL)
    tea_client_leave_async (client, NULL, left_again_cb, NULL);
  else
    house = tea_house_list_add (self->houses, client,
                                tea_welcome_dialog_get_hosted_room (self->dialog));
  remember (self, house);
  is_wanted = !self->is_returning;
  gtk_window_destroy (GTK_WINDOW (self->dialog));

  if (is_wanted)
    show_house (self, house, address);
  else if (self->place == NULL)
    set_place (self, tea_joined_house_get_hall (house));
}

static void return_next_cb (gpointer user_data);

static void
return_soon (TeaWindow *self)
{
  if (self->return_source == 0 && self->dialog == NULL && !self->closing
      && self->n_returned < tea_remembered_houses_get_n (self->remembered))
    self->return_source = g_idle_add_once (return_next_cb, self);
}

static void
dialog_shown_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  /* Whoever sees it decides where to. */
  self->is_returning = FALSE;
  show_busy (self, FALSE);
}

static void
dialog_destroyed_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  self->dialog = NULL;
  self->is_returning = FALSE;
  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;

  return_soon (self);
  show_busy (self, self->return_source != 0);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->houses)) == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->sidebar));
}

static void
invite_window_destroyed_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  self->invite_window = NULL;
}

static TeaWelcomeDialog *
ensure_dialog (TeaWindow *self)
{
  if (self->dialog == NULL)
    {
      self->dialog = tea_welcome_dialog_new (GTK_WINDOW (self));
      g_signal_connect_object (self->dialog, "joined", G_CALLBACK (joined_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->dialog, "show", G_CALLBACK (dialog_shown_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->dialog, "destroy", G_CALLBACK (dialog_destroyed_cb), self,
                               G_CONNECT_SWAPPED);
    }

  return self->dialog;
}

/* Enters a house without asking. */
static void
enter (TeaWindow *self, const char *name, const char *address)
{
  TeaWelcomeDialog *dialog = ensure_dialog (self);

  tea_welcome_dialog_set_name (dialog, name);
  tea_welcome_dialog_set_address (dialog, address);
  show_busy (self, TRUE);
  tea_welcome_dialog_join (dialog);
}

/* One after the other: each may have something to ask. */
static void
return_next_cb (gpointer user_data)
{
  TeaWindow *self = user_data;
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GNetworkAddress) parsed = NULL;

  g_assert (TEA_IS_WINDOW (self));

  self->return_source = 0;
  if (self->dialog != NULL || self->n_returned >= tea_remembered_houses_get_n (self->remembered))
    return;

  address = tea_remembered_houses_dup (self->remembered, self->n_returned++, &name);
  parsed = tea_room_address_parse (address, NULL);
  if (parsed == NULL || tea_house_list_find (self->houses, parsed) != NULL)
    {
      return_soon (self);
      return;
    }

  self->is_returning = TRUE;
  enter (self, name, address);
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaWindow) self = TEA_WINDOW (user_data);

  tea_house_list_leave_finish (TEA_HOUSE_LIST (source), result, NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
close_window (TeaWindow *self)
{
  if (self->closing)
    return;

  self->closing = TRUE;
  if (self->invite_window != NULL)
    gtk_window_destroy (self->invite_window);
  save_size (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  tea_house_list_leave_async (self->houses, left_cb, g_object_ref (self));
}

static void
leave_house (TeaWindow *self)
{
  TeaJoinedHouse *house = get_house (self);

  if (self->invite_window != NULL)
    gtk_window_destroy (self->invite_window);
  if (house != NULL)
    {
      g_autofree char *address = dup_address (house);

      tea_remembered_houses_remove (self->remembered, address);
      tea_house_list_leave_house (self->houses, house);
    }
  update_actions (self);
}

static void
leave_room (TeaWindow *self)
{
  TeaJoinedHouse *house = get_house (self);

  if (house != NULL && tea_place_get_kind (self->place) != TEA_PLACE_HALL)
    tea_joined_house_leave_place (house, self->place);
}

static void
leave_response_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  leave_house (self);
}

static void
leave_room_response_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  leave_room (self);
}

static void
close_response_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  close_window (self);
}

/* Who hosts takes the house away from everybody else in it. */
static gboolean
is_host_of_others (TeaJoinedHouse *house)
{
  TeaClient *client = tea_joined_house_get_client (house);

  return tea_joined_house_get_hosted_room (house) != NULL
         && !tea_joined_house_get_is_leaving (house)
         && g_list_model_get_n_items (tea_client_get_members (client)) > 1;
}

static TeaJoinedHouse *
find_hosted (TeaWindow *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->houses)); i++)
    {
      g_autoptr (TeaJoinedHouse) house = g_list_model_get_item (G_LIST_MODEL (self->houses), i);

      /* The list keeps it. */
      if (is_host_of_others (house))
        return house;
    }

  return NULL;
}

/* Asks before something is done; @heading has a place for the name. */
static void
ask (TeaWindow *self,
     const char *heading,
     const char *body,
     const char *answer,
     gboolean is_destructive,
     GCallback callback)
{
  /* A hyphen that is not there makes another name. */
  g_autofree char *markup
      = g_markup_printf_escaped ("<span insert_hyphens=\"false\">%s</span>", heading);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), markup, body);

  adw_message_dialog_set_heading_use_markup (ADW_MESSAGE_DIALOG (dialog), TRUE);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "do",
                                    answer, NULL);
  if (is_destructive)
    adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do",
                                                ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog),
                                           is_destructive ? "cancel" : "do");
  g_signal_connect_object (dialog, "response::do", callback, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
confirm_hosting (TeaWindow *self, TeaJoinedHouse *house, GCallback callback)
{
  const char *name = tea_place_get_name (tea_joined_house_get_hall (house));
  /* Translators: %s is the name of a room. */
  g_autofree char *heading = tea_text_format (_ ("Close %s?"), name);

  ask (self, heading, _ ("The room is on this computer: everybody in it has to leave."),
       _ ("Close _Room"), TRUE, callback);
}

/* Whoever closes the window knows that something has yet to be sent. */
static void
confirm_unsent (TeaWindow *self, guint n_unsent)
{
  g_autofree char *heading = g_strdup_printf (ngettext ("%u Message Is Not Sent Yet",
                                                        "%u Messages Are Not Sent Yet", n_unsent),
                                              n_unsent);

  ask (self, heading, _ ("What is not sent stays here, and goes out next time."), _ ("Cl_ose"),
       FALSE, G_CALLBACK (close_response_cb));
}

static void
confirm_leaving (TeaWindow *self)
{
  /* Translators: %s is the name of a house or a room. */
  g_autofree char *heading = tea_text_format (_ ("Leave %s?"), tea_place_get_name (self->place));

  if (tea_place_get_kind (self->place) == TEA_PLACE_ROOM)
    ask (self, heading, _ ("Somebody has to invite you before you can come back."), _ ("_Leave"),
         TRUE, G_CALLBACK (leave_room_response_cb));
  else
    ask (self, heading,
         _ ("Its rooms and conversations go from the list, too. You can come back "
            "with its address."),
         _ ("_Leave"), FALSE, G_CALLBACK (leave_response_cb));
}

static void
join_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tea_window_welcome (TEA_WINDOW (widget), NULL, NULL);
}

static void
host_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  g_autofree char *name = g_settings_get_string (self->settings, "last-name");

  if (*name != '\0')
    tea_window_host (self, name);
  else
    tea_window_welcome (self, NULL, NULL);
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);

  if (self->dialog != NULL)
    tea_welcome_dialog_cancel (self->dialog);
}

static void
leave_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  TeaJoinedHouse *house = get_house (self);

  if (is_host_of_others (house))
    confirm_hosting (self, house, G_CALLBACK (leave_response_cb));
  else if (tea_client_get_state (tea_joined_house_get_client (house)) == TEA_CLIENT_INSIDE
           && tea_joined_house_get_hosted_room (house) == NULL
           && tea_place_get_kind (self->place) == TEA_PLACE_HALL)
    confirm_leaving (self);
  else
    leave_house (self);
}

static void
leave_room_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  TeaConversation *conversation = tea_place_get_conversation (self->place);

  if (conversation != NULL
      && (tea_conversation_get_flags (conversation) & TEA_ROOM_BY_INVITATION) != 0)
    confirm_leaving (self);
  else
    leave_room (self);
}

static void
close_room_cb (TeaWindow *self)
{
  TeaJoinedHouse *house = get_house (self);

  g_assert (TEA_IS_WINDOW (self));

  if (house != NULL)
    confirm_hosting (self, house, G_CALLBACK (leave_response_cb));
}

static void
found_room_cb (TeaWindow *self, TeaJoinedHouse *house, const char *address)
{
  g_assert (TEA_IS_WINDOW (self));

  tea_open_place_room_async (GTK_WINDOW (self), house, address, opened_cb, NULL);
}

static void
found_person_cb (TeaWindow *self, TeaJoinedHouse *house, const char *name)
{
  g_assert (TEA_IS_WINDOW (self));

  tea_open_place_person_async (GTK_WINDOW (self), house, name, opened_cb, NULL);
}

static void
find (TeaWindow *self, gboolean people_only)
{
  GtkWindow *finder = tea_finder_window_new (GTK_WINDOW (self), self->houses, people_only);

  g_object_connect (finder, "swapped-object-signal::room", found_room_cb, self,
                    "swapped-object-signal::person", found_person_cb, self, NULL);
  gtk_window_present (finder);
}

static void
find_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  find (TEA_WINDOW (widget), FALSE);
}

static void
new_conversation_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  find (TEA_WINDOW (widget), TRUE);
}

/* To somebody in the house where one is. */
static void
write_to_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);

  found_person_cb (self, get_house (self), g_variant_get_string (parameter, NULL));
}

static void
made_room_cb (TeaWindow *self, TeaPlace *place)
{
  g_assert (TEA_IS_WINDOW (self));

  tea_window_show_place (self, place);
}

static void
new_room_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  GtkWindow *window = tea_new_room_window_new (GTK_WINDOW (self), self->houses, get_house (self));

  g_signal_connect_object (window, "made", G_CALLBACK (made_room_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
accept_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);

  tea_open_place_room_async (GTK_WINDOW (self), get_house (self),
                             tea_place_get_address (self->place), opened_cb, NULL);
}

static void
decline_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  leave_room (TEA_WINDOW (widget));
}

static void
invited_cb (TeaWindow *self, TeaJoinedHouse *house, const char *name)
{
  g_assert (TEA_IS_WINDOW (self));

  if (self->place != NULL && tea_place_get_kind (self->place) == TEA_PLACE_ROOM)
    tea_invite_person (GTK_WINDOW (self), self->place, name);
}

/* Into the house by its address, into a room by name. */
static void
invite_into_room (TeaWindow *self)
{
  GtkWindow *finder = tea_finder_window_new_for_inviting (GTK_WINDOW (self), get_house (self));

  g_signal_connect_object (finder, "person", G_CALLBACK (invited_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (finder);
}

static void
invite_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  TeaJoinedHouse *house = get_house (self);
  TeaHostedRoom *hosted_room = tea_joined_house_get_hosted_room (house);
  TeaClient *client = tea_joined_house_get_client (house);
  const char *name = tea_place_get_house_name (self->place);
  GtkWidget *window;

  if (tea_place_get_kind (self->place) != TEA_PLACE_HALL)
    {
      invite_into_room (self);
      return;
    }

  if (self->invite_window != NULL)
    {
      gtk_window_present (self->invite_window);
      return;
    }

  if (hosted_room != NULL)
    window = tea_invite_window_new_for_hosted (GTK_WINDOW (self), name,
                                               tea_hosted_room_get_port (hosted_room),
                                               tea_client_get_server_key (client));
  else
    window = tea_invite_window_new_for_address (GTK_WINDOW (self), name,
                                                tea_client_get_address (client),
                                                tea_client_get_server_key (client));

  self->invite_window = GTK_WINDOW (window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (invite_window_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "close-room", G_CALLBACK (close_room_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static void
toast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  show_toast (TEA_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);

  adw_leaflet_navigate (ADW_LEAFLET (self->leaflet), ADW_NAVIGATION_DIRECTION_BACK);
  gtk_widget_grab_focus (GTK_WIDGET (self->sidebar));
}

static void
focus_list_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (TEA_WINDOW (widget)->sidebar));
}

/* From the list on into the room, at its beginning or its end. */
static void
focus_room_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  GtkWidget *view;

  if (self->place == NULL || is_list_alone (self))
    return;

  view = tea_room_pages_show (self->pages, self->place);
  if (TEA_IS_ROOM_VIEW (view))
    tea_room_view_enter (TEA_ROOM_VIEW (view), g_variant_get_int32 (parameter));
  else
    gtk_widget_grab_focus (view);
}

/* 1 for what is below, -1 for what is above; 2 and -2 for the next that has news, if one has. */
static void
go_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  TeaPlaceList *list = tea_sidebar_get_list (self->sidebar);
  int step = g_variant_get_int32 (parameter);
  TeaPlace *place = NULL;

  if (ABS (step) > 1)
    place = tea_place_list_get_neighbour (list, step > 0 ? 1 : -1, TRUE);
  if (place == NULL)
    place = tea_place_list_get_neighbour (list, step > 0 ? 1 : -1, FALSE);
  if (place != NULL)
    tea_window_show_place (self, place);
}

/* The houses go on, and what comes is told by notifications. */
static void
keep_listening (TeaWindow *self)
{
  if (self->invite_window != NULL)
    gtk_window_destroy (self->invite_window);
  save_size (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  tea_background_begin (self->background);
}

static gboolean
tea_window_close_request (GtkWindow *window)
{
  TeaWindow *self = TEA_WINDOW (window);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->houses)) > 0 && !self->closing
      && tea_background_get_is_wanted (self->background))
    keep_listening (self);
  else
    tea_window_quit (self);

  return GDK_EVENT_STOP;
}

static void
tea_window_show (GtkWidget *widget)
{
  TeaWindow *self = TEA_WINDOW (widget);

  GTK_WIDGET_CLASS (tea_window_parent_class)->show (widget);

  tea_background_end (self->background);
}

static void
tea_window_dispose (GObject *object)
{
  TeaWindow *self = TEA_WINDOW (object);

  g_clear_handle_id (&self->return_source, g_source_remove);
  if (self->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  if (self->houses != NULL)
    g_signal_handlers_disconnect_by_data (self->houses, self);
  if (self->place != NULL)
    g_signal_handlers_disconnect_by_data (self->place, self);
  if (self->background != NULL)
    tea_background_end (self->background);
  g_clear_object (&self->place);
  g_clear_object (&self->houses);
  g_clear_object (&self->background);
  g_clear_object (&self->remembered);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_window_parent_class)->dispose (object);
}

static void
tea_window_constructed (GObject *object)
{
  TeaWindow *self = TEA_WINDOW (object);

  G_OBJECT_CLASS (tea_window_parent_class)->constructed (object);

  /* Not in init: construction sets this property. */
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  g_object_connect (self->houses, "swapped-object-signal::items-changed", houses_changed_cb, self,
                    "swapped-object-signal::place-added", place_added_cb, self,
                    "swapped-object-signal::place-removed", place_removed_cb, self, NULL);
  tea_sidebar_set_houses (self->sidebar, self->houses);
  houses_changed_cb (self);
}

static void
tea_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaWindow *self = TEA_WINDOW (object);

  switch (prop_id)
    {
    case PROP_HOUSES:
      g_value_set_object (value, self->houses);
      break;
    case PROP_PLACE:
      g_value_set_object (value, tea_window_get_place (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaWindow *self = TEA_WINDOW (object);

  switch (prop_id)
    {
    case PROP_HOUSES:
      self->houses = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "win.decline", NULL, decline_action);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "win.focus-list", NULL, focus_list_action);
  gtk_widget_class_install_action (widget_class, "win.focus-room", "i", focus_room_action);
  gtk_widget_class_install_action (widget_class, "win.go", "i", go_action);
  gtk_widget_class_install_action (widget_class, "win.host", NULL, host_action);
  gtk_widget_class_install_action (widget_class, "win.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "win.join", NULL, join_action);
  gtk_widget_class_install_action (widget_class, "win.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "win.leave-room", NULL, leave_room_action);
  gtk_widget_class_install_action (widget_class, "win.new-conversation", NULL,
                                   new_conversation_action);
  gtk_widget_class_install_action (widget_class, "win.new-room", NULL, new_room_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.write-to", "s", write_to_action);
}

static void
tea_window_class_init (TeaWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->constructed = tea_window_constructed;
  object_class->dispose = tea_window_dispose;
  object_class->get_property = tea_window_get_property;
  object_class->set_property = tea_window_set_property;
  widget_class->show = tea_window_show;
  window_class->close_request = tea_window_close_request;

  /**
   * TeaWindow:houses:
   *
   * The houses that are shown.
   */
  properties[PROP_HOUSES]
      = g_param_spec_object ("houses", NULL, NULL, TEA_TYPE_HOUSE_LIST,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * TeaWindow:place:
   *
   * The place that is seen, if one is.
   */
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, TEA_TYPE_PLACE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  install_actions (widget_class);

  g_type_ensure (TEA_TYPE_ROOM_PAGES);
  g_type_ensure (TEA_TYPE_SIDEBAR);
  g_type_ensure (TEA_TYPE_SPAN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, list_page);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, place_page);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, nowhere_page);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, status_page);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, nowhere_stack);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, host_button);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, pages);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
}

static void
tea_window_init (TeaWindow *self)
{
  TeaPlaceList *list;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (APPLICATION_ID);
  self->remembered = tea_remembered_houses_new (self->settings);
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));

  if (DEVELOPMENT)
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");

  list = tea_sidebar_get_list (self->sidebar);
  g_signal_connect_object (list, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (list, "news", self->pages, "news", G_BINDING_SYNC_CREATE);
}

/**
 * tea_window_new:
 * @application: the program
 * @background: what lets it go on when the window is closed
 * @houses: its houses
 *
 * Returns: (transfer none): a window in which no place is chosen
 */
TeaWindow *
tea_window_new (GtkApplication *application, TeaBackground *background, TeaHouseList *houses)
{
  TeaWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (TEA_IS_BACKGROUND (background), NULL);
  g_return_val_if_fail (TEA_IS_HOUSE_LIST (houses), NULL);

  self = g_object_new (TEA_TYPE_WINDOW, "application", application, "houses", houses, NULL);
  self->background = g_object_ref (background);

  return self;
}

/**
 * tea_window_get_place:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the place that is seen, if one is
 */
TeaPlace *
tea_window_get_place (TeaWindow *self)
{
  g_return_val_if_fail (TEA_IS_WINDOW (self), NULL);

  return is_list_alone (self) ? NULL : self->place;
}

/**
 * tea_window_show_place:
 * @self: a window
 * @place: a place in one of its houses
 *
 * Goes to a place.
 */
void
tea_window_show_place (TeaWindow *self, TeaPlace *place)
{
  g_return_if_fail (TEA_IS_WINDOW (self));
  g_return_if_fail (TEA_IS_PLACE (place));

  self->has_chosen = TRUE;
  set_place (self, place);
  remember_place (self);
  adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->place_page);
  gtk_widget_grab_focus (tea_room_pages_show (self->pages, place));
}

/**
 * tea_window_show_unread:
 * @self: a window
 * @place: a place in one of its houses, but no invitation
 *
 * Goes to a place, to where its user stopped reading.
 */
void
tea_window_show_unread (TeaWindow *self, TeaPlace *place)
{
  g_return_if_fail (TEA_IS_WINDOW (self));
  g_return_if_fail (TEA_IS_PLACE (place));

  gtk_window_present (GTK_WINDOW (self));
  tea_window_show_place (self, place);
  tea_room_view_show_unread (TEA_ROOM_VIEW (tea_room_pages_show (self->pages, place)));
}

/**
 * tea_window_welcome:
 * @self: a window
 * @name: (nullable): a name to suggest, or %NULL for the last one
 * @address: (nullable): an address to suggest, or %NULL for the last one
 *
 * Asks for a name and a house.
 */
void
tea_window_welcome (TeaWindow *self, const char *name, const char *address)
{
  TeaWelcomeDialog *dialog;

  g_return_if_fail (TEA_IS_WINDOW (self));

  dialog = ensure_dialog (self);
  if (name != NULL)
    tea_welcome_dialog_set_name (dialog, name);
  if (address != NULL)
    tea_welcome_dialog_set_address (dialog, address);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * tea_window_join:
 * @self: a window
 * @name: a fit name
 * @address: the address of a house
 *
 * Enters a house without asking; goes there, where one is in it already. If it fails, the dialog
 * says why.
 */
void
tea_window_join (TeaWindow *self, const char *name, const char *address)
{
  g_autoptr (GNetworkAddress) parsed = tea_room_address_parse (address, NULL);

  g_return_if_fail (TEA_IS_WINDOW (self));

  if (parsed != NULL && tea_window_show_house (self, parsed))
    return;

  enter (self, name, address);
}

/**
 * tea_window_return:
 * @self: a window
 *
 * Enters the houses in which one was when the last program ended, as far as one is not in them
 * yet. Where that fails, the dialog says why.
 *
 * Returns: whether there are any
 */
gboolean
tea_window_return (TeaWindow *self)
{
  g_return_val_if_fail (TEA_IS_WINDOW (self), FALSE);

  return_soon (self);
  if (self->return_source != 0)
    show_busy (self, TRUE);

  return self->return_source != 0 || self->is_returning;
}

/**
 * tea_window_host:
 * @self: a window
 * @name: a fit name
 *
 * Opens a house on this computer and enters it without asking. If that fails, the
 * dialog says why.
 */
void
tea_window_host (TeaWindow *self, const char *name)
{
  TeaWelcomeDialog *dialog;

  g_return_if_fail (TEA_IS_WINDOW (self));

  dialog = ensure_dialog (self);
  tea_welcome_dialog_set_name (dialog, name);
  show_busy (self, TRUE);
  tea_welcome_dialog_host (dialog);
}

/**
 * tea_window_show_house:
 * @self: a window
 * @address: where a link leads
 *
 * Shows what a link leads to, if it is in a house where one is already.
 *
 * Returns: whether it is
 */
gboolean
tea_window_show_house (TeaWindow *self, GNetworkAddress *address)
{
  TeaJoinedHouse *house;

  g_return_val_if_fail (TEA_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);

  house = self->closing ? NULL : tea_house_list_find (self->houses, address);
  if (house == NULL)
    return FALSE;

  gtk_window_present (GTK_WINDOW (self));
  show_house (self, house, address);

  return TRUE;
}

/**
 * tea_window_quit:
 * @self: a window
 *
 * Leaves all houses and closes the window, if need be after having asked.
 */
void
tea_window_quit (TeaWindow *self)
{
  TeaJoinedHouse *hosted;
  guint n_unsent;

  g_return_if_fail (TEA_IS_WINDOW (self));

  if (self->closing)
    return;

  hosted = find_hosted (self);
  n_unsent = tea_house_list_get_n_unsent (self->houses);
  /* What is asked is asked by a window that can be seen. */
  if (hosted != NULL || n_unsent > 0)
    gtk_window_present (GTK_WINDOW (self));

  if (hosted != NULL)
    confirm_hosting (self, hosted, G_CALLBACK (close_response_cb));
  else if (n_unsent > 0)
    confirm_unsent (self, n_unsent);
  else
    close_window (self);
}

/**
 * tea_window_close_now:
 * @self: a window
 *
 * Leaves all houses politely and closes the window, without asking back.
 */
void
tea_window_close_now (TeaWindow *self)
{
  g_return_if_fail (TEA_IS_WINDOW (self));

  close_window (self);
}
