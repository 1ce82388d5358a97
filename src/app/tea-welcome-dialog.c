/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-welcome-dialog.h"

#include <glib/gi18n.h>

#include "tea-entrance.h"
#include "tea-join-notice.h"
#include "tea-name-entry.h"
#include "tea-room-address.h"
#include "tea-text.h"
#include "tea-toast.h"

/* How long entering may take before the dialog says that it is at it. */
#define PATIENCE_MS 600

/**
 * TeaWelcomeDialog:
 *
 * The nickname dialog: who one is, and where to.
 *
 * It enters the room itself and is there until that worked: a refusal is told here,
 * with what was typed still there. [signal@TeaWelcomeDialog::joined] ends it. It can
 * be told to join before it was ever shown; then it shows only if that fails.
 */
struct _TeaWelcomeDialog
{
  AdwWindow parent_instance;

  GSettings *settings;      /* (owned) */
  GNetworkAddress *address; /* (owned) (nullable), what the address row says */

  TeaEntrance *entrance;     /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable), set while joining */
  guint patience_source;
  gboolean hosting;

  TeaNameEntry *name_entry;
  GtkWidget *address_row;
  GtkWidget *join_button;
  GtkWidget *join_stack;
  GtkWidget *join_spinner;
  GtkWidget *host_row;
  GtkWidget *host_stack;
  GtkWidget *host_spinner;
  GtkWidget *password_row;
  GtkWidget *toasts;
  TeaJoinNotice *notice;
};

enum
{
  JOINED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaWelcomeDialog, tea_welcome_dialog, ADW_TYPE_WINDOW)

static gboolean
is_busy (TeaWelcomeDialog *self)
{
  return self->cancellable != NULL;
}

/* What is sensitive, and what spins. */
static void
update_controls (TeaWelcomeDialog *self)
{
  gboolean busy = is_busy (self);
  gboolean name_fit = tea_name_entry_is_fit (self->name_entry);
  gboolean joining = busy && !self->hosting;
  gboolean hosting = busy && self->hosting;

  gtk_widget_set_sensitive (GTK_WIDGET (self->name_entry), !busy);
  gtk_widget_set_sensitive (self->address_row, !hosting);
  gtk_editable_set_editable (GTK_EDITABLE (self->address_row), !busy);
  gtk_editable_set_editable (GTK_EDITABLE (self->password_row), !busy);
  gtk_widget_set_sensitive (self->join_button, !busy && name_fit && self->address != NULL);
  gtk_widget_set_sensitive (self->host_row, !joining && name_fit);

  gtk_stack_set_visible_child_name (GTK_STACK (self->join_stack), joining ? "busy" : "idle");
  gtk_spinner_set_spinning (GTK_SPINNER (self->join_spinner), joining);
  gtk_stack_set_visible_child_name (GTK_STACK (self->host_stack), hosting ? "busy" : "idle");
  gtk_spinner_set_spinning (GTK_SPINNER (self->host_spinner), hosting);
}

static void
patience_over_cb (gpointer user_data)
{
  TeaWelcomeDialog *self = user_data;

  g_assert (TEA_IS_WELCOME_DIALOG (self));

  self->patience_source = 0;
  tea_join_notice_show_busy (self->notice);
}

static void
begin (TeaWelcomeDialog *self, gboolean hosting)
{
  self->cancellable = g_cancellable_new ();
  self->hosting = hosting;

  /* GTK 4.8 does not tell a text that it lost the focus by becoming insensitive. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);

  tea_name_entry_set_refusal (self->name_entry, NULL, NULL);
  tea_join_notice_hide (self->notice);
  self->patience_source = g_timeout_add_once (PATIENCE_MS, patience_over_cb, self);
  update_controls (self);
}

static void
end (TeaWelcomeDialog *self)
{
  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_object (&self->cancellable);
  update_controls (self);
}

static void
refuse_name (TeaWelcomeDialog *self, const char *refusal)
{
  TeaClient *client = tea_join_get_client (tea_entrance_get_join (self->entrance));

  tea_name_entry_set_refusal (self->name_entry, refusal, tea_client_get_suggestion (client));
  tea_name_entry_focus (self->name_entry);
}

static void
refuse_taken_name (TeaWelcomeDialog *self)
{
  g_autofree char *refusal
      /* Translators: %s is the name of a person; buttons with other names follow. */
      = tea_text_format (_ ("“%s” is taken here."), tea_name_entry_get_name (self->name_entry));

  refuse_name (self, refusal);
}

static void
ask_for_password (TeaWelcomeDialog *self)
{
  gtk_widget_set_visible (self->password_row, TRUE);
  gtk_widget_grab_focus (self->password_row);
  gtk_editable_select_region (GTK_EDITABLE (self->password_row), 0, -1);
}

static void
tell_outcome (TeaWelcomeDialog *self, TeaJoinOutcome outcome, const char *text)
{
  switch (outcome)
    {
    case TEA_JOIN_NAME_MISSING:
    case TEA_JOIN_CANCELLED:
      tea_name_entry_focus (self->name_entry);
      break;

    case TEA_JOIN_NAME_UNFIT:
      refuse_name (self, text);
      break;

    case TEA_JOIN_NAME_TAKEN:
      refuse_taken_name (self);
      break;

    case TEA_JOIN_PASSWORD_MISSING:
      tea_join_notice_show_hint (self->notice, text);
      ask_for_password (self);
      break;

    case TEA_JOIN_PASSWORD_WRONG:
      gtk_widget_add_css_class (self->password_row, "error");
      tea_join_notice_show_problem (self->notice, text, FALSE);
      ask_for_password (self);
      break;

    case TEA_JOIN_NOT_SECURE:
      tea_join_notice_show_not_private (self->notice);
      break;

    case TEA_JOIN_KEY_CHANGED:
    case TEA_JOIN_KEY_UNEXPECTED:
      tea_join_notice_show_other_key (self->notice, text, outcome == TEA_JOIN_KEY_CHANGED);
      break;

    case TEA_JOIN_KEY_NOT_KEPT:
      tea_join_notice_show_unkept_key (self->notice, text);
      break;

    case TEA_JOIN_ENTERED:
    case TEA_JOIN_REFUSED:
    case TEA_JOIN_NO_ANSWER:
    case TEA_JOIN_FAILED:
    default:
      tea_join_notice_show_problem (self->notice, text, TRUE);
      tea_join_notice_focus (self->notice);
      break;
    }
}

static void
entered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaWelcomeDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  TeaJoinOutcome outcome;

  g_assert (TEA_IS_WELCOME_DIALOG (self));

  outcome = tea_entrance_finish (TEA_ENTRANCE (source), result, &error);

  /* Closed meanwhile. */
  if (self->name_entry == NULL)
    return;

  end (self);
  if (outcome == TEA_JOIN_ENTERED)
    {
      g_signal_emit (self, signals[JOINED], 0);
      return;
    }

  tea_join_notice_hide (self->notice);
  gtk_window_present (GTK_WINDOW (self));
  tell_outcome (self, outcome, error != NULL ? error->message : NULL);
}

static void
name_changed_cb (TeaWelcomeDialog *self)
{
  update_controls (self);
}

static void
address_changed_cb (TeaWelcomeDialog *self)
{
  g_clear_object (&self->address);
  self->address
      = tea_room_address_parse (gtk_editable_get_text (GTK_EDITABLE (self->address_row)), NULL);

  gtk_widget_set_visible (self->password_row, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
  tea_entrance_set_password (self->entrance, NULL);
  tea_join_notice_hide (self->notice);
  update_controls (self);
}

static void
password_changed_cb (TeaWelcomeDialog *self)
{
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));

  gtk_widget_remove_css_class (self->password_row, "error");
  tea_entrance_set_password (self->entrance, *password != '\0' ? password : NULL);
}

static void
name_activated_cb (TeaWelcomeDialog *self)
{
  if (!tea_name_entry_is_fit (self->name_entry))
    return;

  if (self->address != NULL)
    tea_welcome_dialog_join (self);
  else
    gtk_widget_grab_focus (self->address_row);
}

static void
join_clicked_cb (TeaWelcomeDialog *self)
{
  tea_welcome_dialog_join (self);
}

static void
host_activated_cb (TeaWelcomeDialog *self)
{
  tea_welcome_dialog_host (self);
}

static void
again_clicked_cb (TeaWelcomeDialog *self)
{
  if (self->hosting)
    tea_welcome_dialog_host (self);
  else
    tea_welcome_dialog_join (self);
}

static void
join_unprotected_cb (TeaWelcomeDialog *self)
{
  if (is_busy (self) || self->address == NULL)
    return;

  tea_join_accept_classic (tea_entrance_get_join (self->entrance));
  tea_welcome_dialog_join (self);
}

static void
trust_key_cb (TeaWelcomeDialog *self)
{
  if (is_busy (self) || self->address == NULL)
    return;

  tea_join_trust_key (tea_entrance_get_join (self->entrance));
  tea_welcome_dialog_join (self);
}

static void
forget_response_cb (TeaWelcomeDialog *self)
{
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_WELCOME_DIALOG (self));

  if (is_busy (self))
    return;

  if (tea_join_forget_key (tea_entrance_get_join (self->entrance), &error))
    tea_welcome_dialog_join (self);
  else
    tea_join_notice_show_problem (self->notice, error->message, FALSE);
}

static void
forget_key_cb (TeaWelcomeDialog *self)
{
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (self), _ ("Forget the Old Key?"),
                                _ ("Do this only if you know why the room has another key: whoever "
                                   "has it now can read what you write there."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "forget",
                                    _ ("_Forget and Join"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "forget",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response::forget", G_CALLBACK (forget_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWelcomeDialog *self = TEA_WELCOME_DIALOG (widget);

  if (is_busy (self))
    tea_welcome_dialog_cancel (self);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
toast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaWelcomeDialog *self = TEA_WELCOME_DIALOG (widget);

  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts),
                               tea_toast_new (g_variant_get_string (parameter, NULL)));
}

static void
tea_welcome_dialog_map (GtkWidget *widget)
{
  TeaWelcomeDialog *self = TEA_WELCOME_DIALOG (widget);

  GTK_WIDGET_CLASS (tea_welcome_dialog_parent_class)->map (widget);

  tea_name_entry_focus (self->name_entry);
}

static void
tea_welcome_dialog_dispose (GObject *object)
{
  TeaWelcomeDialog *self = TEA_WELCOME_DIALOG (object);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->entrance);
  g_clear_object (&self->address);
  g_clear_object (&self->settings);
  self->name_entry = NULL;

  G_OBJECT_CLASS (tea_welcome_dialog_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, name_entry);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, join_button);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, join_stack);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, join_spinner);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, host_row);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, host_stack);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, host_spinner);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, TeaWelcomeDialog, notice);

  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, host_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_unprotected_cb);
  gtk_widget_class_bind_template_callback (widget_class, trust_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_key_cb);
}

static void
tea_welcome_dialog_class_init (TeaWelcomeDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_welcome_dialog_dispose;
  widget_class->map = tea_welcome_dialog_map;

  /**
   * TeaWelcomeDialog::joined:
   *
   * The room has let us in; [method@TeaWelcomeDialog.get_client] is inside.
   */
  signals[JOINED] = g_signal_new ("joined", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "welcome.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);

  g_type_ensure (TEA_TYPE_JOIN_NOTICE);
  g_type_ensure (TEA_TYPE_NAME_ENTRY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-welcome-dialog.ui");
  bind_children (widget_class);
}

static void
tea_welcome_dialog_init (TeaWelcomeDialog *self)
{
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;
  GtkEditable *text;

  self->settings = g_settings_new (APPLICATION_ID);
  self->entrance = tea_entrance_new (self->settings);
  gtk_widget_init_template (GTK_WIDGET (self));

  text = gtk_editable_get_delegate (GTK_EDITABLE (self->address_row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Address"), -1);
  text = gtk_editable_get_delegate (GTK_EDITABLE (self->password_row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Password"), -1);

  name = g_settings_get_string (self->settings, "last-name");
  address = g_settings_get_string (self->settings, "last-address");
  tea_welcome_dialog_set_name (self, name);
  tea_welcome_dialog_set_address (self, address);

  update_controls (self);
}

/**
 * tea_welcome_dialog_new:
 * @parent: the window that waits for the room
 *
 * Returns: (transfer none): a dialog with the name and address that were used last
 */
TeaWelcomeDialog *
tea_welcome_dialog_new (GtkWindow *parent)
{
  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);

  /* The application's shortcuts and its menu work in windows that know it. */
  return g_object_new (TEA_TYPE_WELCOME_DIALOG, "application", gtk_window_get_application (parent),
                       "transient-for", parent, NULL);
}

/**
 * tea_welcome_dialog_set_name:
 * @self: a dialog
 * @name: the name to suggest
 */
void
tea_welcome_dialog_set_name (TeaWelcomeDialog *self, const char *name)
{
  g_return_if_fail (TEA_IS_WELCOME_DIALOG (self));
  g_return_if_fail (name != NULL);

  tea_name_entry_set_name (self->name_entry, name);
}

/**
 * tea_welcome_dialog_set_address:
 * @self: a dialog
 * @address: the address to suggest
 */
void
tea_welcome_dialog_set_address (TeaWelcomeDialog *self, const char *address)
{
  g_return_if_fail (TEA_IS_WELCOME_DIALOG (self));
  g_return_if_fail (address != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->address_row), address);
}

/**
 * tea_welcome_dialog_join:
 * @self: a dialog
 *
 * Enters the room at the address under the name, as far as both are fit.
 */
void
tea_welcome_dialog_join (TeaWelcomeDialog *self)
{
  g_return_if_fail (TEA_IS_WELCOME_DIALOG (self));

  if (is_busy (self) || self->address == NULL || !tea_name_entry_is_fit (self->name_entry))
    return;

  begin (self, FALSE);
  tea_entrance_join_async (self->entrance, self->address,
                           tea_name_entry_get_name (self->name_entry), self->cancellable,
                           entered_cb, g_object_ref (self));
}

/**
 * tea_welcome_dialog_host:
 * @self: a dialog
 *
 * Opens a room on this computer and enters it under the name, if that is fit.
 */
void
tea_welcome_dialog_host (TeaWelcomeDialog *self)
{
  g_return_if_fail (TEA_IS_WELCOME_DIALOG (self));

  if (is_busy (self) || !tea_name_entry_is_fit (self->name_entry))
    return;

  begin (self, TRUE);
  tea_entrance_host_async (self->entrance, tea_name_entry_get_name (self->name_entry),
                           self->cancellable, entered_cb, g_object_ref (self));
}

/**
 * tea_welcome_dialog_cancel:
 * @self: a dialog
 *
 * Gives up entering, if that is under way; the dialog shows and waits for another try.
 */
void
tea_welcome_dialog_cancel (TeaWelcomeDialog *self)
{
  g_return_if_fail (TEA_IS_WELCOME_DIALOG (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * tea_welcome_dialog_get_client:
 * @self: a dialog
 *
 * Returns: (transfer none): who is inside, once joined
 */
TeaClient *
tea_welcome_dialog_get_client (TeaWelcomeDialog *self)
{
  g_return_val_if_fail (TEA_IS_WELCOME_DIALOG (self), NULL);

  return tea_join_get_client (tea_entrance_get_join (self->entrance));
}

/**
 * tea_welcome_dialog_get_hosted_room:
 * @self: a dialog
 *
 * Returns: (nullable) (transfer none): the room on this computer that was entered,
 *   if it is one
 */
TeaHostedRoom *
tea_welcome_dialog_get_hosted_room (TeaWelcomeDialog *self)
{
  g_return_val_if_fail (TEA_IS_WELCOME_DIALOG (self), NULL);

  return tea_entrance_get_hosted_room (self->entrance);
}
