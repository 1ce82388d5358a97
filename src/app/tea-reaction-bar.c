/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-reaction-bar.h"

#include "tea-reaction-button.h"
#include "tea-wrap-layout.h"

#define SPACING 4

/**
 * TeaReactionBar:
 *
 * The reactions to a message, in the order in which they were first given, and a button that
 * adds one.
 */
struct _TeaReactionBar
{
  GtkWidget parent_instance;

  TeaWrapLayout *layout;
  GtkWidget *add_button; /* the last child */
};

G_DEFINE_FINAL_TYPE (TeaReactionBar, tea_reaction_bar, GTK_TYPE_WIDGET)

static void
tea_reaction_bar_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (tea_reaction_bar_parent_class)->dispose (object);
}

static void
tea_reaction_bar_class_init (TeaReactionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_reaction_bar_dispose;

  g_type_ensure (TEA_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-reaction-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaReactionBar, layout);
  gtk_widget_class_bind_template_child (widget_class, TeaReactionBar, add_button);
}

static void
tea_reaction_bar_init (TeaReactionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tea_wrap_layout_set_spacing (self->layout, SPACING);
}

/**
 * tea_reaction_bar_new:
 *
 * Returns: (transfer full): a bar without reactions
 */
GtkWidget *
tea_reaction_bar_new (void)
{
  return g_object_new (TEA_TYPE_REACTION_BAR, NULL);
}

/**
 * tea_reaction_bar_show:
 * @self: a bar
 * @item: a message that has reactions
 * @reader: who reads it
 *
 * Shows the reactions to a message, as they are now.
 */
void
tea_reaction_bar_show (TeaReactionBar *self, TeaTimelineItem *item, TeaReader *reader)
{
  GPtrArray *reactions = tea_timeline_item_get_reactions (item);
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self));
  guint64 seq = tea_timeline_item_get_seq (item);

  g_return_if_fail (TEA_IS_REACTION_BAR (self));
  g_return_if_fail (reactions != NULL);

  for (guint i = 0; i < reactions->len; i++)
    {
      if (button == self->add_button)
        {
          button = tea_reaction_button_new ();
          gtk_widget_insert_before (button, GTK_WIDGET (self), self->add_button);
        }
      tea_reaction_button_show (TEA_REACTION_BUTTON (button), seq, g_ptr_array_index (reactions, i),
                                reader);
      button = gtk_widget_get_next_sibling (button);
    }

  while (button != self->add_button)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (button);

      gtk_widget_unparent (button);
      button = next;
    }

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->add_button), "t", seq);
  tea_wrap_layout_set_align (self->layout,
                             tea_timeline_item_is_own (item) ? GTK_ALIGN_END : GTK_ALIGN_START);
}
