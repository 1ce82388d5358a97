/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scrolls with a real wheel, real keys and a real scrollbar, and as touchpads do, while
 * messages arrive and history is put before. What every painted frame shows is held against
 * what was scrolled since the frame before. */

#include <adwaita.h>
#include <math.h>

#include "tea-message-row.h"
#include "tea-timeline-private.h"
#include "tea-timeline-view.h"

#define WIDTH 700
#define HEIGHT 500
#define LIMIT_SECONDS 120

/* What is free above the first row and below the last. */
#define MARGIN_TOP 4
#define MARGIN_BOTTOM 8

/* Rows lie on whole pixels, what is scrolled does not. */
#define TOLERANCE 1.5

/* How many messages are put before at a time. */
#define PAGE 50

typedef struct
{
  guint n_messages; /* at first */
  guint delay;      /* from notch to notch, in milliseconds */
  gboolean arrive;  /* messages of others */
  guint n_older;    /* messages that are put before as their end comes near */
} Scenario;

typedef struct
{
  const Scenario *scenario;
  TeaTimeline *timeline;
  TeaTimelineView *view;
  GtkWidget *window;
  GtkScrolledWindow *scrolled;
  GtkAdjustment *adjustment;
  GtkWidget *list;
  GdkFrameClock *clock;
  gint64 first_time;
  gint64 last_time;
  guint n_older;
  guint older_id;
  guint arrive_id;

  /* Since the frame before. */
  GHashTable *places; /* item (owned) → y, in that frame */
  double scrolled_by; /* what the wheel has asked for */
  gboolean free;      /* nobody can tell how far it has to go */
  gboolean always_free;
  int direction; /* but where to, if it is not 0: 1 for down */
  double total;  /* how far it has gone */
  gboolean was_at_end;
  gboolean was_at_beginning;
  gboolean went_up;

  guint n_frames;
  guint n_wrong;
  gboolean late;
  gboolean ended;
} Fixture;

static gboolean
late_cb (gpointer user_data)
{
  ((Fixture *) user_data)->late = TRUE;

  return G_SOURCE_CONTINUE;
}

/* Iterates until a condition is true, which must not take long. */
#define WAIT(fixture, condition)                                               \
  G_STMT_START                                                                 \
  {                                                                            \
    guint late_id = g_timeout_add_seconds (LIMIT_SECONDS, late_cb, (fixture)); \
    while (!(condition) && !(fixture)->late)                                   \
      g_main_context_iteration (NULL, TRUE);                                   \
    g_source_remove (late_id);                                                 \
    g_assert_false ((fixture)->late);                                          \
  }                                                                            \
  G_STMT_END

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_child (child, type);

  return found;
}

static double *
new_place (double y)
{
  double *place = g_new (double, 1);

  *place = y;

  return place;
}

static void
note_wrong (Fixture *fixture, const char *what, double is, double wanted)
{
  fixture->n_wrong++;
  g_test_message ("frame %u: %s: %g instead of %g (value %g of %g … %g)", fixture->n_frames, what,
                  is, wanted, gtk_adjustment_get_value (fixture->adjustment),
                  gtk_adjustment_get_lower (fixture->adjustment),
                  gtk_adjustment_get_upper (fixture->adjustment)
                      - gtk_adjustment_get_page_size (fixture->adjustment));
}

static double
get_distance_to_end (Fixture *fixture)
{
  return gtk_adjustment_get_upper (fixture->adjustment)
         - gtk_adjustment_get_page_size (fixture->adjustment)
         - gtk_adjustment_get_value (fixture->adjustment);
}

static void
check_move (Fixture *fixture, double moved, gboolean at_end, gboolean at_beginning)
{
  double wanted = -fixture->scrolled_by;

  /* At the end the pill goes, and leaves its place to the timeline. */
  if (fixture->direction != 0 && !at_end && moved * fixture->direction > TOLERANCE)
    note_wrong (fixture, "went back by", moved, 0);
  if (fixture->free || fixture->direction != 0)
    return;
  if (fabs (moved - wanted) <= TOLERANCE)
    return;

  /* An end of the list is in the way, or new messages came where the end stays in view. */
  if (at_end && (wanted < 0 || fixture->was_at_end) && moved > wanted - TOLERANCE)
    return;
  if (at_end && fixture->was_at_end && (!fixture->went_up || fixture->scenario->arrive))
    return;
  if (at_end && fixture->scenario->arrive && wanted < 0)
    return;
  /* A message came, which the end followed, and then the wheel went up from there. */
  if (fixture->was_at_end && fixture->scenario->arrive && moved < wanted
      && fabs (get_distance_to_end (fixture) - wanted) <= TOLERANCE)
    return;
  if (at_beginning && wanted > 0 && moved > -TOLERANCE && moved < wanted)
    return;
  /* GTK pulls beyond an end, and takes that back first. */
  if (((fixture->was_at_end && wanted > 0) || (fixture->was_at_beginning && wanted < 0))
      && fabs (moved) < fabs (wanted) && moved * wanted >= 0)
    return;

  note_wrong (fixture, "moved by", moved, wanted);
}

static void
after_paint_cb (Fixture *fixture)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  GtkWidget *view = GTK_WIDGET (fixture->view);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (fixture->timeline));
  g_autoptr (GObject) newest
      = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), n_items - 1);
  g_autoptr (GObject) oldest = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), 0);
  double height = gtk_widget_get_height (GTK_WIDGET (fixture->scrolled));
  double top = G_MAXDOUBLE;
  double bottom = -G_MAXDOUBLE;
  double least = G_MAXDOUBLE;
  double most = -G_MAXDOUBLE;
  gboolean at_end = FALSE;
  gboolean at_beginning = FALSE;

  fixture->n_frames++;

  for (GtkWidget *tile = gtk_widget_get_first_child (fixture->list); tile != NULL;
       tile = gtk_widget_get_next_sibling (tile))
    {
      GtkWidget *row = gtk_widget_get_first_child (tile);
      graphene_rect_t bounds;
      TeaTimelineItem *item;
      double *before;

      if (!gtk_widget_get_mapped (tile) || !gtk_widget_compute_bounds (tile, view, &bounds))
        continue;

      top = MIN (top, bounds.origin.y);
      bottom = MAX (bottom, bounds.origin.y + bounds.size.height);
      if (!TEA_IS_MESSAGE_ROW (row))
        continue;

      item = tea_message_row_get_item (TEA_MESSAGE_ROW (row));
      at_end
          |= (gpointer) item == newest
             && fabs (bounds.origin.y + bounds.size.height + MARGIN_BOTTOM - height) <= TOLERANCE;
      before = g_hash_table_lookup (fixture->places, item);
      if (before != NULL)
        {
          least = MIN (least, bounds.origin.y - *before);
          most = MAX (most, bounds.origin.y - *before);
        }
      g_hash_table_insert (places, g_object_ref (item), new_place (bounds.origin.y));
    }

  at_beginning = tea_timeline_view_get_row (fixture->view, TEA_TIMELINE_ITEM (oldest)) != NULL
                 && fabs (top - MARGIN_TOP) <= TOLERANCE;

  if (bottom < height - MARGIN_BOTTOM - TOLERANCE)
    note_wrong (fixture, "nothing below", bottom, height);
  if (top > MARGIN_TOP + TOLERANCE)
    note_wrong (fixture, "nothing above", top, 0);
  if (fixture->was_at_end && !fixture->went_up && !fixture->free && fixture->direction >= 0
      && !at_end)
    note_wrong (fixture, "left the end", bottom, height);

  if (least <= most)
    {
      if (most - least > TOLERANCE && !fixture->free)
        note_wrong (fixture, "torn apart", most, least);
      check_move (fixture, most, at_end, at_beginning);
      fixture->total -= most;
    }
  /* What is scrolled further in one frame, as on a busy machine, leaves no row to compare. */
  else if (g_hash_table_size (fixture->places) > 0 && !fixture->free && fixture->direction == 0
           && fabs (fixture->scrolled_by) < height / 2)
    {
      note_wrong (fixture, "somewhere else", fixture->scrolled_by, 0);
    }

  g_hash_table_unref (fixture->places);
  fixture->places = g_steal_pointer (&places);
  fixture->scrolled_by = 0;
  fixture->free = fixture->always_free;
  fixture->went_up = FALSE;
  fixture->was_at_end = at_end;
  fixture->was_at_beginning = at_beginning;
}

static void
paint (Fixture *fixture, guint n_frames)
{
  for (guint i = 0; i < n_frames; i++)
    {
      guint before = fixture->n_frames;

      gtk_widget_queue_draw (GTK_WIDGET (fixture->view));
      WAIT (fixture, fixture->n_frames > before);
    }
}

static double
get_step (Fixture *fixture)
{
  return pow (gtk_adjustment_get_page_size (fixture->adjustment), 2.0 / 3.0);
}

static gboolean
wheel_cb (Fixture *fixture, double dx, double dy)
{
  fixture->scrolled_by += dy * get_step (fixture);
  fixture->went_up |= dy < 0;

  return GDK_EVENT_PROPAGATE;
}

/* Lines of one to four rows, so that nobody can guess how high they are together. */
static TeaEvent *
make_message (Fixture *fixture, gint64 time, guint number)
{
  g_autoptr (GString) text = g_string_new ("");

  g_string_printf (text, "line %u", number);
  for (guint i = 0; i < number * 7 % 40; i++)
    g_string_append (text, " and more");

  return tea_event_new (TEA_EVENT_MESSAGE, time, number % 5 < 3 ? "Aiko" : "Sam", text->str);
}

static void
append (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TeaEvent) event = NULL;

      fixture->last_time += G_USEC_PER_SEC;
      event = make_message (fixture, fixture->last_time, i);
      tea_timeline_append_event (fixture->timeline, event);
    }
}

static void
prepend (Fixture *fixture, guint n)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);

  fixture->first_time -= n * G_USEC_PER_SEC;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (events, make_message (fixture, fixture->first_time + i * G_USEC_PER_SEC, i));
  tea_timeline_prepend_events (fixture->timeline, events);
}

static gboolean
arrive_cb (gpointer user_data)
{
  append (user_data, 1);

  return G_SOURCE_CONTINUE;
}

static gboolean
older_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  guint n = MIN (fixture->n_older, PAGE);

  fixture->older_id = 0;
  fixture->n_older -= n;
  prepend (fixture, n);

  return G_SOURCE_REMOVE;
}

static void
moved_cb (Fixture *fixture)
{
  if (fixture->n_older > 0 && fixture->older_id == 0
      && gtk_adjustment_get_value (fixture->adjustment)
                 - gtk_adjustment_get_lower (fixture->adjustment)
             < 2 * gtk_adjustment_get_page_size (fixture->adjustment))
    fixture->older_id = g_timeout_add (30, older_cb, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 4, 12, 0, 0);
  GtkEventController *wheel;

  fixture->scenario = user_data;
  fixture->n_older = fixture->scenario->n_older;
  fixture->places = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  fixture->first_time = fixture->last_time = g_date_time_to_unix (noon) * G_USEC_PER_SEC;
  fixture->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (fixture->timeline, "Mei");
  append (fixture, fixture->scenario->n_messages);

  fixture->view = TEA_TIMELINE_VIEW (tea_timeline_view_new ());
  tea_timeline_view_set_own_name (fixture->view, "Mei");
  tea_timeline_view_set_model (fixture->view, fixture->timeline);
  fixture->scrolled
      = GTK_SCROLLED_WINDOW (find_child (GTK_WIDGET (fixture->view), GTK_TYPE_SCROLLED_WINDOW));
  fixture->list = find_child (GTK_WIDGET (fixture->view), GTK_TYPE_LIST_VIEW);
  fixture->adjustment = gtk_scrolled_window_get_vadjustment (fixture->scrolled);

  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (wheel, "scroll", G_CALLBACK (wheel_cb), fixture);
  gtk_widget_add_controller (fixture->window, wheel);
  gtk_widget_realize (fixture->window);
  fixture->clock = g_object_ref (gtk_widget_get_frame_clock (fixture->window));
  g_signal_connect_swapped (fixture->clock, "after-paint", G_CALLBACK (after_paint_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  paint (fixture, 5);

  g_signal_connect_swapped (fixture->adjustment, "value-changed", G_CALLBACK (moved_cb), fixture);
  g_signal_connect_swapped (fixture->adjustment, "changed", G_CALLBACK (moved_cb), fixture);
  moved_cb (fixture);
  if (fixture->scenario->arrive)
    fixture->arrive_id = g_timeout_add (150, arrive_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_test_message ("%u frames, %u wrong", fixture->n_frames, fixture->n_wrong);
  g_assert_cmpuint (fixture->n_wrong, ==, 0);

  g_clear_handle_id (&fixture->older_id, g_source_remove);
  g_clear_handle_id (&fixture->arrive_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (fixture->adjustment, fixture);
  g_signal_handlers_disconnect_by_data (fixture->clock, fixture);
  g_object_unref (fixture->clock);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_hash_table_unref (fixture->places);
  g_assert_finalize_object (fixture->timeline);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  ((Fixture *) user_data)->ended = TRUE;
}

/* Lets xdotool do something, and waits until what came of it is painted. */
G_GNUC_PRINTF (2, 3)
static void
run_xdotool (Fixture *fixture, const char *format, ...)
{
  g_autofree char *line = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  arguments = g_strsplit (line, " ", -1);

  fixture->ended = FALSE;
  process = g_subprocess_newv ((const char *const *) arguments, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, ended_cb, fixture);
  WAIT (fixture, fixture->ended);
  paint (fixture, 3);
}

static void
turn_wheel (Fixture *fixture, int n_notches)
{
  run_xdotool (fixture, "xdotool mousemove %d %d click --repeat %d --delay %u %d", WIDTH / 2,
               HEIGHT / 2, ABS (n_notches), fixture->scenario->delay, n_notches < 0 ? 4 : 5);
}

static void
say (Fixture *fixture)
{
  TeaTimelineItem *item;

  fixture->last_time += G_USEC_PER_SEC;
  fixture->free = TRUE;
  item = tea_timeline_append_own (fixture->timeline, "That is what I say", 0, fixture->last_time,
                                  TEA_DELIVERY_SENDING);
  tea_timeline_settle_own (fixture->timeline, item, 0, fixture->last_time);
  paint (fixture, 1);
  g_assert_true (fixture->was_at_end);
}

static void
go_to_end (Fixture *fixture)
{
  fixture->free = TRUE;
  tea_timeline_view_scroll_to_end (fixture->view);
  paint (fixture, 1);
  g_assert_true (fixture->was_at_end);
}

static void
test_wheel (Fixture *fixture, gconstpointer user_data)
{
  /* Past the beginning of a short room. */
  int many = fixture->scenario->delay > 40 ? 10 : 40;

  turn_wheel (fixture, -many);
  g_assert_false (fixture->was_at_end);
  for (int i = 0; i < 20 && !fixture->was_at_end; i++)
    turn_wheel (fixture, 20);
  turn_wheel (fixture, 10);
  g_assert_true (fixture->was_at_end);

  for (int i = 0; i < 2; i++)
    {
      turn_wheel (fixture, -many);
      g_assert_false (fixture->was_at_end);
      go_to_end (fixture);
      turn_wheel (fixture, 1);
      g_assert_true (fixture->was_at_end);
      say (fixture);

      turn_wheel (fixture, -many);
      g_assert_false (fixture->was_at_end);
      turn_wheel (fixture, 1);
      g_assert_false (fixture->was_at_end);
      say (fixture);
    }
}

/* What GtkScrolledWindow does about a touchpad, without one: its controllers are told. */
static gboolean
push (Fixture *fixture, const char *signal, double dy)
{
  g_autoptr (GListModel) controllers
      = gtk_widget_observe_controllers (GTK_WIDGET (fixture->scrolled));
  static const GtkPropagationPhase phases[] = { GTK_PHASE_CAPTURE, GTK_PHASE_BUBBLE };
  gboolean handled = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    for (guint j = 0; !handled && j < g_list_model_get_n_items (controllers); j++)
      {
        g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, j);

        if (!GTK_IS_EVENT_CONTROLLER_SCROLL (controller)
            || gtk_event_controller_get_propagation_phase (controller) != phases[i])
          continue;

        if (g_str_equal (signal, "scroll"))
          g_signal_emit_by_name (controller, signal, 0.0, dy, &handled);
        else if (g_str_equal (signal, "decelerate"))
          g_signal_emit_by_name (controller, signal, 0.0, dy);
        else
          g_signal_emit_by_name (controller, signal);
      }

  return handled;
}

static void
slide (Fixture *fixture, double pixels, guint n_frames, guint n_a_frame)
{
  push (fixture, "scroll-begin", 0);
  for (guint i = 0; i < n_frames; i++)
    {
      for (guint j = 0; j < n_a_frame; j++)
        {
          g_assert_true (push (fixture, "scroll", pixels / get_step (fixture)));
          fixture->scrolled_by += pixels;
          fixture->went_up |= pixels < 0;
        }
      paint (fixture, 1);
    }
}

static void
fling (Fixture *fixture, double pixels_a_second)
{
  push (fixture, "decelerate", pixels_a_second / get_step (fixture));
  push (fixture, "scroll-end", 0);
  fixture->direction = pixels_a_second < 0 ? -1 : 1;
}

static void
stop (Fixture *fixture)
{
  push (fixture, "scroll-begin", 0);
  push (fixture, "scroll", 0);
  push (fixture, "scroll-end", 0);
  fixture->free = TRUE;
  fixture->direction = 0;
  paint (fixture, 1);
}

static void
test_touchpad (Fixture *fixture, gconstpointer user_data)
{
  static const double speeds[] = { -7.3, 5.1, -40.7, 31.9, -0.3, 0.25 };

  for (gsize i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      guint n = i % 3 + 1;

      gboolean at_edge = fixture->was_at_end || fixture->was_at_beginning;

      fixture->total = 0;
      slide (fixture, speeds[i], 40, n);
      push (fixture, "scroll-end", 0);
      if (!at_edge && !fixture->was_at_end && !fixture->was_at_beginning)
        g_assert_cmpfloat_with_epsilon (fixture->total, speeds[i] * 40 * n, TOLERANCE);
    }

  for (guint i = 0; i < 2; i++)
    {
      slide (fixture, -20, 5, 1);
      fling (fixture, -4000);
      paint (fixture, 40);
      stop (fixture);
      g_assert_false (fixture->was_at_end);

      slide (fixture, 20, 5, 1);
      fling (fixture, 9000);
      paint (fixture, 40);
      stop (fixture);

      /* Whoever goes to the end while it still moves stays there. */
      slide (fixture, -20, 5, 1);
      fling (fixture, -4000);
      paint (fixture, 10);
      fixture->direction = 0;
      go_to_end (fixture);
      paint (fixture, 30);
      g_assert_true (fixture->was_at_end);

      slide (fixture, -20, 5, 1);
      fling (fixture, -4000);
      paint (fixture, 10);
      fixture->direction = 0;
      say (fixture);
      paint (fixture, 30);
      g_assert_true (fixture->was_at_end);
    }
}

static void
focus_newest (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->timeline);
  g_autoptr (TeaTimelineItem) item
      = g_list_model_get_item (model, g_list_model_get_n_items (model) - 1);
  GtkWidget *row = tea_timeline_view_get_row (fixture->view, item);

  g_assert_true (gtk_widget_grab_focus (gtk_widget_get_parent (row)));
}

static void
test_keys (Fixture *fixture, gconstpointer user_data)
{
  gboolean animate = fixture->scenario->delay < 40;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", animate, NULL);

  for (guint i = 0; i < 2; i++)
    {
      /* Those of the composer. */
      fixture->direction = -1;
      for (guint j = 0; j < 5; j++)
        {
          tea_timeline_view_scroll_pages (fixture->view, -1);
          paint (fixture, animate ? 4 : 2);
        }
      g_assert_false (fixture->was_at_end);
      fixture->direction = 0;
      g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
      go_to_end (fixture);
      g_object_set (gtk_settings_get_default (), "gtk-enable-animations", animate, NULL);
      paint (fixture, 30);
      g_assert_true (fixture->was_at_end);

      /* Those of the list, of which only the end is known. */
      fixture->free = TRUE;
      focus_newest (fixture);
      paint (fixture, 2);
      fixture->direction = -1;
      run_xdotool (fixture, "xdotool key --repeat 5 --delay %u Page_Up", fixture->scenario->delay);
      g_assert_false (fixture->was_at_end);
      fixture->direction = 1;
      run_xdotool (fixture, "xdotool key --repeat 30 --delay %u Page_Down",
                   fixture->scenario->delay);
      fixture->direction = 0;
      say (fixture);
    }

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static void
drag_to (Fixture *fixture, int y)
{
  fixture->free = fixture->always_free = TRUE;
  run_xdotool (fixture, "xdotool mousemove %d %d", WIDTH - 5, y);
  fixture->always_free = FALSE;
}

static void
test_scrollbar (Fixture *fixture, gconstpointer user_data)
{
  GtkWidget *bar = gtk_scrolled_window_get_vscrollbar (fixture->scrolled);
  /* Where the pointer leads depends on how long the slider was when it was taken. */
  gboolean grows = fixture->scenario->arrive || fixture->n_older > 0;

  for (guint i = 0; i < 2; i++)
    {
      run_xdotool (fixture, "xdotool mousemove %d %d", WIDTH / 2, HEIGHT - 20);
      run_xdotool (fixture, "xdotool mousemove %d %d", WIDTH - 5, HEIGHT - 20);
      WAIT (fixture, gtk_widget_has_css_class (bar, "hovering"));

      run_xdotool (fixture, "xdotool mousedown 1");
      fixture->direction = grows ? 0 : -1;
      for (int y = HEIGHT - 20; y > -20; y -= 16)
        drag_to (fixture, MAX (y, 0));
      g_assert_true (grows || fixture->was_at_beginning);
      fixture->direction = grows ? 0 : 1;
      for (int y = 0; y < HEIGHT + 20; y += 16)
        drag_to (fixture, MIN (y, HEIGHT - 1));
      run_xdotool (fixture, "xdotool mouseup 1");
      g_assert_true (grows || fixture->was_at_end);
      fixture->direction = 0;
      say (fixture);
    }
}

static void
add (const char *name, const Scenario *scenario, void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path
      = g_strdup_printf ("/timeline-wheel/%s/%u-messages-%u-ms%s%s", name, scenario->n_messages,
                         scenario->delay, scenario->arrive ? "-arrivals" : "",
                         scenario->n_older > 0 ? "-history" : "");

  g_test_add (path, Fixture, scenario, set_up, function, tear_down);
}

static const Scenario scenarios[] = {
  { 25, 10, FALSE, 0 },     { 25, 40, TRUE, 0 },     { 25, 20, TRUE, 1000 },
  { 25, 150, FALSE, 1000 }, { 10000, 10, FALSE, 0 }, { 10000, 80, TRUE, 0 },
  { 100000, 20, FALSE, 0 },
};

static const Scenario others[] = {
  { 25, 20, TRUE, 1000 },
  { 10000, 40, FALSE, 0 },
};

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/teahousechat/Teahouse/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* Newer versions of GDK warn of frames that they count themselves. All else is fatal. */
static GLogWriterOutput
log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  gboolean is_known = FALSE;

  for (gsize i = 0; i < n_fields; i++)
    is_known |= g_str_equal (fields[i].key, "MESSAGE")
                && g_strstr_len (fields[i].value, fields[i].length, "gdk_frame_timings_submitted")
                       != NULL;

  g_log_writer_default (level, fields, n_fields, user_data);
  if ((level & G_LOG_LEVEL_WARNING) != 0 && !is_known)
    abort ();

  return G_LOG_WRITER_HANDLED;
}

int
main (int argc, char *argv[])
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (log_cb, NULL, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  load_style ();

  if (xdotool == NULL)
    {
      g_print ("1..0 # SKIP xdotool is not installed\n");
      return g_getenv ("CI") != NULL ? 1 : 77;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    add ("wheel", &scenarios[i], test_wheel);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      /* What later versions do asks the event itself, which a signal does not bring along. */
      if (gtk_get_minor_version () <= 8)
        add ("touchpad", &others[i], test_touchpad);
      add ("keys", &others[i], test_keys);
      add ("scrollbar", &others[i], test_scrollbar);
    }

  return g_test_run ();
}
