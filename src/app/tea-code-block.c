/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-code-block.h"

#include <float.h>
#include <math.h>

#include "tea-message-markup.h"

/**
 * TeaCodeBlock:
 *
 * A block of code: its lines do not wrap, and what does not fit is scrolled to.
 *
 * The wheel goes on scrolling what the block is in. Sideways, or with Shift, it scrolls the
 * block: a #GtkScrolledWindow of GTK 4.8 would keep it in any case.
 */
struct _TeaCodeBlock
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (TeaCodeBlock, tea_code_block, GTK_TYPE_WIDGET)

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, gpointer user_data)
{
  TeaCodeBlock *self = user_data;
  GtkAdjustment *adjustment
      = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double page = gtk_adjustment_get_page_size (adjustment);
  double by = (state & GDK_SHIFT_MASK) != 0 ? dy : dx;

  g_assert (TEA_IS_CODE_BLOCK (self));

  if (fabs (by) < DBL_EPSILON || gtk_adjustment_get_upper (adjustment) <= page)
    return GDK_EVENT_PROPAGATE;

  /* As far as a notch goes in GTK. */
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL)
    by *= pow (page, 2.0 / 3.0);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + by);

  return GDK_EVENT_STOP;
}

static void
leave_wheel_alone (GtkWidget *scrolled)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (scrolled);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static void
tea_code_block_dispose (GObject *object)
{
  TeaCodeBlock *self = TEA_CODE_BLOCK (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);

  G_OBJECT_CLASS (tea_code_block_parent_class)->dispose (object);
}

static void
tea_code_block_class_init (TeaCodeBlockClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_code_block_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "code");
}

static void
tea_code_block_init (TeaCodeBlock *self)
{
  GtkEventController *controller
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->label = gtk_label_new (NULL);
  gtk_label_set_selectable (GTK_LABEL (self->label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->label);
  leave_wheel_alone (self->scrolled);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));

  g_signal_connect_object (controller, "scroll", G_CALLBACK (scroll_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);

  /* Its corners are round; and marks above marks reach as high as somebody likes. */
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * tea_code_block_new:
 * @code: what somebody wrote
 *
 * Returns: (transfer full): a widget that shows it
 */
GtkWidget *
tea_code_block_new (const char *code)
{
  TeaCodeBlock *self;
  g_autofree char *markup = NULL;

  g_return_val_if_fail (code != NULL, NULL);

  self = g_object_new (TEA_TYPE_CODE_BLOCK, NULL);
  markup = tea_message_markup_new_plain (code);
  gtk_label_set_markup (GTK_LABEL (self->label), markup);

  return GTK_WIDGET (self);
}

/**
 * tea_code_block_get_label:
 * @self: a block of code
 *
 * Returns: (transfer none): what shows the text
 */
GtkLabel *
tea_code_block_get_label (TeaCodeBlock *self)
{
  g_return_val_if_fail (TEA_IS_CODE_BLOCK (self), NULL);

  return GTK_LABEL (self->label);
}
