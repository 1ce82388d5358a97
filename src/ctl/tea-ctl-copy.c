/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ctl-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gunixfdlist.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "tea-ctl-call.h"
#include "tea-error.h"
#include "tea-sqlite-backup.h"

/* What a house keeps, and what SQLite has beside that while it is in use. */
#define DATABASE "room.db"
#define NEW_DATABASE "room.db.restored"
#define OLD_DATABASE "room.db.replaced"

static gboolean
fail (GError **error, int code, const char *sentence, const char *path)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s: %s", sentence, path,
               g_strerror (code));

  return FALSE;
}

/* Reads all of a file, which may be called otherwise for people. */
static GVariant *
describe (const char *path, const char *shown, GError **error)
{
  TeaSqliteBackupReport report = { 0 };
  GVariantBuilder dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (g_access (path, R_OK) != 0)
    {
      fail (error, errno, _ ("Could not open the file"), path);
      return NULL;
    }

  if (!tea_sqlite_backup_check (path, &report, error))
    return NULL;

  g_variant_builder_add (&dict, "{sv}", "file", g_variant_new_string (shown));
  g_variant_builder_add (&dict, "{sv}", "rooms", g_variant_new_uint64 (report.n_rooms));
  g_variant_builder_add (&dict, "{sv}", "events", g_variant_new_uint64 (report.n_events));

  return g_variant_ref_sink (g_variant_new ("(@a{sv})", g_variant_builder_end (&dict)));
}

/**
 * tea_ctl_copy_make: (skip)
 * @data_dir: the folder of a server that is running
 * @folder: the folder for the copy, which is made where it is not there
 * @error: return location for a #GError
 *
 * Has a server copy what it keeps, and reads the copy: nobody wants to find out later that it
 * cannot be read.
 *
 * Returns: (transfer full): what it holds, a tuple; %NULL where there is no copy
 */
GVariant *
tea_ctl_copy_make (const char *data_dir, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, DATABASE, NULL);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) answer = NULL;
  GVariant *report;
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      fail (error, errno, _ ("Could not make the folder"), folder);
      return NULL;
    }

  fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      fail (error, errno, _ ("Could not make the file"), path);
      return NULL;
    }

  if (g_unix_fd_list_append (fds, fd, error) >= 0)
    answer = tea_ctl_call (data_dir, "Backup", g_variant_new ("(h)", 0), fds, error);
  g_close (fd, NULL);

  report = answer != NULL ? describe (path, path, error) : NULL;
  if (report == NULL)
    g_unlink (path);

  return report;
}

static GVariant *
transfer (const char *data_dir, const char *method, const char *room, int fd, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();

  return g_unix_fd_list_append (fds, fd, error) >= 0
             ? tea_ctl_call (data_dir, method, g_variant_new ("(sh)", room, 0), fds, error)
             : NULL;
}

/**
 * tea_ctl_copy_export_room: (skip)
 * @data_dir: the folder of a server that is running
 * @room: one of its rooms; `""` for the hall
 * @path: a file that is not there yet
 * @error: return location for a #GError
 *
 * Has a server write what was said in a room.
 *
 * Returns: (transfer full): nothing, a tuple; %NULL where it is not written, and then there is no
 *   file
 */
GVariant *
tea_ctl_copy_export_room (const char *data_dir, const char *room, const char *path, GError **error)
{
  GVariant *answer;
  int fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      fail (error, errno, _ ("Could not make the file"), path);
      return NULL;
    }

  answer = transfer (data_dir, "ExportRoom", room, fd, error);
  if (answer != NULL && fsync (fd) != 0)
    {
      fail (error, errno, _ ("Could not write the file"), path);
      g_clear_pointer (&answer, g_variant_unref);
    }
  g_close (fd, NULL);
  if (answer == NULL)
    g_unlink (path);

  return answer;
}

/**
 * tea_ctl_copy_import_room: (skip)
 * @data_dir: the folder of a server that is running
 * @room: one of its rooms, in which nothing was said
 * @path: a file that was exported
 * @error: return location for a #GError
 *
 * Has a server take over what was said in another room.
 *
 * Returns: (transfer full): nothing, a tuple; %NULL where nothing is taken over
 */
GVariant *
tea_ctl_copy_import_room (const char *data_dir, const char *room, const char *path, GError **error)
{
  GVariant *answer;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    {
      fail (error, errno, _ ("Could not open the file"), path);
      return NULL;
    }

  answer = transfer (data_dir, "ImportRoom", room, fd, error);
  g_close (fd, NULL);

  return answer;
}

/**
 * tea_ctl_copy_verify: (skip)
 * @folder: the folder of a copy
 * @error: return location for a #GError
 *
 * Reads all of a copy.
 *
 * Returns: (transfer full): what it holds, a tuple; %NULL where a server cannot use it
 */
GVariant *
tea_ctl_copy_verify (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, DATABASE, NULL);

  return describe (path, path, error);
}

/* A server that is running holds this lock. Where there never was one, nobody does. */
static gboolean
lock (const char *data_dir, const char *path, int *fd, GError **error)
{
  *fd = g_open (path, O_RDWR | O_CLOEXEC, 0);
  if (*fd < 0 && errno == ENOENT)
    return g_mkdir_with_parents (data_dir, 0700) == 0
           || fail (error, errno, _ ("Could not make the folder"), data_dir);

  if (*fd < 0)
    return fail (error, errno, _ ("Could not open the file"), path);

  if (flock (*fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  g_close (*fd, NULL);
  g_set_error (error, TEA_ERROR, TEA_ERROR_REFUSED, _ ("A server uses “%s”. Stop it first."), path);

  return FALSE;
}

/* The copy belongs to whoever the folder belongs to: root may do this for the service. */
static gboolean
copy_file (const char *from, const char *to, const char *data_dir, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFileInputStream) input = g_file_read (source, NULL, error);
  g_autoptr (GOutputStream) output = NULL;
  struct stat folder;
  int fd;

  if (input == NULL)
    return FALSE;

  g_unlink (to);
  fd = g_open (to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, errno, _ ("Could not make the file"), to);

  output = g_unix_output_stream_new (fd, TRUE);
  if (g_output_stream_splice (output, G_INPUT_STREAM (input), G_OUTPUT_STREAM_SPLICE_NONE, NULL,
                              error)
      < 0)
    return FALSE;

  if (stat (data_dir, &folder) != 0 || fsync (fd) != 0
      || (geteuid () == 0 && fchown (fd, folder.st_uid, folder.st_gid) != 0))
    return fail (error, errno, _ ("Could not write the file"), to);

  return TRUE;
}

static void
remove_beside (const char *path, const char *suffix)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);

  g_unlink (beside);
}

static gboolean
sync_folder (const char *data_dir)
{
  int fd = g_open (data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    g_close (fd, NULL);

  return is_synced;
}

/* What was there stays, under another name, with what SQLite has beside it. */
static gboolean
put_in_place (const char *data_dir, const char *path, const char *restored, GError **error)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  g_autofree char *replaced = g_build_filename (data_dir, OLD_DATABASE, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (replaced, suffixes[i], NULL);

      remove_beside (replaced, suffixes[i]);
      if (g_rename (from, to) != 0 && errno != ENOENT)
        return fail (error, errno, _ ("Could not rename the file"), from);
    }

  if (g_rename (restored, path) != 0 || !sync_folder (data_dir))
    return fail (error, errno, _ ("Could not rename the file"), restored);

  return TRUE;
}

/**
 * tea_ctl_copy_restore: (skip)
 * @data_dir: the folder of a server that is stopped
 * @folder: the folder of a copy
 * @error: return location for a #GError
 *
 * Puts a copy in the place of what a server keeps. That stays beside it, until the next copy is
 * put back.
 *
 * Returns: (transfer full): what there is now, a tuple; %NULL where that is not done
 */
GVariant *
tea_ctl_copy_restore (const char *data_dir, const char *folder, GError **error)
{
  g_autofree char *copy = g_build_filename (folder, DATABASE, NULL);
  g_autofree char *path = g_build_filename (data_dir, DATABASE, NULL);
  g_autofree char *restored = g_build_filename (data_dir, NEW_DATABASE, NULL);
  g_autoptr (GVariant) before = NULL;
  GVariant *report = NULL;
  int fd;

  if (!lock (data_dir, path, &fd, error))
    return NULL;

  /* What is written has to be whole, too. */
  before = describe (copy, copy, error);
  if (before != NULL && copy_file (copy, restored, data_dir, error))
    report = describe (restored, path, error);
  if (report != NULL && !put_in_place (data_dir, path, restored, error))
    g_clear_pointer (&report, g_variant_unref);
  if (report == NULL)
    g_unlink (restored);
  if (fd >= 0)
    g_close (fd, NULL);

  return report;
}
