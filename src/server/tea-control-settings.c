/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-settings.h"

#define TEA_TYPE_CONTROL_SETTINGS (tea_control_settings_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlSettings, tea_control_settings, TEA, CONTROL_SETTINGS, GObject)

/* Reads settings again, and tells what they are. */
struct _TeaControlSettings
{
  GObject parent_instance;

  const TeaServerConfig *config; /* (unowned) */
  TeaControlReloadFunc reload;
  gpointer reload_data; /* for reload */
};

G_DEFINE_FINAL_TYPE (TeaControlSettings, tea_control_settings, G_TYPE_OBJECT)

static void
read_again (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlSettings *self = TEA_CONTROL_SETTINGS (group);
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_auto (GStrv) changed = NULL;
  g_auto (GStrv) waiting = NULL;
  GError *error = NULL;

  if (!self->reload (&changed, &waiting, self->reload_data, &error))
    {
      tea_control_refuse (task, error);
      return;
    }

  g_variant_builder_add (&dict, "{sv}", "changed",
                         g_variant_new_strv ((const char *const *) changed, -1));
  g_variant_builder_add (&dict, "{sv}", "after-restart",
                         g_variant_new_strv ((const char *const *) waiting, -1));
  tea_control_answer (task, g_variant_new ("(@a{sv})", g_variant_builder_end (&dict)));
}

static void
list_settings (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlSettings *self = TEA_CONTROL_SETTINGS (group);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  const char *key;

  for (guint i = 0; (key = tea_server_config_get_key (i)) != NULL; i++)
    {
      g_autofree char *value = tea_server_config_dup_value (self->config, key);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&rows, "{sv}", "setting", g_variant_new_string (key));
      g_variant_builder_add (&rows, "{sv}", "value", g_variant_new_string (value));
      g_variant_builder_add (&rows, "{sv}", "needs-restart",
                             g_variant_new_boolean (tea_server_config_needs_restart (key)));
      g_variant_builder_close (&rows);
    }

  tea_control_answer (task, g_variant_new ("(@aa{sv})", g_variant_builder_end (&rows)));
}

static const TeaControlVerb verbs[] = {
  { "Reload", read_again },
  { "ListSettings", list_settings },
  { NULL, NULL },
};

static void
tea_control_settings_class_init (TeaControlSettingsClass *klass)
{
}

static void
tea_control_settings_init (TeaControlSettings *self)
{
}

/**
 * tea_control_settings_add:
 * @control: a control
 * @config: (transfer none): the settings as they hold now, for as long as @control is there
 * @reload: what reads them again
 * @user_data: for @reload
 *
 * Lets an operator see the settings, and have them read again.
 */
void
tea_control_settings_add (TeaControl *control,
                          const TeaServerConfig *config,
                          TeaControlReloadFunc reload,
                          gpointer user_data)
{
  TeaControlSettings *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (config != NULL && reload != NULL);

  self = g_object_new (TEA_TYPE_CONTROL_SETTINGS, NULL);
  self->config = config;
  self->reload = reload;
  self->reload_data = user_data;
  tea_control_add (control, self, verbs);
}
