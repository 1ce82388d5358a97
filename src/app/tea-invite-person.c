/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-invite-person.h"

#include <glib/gi18n.h>

#include "tea-text.h"

typedef struct
{
  GtkWindow *window;             /* (owned) */
  TeaConversation *conversation; /* (owned) */
  char *name;
} Invitation;

static void
invitation_free (Invitation *invitation)
{
  g_object_unref (invitation->window);
  g_object_unref (invitation->conversation);
  g_free (invitation->name);
  g_free (invitation);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Invitation, invitation_free)

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Invitation) invitation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaMember) member
      = tea_conversation_find_member_finish (TEA_CONVERSATION (source), result, &error);
  g_autofree char *text = NULL;

  if (member != NULL)
    {
      tea_conversation_invite (invitation->conversation, tea_member_get_fingerprint (member),
                               invitation->name);
      /* Translators: %s is the name of a person. */
      text = tea_text_format (_ ("%s is invited"), invitation->name);
    }
  else
    {
      /* Translators: %s is the name of a person. */
      text = tea_text_format (_ ("%s is not here, or has an older program, and cannot be invited."),
                              invitation->name);
    }

  gtk_widget_activate_action (GTK_WIDGET (invitation->window), "win.toast", "s", text);
}

/**
 * tea_invite_person:
 * @window: the window that tells how it went
 * @place: a room
 * @name: what somebody in its house is called
 *
 * Invites somebody into a room.
 */
void
tea_invite_person (GtkWindow *window, TeaPlace *place, const char *name)
{
  Invitation *invitation;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (TEA_IS_PLACE (place));
  g_return_if_fail (tea_place_get_conversation (place) != NULL);
  g_return_if_fail (name != NULL);

  invitation = g_new0 (Invitation, 1);
  invitation->window = g_object_ref (window);
  invitation->conversation = g_object_ref (tea_place_get_conversation (place));
  invitation->name = g_strdup (name);
  tea_conversation_find_member_async (tea_client_get_hall (tea_place_get_client (place)), name,
                                      NULL, found_cb, invitation);
}
