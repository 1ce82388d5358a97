/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-selection-actions.h"

#include <glib/gi18n.h>

#include "tea-message-rights.h"
#include "tea-remove-dialog.h"

/**
 * TeaSelectionActions:
 *
 * What one can do with the messages that are selected: actions that the widgets in a room's view
 * find under `selection.`.
 *
 * `selection.copy` copies them with names and times, `selection.remove` asks, and removes them;
 * `selection.all` selects all; `selection.end` selects none, and ends it, as the first two do.
 */
struct _TeaSelectionActions
{
  GObject parent_instance;

  TeaSelection *selection;       /* (owned) */
  TeaConversation *conversation; /* (owned) */
  GActionMap *actions;           /* (owned) */
  GtkWidget *widget;             /* (unowned): the room's view, which owns this */
};

G_DEFINE_FINAL_TYPE (TeaSelectionActions, tea_selection_actions, G_TYPE_OBJECT)

static gboolean
may_remove (TeaSelectionActions *self)
{
  g_autoptr (GPtrArray) list = tea_selection_list (self->selection);

  for (guint i = 0; i < list->len; i++)
    {
      TeaMessageRights rights
          = tea_message_rights_get (g_ptr_array_index (list, i), self->conversation);

      if ((rights & TEA_MESSAGE_REMOVE) == 0)
        return FALSE;
    }

  return list->len > 0;
}

static void
enable (TeaSelectionActions *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, name)),
                               enabled);
}

static void
changed_cb (TeaSelectionActions *self)
{
  g_assert (TEA_IS_SELECTION_ACTIONS (self));

  enable (self, "copy", tea_selection_get_n_items (self->selection) > 0);
  enable (self, "remove", tea_selection_is_active (self->selection) && may_remove (self));
}

static void
all_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tea_selection_select_all (TEA_SELECTION_ACTIONS (user_data)->selection);
}

static void
end_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tea_selection_end (TEA_SELECTION_ACTIONS (user_data)->selection);
}

/* What was to be done is done: one goes on where one writes. */
static void
finish (TeaSelectionActions *self)
{
  tea_selection_end (self->selection);
  gtk_widget_grab_focus (self->widget);
}

static void
copy_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaSelectionActions *self = user_data;
  g_autofree char *text = tea_selection_dup_text (self->selection);
  guint n = tea_selection_get_n_items (self->selection);
  g_autofree char *toast = NULL;

  g_assert (TEA_IS_SELECTION_ACTIONS (self));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (self->widget), text);
  finish (self);
  toast = g_strdup_printf (ngettext ("%u message copied", "%u messages copied", n), n);
  gtk_widget_activate_action (self->widget, "win.toast", "s", toast);
}

static void
remove_answered_cb (TeaSelectionActions *self, const char *response, AdwMessageDialog *dialog)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_SELECTION_ACTIONS (self));

  if (!g_str_equal (response, "remove"))
    return;

  list = tea_selection_list (self->selection);
  for (guint i = 0; error == NULL && i < list->len; i++)
    tea_conversation_remove (self->conversation,
                             tea_timeline_item_get_seq (g_ptr_array_index (list, i)), &error);
  if (error != NULL)
    gtk_widget_activate_action (self->widget, "win.toast", "s", error->message);
  finish (self);
}

static void
remove_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaSelectionActions *self = user_data;
  GtkWidget *dialog;

  g_assert (TEA_IS_SELECTION_ACTIONS (self));

  dialog = tea_remove_dialog_new (self->widget, tea_selection_get_n_items (self->selection));
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static const GActionEntry entries[] = {
  { .name = "all", .activate = all_cb },
  { .name = "copy", .activate = copy_cb },
  { .name = "end", .activate = end_cb },
  { .name = "remove", .activate = remove_cb },
};

static void
tea_selection_actions_finalize (GObject *object)
{
  TeaSelectionActions *self = TEA_SELECTION_ACTIONS (object);

  g_clear_object (&self->selection);
  g_clear_object (&self->conversation);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (tea_selection_actions_parent_class)->finalize (object);
}

static void
tea_selection_actions_class_init (TeaSelectionActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_selection_actions_finalize;
}

static void
tea_selection_actions_init (TeaSelectionActions *self)
{
  self->actions = G_ACTION_MAP (g_simple_action_group_new ());
  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
}

/**
 * tea_selection_actions_new:
 * @selection: the messages that are selected
 * @conversation: where they are
 * @widget: the view of the room, which has to stay for as long
 *
 * Returns: (transfer full): the actions, which @widget has now
 */
TeaSelectionActions *
tea_selection_actions_new (TeaSelection *selection,
                           TeaConversation *conversation,
                           GtkWidget *widget)
{
  TeaSelectionActions *self;

  g_return_val_if_fail (TEA_IS_SELECTION (selection), NULL);
  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  self = g_object_new (TEA_TYPE_SELECTION_ACTIONS, NULL);
  self->selection = g_object_ref (selection);
  self->conversation = g_object_ref (conversation);
  self->widget = widget;
  g_signal_connect_object (selection, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  gtk_widget_insert_action_group (widget, "selection", G_ACTION_GROUP (self->actions));

  return self;
}
