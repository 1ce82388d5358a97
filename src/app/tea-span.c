/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-span.h"

/**
 * TeaSpan:
 *
 * Says how wide its child is at least, and how wide it would like to be, whatever the child
 * itself says: by that a leaflet or a flap around it folds.
 */
struct _TeaSpan
{
  GtkWidget parent_instance;

  GtkWidget *child; /* (nullable) */
  int minimum;
  int natural;
};

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_MINIMUM,
  PROP_NATURAL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaSpan, tea_span, GTK_TYPE_WIDGET)

static void
set_child (TeaSpan *self, GtkWidget *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static int
get_child_width (TeaSpan *self, int width)
{
  int minimum;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);

  /* A child that is wider than it may be is cut, as in every narrow window. */
  return MAX (width, minimum);
}

static void
tea_span_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  TeaSpan *self = TEA_SPAN (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = self->minimum;
      *natural = MAX (self->natural, self->minimum);
    }
  else if (self->child != NULL)
    gtk_widget_measure (self->child, orientation,
                        for_size < 0 ? for_size : get_child_width (self, for_size), minimum,
                        natural, NULL, NULL);
}

static void
tea_span_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TeaSpan *self = TEA_SPAN (widget);

  if (self->child != NULL)
    gtk_widget_allocate (self->child, get_child_width (self, width), height, baseline, NULL);
}

static GtkSizeRequestMode
tea_span_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* What is in it wants all the room there is: that is for who is around it to give. */
static void
tea_span_compute_expand (GtkWidget *widget, gboolean *hexpand, gboolean *vexpand)
{
  *hexpand = FALSE;
  *vexpand = FALSE;
}

static void
tea_span_dispose (GObject *object)
{
  set_child (TEA_SPAN (object), NULL);

  G_OBJECT_CLASS (tea_span_parent_class)->dispose (object);
}

static void
tea_span_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaSpan *self = TEA_SPAN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_MINIMUM:
      g_value_set_int (value, self->minimum);
      break;
    case PROP_NATURAL:
      g_value_set_int (value, self->natural);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_span_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaSpan *self = TEA_SPAN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    case PROP_MINIMUM:
      self->minimum = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_NATURAL:
      self->natural = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_span_class_init (TeaSpanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tea_span_dispose;
  object_class->get_property = tea_span_get_property;
  object_class->set_property = tea_span_set_property;
  widget_class->compute_expand = tea_span_compute_expand;
  widget_class->get_request_mode = tea_span_get_request_mode;
  widget_class->measure = tea_span_measure;
  widget_class->size_allocate = tea_span_size_allocate;

  /**
   * TeaSpan:child:
   *
   * What is measured for.
   */
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, flags);
  /**
   * TeaSpan:minimum:
   *
   * How wide it is at least, in pixels.
   */
  properties[PROP_MINIMUM] = g_param_spec_int ("minimum", NULL, NULL, 0, G_MAXINT, 0, flags);
  /**
   * TeaSpan:natural:
   *
   * How wide it would like to be, in pixels.
   */
  properties[PROP_NATURAL] = g_param_spec_int ("natural", NULL, NULL, 0, G_MAXINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_span_init (TeaSpan *self)
{
}
