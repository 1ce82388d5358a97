/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-remove-dialog.h"

#include <glib/gi18n.h>

/* The question whether to remove messages. */

/**
 * tea_remove_dialog_new:
 * @widget: a widget in the window that asks
 * @n_messages: how many messages are to be removed
 *
 * Returns: (transfer none): a dialog to be shown, whose response is `remove` or `cancel`
 */
GtkWidget *
tea_remove_dialog_new (GtkWidget *widget, guint n_messages)
{
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  heading = g_strdup_printf (ngettext ("Remove This Message?", "Remove %u Messages?", n_messages),
                             n_messages);
  dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (widget)), heading,
      _ ("It is erased here and on the server. Copies that others made stay."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "remove",
                                    _ ("Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");

  return dialog;
}
