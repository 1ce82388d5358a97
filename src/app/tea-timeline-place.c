/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-place.h"

#include <math.h>

/* How often one allocation may move the list before it leaves the rest to the next:
 * 1 or 2 are usual, a jump over a hundred thousand rows takes up to 6. */
#define MAX_PASSES 10

/* How near the end is at the end, in pixels. */
#define END_TOLERANCE 1

struct _TeaTimelinePlace
{
  TeaRowList *rows; /* (unowned) */
  GtkWidget *page;  /* (unowned): what the list is seen through */

  gboolean stick;  /* stays at the end; if not, the anchor stays */
  GObject *anchor; /* (owned) (nullable): the item that keeps its place */
  guint anchor_position;
  double anchor_y;
  gboolean centre; /* the anchor has yet to be brought to the middle */

  double scrolled; /* how far somebody has scrolled since the last allocation */
};

static void
forget_anchor (TeaTimelinePlace *self)
{
  g_clear_object (&self->anchor);
  self->centre = FALSE;
}

static void
take_anchor (TeaTimelinePlace *self, gpointer item, guint position, double y)
{
  g_set_object (&self->anchor, item);
  self->anchor_position = position;
  self->anchor_y = y;
}

static void
go_to_anchor (TeaTimelinePlace *self, gpointer item, guint position, double y)
{
  take_anchor (self, item, position, y);
  self->stick = FALSE;
  self->centre = FALSE;
  self->scrolled = 0;
}

/* The first line that can be seen from its top is the one that stays, until the reader
 * scrolls: so narrowing and widening come back to where they began. */
static void
choose_anchor (TeaTimelinePlace *self)
{
  gpointer item = tea_row_list_find_first (self->rows, self->page);
  graphene_rect_t bounds;

  if (item != NULL && tea_row_list_get_bounds (self->rows, item, self->page, &bounds))
    take_anchor (self, item, tea_row_list_get_position (self->rows, item), bounds.origin.y);
}

/* GtkListView forgets how high rows are when it is moved, until it is allocated: a second
 * move before that would lead anywhere. So what is scrolled is kept until then, and then it
 * is a row the reader saw, and goes on to see, that moves by as much, whatever has come or
 * gone meanwhile. */
static void
apply_scroll (TeaTimelinePlace *self)
{
  double scrolled = self->scrolled;
  graphene_rect_t bounds;
  gpointer item;

  if (self->anchor != NULL
      && tea_row_list_get_bounds (self->rows, self->anchor, self->page, &bounds))
    scrolled += bounds.origin.y - self->anchor_y;

  item = scrolled > 0 ? tea_row_list_find_last (self->rows, self->page)
                      : tea_row_list_find_first (self->rows, self->page);
  if (item != NULL && tea_row_list_get_bounds (self->rows, item, self->page, &bounds))
    take_anchor (self, item, tea_row_list_get_position (self->rows, item),
                 bounds.origin.y - scrolled);

  tea_row_list_move (self->rows, tea_row_list_get_value (self->rows) + scrolled);
  self->scrolled = 0;
}

/* The next time that something changes it is the first row in view that stays. */
static void
renew_anchor (TeaTimelinePlace *self)
{
  double rest = 0;
  graphene_rect_t bounds;

  /* Rows lie on whole pixels, but who scrolls by less than one gets somewhere as well. */
  if (self->anchor != NULL
      && tea_row_list_get_bounds (self->rows, self->anchor, self->page, &bounds))
    rest = self->anchor_y - bounds.origin.y;

  forget_anchor (self);
  choose_anchor (self);
  self->anchor_y += rest;
}

static gboolean
settle_at_end (TeaTimelinePlace *self)
{
  GListModel *model = tea_row_list_get_model (self->rows);
  guint n = model != NULL ? g_list_model_get_n_items (model) : 0;
  g_autoptr (GObject) last = NULL;

  if (n == 0)
    return FALSE;

  last = g_list_model_get_item (model, n - 1);
  if (!tea_row_list_is_bound (self->rows, last))
    {
      tea_row_list_show (self->rows, n - 1);
      return TRUE;
    }

  return tea_row_list_move (self->rows, tea_row_list_get_end (self->rows));
}

static gboolean
settle_at_anchor (TeaTimelinePlace *self, int height)
{
  guint position = tea_row_list_get_position (self->rows, self->anchor);
  graphene_rect_t bounds;
  double way;

  if (position != GTK_INVALID_LIST_POSITION)
    self->anchor_position = position;

  if (!tea_row_list_get_bounds (self->rows, self->anchor, self->page, &bounds))
    {
      tea_row_list_show (self->rows, self->anchor_position);
      return TRUE;
    }

  if (self->centre)
    self->anchor_y = MAX (0, floor ((height - bounds.size.height) / 2));

  way = bounds.origin.y - self->anchor_y;
  if (fabs (way) <= 0.5)
    return FALSE;
  if (tea_row_list_move (self->rows, tea_row_list_get_value (self->rows) + round (way)))
    return TRUE;

  /* At an end of the list there is nothing more to be had. */
  self->anchor_y = bounds.origin.y;
  return FALSE;
}

/* Moves the list towards where it has to be. Returns whether it moved. */
static gboolean
settle (TeaTimelinePlace *self, int height)
{
  if (self->stick)
    return settle_at_end (self);
  if (self->anchor != NULL)
    return settle_at_anchor (self, height);

  return FALSE;
}

/**
 * tea_timeline_place_new:
 * @rows: a list that is allocated by the place only
 * @page: the widget the list is seen through
 *
 * Neither of them is owned; they have to outlive the place.
 *
 * Returns: (transfer full): a place at the end
 */
TeaTimelinePlace *
tea_timeline_place_new (TeaRowList *rows, GtkWidget *page)
{
  TeaTimelinePlace *self = g_new0 (TeaTimelinePlace, 1);

  self->rows = rows;
  self->page = page;
  self->stick = TRUE;

  return self;
}

/**
 * tea_timeline_place_free:
 * @self: (transfer full): a place
 */
void
tea_timeline_place_free (TeaTimelinePlace *self)
{
  forget_anchor (self);
  g_free (self);
}

/**
 * tea_timeline_place_go_to_end:
 * @self: a place
 *
 * Goes to the end and stays there.
 */
void
tea_timeline_place_go_to_end (TeaTimelinePlace *self)
{
  forget_anchor (self);
  self->scrolled = 0;
  self->stick = TRUE;
}

/**
 * tea_timeline_place_go_to_middle:
 * @self: a place
 * @item: an item of the list
 * @position: where it is
 *
 * Brings a row to the middle, or as near to it as the ends of the list allow.
 */
void
tea_timeline_place_go_to_middle (TeaTimelinePlace *self, gpointer item, guint position)
{
  go_to_anchor (self, item, position, 0);
  self->centre = TRUE;
}

/**
 * tea_timeline_place_go_into_view:
 * @self: a place
 * @item: an item of the list that has a row
 *
 * Brings all of a row into view.
 *
 * Returns: whether there is anything to be done for that
 */
gboolean
tea_timeline_place_go_into_view (TeaTimelinePlace *self, gpointer item)
{
  double height = gtk_widget_get_height (self->page);
  graphene_rect_t bounds;
  double y;

  if (!tea_row_list_get_bounds (self->rows, item, self->page, &bounds))
    y = 0;
  else if (bounds.origin.y < 0 && bounds.size.height < height)
    y = 0;
  else if (bounds.origin.y + bounds.size.height > height)
    y = MAX (0, height - bounds.size.height);
  else
    return FALSE;

  go_to_anchor (self, item, tea_row_list_get_position (self->rows, item), y);

  return TRUE;
}

/**
 * tea_timeline_place_scroll:
 * @self: a place
 * @delta: how far down, in pixels
 *
 * Moves the place as somebody has scrolled.
 */
void
tea_timeline_place_scroll (TeaTimelinePlace *self, double delta)
{
  /* A jump that is still to come wins. */
  if (self->centre)
    return;

  if (self->anchor == NULL)
    choose_anchor (self);
  self->scrolled += delta;
  self->stick = tea_timeline_place_get_distance (self) <= END_TOLERANCE;
}

/**
 * tea_timeline_place_follow_change:
 * @self: a place
 * @position: where it changed
 * @removed: how many items went
 * @added: how many came
 *
 * To be called when the items of the list have changed, and the list knows it.
 */
void
tea_timeline_place_follow_change (TeaTimelinePlace *self,
                                  guint position,
                                  guint removed,
                                  guint added)
{
  GListModel *model = tea_row_list_get_model (self->rows);

  /* Who sees the end of everything goes along with it, also where it was not scrolling
   * that led there. */
  if (added > 0 && position + added == g_list_model_get_n_items (model)
      && tea_timeline_place_is_at_end (self))
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

/**
 * tea_timeline_place_allocate:
 * @self: a place
 * @width: how wide the page is
 * @height: how high
 *
 * Allocates the list, as often as it takes until the reader is where they have to be.
 */
void
tea_timeline_place_allocate (TeaTimelinePlace *self, int width, int height)
{
  gboolean scrolled = fabs (self->scrolled) > 0;
  graphene_rect_t bounds;

  tea_row_list_allocate (self->rows, width, height);
  if (scrolled)
    {
      /* From where the reader was: the list has its own opinion of that when it is resized. */
      for (int i = 0; i < MAX_PASSES && self->anchor != NULL && settle_at_anchor (self, height);
           i++)
        tea_row_list_allocate (self->rows, width, height);

      apply_scroll (self);
      tea_row_list_allocate (self->rows, width, height);

      /* What has gone that far is not looked for. */
      if (self->anchor != NULL
          && !tea_row_list_get_bounds (self->rows, self->anchor, self->page, &bounds))
        forget_anchor (self);
    }
  for (int i = 0; i < MAX_PASSES && settle (self, height); i++)
    tea_row_list_allocate (self->rows, width, height);

  /* Were it kept while an end of the list is in the way, rows that are put before would
   * set it free. */
  self->centre = FALSE;

  if (self->stick)
    forget_anchor (self);
  else if (scrolled || self->anchor == NULL)
    renew_anchor (self);
}

/**
 * tea_timeline_place_is_at_end:
 * @self: a place
 *
 * Returns: whether the end can be seen
 */
gboolean
tea_timeline_place_is_at_end (TeaTimelinePlace *self)
{
  return self->stick || tea_timeline_place_get_distance (self) <= END_TOLERANCE;
}

/**
 * tea_timeline_place_get_distance:
 * @self: a place
 *
 * Returns: how far away the end is, in pixels
 */
double
tea_timeline_place_get_distance (TeaTimelinePlace *self)
{
  return MAX (0, tea_row_list_get_end (self->rows) - tea_row_list_get_value (self->rows)
                     - self->scrolled);
}
