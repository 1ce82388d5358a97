/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-join-notice.h"

#include <glib/gi18n.h>

#include "tea-reveal.h"

/**
 * TeaJoinNotice:
 *
 * What stands between somebody and the room they want to enter: that it takes a
 * moment, what went wrong, or what they have to decide first. It is said in place,
 * below where they typed the address; where that has to be scrolled to, it is.
 */
struct _TeaJoinNotice
{
  AdwBin parent_instance;

  GtkWidget *revealer;

  GtkWidget *line;
  GtkWidget *warning;
  GtkWidget *message;
  GtkWidget *again_button;
  GtkWidget *cancel_button;

  GtkWidget *card;
  GtkWidget *title;
  GtkWidget *body;
  GtkWidget *join_button;
  GtkWidget *forget_button;

  guint joining; /* the signal that the button to join emits */
};

enum
{
  AGAIN,
  FORGET_KEY,
  JOIN_UNPROTECTED,
  TRUST_KEY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaJoinNotice, tea_join_notice, ADW_TYPE_BIN)

static void
show (TeaJoinNotice *self, GtkWidget *part)
{
  gtk_widget_set_visible (self->line, part == self->line);
  gtk_widget_set_visible (self->card, part == self->card);
  tea_reveal (self->revealer, TRUE);
}

static void
show_line (TeaJoinNotice *self, const char *text, gboolean is_problem)
{
  gtk_label_set_label (GTK_LABEL (self->message), text);
  if (is_problem)
    gtk_widget_add_css_class (self->message, "error");
  else
    gtk_widget_remove_css_class (self->message, "error");
  gtk_widget_set_visible (self->warning, is_problem);
  gtk_widget_set_visible (self->again_button, FALSE);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  show (self, self->line);
}

static void
show_card (TeaJoinNotice *self, const char *title, const char *body)
{
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->body), body);
  gtk_widget_set_visible (self->join_button, FALSE);
  gtk_widget_set_visible (self->forget_button, FALSE);
  show (self, self->card);
}

static void
again_clicked_cb (TeaJoinNotice *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
join_clicked_cb (TeaJoinNotice *self)
{
  g_signal_emit (self, signals[self->joining], 0);
}

static void
forget_clicked_cb (TeaJoinNotice *self)
{
  g_signal_emit (self, signals[FORGET_KEY], 0);
}

static void
space_changed_cb (TeaJoinNotice *self, GtkAdjustment *adjustment)
{
  g_assert (TEA_IS_JOIN_NOTICE (self));

  if (gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer)))
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static void
tea_join_notice_root (GtkWidget *widget)
{
  GtkWidget *window;

  GTK_WIDGET_CLASS (tea_join_notice_parent_class)->root (widget);

  window = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  if (window != NULL)
    g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window)),
                             "changed", G_CALLBACK (space_changed_cb), widget, G_CONNECT_SWAPPED);
}

static void
tea_join_notice_class_init (TeaJoinNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->root = tea_join_notice_root;

  /**
   * TeaJoinNotice::again:
   *
   * It is to be tried once more.
   */
  signals[AGAIN] = g_signal_new ("again", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaJoinNotice::forget-key:
   *
   * The key that is known of the room may have to be forgotten; that needs a second
   * question.
   */
  signals[FORGET_KEY] = g_signal_new ("forget-key", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaJoinNotice::join-unprotected:
   *
   * The room is to be entered, though it is not encrypted.
   */
  signals[JOIN_UNPROTECTED] = g_signal_new ("join-unprotected", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * TeaJoinNotice::trust-key:
   *
   * The room is to be entered, though its key cannot be remembered.
   */
  signals[TRUST_KEY] = g_signal_new ("trust-key", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-join-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, line);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, warning);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, message);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, again_button);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, card);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, title);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, body);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, join_button);
  gtk_widget_class_bind_template_child (widget_class, TeaJoinNotice, forget_button);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_clicked_cb);
}

static void
tea_join_notice_init (TeaJoinNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tea_join_notice_hide (self);
}

/**
 * tea_join_notice_hide:
 * @self: a notice
 *
 * There is nothing to say.
 */
void
tea_join_notice_hide (TeaJoinNotice *self)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));

  tea_reveal (self->revealer, FALSE);
}

/**
 * tea_join_notice_show_busy:
 * @self: a notice
 *
 * Says that it takes a moment, and offers to give up.
 */
void
tea_join_notice_show_busy (TeaJoinNotice *self)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));

  show_line (self, _ ("Connecting…"), FALSE);
  gtk_widget_set_visible (self->cancel_button, TRUE);
}

/**
 * tea_join_notice_show_hint:
 * @self: a notice
 * @hint: what is needed, in a sentence
 *
 * Says something that is no problem.
 */
void
tea_join_notice_show_hint (TeaJoinNotice *self, const char *hint)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));
  g_return_if_fail (hint != NULL);

  show_line (self, hint, FALSE);
}

/**
 * tea_join_notice_show_problem:
 * @self: a notice
 * @problem: what is wrong, in a sentence
 * @can_retry: whether to offer to try the same again
 *
 * Says what went wrong.
 */
void
tea_join_notice_show_problem (TeaJoinNotice *self, const char *problem, gboolean can_retry)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));
  g_return_if_fail (problem != NULL);

  show_line (self, problem, TRUE);
  gtk_widget_set_visible (self->again_button, can_retry);
}

/**
 * tea_join_notice_show_not_private:
 * @self: a notice
 *
 * Explains what a room without encryption is, and offers to enter it all the same.
 */
void
tea_join_notice_show_not_private (TeaJoinNotice *self)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));

  show_card (self, _ ("This Room Is Not Private"),
             _ ("It speaks an older language without encryption: others on the network can read "
                "along, messages can get lost, and nothing is kept for those who come later."));
  self->joining = JOIN_UNPROTECTED;
  gtk_widget_set_visible (self->join_button, TRUE);
}

/**
 * tea_join_notice_show_unkept_key:
 * @self: a notice
 * @explanation: which key the room has, and why it cannot be remembered
 *
 * Explains that another room in this one's place would not be noticed next time, and offers
 * to enter it all the same.
 */
void
tea_join_notice_show_unkept_key (TeaJoinNotice *self, const char *explanation)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));
  g_return_if_fail (explanation != NULL);

  show_card (self, _ ("This Room Cannot Be Remembered"), explanation);
  self->joining = TRUST_KEY;
  gtk_widget_set_visible (self->join_button, TRUE);
}

/**
 * tea_join_notice_show_other_key:
 * @self: a notice
 * @explanation: which key the room has, and which it should have
 * @can_forget: whether the second was remembered; else it was in the link
 *
 * Explains that a room may not be the one it should be, and that it was not entered.
 */
void
tea_join_notice_show_other_key (TeaJoinNotice *self, const char *explanation, gboolean can_forget)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));
  g_return_if_fail (explanation != NULL);

  show_card (self,
             can_forget ? _ ("This May Be Another Room") : _ ("This Is Not the Room of the Link"),
             explanation);
  gtk_widget_set_visible (self->forget_button, can_forget);
}

/**
 * tea_join_notice_focus:
 * @self: a notice
 *
 * Gives the focus to what can be done, where that is harmless.
 */
void
tea_join_notice_focus (TeaJoinNotice *self)
{
  g_return_if_fail (TEA_IS_JOIN_NOTICE (self));

  if (gtk_widget_get_visible (self->line) && gtk_widget_get_visible (self->again_button))
    gtk_widget_grab_focus (self->again_button);
}
