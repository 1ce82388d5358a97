/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <string.h>

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-message-menu.h"
#include "tea-message-quote.h"
#include "tea-message-row.h"
#include "tea-reaction-bar.h"
#include "tea-reaction-button.h"
#include "tea-timeline-item-private.h"
#include "tea-timeline-private.h"
#include "tea-timeline-view.h"

#define RESOURCES "/io/github/teahousechat/Teahouse/"
#define FRAME_LIMIT_SECONDS 20

/* What became of messages, as the rows of a view show it. */

typedef struct
{
  TeaTimeline *timeline;
  TeaTimelineView *view;
  GtkWidget *window;
  GdkFrameClock *clock;
  gint64 now;
  guint64 seq;
  GVariant *reacted; /* (owned) (nullable): what `message.react` was asked for */
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
react_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_pointer (&fixture->reacted, g_variant_unref);
  fixture->reacted = g_variant_ref (parameter);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 4, 12, 0, 0);
  const GActionEntry react = { .name = "react", .activate = react_cb, .parameter_type = "(tsb)" };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  fixture->now = g_date_time_to_unix (noon) * G_USEC_PER_SEC;
  fixture->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (fixture->timeline, "Mei");
  fixture->view = TEA_TIMELINE_VIEW (tea_timeline_view_new ());
  tea_timeline_view_set_own_name (fixture->view, "Mei");
  tea_timeline_view_set_model (fixture->view, fixture->timeline);

  fixture->window = gtk_window_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (actions), &react, 1, fixture);
  gtk_widget_insert_action_group (fixture->window, "message", G_ACTION_GROUP (actions));
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
  g_object_add_weak_pointer (view, &view);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (view);
  g_clear_pointer (&fixture->reacted, g_variant_unref);
  g_assert_finalize_object (fixture->timeline);
}

/* The log goes on by an event. Answers its number. */
static guint64
log_event (Fixture *fixture, TeaEventFields fields)
{
  g_autoptr (TeaEvent) event = NULL;

  fixture->now += G_USEC_PER_SEC;
  fields.seq = ++fixture->seq;
  fields.time = fixture->now;
  event = tea_event_new_from_fields (&fields);
  if (fields.kind == TEA_EVENT_MESSAGE)
    tea_timeline_append_event (fixture->timeline, event);
  else
    g_array_unref (tea_timeline_take_change (fixture->timeline, event));

  return fixture->seq;
}

static guint64
say (Fixture *fixture, const char *author, const char *text, guint64 reply_to)
{
  return log_event (fixture, (TeaEventFields){
                                 .kind = TEA_EVENT_MESSAGE,
                                 .author = author,
                                 .text = text,
                                 .target = reply_to,
                             });
}

static void
edit (Fixture *fixture, const char *author, guint64 target, const char *text)
{
  log_event (fixture, (TeaEventFields){
                          .kind = TEA_EVENT_EDITED,
                          .author = author,
                          .text = text,
                          .target = target,
                      });
}

static void
remove_message (Fixture *fixture, const char *author, guint64 target)
{
  log_event (fixture, (TeaEventFields){
                          .kind = TEA_EVENT_REMOVED,
                          .author = author,
                          .target = target,
                      });
}

/* Somebody has reacted, or taken it back: @names are all who have reacted so now. */
static void
react (Fixture *fixture, guint64 target, const char *emoji, gboolean set, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);
  guint n = g_strv_length (list);
  g_autoptr (GBytes) data = tea_event_data_encode_reacted (set, n, (const char *const *) list);

  log_event (fixture, (TeaEventFields){
                          .kind = TEA_EVENT_REACTED,
                          .author = "Aiko",
                          .text = emoji,
                          .target = target,
                          .data = data,
                      });
}

static GtkWidget *
get_row (Fixture *fixture, guint64 seq)
{
  return tea_timeline_view_get_row (fixture->view,
                                    tea_timeline_find_message (fixture->timeline, seq));
}

/* What can be read in a widget, from top to bottom. */
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

static char *
read_bubble (GtkWidget *row)
{
  GString *text = g_string_new (NULL);

  collect (GTK_WIDGET (tea_message_row_get_bubble (TEA_MESSAGE_ROW (row))), text);

  return g_string_free (text, FALSE);
}

static void
assert_bubble (Fixture *fixture, guint64 seq, const char *expected)
{
  GtkWidget *row = get_row (fixture, seq);
  g_autofree char *text = NULL;

  g_assert_nonnull (row);
  text = read_bubble (row);
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
has_style (Fixture *fixture, guint64 seq, const char *name)
{
  TeaMessageBubble *bubble = tea_message_row_get_bubble (TEA_MESSAGE_ROW (get_row (fixture, seq)));

  return gtk_widget_has_css_class (GTK_WIDGET (bubble), name);
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return gtk_widget_get_visible (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Each reaction in brackets, one's own with a star. */
static char *
read_reactions (GtkWidget *row)
{
  GtkWidget *bar = find_type (row, TEA_TYPE_REACTION_BAR);
  GString *text = g_string_new (NULL);

  for (GtkWidget *child = bar != NULL ? gtk_widget_get_first_child (bar) : NULL; child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!TEA_IS_REACTION_BUTTON (child))
        continue;

      g_string_append (text, gtk_widget_has_css_class (child, "own") ? "*[" : "[");
      collect (child, text);
      g_string_append (text, "]");
    }

  return g_string_free (text, FALSE);
}

static void
assert_reactions (Fixture *fixture, guint64 seq, const char *expected)
{
  g_autofree char *text = read_reactions (get_row (fixture, seq));

  g_assert_cmpstr (text, ==, expected);
}

static void
press_reaction (Fixture *fixture, guint64 seq, const char *expected)
{
  GtkWidget *button = find_type (get_row (fixture, seq), TEA_TYPE_REACTION_BUTTON);
  g_autofree char *asked = NULL;

  g_signal_emit_by_name (button, "clicked");
  g_assert_nonnull (fixture->reacted);
  asked = g_variant_print (fixture->reacted, FALSE);
  g_assert_cmpstr (asked, ==, expected);
}

static void
test_reactions (Fixture *fixture, gconstpointer user_data)
{
  guint64 seq = say (fixture, "Noor", "Tea at four", 0);

  paint (fixture);
  g_assert_null (find_type (get_row (fixture, seq), TEA_TYPE_REACTION_BAR));

  react (fixture, seq, "🍵", TRUE, "Aiko");
  paint (fixture);
  assert_reactions (fixture, seq, "[🍵|1|]");
  press_reaction (fixture, seq, "(1, '🍵', true)");

  react (fixture, seq, "👍", TRUE, "Aiko");
  react (fixture, seq, "🍵", TRUE, "Aiko Mei");
  paint (fixture);
  assert_reactions (fixture, seq, "*[🍵|2|][👍|1|]");
  press_reaction (fixture, seq, "(1, '🍵', false)");

  react (fixture, seq, "🍵", FALSE, "");
  assert_reactions (fixture, seq, "[👍|1|]");
  remove_message (fixture, "Noor", seq);
  paint (fixture);
  g_assert_null (find_type (get_row (fixture, seq), TEA_TYPE_REACTION_BAR));
}

/* They go on in another line, and make no message wider than the view. */
static void
test_many_reactions (Fixture *fixture, gconstpointer user_data)
{
  guint64 seq = say (fixture, "Noor", "Tea", 0);
  int one_line;
  GtkWidget *bar;

  react (fixture, seq, "🍵", TRUE, "Aiko");
  paint (fixture);
  bar = find_type (get_row (fixture, seq), TEA_TYPE_REACTION_BAR);
  one_line = gtk_widget_get_height (bar);

  for (guint i = 0; i < 19; i++)
    {
      char emoji[8] = { 0 };

      g_unichar_to_utf8 (0x1f400 + i, emoji);
      react (fixture, seq, emoji, TRUE, "Aiko");
    }
  paint (fixture);
  g_assert_cmpint (gtk_widget_get_height (bar), >=, 2 * one_line);
  g_assert_cmpint (gtk_widget_get_width (bar), <=, gtk_widget_get_width (fixture->window));
  for (GtkWidget *child = gtk_widget_get_first_child (bar); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds;

      g_assert_true (gtk_widget_compute_bounds (child, bar, &bounds));
      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, gtk_widget_get_width (bar));
      g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, gtk_widget_get_height (bar));
    }
}

static void
test_reply (Fixture *fixture, gconstpointer user_data)
{
  guint64 first = say (fixture, "Noor", "Who brings\nthe cups?", 0);
  guint64 reply = say (fixture, "Aiko", "I do.", first);
  guint64 plain = say (fixture, "Aiko", "Six of them.", 0);
  guint64 lost = say (fixture, "Sam", "That too.", 4711);
  GtkWidget *quote;

  paint (fixture);
  assert_bubble (fixture, first, "Who brings\nthe cups?|");
  assert_bubble (fixture, reply, "Noor|Who brings the cups?|I do.|");
  assert_bubble (fixture, plain, "Six of them.|");
  assert_bubble (fixture, lost, "Earlier message|…|That too.|");

  /* What is answered may change, and go. */
  edit (fixture, "Noor", first, "Who brings the pot?");
  assert_bubble (fixture, reply, "Noor|Who brings the pot?|I do.|");
  quote = find_type (get_row (fixture, reply), TEA_TYPE_MESSAGE_QUOTE);
  g_assert_false (gtk_widget_has_css_class (quote, "removed"));
  remove_message (fixture, "Noor", first);
  assert_bubble (fixture, reply, "Noor|Removed|I do.|");
  g_assert_true (gtk_widget_has_css_class (quote, "removed"));

  /* Nothing is left to be an answer. */
  remove_message (fixture, "Aiko", reply);
  assert_bubble (fixture, reply, "Removed|");
}

static void
test_edited (Fixture *fixture, gconstpointer user_data)
{
  guint64 text = say (fixture, "Noor", "Tea at four", 0);
  guint64 emoji = say (fixture, "Noor", "🍵", 0);

  paint (fixture);
  edit (fixture, "Noor", text, "Tea at `five`");
  edit (fixture, "Noor", emoji, "🎉");
  paint (fixture);
  assert_bubble (fixture, text, "Tea at five\302\240 edited|");
  assert_bubble (fixture, emoji, "🎉\302\240 edited|");
  g_assert_true (has_style (fixture, emoji, "emoji"));
}

static void
test_removed (Fixture *fixture, gconstpointer user_data)
{
  guint64 own = say (fixture, "Noor", "@Mei, this", 0);
  guint64 moderated = say (fixture, "Sam", "🍵", 0);

  paint (fixture);
  g_assert_true (has_style (fixture, own, "mention"));
  g_assert_true (has_style (fixture, moderated, "emoji"));
  remove_message (fixture, "Noor", own);
  remove_message (fixture, "Noor", moderated);
  paint (fixture);
  assert_bubble (fixture, own, "Removed|");
  assert_bubble (fixture, moderated, "Removed by Noor|");
  g_assert_true (has_style (fixture, own, "removed"));
  g_assert_false (has_style (fixture, own, "bubble"));
  g_assert_false (has_style (fixture, own, "mention"));
  g_assert_false (has_style (fixture, moderated, "emoji"));
}

/* That of the list's tile around the row. */
static int
get_height (Fixture *fixture, guint64 seq)
{
  return gtk_widget_get_height (gtk_widget_get_parent (get_row (fixture, seq)));
}

/* One line is enough for messages of a group that were removed one after the other. */
static void
test_removed_run (Fixture *fixture, gconstpointer user_data)
{
  guint64 seqs[6];

  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    seqs[i] = say (fixture, i < 5 ? "Sam" : "Aiko", "spam", 0);
  paint (fixture);

  remove_message (fixture, "Noor", seqs[1]);
  remove_message (fixture, "Noor", seqs[3]);
  paint (fixture);
  assert_bubble (fixture, seqs[1], "Removed by Noor|");
  assert_bubble (fixture, seqs[3], "Removed by Noor|");

  /* From both sides together, but not with what somebody else had said. */
  remove_message (fixture, "Noor", seqs[5]);
  remove_message (fixture, "Noor", seqs[2]);
  paint (fixture);
  assert_bubble (fixture, seqs[1], "3 messages removed|");
  g_assert_cmpint (get_height (fixture, seqs[1]), >, 1);
  g_assert_cmpint (get_height (fixture, seqs[2]), ==, 1);
  g_assert_cmpint (get_height (fixture, seqs[3]), ==, 1);
  g_assert_cmpint (get_height (fixture, seqs[4]), >, 1);
  assert_bubble (fixture, seqs[4], "spam|");
  assert_bubble (fixture, seqs[5], "Removed by Noor|");

  remove_message (fixture, "Noor", seqs[4]);
  remove_message (fixture, "Noor", seqs[0]);
  paint (fixture);
  assert_bubble (fixture, seqs[0], "5 messages removed|");
  g_assert_cmpint (get_height (fixture, seqs[1]), ==, 1);
  g_assert_cmpint (get_height (fixture, seqs[4]), ==, 1);
  g_assert_cmpint (get_height (fixture, seqs[5]), >, 1);
}

static gboolean
has_text (GtkWidget *widget, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  collect (widget, text);

  return strstr (text->str, expected) != NULL;
}

static guint
read_seconds (GtkWidget *row)
{
  const char *words = "|Sending in ";
  g_autoptr (GString) text = g_string_new (NULL);
  const char *found;

  collect (row, text);
  found = strstr (text->str, words);
  g_assert_nonnull (found);

  return (guint) g_ascii_strtoull (found + strlen (words), NULL, 10);
}

/* How long a message is held back is counted down. */
static void
test_hold (Fixture *fixture, gconstpointer user_data)
{
  TeaTimelineItem *item
      = tea_timeline_append_own (fixture->timeline, "tea", 0, fixture->now, TEA_DELIVERY_WAITING);
  guint late_id;
  guint seconds;
  GtkWidget *row;

  paint (fixture);
  row = tea_timeline_view_get_row (fixture->view, item);
  g_assert_true (has_text (row, "|Waiting|"));

  _tea_timeline_item_set_hold_until (item, g_get_real_time () + 90 * G_TIME_SPAN_SECOND);
  seconds = read_seconds (row);
  g_assert_cmpuint (seconds, <=, 90);
  g_assert_cmpuint (seconds, >, 0);
  late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);
  while (!fixture->late && read_seconds (row) == seconds)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);
  g_assert_false (fixture->late);
  g_assert_cmpuint (read_seconds (row), <, seconds);

  _tea_timeline_item_set_hold_until (item, g_get_real_time () + 2 * G_TIME_SPAN_HOUR);
  g_assert_true (has_text (row, "|Sending at "));
  _tea_timeline_item_set_hold_until (item, 0);
  g_assert_true (has_text (row, "|Waiting|"));
}

/* What is behind a message that was edited is nobody's text. */
static void
test_copy (Fixture *fixture, gconstpointer user_data)
{
  guint64 seq = say (fixture, "Noor", "Tea at four", 0);
  TeaMessageBubble *bubble;
  GdkClipboard *clipboard;
  g_auto (GValue) value = G_VALUE_INIT;
  GtkWidget *label;

  edit (fixture, "Noor", seq, "Tea at five");
  paint (fixture);
  bubble = tea_message_row_get_bubble (TEA_MESSAGE_ROW (get_row (fixture, seq)));
  label = find_type (GTK_WIDGET (bubble), GTK_TYPE_LABEL);
  gtk_label_select_region (GTK_LABEL (label), 4, -1);
  tea_message_bubble_copy (bubble);

  clipboard = gtk_widget_get_clipboard (GTK_WIDGET (bubble));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "at five");
}

static void
wait_for_flash (Fixture *fixture, guint64 seq)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);

  while (!fixture->late && (get_row (fixture, seq) == NULL || !has_style (fixture, seq, "flash")))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);

  g_assert_false (fixture->late);
}

static void
test_jump (Fixture *fixture, gconstpointer user_data)
{
  guint64 first = say (fixture, "Noor", "Who brings the cups?", 0);
  guint64 reply;
  GtkWidget *quote;

  for (guint i = 0; i < 300; i++)
    say (fixture, i % 5 < 3 ? "Aiko" : "Sam", "The projector in the big room works again.", 0);
  reply = say (fixture, "Aiko", "I do.", first);
  paint (fixture);

  quote = find_type (get_row (fixture, reply), TEA_TYPE_MESSAGE_QUOTE);
  g_signal_emit_by_name (quote, "clicked");
  wait_for_flash (fixture, first);
  paint (fixture);
  g_assert_false (tea_timeline_view_get_at_end (fixture->view));
}

static void
collect_menu (GtkWidget *widget, GString *text)
{
  g_autofree char *label = NULL;

  if (!gtk_widget_get_visible (widget))
    return;

  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkModelButton"))
    {
      g_object_get (widget, "text", &label, NULL);
      g_string_append_printf (text, "%s ", label);
      return;
    }
  if (GTK_IS_BUTTON (widget))
    g_string_append (text, "* ");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_menu (child, text);
}

/* What is not allowed is not in the menu. */
static void
test_menu (Fixture *fixture, gconstpointer user_data)
{
  const TeaMessageRights all
      = TEA_MESSAGE_REPLY | TEA_MESSAGE_EDIT | TEA_MESSAGE_PIN | TEA_MESSAGE_REMOVE;
  const struct
  {
    TeaMessageRights rights;
    const char *author;
    const char *expected;
  } vectors[] = {
    { 0, "Noor", "Copy Mention Select " },
    { 0, "Mei", "Copy Select " },
    { TEA_MESSAGE_REPLY, "Noor", "* * * * * * * Reply Copy Mention Select " },
    { all, "Mei", "* * * * * * * Reply Edit Copy Select Pin Remove… " },
    { TEA_MESSAGE_REMOVE, "Mei", "Copy Select Remove… " },
  };
  g_autoptr (TeaMessageMenu) menu = tea_message_menu_new (GTK_WIDGET (fixture->view));

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTimelineItem) item
          = tea_timeline_item_new_message (vectors[i].author, "tea", fixture->now,
                                           g_str_equal (vectors[i].author, "Mei"));
      g_autoptr (GString) text = g_string_new (NULL);
      GtkWidget *popover;

      paint (fixture);
      tea_message_menu_show (menu, item, vectors[i].rights, &(GdkRectangle){ 10, 10, 1, 1 });
      popover = gtk_widget_get_last_child (GTK_WIDGET (fixture->view));
      collect_menu (popover, text);
      g_test_message ("vector %zu", i);
      g_assert_cmpstr (text->str, ==, vectors[i].expected);
      gtk_popover_popdown (GTK_POPOVER (popover));
      paint (fixture);
    }
}

static gboolean
is_checked (Fixture *fixture, guint64 seq)
{
  GtkWidget *check = find_type (get_row (fixture, seq), GTK_TYPE_CHECK_BUTTON);

  g_assert_nonnull (check);
  g_assert_cmpint (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)), ==,
                   gtk_widget_has_css_class (get_row (fixture, seq), "selected"));

  return gtk_check_button_get_active (GTK_CHECK_BUTTON (check));
}

static void
test_selection (Fixture *fixture, gconstpointer user_data)
{
  TeaSelection *selection = tea_timeline_view_get_selection (fixture->view);
  guint64 first = say (fixture, "Noor", "Tea at four", 0);
  guint64 removed = say (fixture, "Sam", "spam", 0);
  guint64 second = say (fixture, "Aiko", "Fine", 0);
  guint64 third = say (fixture, "Aiko", "I bring cups", 0);
  g_autofree char *text = NULL;

  remove_message (fixture, "Noor", removed);
  paint (fixture);
  g_assert_null (find_type (get_row (fixture, first), GTK_TYPE_CHECK_BUTTON));

  tea_selection_begin (selection, tea_timeline_find_message (fixture->timeline, first));
  paint (fixture);
  g_assert_true (is_checked (fixture, first));
  g_assert_false (is_checked (fixture, second));
  g_assert_null (find_type (get_row (fixture, removed), GTK_TYPE_CHECK_BUTTON));

  tea_selection_extend (selection, tea_timeline_find_message (fixture->timeline, third));
  g_assert_cmpuint (tea_selection_get_n_items (selection), ==, 3);
  g_assert_true (is_checked (fixture, second));
  tea_selection_toggle (selection, tea_timeline_find_message (fixture->timeline, second));
  g_assert_false (is_checked (fixture, second));

  /* In the order of the timeline, in whatever order they were selected. */
  text = tea_selection_dup_text (selection);
  g_assert_cmpstr (text, ==, "Noor, 12:00: Tea at four\nAiko, 12:00: I bring cups");

  tea_selection_end (selection);
  paint (fixture);
  g_assert_null (find_type (get_row (fixture, first), GTK_TYPE_CHECK_BUTTON));
  g_assert_false (gtk_widget_has_css_class (get_row (fixture, first), "selected"));
}

/* The button is there for whoever points at a row, and changes no row. */
static void
test_more (Fixture *fixture, gconstpointer user_data)
{
  guint64 seq = say (fixture, "Noor", "Tea at four", 0);
  GtkWidget *row;
  int height;

  paint (fixture);
  row = get_row (fixture, seq);
  height = gtk_widget_get_height (row);
  g_assert_null (tea_message_row_get_more (TEA_MESSAGE_ROW (row)));
  gtk_widget_set_state_flags (row, GTK_STATE_FLAG_PRELIGHT, FALSE);
  paint (fixture);
  g_assert_nonnull (tea_message_row_get_more (TEA_MESSAGE_ROW (row)));
  g_assert_cmpint (gtk_widget_get_height (row), ==, height);
}

static gboolean
is_removed (guint64 seq)
{
  return seq % 7 == 3 || seq % 21 == 4;
}

/* What every seventh message is, and what its bubble has to say. */
static char *
expect (guint64 seq)
{
  switch (seq % 7)
    {
    case 1:
      return g_strdup_printf ("Noor|number 1|number %u|", (guint) seq);
    case 2:
      return g_strdup_printf ("changed %u\302\240 edited|", (guint) seq);
    case 3:
      /* Some also with the one behind. */
      return g_strdup (seq % 21 == 3 ? "2 messages removed|" : "Removed by Sam|");
    case 4:
      return g_strdup (is_removed (seq) ? "Removed by Sam|" : "Noor|number 1|🍵|");
    default:
      return g_strdup_printf ("number %u|", (guint) seq);
    }
}

static void
assert_rows (Fixture *fixture, guint64 last)
{
  TeaSelection *selection = tea_timeline_view_get_selection (fixture->view);
  guint n_bound = 0;

  for (guint64 seq = 2; seq <= last; seq++)
    {
      GtkWidget *row = get_row (fixture, seq);
      g_autofree char *expected = expect (seq);
      g_autofree char *text = NULL;

      if (row == NULL)
        continue;

      text = read_bubble (row);
      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpint (has_style (fixture, seq, "removed"), ==, is_removed (seq));
      g_assert_cmpint (has_style (fixture, seq, "emoji"), ==, seq % 7 == 4 && !is_removed (seq));
      g_assert_cmpint (gtk_widget_get_child_visible (row), ==, seq % 21 != 4);
      g_assert_cmpint (gtk_widget_has_css_class (row, "selected"), ==,
                       tea_selection_is_active (selection) && !is_removed (seq) && seq % 2 == 0);
      assert_reactions (fixture, seq,
                        seq % 7 == 5   ? "[🍵|1|]*[👍|2|]"
                        : seq % 7 == 6 ? "[🎉|1|]"
                                       : "");
      n_bound++;
    }
  g_assert_cmpuint (n_bound, >, 0);
}

static void
select_every_second (Fixture *fixture, guint64 last)
{
  TeaSelection *selection = tea_timeline_view_get_selection (fixture->view);

  tea_selection_begin (selection, tea_timeline_find_message (fixture->timeline, 2));
  for (guint64 seq = 4; seq <= last; seq += 2)
    tea_selection_toggle (selection, tea_timeline_find_message (fixture->timeline, seq));
}

/* A row that was another message's shows nothing of that. */
static void
test_recycled (Fixture *fixture, gconstpointer user_data)
{
  const guint64 last = 400;

  say (fixture, "Noor", "number 1", 0);
  for (guint64 seq = 2; seq <= last; seq++)
    {
      g_autofree char *text = g_strdup_printf ("number %u", (guint) seq);

      say (fixture, "Aiko", seq % 7 == 4 ? "🍵" : text, seq % 7 == 1 || seq % 7 == 4 ? 1 : 0);
    }
  for (guint64 seq = 2; seq <= last; seq++)
    {
      g_autofree char *text = g_strdup_printf ("changed %u", (guint) seq);

      if (seq % 7 == 2)
        edit (fixture, "Aiko", seq, text);
      if (is_removed (seq))
        remove_message (fixture, "Sam", seq);
      if (seq % 7 == 5)
        {
          react (fixture, seq, "🍵", TRUE, "Aiko");
          react (fixture, seq, "👍", TRUE, "Aiko Mei");
        }
      if (seq % 7 == 6)
        react (fixture, seq, "🎉", TRUE, "Aiko");
    }

  /* There and back, then once more while some are selected, and without that again. */
  for (guint way = 0; way < 4; way++)
    for (guint i = 0; i < 20; i++)
      {
        if (i == 0 && way == 1)
          select_every_second (fixture, last);
        if (i == 0 && way == 3)
          tea_selection_end (tea_timeline_view_get_selection (fixture->view));
        paint (fixture);
        assert_rows (fixture, last);
        tea_timeline_view_scroll_pages (fixture->view, way % 2 == 0 ? -1 : 1);
      }
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

int
main (int argc, char *argv[])
{
  /* Nobody is told what things are called, but it can be looked at. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  load_style ("style.css");

#define ADD(path, function) \
  g_test_add ("/message-row/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("reply", test_reply);
  ADD ("reactions", test_reactions);
  ADD ("many-reactions", test_many_reactions);
  ADD ("menu", test_menu);
  ADD ("more", test_more);
  ADD ("selection", test_selection);
  ADD ("edited", test_edited);
  ADD ("removed", test_removed);
  ADD ("removed-run", test_removed_run);
  ADD ("hold", test_hold);
  ADD ("copy", test_copy);
  ADD ("jump", test_jump);
  ADD ("recycled", test_recycled);

#undef ADD

  return g_test_run ();
}
