/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-operator-command.h"

#include <errno.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-room-flags.h"
#include "tea-room-ref.h"
#include "tea-sqlite-store.h"
#include "tea-text.h"

/* What a house keeps. */
#define DATABASE "room.db"

/* What an operator does with the rooms of a house while its server is stopped. */
typedef struct
{
  TeaClock *clock;       /* (owned) */
  TeaSqliteStore *store; /* (owned) (nullable) */
} Workshop;

/* What can be done with rooms. */
typedef struct
{
  const char *verb;
  guint n_words; /* how many words follow the verb */
  gboolean (*run) (Workshop *self, char **words, GError **error);
} Verb;

static void
workshop_clear (Workshop *self)
{
  if (self->store != NULL)
    tea_sqlite_store_close (self->store);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Workshop, workshop_clear)

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static TeaRoomInfo *
find_room (Workshop *self, const char *address, GError **error)
{
  g_autofree char *folded = tea_room_ref_fold (address);
  g_autoptr (GAsyncResult) result = NULL;
  TeaRoomInfo *info = NULL;

  if (folded == NULL)
    {
      tea_room_ref_validate (address, error);
      return NULL;
    }

  if (*folded == '\0')
    tea_store_get_room_async (TEA_STORE (self->store), TEA_ROOM_INFO_HALL, NULL, result_cb,
                              &result);
  else
    tea_store_find_room_async (TEA_STORE (self->store), folded, NULL, result_cb, &result);
  wait_for (&result);

  if (!(*folded == '\0'
            ? tea_store_get_room_finish (TEA_STORE (self->store), result, &info, error)
            : tea_store_find_room_finish (TEA_STORE (self->store), result, &info, error)))
    return NULL;

  if (info == NULL)
    g_set_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID, _ ("There is no room “%s”."),
                 address);

  return info;
}

static TeaLog *
open_log (Workshop *self, const TeaRoomInfo *info, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_open_log_async (TEA_STORE (self->store), info->number, NULL, result_cb, &result);

  return tea_store_open_log_finish (TEA_STORE (self->store), wait_for (&result), error);
}

static gboolean
update (Workshop *self, const TeaRoomInfo *info, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_update_room_async (TEA_STORE (self->store), info, NULL, result_cb, &result);

  return tea_store_update_room_finish (TEA_STORE (self->store), wait_for (&result), error);
}

static gboolean
list_page (Workshop *self, char **after, gboolean *is_last, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;

  tea_store_list_rooms_async (TEA_STORE (self->store), TEA_STORE_ALL, "", *after, 1000, NULL,
                              result_cb, &result);
  list = tea_store_list_rooms_finish (TEA_STORE (self->store), wait_for (&result), error);
  if (list == NULL)
    return FALSE;

  *is_last = list->len == 0;
  for (guint i = 0; i < list->len; i++)
    {
      const TeaStoreListing *listing = g_ptr_array_index (list, i);

      g_free (*after);
      *after = g_strdup (listing->info->folded);
      if (tea_room_kind_from_address (listing->info->address) == TEA_ROOM_KIND_NAMED
          || tea_room_kind_from_address (listing->info->address) == TEA_ROOM_KIND_HIDDEN)
        {
          g_autofree char *line = g_strdelimit (g_strdup (listing->info->title), "\t\n", ' ');
          g_autofree char *title = tea_text_make_safe (line);

          g_print ("%u\t%" G_GUINT64_FORMAT "\t%s\t%s\n", listing->n_members, listing->head,
                   listing->info->address, title);
        }
    }

  return TRUE;
}

static gboolean
list_rooms (Workshop *self, char **words, GError **error)
{
  g_autofree char *after = g_strdup ("");
  gboolean is_last = FALSE;

  while (!is_last)
    if (!list_page (self, &after, &is_last, error))
      return FALSE;

  return TRUE;
}

static gboolean
make_room (Workshop *self, char **words, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaRoomInfo) info = NULL;
  g_autofree char *folded = NULL;

  if (!tea_room_ref_validate (words[0], error))
    return FALSE;

  if (tea_room_kind_from_address (words[0]) != TEA_ROOM_KIND_NAMED)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID, _ ("“%s” is no name of a room."),
                   words[0]);
      return FALSE;
    }

  folded = tea_room_ref_fold (words[0]);
  info = tea_room_info_new (words[0], folded);
  info->flags = TEA_ROOM_LISTED;
  info->made = tea_clock_get_real_time (self->clock);
  tea_store_make_room_async (TEA_STORE (self->store), info, NULL, result_cb, &result);

  return tea_store_make_room_finish (TEA_STORE (self->store), wait_for (&result), NULL, error);
}

static gboolean
rename_room (Workshop *self, char **words, GError **error)
{
  g_autoptr (TeaRoomInfo) info = find_room (self, words[0], error);

  if (info == NULL || !tea_room_ref_validate (words[1], error))
    return FALSE;

  if (info->number == TEA_ROOM_INFO_HALL
      || tea_room_kind_from_address (words[1]) != TEA_ROOM_KIND_NAMED)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID, _ ("“%s” is no name of a room."),
                   words[1]);
      return FALSE;
    }

  g_free (info->address);
  g_free (info->folded);
  info->address = g_strdup (words[1]);
  info->folded = tea_room_ref_fold (words[1]);

  return update (self, info, error);
}

static gboolean
archive_room (Workshop *self, char **words, GError **error)
{
  g_autoptr (TeaRoomInfo) info = find_room (self, words[0], error);

  if (info == NULL)
    return FALSE;

  info->flags |= TEA_ROOM_ARCHIVED;

  return update (self, info, error);
}

static gboolean
erase_room (Workshop *self, char **words, GError **error)
{
  g_autoptr (TeaRoomInfo) info = find_room (self, words[0], error);
  g_autoptr (GAsyncResult) result = NULL;

  if (info == NULL)
    return FALSE;

  if (info->number == TEA_ROOM_INFO_HALL)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
                           _ ("The hall cannot be erased."));
      return FALSE;
    }

  tea_store_remove_room_async (TEA_STORE (self->store), info->number, NULL, result_cb, &result);

  return tea_store_remove_room_finish (TEA_STORE (self->store), wait_for (&result), error);
}

static gboolean
export_room (Workshop *self, char **words, GError **error)
{
  g_autoptr (TeaRoomInfo) info = find_room (self, words[0], error);
  g_autoptr (TeaLog) log = info != NULL ? open_log (self, info, error) : NULL;
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (words[1]);
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (log == NULL)
    return FALSE;

  stream = g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, error);
  if (stream == NULL)
    return FALSE;

  tea_log_export_async (log, G_OUTPUT_STREAM (stream), NULL, result_cb, &result);

  return tea_log_export_finish (log, wait_for (&result), error)
         && g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
}

static gboolean
import_room (Workshop *self, char **words, GError **error)
{
  g_autoptr (TeaRoomInfo) info = find_room (self, words[0], error);
  g_autoptr (TeaLog) log = info != NULL ? open_log (self, info, error) : NULL;
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (words[1]);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (log == NULL)
    return FALSE;

  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return FALSE;

  tea_log_import_async (log, G_INPUT_STREAM (stream), NULL, result_cb, &result);

  return tea_log_import_finish (log, wait_for (&result), error);
}

static const Verb verbs[] = {
  { "list", 0, list_rooms },      { "make", 1, make_room },   { "rename", 2, rename_room },
  { "archive", 1, archive_room }, { "erase", 1, erase_room }, { "export", 2, export_room },
  { "import", 2, import_room },
};

static const Verb *
find_verb (char **words)
{
  if (!g_str_equal (words[0], "room") || words[1] == NULL)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (words[1], verbs[i].verb))
      return &verbs[i];

  return NULL;
}

/**
 * tea_operator_command_run:
 * @config: where the house keeps what must last
 * @words: (array zero-terminated=1): the command: `room`, a verb, and what it is about
 * @error: return location for a #GError
 *
 * Does something with the rooms of a house whose server is stopped, and waits for it.
 *
 * Returns: whether it is done; if not, @error tells why, in words for an operator, and is
 *   %G_OPTION_ERROR where there is no such command
 */
gboolean
tea_operator_command_run (const TeaServerConfig *config, char **words, GError **error)
{
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  g_auto (Workshop) workshop = { NULL };
  const Verb *verb;
  char **rest;

  g_return_val_if_fail (config != NULL, FALSE);
  g_return_val_if_fail (words != NULL && words[0] != NULL, FALSE);

  verb = find_verb (words);
  rest = words + 2;
  if (verb == NULL || g_strv_length (rest) != verb->n_words)
    {
      g_autofree char *text = g_strjoinv (" ", words);

      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is no command."),
                   text);
      return FALSE;
    }

  directory = tea_server_config_dup_data_dir (config);
  path = g_build_filename (directory, DATABASE, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   _ ("No server has kept anything in %s yet."), directory);
      return FALSE;
    }

  workshop.clock = tea_clock_new ();
  workshop.store = tea_sqlite_store_open (directory, workshop.clock, error);

  return workshop.store != NULL && verb->run (&workshop, rest, error);
}
