/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-person-card.h"

/**
 * TeaPersonCard:
 *
 * Who somebody is, and what one can do about them.
 */
struct _TeaPersonCard
{
  GtkPopover parent_instance;

  GtkWidget *avatar;
  GtkWidget *name_label;
  GtkWidget *message_button;
};

enum
{
  MENTION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaPersonCard, tea_person_card, GTK_TYPE_POPOVER)

static void
message_clicked_cb (TeaPersonCard *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
mention_clicked_cb (TeaPersonCard *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[MENTION], 0, gtk_label_get_label (GTK_LABEL (self->name_label)));
}

static void
tea_person_card_class_init (TeaPersonCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /**
   * TeaPersonCard::mention:
   * @self: the card
   * @name: the name on it
   *
   * The person shall be mentioned in the message that is being written.
   */
  signals[MENTION]
      = g_signal_new ("mention", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-person-card.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaPersonCard, avatar);
  gtk_widget_class_bind_template_child (widget_class, TeaPersonCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, TeaPersonCard, message_button);
  gtk_widget_class_bind_template_callback (widget_class, message_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, mention_clicked_cb);
}

static void
tea_person_card_init (TeaPersonCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_person_card_new:
 * @name: the name of somebody
 *
 * Returns: (transfer full): a card that has no place yet
 */
GtkWidget *
tea_person_card_new (const char *name)
{
  TeaPersonCard *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (TEA_TYPE_PERSON_CARD, NULL);
  adw_avatar_set_text (ADW_AVATAR (self->avatar), name);
  gtk_label_set_label (GTK_LABEL (self->name_label), name);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->message_button), "s", name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return GTK_WIDGET (self);
}
