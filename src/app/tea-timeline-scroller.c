/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-scroller.h"

#include <adwaita.h>
#include <math.h>

#include "tea-row-list.h"

/* How often one allocation may move the list before it leaves the rest to the next:
 * 1 or 2 are usual, a jump over a hundred thousand rows takes up to 6. */
#define MAX_PASSES 10

/* How near the end is at the end, in pixels. */
#define END_TOLERANCE 1

#define ANIMATION_DURATION 250

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

  TeaRowList *rows; /* (owned) */

  GtkAdjustment *hadjustment; /* (owned) (nullable) */
  GtkAdjustment *vadjustment; /* (owned) (nullable) */
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;

  GListModel *model; /* (owned) (nullable) */

  double last_value;      /* of vadjustment, when we last knew */
  double scrolled;        /* how far somebody has scrolled since items_changed */
  gboolean items_changed; /* since the last allocation */
  gboolean adjusting;

  gboolean stick;  /* stays at the end; if not, the anchor stays */
  GObject *anchor; /* (owned) (nullable): the item that keeps its place */
  guint anchor_position;
  double anchor_y;
  gboolean centre; /* the anchor has yet to be brought to the middle */

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

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaTimelineScroller,
                               tea_timeline_scroller,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint
count_items (TeaTimelineScroller *self)
{
  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

/* The list asks for a new size while it is moved inside of an allocation. That is
 * settled there and then, but GTK forgets the request only in those parents that are
 * being allocated themselves: so they all have to be. */
static void
queue_layout (TeaTimelineScroller *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static gboolean
shows_end (TeaTimelineScroller *self)
{
  return self->stick || tea_timeline_scroller_get_distance (self) <= END_TOLERANCE;
}

static gboolean
notify_at_end_cb (gpointer user_data)
{
  TeaTimelineScroller *self = user_data;

  self->notify_id = 0;

  if (self->at_end != shows_end (self))
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
  if (self->at_end == shows_end (self))
    return;

  if (!self->adjusting)
    notify_at_end_cb (self);
  else if (self->notify_id == 0)
    self->notify_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, notify_at_end_cb, self, NULL);
}

static void
forget_anchor (TeaTimelineScroller *self)
{
  g_clear_object (&self->anchor);
  self->centre = FALSE;
}

static void
take_anchor (TeaTimelineScroller *self, gpointer item, guint position, double y)
{
  g_set_object (&self->anchor, item);
  self->anchor_position = position;
  self->anchor_y = y;
}

static void
stop_animation (TeaTimelineScroller *self)
{
  if (self->animation == NULL)
    return;

  adw_animation_pause (self->animation);
  g_clear_object (&self->animation);
}

static gboolean
settle_at_end (TeaTimelineScroller *self)
{
  g_autoptr (GObject) last = NULL;
  guint n = count_items (self);

  if (n == 0)
    return FALSE;

  last = g_list_model_get_item (self->model, n - 1);
  if (!tea_row_list_is_bound (self->rows, last))
    {
      tea_row_list_show (self->rows, n - 1);
      return TRUE;
    }

  return tea_row_list_move (self->rows, tea_row_list_get_end (self->rows));
}

static gboolean
settle_at_anchor (TeaTimelineScroller *self, int height)
{
  guint position = tea_row_list_get_position (self->rows, self->anchor);
  graphene_rect_t bounds;

  if (position != GTK_INVALID_LIST_POSITION)
    self->anchor_position = position;

  if (!tea_row_list_get_bounds (self->rows, self->anchor, GTK_WIDGET (self), &bounds))
    {
      tea_row_list_show (self->rows, self->anchor_position);
      return TRUE;
    }

  if (self->centre)
    self->anchor_y = MAX (0, floor ((height - bounds.size.height) / 2));

  if (tea_row_list_move (self->rows, tea_row_list_get_value (self->rows)
                                         + round (bounds.origin.y - self->anchor_y)))
    return TRUE;

  /* At an end of the list there is nothing more to be had. */
  self->anchor_y = bounds.origin.y;
  return FALSE;
}

/* Moves the list towards where it has to be. Returns whether it moved. */
static gboolean
settle (TeaTimelineScroller *self, int height)
{
  if (self->stick)
    return settle_at_end (self);
  if (self->anchor != NULL)
    return settle_at_anchor (self, height);

  return FALSE;
}

/* The first line that can be seen from its top is the one that stays, until the reader
 * scrolls: so narrowing and widening come back to where they began. */
static void
choose_anchor (TeaTimelineScroller *self)
{
  double y;
  gpointer item = tea_row_list_find_first (self->rows, GTK_WIDGET (self), &y);

  if (item != NULL)
    take_anchor (self, item, tea_row_list_get_position (self->rows, item), y);
}

/* Rows may have come in the meantime, of which the value of the list's adjustment does
 * not know yet: it is the line the reader saw that moves by as much as was scrolled. */
static void
apply_scroll (TeaTimelineScroller *self)
{
  double value = tea_row_list_get_value (self->rows) + self->scrolled;
  graphene_rect_t bounds;

  if (self->anchor != NULL
      && tea_row_list_get_bounds (self->rows, self->anchor, GTK_WIDGET (self), &bounds))
    value += round (bounds.origin.y - self->anchor_y);

  tea_row_list_move (self->rows, value);
  forget_anchor (self);
  self->scrolled = 0;
}

static void
update_vadjustment (TeaTimelineScroller *self)
{
  double value;
  double lower;
  double page = tea_row_list_get_page_size (self->rows);

  if (self->vadjustment == NULL)
    return;

  value = gtk_adjustment_get_value (self->vadjustment);
  lower = value - tea_row_list_get_value (self->rows);
  gtk_adjustment_configure (self->vadjustment, value, lower,
                            lower + MAX (tea_row_list_get_upper (self->rows), page), page * 0.1,
                            page * 0.9, page);
  self->last_value = gtk_adjustment_get_value (self->vadjustment);
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

  /* A jump that is still to come wins. */
  if (!self->centre)
    {
      if (self->anchor == NULL && self->items_changed)
        choose_anchor (self);
      if (self->items_changed)
        {
          self->scrolled += delta;
        }
      else
        {
          forget_anchor (self);
          tea_row_list_move (self->rows, tea_row_list_get_value (self->rows) + delta);
        }
      self->stick = FALSE;
      self->stick = shows_end (self);
    }

  queue_layout (self);
  update_at_end (self);
}

static void
items_changed_cb (
    TeaTimelineScroller *self, guint position, guint removed, guint added, GListModel *model)
{
  g_assert (TEA_IS_TIMELINE_SCROLLER (self));

  self->items_changed = TRUE;
  queue_layout (self);

  /* Who sees the end of everything goes along with it, also where it was not scrolling
   * that led there. */
  if (added > 0 && position + added == g_list_model_get_n_items (model) && shows_end (self))
    {
      self->stick = TRUE;
      forget_anchor (self);
      return;
    }

  if (self->anchor == NULL || self->anchor_position < position)
    return;

  if (self->anchor_position >= position + removed)
    {
      self->anchor_position += added - removed;
      return;
    }

  for (guint i = 0; i < added; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, position + i);

      if (item == self->anchor)
        {
          self->anchor_position = position + i;
          return;
        }
    }

  forget_anchor (self);
}

/* The list brings a row that gets the focus into view; that is right for the keyboard
 * and wrong for a click, which lands on what is in view. */
static void
focus_widget_cb (TeaTimelineScroller *self, GParamSpec *pspec, GtkRoot *root)
{
  GtkWidget *focus = gtk_root_get_focus (root);
  gpointer item;
  graphene_rect_t bounds;
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double y;

  g_assert (TEA_IS_TIMELINE_SCROLLER (self));

  if (focus == NULL || !gtk_widget_is_ancestor (focus, tea_row_list_get_widget (self->rows))
      || !gtk_window_get_focus_visible (GTK_WINDOW (root)))
    return;

  item = tea_row_list_find_item (self->rows, focus);
  if (item == NULL)
    return;

  if (!tea_row_list_get_bounds (self->rows, item, GTK_WIDGET (self), &bounds))
    y = 0;
  else if (bounds.origin.y < 0 && bounds.size.height < height)
    y = 0;
  else if (bounds.origin.y + bounds.size.height > height)
    y = MAX (0, height - bounds.size.height);
  else
    return;

  stop_animation (self);
  self->stick = FALSE;
  self->scrolled = 0;
  self->centre = FALSE;
  take_anchor (self, item, tea_row_list_get_position (self->rows, item), y);
  queue_layout (self);
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

  tea_row_list_allocate (self->rows, width, height);
  if (fabs (self->scrolled) > 0)
    {
      apply_scroll (self);
      tea_row_list_allocate (self->rows, width, height);
    }
  for (int i = 0; i < MAX_PASSES && settle (self, height); i++)
    tea_row_list_allocate (self->rows, width, height);

  /* Were it kept while an end of the list is in the way, rows that are put before would
   * set it free. */
  self->centre = FALSE;
  self->items_changed = FALSE;

  if (!self->stick && self->anchor == NULL)
    choose_anchor (self);

  update_vadjustment (self);
  update_at_end (self);

  self->adjusting = FALSE;
}

static void
tea_timeline_scroller_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tea_timeline_scroller_parent_class)->root (widget);

  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-widget",
                           G_CALLBACK (focus_widget_cb), widget, G_CONNECT_SWAPPED);
}

static void
tea_timeline_scroller_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), focus_widget_cb, widget);

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
  g_clear_pointer (&self->rows, tea_row_list_free);
  set_vadjustment (self, NULL);
  g_clear_object (&self->hadjustment);
  forget_anchor (self);

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

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
tea_timeline_scroller_init (TeaTimelineScroller *self)
{
  self->stick = TRUE;
  self->at_end = TRUE;
  self->rows = tea_row_list_new (GTK_WIDGET (self));
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
  g_return_if_fail (TEA_IS_TIMELINE_SCROLLER (self));
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  if (self->model == model)
    return;

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, items_changed_cb, self);

  forget_anchor (self);
  g_set_object (&self->model, model);
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

  return shows_end (self);
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

  if (self->vadjustment == NULL)
    return 0;

  return MAX (0, gtk_adjustment_get_upper (self->vadjustment)
                     - gtk_adjustment_get_page_size (self->vadjustment)
                     - gtk_adjustment_get_value (self->vadjustment));
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

  stop_animation (self);
  distance = tea_timeline_scroller_get_distance (self);

  if (animate && !self->stick && distance > END_TOLERANCE
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

  self->stick = TRUE;
  self->scrolled = 0;
  forget_anchor (self);
  queue_layout (self);
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
  g_autoptr (GObject) item = NULL;

  g_return_if_fail (TEA_IS_TIMELINE_SCROLLER (self));
  g_return_if_fail (position < count_items (self));

  item = g_list_model_get_item (self->model, position);

  stop_animation (self);
  self->stick = FALSE;
  self->scrolled = 0;
  take_anchor (self, item, position, 0);
  self->centre = TRUE;
  queue_layout (self);
}
