/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-pill.h"

#define TRANSITION_DURATION 150
#define SPACING 6

/**
 * TeaTimelinePill:
 *
 * A strip that slides in when there is something to catch up with, and out when there is not:
 * with a button, which activates `timeline.catch-up`. It has a place of its own, and so never
 * lies over what somebody reads.
 */
struct _TeaTimelinePill
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkWidget *button;
  GtkLabel *news_label;
};

G_DEFINE_FINAL_TYPE (TeaTimelinePill, tea_timeline_pill, GTK_TYPE_WIDGET)

/* What slides away can be seen for a while, but not pressed. */
static void
set_shown (TeaTimelinePill *self, gboolean shown)
{
  gtk_revealer_set_reveal_child (self->revealer, shown);
  gtk_widget_set_can_target (GTK_WIDGET (self), shown);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_STATE_HIDDEN, !shown,
                               -1);
}

static void
tea_timeline_pill_dispose (GObject *object)
{
  TeaTimelinePill *self = TEA_TIMELINE_PILL (object);

  if (self->revealer != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->revealer));
  self->revealer = NULL;

  G_OBJECT_CLASS (tea_timeline_pill_parent_class)->dispose (object);
}

static void
tea_timeline_pill_class_init (TeaTimelinePillClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_timeline_pill_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
tea_timeline_pill_init (TeaTimelinePill *self)
{
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-down-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *news_label = gtk_label_new (NULL);

  self->revealer = GTK_REVEALER (revealer);
  self->button = gtk_button_new ();
  self->news_label = GTK_LABEL (news_label);

  gtk_widget_add_css_class (news_label, "numeric");
  gtk_widget_set_visible (news_label, FALSE);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), news_label);

  gtk_button_set_child (GTK_BUTTON (self->button), box);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "timeline.catch-up");
  gtk_widget_add_css_class (self->button, "timeline-pill");

  gtk_revealer_set_transition_type (self->revealer, GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_transition_duration (self->revealer, TRANSITION_DURATION);
  gtk_revealer_set_child (self->revealer, self->button);
  gtk_widget_set_parent (revealer, GTK_WIDGET (self));

  set_shown (self, FALSE);
}

/**
 * tea_timeline_pill_show:
 * @self: a pill
 * @news: (nullable): what there is to catch up with, if anything is new
 * @label: what pressing it does, to be read out
 *
 * Shows the pill: with the news, or round if there are none.
 */
void
tea_timeline_pill_show (TeaTimelinePill *self, const char *news, const char *label)
{
  g_return_if_fail (TEA_IS_TIMELINE_PILL (self));
  g_return_if_fail (label != NULL);

  if (news != NULL)
    gtk_widget_add_css_class (self->button, "news");
  else
    gtk_widget_remove_css_class (self->button, "news");

  gtk_label_set_text (self->news_label, news != NULL ? news : "");
  gtk_widget_set_visible (GTK_WIDGET (self->news_label), news != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  set_shown (self, TRUE);
}

/**
 * tea_timeline_pill_hide:
 * @self: a pill
 *
 * Lets the pill slide away, with what it said.
 */
void
tea_timeline_pill_hide (TeaTimelinePill *self)
{
  g_return_if_fail (TEA_IS_TIMELINE_PILL (self));

  set_shown (self, FALSE);
}
