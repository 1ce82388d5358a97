/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-server-config.h"

static void
test_defaults (void)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();

  g_assert_null (config->address);
  g_assert_cmpuint (config->port, ==, 8888);
  g_assert_null (config->data_dir);
  g_assert_null (config->password_file);
  g_assert_cmpuint (config->grace, ==, 30);
  g_assert_cmpuint (config->retain_days, ==, 0);
  g_assert_cmpuint (config->retain_events, ==, 0);
  g_assert_cmpuint (config->handshakes_per_second, ==, 400);
  g_assert_cmpuint (config->name_lifetime, ==, 180);
  g_assert_cmpuint (config->idle_timeout, ==, 600);
  g_assert_cmpint (config->classic, ==, TEA_CLASSIC_LOCAL);
  g_assert_cmpstr (config->classic_accept, ==, "Y");
  g_assert_cmpuint (config->classic_places, ==, 1024);
  g_assert_cmpuint (config->classic_joins, ==, 20);
  g_assert_cmpuint (config->classic_bytes, ==, 4096);
}

static void
test_values (void)
{
  static const struct
  {
    const char *key;
    const char *value;
    gboolean fit;
  } vectors[] = {
    { "address", "127.0.0.1", TRUE },
    { "address", "::1", TRUE },
    { "address", "localhost", FALSE },
    { "address", "", FALSE },
    { "port", "0", TRUE },
    { "port", "65535", TRUE },
    { "port", "65536", FALSE },
    { "port", "-1", FALSE },
    { "port", "http", FALSE },
    { "data-dir", "/var/lib/teahouse", TRUE },
    { "data-dir", "", FALSE },
    { "password-file", "/etc/teahouse/password", TRUE },
    { "password-file", "", FALSE },
    { "grace", "0", TRUE },
    { "grace", "86400", TRUE },
    { "grace", "86401", FALSE },
    { "retain-days", "0", TRUE },
    { "retain-days", "36500", TRUE },
    { "retain-days", "36501", FALSE },
    { "retain-events", "1000000000", TRUE },
    { "retain-events", "1000000001", FALSE },
    { "retain-events", "1e6", FALSE },
    { "messages-per-second", "0", TRUE },
    { "messages-per-second", "1000000001", FALSE },
    { "bytes-per-second", "0", TRUE },
    { "bytes-per-second", "64 KiB", FALSE },
    { "max-people", "10000", TRUE },
    { "max-people", "0", FALSE },
    { "max-clients", "1000000", TRUE },
    { "max-clients", "0", FALSE },
    { "handshakes-per-second", "1", TRUE },
    { "handshakes-per-second", "0", FALSE },
    { "name-lifetime", "0", TRUE },
    { "name-lifetime", "for ever", FALSE },
    { "idle-timeout", "1", TRUE },
    { "idle-timeout", "0", FALSE },
    { "idle-timeout", "1.5", FALSE },
    { "classic", "local", TRUE },
    { "classic", "anyone", TRUE },
    { "classic", "off", TRUE },
    { "classic", "yes", FALSE },
    { "classic-accept", "Y", TRUE },
    { "classic-accept", "OK", TRUE },
    { "classic-accept", "Yes", FALSE },
    { "classic-places", "4096", TRUE },
    { "classic-places", "0", FALSE },
    { "classic-places", "4097", FALSE },
    { "classic-joins", "1", TRUE },
    { "classic-joins", "0", FALSE },
    { "classic-bytes", "0", TRUE },
    { "classic-bytes", "-1", FALSE },
    { "rooms", "operators", TRUE },
    { "rooms", "members", TRUE },
    { "rooms", "off", TRUE },
    { "rooms", "everybody", FALSE },
    { "pairs", "on", TRUE },
    { "pairs", "off", TRUE },
    { "pairs", "no", FALSE },
    { "edit-hours", "0", TRUE },
    { "edit-hours", "876000", TRUE },
    { "edit-hours", "876001", FALSE },
    { "edit-hours", "-1", FALSE },
    { "newcomers", "10", TRUE },
    { "newcomers", "10081", FALSE },
    { "newcomers", "", FALSE },
    { "operators", "", TRUE },
    { "operators", "SHA256:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", TRUE },
    { "operators",
      " SHA256:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, "
      "SHA256:AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      TRUE },
    { "operators", "mei", FALSE },
    { "metrics", "off", TRUE },
    { "metrics", "0", TRUE },
    { "metrics", "65535", TRUE },
    { "metrics", "65536", FALSE },
    { "metrics", "on", FALSE },
    { "log-addresses", "short", TRUE },
    { "log-addresses", "full", TRUE },
    { "log-addresses", "none", FALSE },
    { "colour", "green", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaServerConfig) config = tea_server_config_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("vector %zu: %s = %s", i, vectors[i].key, vectors[i].value);
      g_assert_cmpint (tea_server_config_set (config, vectors[i].key, vectors[i].value, &error), ==,
                       vectors[i].fit);
      if (vectors[i].fit)
        g_assert_no_error (error);
      else
        g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
    }
}

static void
load (TeaServerConfig *config, const char *contents, GError **error)
{
  g_autofree char *path = NULL;
  gint fd = g_file_open_tmp ("teahoused-XXXXXX.conf", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));

  g_assert_cmpint (tea_server_config_load_file (config, path, error), ==,
                   error == NULL || *error == NULL);
  g_assert_true (error == NULL || *error == NULL || strstr ((*error)->message, path) != NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_file (void)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();

  load (config, "# a server\n[server]\naddress = ::1\nport=7000\nclassic-accept = OK \n", NULL);
  g_assert_cmpstr (config->address, ==, "::1");
  g_assert_cmpuint (config->port, ==, 7000);
  g_assert_cmpstr (config->classic_accept, ==, "OK");
  g_assert_cmpuint (config->idle_timeout, ==, 600);
}

/* Each setting has its group. */
static void
test_limits (void)
{
  static const char *const unfit[]
      = { "[server]\nmax-clients = 20\n", "[limits]\nport = 7000\n", "[limit]\nport = 7000\n" };
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();

  load (config, "[limits]\nmax-clients = 20\nmax-people = 10\n[server]\nport = 7000\n", NULL);
  g_assert_cmpuint (config->max_clients, ==, 20);
  g_assert_cmpuint (config->max_people, ==, 10);
  g_assert_cmpuint (config->port, ==, 7000);

  for (gsize i = 0; i < G_N_ELEMENTS (unfit); i++)
    {
      g_autoptr (GError) error = NULL;

      load (config, unfit[i], &error);
      g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
    }
}

/* An editor may put a mark in front, which nobody sees. */
static void
test_byte_order_mark (void)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autoptr (GError) error = NULL;

  load (config, "\357\273\277[server]\nport=7001\n", NULL);
  g_assert_cmpuint (config->port, ==, 7001);
  load (config, "\357\273\277", NULL);

  load (config, "\xff\xfe[", &error);
  g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
  g_assert_nonnull (strstr (error->message, "UTF-16"));
}

/* No shell has seen the file. */
static void
test_home (void)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autofree char *room = g_build_filename (g_get_home_dir (), "room", NULL);
  g_autoptr (GError) error = NULL;

  load (config, "[server]\ndata-dir = ~/room\n", NULL);
  g_assert_cmpstr (config->data_dir, ==, room);
  load (config, "[server]\ndata-dir = rooms/~tea\n", NULL);
  g_assert_cmpstr (config->data_dir, ==, "rooms/~tea");
  load (config, "[server]\npassword-file = ~mei/password\n", &error);
  g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
  g_assert_null (config->password_file);
}

/* The sample shows every setting with its default, behind a comment sign. */
static void
test_sample (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "teahoused.conf", NULL);
  g_autofree char *sample = NULL;
  g_autofree char *opened = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("^#(?=[a-z-]+ =)", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (TeaServerConfig) defaults = tea_server_config_new ();
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_server_config_load_file (config, path, &error));
  g_assert_no_error (error);
  g_assert_null (config->address);

  g_assert_true (g_file_get_contents (path, &sample, NULL, NULL));
  opened = g_regex_replace_literal (regex, sample, -1, 0, "", 0, NULL);
  load (config, opened, NULL);
  g_assert_cmpstr (config->address, ==, "::");
  g_assert_cmpuint (config->port, ==, defaults->port);
  g_assert_cmpuint (config->grace, ==, defaults->grace);
  g_assert_cmpuint (config->retain_days, ==, defaults->retain_days);
  g_assert_cmpuint (config->retain_events, ==, defaults->retain_events);
  g_assert_cmpuint (config->messages_per_second, ==, defaults->messages_per_second);
  g_assert_cmpuint (config->bytes_per_second, ==, defaults->bytes_per_second);
  g_assert_cmpuint (config->max_clients, ==, defaults->max_clients);
  g_assert_cmpuint (config->max_people, ==, defaults->max_people);
  g_assert_cmpuint (config->handshakes_per_second, ==, defaults->handshakes_per_second);
  g_assert_cmpuint (config->name_lifetime, ==, defaults->name_lifetime);
  g_assert_cmpuint (config->classic_places, ==, defaults->classic_places);
  g_assert_cmpuint (config->classic_joins, ==, defaults->classic_joins);
  g_assert_cmpuint (config->classic_bytes, ==, defaults->classic_bytes);
  g_assert_cmpuint (config->idle_timeout, ==, defaults->idle_timeout);
  g_assert_cmpint (config->classic, ==, defaults->classic);
  g_assert_cmpstr (config->classic_accept, ==, defaults->classic_accept);
  g_assert_cmpint (config->rooms, ==, defaults->rooms);
  g_assert_cmpint (config->pairs, ==, defaults->pairs);
  g_assert_cmpuint (config->edit_hours, ==, defaults->edit_hours);
  g_assert_cmpuint (config->newcomers, ==, defaults->newcomers);
  g_assert_cmpstrv (config->operators, defaults->operators);
}

static void
test_data_dir (void)
{
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autofree char *own = NULL;
  g_autofree char *given = NULL;
  g_autofree char *set = NULL;

  g_unsetenv ("STATE_DIRECTORY");
  own = tea_server_config_dup_data_dir (config);
  g_assert_true (g_str_has_prefix (own, g_get_user_data_dir ()));

  g_assert_true (g_setenv ("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", TRUE));
  given = tea_server_config_dup_data_dir (config);
  g_assert_cmpstr (given, ==, "/var/lib/one");

  g_assert_true (tea_server_config_set (config, "data-dir", "here", NULL));
  set = tea_server_config_dup_data_dir (config);
  g_assert_cmpstr (set, ==, "here");
}

static void
test_bad_files (void)
{
  static const char *const contents[] = {
    "[server]\nport = many\n",
    "[server]\ncolour = green\n",
    "[server]\ncolour\xff = green\n",
    "[server]\ndata-dir = \\x\n",
    "[server]\ndata-dir = \xff\n",
    "[room]\nname = Jasmine\n",
    "[room\xff]\nname = Jasmine\n",
    "port = 1\n",
    "port\xff = 1\n",
    "[server\n",
  };
  g_autoptr (TeaServerConfig) config = tea_server_config_new ();
  g_autoptr (GError) missing = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("vector %zu", i);
      load (config, contents[i], &error);
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }

  g_assert_false (tea_server_config_load_file (config, "/nowhere/teahoused.conf", &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* What can change while a server runs does, and the rest waits. */
static void
test_take_over (void)
{
  static const struct
  {
    const char *key;
    const char *value;
    gboolean needs_restart;
  } vectors[] = {
    { "address", "127.0.0.1", TRUE },
    { "port", "9999", TRUE },
    { "data-dir", "/var/lib/tea", TRUE },
    { "password-file", "/etc/tea", FALSE },
    { "grace", "7", FALSE },
    { "retain-days", "7", FALSE },
    { "retain-events", "7", FALSE },
    { "name-lifetime", "7", FALSE },
    { "idle-timeout", "7", FALSE },
    { "classic", "off", FALSE },
    { "classic-accept", "OK", FALSE },
    { "classic-places", "7", FALSE },
    { "classic-joins", "7", FALSE },
    { "classic-bytes", "7", FALSE },
    { "rooms", "members", FALSE },
    { "pairs", "off", FALSE },
    { "edit-hours", "7", FALSE },
    { "newcomers", "7", FALSE },
    { "operators",
      "SHA256:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "
      "SHA256:AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      FALSE },
    { "metrics", "9888", TRUE },
    { "log-addresses", "full", FALSE },
    { "messages-per-second", "7", FALSE },
    { "bytes-per-second", "7", FALSE },
    { "max-clients", "7", FALSE },
    { "handshakes-per-second", "7", FALSE },
    { "max-people", "7", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      const char *key = vectors[i].key;
      g_autoptr (TeaServerConfig) config = tea_server_config_new ();
      g_autoptr (TeaServerConfig) other = tea_server_config_new ();
      g_auto (GStrv) changed = NULL;
      g_auto (GStrv) waiting = NULL;
      g_autofree char *before = tea_server_config_dup_value (config, key);
      g_autofree char *wanted = NULL;
      g_autofree char *after = NULL;

      g_test_message ("vector %zu: %s", i, key);
      g_assert_cmpstr (tea_server_config_get_key ((guint) i), ==, key);
      g_assert_cmpint (tea_server_config_needs_restart (key), ==, vectors[i].needs_restart);
      g_assert_true (tea_server_config_set (other, key, vectors[i].value, NULL));
      wanted = tea_server_config_dup_value (other, key);
      g_assert_cmpstr (wanted, ==, vectors[i].value);

      tea_server_config_take_over (config, other, &changed, &waiting);
      after = tea_server_config_dup_value (config, key);
      g_assert_cmpuint (g_strv_length (changed), ==, vectors[i].needs_restart ? 0 : 1);
      g_assert_cmpuint (g_strv_length (waiting), ==, vectors[i].needs_restart ? 1 : 0);
      g_assert_cmpstr (after, ==, vectors[i].needs_restart ? before : wanted);
    }

  g_assert_null (tea_server_config_get_key (G_N_ELEMENTS (vectors)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-config/defaults", test_defaults);
  g_test_add_func ("/server-config/values", test_values);
  g_test_add_func ("/server-config/file", test_file);
  g_test_add_func ("/server-config/limits", test_limits);
  g_test_add_func ("/server-config/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/server-config/home", test_home);
  g_test_add_func ("/server-config/sample", test_sample);
  g_test_add_func ("/server-config/data-dir", test_data_dir);
  g_test_add_func ("/server-config/take-over", test_take_over);
  g_test_add_func ("/server-config/bad-files", test_bad_files);

  return g_test_run ();
}
