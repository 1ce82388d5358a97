/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-search.h"

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
  GPtrArray *places; /* (element-type Place): the rooms in which there may be more */
  GTask *task;       /* (owned) (nullable): while somebody waits */
  guint n_hits;      /* how many are waited for */
  GPtrArray *hits;   /* (element-type TeaSearchHit): of these, so far */
  guint n_asked;     /* how many rooms have not answered */
  GError *error;     /* (owned) (nullable): of the first that failed */
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

/* A room, and what was found there but not told yet. */
typedef struct
{
  TeaConversation *conversation; /* (owned) */
  GPtrArray *events;             /* (owned) (element-type TeaEvent): the newest first */
  guint n_told;                  /* how many of these */
  guint64 next;                  /* before which number to ask on; 0 at first */
  gboolean is_at_end;
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_object_unref (place->conversation);
  g_ptr_array_unref (place->events);
  g_free (place);
}

static gboolean
is_used_up (const Place *place)
{
  return place->n_told == place->events->len;
}

/* (nullable): the room with the newest message that was not told. */
static Place *
find_newest (TeaSearch *self)
{
  Place *newest = NULL;
  gint64 latest = 0;

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);
      gint64 time;

      if (is_used_up (place))
        continue;

      time = tea_event_get_time (g_ptr_array_index (place->events, place->n_told));
      if (newest == NULL || time > latest)
        {
          newest = place;
          latest = time;
        }
    }

  return newest;
}

static void
take_hit (TeaSearch *self, Place *place)
{
  TeaSearchHit *hit = g_atomic_rc_box_new0 (TeaSearchHit);

  hit->conversation = g_object_ref (place->conversation);
  hit->event = tea_event_ref (g_ptr_array_index (place->events, place->n_told++));
  g_ptr_array_add (self->hits, hit);
}

static void
finish (TeaSearch *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (GPtrArray) hits = g_steal_pointer (&self->hits);
  g_autoptr (GError) error = g_steal_pointer (&self->error);

  if (error != NULL && hits->len == 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&hits), (GDestroyNotify) g_ptr_array_unref);
}

static void go_on (TeaSearch *self);

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSearch) self = TEA_SEARCH (user_data);
  TeaConversation *conversation = TEA_CONVERSATION (source);
  g_autoptr (GError) error = NULL;
  guint64 next = 0;
  g_autoptr (GPtrArray) events
      = tea_conversation_search_finish (conversation, result, &next, &error);

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);

      if (place->conversation != conversation)
        continue;

      place->is_at_end = events == NULL || next == 0;
      place->next = next;
      place->n_told = 0;
      g_ptr_array_set_size (place->events, 0);
      if (events != NULL)
        g_ptr_array_extend_and_steal (place->events, g_steal_pointer (&events));
      break;
    }

  if (error != NULL && self->error == NULL)
    self->error = g_steal_pointer (&error);
  if (--self->n_asked == 0)
    go_on (self);
}

/* Which message is the newest is known when each room has told one, or has no more. */
static gboolean
ask_those_used_up (TeaSearch *self)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);

      if (!is_used_up (place) || place->is_at_end)
        continue;

      self->n_asked++;
      tea_conversation_search_async (place->conversation, self->words, place->next,
                                     g_task_get_cancellable (self->task), found_cb,
                                     g_object_ref (self));
    }

  return self->n_asked > 0;
}

static void
go_on (TeaSearch *self)
{
  while (self->hits->len < self->n_hits)
    {
      Place *newest;

      if (ask_those_used_up (self))
        return;

      newest = find_newest (self);
      if (newest == NULL)
        break;
      take_hit (self, newest);
    }

  finish (self);
}

static void
tea_search_finalize (GObject *object)
{
  TeaSearch *self = TEA_SEARCH (object);

  g_free (self->words);
  g_ptr_array_unref (self->places);

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
  self->places = g_ptr_array_new_with_free_func (place_free);
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
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (TeaConversation) conversation = g_list_model_get_item (conversations, i);
      Place *place;

      if (!tea_conversation_get_is_open (conversation))
        continue;

      place = g_new0 (Place, 1);
      place->conversation = g_object_ref (conversation);
      place->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
      g_ptr_array_add (self->places, place);
    }

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
  GTask *task;

  g_return_if_fail (TEA_IS_SEARCH (self));
  g_return_if_fail (n_hits > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_search_next_async);
  if (self->task != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "It is searched already");
      g_object_unref (task);
      return;
    }

  self->task = task;
  self->n_hits = n_hits;
  self->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_search_hit_unref);
  go_on (self);
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
