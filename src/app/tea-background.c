/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-background.h"

#include <glib/gi18n.h>

#define NOTIFICATION_ID "background"

/**
 * TeaBackground:
 *
 * Lets the program go on without a window, where the user wants it to keep listening.
 *
 * The first time a notification says so. In a sandbox the desktop is asked for it.
 */
struct _TeaBackground
{
  GObject parent_instance;

  GApplication *application; /* (unowned): it owns this */
  GSettings *settings;       /* (owned) */
  gboolean is_held;
  gboolean is_asked;
};

G_DEFINE_FINAL_TYPE (TeaBackground, tea_background, G_TYPE_OBJECT)

static void
tell_first_time (TeaBackground *self)
{
  g_autoptr (GNotification) notification = NULL;

  if (g_settings_get_boolean (self->settings, "told-of-background"))
    return;

  notification = g_notification_new (_ ("Teahouse Keeps Listening"));
  g_notification_set_body (notification,
                           _ ("The window is closed, and you are still in the room. You are "
                              "notified of what is for you."));
  g_notification_add_button (notification, _ ("Preferences"), "app.preferences");
  g_notification_add_button (notification, _ ("Quit"), "app.quit");
  g_application_send_notification (self->application, NOTIFICATION_ID, notification);
  g_settings_set_boolean (self->settings, "told-of-background", TRUE);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    g_debug ("Could not ask to go on in the background: %s", error->message);
}

/* Else the desktop ends what has no window. It asks the user, or has asked already. */
static void
ask_portal (TeaBackground *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (self->application);
  GVariantBuilder options;

  if (self->is_asked || bus == NULL || !g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return;

  self->is_asked = TRUE;
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_ ("Teahouse tells you of messages while its "
                                                  "window is closed.")));
  g_dbus_connection_call (bus, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
                          "org.freedesktop.portal.Background", "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, asked_cb, NULL);
}

static void
tea_background_dispose (GObject *object)
{
  TeaBackground *self = TEA_BACKGROUND (object);

  tea_background_end (self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_background_parent_class)->dispose (object);
}

static void
tea_background_class_init (TeaBackgroundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_background_dispose;
}

static void
tea_background_init (TeaBackground *self)
{
  self->settings = g_settings_new (APPLICATION_ID);
}

/**
 * tea_background_new:
 * @application: the program, which outlives the result
 *
 * Returns: (transfer full): what lets @application go on without a window
 */
TeaBackground *
tea_background_new (GApplication *application)
{
  TeaBackground *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (TEA_TYPE_BACKGROUND, NULL);
  self->application = application;

  return self;
}

/**
 * tea_background_get_is_wanted:
 * @self: a background
 *
 * Returns: whether the user wants the program to keep listening when its window is closed
 */
gboolean
tea_background_get_is_wanted (TeaBackground *self)
{
  g_return_val_if_fail (TEA_IS_BACKGROUND (self), FALSE);

  return g_settings_get_boolean (self->settings, "keep-listening");
}

/**
 * tea_background_begin:
 * @self: a background
 *
 * Goes on without a window from now on.
 */
void
tea_background_begin (TeaBackground *self)
{
  g_return_if_fail (TEA_IS_BACKGROUND (self));

  if (self->is_held)
    return;

  self->is_held = TRUE;
  g_application_hold (self->application);
  tell_first_time (self);
  ask_portal (self);
}

/**
 * tea_background_end:
 * @self: a background
 *
 * There is a window again, or nothing to listen to.
 */
void
tea_background_end (TeaBackground *self)
{
  g_return_if_fail (TEA_IS_BACKGROUND (self));

  if (!self->is_held)
    return;

  self->is_held = FALSE;
  g_application_withdraw_notification (self->application, NOTIFICATION_ID);
  g_application_release (self->application);
}
