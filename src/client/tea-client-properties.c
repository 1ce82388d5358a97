/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-private.h"

/* What of a client can be bound to, and set as it is made. */

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_HAS_OLDER,
  PROP_HISTORY,
  PROP_IDENTITY_FILE,
  PROP_KNOWN_SERVERS_FILE,
  PROP_MEMBERS,
  PROP_MEMBERS_KNOWN,
  PROP_N_UNSENT,
  PROP_NAME,
  PROP_PASSWORD,
  PROP_PROTOCOL,
  PROP_REASON,
  PROP_ROOM_NAME,
  PROP_SERVER_KEY,
  PROP_SINCE,
  PROP_STATE,
  PROP_SUGGESTION,
  PROP_TIMELINE,
  N_PROPS
};

#define READABLE (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)
#define WRITABLE (G_PARAM_WRITABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *properties[N_PROPS];

static void
tea_client_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaClient *self = TEA_CLIENT (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_object (value, self->address);
      break;
    case PROP_HAS_OLDER:
      g_value_set_boolean (value, tea_client_get_has_older (self));
      break;
    case PROP_HISTORY:
      g_value_set_uint (value, self->history);
      break;
    case PROP_IDENTITY_FILE:
      g_value_set_string (value, self->identity_file);
      break;
    case PROP_KNOWN_SERVERS_FILE:
      g_value_set_string (value, self->known_servers_file);
      break;
    case PROP_MEMBERS:
      g_value_set_object (value, tea_client_get_members (self));
      break;
    case PROP_MEMBERS_KNOWN:
      g_value_set_boolean (value, tea_client_get_members_known (self));
      break;
    case PROP_N_UNSENT:
      g_value_set_uint (value, tea_client_get_n_unsent (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_PROTOCOL:
      g_value_set_enum (value, (int) self->protocol);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_ROOM_NAME:
      g_value_set_string (value, self->room_name);
      break;
    case PROP_SERVER_KEY:
      g_value_set_string (value, self->server_key);
      break;
    case PROP_SINCE:
      g_value_set_uint64 (value, self->since);
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;
    case PROP_SUGGESTION:
      g_value_set_string (value, self->suggestion);
      break;
    case PROP_TIMELINE:
      g_value_set_object (value, tea_client_get_timeline (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_client_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaClient *self = TEA_CLIENT (object);

  switch (prop_id)
    {
    case PROP_HISTORY:
      tea_client_set_history (self, g_value_get_uint (value));
      break;
    case PROP_IDENTITY_FILE:
      tea_client_set_identity_file (self, g_value_get_string (value));
      break;
    case PROP_KNOWN_SERVERS_FILE:
      tea_client_set_known_servers_file (self, g_value_get_string (value));
      break;
    case PROP_PASSWORD:
      tea_client_set_password (self, g_value_get_string (value));
      break;
    case PROP_PROTOCOL:
      tea_client_set_protocol (self, (TeaProtocol) g_value_get_enum (value));
      break;
    case PROP_SINCE:
      tea_client_set_since (self, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_settings (void)
{
  /**
   * TeaClient:history:
   *
   * How many of the latest events are told first on entering a room.
   */
  properties[PROP_HISTORY] = g_param_spec_uint ("history", NULL, NULL, 0, G_MAXUINT,
                                                TEA_CLIENT_DEFAULT_HISTORY, READABLE | WRITABLE);
  /**
   * TeaClient:identity-file: (type filename)
   *
   * Where the user's key is kept; %NULL for the usual place.
   */
  properties[PROP_IDENTITY_FILE]
      = g_param_spec_string ("identity-file", NULL, NULL, NULL, READABLE | WRITABLE);
  /**
   * TeaClient:known-servers-file: (type filename)
   *
   * Where the keys of servers are kept; %NULL for the usual place.
   */
  properties[PROP_KNOWN_SERVERS_FILE]
      = g_param_spec_string ("known-servers-file", NULL, NULL, NULL, READABLE | WRITABLE);
  /**
   * TeaClient:password:
   *
   * The password to enter with.
   */
  properties[PROP_PASSWORD] = g_param_spec_string ("password", NULL, NULL, NULL, WRITABLE);
  /**
   * TeaClient:protocol:
   *
   * What is spoken with the server.
   */
  properties[PROP_PROTOCOL] = g_param_spec_enum ("protocol", NULL, NULL, TEA_TYPE_PROTOCOL,
                                                 TEA_PROTOCOL_SECURE, READABLE | WRITABLE);
  /**
   * TeaClient:since:
   *
   * The event after which everything is told, in place of the latest history; 0 for none.
   */
  properties[PROP_SINCE]
      = g_param_spec_uint64 ("since", NULL, NULL, 0, G_MAXUINT64, 0, READABLE | WRITABLE);
}

static void
install_facts (void)
{
  /**
   * TeaClient:address:
   *
   * Where the room is.
   */
  properties[PROP_ADDRESS]
      = g_param_spec_object ("address", NULL, NULL, G_TYPE_NETWORK_ADDRESS, READABLE);
  /**
   * TeaClient:has-older:
   *
   * Whether older history than what is in the timeline can be had.
   */
  properties[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, READABLE);
  /**
   * TeaClient:members:
   *
   * Who is in the room, a list of [class@Tea.Member].
   */
  properties[PROP_MEMBERS]
      = g_param_spec_object ("members", NULL, NULL, G_TYPE_LIST_MODEL, READABLE);
  /**
   * TeaClient:members-known:
   *
   * Whether everybody who is in the room is known; see
   * [method@Tea.Client.get_members_known].
   */
  properties[PROP_MEMBERS_KNOWN]
      = g_param_spec_boolean ("members-known", NULL, NULL, FALSE, READABLE);
  /**
   * TeaClient:n-unsent:
   *
   * How many of one's own messages wait or are on their way. What failed does not count.
   */
  properties[PROP_N_UNSENT] = g_param_spec_uint ("n-unsent", NULL, NULL, 0, G_MAXUINT, 0, READABLE);
  /**
   * TeaClient:name:
   *
   * What the user is, or wants to be, called in the room.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, READABLE);
  /**
   * TeaClient:reason:
   *
   * The server's words about why it ended it, where it gave any.
   */
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, READABLE);
  /**
   * TeaClient:room-name:
   *
   * What the room is called, where it is called anything.
   */
  properties[PROP_ROOM_NAME] = g_param_spec_string ("room-name", NULL, NULL, NULL, READABLE);
  /**
   * TeaClient:server-key:
   *
   * The fingerprint of the server's key, once it is known.
   */
  properties[PROP_SERVER_KEY] = g_param_spec_string ("server-key", NULL, NULL, NULL, READABLE);
  /**
   * TeaClient:state:
   *
   * Where the client stands.
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, TEA_TYPE_CLIENT_STATE,
                                              TEA_CLIENT_OUTSIDE, READABLE);
  /**
   * TeaClient:suggestion:
   *
   * The name that the server suggests in place of one that is taken.
   */
  properties[PROP_SUGGESTION] = g_param_spec_string ("suggestion", NULL, NULL, NULL, READABLE);
  /**
   * TeaClient:timeline:
   *
   * What happened in the room.
   */
  properties[PROP_TIMELINE]
      = g_param_spec_object ("timeline", NULL, NULL, TEA_TYPE_TIMELINE, READABLE);
}

void
_tea_client_install_properties (GObjectClass *object_class)
{
  object_class->get_property = tea_client_get_property;
  object_class->set_property = tea_client_set_property;

  install_settings ();
  install_facts ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/* Copies the value. */
void
_tea_client_set_string (TeaClient *self, char **member, const char *value, const char *property)
{
  if (g_strcmp0 (*member, value) == 0)
    return;

  g_free (*member);
  *member = g_strdup (value);
  g_object_notify (G_OBJECT (self), property);
}
