/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-settings.h"

#define TEA_TYPE_CONTROL_SETTINGS (tea_control_settings_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlSettings, tea_control_settings, TEA, CONTROL_SETTINGS, GObject)

/* Reads settings again, and tells what they are, and which limits were met. */
struct _TeaControlSettings
{
  GObject parent_instance;

  const TeaServerConfig *config; /* (unowned) */
  TeaDropCounter *drops;         /* (owned) */
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

/* Which setting says where it begins that something is dropped; of others the limit is fixed. */
static const struct
{
  const char *key;
  TeaDrop drop;
} limits[] = {
  { "messages-per-second", TEA_DROP_MESSAGES },
  { "bytes-per-second", TEA_DROP_MESSAGES },
  { "max-clients", TEA_DROP_HANDSHAKE_FULL },
  { "handshakes-per-second", TEA_DROP_HANDSHAKE_RATE },
  { "max-people", TEA_DROP_PEOPLE },
  { "classic-places", TEA_DROP_CLASSIC_PLACES },
  { "classic-joins", TEA_DROP_CLASSIC_JOINS },
  { "classic-bytes", TEA_DROP_CLASSIC_BYTES },
};

static void
add_limit (TeaControlSettings *self,
           GVariantBuilder *rows,
           const char *name,
           const char *value,
           TeaDrop drop)
{
  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (rows, "{sv}", "limit", g_variant_new_string (name));
  g_variant_builder_add (rows, "{sv}", "value", g_variant_new_string (value));
  g_variant_builder_add (rows, "{sv}", "met",
                         g_variant_new_uint64 (tea_drop_counter_get_n (self->drops, drop)));
  g_variant_builder_close (rows);
}

static void
list_limits (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlSettings *self = TEA_CONTROL_SETTINGS (group);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  gboolean is_listed[TEA_N_DROPS] = { FALSE };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *value = tea_server_config_dup_value (self->config, limits[i].key);

      add_limit (self, &rows, limits[i].key, value, limits[i].drop);
      is_listed[limits[i].drop] = TRUE;
    }
  for (TeaDrop drop = 0; drop < TEA_N_DROPS; drop++)
    if (tea_drop_get_class (drop) == TEA_DROP_BY_LIMITS && !is_listed[drop])
      add_limit (self, &rows, tea_drop_get_name (drop), "", drop);

  tea_control_answer (task, g_variant_new ("(@aa{sv})", g_variant_builder_end (&rows)));
}

static const TeaControlVerb verbs[] = {
  { "ListLimits", list_limits },
  { "Reload", read_again },
  { "ListSettings", list_settings },
  { NULL, NULL },
};

static void
tea_control_settings_finalize (GObject *object)
{
  g_clear_object (&TEA_CONTROL_SETTINGS (object)->drops);

  G_OBJECT_CLASS (tea_control_settings_parent_class)->finalize (object);
}

static void
tea_control_settings_class_init (TeaControlSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_settings_finalize;
}

static void
tea_control_settings_init (TeaControlSettings *self)
{
}

/**
 * tea_control_settings_add:
 * @control: a control
 * @config: (transfer none): the settings as they hold now, for as long as @control is there
 * @drops: what counts how often a limit was met
 * @reload: what reads them again
 * @user_data: for @reload
 *
 * Lets an operator see the settings and limits, and have the settings read again.
 */
void
tea_control_settings_add (TeaControl *control,
                          const TeaServerConfig *config,
                          TeaDropCounter *drops,
                          TeaControlReloadFunc reload,
                          gpointer user_data)
{
  TeaControlSettings *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_DROP_COUNTER (drops));
  g_return_if_fail (config != NULL && reload != NULL);

  self = g_object_new (TEA_TYPE_CONTROL_SETTINGS, NULL);
  self->config = config;
  self->drops = g_object_ref (drops);
  self->reload = reload;
  self->reload_data = user_data;
  tea_control_add (control, self, verbs);
}
