/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>

#include "tea-divider-row.h"
#include "tea-event-fields.h"
#include "tea-message-row.h"
#include "tea-notice-row.h"
#include "tea-person-card.h"
#include "tea-timeline-private.h"
#include "tea-timeline-view.h"

#define RESOURCES "/io/github/teahousechat/Teahouse/"

/* By its key code: with the newest keymaps xdotool makes Alt+F10 of F10. */
#define SHIFT_F10 "shift+76"
#define TITLE "timeline-view"
#define FRAME_LIMIT_SECONDS 20

typedef struct
{
  TeaTimeline *timeline;
  TeaTimelineView *view;
  GtkWidget *window;
  GdkFrameClock *clock;
  gint64 now;

  TeaTimelineItem *retried;   /* (unowned) */
  TeaTimelineItem *discarded; /* (unowned) */
  char *mentioned;            /* (owned) (nullable) */
  guint n_at_end;
  gboolean painted;
  gboolean late;
} Fixture;

static void
after_paint_cb (Fixture *fixture)
{
  fixture->painted = TRUE;
}

static gboolean
late_cb (gpointer user_data)
{
  ((Fixture *) user_data)->late = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
paint (Fixture *fixture)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);

  /* One frame, and one for what it made somebody change. */
  for (guint i = 0; i < 2; i++)
    {
      fixture->painted = FALSE;
      gtk_widget_queue_draw (GTK_WIDGET (fixture->view));
      while (!fixture->painted && !fixture->late)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (late_id);

  g_assert_false (fixture->late);
}

static void
retry_cb (Fixture *fixture, TeaTimelineItem *item)
{
  fixture->retried = item;
}

static void
discard_cb (Fixture *fixture, TeaTimelineItem *item)
{
  fixture->discarded = item;
}

static void
mention_cb (Fixture *fixture, const char *name)
{
  g_free (fixture->mentioned);
  fixture->mentioned = g_strdup (name);
}

static void
at_end_cb (Fixture *fixture)
{
  fixture->n_at_end++;
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 4, 12, 0, 0);

  fixture->now = g_date_time_to_unix (noon) * G_USEC_PER_SEC;
  fixture->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (fixture->timeline, "Mei");
  fixture->view = TEA_TIMELINE_VIEW (tea_timeline_view_new ());
  tea_timeline_view_set_own_name (fixture->view, "Mei");
  tea_timeline_view_set_model (fixture->view, fixture->timeline);
  g_signal_connect_swapped (fixture->view, "retry", G_CALLBACK (retry_cb), fixture);
  g_signal_connect_swapped (fixture->view, "discard", G_CALLBACK (discard_cb), fixture);
  g_signal_connect_swapped (fixture->view, "mention", G_CALLBACK (mention_cb), fixture);
  g_signal_connect_swapped (fixture->view, "notify::at-end", G_CALLBACK (at_end_cb), fixture);

  fixture->window = gtk_window_new ();
  gtk_window_set_title (GTK_WINDOW (fixture->window), TITLE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 500);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_widget_realize (fixture->window);
  fixture->clock = g_object_ref (gtk_widget_get_frame_clock (fixture->window));
  g_signal_connect_swapped (fixture->clock, "after-paint", G_CALLBACK (after_paint_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  gpointer view = fixture->view;

  g_signal_handlers_disconnect_by_data (fixture->clock, fixture);
  g_object_unref (fixture->clock);
  g_free (fixture->mentioned);
  g_object_add_weak_pointer (view, &view);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (view);
  g_assert_finalize_object (fixture->timeline);
}

static TeaTimelineItem *
peek_last (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->timeline);
  g_autoptr (TeaTimelineItem) item
      = g_list_model_get_item (model, g_list_model_get_n_items (model) - 1);

  return item;
}

static TeaTimelineItem *
append (Fixture *fixture, TeaEventKind kind, const char *author, const char *text)
{
  g_autoptr (TeaEvent) event = NULL;

  fixture->now += G_USEC_PER_SEC;
  event = tea_event_new (kind, fixture->now, author, text);
  tea_timeline_append_event (fixture->timeline, event);

  return peek_last (fixture);
}

static TeaTimelineItem *
append_own (Fixture *fixture, const char *text, TeaDelivery delivery)
{
  fixture->now += G_USEC_PER_SEC;

  return tea_timeline_append_own (fixture->timeline, text, 0, fixture->now, delivery);
}

static void
append_many (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    append (fixture, TEA_EVENT_MESSAGE, i % 7 < 3 ? "Aiko" : "Sam",
            "Afternoon, everyone. The projector in the big room works again.");
}

static void
collect (GtkWidget *widget, GString *text)
{
  if (!gtk_widget_get_visible (widget) || ADW_IS_AVATAR (widget))
    return;

  if (GTK_IS_LABEL (widget))
    g_string_append_printf (text, "%s|", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, text);
}

static void
assert_row (Fixture *fixture, TeaTimelineItem *item, const char *expected)
{
  GtkWidget *row = tea_timeline_view_get_row (fixture->view, item);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (row);
  collect (row, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_visible (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_class (GtkWidget *widget, const char *name)
{
  if (gtk_widget_has_css_class (widget, name))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_class (child, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
has_bubble (Fixture *fixture, TeaTimelineItem *item, const char *name)
{
  return find_class (tea_timeline_view_get_row (fixture->view, item), name) != NULL;
}

/* Iterates until a message is pointed at, which it is for a second only: two frames can take
 * longer. */
static void
wait_for_flash (Fixture *fixture, TeaTimelineItem *item)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);

  while (!fixture->late
         && (tea_timeline_view_get_row (fixture->view, item) == NULL
             || !has_bubble (fixture, item, "flash")))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);

  g_assert_false (fixture->late);
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
get_tile (Fixture *fixture, TeaTimelineItem *item)
{
  return gtk_widget_get_parent (tea_timeline_view_get_row (fixture->view, item));
}

static GtkLabel *
get_label (Fixture *fixture, TeaTimelineItem *item)
{
  GtkWidget *bubble = find_class (tea_timeline_view_get_row (fixture->view, item), "message-text");

  /* In the text, which is what is last in the bubble. */
  return GTK_LABEL (gtk_widget_get_first_child (gtk_widget_get_last_child (bubble)));
}

static GtkWidget *
get_focus (Fixture *fixture)
{
  return gtk_root_get_focus (GTK_ROOT (fixture->window));
}

/* Waits until the popover of a type is there, or gone. */
static GtkWidget *
wait_for_popover (Fixture *fixture, GType type, gboolean visible)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);
  GtkWidget *popover = find_type (GTK_WIDGET (fixture->view), type);

  while (!fixture->late && (popover != NULL && gtk_widget_get_visible (popover)) != visible)
    {
      g_main_context_iteration (NULL, TRUE);
      popover = find_type (GTK_WIDGET (fixture->view), type);
    }
  g_source_remove (late_id);

  g_assert_false (fixture->late);

  return popover;
}

/* Presses a key as a hand does, which nothing inside of a program can. */
static void
press (const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) xdotool
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "xdotool", "search",
                          "--onlyvisible", "--name", TITLE, "windowfocus", "key", key, NULL);

  g_assert_no_error (error);
  g_subprocess_wait_check (xdotool, NULL, &error);
  g_assert_no_error (error);
}

static GtkAdjustment *
get_adjustment (Fixture *fixture)
{
  GtkWidget *scrolled = find_type (GTK_WIDGET (fixture->view), GTK_TYPE_SCROLLED_WINDOW);

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

static void
scroll_by (Fixture *fixture, double delta)
{
  GtkAdjustment *adjustment = get_adjustment (fixture);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + delta);
}

static void
test_messages (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *first = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "a < b & `c`");
  TeaTimelineItem *second
      = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "@Mei see http://tea.example");
  TeaTimelineItem *own = append_own (fixture, "mine", TEA_DELIVERY_SENT);
  TeaTimelineItem *sign = append (fixture, TEA_EVENT_MESSAGE, "Sam", "🎉🍵");

  paint (fixture);

  assert_row (fixture, first, "Aiko|12:00|a < b & c|");
  assert_row (fixture, second, "@Mei see http://tea.example|");
  assert_row (fixture, own, "12:00|mine|");
  assert_row (fixture, sign, "Sam|12:00|🎉🍵|");

  g_assert_true (has_bubble (fixture, first, "first"));
  g_assert_false (has_bubble (fixture, second, "first"));
  g_assert_false (has_bubble (fixture, first, "mention"));
  g_assert_true (has_bubble (fixture, second, "mention"));
  g_assert_true (has_bubble (fixture, own, "own"));
  g_assert_true (has_bubble (fixture, sign, "emoji"));
  g_assert_false (has_bubble (fixture, sign, "bubble"));
}

/* A message that was told with a number, and what happens to it then. */
static void
change (Fixture *fixture, guint64 seq, TeaEventKind kind, guint64 target, const char *text)
{
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (&(TeaEventFields){
      .seq = seq,
      .kind = kind,
      .time = fixture->now,
      .author = "Aiko",
      .text = text,
      .target = target,
  });

  if (kind == TEA_EVENT_MESSAGE)
    tea_timeline_append_event (fixture->timeline, event);
  else
    g_array_unref (tea_timeline_take_change (fixture->timeline, event));
}

static void
test_changes (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *item;

  change (fixture, 1, TEA_EVENT_MESSAGE, 0, "tee");
  item = peek_last (fixture);
  paint (fixture);
  assert_row (fixture, item, "Aiko|12:00|tee|");

  change (fixture, 2, TEA_EVENT_EDITED, 1, "tea for @Mei");
  paint (fixture);
  assert_row (fixture, item, "Aiko|12:00|tea for @Mei\302\240 edited|");
  g_assert_true (has_bubble (fixture, item, "mention"));

  change (fixture, 3, TEA_EVENT_REMOVED, 1, NULL);
  paint (fixture);
  assert_row (fixture, item, "Aiko|12:00|Removed|");
  g_assert_false (has_bubble (fixture, item, "mention"));
}

static void
test_lines (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaTimelineItem) day = NULL;
  TeaTimelineItem *presence = append (fixture, TEA_EVENT_JOINED, "Aiko", NULL);
  TeaTimelineItem *notice;
  TeaTimelineItem *waiting;

  paint (fixture);
  day = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), 0);
  assert_row (fixture, day, "Wednesday, 4 March 2026|");
  assert_row (fixture, presence, "Aiko joined|");

  append (fixture, TEA_EVENT_LEFT, "Sam", NULL);
  notice = append (fixture, TEA_EVENT_NOTICE, NULL, "The kettle is on");
  waiting = append_own (fixture, "later", TEA_DELIVERY_WAITING);
  paint (fixture);

  assert_row (fixture, presence, "Aiko joined, Sam left|");
  tea_notice_row_set_open (TEA_NOTICE_ROW (tea_timeline_view_get_row (fixture->view, presence)),
                           TRUE);
  paint (fixture);
  assert_row (fixture, presence, "Aiko joined\nSam left|Aiko joined, Sam left|");
  assert_row (fixture, notice, "The kettle is on|");
  assert_row (fixture, waiting, "later|Waiting|");
}

static void
test_states (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *item = append_own (fixture, "later", TEA_DELIVERY_WAITING);
  GtkWidget *row;

  paint (fixture);
  g_assert_true (has_bubble (fixture, item, "waiting"));

  /* It waits for the server, not for a person. */
  tea_timeline_set_delivery (fixture->timeline, item, TEA_DELIVERY_WAITING, "The disk is full.");
  paint (fixture);
  assert_row (fixture, item, "later|Waiting|");

  tea_timeline_set_delivery (fixture->timeline, item, TEA_DELIVERY_FAILED, "Too long.");
  paint (fixture);
  assert_row (fixture, item, "later|Not sent|Retry|Delete|");
  g_assert_true (has_bubble (fixture, item, "failed"));

  row = tea_timeline_view_get_row (fixture->view, item);
  g_signal_emit_by_name (find_button (row, "Retry"), "clicked");
  g_assert_true (fixture->retried == item);
  g_signal_emit_by_name (find_button (row, "Delete"), "clicked");
  g_assert_true (fixture->discarded == item);

  tea_timeline_set_delivery (fixture->timeline, item, TEA_DELIVERY_SENT, NULL);
  paint (fixture);
  g_assert_false (has_bubble (fixture, item, "failed"));
  row = tea_timeline_view_get_row (fixture->view, item);
  g_assert_null (find_button (row, "Retry"));

  tea_timeline_remove (fixture->timeline, item);
  paint (fixture);
}

/* The room has a clock of its own. */
static void
test_time (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *item;
  GtkWidget *row;

  append (fixture, TEA_EVENT_MESSAGE, "Aiko", "yours");
  item = append_own (fixture, "mine", TEA_DELIVERY_SENDING);
  tea_timeline_set_delivery (fixture->timeline, item, TEA_DELIVERY_DELIVERED, NULL);
  paint (fixture);
  assert_row (fixture, item, "12:00|mine|");

  tea_timeline_settle_own (fixture->timeline, item, 1, fixture->now + G_TIME_SPAN_HOUR);
  paint (fixture);
  assert_row (fixture, item, "13:00|mine|");
  row = tea_timeline_view_get_row (fixture->view, item);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "You, 13:00: mine");
}

static void
test_news (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *waiting;

  append_many (fixture, 50);
  waiting = append_own (fixture, "later", TEA_DELIVERY_WAITING);
  paint (fixture);
  g_assert_true (tea_timeline_view_get_at_end (fixture->view));
  g_assert_cmpuint (tea_timeline_view_get_n_new (fixture->view), ==, 0);

  scroll_by (fixture, -200);
  paint (fixture);
  g_assert_false (tea_timeline_view_get_at_end (fixture->view));
  g_assert_cmpuint (fixture->n_at_end, ==, 1);

  append (fixture, TEA_EVENT_MESSAGE, "Aiko", "one");
  append (fixture, TEA_EVENT_JOINED, "Noor", NULL);
  append (fixture, TEA_EVENT_MESSAGE, "Aiko", "two");
  paint (fixture);
  g_assert_cmpuint (tea_timeline_view_get_n_new (fixture->view), ==, 2);

  /* One's own that is sent at last does not take the reader along. */
  tea_timeline_set_delivery (fixture->timeline, waiting, TEA_DELIVERY_SENT, NULL);
  paint (fixture);
  g_assert_false (tea_timeline_view_get_at_end (fixture->view));

  /* A new one does. */
  append_own (fixture, "here I am", TEA_DELIVERY_SENT);
  paint (fixture);
  g_assert_true (tea_timeline_view_get_at_end (fixture->view));
  g_assert_cmpuint (tea_timeline_view_get_n_new (fixture->view), ==, 0);
  g_assert_cmpuint (fixture->n_at_end, ==, 2);
}

static void
test_unread (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *last;
  g_autoptr (TeaTimelineItem) first = NULL;
  g_autoptr (TeaTimelineItem) line = NULL;

  append_many (fixture, 50);
  tea_timeline_clear_unread (fixture->timeline);
  paint (fixture);

  scroll_by (fixture, -200);
  paint (fixture);

  line = g_object_ref (append (fixture, TEA_EVENT_MESSAGE, "Noor", "one"));
  g_clear_object (&line);
  append_many (fixture, 50);
  last = peek_last (fixture);
  paint (fixture);

  line = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), 51);
  g_assert_cmpint (tea_timeline_item_get_kind (line), ==, TEA_TIMELINE_ITEM_UNREAD);

  tea_timeline_view_scroll_to_end (fixture->view);
  paint (fixture);
  g_assert_true (tea_timeline_view_get_at_end (fixture->view));
  g_assert_true (gtk_widget_get_mapped (tea_timeline_view_get_row (fixture->view, last)));

  /* The eye is drawn to the first message below the line. */
  first = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), 52);
  tea_timeline_view_scroll_to_unread (fixture->view);
  wait_for_flash (fixture, first);
  paint (fixture);
  g_assert_false (tea_timeline_view_get_at_end (fixture->view));
  assert_row (fixture, line, "New messages|");
  g_assert_true (gtk_widget_get_mapped (tea_timeline_view_get_row (fixture->view, line)));

  tea_timeline_clear_unread (fixture->timeline);
  tea_timeline_view_scroll_to_unread (fixture->view);
  paint (fixture);
  g_assert_true (tea_timeline_view_get_at_end (fixture->view));
}

static void
test_hostile (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *word = g_strnfill (16 * 1024, 'w');
  g_autofree char *lines = g_strnfill (1000, '\n');

  append (fixture, TEA_EVENT_MESSAGE, "Aiko", word);
  append (fixture, TEA_EVENT_MESSAGE, "Aiko", lines);
  append (fixture, TEA_EVENT_MESSAGE, "Aiko",
          "\xe2\x80\xae"
          "abc `\xe2\x80\xae` <b>");
  append (fixture, TEA_EVENT_NOTICE, NULL, word);
  append (fixture, TEA_EVENT_MESSAGE, "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "ok");
  append_own (fixture, word, TEA_DELIVERY_WAITING);
  paint (fixture);

  g_assert_true (tea_timeline_view_get_at_end (fixture->view));
  /* No word makes the window wider. */
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->view)), ==, 700);
}

/* Where a row paints, in the coordinates of its tile. */
static void
get_painted (Fixture *fixture, TeaTimelineItem *item, graphene_rect_t *painted)
{
  GtkWidget *row = tea_timeline_view_get_row (fixture->view, item);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  gtk_widget_snapshot_child (gtk_widget_get_parent (row), row, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  gsk_render_node_get_bounds (node, painted);
  gsk_render_node_unref (node);
}

/* Nobody paints over what others wrote. */
static void
test_marks (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new ("a");
  g_autofree char *name = NULL;
  TeaTimelineItem *items[4];

  for (guint i = 0; i < 31; i++)
    g_string_append (text, "\xcc\x81");
  name = g_strdup (text->str);
  for (guint i = 0; i < 100; i++)
    g_string_append (text, "\xcc\xa3");

  items[0] = append (fixture, TEA_EVENT_MESSAGE, name, text->str);
  items[1] = append_own (fixture, text->str, TEA_DELIVERY_SENT);
  items[2] = append (fixture, TEA_EVENT_NOTICE, NULL, text->str);
  items[3] = append (fixture, TEA_EVENT_JOINED, name, NULL);
  paint (fixture);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (items); i++)
    {
      TeaTimelineItem *item = items[i % G_N_ELEMENTS (items)];
      GtkWidget *row = tea_timeline_view_get_row (fixture->view, item);
      graphene_rect_t painted;
      graphene_rect_t bounds;

      /* Once more when several have come. */
      if (i == G_N_ELEMENTS (items))
        {
          append (fixture, TEA_EVENT_LEFT, name, NULL);
          paint (fixture);
        }

      g_test_message ("row %u", i);
      get_painted (fixture, item, &painted);
      g_assert_true (gtk_widget_compute_bounds (row, gtk_widget_get_parent (row), &bounds));
      /* The picture of an author has a pixel around it. */
      graphene_rect_inset (&bounds, -1, -1);
      g_assert_true (graphene_rect_contains_rect (&bounds, &painted));
    }
}

static void
toast_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  char **toast = user_data;

  g_free (*toast);
  *toast = g_variant_dup_string (parameter, NULL);
}

/* A link that nothing opens is not pressed in vain without a word. */
static void
test_broken_link (Fixture *fixture, gconstpointer user_data)
{
  static const GActionEntry entries[] = { { "toast", toast_cb, "s" } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  TeaTimelineItem *item = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "tea");
  g_autofree char *toast = NULL;
  gboolean handled = FALSE;

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), &toast);
  gtk_widget_insert_action_group (fixture->window, "win", G_ACTION_GROUP (actions));

  paint (fixture);
  g_signal_emit_by_name (get_label (fixture, item), "activate-link", "no-such-scheme:tea",
                         &handled);
  g_assert_true (handled);
  while (toast == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (toast, ==, "No program can open this link");
}

static void
open_cb (GApplication *application, GFile **files, int n_files, const char *hint, char **opened)
{
  g_assert_cmpint (n_files, ==, 1);
  *opened = g_file_get_uri (files[0]);
}

/* A link to a room is opened by this program, whatever others are installed. */
static void
test_room_link (Fixture *fixture, gconstpointer user_data)
{
  const char *link = "teahouse://tea.example:8889/lounge#0123456789";
  g_autoptr (GApplication) application
      = g_application_new ("io.github.teahousechat.Teahouse.Test",
                           G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  TeaTimelineItem *item = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "tea");
  g_autofree char *opened = NULL;
  g_autoptr (GError) error = NULL;
  gboolean handled = FALSE;

  g_signal_connect (application, "open", G_CALLBACK (open_cb), &opened);
  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
  g_application_set_default (application);

  paint (fixture);
  g_signal_emit_by_name (get_label (fixture, item), "activate-link", link, &handled);
  g_assert_true (handled);
  g_assert_cmpstr (opened, ==, link);

  g_application_set_default (NULL);
}

/* All that labels show is between their edges, and they are between those of the window. */
static void
assert_inside (Fixture *fixture, GtkWidget *widget)
{
  PangoRectangle extents;
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (widget))
    return;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_inside (fixture, child);

  if (!GTK_IS_LABEL (widget))
    return;

  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (fixture->view), &bounds));
  g_assert_cmpfloat (bounds.origin.x, >=, 0);
  g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=,
                     gtk_widget_get_width (GTK_WIDGET (fixture->view)));

  pango_layout_get_pixel_extents (gtk_label_get_layout (GTK_LABEL (widget)), NULL, &extents);
  g_assert_cmpint (extents.width, <=, gtk_widget_get_width (widget));
}

/* Whatever joins its letters, no line is longer than there is room for. */
static void
test_line_breaks (Fixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    const char *start;
    const char *repeated;
  } texts[] = {
    { "太好了", "！" },
    { "太好了", "。" },
    { "", "words\xc2\xa0"
          "joined"
          "\xc2\xa0" },
    { "", "a\xe2\x81\xa0" },
    { "", "ab\xef\xbb\xbf" },
    { "", "no\xe2\x80\xaf" },
    { "", "\xe2\x80\xa6" },
    { "", "——" },
    { "", "“" },
    { "", "1,000." },
    { "", "w" },
    { "", "W" },
    { "", "שלום" },
    { "", "สวัสดี" },
    { "", "ᄀ" },
    { "", "क्" },
    { "", "👩\xe2\x80\x8d" },
    { "", "👩" },
    { "`", "！" },
    { "https://tea.example/", "a" },
    { "https://tea.example/?", "%25" },
  };

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 500);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint length = 12; length <= 400; length *= 5)
      {
        g_autoptr (GString) text = g_string_new (texts[i].start);
        TeaTimelineItem *items[3];

        g_test_message ("text %zu, %u times", i, length);
        for (guint n = 0; n < length; n++)
          g_string_append (text, texts[i].repeated);

        items[0] = append (fixture, TEA_EVENT_MESSAGE, "Aiko", text->str);
        items[1] = append_own (fixture, text->str, TEA_DELIVERY_SENT);
        items[2] = append (fixture, TEA_EVENT_NOTICE, NULL, text->str);
        for (guint n = 0; n < G_N_ELEMENTS (items); n++)
          {
            paint (fixture);
            assert_inside (fixture, tea_timeline_view_get_row (fixture->view, items[n]));
          }
        tea_timeline_view_scroll_to_end (fixture->view);
      }
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static char *
read_clipboard (GdkClipboard *clipboard)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (clipboard, NULL, copied_cb, &text);
  for (guint i = 0; i < 1000 && text == NULL; i++)
    g_main_context_iteration (NULL, TRUE);

  return text;
}

static void
test_copy (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *item = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "run `ninja` <now>");
  GtkWidget *row;

  paint (fixture);
  row = tea_timeline_view_get_row (fixture->view, item);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = NULL;

      if (i == 1)
        gtk_label_select_region (get_label (fixture, item), 4, 9);
      tea_message_bubble_copy (tea_message_row_get_bubble (TEA_MESSAGE_ROW (row)));
      text = read_clipboard (gtk_widget_get_clipboard (row));
      g_assert_cmpstr (text, ==, i == 0 ? "run `ninja` <now>" : "ninja");
    }
}

static void
test_selection (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *one = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "run `ninja` now");
  TeaTimelineItem *other = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "and then `meson test`");
  GdkClipboard *primary = gtk_widget_get_primary_clipboard (GTK_WIDGET (fixture->view));
  g_autofree char *text = NULL;

  paint (fixture);
  gtk_label_select_region (get_label (fixture, one), 0, -1);
  g_assert_true (gtk_label_get_selection_bounds (get_label (fixture, one), NULL, NULL));

  /* There is one selection, and what is selected is what was written. */
  gtk_label_select_region (get_label (fixture, other), 0, -1);
  g_assert_false (gtk_label_get_selection_bounds (get_label (fixture, one), NULL, NULL));
  text = read_clipboard (primary);
  g_assert_cmpstr (text, ==, "and then meson test");

  /* Coming to a message selects nothing, and takes nothing away. */
  gtk_widget_grab_focus (GTK_WIDGET (get_label (fixture, one)));
  g_assert_true (get_focus (fixture) == GTK_WIDGET (get_label (fixture, one)));
  g_assert_false (gtk_label_get_selection_bounds (get_label (fixture, one), NULL, NULL));
  g_assert_true (gtk_label_get_selection_bounds (get_label (fixture, other), NULL, NULL));
}

static void
test_about (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *first = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "one");
  TeaTimelineItem *second = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "two");
  TeaTimelineItem *own = append_own (fixture, "three", TEA_DELIVERY_SENT);
  GtkWidget *avatar;
  GtkWidget *card;

  paint (fixture);
  g_assert_false (has_bubble (fixture, second, "message-avatar"));
  g_assert_false (has_bubble (fixture, own, "message-avatar"));
  avatar = find_class (tea_timeline_view_get_row (fixture->view, first), "message-avatar");
  g_assert_nonnull (avatar);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (avatar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "About Aiko");

  /* By keyboard as well. */
  gtk_widget_grab_focus (get_tile (fixture, first));
  g_assert_true (get_focus (fixture) == get_tile (fixture, first));
  paint (fixture);
  gtk_widget_child_focus (fixture->window, GTK_DIR_TAB_FORWARD);
  g_assert_true (get_focus (fixture) == avatar);
  gtk_widget_activate (avatar);
  card = wait_for_popover (fixture, TEA_TYPE_PERSON_CARD, TRUE);
  paint (fixture);
  /* Nobody can be written to alone here: what is left is the last button. */
  g_signal_emit_by_name (gtk_widget_get_last_child (gtk_popover_get_child (GTK_POPOVER (card))),
                         "clicked");
  g_assert_cmpstr (fixture->mentioned, ==, "Aiko");
  g_assert_false (gtk_widget_get_visible (card));
}

static void
test_keys (Fixture *fixture, gconstpointer user_data)
{
  static const char *const keys[] = { SHIFT_F10, "Menu" };
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  TeaTimelineItem *last;

  append_many (fixture, 50);
  last = peek_last (fixture);

  /* Who comes from outside begins with the newest, and not with the oldest: also before
   * there is anything to be seen, as when a window opens. */
  gtk_widget_child_focus (fixture->window, GTK_DIR_TAB_FORWARD);
  g_assert_false (GTK_IS_LIST_VIEW (gtk_widget_get_parent (get_focus (fixture))));
  paint (fixture);
  gtk_widget_child_focus (fixture->window, GTK_DIR_TAB_FORWARD);
  g_assert_true (get_focus (fixture) == get_tile (fixture, last));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (get_focus (fixture)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Aiko, 12:00: Afternoon, everyone. The projector in the "
                                       "big room works again.");
  paint (fixture);
  g_assert_true (tea_timeline_view_get_at_end (fixture->view));

  if (xdotool == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkWidget *menu;

      press (keys[i]);
      menu = wait_for_popover (fixture, GTK_TYPE_POPOVER_MENU, TRUE);
      g_assert_true (gtk_widget_is_ancestor (get_focus (fixture), menu));

      press ("Escape");
      wait_for_popover (fixture, GTK_TYPE_POPOVER_MENU, FALSE);
      g_assert_true (get_focus (fixture) == get_tile (fixture, last));
    }

  press (SHIFT_F10);
  wait_for_popover (fixture, GTK_TYPE_POPOVER_MENU, TRUE);
  press ("m");
  wait_for_popover (fixture, GTK_TYPE_POPOVER_MENU, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->mentioned, ==, "Aiko");
}

static void
assert_no_hyphens (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_no_hyphens (child);

  if (GTK_IS_LABEL (widget) && gtk_label_get_wrap (GTK_LABEL (widget)))
    {
      PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (widget));
      const PangoLogAttr *attributes;
      int n;

      attributes = pango_layout_get_log_attrs_readonly (layout, &n);
      for (int i = 0; i < n; i++)
        g_assert_false (attributes[i].break_inserts_hyphen);
    }
}

/* Nobody is called what a line that breaks within a name would make of it. */
static void
test_hyphens (Fixture *fixture, gconstpointer user_data)
{
  const char *name = "Bartholomew-Featherstonehaugh";
  GtkWidget *card = g_object_ref_sink (tea_person_card_new (name));

  assert_no_hyphens (
      tea_timeline_view_get_row (fixture->view, append (fixture, TEA_EVENT_MESSAGE, "Aiko", name)));
  assert_no_hyphens (
      tea_timeline_view_get_row (fixture->view, append (fixture, TEA_EVENT_JOINED, name, NULL)));
  assert_no_hyphens (
      tea_timeline_view_get_row (fixture->view, append (fixture, TEA_EVENT_NOTICE, NULL, name)));
  assert_no_hyphens (card);

  g_assert_finalize_object (card);
}

static double
get_centre (Fixture *fixture, GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (fixture->view), &bounds));

  return bounds.origin.x + bounds.size.width / 2;
}

static void
test_right_to_left (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *other;
  TeaTimelineItem *own;
  TeaMessageRow *row;
  GtkWidget *card;
  double middle;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  other = append (fixture, TEA_EVENT_MESSAGE, "Aiko", "Tea?");
  own = append_own (fixture, "Yes", TEA_DELIVERY_DELIVERED);
  paint (fixture);
  middle = gtk_widget_get_width (GTK_WIDGET (fixture->view)) / 2;

  row = TEA_MESSAGE_ROW (tea_timeline_view_get_row (fixture->view, own));
  g_assert_cmpfloat (get_centre (fixture, GTK_WIDGET (tea_message_row_get_bubble (row))), <,
                     middle);

  row = TEA_MESSAGE_ROW (tea_timeline_view_get_row (fixture->view, other));
  g_assert_cmpfloat (get_centre (fixture, GTK_WIDGET (tea_message_row_get_bubble (row))), >,
                     middle);
  g_assert_cmpfloat (get_centre (fixture, tea_message_row_get_avatar (row)), >,
                     get_centre (fixture, GTK_WIDGET (tea_message_row_get_bubble (row))));

  g_signal_emit_by_name (tea_message_row_get_avatar (row), "clicked");
  card = gtk_widget_get_last_child (GTK_WIDGET (fixture->view));
  g_assert_true (TEA_IS_PERSON_CARD (card));
  g_assert_cmpint (gtk_popover_get_position (GTK_POPOVER (card)), ==, GTK_POS_LEFT);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Where a word of a label is, from its left edge. */
static int
find_word (GtkWidget *widget, const char *word)
{
  GtkLabel *label = GTK_LABEL (widget);
  const char *text = gtk_label_get_text (label);
  const char *place = strstr (text, word);
  PangoRectangle rectangle;

  g_assert_nonnull (place);
  pango_layout_index_to_pos (gtk_label_get_layout (label), (int) (place - text), &rectangle);

  return MIN (rectangle.x, rectangle.x + rectangle.width) / PANGO_SCALE;
}

/* A name that is written from right to left turns no sentence round. */
static void
test_names_from_right_to_left (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *presence = append (fixture, TEA_EVENT_LEFT, "שלום", NULL);
  GtkWidget *label;

  paint (fixture);
  label = find_type (tea_timeline_view_get_row (fixture->view, presence), GTK_TYPE_LABEL);
  g_assert_cmpint (find_word (label, "ש"), <, find_word (label, "left"));

  append (fixture, TEA_EVENT_LEFT, "Sam", NULL);
  append (fixture, TEA_EVENT_JOINED, "مها", NULL);
  append (fixture, TEA_EVENT_JOINED, "Aiko", NULL);
  paint (fixture);
  label
      = find_type (find_type (tea_timeline_view_get_row (fixture->view, presence), GTK_TYPE_BUTTON),
                   GTK_TYPE_LABEL);
  g_assert_cmpint (find_word (label, "م"), <, find_word (label, "Aiko"));
  g_assert_cmpint (find_word (label, "Aiko"), <, find_word (label, "joined"));
  g_assert_cmpint (find_word (label, "joined"), <, find_word (label, "ש"));
  g_assert_cmpint (find_word (label, "ש"), <, find_word (label, "Sam"));
  g_assert_cmpint (find_word (label, "Sam"), <, find_word (label, "left"));
}

/* As in a room in which nothing has happened yet: another page is shown. */
static void
test_hidden (Fixture *fixture, gconstpointer user_data)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *empty = gtk_label_new ("Nothing yet");
  TeaTimelineItem *joined;
  GtkWidget *row;
  graphene_rect_t bounds;

  g_object_ref (fixture->view);
  gtk_window_set_child (GTK_WINDOW (fixture->window), stack);
  gtk_stack_add_child (GTK_STACK (stack), empty);
  gtk_stack_add_child (GTK_STACK (stack), GTK_WIDGET (fixture->view));
  g_object_unref (fixture->view);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (fixture->view)));

  /* Rows are made at once, so that they can be told of. */
  joined = append (fixture, TEA_EVENT_JOINED, "Guest", NULL);
  row = tea_timeline_view_get_row (fixture->view, joined);
  g_assert_nonnull (row);
  assert_row (fixture, joined, "Guest joined|");

  gtk_stack_set_visible_child (GTK_STACK (stack), GTK_WIDGET (fixture->view));
  paint (fixture);
  g_assert_true (tea_timeline_view_get_row (fixture->view, joined) == row);
  g_assert_true (gtk_widget_get_mapped (row));
  g_assert_true (gtk_widget_compute_bounds (row, GTK_WIDGET (fixture->view), &bounds));
  g_assert_cmpfloat (bounds.size.height, >, 0);
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=,
                     gtk_widget_get_height (GTK_WIDGET (fixture->view)));
}

static void
test_reuse (Fixture *fixture, gconstpointer user_data)
{
  /* Rows of every kind take each other's place. */
  for (guint i = 0; i < 400; i++)
    switch (i % 5)
      {
      case 0:
        append (fixture, TEA_EVENT_NOTICE, NULL, "The kettle is on");
        break;
      case 1:
        append (fixture, TEA_EVENT_JOINED, "Aiko", NULL);
        break;
      case 2:
        append (fixture, TEA_EVENT_LEFT, "Aiko", NULL);
        break;
      default:
        append (fixture, TEA_EVENT_MESSAGE, "Aiko", "http://tea.example/ `x` @Mei");
      }

  for (guint i = 0; i < 10; i++)
    {
      scroll_by (fixture, -900);
      paint (fixture);
    }
  tea_timeline_view_scroll_to_end (fixture->view);
  paint (fixture);

  tea_timeline_view_set_model (fixture->view, NULL);
  paint (fixture);
  tea_timeline_view_set_model (fixture->view, fixture->timeline);
  paint (fixture);
  g_assert_true (tea_timeline_view_get_at_end (fixture->view));
}

static void
load_style (const char *name)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* GDK 4.24 says this of itself on X11 when a popover closes. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && fields[i].length < 0
        && strstr (fields[i].value, "gdk_frame_timings_submitted()") != NULL)
      return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int argc, char *argv[])
{
  /* Nobody is told what things are called, but it can be looked at. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_log_set_writer_func (write_log, NULL, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  load_style ("style.css");
  load_style ("dark.css");
  load_style ("high-contrast.css");

#define ADD(path, function) \
  g_test_add ("/timeline-view/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("messages", test_messages);
  ADD ("changes", test_changes);
  ADD ("lines", test_lines);
  ADD ("states", test_states);
  ADD ("time", test_time);
  ADD ("news", test_news);
  ADD ("unread", test_unread);
  ADD ("hostile", test_hostile);
  ADD ("line-breaks", test_line_breaks);
  ADD ("marks", test_marks);
  ADD ("broken-link", test_broken_link);
  ADD ("room-link", test_room_link);
  ADD ("copy", test_copy);
  ADD ("selection", test_selection);
  ADD ("about", test_about);
  ADD ("keys", test_keys);
  ADD ("hyphens", test_hyphens);
  ADD ("right-to-left", test_right_to_left);
  ADD ("names-from-right-to-left", test_names_from_right_to_left);
  ADD ("hidden", test_hidden);
  ADD ("reuse", test_reuse);

  return g_test_run ();
}
