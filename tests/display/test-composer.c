/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>

#include "tea-composer-strip.h"
#include "tea-composer.h"
#include "tea-timeline-item-private.h"

#define FRAME_LIMIT_SECONDS 20

typedef struct
{
  GtkWidget *window;
  TeaComposer *composer;
  GtkTextView *text_view;
  GtkTextBuffer *buffer;
  GdkFrameClock *clock;
  char *sent; /* (owned) (nullable) */
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

  /* One frame, and some for what it made somebody change. */
  for (guint i = 0; i < 4; i++)
    {
      fixture->painted = FALSE;
      gtk_widget_queue_draw (GTK_WIDGET (fixture->composer));
      while (!fixture->painted && !fixture->late)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (late_id);

  g_assert_false (fixture->late);
}

static gboolean
send_cb (TeaComposer *composer, const char *text, Fixture *fixture)
{
  g_free (fixture->sent);
  fixture->sent = g_strdup (text);

  return TRUE;
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

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *above = gtk_label_new (NULL);

  fixture->composer = g_object_new (TEA_TYPE_COMPOSER, NULL);
  tea_composer_set_hint (fixture->composer, "Message the room");
  g_signal_connect (fixture->composer, "send", G_CALLBACK (send_cb), fixture);
  fixture->text_view
      = GTK_TEXT_VIEW (find_type (GTK_WIDGET (fixture->composer), GTK_TYPE_TEXT_VIEW));
  fixture->buffer = gtk_text_view_get_buffer (fixture->text_view);

  gtk_widget_set_vexpand (above, TRUE);
  gtk_box_append (GTK_BOX (box), above);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->composer));
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_widget_realize (fixture->window);
  fixture->clock = g_object_ref (gtk_widget_get_frame_clock (fixture->window));
  g_signal_connect_swapped (fixture->clock, "after-paint", G_CALLBACK (after_paint_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_widget_grab_focus (GTK_WIDGET (fixture->composer));
  paint (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_signal_handlers_disconnect_by_data (fixture->clock, fixture);
  g_object_unref (fixture->clock);
  g_free (fixture->sent);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static GtkWidget *
get_send_button (Fixture *fixture)
{
  GtkWidget *box = adw_bin_get_child (ADW_BIN (fixture->composer));

  return gtk_widget_get_last_child (gtk_widget_get_last_child (box));
}

/* Pastes as a key does, and waits for the text to arrive. */
static void
paste (Fixture *fixture, const char *text)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, fixture);
  int before = gtk_text_buffer_get_char_count (fixture->buffer);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->text_view)), text);
  g_signal_emit_by_name (fixture->text_view, "paste-clipboard");
  while (gtk_text_buffer_get_char_count (fixture->buffer) == before && !fixture->late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);

  g_assert_false (fixture->late);
  paint (fixture);
}

/* The line of the cursor is to be seen, and no more than a line of nothing below it. */
static void
assert_cursor_is_seen (Fixture *fixture)
{
  GtkTextIter cursor, end;
  GdkRectangle seen, place, last;

  gtk_text_view_get_visible_rect (fixture->text_view, &seen);
  gtk_text_buffer_get_iter_at_mark (fixture->buffer, &cursor,
                                    gtk_text_buffer_get_insert (fixture->buffer));
  gtk_text_view_get_iter_location (fixture->text_view, &cursor, &place);
  gtk_text_buffer_get_end_iter (fixture->buffer, &end);
  gtk_text_view_get_iter_location (fixture->text_view, &end, &last);

  g_test_message ("seen %d+%d, cursor %d+%d, end %d+%d", seen.y, seen.height, place.y, place.height,
                  last.y, last.height);
  g_assert_cmpint (place.y, >=, seen.y);
  g_assert_cmpint (place.y + place.height, <=, seen.y + seen.height);
  g_assert_cmpint (seen.y + seen.height, <=, last.y + 3 * last.height);
}

/* One line is as high as the button beside it, and there is nothing to scroll. */
static void
test_one_line (Fixture *fixture, gconstpointer user_data)
{
  static const char *const texts[] = { "", "one line" };
  GtkWidget *scrolled
      = gtk_widget_get_ancestor (GTK_WIDGET (fixture->text_view), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gtk_text_buffer_set_text (fixture->buffer, texts[i], -1);
      paint (fixture);
      g_assert_cmpint (gtk_widget_get_height (scrolled), ==,
                       gtk_widget_get_height (get_send_button (fixture)));
      g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), <=,
                         gtk_adjustment_get_page_size (adjustment));
    }
}

static void
test_paste_is_seen (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *word = g_strnfill (900, 'w');
  g_autoptr (GString) prose = g_string_new (NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  const char *texts[3];

  while (prose->len < 900)
    g_string_append (prose, "The projector works again. ");
  for (guint i = 1; i <= 30; i++)
    g_string_append_printf (lines, "line %u\n", i);
  texts[0] = word;
  texts[1] = prose->str;
  texts[2] = lines->str;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("text %zu", i);
      paste (fixture, texts[i]);
      assert_cursor_is_seen (fixture);
      paste (fixture, texts[i]);
      assert_cursor_is_seen (fixture);
      gtk_text_buffer_set_text (fixture->buffer, "", -1);
      paint (fixture);
    }
}

/* What is sent has no line end of the program it comes from. */
static void
test_paste_is_sent (Fixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    const char *text;
    const char *sent; /* (nullable) */
  } vectors[] = {
    { "tea\n", "tea" },
    { "tea\r\n", "tea" },
    { "one\r\ntwo\r\n\r\n", "one\ntwo" },
    { "\n\n  code\n", "  code" },
    { "a\xe2\x80\xa9"
      "b",
      "a\nb" },
    { " \r\n", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %zu", i);
      g_clear_pointer (&fixture->sent, g_free);
      paste (fixture, vectors[i].text);
      g_assert_true (gtk_widget_get_sensitive (get_send_button (fixture))
                     == (vectors[i].sent != NULL));
      g_signal_emit_by_name (get_send_button (fixture), "clicked");
      g_assert_cmpstr (fixture->sent, ==, vectors[i].sent);
      gtk_text_buffer_set_text (fixture->buffer, "", -1);
    }
}

static void
test_hyphens (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *word = g_strnfill (100, 'w');
  GtkTextIter iter;

  paste (fixture, word);
  paste (fixture, word);
  gtk_text_buffer_insert_at_cursor (fixture->buffer, word, -1);

  for (gtk_text_buffer_get_start_iter (fixture->buffer, &iter); !gtk_text_iter_is_end (&iter);
       gtk_text_iter_forward_char (&iter))
    {
      g_autoptr (GSList) tags = gtk_text_iter_get_tags (&iter);
      gboolean hyphens = TRUE;

      g_assert_cmpuint (g_slist_length (tags), ==, 1);
      g_object_get (tags->data, "insert-hyphens", &hyphens, NULL);
      g_assert_false (hyphens);
    }
}

static void
write_text (Fixture *fixture, const char *text)
{
  gtk_text_buffer_set_text (fixture->buffer, text, -1);
}

static void
assert_text (Fixture *fixture, const char *expected, const char *draft)
{
  g_autofree char *kept = tea_composer_dup_draft (fixture->composer);
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (fixture->buffer, &start, &end);
  text = gtk_text_buffer_get_text (fixture->buffer, &start, &end, FALSE);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (kept, ==, draft);
}

static void
press_send (Fixture *fixture)
{
  g_signal_emit_by_name (get_send_button (fixture), "clicked");
}

/* What the strip says, or nothing where there is none. */
static void
assert_strip (Fixture *fixture, const char *expected)
{
  GtkWidget *strip = find_type (GTK_WIDGET (fixture->composer), TEA_TYPE_COMPOSER_STRIP);
  GtkWidget *name = find_type (strip, GTK_TYPE_LABEL);
  g_autofree char *text = NULL;

  paint (fixture);
  if (gtk_widget_get_visible (strip))
    text = g_strdup_printf ("%s|%s", gtk_label_get_text (GTK_LABEL (name)),
                            gtk_label_get_text (GTK_LABEL (gtk_widget_get_next_sibling (name))));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_reply (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaTimelineItem) item
      = tea_timeline_item_new_message ("Noor", "Who brings\nthe cups?", 0, FALSE);

  assert_strip (fixture, NULL);
  write_text (fixture, "I do");
  tea_composer_reply (fixture->composer, item);
  assert_strip (fixture, "Noor|Who brings the cups?");
  g_assert_true (tea_composer_get_answered (fixture->composer) == item);

  /* What is written stays without what it would have answered. */
  g_assert_true (tea_composer_give_up (fixture->composer));
  assert_strip (fixture, NULL);
  assert_text (fixture, "I do", "I do");
  g_assert_null (tea_composer_get_answered (fixture->composer));
  g_assert_false (tea_composer_give_up (fixture->composer));

  tea_composer_reply (fixture->composer, item);
  press_send (fixture);
  g_assert_cmpstr (fixture->sent, ==, "I do");
  assert_text (fixture, "", "");
  assert_strip (fixture, NULL);
}

/* What was being written is kept aside while a message is edited. */
static void
test_edit (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaTimelineItem) item = tea_timeline_item_new_message ("Mei", "Tea at four", 0, TRUE);
  g_autoptr (TeaTimelineItem) other = tea_timeline_item_new_message ("Mei", "Cups", 0, TRUE);
  g_autoptr (TeaTimelineItem) answered = tea_timeline_item_new_message ("Noor", "?", 0, FALSE);

  write_text (fixture, "a draft");
  tea_composer_reply (fixture->composer, answered);
  tea_composer_edit (fixture->composer, item);
  assert_strip (fixture, "Edit Message|Tea at four");
  assert_text (fixture, "Tea at four", "a draft");
  g_assert_null (tea_composer_get_answered (fixture->composer));

  tea_composer_edit (fixture->composer, other);
  assert_text (fixture, "Cups", "a draft");
  g_assert_true (tea_composer_get_edited (fixture->composer) == other);
  write_text (fixture, "Six cups");
  press_send (fixture);
  g_assert_cmpstr (fixture->sent, ==, "Six cups");
  g_assert_null (tea_composer_get_edited (fixture->composer));

  /* The draft is there again, with what it answers. */
  assert_text (fixture, "a draft", "a draft");
  assert_strip (fixture, "Noor|?");
  g_assert_true (tea_composer_get_answered (fixture->composer) == answered);
}

static void
load_style (const char *name)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  g_autofree char *path = g_strconcat ("/io/github/teahousechat/Teahouse/", name, NULL);

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  load_style ("style.css");

#define ADD(path, function) \
  g_test_add ("/composer/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("one-line", test_one_line);
  ADD ("paste-is-seen", test_paste_is_seen);
  ADD ("paste-is-sent", test_paste_is_sent);
  ADD ("hyphens", test_hyphens);
  ADD ("reply", test_reply);
  ADD ("edit", test_edit);

  return g_test_run ();
}
