/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-reaction-chooser.h"

#include <glib/gi18n.h>

#include "tea-recent-reactions.h"
#include "tea-text.h"

/**
 * TeaReactionChooser:
 *
 * The emojis that are at hand to react to a message with, and a button for all others. It closes
 * the popover that it is in.
 */
struct _TeaReactionChooser
{
  AdwBin parent_instance;

  guint64 seq; /* of the message */

  GtkWidget *box;
  GtkWidget *more_button;
};

G_DEFINE_FINAL_TYPE (TeaReactionChooser, tea_reaction_chooser, ADW_TYPE_BIN)

static void
close_popover (TeaReactionChooser *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
clicked_cb (TeaReactionChooser *self, GtkButton *button)
{
  g_assert (TEA_IS_REACTION_CHOOSER (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "message.react", "(tsb)", self->seq,
                              gtk_button_get_label (button), TRUE);
  close_popover (self);
}

static void
more_clicked_cb (TeaReactionChooser *self)
{
  g_assert (TEA_IS_REACTION_CHOOSER (self));

  close_popover (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "message.choose-reaction", "t", self->seq);
}

static void
tea_reaction_chooser_class_init (TeaReactionChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-reaction-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaReactionChooser, box);
  gtk_widget_class_bind_template_child (widget_class, TeaReactionChooser, more_button);
  gtk_widget_class_bind_template_callback (widget_class, more_clicked_cb);
}

static void
tea_reaction_chooser_init (TeaReactionChooser *self)
{
  g_auto (GStrv) emojis = tea_recent_reactions_dup ();

  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; emojis[i] != NULL; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (emojis[i]);
      /* Translators: a button that reacts to a message with an emoji, as a screen reader says it */
      g_autofree char *label = tea_text_format (_ ("React with %s"), emojis[i]);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "circular");
      /* It is called by more than what it shows. */
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      -1);
      g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
      gtk_widget_insert_before (button, self->box, self->more_button);
    }
}

/**
 * tea_reaction_chooser_new:
 * @seq: the number of a message
 *
 * Returns: (transfer full): what there is to react to it with
 */
GtkWidget *
tea_reaction_chooser_new (guint64 seq)
{
  TeaReactionChooser *self = g_object_new (TEA_TYPE_REACTION_CHOOSER, NULL);

  self->seq = seq;

  return GTK_WIDGET (self);
}
