/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-toast.h"

#define MAX_CHARACTERS 50
#define MAX_LINES 6

/* A toast stays for this long, in seconds: a longer text needs longer to be read. */
#define TIMEOUT 5
#define CHARACTERS_PER_SECOND 12

/**
 * tea_toast_new:
 * @text: what to say
 *
 * Makes a toast that says all of a sentence: libadwaita's own has one line, which ends in
 * dots.
 *
 * Returns: (transfer full): the toast
 */
AdwToast *
tea_toast_new (const char *text)
{
  GtkWidget *label;
  AdwToast *toast;
  guint n_characters;

  g_return_val_if_fail (text != NULL, NULL);

  label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARACTERS);
  gtk_label_set_lines (GTK_LABEL (label), MAX_LINES);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);

  toast = adw_toast_new ("");
  adw_toast_set_custom_title (toast, label);
  n_characters = (guint) g_utf8_strlen (text, -1);
  adw_toast_set_timeout (toast, MAX (TIMEOUT, n_characters / CHARACTERS_PER_SECOND));

  return toast;
}
