/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-toast.h"

#define WIDTH 360
#define FRAME_LIMIT_SECONDS 20

static gboolean painted;
static gboolean late;

static void
after_paint_cb (void)
{
  painted = TRUE;
}

static gboolean
late_cb (gpointer user_data)
{
  late = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
paint (GtkWidget *widget)
{
  guint late_id = g_timeout_add_seconds (FRAME_LIMIT_SECONDS, late_cb, NULL);

  for (guint i = 0; i < 4; i++)
    {
      painted = FALSE;
      gtk_widget_queue_draw (widget);
      while (!painted && !late)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (late_id);

  g_assert_false (late);
}

/* All of a sentence is shown, in a narrow window, too, and however long its words are. */
static void
test_long (void)
{
  g_autofree char *word = g_strnfill (60, 'W');
  const char *texts[] = {
    "Saved",
    "A message can have 1 to 16384 bytes; this one has 30000.",
    "Not <b>markup</b> & such",
    word,
  };
  GtkWidget *window = gtk_window_new ();
  GtkWidget *overlay = adw_toast_overlay_new ();

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), gtk_label_new (NULL));
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, 400);
  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (after_paint_cb),
                    NULL);
  gtk_window_present (GTK_WINDOW (window));

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      AdwToast *toast = tea_toast_new (texts[i]);
      GtkWidget *label = adw_toast_get_custom_title (toast);
      PangoLayout *layout;
      PangoRectangle extents;
      graphene_rect_t bounds;

      g_test_message ("text %zu", i);
      g_object_ref (label);
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (toast));
      paint (overlay);

      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, texts[i]);
      layout = gtk_label_get_layout (GTK_LABEL (label));
      g_assert_false (pango_layout_is_ellipsized (layout));
      pango_layout_get_pixel_extents (layout, NULL, &extents);
      g_assert_cmpint (extents.width, <=, gtk_widget_get_width (label));
      g_assert_true (gtk_widget_compute_bounds (label, overlay, &bounds));
      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, WIDTH);
      g_assert_cmpint (gtk_widget_get_width (overlay), ==, WIDTH);

      adw_toast_dismiss (toast);
      g_object_unref (toast);
      g_object_unref (label);
      paint (overlay);
    }

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_timeout (void)
{
  g_autofree char *text = g_strnfill (240, 'w');
  g_autoptr (AdwToast) brief = tea_toast_new ("Saved");
  g_autoptr (AdwToast) wordy = tea_toast_new (text);

  g_assert_cmpuint (adw_toast_get_timeout (brief), ==, 5);
  g_assert_cmpuint (adw_toast_get_timeout (wordy), ==, 20);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  g_test_add_func ("/toast/long", test_long);
  g_test_add_func ("/toast/timeout", test_timeout);

  return g_test_run ();
}
