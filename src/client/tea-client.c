/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client.h"

#include "tea-client-test.h"
#include "tea-connection.h"
#include "tea-conversation-private.h"
#include "tea-name.h"

#define DEFAULT_HISTORY 50

/**
 * TeaClient:
 *
 * Somebody's way into a room and their place in it: asks to enter, says and hears,
 * finds back after the server was away, leaves. Every client program is a face of
 * this.
 *
 * What happens is told by [signal@Tea.Client::event], and kept in a
 * [class@Tea.Timeline]; who is there, in a list of [class@Tea.Member].
 *
 * It speaks the secure protocol, unless told otherwise by
 * [method@Tea.Client.set_protocol]: what is said is stored by the server before anybody
 * sees it, and what got lost on the way is fetched again.
 */
struct _TeaClient
{
  GObject parent_instance;

  TeaConversation *hall;         /* (owned): of the connection */
  TeaConnection *connection;     /* (owned) */
  TeaPacketConnector *connector; /* (owned) (nullable): in place of a real one */

  /* how to enter */
  TeaProtocol protocol;
  char *identity_file;      /* (nullable): the usual one */
  char *outbox_folder;      /* (nullable) */
  char *known_servers_file; /* (nullable): the usual one */
  char *password;           /* (nullable) */
  guint64 since;            /* 0 for the latest */
  guint history;            /* how many of the latest */
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_EDIT_HOURS,
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

enum
{
  SIGNAL_DELIVERY,
  SIGNAL_EVENT,
  SIGNAL_GAP,
  SIGNAL_OLDER_EVENT,
  SIGNAL_REFUSED,
  SIGNAL_REJOINED,
  SIGNAL_ROOM_NEWS,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaClient, tea_client, G_TYPE_OBJECT)

static void
set_string (TeaClient *self, char **member, const char *value, guint property)
{
  if (g_strcmp0 (*member, value) == 0)
    return;

  g_free (*member);
  *member = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* The parts' properties are the client's, under the same names. */
static void
notify_cb (TeaClient *self, GParamSpec *pspec)
{
  g_assert (TEA_IS_CLIENT (self));

  g_object_notify (G_OBJECT (self), pspec->name);
}

/* Of the hall's, those that concern who knows one room. */
static void
hall_notify_cb (TeaClient *self, GParamSpec *pspec)
{
  static const char *const names[]
      = { "has-older", "members", "members-known", "n-unsent", "timeline", NULL };

  g_assert (TEA_IS_CLIENT (self));

  if (g_strv_contains (names, pspec->name))
    g_object_notify (G_OBJECT (self), pspec->name);
}

static void
delivery_cb (TeaClient *self, TeaTimelineItem *item)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_DELIVERY], 0, item);
}

static void
event_cb (TeaClient *self, TeaEvent *event)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
gap_cb (TeaClient *self)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_GAP], 0);
}

static void
older_event_cb (TeaClient *self, TeaEvent *event)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_OLDER_EVENT], 0, event);
}

static void
refused_cb (TeaClient *self, TeaEventKind kind, guint64 target, GError *error)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, kind, target, error);
}

static void
rejoined_cb (TeaClient *self, guint n_said)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_REJOINED], 0, n_said);
}

static void
news_cb (TeaClient *self, TeaListing *listing)
{
  g_assert (TEA_IS_CLIENT (self));

  g_signal_emit (self, signals[SIGNAL_ROOM_NEWS], 0, listing);
}

static void
make_parts (TeaClient *self, TeaClock *clock)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->hall);
  self->connection = tea_connection_new (clock);
  self->hall = g_object_ref (tea_connection_get_hall (self->connection));

  g_object_connect (self->hall, "swapped-object-signal::delivery", delivery_cb, self,
                    "swapped-object-signal::event", event_cb, self, "swapped-object-signal::gap",
                    gap_cb, self, "swapped-object-signal::older-event", older_event_cb, self,
                    "swapped-object-signal::refused", refused_cb, self,
                    "swapped-object-signal::notify", hall_notify_cb, self, NULL);
  g_object_connect (self->connection, "swapped-object-signal::rejoined", rejoined_cb, self,
                    "swapped-object-signal::news", news_cb, self, "swapped-object-signal::notify",
                    notify_cb, self, NULL);
}

static TeaKnownServers *
new_known_servers (TeaClient *self)
{
  return tea_known_servers_new (self->known_servers_file);
}

static void
tea_client_dispose (GObject *object)
{
  TeaClient *self = TEA_CLIENT (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->hall);
  g_clear_object (&self->connector);

  G_OBJECT_CLASS (tea_client_parent_class)->dispose (object);
}

static void
tea_client_finalize (GObject *object)
{
  TeaClient *self = TEA_CLIENT (object);

  g_free (self->identity_file);
  g_free (self->outbox_folder);
  g_free (self->known_servers_file);
  g_free (self->password);

  G_OBJECT_CLASS (tea_client_parent_class)->finalize (object);
}

static void
tea_client_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaClient *self = TEA_CLIENT (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_object (value, tea_client_get_address (self));
      break;
    case PROP_EDIT_HOURS:
      g_value_set_uint (value, tea_client_get_edit_hours (self));
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
      g_value_set_string (value, tea_client_get_name (self));
      break;
    case PROP_PROTOCOL:
      g_value_set_enum (value, (int) self->protocol);
      break;
    case PROP_REASON:
      g_value_set_string (value, tea_client_get_reason (self));
      break;
    case PROP_ROOM_NAME:
      g_value_set_string (value, tea_client_get_room_name (self));
      break;
    case PROP_SERVER_KEY:
      g_value_set_string (value, tea_client_get_server_key (self));
      break;
    case PROP_SINCE:
      g_value_set_uint64 (value, self->since);
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) tea_client_get_state (self));
      break;
    case PROP_SUGGESTION:
      g_value_set_string (value, tea_client_get_suggestion (self));
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
                                                DEFAULT_HISTORY, READABLE | WRITABLE);
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
   * TeaClient:edit-hours:
   *
   * For how many hours one can edit what one has said; 0 for ever, and before the server has
   * told.
   */
  properties[PROP_EDIT_HOURS]
      = g_param_spec_uint ("edit-hours", NULL, NULL, 0, G_MAXUINT, 0, READABLE);
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

static void
tea_client_class_init (TeaClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_client_dispose;
  object_class->finalize = tea_client_finalize;
  object_class->get_property = tea_client_get_property;
  object_class->set_property = tea_client_set_property;

  install_settings ();
  install_facts ();
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaClient::delivery:
   * @self: the client
   * @item: a message of one's own
   *
   * A message that this client was told to say has come further, or has failed; see
   * [method@Tea.TimelineItem.get_delivery]. That it is delivered is told when its place in
   * the room's log, and its time there, are known as well.
   */
  signals[SIGNAL_DELIVERY] = g_signal_new ("delivery", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
  /**
   * TeaClient::event:
   * @self: the client
   * @event: what happened
   *
   * Something happened in the room, one's own arrival included; what this client was told
   * to say itself is not told. What is done to a message is told too, be it by this client:
   * %TEA_EVENT_EDITED, %TEA_EVENT_REMOVED, %TEA_EVENT_REACTED and %TEA_EVENT_PINNED, the number
   * of the message being their target. Where the room has a log, what comes first is what happened
   * there lately, and each event has its number.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaClient::gap:
   * @self: the client
   *
   * What happened between the last event that was told and the next is not told: it is too
   * much, or not kept any more.
   */
  signals[SIGNAL_GAP] = g_signal_new ("gap", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 0);
  /**
   * TeaClient::older-event:
   * @self: the client
   * @event: what happened
   *
   * Something happened before all that was told so far, as was asked for by
   * [method@Tea.Client.load_older_async]: its events come one after the other, the oldest
   * first, before it is finished.
   */
  signals[SIGNAL_OLDER_EVENT] = g_signal_new ("older-event", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaClient::refused:
   * @self: the client
   * @kind: what was to be done
   * @target: the event that it is about; 0 for none
   * @error: why
   *
   * The server does not do what [method@Tea.Client.edit], say, asked for: everything but saying a
   * message.
   */
  signals[SIGNAL_REFUSED]
      = g_signal_new ("refused", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 3, TEA_TYPE_EVENT_KIND, G_TYPE_UINT64, G_TYPE_ERROR);
  /**
   * TeaClient::rejoined:
   * @self: the client
   * @n_sent: how many waiting messages were sent at once
   *
   * The client is back in the room after it had lost the server.
   */
  signals[SIGNAL_REJOINED] = g_signal_new ("rejoined", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  /**
   * TeaClient::room-news:
   * @self: the client
   * @listing: a room
   *
   * A room that is not open has news: its user is a member of it and something was said, or is
   * invited to it, or somebody has begun a private conversation. It is told again from time to
   * time, until the room is opened or [method@Tea.Client.forget_room] is called.
   */
  signals[SIGNAL_ROOM_NEWS] = g_signal_new ("room-news", TEA_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_LISTING);
}

static void
tea_client_init (TeaClient *self)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();

  self->protocol = TEA_PROTOCOL_SECURE;
  self->history = DEFAULT_HISTORY;
  make_parts (self, clock);
}

/**
 * tea_client_new:
 *
 * Makes a client.
 *
 * Returns: (transfer full): a client that is in no room
 */
TeaClient *
tea_client_new (void)
{
  return g_object_new (TEA_TYPE_CLIENT, NULL);
}

/**
 * tea_client_new_for_test: (skip)
 * @clock: whose time it lives in
 * @connector: what it reaches the server through
 *
 * Returns: (transfer full): a client that speaks the secure protocol, but does nothing
 *   outside of @clock and @connector
 */
TeaClient *
tea_client_new_for_test (TeaClock *clock, TeaPacketConnector *connector)
{
  TeaClient *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (TEA_IS_PACKET_CONNECTOR (connector), NULL);

  self = g_object_new (TEA_TYPE_CLIENT, NULL);
  make_parts (self, clock);
  self->connector = g_object_ref (connector);

  return self;
}

/**
 * tea_client_get_epoch: (skip)
 * @self: a client
 *
 * Returns: which log the room has; 0 before that is known
 */
guint64
tea_client_get_epoch (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return tea_conversation_get_epoch (self->hall);
}

/**
 * tea_client_set_protocol:
 * @self: a client that is in no room
 * @protocol: what to speak with the server
 *
 * Chooses the protocol. Without this it is %TEA_PROTOCOL_SECURE; the classic one is for
 * rooms that speak no other, and for people who know what it lacks.
 */
void
tea_client_set_protocol (TeaClient *self, TeaProtocol protocol)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (tea_client_get_state (self) == TEA_CLIENT_OUTSIDE);

  if (self->protocol == protocol)
    return;

  self->protocol = protocol;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROTOCOL]);
}

/**
 * tea_client_get_protocol:
 * @self: a client
 *
 * Tells what is spoken with the server.
 *
 * Returns: the protocol
 */
TeaProtocol
tea_client_get_protocol (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), TEA_PROTOCOL_SECURE);

  return self->protocol;
}

/**
 * tea_client_set_identity_file:
 * @self: a client that is in no room
 * @path: (nullable) (type filename): where the user's key is kept; %NULL for
 *   `teahouse/identity.pem` in the user's data directory
 *
 * Chooses who the user is: names belong to keys. The file is made where there is none.
 */
void
tea_client_set_identity_file (TeaClient *self, const char *path)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  set_string (self, &self->identity_file, path, PROP_IDENTITY_FILE);
}

/**
 * tea_client_set_known_servers_file:
 * @self: a client that is in no room
 * @path: (nullable) (type filename): where the keys of servers are kept; %NULL for
 *   `teahouse/known-servers` in the user's configuration directory
 *
 * Chooses where to look up which key a server had before.
 */
void
tea_client_set_known_servers_file (TeaClient *self, const char *path)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  set_string (self, &self->known_servers_file, path, PROP_KNOWN_SERVERS_FILE);
}

/**
 * tea_client_set_outbox_folder:
 * @self: a client that is in no room
 * @path: (nullable): a folder, or %NULL to forget what was not sent at the end
 *
 * Keeps in a folder what could not be sent until the end: the next client that has the same
 * folder and enters the same house sends it, once. Applies from the next joining on. Of several
 * programs that are in a house at a time, only one keeps something.
 */
void
tea_client_set_outbox_folder (TeaClient *self, const char *path)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  g_free (self->outbox_folder);
  self->outbox_folder = g_strdup (path);
}

/**
 * tea_client_set_password:
 * @self: a client that is in no room
 * @password: (nullable): the room's password
 *
 * Sets the password to enter with.
 */
void
tea_client_set_password (TeaClient *self, const char *password)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  set_string (self, &self->password, password, PROP_PASSWORD);
}

/**
 * tea_client_set_since:
 * @self: a client that is in no room
 * @seq: the number of an event; 0 for the latest history alone
 *
 * Asks for everything that happened after an event, in place of the latest history.
 */
void
tea_client_set_since (TeaClient *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  if (self->since == seq)
    return;

  self->since = seq;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
}

/**
 * tea_client_set_history:
 * @self: a client that is in no room
 * @n_events: how many events; 0 for none, %TEA_CLIENT_WHOLE_HISTORY for all that are kept, and
 *   of other numbers a server need not tell more than 1000
 *
 * Chooses how many of the latest events are told first on entering; without this it is 50.
 * With 0 only what happens from then on is told: that is what most bots want. Classic
 * rooms have no history.
 */
void
tea_client_set_history (TeaClient *self, guint n_events)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (tea_client_get_state (self) == TEA_CLIENT_OUTSIDE);

  if (self->history == n_events)
    return;

  self->history = n_events;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HISTORY]);
}

/**
 * tea_client_get_history:
 * @self: a client
 *
 * Tells how many of the latest events come first.
 *
 * Returns: how many events are told of what was before
 */
guint
tea_client_get_history (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return self->history;
}

/**
 * tea_client_forget_server_key:
 * @self: a client that was refused with %TEA_ERROR_KEY_CHANGED
 * @error: return location for a #GError
 *
 * Forgets the key that is known of the server: its user has made sure that the new one is
 * right. The next try to enter takes whatever key the server shows.
 *
 * Returns: whether the key could be forgotten; if not, @error is one of GIO's
 */
gboolean
tea_client_forget_server_key (TeaClient *self, GError **error)
{
  g_autoptr (TeaKnownServers) known = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (tea_client_get_address (self) != NULL, FALSE);

  known = new_known_servers (self);

  return tea_known_servers_forget (known, tea_client_get_address (self), error);
}

/**
 * tea_client_trust_server_key:
 * @self: a client that was refused with %TEA_ERROR_KEY_NOT_KEPT
 *
 * Takes the key that the server has shown for the right one, as long as this client enters at
 * the same address: its user knows that it cannot be remembered, and that nobody will notice
 * when the server has another one next time.
 */
void
tea_client_trust_server_key (TeaClient *self)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  tea_connection_trust_server_key (self->connection);
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;

  if (tea_connection_join_finish (TEA_CONNECTION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;

  if (tea_connection_leave_finish (TEA_CONNECTION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **decided = user_data;

  *decided = g_object_ref (result);
}

static void
wait_until_decided (GAsyncResult **decided)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  while (*decided == NULL)
    g_main_context_iteration (context, TRUE);
}

/**
 * tea_client_join_async:
 * @self: a client that is in no room
 * @address: where the room is
 * @name: what its user wants to be called
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Asks to enter a house, and there the hall. A client enters one house in its life; when it was
 * refused it may ask again, under another name or elsewhere.
 *
 * An address that was a link may name another room of the house:
 * [method@Tea.RoomAddress.get_room]. It is not opened by itself; give its name to
 * [method@Tea.Client.open_room_async] once the client has joined.
 */
void
tea_client_join_async (TeaClient *self,
                       GNetworkAddress *address,
                       const char *name,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (TeaKnownServers) known = NULL;
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (G_IS_NETWORK_ADDRESS (address));
  g_return_if_fail (tea_client_get_state (self) == TEA_CLIENT_OUTSIDE);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_join_async);
  /* Who is in the room is told so, even if it was given up in the same moment. */
  g_task_set_check_cancellable (task, FALSE);

  if (!tea_name_validate (name, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  known = new_known_servers (self);
  tea_connection_join_async (self->connection,
                             &(TeaConnectionPlan){
                                 .address = address,
                                 .name = name,
                                 .protocol = self->protocol,
                                 .password = self->password,
                                 .since = self->since,
                                 .history = self->history,
                                 .identity_file = self->identity_file,
                                 .known = known,
                                 .outbox_folder = self->outbox_folder,
                                 .connector = self->connector,
                             },
                             cancellable, join_cb, g_steal_pointer (&task));
}

/**
 * tea_client_join_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.join_async] went.
 *
 * Returns: whether the client is in the room; if not, @error is about an unfit name,
 *   %TEA_ERROR_NO_ANSWER, %TEA_ERROR_NOT_SECURE (the room speaks only the classic
 *   protocol), %TEA_ERROR_KEY_CHANGED, %TEA_ERROR_KEY_UNEXPECTED, %TEA_ERROR_KEY_NOT_KEPT,
 *   %TEA_ERROR_PASSWORD_NEEDED, %TEA_ERROR_PASSWORD_WRONG, %TEA_ERROR_NAME_TAKEN,
 *   %TEA_ERROR_ROOM_FULL, %TEA_ERROR_TRY_LATER, %TEA_ERROR_REFUSED with the server's own words,
 *   or one of GIO's
 */
gboolean
tea_client_join_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_join:
 * @self: a client that is in no room
 * @address: where the room is
 * @name: what its user wants to be called
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Asks to enter a room, as [method@Tea.Client.join_async] does, and serves the main context
 * until it is decided. This is for programs that have nothing else to do meanwhile.
 *
 * Returns: whether the client is in the room; if not, @error is one of those of
 *   [method@Tea.Client.join_finish]
 */
gboolean
tea_client_join (TeaClient *self,
                 GNetworkAddress *address,
                 const char *name,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);
  g_return_val_if_fail (tea_client_get_state (self) == TEA_CLIENT_OUTSIDE, FALSE);

  tea_client_join_async (self, address, name, cancellable, decided_cb, &result);
  wait_until_decided (&result);

  return tea_client_join_finish (self, result, error);
}

/**
 * tea_client_reconnect:
 * @self: a client
 *
 * Tries to get back into the room now. Does nothing where the client is in it, or on
 * its way.
 */
void
tea_client_reconnect (TeaClient *self)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  tea_connection_reconnect (self->connection);
}

/**
 * tea_client_leave_async:
 * @self: a client
 * @cancellable: (nullable): to give up with
 * @callback: called when the client is out of the room
 * @user_data: for @callback
 *
 * Says goodbye and leaves. It takes less than a second, whether the server answers
 * or not.
 */
void
tea_client_leave_async (TeaClient *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_leave_async);

  tea_connection_leave_async (self->connection, cancellable, leave_cb, g_steal_pointer (&task));
}

/**
 * tea_client_leave_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.leave_async] went.
 *
 * Returns: whether the client has left; only cancelling prevents it
 */
gboolean
tea_client_leave_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_leave:
 * @self: a client
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Says goodbye and leaves, as [method@Tea.Client.leave_async] does, and serves the main
 * context until that is done.
 *
 * Returns: whether the client has left; only cancelling prevents it
 */
gboolean
tea_client_leave (TeaClient *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  tea_client_leave_async (self, cancellable, decided_cb, &result);
  wait_until_decided (&result);

  return tea_client_leave_finish (self, result, error);
}
/**
 * tea_client_say:
 * @self: a client that has entered a room
 * @text: what to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Says something, or, while there is no connection, keeps it until there is again.
 * Either way it is in the timeline at once.
 *
 * Returns: whether the text can be said at all; if not, nothing happened and @error
 *   is %TEA_ERROR_TEXT_INVALID
 */
gboolean
tea_client_say (TeaClient *self, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), FALSE);
  g_return_val_if_fail (tea_client_get_state (self) != TEA_CLIENT_OUTSIDE, FALSE);

  return tea_conversation_say (self->hall, text, error);
}

/**
 * tea_client_reply:
 * @self: a client
 * @seq: the number of the message to answer
 * @text: what to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Answers a message; see [method@Tea.Conversation.reply].
 *
 * Returns: whether the text can be said at all; if not, nothing happened and @error
 *   is %TEA_ERROR_TEXT_INVALID
 */
gboolean
tea_client_reply (TeaClient *self, guint64 seq, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (tea_client_get_state (self) != TEA_CLIENT_OUTSIDE, FALSE);

  return tea_conversation_reply (self->hall, seq, text, error);
}

/**
 * tea_client_edit:
 * @self: a client
 * @seq: the number of a message of one's own
 * @text: what it is to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Gives a message another text; see [method@Tea.Conversation.edit].
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_client_edit (TeaClient *self, guint64 seq, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return tea_conversation_edit (self->hall, seq, text, error);
}

/**
 * tea_client_remove:
 * @self: a client
 * @seq: the number of a message
 * @error: return location for a #GError
 *
 * Removes a message; see [method@Tea.Conversation.remove].
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_client_remove (TeaClient *self, guint64 seq, GError **error)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return tea_conversation_remove (self->hall, seq, error);
}

/**
 * tea_client_react:
 * @self: a client
 * @seq: the number of a message
 * @emoji: one emoji
 * @set: whether to react with it; else that is taken back
 * @error: return location for a #GError
 *
 * Reacts to a message; see [method@Tea.Conversation.react].
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_client_react (TeaClient *self, guint64 seq, const char *emoji, gboolean set, GError **error)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return tea_conversation_react (self->hall, seq, emoji, set, error);
}

/* What is to be done about somebody, once their key is known. */
typedef struct
{
  TeaEventKind kind;
  char *reason; /* (nullable) */
  gint64 until;
  guint64 erase;
} Acting;

static void
acting_free (gpointer data)
{
  Acting *acting = data;

  g_free (acting->reason);
  g_free (acting);
}

static gboolean
act (TeaClient *self, const Acting *acting, TeaMember *member, GError **error)
{
  const char *fingerprint = tea_member_get_fingerprint (member);
  const char *name = tea_member_get_name (member);

  if (acting->kind == TEA_EVENT_MUTED)
    return tea_conversation_mute (self->hall, fingerprint, name, acting->reason, acting->until,
                                  error);

  return tea_conversation_send_out (self->hall, fingerprint, name, acting->reason, acting->until,
                                    acting->erase, FALSE, error);
}

static void
member_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaClient *self = TEA_CLIENT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaMember) member
      = tea_conversation_find_member_finish (TEA_CONVERSATION (source), result, &error);

  if (member != NULL && act (self, g_task_get_task_data (task), member, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
find_and_act (TeaClient *self,
              TeaEventKind kind,
              const char *name,
              const char *reason,
              gint64 until,
              guint64 erase,
              GCancellable *cancellable,
              gpointer tag,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Acting *acting = g_new0 (Acting, 1);

  acting->kind = kind;
  acting->reason = g_strdup (reason);
  acting->until = until;
  acting->erase = erase;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, acting, acting_free);
  tea_conversation_find_member_async (self->hall, name, cancellable, member_cb, task);
}

/**
 * tea_client_send_out_async:
 * @self: a client
 * @name: what somebody is called
 * @reason: (nullable): why, for everybody to read
 * @until: how long they stay out, in µs since the Unix epoch: 0 where they may come back at once;
 *   %G_MAXINT64 for good
 * @erase: the number from which on all that they said is removed; 0 for nothing
 * @cancellable: (nullable): to give up with
 * @callback: called when the server is asked to
 * @user_data: for @callback
 *
 * Sends somebody out, by their name; see [method@Tea.Conversation.send_out].
 */
void
tea_client_send_out_async (TeaClient *self,
                           const char *name,
                           const char *reason,
                           gint64 until,
                           guint64 erase,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (name != NULL);

  find_and_act (self, TEA_EVENT_SENT_OUT, name, reason, until, erase, cancellable,
                tea_client_send_out_async, callback, user_data);
}

/**
 * tea_client_send_out_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.send_out_async] went.
 *
 * Returns: whether the server is asked to; if not, @error is %TEA_ERROR_NOT_A_MEMBER,
 *   %TEA_ERROR_TEXT_INVALID, %TEA_ERROR_NOT_ALLOWED or %G_IO_ERROR_CANCELLED
 */
gboolean
tea_client_send_out_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_mute_async:
 * @self: a client
 * @name: what somebody is called
 * @reason: (nullable): why, for everybody to read
 * @until: until when they may not say anything, in µs since the Unix epoch: 0 where they may
 *   speak again; %G_MAXINT64 for good
 * @cancellable: (nullable): to give up with
 * @callback: called when the server is asked to
 * @user_data: for @callback
 *
 * Lets somebody say nothing any more, by their name; see [method@Tea.Conversation.mute].
 */
void
tea_client_mute_async (TeaClient *self,
                       const char *name,
                       const char *reason,
                       gint64 until,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (name != NULL);

  find_and_act (self, TEA_EVENT_MUTED, name, reason, until, 0, cancellable, tea_client_mute_async,
                callback, user_data);
}

/**
 * tea_client_mute_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.mute_async] went.
 *
 * Returns: whether the server is asked to; if not, @error is %TEA_ERROR_NOT_A_MEMBER,
 *   %TEA_ERROR_TEXT_INVALID, %TEA_ERROR_NOT_ALLOWED or %G_IO_ERROR_CANCELLED
 */
gboolean
tea_client_mute_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_search:
 * @self: a client
 * @words: what to look for; see [method@Tea.Conversation.search_async]
 *
 * Begins to look for messages in all rooms that are open now.
 *
 * Returns: (transfer full): a search that has found nothing yet
 */
TeaSearch *
tea_client_search (TeaClient *self, const char *words)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);
  g_return_val_if_fail (words != NULL, NULL);

  return tea_search_new (tea_connection_get_conversations (self->connection), words);
}

/**
 * tea_client_retry:
 * @self: a client
 * @item: a message of one's own that failed
 *
 * Tries to send a message again.
 */
void
tea_client_retry (TeaClient *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  tea_conversation_retry (self->hall, item);
}

/**
 * tea_client_discard:
 * @self: a client
 * @item: a message of one's own that waits or has failed
 *
 * Gives a message up and takes it out of the timeline; unless it was on its way when the
 * connection was lost, and may have arrived: that one stays.
 */
void
tea_client_discard (TeaClient *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CLIENT (self));

  tea_conversation_discard (self->hall, item);
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;

  if (tea_conversation_load_older_finish (TEA_CONVERSATION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * tea_client_load_older_async:
 * @self: a client that is in a room
 * @n_events: about how many events are wanted
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Fetches older history, which is added at the beginning of the timeline, and is told by
 * [signal@Tea.Client::older-event]. One such call can be under way at a time.
 */
void
tea_client_load_older_async (TeaClient *self,
                             guint n_events,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (n_events > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_load_older_async);

  tea_conversation_load_older_async (self->hall, n_events, cancellable, load_cb,
                                     g_steal_pointer (&task));
}

/**
 * tea_client_load_older_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.load_older_async] went.
 *
 * Returns: whether what could be had is in the timeline; if not, @error is
 *   %TEA_ERROR_NO_ANSWER, %G_IO_ERROR_PENDING or %G_IO_ERROR_CANCELLED
 */
gboolean
tea_client_load_older_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_client_get_has_older:
 * @self: a client
 *
 * Tells whether there is more to load.
 *
 * Returns: whether older history than what is in the timeline can be had
 */
gboolean
tea_client_get_has_older (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return tea_conversation_get_has_older (self->hall);
}
static void
room_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  TeaConversation *conversation
      = tea_connection_open_room_finish (TEA_CONNECTION (source), result, &error);

  if (conversation != NULL)
    g_task_return_pointer (task, conversation, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * tea_client_open_room_async:
 * @self: a client that has joined
 * @address: the address of a room in the house: its name, `~` and the digits of a hidden one,
 *   or `@` and a fingerprint for a private conversation
 * @password: (nullable): the room's password
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens another room of the house, beside the hall and whatever else is open, on the same
 * connection. It stays open until it is closed, also over losses of the connection.
 */
void
tea_client_open_room_async (TeaClient *self,
                            const char *address,
                            const char *password,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_open_room_async);
  tea_connection_open_room_async (self->connection, address, password, cancellable, room_cb, task);
}

/**
 * tea_client_open_room_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.open_room_async] went.
 *
 * Returns: (transfer full): the conversation in the room; %NULL with @error
 *   %TEA_ERROR_REFUSED where there is no such room, %TEA_ERROR_PASSWORD_NEEDED,
 *   %TEA_ERROR_PASSWORD_WRONG, %TEA_ERROR_NOT_ALLOWED, %TEA_ERROR_ROOM_FULL,
 *   %TEA_ERROR_TRY_LATER, %TEA_ERROR_NO_ANSWER or one of GIO's
 */
TeaConversation *
tea_client_open_room_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_client_open_room:
 * @self: a client that has joined
 * @address: the address of a room in the house
 * @password: (nullable): the room's password
 * @cancellable: (nullable): to give up with
 * @error: return location for a #GError
 *
 * Opens a room, as [method@Tea.Client.open_room_async] does, and serves the main context until
 * it is decided.
 *
 * Returns: (transfer full): the conversation in the room; %NULL with @error one of those of
 *   [method@Tea.Client.open_room_finish]
 */
TeaConversation *
tea_client_open_room (TeaClient *self,
                      const char *address,
                      const char *password,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  tea_client_open_room_async (self, address, password, cancellable, decided_cb, &result);
  wait_until_decided (&result);

  return tea_client_open_room_finish (self, result, error);
}

/**
 * tea_client_make_room_async:
 * @self: a client that has joined
 * @address: the address of a room: its name, or `~` and 16 digits for a hidden one
 * @title: (nullable): what it is to be called
 * @flags: how it is to be
 * @password: (nullable): its password
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Makes a room that its user owns, and opens it. One that its user has made already is opened.
 */
void
tea_client_make_room_async (TeaClient *self,
                            const char *address,
                            const char *title,
                            TeaRoomFlags flags,
                            const char *password,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_make_room_async);
  tea_connection_make_room_async (self->connection, address, title, flags, password, cancellable,
                                  room_cb, task);
}

/**
 * tea_client_make_room_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.make_room_async] went.
 *
 * Returns: (transfer full): the conversation in the room; %NULL with @error
 *   %TEA_ERROR_NAME_TAKEN, %TEA_ERROR_NAME_INVALID, %TEA_ERROR_NOT_ALLOWED,
 *   %TEA_ERROR_TRY_LATER, %TEA_ERROR_NO_ANSWER or one of GIO's
 */
TeaConversation *
tea_client_make_room_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_client_close_room:
 * @self: a client
 * @conversation: one of its conversations, but not that of the hall
 *
 * Closes a room: nothing more is told of it, but [signal@Tea.Client::room-news]. Its user stays
 * a member; see [method@Tea.Conversation.leave].
 */
void
tea_client_close_room (TeaClient *self, TeaConversation *conversation)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (TEA_IS_CONVERSATION (conversation));
  g_return_if_fail (conversation != self->hall);

  tea_connection_close_room (self->connection, conversation);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  GPtrArray *rooms = tea_connection_list_rooms_finish (TEA_CONNECTION (source), result, &error);

  if (rooms != NULL)
    g_task_return_pointer (task, rooms, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * tea_client_list_rooms_async:
 * @self: a client that has joined
 * @which: which rooms
 * @cancellable: (nullable): to give up with
 * @callback: called when they are known
 * @user_data: for @callback
 *
 * Asks which rooms the house has. Classic servers have none but the hall, which is in no list.
 */
void
tea_client_list_rooms_async (TeaClient *self,
                             TeaRoomList which,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_client_list_rooms_async);
  tea_connection_list_rooms_async (self->connection, which, cancellable, listed_cb, task);
}

/**
 * tea_client_list_rooms_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Client.list_rooms_async] went.
 *
 * Returns: (transfer container) (element-type TeaListing): the rooms; %NULL with @error
 *   %TEA_ERROR_NO_ANSWER or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_client_list_rooms_finish (TeaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_client_forget_room:
 * @self: a client
 * @address: the address of a room that is not open
 *
 * Wants no more news of a room, as long as the connection lasts.
 */
void
tea_client_forget_room (TeaClient *self, const char *address)
{
  g_return_if_fail (TEA_IS_CLIENT (self));
  g_return_if_fail (address != NULL);

  tea_connection_forget_room (self->connection, address);
}

/**
 * tea_client_get_hall:
 * @self: a client
 *
 * Gives the conversation in the hall, the room in which everybody is who is in the house: what
 * the client itself says and tells is there.
 *
 * Returns: (transfer none): the conversation in the hall
 */
TeaConversation *
tea_client_get_hall (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return self->hall;
}

/**
 * tea_client_get_conversations:
 * @self: a client
 *
 * Lists the rooms that are open.
 *
 * Returns: (transfer none): a list of [class@Tea.Conversation], that of the hall first
 */
GListModel *
tea_client_get_conversations (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_conversations (self->connection);
}

/**
 * tea_client_get_may_make_rooms:
 * @self: a client
 *
 * Tells whether its user may make rooms.
 *
 * Returns: whether the server lets them
 */
gboolean
tea_client_get_may_make_rooms (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return tea_connection_may_make_rooms (self->connection);
}

/**
 * tea_client_get_edit_hours:
 * @self: a client
 *
 * Tells for how long one can edit what one has said.
 *
 * Returns: how many hours; 0 for ever, and where the server has not told
 */
guint
tea_client_get_edit_hours (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return tea_connection_get_edit_hours (self->connection);
}

/**
 * tea_client_get_state:
 * @self: a client
 *
 * Tells where the client stands.
 *
 * Returns: where it stands
 */
TeaClientState
tea_client_get_state (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), TEA_CLIENT_OUTSIDE);

  return tea_connection_get_state (self->connection);
}

/**
 * tea_client_get_name:
 * @self: a client
 *
 * Tells what the user is called.
 *
 * Returns: (nullable): what its user is, or wants to be, called in the room
 */
const char *
tea_client_get_name (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_name (self->connection);
}

/**
 * tea_client_get_address:
 * @self: a client
 *
 * Tells where the room is.
 *
 * Returns: (transfer none) (nullable): where the room is
 */
GNetworkAddress *
tea_client_get_address (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_address (self->connection);
}

/**
 * tea_client_get_reason:
 * @self: a client
 *
 * Tells why the server ended it.
 *
 * Returns: (nullable): in the state %TEA_CLIENT_ENDED, the server's words about why,
 *   where it gave any
 */
const char *
tea_client_get_reason (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_reason (self->connection);
}

/**
 * tea_client_get_next_try:
 * @self: a client
 *
 * Tells when the client will try to get back in.
 *
 * Returns: when the client will try to get back in, on the clock of
 *   [func@GLib.get_monotonic_time], in µs; 0 when no try is planned
 */
gint64
tea_client_get_next_try (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return tea_connection_get_next_try (self->connection);
}

/**
 * tea_client_get_timeline:
 * @self: a client
 *
 * Gives what happened in the room, as lines to be shown.
 *
 * Returns: (transfer none): what happened in the room
 */
TeaTimeline *
tea_client_get_timeline (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_conversation_get_timeline (self->hall);
}

/**
 * tea_client_get_members:
 * @self: a client
 *
 * Tells who is in the room.
 *
 * Returns: (transfer none): who is in the room, as far as the client knows, a list of
 *   [class@Tea.Member] in no particular order
 */
GListModel *
tea_client_get_members (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_conversation_get_members (self->hall);
}

/**
 * tea_client_get_members_known:
 * @self: a client
 *
 * Tells whether [method@Tea.Client.get_members] is what the server told. Shortly after
 * entering, and while the server does not answer, it is only what was heard of; so it
 * always is with servers of the classic protocol that cannot be asked.
 *
 * Returns: whether everybody who is in the room is known
 */
gboolean
tea_client_get_members_known (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), FALSE);

  return tea_conversation_get_members_known (self->hall);
}

/**
 * tea_client_get_server_key:
 * @self: a client
 *
 * Tells whose key the server has.
 *
 * Returns: (nullable): the fingerprint of the server's key; %NULL in classic rooms, and
 *   before it is known
 */
const char *
tea_client_get_server_key (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_server_key (self->connection);
}

/**
 * tea_client_get_room_name:
 * @self: a client
 *
 * Tells what the room is called.
 *
 * Returns: (nullable): the room's name, where it has one
 */
const char *
tea_client_get_room_name (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_room_name (self->connection);
}

/**
 * tea_client_get_suggestion:
 * @self: a client that was refused with %TEA_ERROR_NAME_TAKEN
 *
 * Tells a name that is free.
 *
 * Returns: (nullable): the name that the server suggests
 */
const char *
tea_client_get_suggestion (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), NULL);

  return tea_connection_get_suggestion (self->connection);
}

/**
 * tea_client_get_n_unsent:
 * @self: a client
 *
 * Counts what its user has said that is not known to be delivered.
 *
 * Returns: how many messages wait or are on their way; those that failed do not count
 */
guint
tea_client_get_n_unsent (TeaClient *self)
{
  g_return_val_if_fail (TEA_IS_CLIENT (self), 0);

  return tea_conversation_get_n_unsent (self->hall);
}
