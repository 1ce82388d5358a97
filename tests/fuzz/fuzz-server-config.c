/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/mman.h>
#include <unistd.h>

#include "tea-error.h"
#include "tea-server-config.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* From a file in memory, which has a path. */
static void
load (TeaServerConfig *config, const void *data, gsize size, GError **error)
{
  static int fd = -1;
  static char *path = NULL;
  gboolean done;

  if (fd < 0)
    {
      fd = memfd_create ("teahoused.conf", MFD_CLOEXEC);
      g_assert_cmpint (fd, >=, 0);
      path = g_strdup_printf ("/proc/self/fd/%d", fd);
    }
  g_assert_cmpint (pwrite (fd, data, size, 0), ==, (gssize) size);
  g_assert_no_errno (ftruncate (fd, (off_t) size));

  done = tea_server_config_load_file (config, path, error);
  g_assert_cmpint (done, ==, *error == NULL);
}

static char *
write_again (const TeaServerConfig *config)
{
  static const char *policies[] = {
    [TEA_CLASSIC_LOCAL] = "local",
    [TEA_CLASSIC_ANYONE] = "anyone",
    [TEA_CLASSIC_OFF] = "off",
  };
  const struct
  {
    const char *key;
    const char *value;
  } texts[] = {
    { "address", config->address },
    { "data-dir", config->data_dir },
    { "password-file", config->password_file },
    { "classic", policies[config->classic] },
    { "classic-accept", config->classic_accept },
  };
  const struct
  {
    const char *group;
    const char *key;
    guint64 value;
  } numbers[] = {
    { "server", "port", config->port },
    { "server", "grace", config->grace },
    { "server", "retain-days", config->retain_days },
    { "server", "retain-events", config->retain_events },
    { "server", "name-lifetime", config->name_lifetime },
    { "server", "idle-timeout", config->idle_timeout },
    { "server", "classic-places", config->classic_places },
    { "server", "classic-joins", config->classic_joins },
    { "server", "classic-bytes", config->classic_bytes },
    { "server", "edit-hours", config->edit_hours },
    { "server", "newcomers", config->newcomers },
    { "limits", "messages-per-second", config->messages_per_second },
    { "limits", "bytes-per-second", config->bytes_per_second },
    { "limits", "max-clients", config->max_clients },
    { "limits", "handshakes-per-second", config->handshakes_per_second },
    { "limits", "max-people", config->max_people },
  };
  g_autoptr (GKeyFile) file = g_key_file_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value != NULL)
      g_key_file_set_string (file, "server", texts[i].key, texts[i].value);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_key_file_set_uint64 (file, numbers[i].group, numbers[i].key, numbers[i].value);

  return g_key_file_to_data (file, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autoptr (TeaServerConfig) again = tea_server_config_new ();
  g_autofree char *folder = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;

  load (config, data, size, &error);
  if (error != NULL)
    {
      g_assert_true (error->domain == TEA_ERROR || error->domain == G_KEY_FILE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  folder = tea_server_config_dup_data_dir (config);
  g_assert_cmpstr (folder, !=, "");

  first = write_again (config);
  load (again, first, strlen (first), &error);
  g_assert_no_error (error);
  second = write_again (again);
  g_assert_cmpstr (first, ==, second);

  return 0;
}
