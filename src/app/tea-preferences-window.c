/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-preferences-window.h"

/**
 * TeaPreferencesWindow:
 *
 * The settings that are for the user to choose. Each takes effect at once.
 */
struct _TeaPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  GSettings *settings; /* (owned) */

  GtkWidget *keep_listening_switch;
  GtkWidget *notify_row;
  GtkWidget *notify_text_switch;
};

G_DEFINE_FINAL_TYPE (TeaPreferencesWindow, tea_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* The rows of the list, in its order. */
static const char *const notify_nicks[] = { "all", "mentions", "nothing" };

static gboolean
get_notify (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (notify_nicks); i++)
    if (g_str_equal (notify_nicks[i], g_variant_get_string (variant, NULL)))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }

  return FALSE;
}

static GVariant *
set_notify (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint selected = g_value_get_uint (value);

  return selected < G_N_ELEMENTS (notify_nicks) ? g_variant_new_string (notify_nicks[selected])
                                                : NULL;
}

static void
tea_preferences_window_dispose (GObject *object)
{
  TeaPreferencesWindow *self = TEA_PREFERENCES_WINDOW (object);

  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_preferences_window_parent_class)->dispose (object);
}

static void
tea_preferences_window_class_init (TeaPreferencesWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_preferences_window_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaPreferencesWindow, keep_listening_switch);
  gtk_widget_class_bind_template_child (widget_class, TeaPreferencesWindow, notify_row);
  gtk_widget_class_bind_template_child (widget_class, TeaPreferencesWindow, notify_text_switch);
}

static void
tea_preferences_window_init (TeaPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (APPLICATION_ID);
  g_settings_bind (self->settings, "keep-listening", self->keep_listening_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "notify-text", self->notify_text_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (self->settings, "notify", self->notify_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, get_notify, set_notify, NULL, NULL);
}

/**
 * tea_preferences_window_new:
 * @application: the program
 *
 * Returns: (transfer none): a window with the preferences, which is not shown yet
 */
GtkWindow *
tea_preferences_window_new (GtkApplication *application)
{
  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  return g_object_new (TEA_TYPE_PREFERENCES_WINDOW, "application", application, NULL);
}
