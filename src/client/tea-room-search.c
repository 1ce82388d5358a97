/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-search.h"

#include "tea-search-text.h"

/* What a search has found so far. */
typedef struct
{
  char *words;
  guint64 next;
} Searching;

static void
searching_free (gpointer data)
{
  Searching *searching = data;

  g_free (searching->words);
  g_free (searching);
}

/* Between answer and fetch a message may have become another. */
static gboolean
is_found (TeaEvent *event, const char *words)
{
  return tea_event_get_kind (event) == TEA_EVENT_MESSAGE && tea_event_get_text (event) != NULL
         && tea_search_text_matches (tea_event_get_text (event), words);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  const Searching *searching = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events
      = tea_room_link_fetch_finish (TEA_ROOM_LINK (source), result, &error);
  GPtrArray *found;

  if (events == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  for (guint i = events->len; i-- > 0;)
    if (is_found (g_ptr_array_index (events, i), searching->words))
      g_ptr_array_add (found, tea_event_ref (g_ptr_array_index (events, i)));
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Searching *searching = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaFoundNumbers) found
      = tea_room_link_find_finish (TEA_ROOM_LINK (source), result, &error);

  if (found == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  searching->next = found->next;
  tea_room_link_fetch_async (TEA_ROOM_LINK (source), found->seqs, g_task_get_cancellable (task),
                             fetched_cb, g_object_ref (task));
}

/**
 * tea_room_search_async:
 * @room: a room
 * @words: what to look for
 * @before: only messages before this number; 0 for all
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Looks for messages that have some words.
 */
void
tea_room_search_async (TeaRoomLink *room,
                       const char *words,
                       guint64 before,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;
  Searching *searching;

  g_return_if_fail (TEA_IS_ROOM_LINK (room));
  g_return_if_fail (words != NULL);

  task = g_task_new (room, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_search_async);
  searching = g_new0 (Searching, 1);
  searching->words = g_strdup (words);
  g_task_set_task_data (task, searching, searching_free);
  tea_room_link_find_async (room, words, before, cancellable, found_cb, task);
}

/**
 * tea_room_search_finish:
 * @room: a room
 * @result: what the callback was given
 * @next: (out): before which number to go on; 0 where there are no more
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaEvent): the messages as they are now, the newest
 *   first; %NULL with @error %TEA_ERROR_NO_ANSWER or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_room_search_finish (TeaRoomLink *room, GAsyncResult *result, guint64 *next, GError **error)
{
  const Searching *searching;

  g_return_val_if_fail (g_task_is_valid (result, room), NULL);
  g_return_val_if_fail (next != NULL, NULL);

  searching = g_task_get_task_data (G_TASK (result));
  *next = searching->next;

  return g_task_propagate_pointer (G_TASK (result), error);
}
