/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-reaction-button.h"

#include <glib/gi18n.h>

#include "tea-text.h"
#include "tea-tooltip.h"

/**
 * TeaReactionButton:
 *
 * An emoji with which people reacted to a message, and how many did. Pressed, it is done as
 * well, or taken back, with `message.react`. It looks like what the room knows, and not like
 * what one would like.
 */
struct _TeaReactionButton
{
  GtkButton parent_instance;

  GtkWidget *emoji_label;
  GtkWidget *count_label;
};

G_DEFINE_FINAL_TYPE (TeaReactionButton, tea_reaction_button, GTK_TYPE_BUTTON)

static gboolean
is_own (TeaReaction *reaction, TeaReader *reader)
{
  const char *const *names = tea_reaction_get_names (reaction);

  for (guint i = 0; names[i] != NULL; i++)
    if (tea_reader_is_called (reader, names[i]))
      return TRUE;

  return FALSE;
}

/* Of many only the first are told. */
static char *
list_names (TeaReaction *reaction, TeaReader *reader)
{
  const char *const *names = tea_reaction_get_names (reaction);
  g_autoptr (GString) list = g_string_new (NULL);
  guint rest = tea_reaction_get_count (reaction);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_string_append_printf (list, "%s%s", i > 0 ? "\n" : "",
                              tea_reader_is_called (reader, names[i]) ? _ ("You") : names[i]);
      rest -= rest > 0;
    }
  if (rest > 0 && list->len > 0)
    g_string_append_printf (list, "\n");
  if (rest > 0)
    /* Translators: below the names of people who reacted to a message */
    g_string_append_printf (list, ngettext ("%u more", "%u more", rest), rest);

  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
tea_reaction_button_class_init (TeaReactionButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-reaction-button.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaReactionButton, emoji_label);
  gtk_widget_class_bind_template_child (widget_class, TeaReactionButton, count_label);
}

static void
tea_reaction_button_init (TeaReactionButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_reaction_button_new:
 *
 * Returns: (transfer full): a button without a reaction
 */
GtkWidget *
tea_reaction_button_new (void)
{
  return g_object_new (TEA_TYPE_REACTION_BUTTON, NULL);
}

/**
 * tea_reaction_button_show:
 * @self: a button
 * @seq: the number of the message
 * @reaction: a reaction to it
 * @reader: who may have reacted so as well
 *
 * Shows a reaction.
 */
void
tea_reaction_button_show (TeaReactionButton *self,
                          guint64 seq,
                          TeaReaction *reaction,
                          TeaReader *reader)
{
  const char *emoji = tea_reaction_get_emoji (reaction);
  guint n = tea_reaction_get_count (reaction);
  gboolean own = is_own (reaction, reader);
  g_autofree char *count = g_strdup_printf ("%u", n);
  g_autofree char *names = list_names (reaction, reader);
  g_autofree char *label = NULL;

  g_return_if_fail (TEA_IS_REACTION_BUTTON (self));

  gtk_label_set_text (GTK_LABEL (self->emoji_label), emoji);
  gtk_label_set_text (GTK_LABEL (self->count_label), count);
  if (own)
    gtk_widget_add_css_class (GTK_WIDGET (self), "own");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "own");

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "(tsb)", seq, emoji, !own);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "message.react");

  tea_tooltip_set (GTK_WIDGET (self), names);
  /* Translators: a button that shows with what, and how many, people reacted to a message, as a
     screen reader says it. */
  label = tea_text_format (own ? _ ("%s, %s, you too") : _ ("%s, %s"), emoji, count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_PRESSED,
                               own ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE,
                               -1);
}
