/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-service-manager.h"

#include <fcntl.h>
#include <unistd.h>

#include <gio/gunixfdmessage.h>
#include <gio/gunixsocketaddress.h>

/* The first of the sockets that are handed over, as systemd defines it. */
#define FIRST_SOCKET 3

/* What the socket is called that it keeps for us. */
#define KEPT "kept"

/* How long its queue may be full, in seconds. */
#define NOTIFY_TIMEOUT 5

/**
 * TeaServiceManager:
 *
 * What started the server and looks after it, where that is systemd or speaks like it:
 * it may hand over a socket (sd_listen_fds(3)), or keep ours over a restart ("FDSTORE=1"), wants to
 * know how the server stands (sd_notify(3)), and that its main loop still turns
 * (sd_watchdog_enabled(3)). Where there is nothing of the kind, nothing here does anything.
 *
 * All of it is a few variables in the environment and lines of text in a datagram, and
 * systemd promises that they stay: less than it would take to depend on its library,
 * and to build without it.
 */
struct _TeaServiceManager
{
  GObject parent_instance;

  GSocket *socket; /* (owned) (nullable): what we tell goes there */
  int n_sockets;   /* handed over, and not taken yet */
  char **names;    /* (owned) (nullable): of these */

  guint watchdog_interval; /* ms; 0 where nobody waits for a sign of life */
  guint watchdog_source;
};

G_DEFINE_FINAL_TYPE (TeaServiceManager, tea_service_manager, G_TYPE_OBJECT)

/* Returns the number that the environment has under a name, 0 where it has none, and
 * takes it out: it is for this process alone. */
static guint64
take_number (const char *name)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (g_getenv (name) != NULL ? g_getenv (name) : "", 10, 0,
                                   G_MAXINT64, &number, NULL))
    number = 0;
  g_unsetenv (name);

  return number;
}

static void
notify (TeaServiceManager *self, const char *state)
{
  g_autoptr (GError) error = NULL;

  if (self->socket == NULL)
    return;

  if (g_socket_send (self->socket, state, strlen (state), NULL, &error) < 0)
    g_debug ("Could not tell the service manager: %s", error->message);
}

/* What cannot be kept is not; then clients notice more of a restart. */
static void
notify_with_fd (TeaServiceManager *self, const char *state, int fd)
{
  GOutputVector vector = { state, strlen (state) };
  g_autoptr (GSocketControlMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (self->socket == NULL)
    return;

  message = g_unix_fd_message_new ();
  if (!g_unix_fd_message_append_fd (G_UNIX_FD_MESSAGE (message), fd, &error)
      || g_socket_send_message (self->socket, NULL, &vector, 1, &message, 1, G_SOCKET_MSG_NONE,
                                NULL, &error)
             < 0)
    g_debug ("The service manager could not be given the socket: %s", error->message);
}

static gboolean
watchdog_cb (gpointer user_data)
{
  TeaServiceManager *self = user_data;

  g_assert (TEA_IS_SERVICE_MANAGER (self));

  notify (self, "WATCHDOG=1");

  return G_SOURCE_CONTINUE;
}

static void
connect_socket (TeaServiceManager *self)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL || (path[0] != '/' && path[0] != '@'))
    return;

  if (path[0] == '@')
    address = g_unix_socket_address_new_with_type (path + 1, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT);
  else
    address = g_unix_socket_address_new (path);

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT,
                         &error);
  if (socket == NULL || !g_socket_connect (socket, address, NULL, &error))
    {
      g_warning ("Could not reach the service manager: %s", error->message);
      return;
    }

  g_socket_set_timeout (socket, NOTIFY_TIMEOUT);
  self->socket = g_steal_pointer (&socket);
}

static void
tea_service_manager_dispose (GObject *object)
{
  TeaServiceManager *self = TEA_SERVICE_MANAGER (object);

  g_clear_handle_id (&self->watchdog_source, g_source_remove);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->names, g_strfreev);

  G_OBJECT_CLASS (tea_service_manager_parent_class)->dispose (object);
}

static void
tea_service_manager_class_init (TeaServiceManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_service_manager_dispose;
}

static void
tea_service_manager_init (TeaServiceManager *self)
{
  guint64 self_id = (guint64) getpid ();
  guint64 listen_id = take_number ("LISTEN_PID");
  guint64 n_sockets = take_number ("LISTEN_FDS");
  guint64 watchdog_id = take_number ("WATCHDOG_PID");
  guint64 watchdog_time = take_number ("WATCHDOG_USEC");

  if (listen_id == self_id)
    {
      self->n_sockets = (int) MIN (n_sockets, G_MAXINT - FIRST_SOCKET);
      self->names
          = g_strsplit (g_getenv ("LISTEN_FDNAMES") != NULL ? g_getenv ("LISTEN_FDNAMES") : "", ":",
                        -1);
    }
  g_unsetenv ("LISTEN_FDNAMES");

  /* Twice in the time in which a sign of life is due. */
  if (watchdog_time > 0 && (watchdog_id == 0 || watchdog_id == self_id))
    self->watchdog_interval = (guint) CLAMP (watchdog_time / 2 / 1000, 1, G_MAXUINT);

  connect_socket (self);
  g_unsetenv ("NOTIFY_SOCKET");
}

/**
 * tea_service_manager_new:
 *
 * Reads from the environment what the service manager offers and wants, and takes it
 * out of there. To be called early, in the main thread, and once.
 *
 * Returns: (transfer full): the service manager, if only in name
 */
TeaServiceManager *
tea_service_manager_new (void)
{
  return g_object_new (TEA_TYPE_SERVICE_MANAGER, NULL);
}

static gboolean
is_kept_socket (TeaServiceManager *self, int number)
{
  return number < (int) g_strv_length (self->names) && g_str_equal (self->names[number], KEPT);
}

/**
 * tea_service_manager_take_socket:
 * @self: a service manager
 * @fd: (out): the socket that was handed over, the caller's from now on; -1 where none was
 * @is_kept: (out): whether it is one that it was to keep, and has not opened itself
 * @error: return location for a #GError
 *
 * Takes over the socket that the service manager opened or kept. One that it opened goes before
 * the other.
 *
 * Returns: whether there is at most one, and it is open
 */
gboolean
tea_service_manager_take_socket (TeaServiceManager *self,
                                 int *fd,
                                 gboolean *is_kept,
                                 GError **error)
{
  int taken = -1;
  int n_opened = 0;

  g_return_val_if_fail (TEA_IS_SERVICE_MANAGER (self), FALSE);
  g_return_val_if_fail (fd != NULL && is_kept != NULL, FALSE);

  *fd = -1;
  *is_kept = FALSE;
  for (int i = 0; i < self->n_sockets; i++)
    {
      gboolean is_ours = is_kept_socket (self, i);

      n_opened += is_ours ? 0 : 1;
      if (taken < 0 || *is_kept)
        {
          taken = i;
          *is_kept = is_ours;
        }
    }

  if (n_opened > 1)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "The service manager passed %d sockets; the room has a place for one.",
                   n_opened);
      return FALSE;
    }

  for (int i = 0; i < self->n_sockets; i++)
    if (i != taken)
      close (FIRST_SOCKET + i);
    else if (fcntl (FIRST_SOCKET + i, F_SETFD, FD_CLOEXEC) != 0)
      {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             "The service manager says it passed a socket, but did not.");
        return FALSE;
      }

  self->n_sockets = 0;
  *fd = taken >= 0 ? FIRST_SOCKET + taken : -1;

  return TRUE;
}

/**
 * tea_service_manager_keep_socket:
 * @self: a service manager
 * @fd: a socket, which stays the caller's
 *
 * Lets it keep the socket over a restart of the server, so that what comes meanwhile waits there.
 * What went wrong on the socket is no reason for it to let it go.
 */
void
tea_service_manager_keep_socket (TeaServiceManager *self, int fd)
{
  g_return_if_fail (TEA_IS_SERVICE_MANAGER (self));
  g_return_if_fail (fd >= 0);

  notify_with_fd (self, "FDSTORE=1\nFDNAME=" KEPT "\nFDPOLL=0", fd);
}

/**
 * tea_service_manager_forget_socket:
 * @self: a service manager
 *
 * Lets it close a socket that it was to keep.
 */
void
tea_service_manager_forget_socket (TeaServiceManager *self)
{
  g_return_if_fail (TEA_IS_SERVICE_MANAGER (self));

  notify (self, "FDSTOREREMOVE=1\nFDNAME=" KEPT);
}

/**
 * tea_service_manager_notify_status:
 * @self: a service manager
 * @status: a line that says how the server stands
 *
 * Tells how the server stands now.
 */
void
tea_service_manager_notify_status (TeaServiceManager *self, const char *status)
{
  g_autofree char *state = NULL;

  g_return_if_fail (TEA_IS_SERVICE_MANAGER (self));
  g_return_if_fail (status != NULL);

  /* A line end would be the end of it. */
  state = g_strdup_printf ("STATUS=%s", status);
  g_strdelimit (state, "\n", ' ');
  notify (self, state);
}

/**
 * tea_service_manager_notify_ready:
 * @self: a service manager
 * @status: a line that says how the server stands
 *
 * Tells that the server is ready, and from now on, if that is wanted, that it lives.
 */
void
tea_service_manager_notify_ready (TeaServiceManager *self, const char *status)
{
  g_autofree char *state = NULL;

  g_return_if_fail (TEA_IS_SERVICE_MANAGER (self));
  g_return_if_fail (status != NULL);

  state = g_strdup_printf ("READY=1\nSTATUS=%s", status);
  notify (self, state);

  if (self->socket != NULL && self->watchdog_interval > 0 && self->watchdog_source == 0)
    {
      self->watchdog_source = g_timeout_add (self->watchdog_interval, watchdog_cb, self);
      watchdog_cb (self);
    }
}

/**
 * tea_service_manager_notify_stopping:
 * @self: a service manager
 *
 * Tells that the server is about to end.
 */
void
tea_service_manager_notify_stopping (TeaServiceManager *self)
{
  g_return_if_fail (TEA_IS_SERVICE_MANAGER (self));

  notify (self, "STOPPING=1");
}
