/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-message-actions.h"

#include "tea-recent-reactions.h"
#include "tea-remove-dialog.h"

/**
 * TeaMessageActions:
 *
 * What one can do with the messages of a room: actions that the widgets in a room's view find
 * under `message.`, each about the message of a number.
 *
 * `message.react` reacts with an emoji, or takes that back; `message.pin` does so with a pin;
 * `message.remove` asks, and removes. What to do in order to reply and to edit, signals tell. What
 * the server refuses is said in a toast.
 */
struct _TeaMessageActions
{
  GObject parent_instance;

  TeaConversation *conversation; /* (owned) */
  GtkWidget *widget;             /* (unowned): the room's view, which owns this */
};

enum
{
  SIGNAL_EDIT,
  SIGNAL_REPLY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaMessageActions, tea_message_actions, G_TYPE_OBJECT)

static void
tell_trouble (TeaMessageActions *self, const GError *error)
{
  if (error != NULL)
    gtk_widget_activate_action (self->widget, "win.toast", "s", error->message);
}

static void
refused_cb (TeaMessageActions *self, TeaEventKind kind, guint64 target, const GError *error)
{
  g_assert (TEA_IS_MESSAGE_ACTIONS (self));

  tell_trouble (self, error);
}

static void
react_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaMessageActions *self = user_data;
  g_autoptr (GError) error = NULL;
  const char *emoji;
  guint64 seq;
  gboolean set;

  g_assert (TEA_IS_MESSAGE_ACTIONS (self));

  g_variant_get (parameter, "(t&sb)", &seq, &emoji, &set);
  if (tea_conversation_react (self->conversation, seq, emoji, set, &error) && set)
    tea_recent_reactions_note (emoji);
  tell_trouble (self, error);
}

static void
emit (TeaMessageActions *self, guint signal, GVariant *parameter)
{
  TeaTimeline *timeline = tea_conversation_get_timeline (self->conversation);
  TeaTimelineItem *item = tea_timeline_find_message (timeline, g_variant_get_uint64 (parameter));

  if (item != NULL)
    g_signal_emit (self, signals[signal], 0, item);
}

static void
reply_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  emit (TEA_MESSAGE_ACTIONS (user_data), SIGNAL_REPLY, parameter);
}

static void
edit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  emit (TEA_MESSAGE_ACTIONS (user_data), SIGNAL_EDIT, parameter);
}

static void
pin_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaMessageActions *self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 seq;
  gboolean pinned;

  g_assert (TEA_IS_MESSAGE_ACTIONS (self));

  g_variant_get (parameter, "(tb)", &seq, &pinned);
  tea_conversation_pin (self->conversation, seq, pinned, &error);
  tell_trouble (self, error);
}

static void
remove_answered_cb (TeaMessageActions *self, const char *response, AdwMessageDialog *dialog)
{
  guint64 *seq = g_object_get_data (G_OBJECT (dialog), "seq");
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_MESSAGE_ACTIONS (self));

  if (g_str_equal (response, "remove"))
    tea_conversation_remove (self->conversation, *seq, &error);
  tell_trouble (self, error);
}

static void
remove_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaMessageActions *self = user_data;
  guint64 seq = g_variant_get_uint64 (parameter);
  GtkWidget *dialog;

  g_assert (TEA_IS_MESSAGE_ACTIONS (self));

  dialog = tea_remove_dialog_new (self->widget, 1);
  g_object_set_data_full (G_OBJECT (dialog), "seq", g_memdup2 (&seq, sizeof seq), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static const GActionEntry entries[] = {
  { .name = "edit", .activate = edit_cb, .parameter_type = "t" },
  { .name = "pin", .activate = pin_cb, .parameter_type = "(tb)" },
  { .name = "react", .activate = react_cb, .parameter_type = "(tsb)" },
  { .name = "remove", .activate = remove_cb, .parameter_type = "t" },
  { .name = "reply", .activate = reply_cb, .parameter_type = "t" },
};

static void
tea_message_actions_finalize (GObject *object)
{
  TeaMessageActions *self = TEA_MESSAGE_ACTIONS (object);

  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (tea_message_actions_parent_class)->finalize (object);
}

static void
tea_message_actions_class_init (TeaMessageActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_message_actions_finalize;

  /**
   * TeaMessageActions::edit:
   * @self: the actions
   * @item: a message of one's own
   *
   * A message is to be given another text.
   */
  signals[SIGNAL_EDIT] = g_signal_new ("edit", TEA_TYPE_MESSAGE_ACTIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
  /**
   * TeaMessageActions::reply:
   * @self: the actions
   * @item: a message
   *
   * A message is to be answered.
   */
  signals[SIGNAL_REPLY] = g_signal_new ("reply", TEA_TYPE_MESSAGE_ACTIONS, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
}

static void
tea_message_actions_init (TeaMessageActions *self)
{
}

/**
 * tea_message_actions_new:
 * @conversation: where the messages are
 * @widget: the view of the room, which has to stay for as long
 *
 * Returns: (transfer full): the actions, which @widget has now
 */
TeaMessageActions *
tea_message_actions_new (TeaConversation *conversation, GtkWidget *widget)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  TeaMessageActions *self;

  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  self = g_object_new (TEA_TYPE_MESSAGE_ACTIONS, NULL);
  self->conversation = g_object_ref (conversation);
  self->widget = widget;
  g_signal_connect_object (conversation, "refused", G_CALLBACK (refused_cb), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (widget, "message", G_ACTION_GROUP (group));

  return self;
}
