/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-transfer.h"

#include <sys/stat.h>

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "tea-control-lookup.h"
#include "tea-error.h"

#define TEA_TYPE_CONTROL_TRANSFER (tea_control_transfer_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlTransfer, tea_control_transfer, TEA, CONTROL_TRANSFER, GObject)

/* Takes what was said in a room to another house, or from there, and has the index of words made
 * anew. */
struct _TeaControlTransfer
{
  GObject parent_instance;

  TeaHouse *house; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaControlTransfer, tea_control_transfer, G_TYPE_OBJECT)

/* A room on its way. */
typedef struct
{
  TeaControlTransfer *group; /* (owned) */
  gboolean is_import;
  int fd;      /* (owned): where it goes, or comes from */
  TeaLog *log; /* (owned) (nullable) */
} Transfer;

static void
transfer_free (gpointer data)
{
  Transfer *transfer = data;

  g_clear_object (&transfer->log);
  g_object_unref (transfer->group);
  g_close (transfer->fd, NULL);
  g_free (transfer);
}

static void
answer (GTask *task, gboolean is_done, GError *error)
{
  if (is_done)
    tea_control_answer (task, g_variant_new ("()"));
  else
    tea_control_refuse (task, error);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gboolean is_done = tea_log_export_finish (TEA_LOG (object), result, &error);

  answer (user_data, is_done, error);
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gboolean is_done = tea_log_import_finish (TEA_LOG (object), result, &error);

  answer (user_data, is_done, error);
}

static void
log_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  GError *error = NULL;

  transfer->log = tea_store_open_log_finish (TEA_STORE (object), result, &error);
  if (transfer->log == NULL)
    {
      tea_control_refuse (task, error);
    }
  else if (transfer->is_import)
    {
      g_autoptr (GInputStream) stream = g_unix_input_stream_new (transfer->fd, FALSE);

      tea_log_import_async (transfer->log, stream, NULL, imported_cb, task);
    }
  else
    {
      g_autoptr (GOutputStream) stream = g_unix_output_stream_new (transfer->fd, FALSE);

      tea_log_export_async (transfer->log, stream, NULL, exported_cb, task);
    }
}

static void
room_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Transfer *transfer = g_task_get_task_data (task);
  TeaHouse *house = TEA_HOUSE (object);
  g_autoptr (TeaRoom) room = NULL;
  GError *error = NULL;

  room = tea_control_lookup_room_finish (house, result, &error);
  if (room != NULL && transfer->is_import && tea_room_is_hall (room))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REFUSED,
                         _ ("The hall takes nothing over while people are in it."));
  else if (room != NULL && transfer->is_import
           && tea_room_reader_get_head (tea_room_get_reader (room)) > 0)
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REFUSED,
                         _ ("Something was said in that room already. Make another one."));
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  /* What is known of it is read anew afterwards. */
  if (transfer->is_import)
    tea_house_drop (house, room);
  tea_store_open_log_async (tea_house_get_store (house), tea_room_get_info (room)->number, NULL,
                            log_opened_cb, task);
}

/* Nobody is to wait for a pipe. */
static gboolean
is_file (int fd)
{
  struct stat facts;

  return fstat (fd, &facts) == 0 && S_ISREG (facts.st_mode);
}

static void
begin (TeaControlTransfer *self,
       gboolean is_import,
       GVariant *parameters,
       GUnixFDList *fds,
       GTask *task)
{
  Transfer *transfer = NULL;
  const char *room = NULL;
  GError *error = NULL;
  gint32 index = 0;
  int fd = -1;

  g_variant_get (parameters, "(&sh)", &room, &index);
  if (fds != NULL && index >= 0 && index < g_unix_fd_list_get_length (fds))
    fd = g_unix_fd_list_get (fds, index, &error);
  if (error == NULL && (fd < 0 || !is_file (fd)))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("That is no file."));
  if (error != NULL)
    {
      if (fd >= 0)
        g_close (fd, NULL);
      tea_control_refuse (task, error);
      return;
    }

  transfer = g_new0 (Transfer, 1);
  transfer->group = g_object_ref (self);
  transfer->is_import = is_import;
  transfer->fd = fd;
  g_task_set_task_data (task, transfer, transfer_free);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
export_room (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  begin (TEA_CONTROL_TRANSFER (group), FALSE, parameters, fds, task);
}

static void
import_room (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  begin (TEA_CONTROL_TRANSFER (group), TRUE, parameters, fds, task);
}

static void
reindexed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gboolean is_done = tea_store_reindex_finish (TEA_STORE (object), result, &error);

  answer (user_data, is_done, error);
}

static void
reindex (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  tea_store_reindex_async (tea_house_get_store (TEA_CONTROL_TRANSFER (group)->house), reindexed_cb,
                           task);
}

static const TeaControlVerb verbs[] = {
  { "ExportRoom", export_room },
  { "ImportRoom", import_room },
  { "Reindex", reindex },
  { NULL, NULL },
};

static void
tea_control_transfer_finalize (GObject *object)
{
  g_clear_object (&TEA_CONTROL_TRANSFER (object)->house);

  G_OBJECT_CLASS (tea_control_transfer_parent_class)->finalize (object);
}

static void
tea_control_transfer_class_init (TeaControlTransferClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_transfer_finalize;
}

static void
tea_control_transfer_init (TeaControlTransfer *self)
{
}

/**
 * tea_control_transfer_add:
 * @control: a control
 * @house: a house that is open
 *
 * Lets an operator take a room to another house, and have the index of words made anew.
 */
void
tea_control_transfer_add (TeaControl *control, TeaHouse *house)
{
  TeaControlTransfer *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_HOUSE (house));

  self = g_object_new (TEA_TYPE_CONTROL_TRANSFER, NULL);
  self->house = g_object_ref (house);
  tea_control_add (control, self, verbs);
}
