/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-socket.h"

#include <unistd.h>

#define FILE_NAME "control"

/* D-Bus has other ways to prove who one is, which prove nothing here. */
static gboolean
allow_mechanism_cb (GDBusAuthObserver *observer, const char *mechanism, gpointer user_data)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

/* Called in a thread of GDBus. */
static gboolean
authorize_cb (GDBusAuthObserver *observer,
              GIOStream *stream,
              GCredentials *credentials,
              gpointer user_data)
{
  uid_t uid;

  if (credentials == NULL)
    return FALSE;

  uid = g_credentials_get_unix_user (credentials, NULL);

  return uid == 0 || uid == geteuid ();
}

/**
 * tea_control_socket_dup_path: (skip)
 * @data_dir: the folder of a server
 *
 * Returns: (transfer full): the file under which the server can be reached
 */
char *
tea_control_socket_dup_path (const char *data_dir)
{
  g_return_val_if_fail (data_dir != NULL, NULL);

  return g_build_filename (data_dir, FILE_NAME, NULL);
}

/**
 * tea_control_socket_dup_address: (skip)
 * @data_dir: the folder of a server
 *
 * Returns: (transfer full): the address, for GDBus, under which the server can be reached
 */
char *
tea_control_socket_dup_address (const char *data_dir)
{
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (data_dir != NULL, NULL);

  path = tea_control_socket_dup_path (data_dir);
  escaped = g_dbus_address_escape_value (path);

  return g_strconcat ("unix:path=", escaped, NULL);
}

/**
 * tea_control_socket_make_observer: (skip)
 *
 * Returns: (transfer full): what lets in the user whom this process runs as, and root, as the
 *   kernel knows them, and nobody else
 */
GDBusAuthObserver *
tea_control_socket_make_observer (void)
{
  GDBusAuthObserver *observer = g_dbus_auth_observer_new ();

  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (allow_mechanism_cb), NULL);
  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (authorize_cb), NULL);

  return observer;
}
