/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where rows are is looked at in every frame that is painted, after it is painted: a
 * list that is right only in the end has jumped before. */

#include <gtk/gtk.h>
#include <math.h>

#include "tea-timeline-scroller.h"

#define N_ITEMS 100000
#define WIDTH 700
#define HEIGHT 600
#define TOLERANCE 1.0
#define MAX_ROWS 210
#define FRAME_LIMIT_SECONDS 20

/* A line of the model, of as many words as its number says. */

#define TEST_TYPE_ITEM (test_item_get_type ())
G_DECLARE_FINAL_TYPE (TestItem, test_item, TEST, ITEM, GObject)

struct _TestItem
{
  GObject parent_instance;

  int id;
  int words;
};

static int live_items;
static int most_live_items;
static guint changed_signal;

G_DEFINE_FINAL_TYPE (TestItem, test_item, G_TYPE_OBJECT)

static void
test_item_finalize (GObject *object)
{
  live_items--;

  G_OBJECT_CLASS (test_item_parent_class)->finalize (object);
}

static void
test_item_class_init (TestItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_item_finalize;
  changed_signal = g_signal_new ("changed", TEST_TYPE_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
test_item_init (TestItem *self)
{
  live_items++;
  most_live_items = MAX (most_live_items, live_items);
}

/* A hundred thousand of them, made when asked for. */

#define TEST_TYPE_MODEL (test_model_get_type ())
G_DECLARE_FINAL_TYPE (TestModel, test_model, TEST, MODEL, GObject)

struct _TestModel
{
  GObject parent_instance;

  int first; /* the number of the first item */
  guint n_items;
  GHashTable *items; /* number → TestItem, those alive (unowned) */
  GHashTable *words; /* number → words, where changed */
};

static GType
test_model_get_item_type (GListModel *model)
{
  return TEST_TYPE_ITEM;
}

static guint
test_model_get_n_items (GListModel *model)
{
  return TEST_MODEL (model)->n_items;
}

static gboolean
is_item (gpointer key, gpointer value, gpointer user_data)
{
  return value == user_data;
}

static void
forget_item_cb (gpointer user_data, GObject *item)
{
  g_hash_table_foreach_remove (user_data, is_item, item);
}

static gpointer
test_model_get_item (GListModel *model, guint position)
{
  TestModel *self = TEST_MODEL (model);
  int id = self->first + (int) position;
  TestItem *item;
  gpointer words;

  if (position >= self->n_items)
    return NULL;

  item = g_hash_table_lookup (self->items, GINT_TO_POINTER (id));
  if (item != NULL)
    return g_object_ref (item);

  item = g_object_new (TEST_TYPE_ITEM, NULL);
  item->id = id;
  if (g_hash_table_lookup_extended (self->words, GINT_TO_POINTER (id), NULL, &words))
    item->words = GPOINTER_TO_INT (words);
  else
    item->words = 1
                  + (int) (((guint) id * 2654435761u >> 16) % 30 == 0
                               ? 350
                               : ((guint) id * 2654435761u >> 18) % 80);
  g_hash_table_insert (self->items, GINT_TO_POINTER (id), item);
  g_object_weak_ref (G_OBJECT (item), forget_item_cb, self->items);

  return item;
}

static void
test_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = test_model_get_item_type;
  iface->get_n_items = test_model_get_n_items;
  iface->get_item = test_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestModel,
                               test_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      test_model_list_model_init))

static void
test_model_finalize (GObject *object)
{
  TestModel *self = TEST_MODEL (object);

  g_assert_cmpuint (g_hash_table_size (self->items), ==, 0);
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->words);

  G_OBJECT_CLASS (test_model_parent_class)->finalize (object);
}

static void
test_model_class_init (TestModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_model_finalize;
}

static void
test_model_init (TestModel *self)
{
  self->n_items = N_ITEMS;
  self->items = g_hash_table_new (NULL, NULL);
  self->words = g_hash_table_new (NULL, NULL);
}

static void
test_model_append (TestModel *self, guint n)
{
  self->n_items += n;
  g_list_model_items_changed (G_LIST_MODEL (self), self->n_items - n, 0, n);
}

static void
test_model_prepend (TestModel *self, guint n)
{
  self->first -= (int) n;
  self->n_items += n;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);
}

static void
test_model_edit (TestModel *self, int id, int words)
{
  TestItem *item = g_hash_table_lookup (self->items, GINT_TO_POINTER (id));

  g_hash_table_insert (self->words, GINT_TO_POINTER (id), GINT_TO_POINTER (words));
  if (item == NULL)
    return;

  item->words = words;
  g_signal_emit (item, changed_signal, 0);
}

/* The row of one: as high as its words need, without any text to lay out. */

#define TEST_TYPE_ROW (test_row_get_type ())
G_DECLARE_FINAL_TYPE (TestRow, test_row, TEST, ROW, GtkWidget)

struct _TestRow
{
  GtkWidget parent_instance;

  TestItem *item; /* (unowned) (nullable) */
};

static int rows_made;

G_DEFINE_FINAL_TYPE (TestRow, test_row, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
test_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
test_row_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  TestRow *self = TEST_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = 100;
      return;
    }

  *minimum = *natural
      = 5 + 17 * (1 + (self->item != NULL ? self->item->words * 41 / MAX (for_size, 100) : 0));
}

static void
test_row_class_init (TestRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->get_request_mode = test_row_get_request_mode;
  GTK_WIDGET_CLASS (klass)->measure = test_row_measure;
}

static void
test_row_init (TestRow *self)
{
  rows_made++;
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, g_object_new (TEST_TYPE_ROW, NULL));
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  TestRow *row = TEST_ROW (gtk_list_item_get_child (list_item));

  row->item = gtk_list_item_get_item (list_item);
  g_signal_connect_object (row->item, "changed", G_CALLBACK (gtk_widget_queue_resize), row,
                           G_CONNECT_SWAPPED);
  gtk_widget_queue_resize (GTK_WIDGET (row));
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  TestRow *row = TEST_ROW (gtk_list_item_get_child (list_item));

  g_signal_handlers_disconnect_by_func (row->item, gtk_widget_queue_resize, row);
  row->item = NULL;
}

/* What every test begins with. */

typedef struct
{
  TestModel *model;
  GtkWidget *window;
  GtkWidget *scrolled;
  TeaTimelineScroller *scroller;
  GtkAdjustment *adjustment;

  gboolean expect_end; /* the newest row is at the bottom */
  TestItem *tracked;   /* (owned) (nullable) */
  double expected_y;   /* of the tracked row */
  double worst;        /* error */
  guint n_frames;
  gint64 slowest;
  gint64 frame_start;
  gboolean painted;
  gboolean late;
} Fixture;

static gboolean
get_row_bounds (Fixture *fixture, gpointer item, graphene_rect_t *bounds)
{
  GtkWidget *row = tea_timeline_scroller_get_row (fixture->scroller, item);

  return row != NULL && gtk_widget_get_mapped (row)
         && gtk_widget_compute_bounds (row, GTK_WIDGET (fixture->scroller), bounds);
}

static void
note_error (Fixture *fixture, double error)
{
  fixture->worst = MAX (fixture->worst, fabs (error));
  if (fabs (error) > TOLERANCE)
    g_test_message ("frame %u is off by %g", fixture->n_frames, error);
}

static void
before_paint_cb (Fixture *fixture)
{
  fixture->frame_start = g_get_monotonic_time ();
}

static void
after_paint_cb (Fixture *fixture)
{
  graphene_rect_t bounds;
  double height = gtk_widget_get_height (GTK_WIDGET (fixture->scroller));

  fixture->painted = TRUE;
  fixture->n_frames++;
  fixture->slowest = MAX (fixture->slowest, g_get_monotonic_time () - fixture->frame_start);

  if (fixture->expect_end)
    {
      g_autoptr (TestItem) newest
          = g_list_model_get_item (G_LIST_MODEL (fixture->model), fixture->model->n_items - 1);

      if (get_row_bounds (fixture, newest, &bounds))
        note_error (fixture, bounds.origin.y + bounds.size.height - height);
      else
        note_error (fixture, G_MAXINT);
    }

  if (fixture->tracked != NULL)
    {
      if (get_row_bounds (fixture, fixture->tracked, &bounds))
        note_error (fixture, bounds.origin.y - fixture->expected_y);
      else
        note_error (fixture, G_MAXINT);
    }
}

static gboolean
late_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->late = TRUE;

  return G_SOURCE_CONTINUE;
}

/* Waits until the next frame is painted. */
static void
paint (Fixture *fixture)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);

  fixture->painted = FALSE;
  fixture->late = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (fixture->scroller));
  while (!fixture->painted && !fixture->late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);

  g_assert_false (fixture->late);
}

static void
paint_frames (Fixture *fixture, guint n)
{
  while (n-- > 0)
    paint (fixture);
}

/* Follows the first row whose top is at least @from pixels down, which is to stay where
 * it is. */
static void
track (Fixture *fixture, double from)
{
  graphene_rect_t bounds;
  double best = G_MAXDOUBLE;
  GHashTableIter iter;
  gpointer item;

  g_clear_object (&fixture->tracked);
  g_hash_table_iter_init (&iter, fixture->model->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    if (get_row_bounds (fixture, item, &bounds) && bounds.origin.y >= from
        && bounds.origin.y < best)
      {
        best = bounds.origin.y;
        g_set_object (&fixture->tracked, TEST_ITEM (item));
      }

  g_assert_nonnull (fixture->tracked);
  fixture->expected_y = best;
  fixture->expect_end = FALSE;
}

static void
untrack (Fixture *fixture)
{
  g_clear_object (&fixture->tracked);
}

static double
get_value (Fixture *fixture)
{
  return gtk_adjustment_get_value (fixture->adjustment);
}

/* Scrolls as somebody does, and goes on looking for the tracked row where it has to be. */
static void
scroll_by (Fixture *fixture, double delta)
{
  gtk_adjustment_set_value (fixture->adjustment, get_value (fixture) + delta);
  fixture->expected_y -= delta;
}

static void
jump_to (Fixture *fixture, guint position)
{
  fixture->expect_end = FALSE;
  tea_timeline_scroller_scroll_to (fixture->scroller, position);
}

static void
resize (Fixture *fixture, int width, int height)
{
  gtk_widget_set_size_request (fixture->scrolled, width, height);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkWidget *fixed = gtk_fixed_new ();
  GdkFrameClock *clock;

  rows_made = 0;
  most_live_items = live_items;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  fixture->model = g_object_new (TEST_TYPE_MODEL, NULL);
  fixture->model->n_items = GPOINTER_TO_UINT (user_data);
  fixture->scroller = TEA_TIMELINE_SCROLLER (tea_timeline_scroller_new ());
  tea_timeline_scroller_set_factory (fixture->scroller, factory);
  tea_timeline_scroller_set_model (fixture->scroller, G_LIST_MODEL (fixture->model));

  fixture->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (fixture->scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (fixture->scrolled),
                                 GTK_WIDGET (fixture->scroller));
  fixture->adjustment
      = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (fixture->scrolled));
  resize (fixture, WIDTH, HEIGHT);
  gtk_fixed_put (GTK_FIXED (fixed), fixture->scrolled, 0, 0);

  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH + 100, HEIGHT + 100);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixed);
  gtk_widget_realize (fixture->window);
  clock = gtk_widget_get_frame_clock (fixture->window);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_paint_cb), fixture);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), fixture);

  /* The first frame counts as well. */
  fixture->expect_end = TRUE;
  gtk_window_present (GTK_WINDOW (fixture->window));
  paint (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  GdkFrameClock *clock = g_object_ref (gtk_widget_get_frame_clock (fixture->window));
  gpointer scroller = fixture->scroller;

  g_test_message ("%u frames, the slowest took %.1f ms, %d rows, %d items, off by at most %g px",
                  fixture->n_frames, (double) fixture->slowest / 1000, rows_made, most_live_items,
                  fixture->worst);
  g_assert_cmpfloat (fixture->worst, <=, TOLERANCE);
  g_assert_cmpint (rows_made, <=, MAX_ROWS);
  g_assert_cmpint (most_live_items, <=, MAX_ROWS);

  untrack (fixture);
  g_signal_handlers_disconnect_by_data (clock, fixture);
  g_object_unref (clock);
  g_object_add_weak_pointer (scroller, &scroller);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (scroller);
  g_assert_finalize_object (fixture->model);
  g_assert_cmpint (live_items, ==, 0);
}

static void
test_open (Fixture *fixture, gconstpointer user_data)
{
  paint_frames (fixture, 5);

  g_assert_true (tea_timeline_scroller_get_at_end (fixture->scroller));
}

static void
test_at_end (Fixture *fixture, gconstpointer user_data)
{
  for (guint i = 0; i < 150; i++)
    {
      test_model_append (fixture->model, 1);
      paint (fixture);
    }
  for (guint i = 0; i < 10; i++)
    {
      test_model_append (fixture->model, 300);
      paint_frames (fixture, 2);
    }
  for (int height = HEIGHT; height >= HEIGHT - 120; height -= 30)
    {
      resize (fixture, WIDTH, height);
      paint (fixture);
    }
  resize (fixture, WIDTH, HEIGHT);
  paint (fixture);

  for (int words = 1; words < 200; words += 40)
    {
      test_model_edit (fixture->model, fixture->model->first + (int) fixture->model->n_items - 2,
                       words);
      paint (fixture);
    }
  for (int width = WIDTH; width >= 325; width -= 75)
    {
      resize (fixture, width, HEIGHT);
      paint (fixture);
    }

  g_assert_true (tea_timeline_scroller_get_at_end (fixture->scroller));
}

static void
test_reading (Fixture *fixture, gconstpointer user_data)
{
  jump_to (fixture, 50000);
  paint (fixture);
  track (fixture, 0);
  g_assert_false (tea_timeline_scroller_get_at_end (fixture->scroller));

  for (guint i = 0; i < 100; i++)
    {
      test_model_append (fixture->model, 1);
      paint (fixture);
    }
  for (int words = 1; words < 300; words += 60)
    {
      test_model_edit (fixture->model, fixture->tracked->id - 25, words);
      test_model_edit (fixture->model, fixture->tracked->id - 40, words);
      test_model_edit (fixture->model, fixture->tracked->id - 1, words);
      paint (fixture);
    }

  /* While the width changes it is the row that was brought there that stays. */
  untrack (fixture);
  jump_to (fixture, 50000);
  paint (fixture);
  scroll_by (fixture, 33);
  paint (fixture);
  track (fixture, 0);
  for (int width = WIDTH; width >= 325; width -= 25)
    {
      resize (fixture, width, HEIGHT);
      paint (fixture);
    }
  for (int width = 325; width <= WIDTH; width += 25)
    {
      resize (fixture, width, HEIGHT);
      paint (fixture);
    }

  for (int height = HEIGHT; height >= HEIGHT - 300; height -= 30)
    {
      resize (fixture, WIDTH, height);
      paint (fixture);
    }
  resize (fixture, WIDTH, HEIGHT);
  paint (fixture);
}

static void
test_prepend (Fixture *fixture, gconstpointer user_data)
{
  jump_to (fixture, 50000);
  paint (fixture);
  track (fixture, 0);
  for (guint i = 0; i < 20; i++)
    {
      test_model_prepend (fixture->model, 50);
      paint (fixture);
    }

  /* At the very beginning. */
  untrack (fixture);
  jump_to (fixture, 0);
  paint (fixture);
  g_assert_cmpfloat_with_epsilon (get_value (fixture),
                                  gtk_adjustment_get_lower (fixture->adjustment), 0.5);
  track (fixture, 0);
  for (guint i = 0; i < 20; i++)
    {
      test_model_prepend (fixture->model, 50);
      paint (fixture);
    }

  /* While scrolling up. */
  for (guint i = 0; i < 20; i++)
    {
      track (fixture, 30);
      test_model_prepend (fixture->model, 50);
      scroll_by (fixture, -25);
      paint (fixture);
      test_model_prepend (fixture->model, 50);
      paint (fixture);
    }
}

static void
test_jump (Fixture *fixture, gconstpointer user_data)
{
  for (guint i = 0; i < 20; i++)
    {
      guint position = (i * 37217u + 11) % fixture->model->n_items;
      g_autoptr (TestItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
      graphene_rect_t bounds;

      untrack (fixture);
      jump_to (fixture, position);
      paint (fixture);

      g_assert_true (get_row_bounds (fixture, item, &bounds));
      note_error (fixture, bounds.origin.y - MAX (0, floor ((HEIGHT - bounds.size.height) / 2)));

      track (fixture, 0);
      paint (fixture);
    }

  untrack (fixture);
  jump_to (fixture, 0);
  paint (fixture);
  g_assert_cmpfloat_with_epsilon (get_value (fixture),
                                  gtk_adjustment_get_lower (fixture->adjustment), 0.5);

  fixture->expect_end = TRUE;
  tea_timeline_scroller_scroll_to_end (fixture->scroller, TRUE);
  paint_frames (fixture, 2);
}

static void
test_scroll (Fixture *fixture, gconstpointer user_data)
{
  static const double steps[] = { -17, 17, -120, 120 };

  jump_to (fixture, 50000);
  paint (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    for (guint j = 0; j < 60; j++)
      {
        /* A row whose top is in view, before and after. */
        track (fixture, steps[i] > 0 ? steps[i] : 0);
        scroll_by (fixture, steps[i]);
        paint (fixture);
      }
}

static void
test_fling (Fixture *fixture, gconstpointer user_data)
{
  double p;

  jump_to (fixture, 50000);
  paint (fixture);

  /* Absolute values, as a scrolled window sets them while a fling slows down. */
  p = get_value (fixture);
  for (guint i = 0; i < 180; i++)
    {
      double v = 60 * pow (0.985, i);
      double before = round (p);

      p -= v;
      track (fixture, 0);
      fixture->expected_y += before - round (p);
      gtk_adjustment_set_value (fixture->adjustment, round (p));
      paint (fixture);
    }
}

static void
test_short (Fixture *fixture, gconstpointer user_data)
{
  /* At the bottom while there is room above, and further at the end when there is not. */
  for (guint i = 0; i < 60; i++)
    {
      paint (fixture);
      test_model_append (fixture->model, 1);
    }
  paint (fixture);
}

static void
test_short_jump (Fixture *fixture, gconstpointer user_data)
{
  jump_to (fixture, 0);
  paint (fixture);

  /* All of it is in view, so the end is, and stays. */
  fixture->expect_end = TRUE;
  g_assert_true (tea_timeline_scroller_get_at_end (fixture->scroller));
  for (guint i = 0; i < 60; i++)
    {
      test_model_append (fixture->model, 1);
      paint (fixture);
    }
}

static void
test_animated (Fixture *fixture, gconstpointer user_data)
{
  fixture->expect_end = FALSE;
  scroll_by (fixture, -300);
  paint_frames (fixture, 2);
  g_assert_false (tea_timeline_scroller_get_at_end (fixture->scroller));

  tea_timeline_scroller_scroll_to_end (fixture->scroller, TRUE);
  test_model_append (fixture->model, 3);
  for (guint i = 0; i < 600 && !tea_timeline_scroller_get_at_end (fixture->scroller); i++)
    paint (fixture);
  g_assert_true (tea_timeline_scroller_get_at_end (fixture->scroller));

  fixture->expect_end = TRUE;
  test_model_append (fixture->model, 3);
  paint_frames (fixture, 2);
}

/* As in the program: a tile is its row, and no more. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (provider, "listview > row { padding: 0; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  load_style ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);

#define ADD(path, n, function)                                                             \
  g_test_add ("/timeline-scroller/" path, Fixture, GUINT_TO_POINTER (n), set_up, function, \
              tear_down)

  ADD ("open", N_ITEMS, test_open);
  ADD ("at-end", N_ITEMS, test_at_end);
  ADD ("reading", N_ITEMS, test_reading);
  ADD ("prepend", N_ITEMS, test_prepend);
  ADD ("jump", N_ITEMS, test_jump);
  ADD ("scroll", N_ITEMS, test_scroll);
  ADD ("fling", N_ITEMS, test_fling);
  ADD ("short", 1, test_short);
  ADD ("short-jump", 3, test_short_jump);
  ADD ("animated", N_ITEMS, test_animated);

  return g_test_run ();
}
