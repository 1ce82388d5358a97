/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-service.h"

#include <glib/gstdio.h>

#include "tea-control-interface.h"
#include "tea-control-socket.h"

/**
 * TeaControlService:
 *
 * Serves a control to programs of the same user, or of root, over a socket in the folder of the
 * server: D-Bus without a bus.
 */
struct _TeaControlService
{
  GObject parent_instance;

  TeaControl *control;    /* (owned) */
  GDBusServer *server;    /* (owned) (nullable): until it is stopped */
  char *path;             /* (owned): of the socket */
  GPtrArray *connections; /* (element-type GDBusConnection) */
};

G_DEFINE_FINAL_TYPE (TeaControlService, tea_control_service, G_TYPE_OBJECT)

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = tea_control_call_finish (TEA_CONTROL (object), result, &error);
  if (answer != NULL)
    g_dbus_method_invocation_return_value (invocation, answer);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static void
method_call_cb (GDBusConnection *connection,
                const char *sender,
                const char *object_path,
                const char *interface_name,
                const char *method,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  TeaControlService *self = TEA_CONTROL_SERVICE (user_data);

  GDBusMessage *message = g_dbus_method_invocation_get_message (invocation);

  if (!g_str_has_prefix (method, "Get") && !g_str_has_prefix (method, "List"))
    g_message ("An operator asks for %s", method);
  tea_control_call_async (self->control, method, parameters,
                          g_dbus_message_get_unix_fd_list (message), called_cb, invocation);
}

static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };

static void
closed_cb (TeaControlService *self,
           gboolean remote_peer_vanished,
           GError *error,
           GDBusConnection *connection)
{
  g_assert (TEA_IS_CONTROL_SERVICE (self));

  g_ptr_array_remove (self->connections, connection);
}

static gboolean
new_connection_cb (TeaControlService *self, GDBusConnection *connection)
{
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_CONTROL_SERVICE (self));

  if (g_dbus_connection_register_object (connection, TEA_CONTROL_OBJECT_PATH,
                                         (GDBusInterfaceInfo *) &tea_control_interface, &vtable,
                                         self, NULL, &error)
      == 0)
    {
      g_warning ("Nobody can control the server: %s", error->message);
      return FALSE;
    }

  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->connections, g_object_ref (connection));

  return TRUE;
}

static void
tea_control_service_dispose (GObject *object)
{
  tea_control_service_stop (TEA_CONTROL_SERVICE (object));

  G_OBJECT_CLASS (tea_control_service_parent_class)->dispose (object);
}

static void
tea_control_service_finalize (GObject *object)
{
  TeaControlService *self = TEA_CONTROL_SERVICE (object);

  g_ptr_array_unref (self->connections);
  g_clear_object (&self->control);
  g_free (self->path);

  G_OBJECT_CLASS (tea_control_service_parent_class)->finalize (object);
}

static void
tea_control_service_class_init (TeaControlServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_control_service_dispose;
  object_class->finalize = tea_control_service_finalize;
}

static void
tea_control_service_init (TeaControlService *self)
{
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tea_control_service_new:
 * @control: what can be asked for
 * @data_dir: the folder of a server that nobody else uses
 * @error: return location for a #GError
 *
 * Serves a control from now on.
 *
 * Returns: (transfer full) (nullable): the service; %NULL where there can be no socket
 */
TeaControlService *
tea_control_service_new (TeaControl *control, const char *data_dir, GError **error)
{
  g_autoptr (TeaControlService) self = NULL;
  g_autoptr (GDBusAuthObserver) observer = NULL;
  g_autofree char *address = NULL;
  g_autofree char *guid = NULL;

  g_return_val_if_fail (TEA_IS_CONTROL (control), NULL);
  g_return_val_if_fail (data_dir != NULL, NULL);

  self = g_object_new (TEA_TYPE_CONTROL_SERVICE, NULL);
  self->control = g_object_ref (control);
  self->path = tea_control_socket_dup_path (data_dir);

  /* One that a server left behind which was killed: the folder is ours now. */
  g_unlink (self->path);
  address = tea_control_socket_dup_address (data_dir);
  observer = tea_control_socket_make_observer ();
  guid = g_dbus_generate_guid ();
  self->server
      = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_NONE, guid, observer, NULL, error);
  if (self->server == NULL)
    return NULL;

  g_signal_connect_object (self->server, "new-connection", G_CALLBACK (new_connection_cb), self,
                           G_CONNECT_SWAPPED);
  g_dbus_server_start (self->server);

  return g_steal_pointer (&self);
}

/**
 * tea_control_service_stop:
 * @self: a service
 *
 * Ends the service, and all connections with it. Does nothing where it is stopped.
 */
void
tea_control_service_stop (TeaControlService *self)
{
  g_return_if_fail (TEA_IS_CONTROL_SERVICE (self));

  if (self->server == NULL)
    return;

  g_dbus_server_stop (self->server);
  g_clear_object (&self->server);
  g_unlink (self->path);

  /* They take themselves out. */
  while (self->connections->len > 0)
    {
      g_autoptr (GDBusConnection) connection = g_ptr_array_steal_index (self->connections, 0);

      /* Whoever has asked for the end has the answer. */
      g_signal_handlers_disconnect_by_data (connection, self);
      g_dbus_connection_flush_sync (connection, NULL, NULL);
      g_dbus_connection_close (connection, NULL, NULL, NULL);
    }
}
