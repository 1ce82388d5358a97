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
set_metrics (TeaServerConfig *self, const char *value, GError **error)
{
  guint64 port = 0;

  if (!g_str_equal (value, "off")
      && !g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“metrics” must be “off” or a port from 0 to 65535, not “%s”."), value);
      return FALSE;
    }

  g_free (self->metrics);
  self->metrics = g_strdup (value);

  return TRUE;
}

static gboolean
set_log_addresses (TeaServerConfig *self, const char *value, GError **error)
{
  if (!g_str_equal (value, "short") && !g_str_equal (value, "full"))
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“log-addresses” must be “short” or “full”, not “%s”."), value);
      return FALSE;
    }

  self->logs_full_addresses = g_str_equal (value, "full");

  return TRUE;
}

/* What a setting is kept as. */
typedef enum
{
  NUMBER, /* a guint */
  CHOICE, /* the same, which of the words it is */
  TEXT,   /* a string */
  LIST,   /* an array of strings */
} Kind;

typedef struct
{
  const char *group;
  const char *key;
  Kind kind;
  gsize offset;
  guint min; /* of a number */
  guint max;
  gboolean needs_restart;
  const char *const *words;                                                   /* of a choice */
  gboolean (*set) (TeaServerConfig *self, const char *value, GError **error); /* if no number */
} Setting;

static const char *const classic_words[] = { "local", "anyone", "off" };
static const char *const rooms_words[] = { "operators", "members", "off" };
static const char *const pairs_words[] = { "off", "on" };
static const char *const log_addresses_words[] = { "short", "full" };

#define NUMBER_AT(member) NUMBER, G_STRUCT_OFFSET (TeaServerConfig, member)
#define CHOICE_AT(member) CHOICE, G_STRUCT_OFFSET (TeaServerConfig, member)
#define TEXT_AT(member) TEXT, G_STRUCT_OFFSET (TeaServerConfig, member)
#define LIST_AT(member) LIST, G_STRUCT_OFFSET (TeaServerConfig, member)

static const Setting settings[] = {
  { GROUP, "address", TEXT_AT (address), .set = set_address, .needs_restart = TRUE },
  { GROUP, "port", NUMBER_AT (port), 0, G_MAXUINT16, .needs_restart = TRUE },
  { GROUP, "data-dir", TEXT_AT (data_dir), .set = set_data_dir, .needs_restart = TRUE },
  { GROUP, "password-file", TEXT_AT (password_file), .set = set_password_file },
  { GROUP, "grace", NUMBER_AT (grace), 0, 24 * 3600 },
  { GROUP, "retain-days", NUMBER_AT (retain_days), 0, MAX_DAYS },
  { GROUP, "retain-events", NUMBER_AT (retain_events), 0, 1000000000 },
  { GROUP, "name-lifetime", NUMBER_AT (name_lifetime), 0, MAX_DAYS },
  { GROUP, "idle-timeout", NUMBER_AT (idle_timeout), 1, 7 * 24 * 3600 },
  { GROUP, "classic", CHOICE_AT (classic), .set = set_classic, .words = classic_words },
  { GROUP, "classic-accept", TEXT_AT (classic_accept), .set = set_classic_accept },
  { GROUP, "classic-places", NUMBER_AT (classic_places), 1, 4096 },
  { GROUP, "classic-joins", NUMBER_AT (classic_joins), 1, 1000000 },
  { GROUP, "classic-bytes", NUMBER_AT (classic_bytes), 0, 1000000000 },
  { GROUP, "rooms", CHOICE_AT (rooms), .set = set_rooms, .words = rooms_words },
  { GROUP, "pairs", CHOICE_AT (pairs), .set = set_pairs, .words = pairs_words },
  { GROUP, "edit-hours", NUMBER_AT (edit_hours), 0, MAX_DAYS * 24 },
  { GROUP, "newcomers", NUMBER_AT (newcomers), 0, 7 * 24 * 60 },
  { GROUP, "operators", LIST_AT (operators), .set = set_operators },
  { GROUP, "metrics", TEXT_AT (metrics), .set = set_metrics, .needs_restart = TRUE },
  { GROUP, "log-addresses", CHOICE_AT (logs_full_addresses), .set = set_log_addresses,
    .words = log_addresses_words },
  { LIMITS, "messages-per-second", NUMBER_AT (messages_per_second), 0, MAX_RATION },
  { LIMITS, "bytes-per-second", NUMBER_AT (bytes_per_second), 0, MAX_RATION },
  { LIMITS, "max-clients", NUMBER_AT (max_clients), 1, MAX_CLIENTS },
  { LIMITS, "handshakes-per-second", NUMBER_AT (handshakes_per_second), 1, MAX_CLIENTS },
  { LIMITS, "max-people", NUMBER_AT (max_people), 1, MAX_CLIENTS },
};

static const Setting *
find_setting (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].key, key))
      return &settings[i];

  return NULL;
}

static gboolean
set_number (TeaServerConfig *self, const Setting *setting, const char *value, GError **error)
{
  guint64 number = 0;

  if (g_ascii_string_to_unsigned (value, 10, setting->min, setting->max, &number, NULL))
    {
      G_STRUCT_MEMBER (guint, self, setting->offset) = (guint) number;
      return TRUE;
    }

  g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
               _ ("“%s” must be a number from %u to %u, not “%s”."), setting->key, setting->min,
               setting->max, value);

  return FALSE;
}

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
  self->metrics = g_strdup ("off");
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
  g_free (self->metrics);
  g_free (self);
}

/* @group: (nullable): in which group it has to be */
static gboolean
set_in (
    TeaServerConfig *self, const char *group, const char *key, const char *value, GError **error)
{
  const Setting *setting = find_setting (key);

  if (setting != NULL && (group == NULL || g_str_equal (setting->group, group)))
    return setting->set != NULL ? setting->set (self, value, error)
                                : set_number (self, setting, value, error);

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
 * tea_server_config_get_key:
 * @i: from 0 on
 *
 * Returns: (nullable): the name of a setting; %NULL behind the last
 */
const char *
tea_server_config_get_key (guint i)
{
  return i < G_N_ELEMENTS (settings) ? settings[i].key : NULL;
}

/**
 * tea_server_config_needs_restart:
 * @key: the name of a setting
 *
 * Returns: whether a server has to be started anew before a change of it holds
 */
gboolean
tea_server_config_needs_restart (const char *key)
{
  const Setting *setting = NULL;

  g_return_val_if_fail (key != NULL, FALSE);

  setting = find_setting (key);
  g_return_val_if_fail (setting != NULL, FALSE);

  return setting->needs_restart;
}

/**
 * tea_server_config_dup_value:
 * @self: settings
 * @key: the name of a setting
 *
 * Returns: (transfer full): its value, as it is written in a file; `""` where nothing is set
 */
char *
tea_server_config_dup_value (const TeaServerConfig *self, const char *key)
{
  const Setting *setting = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  setting = find_setting (key);
  g_return_val_if_fail (setting != NULL, NULL);

  switch (setting->kind)
    {
    case NUMBER:
      return g_strdup_printf ("%u", G_STRUCT_MEMBER (guint, self, setting->offset));
    case CHOICE:
      return g_strdup (setting->words[G_STRUCT_MEMBER (guint, self, setting->offset)]);
    case LIST:
      return g_strjoinv (" ", G_STRUCT_MEMBER (char **, self, setting->offset));
    case TEXT:
    default:
      return g_strconcat ("", G_STRUCT_MEMBER (char *, self, setting->offset), NULL);
    }
}

static void
copy_setting (TeaServerConfig *self, const TeaServerConfig *other, const Setting *setting)
{
  char **text = G_STRUCT_MEMBER_P (self, setting->offset);
  char ***list = G_STRUCT_MEMBER_P (self, setting->offset);

  switch (setting->kind)
    {
    case TEXT:
      g_free (*text);
      *text = g_strdup (G_STRUCT_MEMBER (char *, other, setting->offset));
      break;
    case LIST:
      g_strfreev (*list);
      *list = g_strdupv (G_STRUCT_MEMBER (char **, other, setting->offset));
      break;
    case NUMBER:
    case CHOICE:
    default:
      G_STRUCT_MEMBER (guint, self, setting->offset)
          = G_STRUCT_MEMBER (guint, other, setting->offset);
    }
}

/**
 * tea_server_config_take_over:
 * @self: the settings of a server that is running
 * @other: what they are to be
 * @changed: (out) (array zero-terminated=1): the names of those that are changed
 * @waiting: (out) (array zero-terminated=1): the names of those that can be changed by a restart
 *   only, and are left as they are
 *
 * Takes over what differs and can change while a server runs.
 */
void
tea_server_config_take_over (TeaServerConfig *self,
                             const TeaServerConfig *other,
                             char ***changed,
                             char ***waiting)
{
  g_autoptr (GStrvBuilder) taken = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) left = g_strv_builder_new ();

  g_return_if_fail (self != NULL && other != NULL);
  g_return_if_fail (changed != NULL && waiting != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      const Setting *setting = &settings[i];
      g_autofree char *before = tea_server_config_dup_value (self, setting->key);
      g_autofree char *after = tea_server_config_dup_value (other, setting->key);

      if (g_str_equal (before, after))
        continue;

      g_strv_builder_add (setting->needs_restart ? left : taken, setting->key);
      if (!setting->needs_restart)
        copy_setting (self, other, setting);
    }

  *changed = g_strv_builder_end (taken);
  *waiting = g_strv_builder_end (left);
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
 * tea_server_config_get_metrics_port:
 * @self: settings
 * @port: (out): at which TCP port programs can ask how the server is; 0 for any free one
 *
 * Returns: whether they can
 */
gboolean
tea_server_config_get_metrics_port (const TeaServerConfig *self, guint16 *port)
{
  guint64 number = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (port != NULL, FALSE);

  if (!g_ascii_string_to_unsigned (self->metrics, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;

  *port = (guint16) number;

  return TRUE;
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
