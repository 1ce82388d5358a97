/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-server-config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "tea-dtls-listener.h"
#include "tea-dtls-sources.h"
#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-presence.h"
#include "tea-quota.h"
#include "tea-text-file.h"
#include "tea-user-path.h"

#define GROUP "server"
#define LIMITS "limits"

/* A hundred years. */
#define MAX_DAYS 36500
#define MAX_RATION 1000000000
#define MAX_CLIENTS 1000000

static gboolean
set_address (TeaServerConfig *self, const char *value, GError **error)
{
  /* Knows the links of the machine, too: "fe80::1%eth7" may be none of its addresses. */
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (value, 0);

  if (address == NULL)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“%s” is not an IP address to listen on."), value);
      return FALSE;
    }

  g_free (self->address);
  self->address = g_strdup (value);

  return TRUE;
}

static gboolean
parse_number (
    const char *key, const char *value, guint64 min, guint64 max, guint64 *number, GError **error)
{
  if (g_ascii_string_to_unsigned (value, 10, min, max, number, NULL))
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
               _ ("“%s” must be a number from %u to %u, not “%s”."), key, (guint) min, (guint) max,
               value);

  return FALSE;
}

static gboolean
set_port (TeaServerConfig *self, const char *value, GError **error)
{
  guint64 port = 0;

  if (!parse_number ("port", value, 0, G_MAXUINT16, &port, error))
    return FALSE;

  self->port = (guint16) port;

  return TRUE;
}

static gboolean
set_path (char **path, const char *key, const char *value, GError **error)
{
  char *expanded;

  if (*value == '\0')
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID, _ ("“%s” must not be empty."), key);
      return FALSE;
    }

  expanded = tea_user_path_expand (value, error);
  if (expanded == NULL)
    return FALSE;

  g_free (*path);
  *path = expanded;

  return TRUE;
}

static gboolean
set_data_dir (TeaServerConfig *self, const char *value, GError **error)
{
  return set_path (&self->data_dir, "data-dir", value, error);
}

static gboolean
set_password_file (TeaServerConfig *self, const char *value, GError **error)
{
  return set_path (&self->password_file, "password-file", value, error);
}

static gboolean
set_number (
    guint *setting, const char *key, const char *value, guint64 min, guint64 max, GError **error)
{
  guint64 number = 0;

  if (!parse_number (key, value, min, max, &number, error))
    return FALSE;

  *setting = (guint) number;

  return TRUE;
}

static gboolean
set_grace (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->grace, "grace", value, 0, 24 * 3600, error);
}

static gboolean
set_retain_days (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->retain_days, "retain-days", value, 0, MAX_DAYS, error);
}

static gboolean
set_retain_events (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->retain_events, "retain-events", value, 0, 1000000000, error);
}

static gboolean
set_name_lifetime (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->name_lifetime, "name-lifetime", value, 0, MAX_DAYS, error);
}

static gboolean
set_idle_timeout (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->idle_timeout, "idle-timeout", value, 1, 7 * 24 * 3600, error);
}

static gboolean
set_classic (TeaServerConfig *self, const char *value, GError **error)
{
  if (g_str_equal (value, "local"))
    self->classic = TEA_CLASSIC_LOCAL;
  else if (g_str_equal (value, "anyone"))
    self->classic = TEA_CLASSIC_ANYONE;
  else if (g_str_equal (value, "off"))
    self->classic = TEA_CLASSIC_OFF;
  else
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“classic” must be “local”, “anyone” or “off”, not “%s”."), value);
      return FALSE;
    }

  return TRUE;
}

static gboolean
set_classic_accept (TeaServerConfig *self, const char *value, GError **error)
{
  if (!g_str_equal (value, "Y") && !g_str_equal (value, "OK"))
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“classic-accept” must be “Y” or “OK”, not “%s”."), value);
      return FALSE;
    }

  g_free (self->classic_accept);
  self->classic_accept = g_strdup (value);

  return TRUE;
}

static gboolean
set_classic_places (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->classic_places, "classic-places", value, 1, 4096, error);
}

static gboolean
set_classic_joins (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->classic_joins, "classic-joins", value, 1, 1000000, error);
}

static gboolean
set_classic_bytes (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->classic_bytes, "classic-bytes", value, 0, 1000000000, error);
}

static gboolean
set_rooms (TeaServerConfig *self, const char *value, GError **error)
{
  if (g_str_equal (value, "operators"))
    self->rooms = TEA_ROOM_MAKERS_OPERATORS;
  else if (g_str_equal (value, "members"))
    self->rooms = TEA_ROOM_MAKERS_MEMBERS;
  else if (g_str_equal (value, "off"))
    self->rooms = TEA_ROOM_MAKERS_NOBODY;
  else
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“rooms” must be “operators”, “members” or “off”, not “%s”."), value);
      return FALSE;
    }

  return TRUE;
}

static gboolean
set_pairs (TeaServerConfig *self, const char *value, GError **error)
{
  if (!g_str_equal (value, "on") && !g_str_equal (value, "off"))
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“pairs” must be “on” or “off”, not “%s”."), value);
      return FALSE;
    }

  self->pairs = g_str_equal (value, "on");

  return TRUE;
}

static gboolean
set_edit_hours (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->edit_hours, "edit-hours", value, 0, MAX_DAYS * 24, error);
}

static gboolean
set_newcomers (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->newcomers, "newcomers", value, 0, 7 * 24 * 60, error);
}

static gboolean
set_operators (TeaServerConfig *self, const char *value, GError **error)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  g_auto (GStrv) words = g_strsplit_set (value, " \t,", -1);

  for (char **word = words; *word != NULL; word++)
    {
      guint8 digest[TEA_FINGERPRINT_SIZE];

      if (**word == '\0')
        continue;

      if (!tea_fingerprint_to_bytes (*word, digest))
        {
          g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                       _ ("“operators” must be fingerprints of keys, as “SHA256:…”, not “%s”."),
                       *word);
          return FALSE;
        }
      g_strv_builder_add (keys, *word);
    }

  g_strfreev (self->operators);
  self->operators = g_strv_builder_end (keys);

  return TRUE;
}

static gboolean
set_messages_per_second (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->messages_per_second, "messages-per-second", value, 0, MAX_RATION,
                     error);
}

static gboolean
set_bytes_per_second (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->bytes_per_second, "bytes-per-second", value, 0, MAX_RATION, error);
}

static gboolean
set_max_clients (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->max_clients, "max-clients", value, 1, MAX_CLIENTS, error);
}

static gboolean
set_handshakes_per_second (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->handshakes_per_second, "handshakes-per-second", value, 1, MAX_CLIENTS,
                     error);
}

static gboolean
set_max_people (TeaServerConfig *self, const char *value, GError **error)
{
  return set_number (&self->max_people, "max-people", value, 1, MAX_CLIENTS, error);
}

static const struct
{
  const char *group;
  const char *key;
  gboolean (*set) (TeaServerConfig *self, const char *value, GError **error);
} settings[] = {
  { GROUP, "address", set_address },
  { GROUP, "port", set_port },
  { GROUP, "data-dir", set_data_dir },
  { GROUP, "password-file", set_password_file },
  { GROUP, "grace", set_grace },
  { GROUP, "retain-days", set_retain_days },
  { GROUP, "retain-events", set_retain_events },
  { GROUP, "name-lifetime", set_name_lifetime },
  { GROUP, "idle-timeout", set_idle_timeout },
  { GROUP, "classic", set_classic },
  { GROUP, "classic-accept", set_classic_accept },
  { GROUP, "classic-places", set_classic_places },
  { GROUP, "classic-joins", set_classic_joins },
  { GROUP, "classic-bytes", set_classic_bytes },
  { GROUP, "rooms", set_rooms },
  { GROUP, "pairs", set_pairs },
  { GROUP, "edit-hours", set_edit_hours },
  { GROUP, "newcomers", set_newcomers },
  { GROUP, "operators", set_operators },
  { LIMITS, "messages-per-second", set_messages_per_second },
  { LIMITS, "bytes-per-second", set_bytes_per_second },
  { LIMITS, "max-clients", set_max_clients },
  { LIMITS, "handshakes-per-second", set_handshakes_per_second },
  { LIMITS, "max-people", set_max_people },
};

/**
 * tea_server_config_new:
 *
 * Returns: (transfer full): the settings of a server whose operator has set nothing
 */
TeaServerConfig *
tea_server_config_new (void)
{
  TeaServerConfig *self = g_new0 (TeaServerConfig, 1);

  self->port = TEA_DEFAULT_PORT;
  self->grace = TEA_DEFAULT_GRACE;
  self->name_lifetime = TEA_DEFAULT_NAME_LIFETIME;
  self->idle_timeout = TEA_DEFAULT_IDLE_TIMEOUT;
  self->classic = TEA_CLASSIC_LOCAL;
  self->classic_accept = g_strdup ("Y");
  self->classic_places = TEA_DEFAULT_CLASSIC_PLACES;
  self->classic_joins = TEA_DEFAULT_CLASSIC_JOINS;
  self->classic_bytes = TEA_DEFAULT_CLASSIC_BYTES;
  self->rooms = TEA_ROOM_MAKERS_OPERATORS;
  self->pairs = TRUE;
  self->edit_hours = TEA_POLICY_DEFAULT_EDIT_HOURS;
  self->operators = g_new0 (char *, 1);
  self->messages_per_second = TEA_QUOTA_MESSAGES_PER_SECOND;
  self->bytes_per_second = TEA_QUOTA_BYTES_PER_SECOND;
  self->max_clients = TEA_DTLS_LISTENER_MAX_SESSIONS;
  self->handshakes_per_second = TEA_DTLS_SOURCES_PER_SECOND;
  self->max_people = TEA_PRESENCE_MAX;

  return self;
}

/**
 * tea_server_config_free:
 * @self: (transfer full): settings
 *
 * Frees settings.
 */
void
tea_server_config_free (TeaServerConfig *self)
{
  g_free (self->address);
  g_free (self->data_dir);
  g_free (self->password_file);
  g_free (self->classic_accept);
  g_strfreev (self->operators);
  g_free (self);
}

/* @group: (nullable): in which group it has to be */
static gboolean
set_in (
    TeaServerConfig *self, const char *group, const char *key, const char *value, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].key, key)
        && (group == NULL || g_str_equal (settings[i].group, group)))
      return settings[i].set (self, value, error);

  g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID, _ ("There is no setting “%s”."), key);

  return FALSE;
}

/**
 * tea_server_config_set:
 * @self: settings
 * @key: the name of a setting, as it is called in the file and on the command line
 * @value: its value, as it is written there
 * @error: return location for a #GError
 *
 * Changes one setting.
 *
 * Returns: whether there is such a setting and the value is fit; if not, nothing is
 *   changed and @error is %TEA_ERROR_CONFIG_INVALID
 */
gboolean
tea_server_config_set (TeaServerConfig *self, const char *key, const char *value, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL && value != NULL, FALSE);

  return set_in (self, NULL, key, value, error);
}

/* In which line a setting is, or a group: the latest counts, as for GKeyFile. 0 for in none. */
static guint
find_line (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *header = g_strconcat ("[", group, "]", NULL);
  gboolean is_inside = FALSE;
  guint found = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);
      gsize size = strcspn (line, "=");

      if (*line == '[')
        is_inside = g_str_has_prefix (line, header);
      while (size > 0 && g_ascii_isspace (line[size - 1]))
        size--;
      if (key == NULL ? *line == '[' && is_inside
                      : is_inside && size == strlen (key) && strncmp (line, key, size) == 0)
        found = i + 1;
    }

  return found;
}

/* The first line up to which a file is not one. */
static guint
find_unreadable_line (const char *text)
{
  guint n = 0;

  for (const char *end = text; *end != '\0'; n++)
    {
      g_autoptr (GKeyFile) file = g_key_file_new ();

      end += strcspn (end, "\n");
      end += *end == '\n';
      if (!g_key_file_load_from_data (file, text, (gsize) (end - text), G_KEY_FILE_NONE, NULL))
        return n + 1;
    }

  return 0;
}

/* What a message cites of a file may be no text. */
static gboolean
refuse_file (const char *path, guint line, const GError *reason, GError **error)
{
  g_autofree char *message = g_utf8_make_valid (reason->message, -1);

  if (line > 0)
    g_set_error (error, reason->domain, reason->code, "%s:%u: %s", path, line, message);
  else
    g_set_error (error, reason->domain, reason->code, "%s: %s", path, message);

  return FALSE;
}

static gboolean
load_group (TeaServerConfig *self,
            GKeyFile *file,
            const char *group,
            const char *path,
            const char *text,
            GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (char **key = keys; key != NULL && *key != NULL; key++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autofree char *value = g_key_file_get_string (file, group, *key, &local_error);

      /* For an escape sequence that there is not, GLib returns a value and an error. */
      if (local_error != NULL || !set_in (self, group, *key, g_strstrip (value), &local_error))
        return refuse_file (path, find_line (text, group, *key), local_error, error);
    }

  return TRUE;
}

/**
 * tea_server_config_load_file:
 * @self: settings
 * @path: a file with the groups `[server]` and `[limits]`, and in them a line `key = value` for
 *   each setting
 * @error: return location for a #GError
 *
 * Takes over what a file sets; the rest stays as it is.
 *
 * Returns: whether everything in the file is fit; if not, @error names the file, the
 *   line, the fault, and what would be right
 */
gboolean
tea_server_config_load_file (TeaServerConfig *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize size = 0;
  g_auto (GStrv) groups = NULL;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (!tea_text_file_load (path, &text, &size, &local_error))
    return refuse_file (path, 0, local_error, error);

  if (!g_key_file_load_from_data (file, text, size, G_KEY_FILE_NONE, &local_error))
    return refuse_file (path, find_unreadable_line (text), local_error, error);

  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    {
      g_autofree char *shown = g_utf8_make_valid (*group, -1);

      if (g_str_equal (*group, GROUP) || g_str_equal (*group, LIMITS))
        continue;

      g_set_error (&local_error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("There is no group “[%s]”, only “[server]” and “[limits]”."), shown);
      return refuse_file (path, find_line (text, *group, NULL), local_error, error);
    }

  return load_group (self, file, GROUP, path, text, error)
         && load_group (self, file, LIMITS, path, text, error);
}

/**
 * tea_server_config_load_password:
 * @self: settings
 * @password: (out) (transfer full) (nullable): the password of the house; %NULL where there is none
 * @error: return location for a #GError
 *
 * Reads the password, and looks at whether the other settings go with it. This blocks.
 *
 * Returns: whether all is fit; if not, @error tells why, in words for whoever has set it
 */
gboolean
tea_server_config_load_password (const TeaServerConfig *self,
                                 TeaPassword **password,
                                 GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (password != NULL, FALSE);

  *password = NULL;
  if (self->password_file == NULL)
    return TRUE;

  /* What the classic protocol lets through nobody can be asked a password for. */
  if (self->classic == TEA_CLASSIC_ANYONE)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                           _ ("A room with a password cannot be open to classic clients: "
                              "they cannot tell it. Leave out “classic”, or set it to “off”."));
      return FALSE;
    }

  *password = tea_password_load (self->password_file, error);

  return *password != NULL;
}

/**
 * tea_server_config_dup_data_dir:
 * @self: settings
 *
 * Where the server keeps what must last: the folder that is set, the one that a service
 * manager has given it, or one among those of the user.
 *
 * Returns: (transfer full) (type filename): the folder, which may not be there yet
 */
char *
tea_server_config_dup_data_dir (const TeaServerConfig *self)
{
  const char *given = g_getenv ("STATE_DIRECTORY");
  g_autofree char *user_dir = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->data_dir != NULL)
    return g_strdup (self->data_dir);

  /* Of several it is the first. */
  if (given != NULL && *given != '\0')
    return g_strndup (given, strcspn (given, ":"));

  user_dir = tea_user_path_dup_data_dir ();

  return g_build_filename (user_dir, "teahoused", NULL);
}
