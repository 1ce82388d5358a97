/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-help.h"

#include <glib/gi18n.h>

#include "tea-text.h"

/* The page that leads from the exercise to this program, which whatever reads pages on
 * this desktop shows. */

static char *
find_in_folder (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

/* Where the desktop looks, and the folder it was built for. */
static char *
find_page (const char *name)
{
  const char *const *data_dirs = g_get_system_data_dirs ();
  char *path = NULL;

  for (; path == NULL && *data_dirs != NULL; data_dirs++)
    {
      g_autofree char *folder = g_build_filename (*data_dirs, "teahouse", "help", NULL);

      path = find_in_folder (folder, name);
    }

  return path != NULL ? path : find_in_folder (HELP_DIR, name);
}

/* In the first of the user's languages that it is written in. */
static char *
find_course (void)
{
  const char *const *languages = g_get_language_names ();

  for (; *languages != NULL && !g_str_has_prefix (*languages, "en"); languages++)
    {
      g_autofree char *name = g_strdup_printf ("course.%s.html", *languages);
      char *path = find_page (name);

      if (path != NULL)
        return path;
    }

  return find_page ("course.html");
}

static void
toast (GtkWindow *window, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toast", "s", text);
}

/* What is to be told of, and where, if that is still there. */
typedef struct
{
  GWeakRef window;
  char *path;
} Showing;

static void
showing_free (Showing *showing)
{
  g_weak_ref_clear (&showing->window);
  g_free (showing->path);
  g_free (showing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Showing, showing_free)

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Showing) showing = user_data;
  g_autoptr (GtkWindow) window = g_weak_ref_get (&showing->window);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) || window == NULL)
    return;

  g_debug ("Could not show %s: %s", showing->path, error->message);
  /* Translators: %s is the path of a file. */
  text = tea_text_format (_ ("No program can show this page: %s"), showing->path);
  toast (window, text);
}

/**
 * tea_help_show:
 * @window: a window with the action `win.toast`
 *
 * Opens the page that leads from the exercise to this program. Where nothing can show
 * it, a toast tells where it is.
 */
void
tea_help_show (GtkWindow *window)
{
  g_autofree char *path = find_course ();
  g_autofree char *uri = NULL;
  GtkWindow *parent = window;
  Showing *showing;

  g_return_if_fail (GTK_IS_WINDOW (window));

  if (path == NULL)
    {
      toast (window, _ ("This page is not installed"));
      return;
    }

  uri = g_filename_to_uri (path, NULL, NULL);
  showing = g_new0 (Showing, 1);
  g_weak_ref_init (&showing->window, window);
  showing->path = g_steal_pointer (&path);

  /* It is kept until that is done, and GTK 4.8 has no dialogs that outlive their parents. */
  while (gtk_window_get_transient_for (parent) != NULL)
    parent = gtk_window_get_transient_for (parent);
  gtk_show_uri_full (parent, uri, GDK_CURRENT_TIME, NULL, shown_cb, showing);
}
