/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-search.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"

struct _TeaSearchHit
{
  TeaConversation *conversation; /* (owned) */
  TeaEvent *event;               /* (owned) */
};

G_DEFINE_BOXED_TYPE (TeaSearchHit, tea_search_hit, tea_search_hit_ref, tea_search_hit_unref)

/**
 * TeaSearch:
 *
 * Looks for messages that have some words, in several rooms at once, the newest first.
 */
struct _TeaSearch
{
  GObject parent_instance;

  char *words;
};

G_DEFINE_FINAL_TYPE (TeaSearch, tea_search, G_TYPE_OBJECT)

static void
hit_clear (gpointer data)
{
  TeaSearchHit *self = data;

  g_clear_object (&self->conversation);
  g_clear_pointer (&self->event, tea_event_unref);
}

/**
 * tea_search_hit_ref:
 * @self: a message that was found
 *
 * Adds an owner.
 *
 * Returns: (transfer full): @self, with one more owner
 */
TeaSearchHit *
tea_search_hit_ref (TeaSearchHit *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tea_search_hit_unref:
 * @self: (transfer full): a message that was found
 *
 * Gives up one ownership; with the last it is freed.
 */
void
tea_search_hit_unref (TeaSearchHit *self)
{
  g_atomic_rc_box_release_full (self, hit_clear);
}

/**
 * tea_search_hit_get_conversation:
 * @self: a message that was found
 *
 * Tells in which room it was found.
 *
 * Returns: (transfer none): the room
 */
TeaConversation *
tea_search_hit_get_conversation (TeaSearchHit *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->conversation;
}

/**
 * tea_search_hit_get_event:
 * @self: a message that was found
 *
 * Gets the message.
 *
 * Returns: (transfer none): the message, as it was when it was found
 */
TeaEvent *
tea_search_hit_get_event (TeaSearchHit *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->event;
}

static void
tea_search_finalize (GObject *object)
{
  TeaSearch *self = TEA_SEARCH (object);

  g_free (self->words);

  G_OBJECT_CLASS (tea_search_parent_class)->finalize (object);
}

static void
tea_search_class_init (TeaSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_search_finalize;
}

static void
tea_search_init (TeaSearch *self)
{
}

/**
 * tea_search_new:
 * @conversations: a list of [class@Tea.Conversation]
 * @words: what to look for
 *
 * Begins a search in the rooms of @conversations that are open now.
 *
 * Returns: (transfer full): a search that has found nothing yet
 */
TeaSearch *
tea_search_new (GListModel *conversations, const char *words)
{
  TeaSearch *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (conversations), NULL);
  g_return_val_if_fail (words != NULL, NULL);

  self = g_object_new (TEA_TYPE_SEARCH, NULL);
  self->words = g_strdup (words);

  return self;
}

/**
 * tea_search_next_async:
 * @self: a search
 * @n_hits: how many messages are wanted at most
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Looks for the next messages that have the words, of all rooms the newest first. One such call
 * can be under way at a time.
 */
void
tea_search_next_async (TeaSearch *self,
                       guint n_hits,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (TEA_IS_SEARCH (self));
  g_return_if_fail (n_hits > 0);

  g_task_report_new_error (self, callback, user_data, tea_search_next_async, TEA_ERROR,
                           TEA_ERROR_NO_ANSWER, _ ("The server did not answer the search."));
}

/**
 * tea_search_next_finish:
 * @self: a search
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells what [method@Tea.Search.next_async] has found.
 *
 * Returns: (transfer full) (element-type TeaSearchHit): the messages, the newest first, none where
 *   there are no more; %NULL with @error %TEA_ERROR_NO_ANSWER, %G_IO_ERROR_PENDING or
 *   %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_search_next_finish (TeaSearch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_search_get_words:
 * @self: a search
 *
 * Tells what is looked for.
 *
 * Returns: the words
 */
const char *
tea_search_get_words (TeaSearch *self)
{
  g_return_val_if_fail (TEA_IS_SEARCH (self), NULL);

  return self->words;
}
