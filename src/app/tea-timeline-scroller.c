/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-scroller.h"

#include <adwaita.h>
#include <math.h>

#include "tea-row-list.h"
#include "tea-timeline-place.h"

#define ANIMATION_DURATION 250

/* How far zero may be from between the ends, in pixels. */
#define END_TOLERANCE 1

/**
 * TeaTimelineScroller:
 *
 * A list of rows of any height that stays where its reader is.
 *
 * It is a #GtkScrollable around a [class@Gtk.ListView] and corrects the place of the
 * list inside its own allocation, so that no frame is ever painted in between:
 *
 * - At the end it stays at the end, whatever is appended or changes its height.
 * - Anywhere else the line the reader sees first stays where it is: while rows are
 *   added, removed or changed above or below, and while the width changes.
 * - A short list lies at the bottom.
 *
 * GtkListView guesses the height of rows it has not made, and guesses anew with every
 * frame; its adjustment jumps about accordingly. The list therefore gets an adjustment
 * of its own, and the value of the one that scrolled windows see only ever changes by
 * what somebody scrolled: it is lower and upper that move.
 */
struct _TeaTimelineScroller
{
  GtkWidget parent_instance;

  TeaRowList *rows;        /* (owned) */
  TeaTimelinePlace *place; /* (owned) */

  GtkAdjustment *hadjustment; /* (owned) (nullable) */
  GtkAdjustment *vadjustment; /* (owned) (nullable) */
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;

  double last_value; /* of vadjustment, when we last knew */
  gboolean jumped;   /* since the last allocation, and not by scrolling */
  gboolean adjusting;

  gboolean at_end; /* as last announced */
  guint notify_id;
  AdwAnimation *animation; /* (owned) (nullable) */
  gboolean animating;
};

enum
{
  PROP_0,
  PROP_AT_END,
  N_PROPS,

  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_MOVED,
  SIGNAL_SCROLLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaTimelineScroller,
                               tea_timeline_scroller,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* The list asks for a new size while it is moved inside of an allocation. That is
 * settled there and then, but GTK forgets the request only in those parents that are
 * being allocated themselves: so they all have to be. */
static void
queue_layout (TeaTimelineScroller *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static gboolean
notify_at_end_cb (gpointer user_data)
{
  TeaTimelineScroller *self = user_data;

  self->notify_id = 0;

  if (self->at_end != tea_timeline_place_is_at_end (self->place))
    {
      self->at_end = !self->at_end;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AT_END]);
    }

  return G_SOURCE_REMOVE;
}

/* Whoever listens may want to resize something, which has no place inside of an
 * allocation. */
static void
update_at_end (TeaTimelineScroller *self)
{
  if (self->at_end == tea_timeline_place_is_at_end (self->place))
    return;

  if (!self->adjusting)
    notify_at_end_cb (self);
  else if (self->notify_id == 0)
    self->notify_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, notify_at_end_cb, self, NULL);
}

static void
stop_animation (TeaTimelineScroller *self)
{
  if (self->animation == NULL)
    return;

  adw_animation_pause (self->animation);
  g_clear_object (&self->animation);
}

/* Nothing that is under way may go on from another place. */
static void
stop_scrolling (TeaTimelineScroller *self)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);

  stop_animation (self);

  /* What keys have begun. */
  if (self->vadjustment != NULL)
    gtk_adjustment_set_value (self->vadjustment, gtk_adjustment_get_value (self->vadjustment));

  /* What was pushed, and slows down. */
  if (scrolled != NULL
      && gtk_scrolled_window_get_kinetic_scrolling (GTK_SCROLLED_WINDOW (scrolled)))
    {
      gtk_scrolled_window_set_kinetic_scrolling (GTK_SCROLLED_WINDOW (scrolled), FALSE);
      gtk_scrolled_window_set_kinetic_scrolling (GTK_SCROLLED_WINDOW (scrolled), TRUE);
    }
}

/* GtkScrolledWindow pulls beyond the ends, and lets go of that with a formula that is right
 * only where zero is between them: elsewhere it ends up anywhere. So zero is put into the
 * middle when somebody jumps, and once the ends have moved away from it. */
static void
update_vadjustment (TeaTimelineScroller *self)
{
  double place = tea_row_list_get_value (self->rows);
  double end = tea_row_list_get_end (self->rows);
  double page = tea_row_list_get_page_size (self->rows);
  double value;
  double lower;
  double upper;

  if (self->vadjustment == NULL)
    return;

  value = gtk_adjustment_get_value (self->vadjustment);
  if (self->jumped || value - place > END_TOLERANCE || value - place + end < -END_TOLERANCE)
    {
      stop_scrolling (self);
      value = floor (place - end / 2);
      self->jumped = FALSE;
    }

  lower = value - place;
  upper = lower + end + page;
  if (fabs (value - gtk_adjustment_get_value (self->vadjustment)) > 0
      || fabs (lower - gtk_adjustment_get_lower (self->vadjustment)) > 0
      || fabs (upper - gtk_adjustment_get_upper (self->vadjustment)) > 0
      || fabs (page - gtk_adjustment_get_page_size (self->vadjustment)) > 0)
    {
      gtk_adjustment_configure (self->vadjustment, value, lower, upper, page * 0.1, page * 0.9,
                                page);
      /* Who pulled beyond an end that is no more begins anew from where we are. */
      g_signal_emit_by_name (self->vadjustment, "value-changed");
      g_signal_emit (self, signals[SIGNAL_MOVED], 0);
    }
  self->last_value = gtk_adjustment_get_value (self->vadjustment);
}

/* To be called when the place is another than the one that was scrolled to. */
static void
jump (TeaTimelineScroller *self)
{
  stop_scrolling (self);
  self->jumped = TRUE;
  queue_layout (self);
}

static void
value_changed_cb (TeaTimelineScroller *self, GtkAdjustment *adjustment)
{
  double delta;

  g_assert (TEA_IS_TIMELINE_SCROLLER (self));

  if (self->adjusting)
    return;

  if (!self->animating)
    stop_animation (self);

  delta = gtk_adjustment_get_value (adjustment) - self->last_value;
  self->last_value = gtk_adjustment_get_value (adjustment);

  tea_timeline_place_scroll (self->place, delta);
  queue_layout (self);
  update_at_end (self);
  g_signal_emit (self, signals[SIGNAL_SCROLLED], 0);
}

static void
items_changed_cb (
    TeaTimelineScroller *self, guint position, guint removed, guint added, GListModel *model)
{
  g_assert (TEA_IS_TIMELINE_SCROLLER (self));

  tea_timeline_place_follow_change (self->place, position, removed, added);
  queue_layout (self);
}

/* The list brings a row that gets the focus into view; that is right for the keyboard
 * and wrong for a click, which lands on what is in view. Which of them it was is known
 * only after the focus has moved where the last was a click. */
static void
focus_changed_cb (TeaTimelineScroller *self, GParamSpec *pspec, GtkRoot *root)
{
  GtkWidget *focus = gtk_root_get_focus (root);
  gpointer item;

  g_assert (TEA_IS_TIMELINE_SCROLLER (self));

  if (focus == NULL || !gtk_widget_is_ancestor (focus, tea_row_list_get_widget (self->rows))
      || !gtk_window_get_focus_visible (GTK_WINDOW (root)))
    return;

  item = tea_row_list_find_item (self->rows, focus);
  if (item != NULL && tea_timeline_place_go_into_view (self->place, item))
    jump (self);
}

static void
animate_cb (double distance, gpointer user_data)
{
  TeaTimelineScroller *self = user_data;

  if (self->vadjustment == NULL)
    return;

  self->animating = TRUE;
  gtk_adjustment_set_value (self->vadjustment,
                            gtk_adjustment_get_upper (self->vadjustment)
                                - gtk_adjustment_get_page_size (self->vadjustment) - distance);
  self->animating = FALSE;
}

static void
animation_done_cb (TeaTimelineScroller *self, AdwAnimation *animation)
{
  g_assert (TEA_IS_TIMELINE_SCROLLER (self));

  g_clear_object (&self->animation);
  tea_timeline_scroller_scroll_to_end (self, FALSE);
}

static void
set_vadjustment (TeaTimelineScroller *self, GtkAdjustment *adjustment)
{
  if (self->vadjustment != NULL)
    g_signal_handlers_disconnect_by_func (self->vadjustment, value_changed_cb, self);

  g_set_object (&self->vadjustment, adjustment);

  if (adjustment != NULL)
    {
      self->last_value = gtk_adjustment_get_value (adjustment);
      g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }

  queue_layout (self);
}

static void
tea_timeline_scroller_measure (GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  TeaTimelineScroller *self = TEA_TIMELINE_SCROLLER (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    gtk_widget_measure (tea_row_list_get_widget (self->rows), orientation, -1, minimum, natural,
                        NULL, NULL);
  else
    *minimum = *natural = 0;
}

static void
tea_timeline_scroller_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TeaTimelineScroller *self = TEA_TIMELINE_SCROLLER (widget);

  self->adjusting = TRUE;

  tea_timeline_place_allocate (self->place, width, height);
  update_vadjustment (self);
  update_at_end (self);

  self->adjusting = FALSE;
}

/* Who comes from elsewhere begins with the newest they see, if they see any: the list
 * would begin with the oldest of all. */
static gboolean
tea_timeline_scroller_focus (GtkWidget *widget, GtkDirectionType direction)
{
  TeaTimelineScroller *self = TEA_TIMELINE_SCROLLER (widget);
  gpointer item;

  if (gtk_widget_get_focus_child (widget) == NULL)
    {
      item = tea_row_list_find_last (self->rows, widget);
      return item != NULL && tea_row_list_focus (self->rows, item);
    }

  return GTK_WIDGET_CLASS (tea_timeline_scroller_parent_class)->focus (widget, direction);
}

static void
tea_timeline_scroller_root (GtkWidget *widget)
{
  GtkRoot *root;

  GTK_WIDGET_CLASS (tea_timeline_scroller_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  g_signal_connect_object (root, "notify::focus-widget", G_CALLBACK (focus_changed_cb), widget,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (root, "notify::focus-visible", G_CALLBACK (focus_changed_cb), widget,
                           G_CONNECT_SWAPPED);
}

static void
tea_timeline_scroller_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), focus_changed_cb, widget);

  GTK_WIDGET_CLASS (tea_timeline_scroller_parent_class)->unroot (widget);
}

static void
tea_timeline_scroller_dispose (GObject *object)
{
  TeaTimelineScroller *self = TEA_TIMELINE_SCROLLER (object);

  stop_animation (self);
  g_clear_handle_id (&self->notify_id, g_source_remove);
  if (self->rows != NULL)
    tea_timeline_scroller_set_model (self, NULL);
  set_vadjustment (self, NULL);
  g_clear_object (&self->hadjustment);
  g_clear_pointer (&self->place, tea_timeline_place_free);
  g_clear_pointer (&self->rows, tea_row_list_free);

  G_OBJECT_CLASS (tea_timeline_scroller_parent_class)->dispose (object);
}

static void
tea_timeline_scroller_get_property (GObject *object,
                                    guint prop_id,
                                    GValue *value,
                                    GParamSpec *pspec)
{
  TeaTimelineScroller *self = TEA_TIMELINE_SCROLLER (object);

  switch (prop_id)
    {
    case PROP_AT_END:
      g_value_set_boolean (value, self->at_end);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, (int) self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, (int) self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_timeline_scroller_set_property (GObject *object,
                                    guint prop_id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  TeaTimelineScroller *self = TEA_TIMELINE_SCROLLER (object);

  switch (prop_id)
    {
    case PROP_HADJUSTMENT:
      g_set_object (&self->hadjustment, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_vadjustment (self, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_timeline_scroller_class_init (TeaTimelineScrollerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_timeline_scroller_dispose;
  object_class->get_property = tea_timeline_scroller_get_property;
  object_class->set_property = tea_timeline_scroller_set_property;
  widget_class->measure = tea_timeline_scroller_measure;
  widget_class->size_allocate = tea_timeline_scroller_size_allocate;
  widget_class->focus = tea_timeline_scroller_focus;
  widget_class->root = tea_timeline_scroller_root;
  widget_class->unroot = tea_timeline_scroller_unroot;

  /**
   * TeaTimelineScroller:at-end:
   *
   * Whether the end can be seen, and will stay in view.
   */
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, TRUE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaTimelineScroller::moved:
   * @self: the scroller
   *
   * What is shown has another place or size. Sent inside of an allocation.
   */
  signals[SIGNAL_MOVED] = g_signal_new ("moved", TEA_TYPE_TIMELINE_SCROLLER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaTimelineScroller::scrolled:
   * @self: the scroller
   *
   * Somebody has scrolled.
   */
  signals[SIGNAL_SCROLLED] = g_signal_new ("scrolled", TEA_TYPE_TIMELINE_SCROLLER,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
tea_timeline_scroller_init (TeaTimelineScroller *self)
{
  self->at_end = TRUE;
  self->rows = tea_row_list_new (GTK_WIDGET (self));
  self->place = tea_timeline_place_new (self->rows, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * tea_timeline_scroller_new:
 *
 * Returns: (transfer full): a scroller that shows nothing
 */
GtkWidget *
tea_timeline_scroller_new (void)
{
  return g_object_new (TEA_TYPE_TIMELINE_SCROLLER, NULL);
}

/**
 * tea_timeline_scroller_set_factory:
 * @self: a scroller
 * @factory: (transfer none): a [class@Gtk.SignalListItemFactory]
 *
 * Sets what makes the rows. Can be done once.
 */
void
tea_timeline_scroller_set_factory (TeaTimelineScroller *self, GtkListItemFactory *factory)
{
  g_return_if_fail (TEA_IS_TIMELINE_SCROLLER (self));

  tea_row_list_set_factory (self->rows, factory);
}

/**
 * tea_timeline_scroller_set_model:
 * @self: a scroller
 * @model: (nullable) (transfer none): what to show; its items have to stay the same
 *   objects for as long as they are in it
 *
 * Sets what is shown, and goes to its end.
 */
void
tea_timeline_scroller_set_model (TeaTimelineScroller *self, GListModel *model)
{
  GListModel *old;

  g_return_if_fail (TEA_IS_TIMELINE_SCROLLER (self));
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  old = tea_row_list_get_model (self->rows);
  if (old == model)
    return;

  if (old != NULL)
    g_signal_handlers_disconnect_by_func (old, items_changed_cb, self);

  tea_row_list_set_model (self->rows, model);

  /* After the list: it has to know the change already. */
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  tea_timeline_scroller_scroll_to_end (self, FALSE);
}

/**
 * tea_timeline_scroller_get_at_end:
 * @self: a scroller
 *
 * Returns: whether the end can be seen
 */
gboolean
tea_timeline_scroller_get_at_end (TeaTimelineScroller *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_SCROLLER (self), FALSE);

  return tea_timeline_place_is_at_end (self->place);
}

/**
 * tea_timeline_scroller_get_distance:
 * @self: a scroller
 *
 * Returns: how far away the end is, in pixels
 */
double
tea_timeline_scroller_get_distance (TeaTimelineScroller *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_SCROLLER (self), 0);

  return tea_timeline_place_get_distance (self->place);
}

/**
 * tea_timeline_scroller_get_row:
 * @self: a scroller
 * @item: an item of the model
 *
 * Returns: (transfer none) (nullable): the row that shows @item, if there is one
 */
GtkWidget *
tea_timeline_scroller_get_row (TeaTimelineScroller *self, gpointer item)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_SCROLLER (self), NULL);

  return tea_row_list_get_row (self->rows, item);
}

/**
 * tea_timeline_scroller_get_seen:
 * @self: a scroller
 * @first: (out): the position of the first row that can be seen
 * @last: (out): that of the last
 *
 * Returns: whether any can
 */
gboolean
tea_timeline_scroller_get_seen (TeaTimelineScroller *self, guint *first, guint *last)
{
  gpointer first_item;
  gpointer last_item;

  g_return_val_if_fail (TEA_IS_TIMELINE_SCROLLER (self), FALSE);
  g_return_val_if_fail (first != NULL && last != NULL, FALSE);

  first_item = tea_row_list_find_first (self->rows, GTK_WIDGET (self));
  last_item = tea_row_list_find_last (self->rows, GTK_WIDGET (self));
  if (first_item == NULL || last_item == NULL)
    return FALSE;

  *first = tea_row_list_get_position (self->rows, first_item);
  *last = tea_row_list_get_position (self->rows, last_item);

  return *first <= *last;
}

/**
 * tea_timeline_scroller_scroll_to_end:
 * @self: a scroller
 * @animate: whether to be seen scrolling, if it is no further than a page
 *
 * Goes to the end and stays there.
 */
void
tea_timeline_scroller_scroll_to_end (TeaTimelineScroller *self, gboolean animate)
{
  double distance;

  g_return_if_fail (TEA_IS_TIMELINE_SCROLLER (self));

  stop_scrolling (self);
  distance = tea_timeline_scroller_get_distance (self);

  if (animate && !tea_timeline_place_is_at_end (self->place)
      && distance <= tea_row_list_get_page_size (self->rows)
      && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->animation
          = adw_timed_animation_new (GTK_WIDGET (self), distance, 0, ANIMATION_DURATION,
                                     adw_callback_animation_target_new (animate_cb, self, NULL));
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
      g_signal_connect_object (self->animation, "done", G_CALLBACK (animation_done_cb), self,
                               G_CONNECT_SWAPPED);
      adw_animation_play (self->animation);
      return;
    }

  tea_timeline_place_go_to_end (self->place);
  jump (self);
  update_at_end (self);
}

/**
 * tea_timeline_scroller_scroll_to:
 * @self: a scroller
 * @position: a position in the model
 *
 * Brings a row to the middle, or as near to it as the ends of the list allow.
 */
void
tea_timeline_scroller_scroll_to (TeaTimelineScroller *self, guint position)
{
  GListModel *model;
  g_autoptr (GObject) item = NULL;

  g_return_if_fail (TEA_IS_TIMELINE_SCROLLER (self));
  model = tea_row_list_get_model (self->rows);
  g_return_if_fail (model != NULL && position < g_list_model_get_n_items (model));

  item = g_list_model_get_item (model, position);

  tea_timeline_place_go_to_middle (self->place, item, position);
  jump (self);
}
