/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-open-place.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "tea-error.h"
#include "tea-room-ref.h"
#include "tea-text.h"

/* Opening a place, with all that somebody may have to be asked for it. */

typedef struct
{
  TeaJoinedHouse *house;
  char *address;
  char *password;     /* (nullable): what is written */
  gboolean is_asking; /* a dialog asks for the password */
} Wish;

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->house);
  g_free (wish->address);
  g_free (wish->password);
  g_free (wish);
}

/* What a dialog asks for, and keeps. */
static G_DEFINE_QUARK (tea_open_place_task, task)

static void open_room (GTask *task, const char *password);

static void
password_response_cb (GtkWindow *dialog, const char *response)
{
  GTask *task = g_object_get_qdata (G_OBJECT (dialog), task_quark ());
  Wish *wish = g_task_get_task_data (task);

  /* A dialog that goes after its answer answers once more. */
  if (!wish->is_asking)
    return;

  wish->is_asking = FALSE;
  if (g_str_equal (response, "open"))
    open_room (task, wish->password);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No password was given");
}

static void
password_changed_cb (GtkWidget *dialog, GtkEditable *entry)
{
  const char *password = gtk_editable_get_text (entry);
  GTask *task = g_object_get_qdata (G_OBJECT (dialog), task_quark ());
  Wish *wish = g_task_get_task_data (task);

  g_free (wish->password);
  wish->password = g_strdup (password);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "open", *password != '\0');
}

static void
ask_for_password (GTask *task, const GError *reason)
{
  Wish *wish = g_task_get_task_data (task);
  GtkWindow *parent = g_task_get_source_object (task);
  /* Translators: %s is the name of a room. */
  g_autofree char *heading = tea_text_format (_ ("Password of %s"), wish->address);
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, reason->message);
  GtkWidget *entry = gtk_entry_new ();

  /* Not a row of libadwaita 1.2, which looks at its text after that is gone. */
  gtk_entry_set_visibility (GTK_ENTRY (entry), FALSE);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PASSWORD);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Password"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  g_object_set_qdata_full (G_OBJECT (dialog), task_quark (), g_object_ref (task), g_object_unref);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "open",
                                    _ ("_Join"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "open",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "open", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "open");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (entry, "changed", G_CALLBACK (password_changed_cb), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect (dialog, "response", G_CALLBACK (password_response_cb), NULL);
  wish->is_asking = TRUE;
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Wish *wish = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  TeaPlace *place = tea_joined_house_open_finish (TEA_JOINED_HOUSE (source), result, &error);

  if (place != NULL)
    g_task_return_pointer (task, place, g_object_unref);
  else if (g_error_matches (error, TEA_ERROR, TEA_ERROR_PASSWORD_NEEDED)
           || g_error_matches (error, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG)
           /* Whoever has guessed has to wait a little. */
           || (wish->password != NULL && g_error_matches (error, TEA_ERROR, TEA_ERROR_TRY_LATER)))
    ask_for_password (task, error);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
open_room (GTask *task, const char *password)
{
  Wish *wish = g_task_get_task_data (task);

  tea_joined_house_open_async (wish->house, wish->address, password, NULL, opened_cb,
                               g_object_ref (task));
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Wish *wish = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaMember) member
      = tea_conversation_find_member_finish (TEA_CONVERSATION (source), result, &error);

  if (member == NULL)
    {
      g_autofree char *text
          /* Translators: %s is the name of a person. */
          = tea_text_format (_ ("%s is not here, or has an older program, with which nobody can "
                                "speak alone."),
                             wish->address);

      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NOT_A_MEMBER, "%s", text);
      return;
    }

  g_free (wish->address);
  wish->address = tea_room_ref_make_pair (tea_member_get_fingerprint (member));
  open_room (task, NULL);
}

static GTask *
new_task (GtkWindow *parent,
          TeaJoinedHouse *house,
          const char *address,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->house = g_object_ref (house);
  wish->address = g_strdup (address);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);

  return task;
}

/**
 * tea_open_place_room_async:
 * @parent: before which to ask
 * @house: a house
 * @address: the address of a room in it
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens a room, and asks for its password where it has one.
 */
void
tea_open_place_room_async (GtkWindow *parent,
                           TeaJoinedHouse *house,
                           const char *address,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (TEA_IS_JOINED_HOUSE (house));
  g_return_if_fail (address != NULL);

  task = new_task (parent, house, address, callback, user_data);
  g_task_set_source_tag (task, tea_open_place_room_async);
  open_room (task, NULL);
}

/**
 * tea_open_place_person_async:
 * @parent: a window
 * @house: a house
 * @name: what somebody in it is called
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens the private conversation with somebody.
 */
void
tea_open_place_person_async (GtkWindow *parent,
                             TeaJoinedHouse *house,
                             const char *name,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaConversation *hall;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (TEA_IS_JOINED_HOUSE (house));
  g_return_if_fail (name != NULL);

  task = new_task (parent, house, name, callback, user_data);
  g_task_set_source_tag (task, tea_open_place_person_async);
  hall = tea_client_get_hall (tea_joined_house_get_client (house));
  tea_conversation_find_member_async (hall, name, NULL, found_cb, g_steal_pointer (&task));
}

/**
 * tea_open_place_finish:
 * @parent: the window
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the place; if there is none, @error says why in words, or is
 *   %G_IO_ERROR_CANCELLED
 */
TeaPlace *
tea_open_place_finish (GtkWindow *parent, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
