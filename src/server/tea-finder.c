/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-finder.h"

#include "tea-frame-encode.h"
#include "tea-frame.h"
#include "tea-search-text.h"

/* So many questions of a seat are answered at a time. */
#define MAX_QUESTIONS 5

/**
 * TeaFinder:
 *
 * Answers what one client asks for with words in a room. The store finds what has all the
 * words; whether they stand there as they were asked for, the message itself tells.
 */
struct _TeaFinder
{
  GObject parent_instance;

  TeaStore *store; /* (owned) */
  guint32 room;
  TeaRoomReader *reader;   /* (owned) */
  TeaSecureSender *sender; /* (unowned) (nullable): NULL once it is closed */
  guint16 channel;
  TeaQuota *quota; /* (unowned) (nullable): the same */
  guint64 floor;
  GCancellable *cancellable; /* (owned) */
  GHashTable *questions;     /* (element-type guint32): the numbers of those under way */
};

/* A question on its way to its answer. */
typedef struct
{
  TeaFinder *finder; /* (owned) */
  guint32 number;
  char *words;
  GArray *hits; /* (element-type guint64) (nullable): the newest first */
  guint n_read; /* how many of these were looked at */
  guint64 next;
  GArray *found; /* (element-type guint64) */
} Question;

G_DEFINE_FINAL_TYPE (TeaFinder, tea_finder, G_TYPE_OBJECT)

static void
question_free (Question *question)
{
  g_hash_table_remove (question->finder->questions, GUINT_TO_POINTER (question->number));
  g_object_unref (question->finder);
  g_free (question->words);
  g_clear_pointer (&question->hits, g_array_unref);
  g_array_unref (question->found);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
answer (Question *question)
{
  TeaFinder *self = question->finder;

  tea_secure_sender_send (self->sender, self->channel,
                          tea_frame_encode_found (question->number, question->next,
                                                  (gconstpointer) question->found->data,
                                                  question->found->len));
}

static void look_at_next (Question *question);

static void
look_at (Question *question, TeaEvent *event)
{
  guint64 seq = tea_event_get_seq (event);
  const char *text = tea_event_get_text (event);

  if (text != NULL && tea_search_text_matches (text, question->words))
    g_array_append_val (question->found, seq);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GPtrArray) events = NULL;

  events = tea_room_reader_read_finish (TEA_ROOM_READER (object), result, NULL, NULL);
  if (question->finder->sender == NULL)
    return;

  if (events != NULL && events->len > 0)
    look_at (question, g_ptr_array_index (events, 0));
  look_at_next (g_steal_pointer (&question));
}

static void
look_at_next (Question *question)
{
  g_autoptr (Question) owned = question;
  TeaRoomReader *reader = question->finder->reader;

  while (question->n_read < question->hits->len)
    {
      guint64 seq = g_array_index (question->hits, guint64, question->n_read++);
      TeaEvent *event = tea_room_reader_peek (reader, seq);

      if (event == NULL)
        {
          tea_room_reader_read_async (reader, seq, seq, G_MAXSIZE, question->finder->cancellable,
                                      read_cb, g_steal_pointer (&owned));
          return;
        }

      look_at (question, event);
    }

  answer (question);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;

  question->hits
      = tea_store_find_words_finish (TEA_STORE (object), result, &question->next, &error);
  if (question->finder->sender == NULL)
    return;

  if (question->hits == NULL)
    {
      /* The client asks again. */
      g_debug ("Words cannot be looked for: %s", error->message);
      return;
    }

  look_at_next (g_steal_pointer (&question));
}

static void
tea_finder_finalize (GObject *object)
{
  TeaFinder *self = TEA_FINDER (object);

  g_hash_table_unref (self->questions);
  g_object_unref (self->cancellable);
  g_object_unref (self->reader);
  g_object_unref (self->store);

  G_OBJECT_CLASS (tea_finder_parent_class)->finalize (object);
}

static void
tea_finder_class_init (TeaFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_finder_finalize;
}

static void
tea_finder_init (TeaFinder *self)
{
  self->cancellable = g_cancellable_new ();
  self->questions = g_hash_table_new (NULL, NULL);
}

/**
 * tea_finder_new:
 * @store: what knows the words
 * @room: the room's number
 * @reader: what knows its events
 * @sender: (transfer none): where the answers go, until tea_finder_close()
 * @channel: in which channel
 * @quota: (transfer none): how much may be asked for, until tea_finder_close()
 * @floor: the first event that the client may see
 *
 * Returns: (transfer full): a finder that has nothing to answer
 */
TeaFinder *
tea_finder_new (TeaStore *store,
                guint32 room,
                TeaRoomReader *reader,
                TeaSecureSender *sender,
                guint16 channel,
                TeaQuota *quota,
                guint64 floor)
{
  TeaFinder *self = NULL;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_ROOM_READER (reader), NULL);
  g_return_val_if_fail (sender != NULL && quota != NULL, NULL);

  self = g_object_new (TEA_TYPE_FINDER, NULL);
  self->store = g_object_ref (store);
  self->room = room;
  self->reader = g_object_ref (reader);
  self->sender = sender;
  self->channel = channel;
  self->quota = quota;
  self->floor = floor;

  return self;
}

/**
 * tea_finder_close:
 * @self: a finder
 *
 * Answers nothing any more.
 */
void
tea_finder_close (TeaFinder *self)
{
  g_return_if_fail (TEA_IS_FINDER (self));

  self->sender = NULL;
  self->quota = NULL;
  g_cancellable_cancel (self->cancellable);
}

/**
 * tea_finder_find:
 * @self: a finder that is not closed
 * @number: which question it is
 * @before: only messages below this number; 0 for all
 * @words: the words
 *
 * Tells which messages have the words, the newest first. What is asked again while its answer
 * is under way, and what is too much, is passed over: the client repeats it.
 */
void
tea_finder_find (TeaFinder *self, guint32 number, guint64 before, const char *words)
{
  guint64 bound;
  Question *question = NULL;

  g_return_if_fail (TEA_IS_FINDER (self));
  g_return_if_fail (self->sender != NULL);
  g_return_if_fail (words != NULL);

  if (g_hash_table_contains (self->questions, GUINT_TO_POINTER (number))
      || g_hash_table_size (self->questions) >= MAX_QUESTIONS || !tea_quota_find (self->quota))
    return;

  bound = tea_room_reader_get_head (self->reader) + 1;
  if (before > 0)
    bound = MIN (bound, before);

  g_hash_table_add (self->questions, GUINT_TO_POINTER (number));
  question = g_new0 (Question, 1);
  question->finder = g_object_ref (self);
  question->number = number;
  question->words = g_strdup (words);
  question->found = g_array_new (FALSE, FALSE, sizeof (guint64));
  tea_store_find_words_async (self->store, self->room, self->floor, bound, words,
                              TEA_FOUND_MAX_EVENTS, self->cancellable, found_cb, question);
}
