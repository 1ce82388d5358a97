/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-invite-window.h"

#include <glib/gi18n.h>

#include "tea-own-addresses.h"
#include "tea-room-address.h"
#include "tea-text.h"
#include "tea-toast.h"

/* A computer can have many; this many are worth reading. */
#define MAX_ADDRESSES 6

/**
 * TeaInviteWindow:
 *
 * Says how others find the room one is in, and what they should know of it.
 */
struct _TeaInviteWindow
{
  AdwWindow parent_instance;

  GtkWidget *window_title;
  GtkWidget *toasts;
  GtkWidget *group;
  GtkWidget *key_group;
  GtkWidget *key;
  GtkWidget *lock;
  GtkWidget *privacy;
  GtkWidget *close_button;

  gboolean is_secure;
};

enum
{
  CLOSE_ROOM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaInviteWindow, tea_invite_window, ADW_TYPE_WINDOW)

/* What a button copies. */
static G_DEFINE_QUARK (tea_invite_window_text, text)

static void
copy_clicked_cb (TeaInviteWindow *self, GtkButton *button)
{
  g_assert (TEA_IS_INVITE_WINDOW (self));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          g_object_get_qdata (G_OBJECT (button), text_quark ()));
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts),
                               tea_toast_new (self->is_secure ? _ ("Link copied")
                                                              : _ ("Address copied")));
}

static void
close_clicked_cb (TeaInviteWindow *self)
{
  g_signal_emit (self, signals[CLOSE_ROOM], 0);
}

static GtkWidget *
new_copy_button (TeaInviteWindow *self, const char *text, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_object_set_qdata_full (G_OBJECT (button), text_quark (), g_strdup (text), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (copy_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  return button;
}

/* An encrypted room is best found by its link, which tells its key. */
static void
add_address (TeaInviteWindow *self, GNetworkAddress *address, const char *fingerprint)
{
  /* What is in an address or a link is no markup. */
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  g_autofree char *text = tea_room_address_to_string (address);
  g_autoptr (GSocketConnectable) hall = NULL;
  g_autofree char *link = NULL;
  g_autofree char *label = NULL;
  GtkWidget *button;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  if (fingerprint != NULL)
    {
      /* The window shows the hall, whichever room the user's own link was to. */
      hall = g_network_address_new (g_network_address_get_hostname (address),
                                    g_network_address_get_port (address));
      link = tea_room_address_to_link (G_NETWORK_ADDRESS (hall), fingerprint);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), link);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
      /* Translators: %s is the address of a room. */
      label = tea_text_format (_ ("Copy the link to %s"), text);
    }
  else
    {
      /* Translators: %s is the address of a room. */
      label = tea_text_format (_ ("Copy %s"), text);
    }

  button = new_copy_button (self, link != NULL ? link : text, label);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row);
}

static void
show_key (TeaInviteWindow *self, const char *fingerprint, gboolean is_hosted)
{
  self->is_secure = fingerprint != NULL;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group),
                                   self->is_secure ? _ ("Link") : _ ("Address"));
  gtk_widget_set_visible (self->key_group, self->is_secure);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->lock), self->is_secure
                                                            ? "channel-secure-symbolic"
                                                            : "channel-insecure-symbolic");
  if (!self->is_secure)
    {
      gtk_label_set_label (
          GTK_LABEL (self->privacy),
          _ ("This room is not encrypted: others on the network could read along. Nothing is kept: "
             "who comes later does not see what was said before."));
      return;
    }

  gtk_label_set_label (GTK_LABEL (self->key), fingerprint);
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (self->key_group),
      is_hosted ? _ ("Guests see the same fingerprint. If it differs, they should not join.")
                : _ ("Whoever hosts the room sees the same fingerprint. If it differs, leave."));
  gtk_label_set_label (
      GTK_LABEL (self->privacy),
      is_hosted ? _ ("This room is encrypted, and kept for those who come later. People on this "
                     "network can also join with older programs; what they read and write is not "
                     "encrypted on its way.")
                : _ ("This room is encrypted, and kept for those who come later."));
}

static void
describe (TeaInviteWindow *self, const char *description)
{
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group), description);
}

static gboolean
is_loopback (GNetworkAddress *address)
{
  const char *host = g_network_address_get_hostname (address);
  g_autoptr (GInetAddress) inet_address = g_inet_address_new_from_string (host);

  return inet_address != NULL ? g_inet_address_get_is_loopback (inet_address)
                              : g_ascii_strcasecmp (host, "localhost") == 0;
}

static void
tea_invite_window_class_init (TeaInviteWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /**
   * TeaInviteWindow::close-room:
   *
   * Who hosts wants to close the room.
   */
  signals[CLOSE_ROOM] = g_signal_new ("close-room", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-invite-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, group);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, key_group);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, key);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, lock);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, privacy);
  gtk_widget_class_bind_template_child (widget_class, TeaInviteWindow, close_button);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
}

static void
tea_invite_window_init (TeaInviteWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static TeaInviteWindow *
new_window (GtkWindow *parent)
{
  return g_object_new (TEA_TYPE_INVITE_WINDOW, "application", gtk_window_get_application (parent),
                       "transient-for", parent, NULL);
}

/**
 * tea_invite_window_new_for_hosted:
 * @parent: the window of the room
 * @room_name: what the room is called
 * @port: the port it is at
 * @fingerprint: (nullable): the fingerprint of its key
 *
 * Returns: (transfer none): an invitation to a room on this computer
 */
GtkWidget *
tea_invite_window_new_for_hosted (GtkWindow *parent,
                                  const char *room_name,
                                  guint16 port,
                                  const char *fingerprint)
{
  g_autoptr (GPtrArray) addresses = tea_own_addresses_list ();
  g_autofree char *subtitle = NULL;
  TeaInviteWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (room_name != NULL, NULL);

  self = new_window (parent);
  /* Translators: %s is the name of a room that is hosted here. */
  subtitle = tea_text_format (_ ("%s · open on this computer"), room_name);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->window_title), subtitle);
  gtk_widget_set_visible (self->close_button, TRUE);
  show_key (self, fingerprint, TRUE);

  for (guint i = 0; i < addresses->len && i < MAX_ADDRESSES; i++)
    {
      g_autofree char *host = g_inet_address_to_string (g_ptr_array_index (addresses, i));
      g_autoptr (GNetworkAddress) address = G_NETWORK_ADDRESS (g_network_address_new (host, port));

      add_address (self, address, fingerprint);
    }

  if (addresses->len > 1)
    describe (self, _ ("People on this network can join with one of these."));
  else if (addresses->len == 1)
    describe (self, _ ("People on this network can join with this."));
  else
    describe (self, _ ("This computer is not on a network now, so nobody else can join."));

  return GTK_WIDGET (self);
}

/**
 * tea_invite_window_new_for_address:
 * @parent: the window of the room
 * @room_name: what the room is called
 * @address: where the room is
 * @fingerprint: (nullable): the fingerprint of its key; %NULL if it is not encrypted
 *
 * Returns: (transfer none): an invitation to a room somewhere else
 */
GtkWidget *
tea_invite_window_new_for_address (GtkWindow *parent,
                                   const char *room_name,
                                   GNetworkAddress *address,
                                   const char *fingerprint)
{
  TeaInviteWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (room_name != NULL, NULL);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  self = new_window (parent);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->window_title), room_name);

  show_key (self, fingerprint, FALSE);
  add_address (self, address, fingerprint);
  describe (self, is_loopback (address) ? _ ("Only people at this computer can join with this.")
                                        : _ ("Others join with the same address as you did."));

  return GTK_WIDGET (self);
}
