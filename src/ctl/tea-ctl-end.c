/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ctl-end.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "tea-ctl-call.h"

/* What a server has locked as long as it runs. */
#define DATABASE "room.db"

/* Asks for the end, and waits for it: who has stopped a server can do what needs a stopped one. */
static GVariant *
end (const char *data_dir, const char *method, GVariant *parameters, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, DATABASE, NULL);
  GVariant *answer = tea_ctl_call (data_dir, method, parameters, NULL, error);
  int fd;
  int code;

  if (answer == NULL)
    return NULL;

  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  code = fd >= 0 && flock (fd, LOCK_EX) == 0 ? 0 : errno;
  if (fd >= 0)
    g_close (fd, NULL);
  if (code == 0)
    return answer;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _ ("The server was told to end, but cannot be waited for: %s"), g_strerror (code));
  g_variant_unref (answer);

  return NULL;
}

/**
 * tea_ctl_end_now: (skip)
 * @data_dir: the folder of a server
 * @error: return location for a #GError
 *
 * Ends a server, and waits until it has ended.
 *
 * Returns: (transfer full): its answer, a tuple; %NULL where it was not told so
 */
GVariant *
tea_ctl_end_now (const char *data_dir, GError **error)
{
  return end (data_dir, "Stop", g_variant_new ("()"), error);
}

/**
 * tea_ctl_end_when_empty: (skip)
 * @data_dir: the folder of a server
 * @seconds: for how long to wait for people to go; 0 for as long as it takes
 * @error: return location for a #GError
 *
 * Has a server let nobody new in, and end when everybody has gone, and waits until it has ended.
 *
 * Returns: (transfer full): its answer, a tuple; %NULL where it was not told so
 */
GVariant *
tea_ctl_end_when_empty (const char *data_dir, guint64 seconds, GError **error)
{
  return end (data_dir, "Drain", g_variant_new ("(t)", seconds), error);
}
