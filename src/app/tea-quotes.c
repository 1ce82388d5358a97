/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-quotes.h"

#include "tea-timeline-item-private.h"

/**
 * TeaQuotes:
 *
 * The messages that others answer: those of a timeline, and those that it does not have, which
 * are fetched.
 */
struct _TeaQuotes
{
  GObject parent_instance;

  TeaTimeline *timeline;         /* (owned) */
  TeaConversation *conversation; /* (owned) (nullable): where the others can be had */
  GHashTable *fetched;           /* (element-type guint64 Fetched): what the timeline lacks */
};

typedef struct
{
  TeaTimelineItem *item; /* (owned) (nullable): %NULL where there is no such message any more */
  gboolean is_awaited;
} Fetched;

typedef struct
{
  TeaQuotes *quotes; /* (owned) */
  guint64 seq;
} Question;

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaQuotes, tea_quotes, G_TYPE_OBJECT)

static void
fetched_free (gpointer data)
{
  Fetched *fetched = data;

  g_clear_object (&fetched->item);
  g_free (fetched);
}

static void
question_free (Question *question)
{
  g_object_unref (question->quotes);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static TeaTimelineItem *
make_item (GPtrArray *events, guint64 seq)
{
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);

      if (tea_event_get_seq (event) == seq && tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
        return tea_timeline_item_new_told (event, FALSE);
    }

  return NULL;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  TeaQuotes *self = question->quotes;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events
      = tea_conversation_load_around_finish (TEA_CONVERSATION (source), result, &error);
  Fetched *fetched = g_hash_table_lookup (self->fetched, &question->seq);

  if (fetched == NULL)
    return;

  /* Where there was no answer it is asked again when it is looked for again. */
  if (events == NULL)
    {
      g_debug ("Could not fetch what is answered: %s", error->message);
      g_hash_table_remove (self->fetched, &question->seq);
      return;
    }

  fetched->is_awaited = FALSE;
  fetched->item = make_item (events, question->seq);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, question->seq);
}

static void
ask (TeaQuotes *self, guint64 seq)
{
  Question *question = g_new (Question, 1);
  Fetched *fetched = g_new0 (Fetched, 1);

  fetched->is_awaited = TRUE;
  g_hash_table_insert (self->fetched, g_memdup2 (&seq, sizeof seq), fetched);
  *question = (Question){ g_object_ref (self), seq };
  tea_conversation_load_around_async (self->conversation, seq, 0, NULL, loaded_cb, question);
}

/* What the timeline has got follows the changes that are made to it. */
static void
items_changed_cb (TeaQuotes *self, guint position, guint removed, guint added, GListModel *timeline)
{
  g_autofree gpointer *seqs = NULL;
  guint n_seqs;

  g_assert (TEA_IS_QUOTES (self));

  if (added == 0 || g_hash_table_size (self->fetched) == 0)
    return;

  seqs = g_hash_table_get_keys_as_array (self->fetched, &n_seqs);
  for (guint i = 0; i < n_seqs; i++)
    {
      guint64 seq = *(guint64 *) seqs[i];

      if (tea_timeline_find_message (self->timeline, seq) == NULL)
        continue;

      g_hash_table_remove (self->fetched, &seq);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, seq);
    }
}

static void
tea_quotes_dispose (GObject *object)
{
  TeaQuotes *self = TEA_QUOTES (object);

  g_hash_table_remove_all (self->fetched);
  g_clear_object (&self->conversation);
  g_clear_object (&self->timeline);

  G_OBJECT_CLASS (tea_quotes_parent_class)->dispose (object);
}

static void
tea_quotes_finalize (GObject *object)
{
  TeaQuotes *self = TEA_QUOTES (object);

  g_hash_table_unref (self->fetched);

  G_OBJECT_CLASS (tea_quotes_parent_class)->finalize (object);
}

static void
tea_quotes_class_init (TeaQuotesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_quotes_dispose;
  object_class->finalize = tea_quotes_finalize;

  /**
   * TeaQuotes::changed:
   * @self: the quotes
   * @seq: the number of a message
   *
   * [method@Tea.Quotes.find] has another answer for a message.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_QUOTES, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
tea_quotes_init (TeaQuotes *self)
{
  self->fetched = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, fetched_free);
}

/**
 * tea_quotes_new:
 * @timeline: what is shown of a room
 * @conversation: (nullable): where what @timeline lacks can be had
 *
 * Returns: (transfer full): the messages that others answer
 */
TeaQuotes *
tea_quotes_new (TeaTimeline *timeline, TeaConversation *conversation)
{
  TeaQuotes *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);
  g_return_val_if_fail (conversation == NULL || TEA_IS_CONVERSATION (conversation), NULL);

  self = g_object_new (TEA_TYPE_QUOTES, NULL);
  self->timeline = g_object_ref (timeline);
  g_set_object (&self->conversation, conversation);
  g_signal_connect_object (timeline, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_quotes_find:
 * @self: quotes
 * @seq: the number of a message
 *
 * Finds a message. One that is not known is asked for, and [signal@Tea.Quotes::changed] tells what
 * came of it.
 *
 * Returns: (transfer none) (nullable): the message; %NULL where it is not known, or gone
 */
TeaTimelineItem *
tea_quotes_find (TeaQuotes *self, guint64 seq)
{
  TeaTimelineItem *item;
  Fetched *fetched;

  g_return_val_if_fail (TEA_IS_QUOTES (self), NULL);

  item = tea_timeline_find_message (self->timeline, seq);
  if (item != NULL)
    return item;

  fetched = g_hash_table_lookup (self->fetched, &seq);
  if (fetched == NULL && self->conversation != NULL && seq > 0)
    ask (self, seq);

  return fetched != NULL ? fetched->item : NULL;
}

/**
 * tea_quotes_is_gone:
 * @self: quotes
 * @seq: the number of a message
 *
 * Returns: whether there is no such message any more
 */
gboolean
tea_quotes_is_gone (TeaQuotes *self, guint64 seq)
{
  Fetched *fetched;

  g_return_val_if_fail (TEA_IS_QUOTES (self), FALSE);

  fetched = g_hash_table_lookup (self->fetched, &seq);

  return fetched != NULL && !fetched->is_awaited && fetched->item == NULL;
}
