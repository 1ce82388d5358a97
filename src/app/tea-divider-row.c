/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-divider-row.h"

#include <glib/gi18n.h>

#include "tea-today.h"

#define MIN_WIDTH 160
#define SPACE_ABOVE 12
#define RULE_SPACE 10

/**
 * TeaDividerRow:
 *
 * The row that divides a timeline: where a day begins, where unread messages begin,
 * where those begin that wait to be sent.
 */
struct _TeaDividerRow
{
  GtkWidget parent_instance;

  TeaTimelineItem *item; /* (owned) (nullable) */

  GtkWidget *label;
  GtkWidget *rules[2];
};

G_DEFINE_FINAL_TYPE (TeaDividerRow, tea_divider_row, GTK_TYPE_WIDGET)

static void
update (TeaDividerRow *self)
{
  TeaTimelineItemKind kind = tea_timeline_item_get_kind (self->item);
  GtkWidget *tile = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *text = NULL;

  if (kind == TEA_TIMELINE_ITEM_DAY)
    {
      gtk_widget_set_css_classes (GTK_WIDGET (self), (const char *[]){ "day", NULL });
      text = tea_today_describe (tea_today_get_default (), tea_timeline_item_get_time (self->item));
    }
  else if (kind == TEA_TIMELINE_ITEM_UNREAD)
    {
      gtk_widget_set_css_classes (GTK_WIDGET (self), (const char *[]){ "unread", NULL });
      text = g_strdup (_ ("New messages"));
    }
  else
    {
      gtk_widget_set_css_classes (GTK_WIDGET (self), (const char *[]){ "waiting", NULL });
      text = g_strdup (_ ("Waiting to be sent"));
    }

  gtk_widget_set_css_classes (
      self->label,
      (const char *[]){ kind == TEA_TIMELINE_ITEM_WAITING ? "caption" : "caption-heading", NULL });
  for (guint i = 0; i < G_N_ELEMENTS (self->rules); i++)
    gtk_widget_set_visible (self->rules[i], kind != TEA_TIMELINE_ITEM_DAY);
  gtk_label_set_text (GTK_LABEL (self->label), text);

  if (tile != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
today_changed_cb (TeaDividerRow *self)
{
  g_assert (TEA_IS_DIVIDER_ROW (self));

  if (self->item != NULL && tea_timeline_item_get_kind (self->item) == TEA_TIMELINE_ITEM_DAY)
    update (self);
}

static void
tea_divider_row_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  TeaDividerRow *self = TEA_DIVIDER_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = MIN_WIDTH;
      return;
    }

  gtk_widget_measure (self->label, orientation, -1, minimum, natural, NULL, NULL);
  *minimum = *natural = SPACE_ABOVE + *natural;
}

static void
tea_divider_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TeaDividerRow *self = TEA_DIVIDER_ROW (widget);
  int label_height = height - SPACE_ABOVE;
  int label_width;
  int rule_width;
  int rule_height;

  gtk_widget_measure (self->label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &label_width, NULL, NULL);
  label_width = MIN (label_width, width);
  gtk_widget_size_allocate (self->label,
                            &(GtkAllocation){ (width - label_width) / 2, SPACE_ABOVE, label_width,
                                              label_height },
                            -1);

  rule_width = MAX ((width - label_width) / 2 - RULE_SPACE, 0);
  for (guint i = 0; i < G_N_ELEMENTS (self->rules); i++)
    {
      int rule_minimum;

      if (!gtk_widget_get_visible (self->rules[i]))
        continue;

      gtk_widget_measure (self->rules[i], GTK_ORIENTATION_HORIZONTAL, -1, &rule_minimum, NULL, NULL,
                          NULL);
      gtk_widget_measure (self->rules[i], GTK_ORIENTATION_VERTICAL, -1, &rule_height, NULL, NULL,
                          NULL);
      rule_width = MAX (rule_width, rule_minimum);
      gtk_widget_size_allocate (self->rules[i],
                                &(GtkAllocation){ i == 0 ? 0 : width - rule_width,
                                                  SPACE_ABOVE + (label_height - rule_height) / 2,
                                                  rule_width, rule_height },
                                -1);
    }
}

static void
tea_divider_row_dispose (GObject *object)
{
  TeaDividerRow *self = TEA_DIVIDER_ROW (object);

  tea_divider_row_set_item (self, NULL);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  for (guint i = 0; i < G_N_ELEMENTS (self->rules); i++)
    g_clear_pointer (&self->rules[i], gtk_widget_unparent);

  G_OBJECT_CLASS (tea_divider_row_parent_class)->dispose (object);
}

static void
tea_divider_row_class_init (TeaDividerRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_divider_row_dispose;
  widget_class->measure = tea_divider_row_measure;
  widget_class->size_allocate = tea_divider_row_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "divider");
}

static void
tea_divider_row_init (TeaDividerRow *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (self->rules); i++)
    {
      self->rules[i] = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
      gtk_widget_set_parent (self->rules[i], GTK_WIDGET (self));
    }

  g_signal_connect_object (tea_today_get_default (), "changed", G_CALLBACK (today_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * tea_divider_row_new:
 *
 * Returns: (transfer full): a row that divides nothing yet
 */
GtkWidget *
tea_divider_row_new (void)
{
  return g_object_new (TEA_TYPE_DIVIDER_ROW, NULL);
}

/**
 * tea_divider_row_set_item:
 * @self: a row
 * @item: (nullable): a line of the timeline
 *
 * Shows a line.
 */
void
tea_divider_row_set_item (TeaDividerRow *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_DIVIDER_ROW (self));
  g_return_if_fail (item == NULL || TEA_IS_TIMELINE_ITEM (item));

  g_set_object (&self->item, item);

  if (item != NULL)
    update (self);
}
