/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-backup.h"

#include <errno.h>
#include <unistd.h>

#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "tea-error.h"

/* A copy that is not handed over yet. */
#define FILE_NAME "room.db.copy"

#define TEA_TYPE_CONTROL_BACKUP (tea_control_backup_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlBackup, tea_control_backup, TEA, CONTROL_BACKUP, GObject)

/* Copies the database while it is in use. The server may write nowhere but in its own folder, and
 * whoever asks may be another user: so the copy is made there, and then written into a file that
 * they have opened. */
struct _TeaControlBackup
{
  GObject parent_instance;

  TeaStore *store; /* (owned) */
  char *path;      /* (owned): of the copy */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (TeaControlBackup, tea_control_backup, G_TYPE_OBJECT)

/* A copy on its way. */
typedef struct
{
  TeaControlBackup *group; /* (owned) */
  int fd;                  /* (owned): where it goes */
} Copy;

static void
copy_free (Copy *copy)
{
  copy->group->is_busy = FALSE;
  g_object_unref (copy->group);
  g_close (copy->fd, NULL);
  g_free (copy);
}

static gboolean
write_to_fd (const char *path, int fd, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) input = g_file_read (file, NULL, error);
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (fd, FALSE);

  if (input == NULL
      || g_output_stream_splice (output, G_INPUT_STREAM (input), G_OUTPUT_STREAM_SPLICE_NONE, NULL,
                                 error)
             < 0)
    return FALSE;

  if (fsync (fd) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _ ("The copy could not be written: %s"), g_strerror (code));
      return FALSE;
    }

  return TRUE;
}

static void
hand_over (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Copy *copy = task_data;
  GError *error = NULL;

  if (write_to_fd (copy->group->path, copy->fd, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  g_unlink (copy->group->path);
}

static void
handed_over_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    tea_control_answer (task, g_variant_new ("()"));
  else
    tea_control_refuse (task, error);
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Copy *copy = g_task_get_task_data (user_data);
  g_autoptr (GTask) thread = NULL;
  GError *error = NULL;

  if (!tea_store_backup_finish (TEA_STORE (object), result, &error))
    {
      tea_control_refuse (user_data, error);
      return;
    }

  /* The task that waits keeps the copy. */
  thread = g_task_new (NULL, NULL, handed_over_cb, user_data);
  g_task_set_source_tag (thread, copied_cb);
  g_task_set_task_data (thread, copy, NULL);
  g_task_run_in_thread (thread, hand_over);
}

static void
back_up (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlBackup *self = TEA_CONTROL_BACKUP (group);
  GError *error = NULL;
  gint32 index = 0;
  Copy *copy;
  int fd;

  g_variant_get (parameters, "(h)", &index);
  if (self->is_busy)
    {
      g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_TRY_LATER,
                           _ ("A copy is being made already. Wait until it is there."));
      tea_control_refuse (task, error);
      return;
    }

  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    {
      g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("There is no file to write to."));
      tea_control_refuse (task, error);
      return;
    }

  fd = g_unix_fd_list_get (fds, index, &error);
  if (fd < 0)
    {
      tea_control_refuse (task, error);
      return;
    }

  self->is_busy = TRUE;
  copy = g_new (Copy, 1);
  copy->group = g_object_ref (self);
  copy->fd = fd;
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  tea_store_backup_async (self->store, self->path, NULL, copied_cb, task);
}

static const TeaControlVerb verbs[] = {
  { "Backup", back_up },
  { NULL, NULL },
};

static void
tea_control_backup_finalize (GObject *object)
{
  TeaControlBackup *self = TEA_CONTROL_BACKUP (object);

  g_clear_object (&self->store);
  g_free (self->path);

  G_OBJECT_CLASS (tea_control_backup_parent_class)->finalize (object);
}

static void
tea_control_backup_class_init (TeaControlBackupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_backup_finalize;
}

static void
tea_control_backup_init (TeaControlBackup *self)
{
}

/**
 * tea_control_backup_add:
 * @control: a control
 * @store: what a house keeps
 * @data_dir: the folder of the server
 *
 * Lets an operator copy all that is kept.
 */
void
tea_control_backup_add (TeaControl *control, TeaStore *store, const char *data_dir)
{
  TeaControlBackup *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_STORE (store));
  g_return_if_fail (data_dir != NULL);

  self = g_object_new (TEA_TYPE_CONTROL_BACKUP, NULL);
  self->store = g_object_ref (store);
  self->path = g_build_filename (data_dir, FILE_NAME, NULL);
  /* What a server left behind that was killed in the midst of it. */
  g_unlink (self->path);
  tea_control_add (control, self, verbs);
}
