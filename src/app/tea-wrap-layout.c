/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-wrap-layout.h"

/**
 * TeaWrapLayout:
 *
 * Puts children side by side, each as wide as it likes to be, and goes on in another line
 * where they do not fit.
 */
struct _TeaWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
  GtkAlign align;
};

G_DEFINE_FINAL_TYPE (TeaWrapLayout, tea_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Some children that share a line. */
typedef struct
{
  GtkWidget *first; /* (nullable): %NULL where there are no more */
  GtkWidget *end;   /* (nullable): the first of the next line */
  int width;
  int height;
} Line;

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);

  return child;
}

static int
get_natural (GtkWidget *child, GtkOrientation orientation)
{
  int natural;

  gtk_widget_measure (child, orientation, -1, NULL, &natural, NULL, NULL);

  return natural;
}

/* Takes as many children as fit, and always one. */
static Line
take_line (TeaWrapLayout *self, GtkWidget *child, int width)
{
  Line line = { .first = skip_hidden (child) };

  for (child = line.first; child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      int child_width = get_natural (child, GTK_ORIENTATION_HORIZONTAL);
      int longer = child == line.first ? child_width : line.width + self->spacing + child_width;

      if (child != line.first && longer > width)
        break;

      line.width = longer;
      line.height = MAX (line.height, get_natural (child, GTK_ORIENTATION_VERTICAL));
    }
  line.end = child;

  return line;
}

static GtkSizeRequestMode
tea_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tea_wrap_layout_measure (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  TeaWrapLayout *self = TEA_WRAP_LAYOUT (manager);
  GtkWidget *first = gtk_widget_get_first_child (widget);
  int size = 0;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 0;
      for (GtkWidget *child = skip_hidden (first); child != NULL;
           child = skip_hidden (gtk_widget_get_next_sibling (child)))
        *minimum = MAX (*minimum, get_natural (child, GTK_ORIENTATION_HORIZONTAL));
      *natural = take_line (self, first, G_MAXINT).width;
      return;
    }

  for (Line line = take_line (self, first, for_size < 0 ? G_MAXINT : for_size); line.first != NULL;
       line = take_line (self, line.end, for_size < 0 ? G_MAXINT : for_size))
    size += (size > 0 ? self->spacing : 0) + line.height;
  *minimum = *natural = size;
}

static void
tea_wrap_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  TeaWrapLayout *self = TEA_WRAP_LAYOUT (manager);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int y = 0;

  for (Line line = take_line (self, gtk_widget_get_first_child (widget), width); line.first != NULL;
       line = take_line (self, line.end, width))
    {
      int x = self->align == GTK_ALIGN_END ? width - line.width : 0;

      for (GtkWidget *child = line.first; child != line.end;
           child = skip_hidden (gtk_widget_get_next_sibling (child)))
        {
          int child_width = get_natural (child, GTK_ORIENTATION_HORIZONTAL);

          gtk_widget_size_allocate (child,
                                    &(GtkAllocation){ rtl ? width - x - child_width : x, y,
                                                      child_width, line.height },
                                    -1);
          x += child_width + self->spacing;
        }
      y += line.height + self->spacing;
    }
}

static void
tea_wrap_layout_class_init (TeaWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = tea_wrap_layout_get_request_mode;
  layout_class->measure = tea_wrap_layout_measure;
  layout_class->allocate = tea_wrap_layout_allocate;
}

static void
tea_wrap_layout_init (TeaWrapLayout *self)
{
  self->align = GTK_ALIGN_START;
}

/**
 * tea_wrap_layout_set_spacing:
 * @self: a layout
 * @spacing: how far children, and lines, are from each other, in px
 */
void
tea_wrap_layout_set_spacing (TeaWrapLayout *self, int spacing)
{
  g_return_if_fail (TEA_IS_WRAP_LAYOUT (self));

  self->spacing = spacing;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

/**
 * tea_wrap_layout_set_align:
 * @self: a layout
 * @align: %GTK_ALIGN_START or %GTK_ALIGN_END: where lines are that do not fill the width
 */
void
tea_wrap_layout_set_align (TeaWrapLayout *self, GtkAlign align)
{
  g_return_if_fail (TEA_IS_WRAP_LAYOUT (self));

  if (self->align == align)
    return;

  self->align = align;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}
