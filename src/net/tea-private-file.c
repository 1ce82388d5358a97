/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "tea-error.h"

/* Far more than a key takes. */
#define SIZE_MAX_ALLOWED (64 * 1024)

/* As many as the kernel follows. */
#define MAX_LINKS 40

static void
set_read_error (GError **error, const char *path)
{
  int saved = errno;
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved),
               _ ("“%s” could not be read: %s"), shown, g_strerror (saved));
}

static void
set_write_error (GError **error, const char *path)
{
  int saved = errno;
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved),
               _ ("“%s” could not be written: %s"), shown, g_strerror (saved));
}

static gboolean
is_private (int fd, const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  struct stat info;

  if (fstat (fd, &info) != 0)
    {
      set_read_error (error, path);
      return FALSE;
    }

  if (!S_ISREG (info.st_mode) || info.st_size > SIZE_MAX_ALLOWED)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID, _ ("“%s” is not a key."), shown);
      return FALSE;
    }

  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID,
                   _ ("Others can read “%s”, so the key in it may not be yours alone. If you are "
                      "sure that nobody has read it, run: chmod 600 '%s'. If not, delete it: a "
                      "new key is made, and others will not recognise it."),
                   shown, shown);
      return FALSE;
    }

  return TRUE;
}

/**
 * tea_private_file_resolve:
 * @path: where a file is, or is to be
 *
 * Follows symbolic links: who has made one for a file wants that written, not the link
 * replaced. What a link points to need not be there.
 *
 * Returns: (transfer full): where the file itself is
 */
char *
tea_private_file_resolve (const char *path)
{
  g_autofree char *file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_strdup (path);
  for (guint i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *target = g_file_read_link (file, NULL);
      g_autofree char *folder = NULL;
      char *next;

      if (target == NULL)
        break;

      folder = g_path_get_dirname (file);
      next = g_path_is_absolute (target) ? g_strdup (target)
                                         : g_build_filename (folder, target, NULL);
      g_free (file);
      file = next;
    }

  return g_steal_pointer (&file);
}

/**
 * tea_private_file_load:
 * @path: where the file is
 * @error: return location for a #GError
 *
 * Reads a file that is a secret of its owner's.
 *
 * Returns: (transfer full): what is in it, or %NULL with @error set: %G_FILE_ERROR_NOENT if
 *   there is none, %TEA_ERROR_KEY_INVALID if others can read it
 */
GBytes *
tea_private_file_load (const char *path, GError **error)
{
  g_autoptr (GByteArray) contents = NULL;
  guint8 buffer[4096];
  gssize size;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  /* Without waiting, should it be a pipe. */
  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0)
    {
      set_read_error (error, path);
      return NULL;
    }

  if (!is_private (fd, path, error))
    {
      close (fd);
      return NULL;
    }

  contents = g_byte_array_new ();
  while ((size = TEMP_FAILURE_RETRY (read (fd, buffer, sizeof buffer))) > 0)
    g_byte_array_append (contents, buffer, (guint) size);

  if (size < 0)
    {
      set_read_error (error, path);
      close (fd);
      return NULL;
    }

  close (fd);

  return g_byte_array_free_to_bytes (g_steal_pointer (&contents));
}

static gboolean
write_all (int fd, GBytes *contents)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (contents, &size);

  while (size > 0)
    {
      gssize written = TEMP_FAILURE_RETRY (write (fd, data, size));

      if (written < 0)
        return FALSE;
      data += written;
      size -= (gsize) written;
    }

  return fsync (fd) == 0;
}

/* Writes a new file, for the owner alone, beside one that is to be made or replaced. */
static char *
write_beside (const char *path, GBytes *contents, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  gboolean done;
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_write_error (error, path);
      return NULL;
    }

  done = write_all (fd, contents);
  if (!done)
    set_write_error (error, path);
  close (fd);
  if (!done)
    {
      g_unlink (temporary);
      return NULL;
    }

  return g_steal_pointer (&temporary);
}

/**
 * tea_private_file_create:
 * @path: where the file is to be, or a symbolic link to there; folders that are missing are
 *   made, for the owner alone
 * @contents: what is to be in it
 * @error: return location for a #GError
 *
 * Makes a file that its owner alone can read, all of it or nothing. If there is one, even
 * since a moment ago, it stays as it is.
 *
 * Returns: whether there is a file now
 */
gboolean
tea_private_file_create (const char *path, GBytes *contents, GError **error)
{
  g_autofree char *file = NULL;
  g_autofree char *temporary = NULL;
  gboolean done;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (contents != NULL, FALSE);

  file = tea_private_file_resolve (path);
  temporary = write_beside (file, contents, error);
  if (temporary == NULL)
    return FALSE;

  /* A hard link, unlike a new name, never takes another file's place. */
  done = link (temporary, file) == 0 || errno == EEXIST;
  if (!done)
    set_write_error (error, path);
  g_unlink (temporary);

  return done;
}

/**
 * tea_private_file_replace:
 * @path: where the file is, or a symbolic link to it
 * @contents: what is to be in it
 * @error: return location for a #GError
 *
 * Puts a file that its owner alone can read in the place of another, all of it or nothing.
 *
 * Returns: whether it is there
 */
gboolean
tea_private_file_replace (const char *path, GBytes *contents, GError **error)
{
  g_autofree char *file = NULL;
  g_autofree char *temporary = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (contents != NULL, FALSE);

  file = tea_private_file_resolve (path);
  temporary = write_beside (file, contents, error);
  if (temporary == NULL)
    return FALSE;

  if (g_rename (temporary, file) == 0)
    return TRUE;

  set_write_error (error, path);
  g_unlink (temporary);

  return FALSE;
}
