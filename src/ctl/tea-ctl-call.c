/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ctl-call.h"

#include <glib/gi18n.h>

#include "tea-control-socket.h"
#include "tea-error.h"

/* What is asked of a server. */
typedef struct
{
  char *data_dir;
  char *method;
  GVariant *parameters; /* (owned) */
  GUnixFDList *fds;     /* (owned) (nullable) */
} Call;

static void
call_free (Call *call)
{
  g_free (call->data_dir);
  g_free (call->method);
  g_variant_unref (call->parameters);
  g_clear_object (&call->fds);
  g_free (call);
}

/* Why nobody answers, in words for an operator. */
static GError *
explain_silence (const GError *error, const char *data_dir)
{
  /* GDBus knows no better when the other side hangs up without having let it in. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED))
    return g_error_new (TEA_ERROR, TEA_ERROR_NOT_ALLOWED,
                        _ ("The server in %s is somebody else's. Run this as the same user, or as "
                           "root."),
                        data_dir);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_error_new (TEA_ERROR, TEA_ERROR_NO_ANSWER,
                        _ ("No server is running in %s. Start it, or name its folder: --data-dir "
                           "FOLDER."),
                        data_dir);

  return g_error_new (TEA_ERROR, TEA_ERROR_NO_ANSWER, _ ("The server in %s cannot be reached: %s"),
                      data_dir, error->message);
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GVariant *answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object),
                                                                      NULL, result, &error);

  if (answer != NULL)
    {
      g_task_return_pointer (task, answer, (GDestroyNotify) g_variant_unref);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
           || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY))
    {
      g_error_free (error);
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER, "%s",
                               _ ("The server ended before it had answered."));
    }
  else
    {
      g_dbus_error_strip_remote_error (error);
      g_task_return_error (task, error);
    }
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Call *call = g_task_get_task_data (task);
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = g_dbus_connection_new_for_address_finish (result, &error);
  if (connection == NULL)
    {
      g_task_return_error (task, explain_silence (error, call->data_dir));
      return;
    }

  g_dbus_connection_call_with_unix_fd_list (connection, NULL, TEA_CONTROL_OBJECT_PATH,
                                            TEA_CONTROL_INTERFACE, call->method, call->parameters,
                                            NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, call->fds, NULL,
                                            called_cb, g_steal_pointer (&task));
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/**
 * tea_ctl_call: (skip)
 * @data_dir: the folder of a server
 * @method: a method of the control interface
 * @parameters: of the types that it has there
 * @fds: (nullable): the files that go along
 * @error: return location for a #GError
 *
 * Asks a server for something, and waits for as long as that takes.
 *
 * Returns: (transfer full): the answer, a tuple; %NULL with @error, in words for an operator:
 *   %TEA_ERROR_NO_ANSWER where there is no server, %TEA_ERROR_NOT_ALLOWED where it is not ours
 */
GVariant *
tea_ctl_call (const char *data_dir,
              const char *method,
              GVariant *parameters,
              GUnixFDList *fds,
              GError **error)
{
  g_autofree char *address = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GTask *task;
  Call *call;

  g_return_val_if_fail (data_dir != NULL && method != NULL && parameters != NULL, NULL);

  call = g_new0 (Call, 1);
  call->data_dir = g_strdup (data_dir);
  call->method = g_strdup (method);
  call->parameters = g_variant_ref_sink (parameters);
  call->fds = fds != NULL ? g_object_ref (fds) : NULL;
  task = g_task_new (NULL, NULL, answered_cb, &result);
  g_task_set_source_tag (task, tea_ctl_call);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);

  address = tea_control_socket_dup_address (data_dir);
  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                                     NULL, connected_cb, task);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_task_propagate_pointer (G_TASK (result), error);
}
