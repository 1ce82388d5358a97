/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-server.h"

#include <errno.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "tea-classic-service.h"
#include "tea-control-backup.h"
#include "tea-control-erase.h"
#include "tea-control-life.h"
#include "tea-control-log.h"
#include "tea-control-names.h"
#include "tea-control-order.h"
#include "tea-control-report.h"
#include "tea-control-rooms.h"
#include "tea-control-settings.h"
#include "tea-control-transfer.h"
#include "tea-drop-reporter.h"
#include "tea-dtls-listener.h"
#include "tea-endpoint.h"
#include "tea-error.h"
#include "tea-house.h"
#include "tea-inet-address.h"
#include "tea-secure-service.h"
#include "tea-session-log.h"
#include "tea-sqlite-store.h"
#include "tea-ticket-key.h"

/**
 * TeaServer:
 *
 * A server: the same object in `teahoused` and in the desktop program
 * when it hosts. It lives in the thread-default main context of where it is started.
 */
struct _TeaServer
{
  GObject parent_instance;

  TeaServerConfig *config; /* (owned) */
  TeaServerConfigFunc read_config;
  gpointer config_data; /* for read_config */

  /* while it is started */
  TeaClock *clock;            /* (owned) (nullable) */
  TeaPassword *password;      /* (owned) (nullable) */
  TeaIdentity *identity;      /* (owned) (nullable) */
  TeaTicketKey *ticket_key;   /* (owned) (nullable) */
  TeaSqliteStore *store;      /* (owned) (nullable) */
  TeaHouse *house;            /* (owned) (nullable) */
  TeaEndpoint *endpoint;      /* (owned) (nullable) */
  TeaDtlsListener *listener;  /* (owned) (nullable) */
  TeaClassicService *classic; /* (owned) (nullable) */
  TeaSecureService *secure;   /* (owned) (nullable) */
  TeaControl *control;        /* (owned) (nullable) */
  TeaMetrics *metrics;        /* (owned) (nullable) */
  TeaDropReporter *reporter;  /* (owned) (nullable) */
};

enum
{
  PROP_PROBLEM = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_END,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaServer, tea_server, G_TYPE_OBJECT)

static void
store_state_changed_cb (TeaServer *self)
{
  g_assert (TEA_IS_SERVER (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

/* The first byte tells the protocols apart: what is not for DTLS is for the other. */
static void
received_cb (TeaServer *self, GInetSocketAddress *address, GBytes *datagram)
{
  g_assert (TEA_IS_SERVER (self));

  if (!tea_dtls_listener_receive (self->listener, address, datagram))
    tea_classic_service_receive (self->classic, address, datagram);
}

static TeaEndpointSort
sort (const guint8 *data, gsize size, gpointer user_data)
{
  TeaServer *self = TEA_SERVER (user_data);

  return tea_dtls_listener_sort (self->listener, data, size);
}

static void
accepted_cb (TeaServer *self, TeaPacketChannel *channel)
{
  g_assert (TEA_IS_SERVER (self));

  tea_secure_service_accept (self->secure, channel);
}

static gboolean
load_password (TeaServer *self, GError **error)
{
  if (!tea_server_config_load_password (self->config, &self->password, error))
    return FALSE;

  if (self->password == NULL)
    return TRUE;

  g_message ("The room has a password; classic clients, which cannot tell it, are not served");

  return TRUE;
}

/* What is set about the house, now and whenever it is read again. */
static void
apply_to_house (TeaServer *self)
{
  tea_store_set_retention (TEA_STORE (self->store), self->config->retain_days,
                           self->config->retain_events);
  tea_house_set_grace (self->house, self->config->grace * G_TIME_SPAN_SECOND);
  tea_house_set_name_lifetime (self->house, self->config->name_lifetime);
  tea_house_set_makers (self->house, self->config->rooms);
  tea_house_set_has_pairs (self->house, self->config->pairs);
  tea_policy_set_edit_hours (tea_house_get_policy (self->house), self->config->edit_hours);
  tea_policy_set_newcomers (tea_house_get_policy (self->house),
                            self->config->newcomers * G_TIME_SPAN_MINUTE);
  tea_house_set_operators (self->house, (const char *const *) self->config->operators);
}

/* The same about who may connect, and how much they may do. */
static void
apply_to_services (TeaServer *self)
{
  tea_classic_service_set_config (self->classic, self->config,
                                  self->password != NULL ? TEA_CLASSIC_OFF : self->config->classic);
  tea_secure_service_set_ration (self->secure, self->config->messages_per_second,
                                 self->config->bytes_per_second);
  tea_dtls_listener_set_max_sessions (self->listener, self->config->max_clients);
  tea_dtls_listener_set_rate (self->listener, self->config->handshakes_per_second);
  tea_presence_set_max (tea_house_get_presence (self->house), self->config->max_people);
  tea_session_log_set_full_addresses (self->config->logs_full_addresses);
}

/* Everything that is read from files, and the house that they make. */
static gboolean
load (TeaServer *self, GError **error)
{
  g_autofree char *directory = tea_server_config_dup_data_dir (self->config);
  g_autofree char *identity = g_build_filename (directory, "identity.pem", NULL);
  g_autofree char *ticket_key = g_build_filename (directory, "ticket.key", NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _ ("Could not make the folder %s: %s"), directory, g_strerror (code));
      return FALSE;
    }

  if (!load_password (self, error))
    return FALSE;

  /* The store first: where it is in use, nothing else is touched. */
  self->clock = tea_clock_new ();
  self->store = tea_sqlite_store_open (directory, self->clock, error);
  if (self->store == NULL)
    return FALSE;

  g_signal_connect_object (self->store, "state-changed", G_CALLBACK (store_state_changed_cb), self,
                           G_CONNECT_SWAPPED);

  self->identity = tea_identity_load_or_create (identity, error);
  if (self->identity == NULL)
    return FALSE;

  self->ticket_key = tea_ticket_key_load_or_create (ticket_key, self->identity, self->clock, error);
  if (self->ticket_key == NULL)
    return FALSE;

  self->house = tea_house_new (TEA_STORE (self->store), self->clock);
  tea_house_set_key (self->house, tea_identity_get_fingerprint (self->identity));
  apply_to_house (self);

  return TRUE;
}

static gboolean
listen_as_set (TeaServer *self, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (self->config->address == NULL)
    {
      self->endpoint = tea_endpoint_new_any (self->config->port, error);
      return self->endpoint != NULL;
    }

  address = g_inet_socket_address_new_from_string (self->config->address, self->config->port);

  /* The link that it named is not there any more. */
  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "Could not listen on %s: There is no such address", self->config->address);
      return FALSE;
    }

  self->endpoint = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), error);

  return self->endpoint != NULL;
}

static gboolean
open_endpoint (TeaServer *self, int fd, GError **error)
{
  if (fd >= 0)
    self->endpoint = tea_endpoint_new_from_fd (fd, error);
  else
    listen_as_set (self, error);

  if (self->endpoint == NULL)
    return FALSE;

  self->classic = tea_classic_service_new (tea_house_get_hall (self->house), self->endpoint,
                                           self->clock, self->config);
  self->secure = tea_secure_service_new (self->house, self->clock, self->password);
  self->listener
      = tea_dtls_listener_new (self->endpoint, self->identity, self->ticket_key, self->clock);
  apply_to_services (self);

  tea_secure_service_set_drops (self->secure, tea_endpoint_get_drops (self->endpoint));
  self->reporter = tea_drop_reporter_new (tea_endpoint_get_drops (self->endpoint), self->clock);

  tea_endpoint_set_sort_func (self->endpoint, sort, self);
  g_signal_connect_object (self->listener, "accepted", G_CALLBACK (accepted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->endpoint, "received", G_CALLBACK (received_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->endpoint, "unreachable",
                           G_CALLBACK (tea_classic_service_unreachable), self->classic,
                           G_CONNECT_SWAPPED);

  return TRUE;
}

static void
end_cb (gpointer user_data)
{
  g_signal_emit (TEA_SERVER (user_data), signals[SIGNAL_END], 0);
}

static gboolean
reload_cb (char ***changed, char ***waiting, gpointer user_data, GError **error)
{
  return tea_server_reload (TEA_SERVER (user_data), changed, waiting, error);
}

static void
make_control (TeaServer *self)
{
  g_autofree char *address
      = tea_inet_address_to_string (tea_endpoint_get_local_address (self->endpoint));
  g_autofree char *data_dir = tea_server_config_dup_data_dir (self->config);
  const TeaControlSources sources
      = { self->house, self->secure, self->classic, self->clock, address };

  self->control = tea_control_new ();
  tea_control_report_add (self->control, &sources);
  tea_control_order_add (self->control, self->house);
  tea_control_erase_add (self->control, self->house, self->secure);
  tea_control_rooms_add (self->control, self->house);
  tea_control_transfer_add (self->control, self->house);
  tea_control_log_add (self->control, TEA_STORE (self->store));
  tea_control_names_add (self->control, self->house);
  tea_control_life_add (self->control, self->house, self->clock, end_cb, self);
  tea_control_settings_add (self->control, self->config, tea_endpoint_get_drops (self->endpoint),
                            reload_cb, self);
  tea_control_backup_add (self->control, TEA_STORE (self->store), data_dir);
}

static void
make_metrics (TeaServer *self)
{
  g_autofree char *data_dir = tea_server_config_dup_data_dir (self->config);
  const TeaMetricsSources sources = { self->house,   self->endpoint, self->listener, self->secure,
                                      self->classic, self->clock,    data_dir };

  self->metrics = tea_metrics_new (&sources);
}

/* Whoever is told goodbye is told before the store is closed; what they have said is
 * stored, and they find that out when they come back. */
static void
stop (TeaServer *self, TeaBye code)
{
  if (self->endpoint != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->endpoint, self);
      tea_endpoint_set_sort_func (self->endpoint, NULL, NULL);
      tea_secure_service_say_goodbye (self->secure, code);
      tea_classic_service_say_goodbye (self->classic);
      tea_endpoint_flush (self->endpoint);
    }

  if (self->house != NULL)
    tea_house_close (self->house);
  if (self->store != NULL)
    tea_sqlite_store_close (self->store);
  if (self->endpoint != NULL)
    tea_endpoint_close (self->endpoint);

  g_clear_object (&self->control);
  g_clear_object (&self->metrics);
  g_clear_object (&self->reporter);
  g_clear_object (&self->secure);
  g_clear_object (&self->classic);
  g_clear_object (&self->listener);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->house);
  g_clear_object (&self->store);
  g_clear_object (&self->identity);
  g_clear_object (&self->ticket_key);
  g_clear_object (&self->password);
  g_clear_object (&self->clock);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaServer *self = g_task_get_source_object (task);
  int fd = GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;

  if (tea_house_open_finish (TEA_HOUSE (object), result, &error)
      && open_endpoint (self, fd, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  stop (self, TEA_BYE_RESTART);
  g_task_return_error (task, error);
}

static void
tea_server_dispose (GObject *object)
{
  TeaServer *self = TEA_SERVER (object);

  stop (self, TEA_BYE_RESTART);
  g_clear_pointer (&self->config, tea_server_config_free);

  G_OBJECT_CLASS (tea_server_parent_class)->dispose (object);
}

static void
tea_server_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  TeaServer *self = TEA_SERVER (object);

  switch (property_id)
    {
    case PROP_PROBLEM:
      g_value_take_string (value, tea_server_dup_problem (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tea_server_class_init (TeaServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_server_dispose;
  object_class->get_property = tea_server_get_property;

  /**
   * TeaServer:problem:
   *
   * What is wrong with what the server keeps: a sentence for the operator.
   */
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * TeaServer::end:
   * @self: the server
   *
   * Whoever runs the server has asked for it to end: its program is to stop it.
   */
  signals[SIGNAL_END] = g_signal_new ("end", TEA_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 0);
}

static void
tea_server_init (TeaServer *self)
{
}

/**
 * tea_server_new:
 * @config: (transfer full): what the operator has set
 *
 * Returns: (transfer full): a server that is not started
 */
TeaServer *
tea_server_new (TeaServerConfig *config)
{
  TeaServer *self;

  g_return_val_if_fail (config != NULL, NULL);

  self = g_object_new (TEA_TYPE_SERVER, NULL);
  self->config = config;

  return self;
}

/**
 * tea_server_start_async:
 * @self: a server that is not started
 * @fd: (transfer full): a UDP socket that is bound, to use whatever address and port are
 *   set to; -1 to open one
 * @cancellable: (nullable): to give up with
 * @callback: what to call when the room is open, or cannot be
 * @user_data: for @callback
 *
 * Opens the room as it was left, in the thread-default main context.
 */
void
tea_server_start_async (TeaServer *self,
                        int fd,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (TEA_IS_SERVER (self));
  g_return_if_fail (self->clock == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_server_start_async);
  g_task_set_task_data (task, GINT_TO_POINTER (fd), NULL);

  if (load (self, &error))
    {
      tea_house_open_async (self->house, cancellable, opened_cb, g_steal_pointer (&task));
      return;
    }

  stop (self, TEA_BYE_RESTART);
  g_task_return_error (task, error);
}

/**
 * tea_server_start_finish:
 * @self: a server
 * @result: what the callback got
 * @error: return location for a #GError
 *
 * Returns: whether the room is open; if not, @error tells why, in words for whoever has
 *   started it
 */
gboolean
tea_server_start_finish (TeaServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **started = user_data;

  *started = g_object_ref (result);
}

static gboolean
start_and_wait (TeaServer *self, int fd, GError **error)
{
  g_autoptr (GAsyncResult) started = NULL;

  tea_server_start_async (self, fd, NULL, started_cb, &started);
  while (started == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);

  return tea_server_start_finish (self, started, error);
}

/**
 * tea_server_start:
 * @self: a server that is not started
 * @error: return location for a #GError
 *
 * Does what tea_server_start_async() does and waits for it: for programs whose main loop
 * does not run yet.
 *
 * Returns: whether the room is open; if not, @error tells why
 */
gboolean
tea_server_start (TeaServer *self, GError **error)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->clock == NULL, FALSE);

  return start_and_wait (self, -1, error);
}

/**
 * tea_server_start_from_fd:
 * @self: a server that is not started
 * @fd: (transfer full): a UDP socket that is bound
 * @error: return location for a #GError
 *
 * Does what tea_server_start() does, at a socket that was handed over, whatever address
 * and port are set to.
 *
 * Returns: whether the room is open; if not, @error tells why
 */
gboolean
tea_server_start_from_fd (TeaServer *self, int fd, GError **error)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->clock == NULL, FALSE);
  g_return_val_if_fail (fd >= 0, FALSE);

  return start_and_wait (self, fd, error);
}

/**
 * tea_server_set_config_func:
 * @self: a server
 * @read_config: what reads the settings again
 * @user_data: for @read_config
 *
 * Tells where settings come from.
 */
void
tea_server_set_config_func (TeaServer *self, TeaServerConfigFunc read_config, gpointer user_data)
{
  g_return_if_fail (TEA_IS_SERVER (self));

  self->read_config = read_config;
  self->config_data = user_data;
}

/**
 * tea_server_reload:
 * @self: a server that is started, and knows where its settings come from
 * @changed: (out) (optional) (array zero-terminated=1): the names of settings that are changed
 * @waiting: (out) (optional) (array zero-terminated=1): the names of those that differ and will
 *   hold after a restart only
 * @error: return location for a #GError
 *
 * Reads the settings again, and the password, and changes what can be changed while people are
 * here. This blocks for as long as it takes to read a file. What was done is in the log.
 *
 * Returns: whether the settings are fit; if not, nothing is changed, and @error tells why, in
 *   words for an operator
 */
gboolean
tea_server_reload (TeaServer *self, char ***changed, char ***waiting, GError **error)
{
  g_autoptr (TeaServerConfig) config = NULL;
  g_autoptr (TeaPassword) password = NULL;
  g_auto (GStrv) taken = NULL;
  g_auto (GStrv) left = NULL;
  g_autofree char *taken_text = NULL;
  g_autofree char *left_text = NULL;

  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->endpoint != NULL, FALSE);
  g_return_val_if_fail (self->read_config != NULL, FALSE);

  config = self->read_config (self->config_data, error);
  if (config == NULL || !tea_server_config_load_password (config, &password, error))
    return FALSE;

  tea_server_config_take_over (self->config, config, &taken, &left);
  if (password == NULL || !tea_password_is_same (password, self->password))
    {
      g_set_object (&self->password, password);
      tea_secure_service_set_password (self->secure, password);
    }
  apply_to_house (self);
  apply_to_services (self);
  tea_secure_service_tell_limits (self->secure);

  taken_text = g_strjoinv (", ", taken);
  left_text = g_strjoinv (", ", left);
  g_message ("The settings are read again; changed: %s; after a restart: %s",
             *taken_text != '\0' ? taken_text : "none", *left_text != '\0' ? left_text : "none");
  if (changed != NULL)
    *changed = g_steal_pointer (&taken);
  if (waiting != NULL)
    *waiting = g_steal_pointer (&left);

  return TRUE;
}

/**
 * tea_server_stop:
 * @self: a server
 *
 * Says goodbye to everyone until the server is back, and closes the room; whoever is in
 * it has the grace time to return after the next start. All that was acknowledged is on
 * the disk when this returns. Does nothing where the room is closed.
 */
void
tea_server_stop (TeaServer *self)
{
  g_return_if_fail (TEA_IS_SERVER (self));

  stop (self, TEA_BYE_RESTART);
}

/**
 * tea_server_close:
 * @self: a server
 *
 * Does what tea_server_stop() does, but tells everyone that the room is closed, so that
 * nobody tries to come back by themselves. For whoever ends the room they host.
 */
void
tea_server_close (TeaServer *self)
{
  g_return_if_fail (TEA_IS_SERVER (self));

  stop (self, TEA_BYE_CLOSED);
}

/**
 * tea_server_is_as_set:
 * @self: a server
 * @fd: a socket that is bound, which stays the caller's
 *
 * Tells whether a socket is where the server would open one by its settings.
 *
 * Returns: whether it is
 */
gboolean
tea_server_is_as_set (TeaServer *self, int fd)
{
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GInetAddress) wanted = NULL;
  GInetAddress *inet;

  g_return_val_if_fail (TEA_IS_SERVER (self), FALSE);

  if (getsockname (fd, (struct sockaddr *) &name, &size) == 0)
    bound = g_socket_address_new_from_native (&name, size);
  if (!G_IS_INET_SOCKET_ADDRESS (bound))
    return FALSE;

  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (bound));
  if (self->config->address != NULL)
    wanted = g_inet_address_new_from_string (self->config->address);

  return (self->config->port == 0
          || self->config->port == g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)))
         && (self->config->address == NULL ? g_inet_address_get_is_any (inet)
                                           : wanted != NULL && g_inet_address_equal (inet, wanted));
}

/**
 * tea_server_get_fd:
 * @self: a server
 *
 * Returns: its socket, which stays its own; -1 where it is not started
 */
int
tea_server_get_fd (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), -1);

  return self->endpoint != NULL ? tea_endpoint_get_fd (self->endpoint) : -1;
}

/**
 * tea_server_get_address:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): where it listens, with the port it was given;
 *   %NULL when it is not started
 */
GInetSocketAddress *
tea_server_get_address (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), NULL);

  return self->endpoint != NULL ? tea_endpoint_get_local_address (self->endpoint) : NULL;
}

/**
 * tea_server_get_control:
 * @self: a server
 *
 * Makes it when it is asked for the first time: a room that is hosted by a window has none.
 *
 * Returns: (transfer none) (nullable): what whoever runs it can ask of it; %NULL when it is not
 *   started
 */
TeaControl *
tea_server_get_control (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), NULL);

  if (self->control == NULL && self->endpoint != NULL)
    make_control (self);

  return self->control;
}

/**
 * tea_server_get_metrics:
 * @self: a server
 *
 * Begins to count when it is asked for the first time.
 *
 * Returns: (transfer none) (nullable): how the server is, in numbers; %NULL when it is not started
 */
TeaMetrics *
tea_server_get_metrics (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), NULL);

  if (self->metrics == NULL && self->endpoint != NULL)
    make_metrics (self);

  return self->metrics;
}

/**
 * tea_server_get_fingerprint:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): the fingerprint of its key, by which clients know
 *   it; %NULL when it is not started
 */
const char *
tea_server_get_fingerprint (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), NULL);

  return self->identity != NULL ? tea_identity_get_fingerprint (self->identity) : NULL;
}

/**
 * tea_server_dup_problem:
 * @self: a server
 *
 * Tells why nothing can be stored now, or what of the database was found to be damaged.
 *
 * Returns: (transfer full) (nullable): a translated sentence for whoever runs the server;
 *   %NULL where all is well, or it is not started
 */
char *
tea_server_dup_problem (TeaServer *self)
{
  g_return_val_if_fail (TEA_IS_SERVER (self), NULL);

  return self->store != NULL ? tea_store_dup_problem (TEA_STORE (self->store)) : NULL;
}
