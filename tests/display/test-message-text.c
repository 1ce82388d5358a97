/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <string.h>

#include "tea-code-block.h"
#include "tea-message-text.h"
#include "tea-style.h"

#define WIDTH 400
#define HEIGHT 300
#define LIMIT_SECONDS 60

typedef struct
{
  GtkWidget *window;
  GtkWidget *scrolled;
  TeaMessageText *text;
  GdkFrameClock *clock;
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

static void
paint (Fixture *fixture)
{
  for (guint i = 0; i < 4; i++)
    {
      fixture->painted = FALSE;
      gtk_widget_queue_draw (fixture->window);
      WAIT (fixture, fixture->painted);
    }
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *space = gtk_label_new ("below");

  fixture->text = TEA_MESSAGE_TEXT (tea_message_text_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->text));
  gtk_widget_set_size_request (space, -1, 2 * HEIGHT);
  gtk_box_append (GTK_BOX (box), space);

  fixture->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (fixture->scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (fixture->scrolled), box);

  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->scrolled);
  gtk_widget_show (fixture->window);
  fixture->clock = gtk_widget_get_frame_clock (fixture->window);
  g_signal_connect_swapped (fixture->clock, "after-paint", G_CALLBACK (after_paint_cb), fixture);
  paint (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (fixture->clock, fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->text), (gpointer *) &fixture->text);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_null (fixture->text);
}

static TeaCodeBlock *
find_block (Fixture *fixture)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->text)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (TEA_IS_CODE_BLOCK (child))
      return TEA_CODE_BLOCK (child);

  return NULL;
}

/* What is seen, a line for each part, code in brackets. */
static char *
describe (Fixture *fixture)
{
  g_autoptr (GString) described = g_string_new (NULL);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->text)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!gtk_widget_get_visible (child))
        continue;
      if (described->len > 0)
        g_string_append_c (described, '|');
      if (TEA_IS_CODE_BLOCK (child))
        g_string_append_printf (described, "[%s]",
                                gtk_label_get_text (
                                    tea_code_block_get_label (TEA_CODE_BLOCK (child))));
      else
        g_string_append (described, gtk_label_get_text (GTK_LABEL (child)));
    }

  return g_string_free (g_steal_pointer (&described), FALSE);
}

static void
test_parts (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *behind;
    const char *seen;
  } vectors[] = {
    { "tea", NULL, "tea" },
    { "tea", " edited", "tea edited" },
    { "a\n```\nb\n```\nc `d`", NULL, "a|[b]|c d" },
    { "a\n```\nb\n```\nc", " <i>edited</i>", "a|[b]|c edited" },
    { "```\nb < c\n```", NULL, "[b < c]" },
    { "```\nb\n```", "edited", "[b]|edited" },
    { "tea", NULL, "tea" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *seen = NULL;

      g_test_message ("vector %zu", i);
      tea_message_text_set_text (fixture->text, vectors[i].text, NULL, vectors[i].behind);
      paint (fixture);
      seen = describe (fixture);
      g_assert_cmpstr (seen, ==, vectors[i].seen);
    }
}

/* What is selected is copied, but not what nobody wrote. */
static void
test_selected (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nothing = NULL;
  g_autofree char *code = NULL;
  g_autofree char *end = NULL;
  GtkWidget *last;

  tea_message_text_set_text (fixture->text, "a\n```\ncode\n```\nc", NULL, " edited");
  paint (fixture);
  nothing = tea_message_text_dup_selected (fixture->text);
  g_assert_null (nothing);

  gtk_label_select_region (tea_code_block_get_label (find_block (fixture)), 1, 3);
  code = tea_message_text_dup_selected (fixture->text);
  g_assert_cmpstr (code, ==, "od");

  last = gtk_widget_get_last_child (GTK_WIDGET (fixture->text));
  gtk_label_select_region (tea_code_block_get_label (find_block (fixture)), 0, 0);
  gtk_label_select_region (GTK_LABEL (last), 0, -1);
  end = tea_message_text_dup_selected (fixture->text);
  g_assert_cmpstr (end, ==, "c");
}

static void
run_xdotool (const char *arguments)
{
  g_autofree char *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* The lines of code do not wrap. The wheel goes past them, and with Shift along them. */
static void
test_wide (Fixture *fixture, gconstpointer data)
{
  g_autofree char *line = g_strnfill (300, 'x');
  g_autofree char *text = g_strdup_printf ("```\n%s\nshort\n```", line);
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  GtkAdjustment *page
      = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (fixture->scrolled));
  GtkWidget *label;
  GtkWidget *inner;
  GtkAdjustment *along;

  tea_message_text_set_text (fixture->text, text, NULL, NULL);
  paint (fixture);
  label = GTK_WIDGET (tea_code_block_get_label (find_block (fixture)));
  inner = gtk_widget_get_ancestor (label, GTK_TYPE_SCROLLED_WINDOW);
  along = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (inner));
  g_assert_cmpint (pango_layout_get_line_count (gtk_label_get_layout (GTK_LABEL (label))), ==, 2);
  g_assert_cmpint (gtk_widget_get_width (inner), <=, WIDTH);
  g_assert_cmpfloat (gtk_adjustment_get_upper (along), >, 2 * WIDTH);

  if (xdotool == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }

  run_xdotool ("mousemove 100 20");
  run_xdotool ("keydown shift click 5 keyup shift");
  WAIT (fixture, gtk_adjustment_get_value (along) > 0);
  g_assert_cmpfloat (gtk_adjustment_get_value (page), <=, 0);
  run_xdotool ("click 5");
  WAIT (fixture, gtk_adjustment_get_value (page) > 0);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  tea_style_follow (gdk_display_get_default ());

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/message-text/parts", test_parts);
  ADD ("/message-text/selected", test_selected);
  ADD ("/message-text/wide", test_wide);
#undef ADD

  return g_test_run ();
}
