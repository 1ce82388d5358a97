/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-window.h"

#include <glib/gi18n.h>

#include "tea-hosted-room.h"
#include "tea-invite-window.h"
#include "tea-room-address.h"
#include "tea-room-notifier.h"
#include "tea-room-view.h"
#include "tea-text.h"
#include "tea-toast.h"
#include "tea-welcome-dialog.h"

/**
 * TeaWindow:
 *
 * A window, and with it one person in at most one room.
 *
 * Outside of a room it waits behind the nickname dialog. It owns who is inside and,
 * if the room is on this computer, the room; closing it leaves politely first, or only
 * hides it where the user wants to keep listening.
 */
struct _TeaWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *settings;       /* (owned) */
  TeaBackground *background; /* (owned) */
  TeaWelcomeDialog *dialog;  /* (unowned) (nullable) */
  GtkWindow *invite_window;  /* (unowned) (nullable) */

  TeaClient *client;          /* (owned) (nullable) */
  TeaRoomNotifier *notifier;  /* (owned) (nullable) */
  TeaHostedRoom *hosted_room; /* (owned) (nullable) */
  char *room_name;            /* (owned) (nullable) */

  /* In progress */
  gboolean leaving;
  gboolean closing;

  GtkWidget *toasts;
  GtkWidget *stack;
  GtkWidget *outside_page;
  GtkWidget *outside_stack;
  GtkWidget *join_button;
  GtkWidget *spinner;
  GtkWidget *room_bin;
};

G_DEFINE_FINAL_TYPE (TeaWindow, tea_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_busy (TeaWindow *self, gboolean busy)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->outside_stack), busy ? "busy" : "idle");
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
}

static void
update_actions (TeaWindow *self)
{
  gboolean inside = self->client != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.invite", inside);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.leave", inside && !self->leaving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.join", !inside);
}

static void
show_page (TeaWindow *self, const char *name)
{
  gboolean inside = g_str_equal (name, "room");

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
  /* GTK 4.8 tells assistive technologies of every page. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->outside_page), GTK_ACCESSIBLE_STATE_HIDDEN,
                               inside, -1);
}

static char *
make_room_name (TeaWindow *self)
{
  const char *name = tea_client_get_room_name (self->client);

  if (self->hosted_room != NULL)
    /* Translators: %s is the name of a person, who hosts the room. */
    return tea_text_format (_ ("%s’s Room"), tea_client_get_name (self->client));
  if (name != NULL && *name != '\0')
    return g_strdup (name);

  return tea_room_address_to_string (tea_client_get_address (self->client));
}

static void
show_toast (TeaWindow *self, const char *text)
{
  GtkWidget *room = adw_bin_get_child (ADW_BIN (self->room_bin));

  /* A room has a place of its own for them. */
  if (room != NULL)
    gtk_widget_activate_action (room, "win.toast", "s", text);
  else
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), tea_toast_new (text));
}

/* A link may be to another room of the house than the one that is shown. */
static void
tell_linked_room (TeaWindow *self, GNetworkAddress *address)
{
  const char *room = TEA_IS_ROOM_ADDRESS (address)
                         ? tea_room_address_get_room (TEA_ROOM_ADDRESS (address))
                         : NULL;
  g_autofree char *text = NULL;

  if (room == NULL)
    return;

  /* Translators: %s is the name of a room. */
  text = tea_text_format (_ ("This is the hall. The link is to the room “%s”, which this window "
                             "cannot open."),
                          room);
  show_toast (self, text);
}

static void
update_in_view (TeaWindow *self)
{
  if (self->notifier != NULL)
    tea_room_notifier_set_in_view (self->notifier, gtk_widget_get_visible (GTK_WIDGET (self))
                                                       && gtk_window_is_active (GTK_WINDOW (self)));
}

static void
is_active_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  update_in_view (self);
}

static void
make_notifier (TeaWindow *self)
{
  g_autofree char *id
      = g_strdup_printf ("room-%u", gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));

  self->notifier
      = tea_room_notifier_new (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))),
                               tea_client_get_hall (self->client), id,
                               tea_client_get_name (self->client), self->room_name);
  update_in_view (self);
}

static void
show_room (TeaWindow *self)
{
  GtkWidget *room_view;

  self->room_name = make_room_name (self);
  room_view = tea_room_view_new (self->client, tea_client_get_hall (self->client), self->room_name,
                                 self->hosted_room != NULL);
  adw_bin_set_child (ADW_BIN (self->room_bin), room_view);
  make_notifier (self);
  show_page (self, "room");
  gtk_window_set_title (GTK_WINDOW (self), self->room_name);
  gtk_widget_grab_focus (room_view);
  update_actions (self);
  tell_linked_room (self, tea_client_get_address (self->client));
}

static void
forget_room (TeaWindow *self)
{
  if (self->hosted_room != NULL)
    tea_hosted_room_stop (self->hosted_room);
  g_clear_object (&self->hosted_room);
  g_clear_object (&self->notifier);
  g_clear_object (&self->client);
  g_clear_pointer (&self->room_name, g_free);
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
joined_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  self->client = g_object_ref (tea_welcome_dialog_get_client (self->dialog));
  g_set_object (&self->hosted_room, tea_welcome_dialog_get_hosted_room (self->dialog));
  gtk_window_destroy (GTK_WINDOW (self->dialog));

  show_room (self);
}

static void
dialog_shown_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  show_busy (self, FALSE);
}

static void
dialog_destroyed_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  self->dialog = NULL;
  /* The way to the room shows no more that one could join. */
  if (self->client != NULL)
    return;

  show_busy (self, FALSE);
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->join_button);
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

static void
leave_finished (TeaWindow *self)
{
  self->leaving = FALSE;

  if (self->closing)
    {
      forget_room (self);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  adw_bin_set_child (ADW_BIN (self->room_bin), NULL);
  show_busy (self, FALSE);
  show_page (self, "outside");
  gtk_window_set_title (GTK_WINDOW (self), _ ("Teahouse"));
  forget_room (self);
  update_actions (self);
  tea_window_welcome (self, NULL, NULL);
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_WINDOW (self));

  /* The room may not have heard it; it is left all the same. */
  if (!tea_client_leave_finish (TEA_CLIENT (source), result, &error))
    g_debug ("Left without an answer: %s", error->message);

  leave_finished (self);
}

static void
leave (TeaWindow *self, gboolean close)
{
  self->closing |= close;

  if (self->invite_window != NULL)
    gtk_window_destroy (self->invite_window);

  if (self->closing)
    {
      save_size (self);
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
    }

  if (self->leaving)
    return;

  self->leaving = TRUE;
  update_actions (self);

  if (self->client != NULL)
    tea_client_leave_async (self->client, NULL, left_cb, g_object_ref (self));
  else
    leave_finished (self);
}

static void
leave_response_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  leave (self, FALSE);
}

static void
close_response_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  leave (self, TRUE);
}

/* Who hosts takes the room away from everybody else in it. */
static gboolean
must_confirm (TeaWindow *self)
{
  return self->hosted_room != NULL && !self->leaving
         && g_list_model_get_n_items (tea_client_get_members (self->client)) > 1;
}

static void
confirm (TeaWindow *self, gboolean close)
{
  /* Translators: %s is the name of a room. */
  g_autofree char *text = tea_text_format (_ ("Close %s?"), self->room_name);
  /* A hyphen that is not there makes another name. */
  g_autofree char *heading
      = g_markup_printf_escaped ("<span insert_hyphens=\"false\">%s</span>", text);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, NULL);

  adw_message_dialog_set_heading_use_markup (ADW_MESSAGE_DIALOG (dialog), TRUE);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _ ("The room is on this computer: everybody in it has to leave."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "close",
                                    _ ("Close _Room"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "close",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response::close",
                           close ? G_CALLBACK (close_response_cb) : G_CALLBACK (leave_response_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Whoever closes the window knows that something has yet to be sent. */
static void
confirm_unsent (TeaWindow *self, guint n_unsent)
{
  g_autofree char *heading = g_strdup_printf (ngettext ("%u Message Is Not Sent Yet",
                                                        "%u Messages Are Not Sent Yet", n_unsent),
                                              n_unsent);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (self), heading,
                                _ ("What is not sent stays here, and goes out next time."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "close",
                                    _ ("Cl_ose"), NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_object (dialog, "response::close", G_CALLBACK (close_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
join_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tea_window_welcome (TEA_WINDOW (widget), NULL, NULL);
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

  if (must_confirm (self))
    confirm (self, FALSE);
  else
    leave (self, FALSE);
}

static void
close_room_cb (TeaWindow *self)
{
  g_assert (TEA_IS_WINDOW (self));

  confirm (self, FALSE);
}

static void
invite_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWindow *self = TEA_WINDOW (widget);
  GtkWidget *window;

  if (self->invite_window != NULL)
    {
      gtk_window_present (self->invite_window);
      return;
    }

  if (self->hosted_room != NULL)
    window = tea_invite_window_new_for_hosted (GTK_WINDOW (self), self->room_name,
                                               tea_hosted_room_get_port (self->hosted_room),
                                               tea_client_get_server_key (self->client));
  else
    window = tea_invite_window_new_for_address (GTK_WINDOW (self), self->room_name,
                                                tea_client_get_address (self->client),
                                                tea_client_get_server_key (self->client));

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

/* The room goes on, and what comes is told by notifications. */
static void
keep_listening (TeaWindow *self)
{
  if (self->invite_window != NULL)
    gtk_window_destroy (self->invite_window);
  save_size (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  /* That it is not active any more may be told later. */
  update_in_view (self);
  tea_background_begin (self->background);
}

static gboolean
tea_window_close_request (GtkWindow *window)
{
  TeaWindow *self = TEA_WINDOW (window);

  if (self->client != NULL && !self->leaving && tea_background_get_is_wanted (self->background))
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

  if (self->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  forget_room (self);
  if (self->background != NULL)
    tea_background_end (self->background);
  g_clear_object (&self->background);
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
}

static void
tea_window_class_init (TeaWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->constructed = tea_window_constructed;
  object_class->dispose = tea_window_dispose;
  widget_class->show = tea_window_show;
  window_class->close_request = tea_window_close_request;

  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "win.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "win.join", NULL, join_action);
  gtk_widget_class_install_action (widget_class, "win.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, outside_page);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, outside_stack);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, join_button);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, TeaWindow, room_bin);
}

static void
tea_window_init (TeaWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (APPLICATION_ID);
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));

  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);

  if (DEVELOPMENT)
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");

  update_actions (self);
}

/**
 * tea_window_new:
 * @application: the program
 * @background: what lets it go on when the window is closed
 *
 * Returns: (transfer none): a window outside of any room
 */
TeaWindow *
tea_window_new (GtkApplication *application, TeaBackground *background)
{
  TeaWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (TEA_IS_BACKGROUND (background), NULL);

  self = g_object_new (TEA_TYPE_WINDOW, "application", application, NULL);
  self->background = g_object_ref (background);

  return self;
}

/**
 * tea_window_welcome:
 * @self: a window outside of any room
 * @name: (nullable): a name to suggest, or %NULL for the last one
 * @address: (nullable): an address to suggest, or %NULL for the last one
 *
 * Asks for a name and a room.
 */
void
tea_window_welcome (TeaWindow *self, const char *name, const char *address)
{
  TeaWelcomeDialog *dialog;

  g_return_if_fail (TEA_IS_WINDOW (self));
  g_return_if_fail (self->client == NULL);

  dialog = ensure_dialog (self);
  if (name != NULL)
    tea_welcome_dialog_set_name (dialog, name);
  if (address != NULL)
    tea_welcome_dialog_set_address (dialog, address);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * tea_window_join:
 * @self: a window outside of any room
 * @name: a fit name
 * @address: the address of a room
 *
 * Enters a room without asking. If that fails, the dialog says why.
 */
void
tea_window_join (TeaWindow *self, const char *name, const char *address)
{
  TeaWelcomeDialog *dialog;

  g_return_if_fail (TEA_IS_WINDOW (self));
  g_return_if_fail (self->client == NULL);

  dialog = ensure_dialog (self);
  tea_welcome_dialog_set_name (dialog, name);
  tea_welcome_dialog_set_address (dialog, address);
  show_busy (self, TRUE);
  tea_welcome_dialog_join (dialog);
}

/**
 * tea_window_host:
 * @self: a window outside of any room
 * @name: a fit name
 *
 * Opens a room on this computer and enters it without asking. If that fails, the
 * dialog says why.
 */
void
tea_window_host (TeaWindow *self, const char *name)
{
  TeaWelcomeDialog *dialog;

  g_return_if_fail (TEA_IS_WINDOW (self));
  g_return_if_fail (self->client == NULL);

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
 * Shows what a link leads to, if it is where one is already.
 *
 * Returns: whether it is
 */
gboolean
tea_window_show_house (TeaWindow *self, GNetworkAddress *address)
{
  GNetworkAddress *own;
  const char *fingerprint = NULL;

  g_return_val_if_fail (TEA_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);

  if (self->client == NULL || self->leaving)
    return FALSE;

  own = tea_client_get_address (self->client);
  if (g_network_address_get_port (own) != g_network_address_get_port (address)
      || g_ascii_strcasecmp (g_network_address_get_hostname (own),
                             g_network_address_get_hostname (address))
             != 0)
    return FALSE;

  /* A link that promises another key is for the dialog to judge. */
  if (TEA_IS_ROOM_ADDRESS (address))
    fingerprint = tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (address));
  if (fingerprint != NULL && g_strcmp0 (fingerprint, tea_client_get_server_key (self->client)) != 0)
    return FALSE;

  gtk_window_present (GTK_WINDOW (self));
  tell_linked_room (self, address);

  return TRUE;
}

/**
 * tea_window_show_notified:
 * @self: a window
 * @id: what a notification was about
 *
 * Shows the room that a notification was about, where its user stopped reading.
 *
 * Returns: whether it is in this window
 */
gboolean
tea_window_show_notified (TeaWindow *self, const char *id)
{
  g_return_val_if_fail (TEA_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (self->notifier == NULL || !g_str_equal (tea_room_notifier_get_id (self->notifier), id))
    return FALSE;

  gtk_window_present (GTK_WINDOW (self));
  tea_room_view_show_unread (TEA_ROOM_VIEW (adw_bin_get_child (ADW_BIN (self->room_bin))));

  return TRUE;
}

/**
 * tea_window_mark_read:
 * @self: a window
 * @id: what a notification was about
 *
 * The user has read what a notification was about.
 *
 * Returns: whether it is in this window
 */
gboolean
tea_window_mark_read (TeaWindow *self, const char *id)
{
  g_return_val_if_fail (TEA_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (self->notifier == NULL || !g_str_equal (tea_room_notifier_get_id (self->notifier), id))
    return FALSE;

  tea_room_notifier_mark_read (self->notifier);

  return TRUE;
}

/**
 * tea_window_quit:
 * @self: a window
 *
 * Leaves the room and closes the window, if need be after having asked.
 */
void
tea_window_quit (TeaWindow *self)
{
  guint n_unsent;
  gboolean confirms;

  g_return_if_fail (TEA_IS_WINDOW (self));

  n_unsent = self->client != NULL && !self->leaving ? tea_client_get_n_unsent (self->client) : 0;
  confirms = must_confirm (self);

  /* What is asked is asked by a window that can be seen. */
  if (confirms || n_unsent > 0)
    gtk_window_present (GTK_WINDOW (self));

  if (confirms)
    confirm (self, TRUE);
  else if (n_unsent > 0)
    confirm_unsent (self, n_unsent);
  else
    leave (self, TRUE);
}

/**
 * tea_window_close_now:
 * @self: a window
 *
 * Leaves the room politely and closes the window, without asking back.
 */
void
tea_window_close_now (TeaWindow *self)
{
  g_return_if_fail (TEA_IS_WINDOW (self));

  leave (self, TRUE);
}
