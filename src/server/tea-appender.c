/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-appender.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* How long to wait before an append is repeated of which nobody knows whether it is
 * stored: doubling, from the first to the last. */
#define FIRST_DELAY (100 * G_TIME_SPAN_MILLISECOND)
#define LAST_DELAY (5 * G_TIME_SPAN_SECOND)

/* How much may wait for a log that is slow: of one author, and of all. */
#define AUTHOR_MAX_BYTES (1024 * 1024)
#define MAX_BYTES (64 * 1024 * 1024)

#define OWN_ID_SIZE 16

/**
 * TeaAppender:
 *
 * Puts into a log what is to happen in a room: of each author one at a time and in the
 * order given, repeated until it is known whether it is stored. Something stored is
 * settled only when the log has told everyone of it, whichever of the two comes first.
 */
struct _TeaAppender
{
  GObject parent_instance;

  TeaLog *log;     /* (owned) */
  TeaClock *clock; /* (owned) */

  guint8 own_id[OWN_ID_SIZE]; /* nobody else's, nor of an earlier run */
  guint64 own_number;

  GHashTable *lanes; /* (element-type GBytes Lane): by author, those with something to do */
  GQueue undecided;  /* (element-type Append): in the order they were given */
  GQueue untold;     /* (element-type Append): stored, ascending, but not told of yet */
  GQueue waiting;    /* (element-type Settling) */
  guint64 n_given;
  guint64 told;
  gsize n_bytes;
  gboolean closed;
};

typedef struct
{
  GBytes *author; /* (owned) */
  GQueue appends; /* (element-type Append): the first is under way */
  gsize n_bytes;
  TeaTimer *timer; /* (owned) (nullable): when to repeat the first */
  gint64 delay;
  TeaAppender *appender;
} Lane;

typedef struct
{
  TeaAppenderFunc callback;
  gpointer user_data;
} Answer;

typedef struct
{
  GBytes *record; /* (owned) */
  guint64 number;
  guint64 place; /* among all that was ever given */
  guint64 seq;
  GArray *answers; /* (element-type Answer): more than one where it was given again */
  GList link;      /* in what is undecided; its data is NULL when it is not there */
} Append;

typedef struct
{
  guint64 place; /* everything up to here is to be decided */
  Answer answer;
} Settling;

G_DEFINE_FINAL_TYPE (TeaAppender, tea_appender, G_TYPE_OBJECT)

static void append_first (Lane *lane);

static void
lane_free (Lane *lane)
{
  g_clear_pointer (&lane->timer, tea_timer_free);
  g_bytes_unref (lane->author);
  g_free (lane);
}

static gsize
measure (Append *append)
{
  return sizeof (Append) + g_bytes_get_size (append->record);
}

static void
check_settled (TeaAppender *self)
{
  Settling *settling;

  while ((settling = g_queue_peek_head (&self->waiting)) != NULL)
    {
      Append *first = g_queue_peek_head (&self->undecided);

      if (first != NULL && first->place <= settling->place)
        return;

      g_queue_pop_head (&self->waiting);
      settling->answer.callback (self->told, NULL, settling->answer.user_data);
      g_free (settling);
    }
}

static void
decide (TeaAppender *self, Append *append)
{
  if (append->link.data == NULL)
    return;

  g_queue_unlink (&self->undecided, &append->link);
  append->link.data = NULL;
}

static void
answer_append (TeaAppender *self, Append *append, const GError *error)
{
  decide (self, append);
  self->n_bytes -= measure (append);

  for (guint i = 0; i < append->answers->len; i++)
    {
      Answer *answer = &g_array_index (append->answers, Answer, i);

      answer->callback (error == NULL ? append->seq : 0, error, answer->user_data);
    }

  g_array_unref (append->answers);
  g_bytes_unref (append->record);
  g_free (append);
}

static Append *
take_first (Lane *lane)
{
  Append *append = g_queue_pop_head (&lane->appends);

  lane->n_bytes -= measure (append);
  lane->delay = FIRST_DELAY;

  return append;
}

/* What waits behind something that is not stored is not stored either: a number below
 * the author's latest never is. */
static void
fail_all (Lane *lane, const GError *error)
{
  TeaAppender *self = lane->appender;
  GQueue failed = lane->appends;

  g_queue_init (&lane->appends);
  g_hash_table_remove (self->lanes, lane->author);

  for (Append *append; (append = g_queue_pop_head (&failed)) != NULL;)
    answer_append (self, append, error);
}

static void
go_on (Lane *lane)
{
  if (g_queue_is_empty (&lane->appends))
    g_hash_table_remove (lane->appender->lanes, lane->author);
  else
    append_first (lane);
}

/* The answers of a log can cross each other, but not by much. */
static void
await_telling (TeaAppender *self, Append *append)
{
  GList *l = self->untold.tail;

  while (l != NULL && ((Append *) l->data)->seq > append->seq)
    l = l->prev;

  if (l != NULL)
    g_queue_insert_after (&self->untold, l, append);
  else
    g_queue_push_head (&self->untold, append);
}

static void
repeat_cb (gpointer user_data)
{
  append_first (user_data);
}

static void
appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Lane *lane = user_data;
  g_autoptr (TeaAppender) self = lane->appender;
  g_autoptr (GError) error = NULL;
  guint64 seq = tea_log_append_finish (TEA_LOG (object), result, NULL, &error);

  if (seq != 0)
    {
      Append *append = take_first (lane);

      append->seq = seq;
      go_on (lane);
      /* Nobody tells of it any more once the room is closed. */
      if (seq <= self->told || self->closed)
        answer_append (self, append, NULL);
      else
        await_telling (self, append);
    }
  else if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN) && !self->closed)
    {
      /* Nobody waits for this to be over any more: that can take long. */
      decide (self, g_queue_peek_head (&lane->appends));
      tea_timer_set (lane->timer, lane->delay);
      lane->delay = MIN (lane->delay * 2, LAST_DELAY);
    }
  else if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED))
    {
      Append *append = take_first (lane);

      go_on (lane);
      answer_append (self, append, error);
    }
  else
    {
      fail_all (lane, error);
    }

  check_settled (self);
}

static void
append_first (Lane *lane)
{
  TeaAppender *self = lane->appender;
  Append *append = g_queue_peek_head (&lane->appends);

  g_object_ref (self);
  tea_log_append_async (self->log, lane->author, append->number, append->record, NULL, appended_cb,
                        lane);
}

static Lane *
get_lane (TeaAppender *self, GBytes *author)
{
  Lane *lane = g_hash_table_lookup (self->lanes, author);

  if (lane != NULL)
    return lane;

  lane = g_new0 (Lane, 1);
  lane->author = g_bytes_ref (author);
  lane->appender = self;
  lane->timer = tea_timer_new (self->clock, repeat_cb, lane);
  lane->delay = FIRST_DELAY;
  g_hash_table_insert (self->lanes, lane->author, lane);

  return lane;
}

static Append *
find_append (Lane *lane, guint64 number)
{
  GList *l = lane->appends.tail;

  while (l != NULL && ((Append *) l->data)->number > number)
    l = l->prev;

  return l != NULL && ((Append *) l->data)->number == number ? l->data : NULL;
}

static void
tea_appender_dispose (GObject *object)
{
  TeaAppender *self = TEA_APPENDER (object);

  tea_appender_close (self);

  G_OBJECT_CLASS (tea_appender_parent_class)->dispose (object);
}

static void
tea_appender_finalize (GObject *object)
{
  TeaAppender *self = TEA_APPENDER (object);

  g_hash_table_unref (self->lanes);
  g_object_unref (self->log);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_appender_parent_class)->finalize (object);
}

static void
tea_appender_class_init (TeaAppenderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_appender_dispose;
  object_class->finalize = tea_appender_finalize;
}

static void
tea_appender_init (TeaAppender *self)
{
  self->lanes
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, (GDestroyNotify) lane_free);
  g_queue_init (&self->undecided);
  g_queue_init (&self->untold);
  g_queue_init (&self->waiting);

  for (gsize i = 0; i < OWN_ID_SIZE; i += sizeof (guint32))
    {
      guint32 random = g_random_int ();

      memcpy (self->own_id + i, &random, sizeof random);
    }
}

/**
 * tea_appender_new:
 * @log: where to
 * @clock: by which clock to wait
 *
 * Returns: (transfer full): an appender with nothing to do
 */
TeaAppender *
tea_appender_new (TeaLog *log, TeaClock *clock)
{
  TeaAppender *self;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_APPENDER, NULL);
  self->log = g_object_ref (log);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * tea_appender_append:
 * @self: an appender
 * @author: whose it is
 * @number: the author's number for it, above those of before unless it is a repeat
 * @record: what to keep
 * @callback: called when it is settled
 * @user_data: for @callback
 *
 * Appends something, after all that was given for that author before. What is given again
 * while it is under way is appended once and answered twice. Where something is not
 * stored, what waits behind it is not either.
 */
void
tea_appender_append (TeaAppender *self,
                     GBytes *author,
                     guint64 number,
                     GBytes *record,
                     TeaAppenderFunc callback,
                     gpointer user_data)
{
  Answer answer = { callback, user_data };
  Append *append;
  Lane *lane;

  g_return_if_fail (TEA_IS_APPENDER (self));
  g_return_if_fail (callback != NULL);

  lane = get_lane (self, author);
  append = find_append (lane, number);
  if (append != NULL)
    {
      g_array_append_val (append->answers, answer);
      return;
    }

  append = g_new0 (Append, 1);
  append->record = g_bytes_ref (record);
  append->number = number;
  append->place = ++self->n_given;
  append->answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  g_array_append_val (append->answers, answer);
  append->link.data = append;
  g_queue_push_tail_link (&self->undecided, &append->link);

  self->n_bytes += measure (append);
  if (self->closed || self->n_bytes > MAX_BYTES
      || lane->n_bytes + measure (append) > AUTHOR_MAX_BYTES)
    {
      g_autoptr (GError) error = g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY,
                                                      _ ("Too much waits to be stored."));

      if (g_queue_is_empty (&lane->appends))
        g_hash_table_remove (self->lanes, lane->author);
      answer_append (self, append, error);
      return;
    }

  lane->n_bytes += measure (append);
  g_queue_push_tail (&lane->appends, append);
  if (lane->appends.length == 1)
    append_first (lane);
}

/**
 * tea_appender_append_own:
 * @self: an appender
 * @about: of what it is; each has an order of its own
 * @record: what to keep
 * @callback: called when it is settled
 * @user_data: for @callback
 *
 * Appends something that has no author or number of its own: it gets them here.
 */
void
tea_appender_append_own (TeaAppender *self,
                         const char *about,
                         GBytes *record,
                         TeaAppenderFunc callback,
                         gpointer user_data)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) author = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_return_if_fail (TEA_IS_APPENDER (self));
  g_return_if_fail (about != NULL);

  g_checksum_update (checksum, self->own_id, OWN_ID_SIZE);
  g_checksum_update (checksum, (const guchar *) about, -1);
  g_checksum_get_digest (checksum, digest, &size);
  author = g_bytes_new (digest, size);

  tea_appender_append (self, author, ++self->own_number, record, callback, user_data);
}

/**
 * tea_appender_settle:
 * @self: an appender
 * @callback: called with the latest number that everyone was told of
 * @user_data: for @callback
 *
 * Waits until all that was given before is decided: stored and told of, or known not to
 * be, or not known for a while.
 */
void
tea_appender_settle (TeaAppender *self, TeaAppenderFunc callback, gpointer user_data)
{
  Settling *settling;

  g_return_if_fail (TEA_IS_APPENDER (self));
  g_return_if_fail (callback != NULL);

  settling = g_new0 (Settling, 1);
  settling->place = self->n_given;
  settling->answer.callback = callback;
  settling->answer.user_data = user_data;
  g_queue_push_tail (&self->waiting, settling);
  check_settled (self);
}

/**
 * tea_appender_told:
 * @self: an appender
 * @seq: a number
 *
 * Takes note that everyone was told of all that the log holds up to a number.
 */
void
tea_appender_told (TeaAppender *self, guint64 seq)
{
  Append *append;

  g_return_if_fail (TEA_IS_APPENDER (self));

  self->told = MAX (self->told, seq);
  while ((append = g_queue_peek_head (&self->untold)) != NULL && append->seq <= self->told)
    {
      g_queue_pop_head (&self->untold);
      answer_append (self, append, NULL);
    }

  check_settled (self);
}

/**
 * tea_appender_close:
 * @self: an appender
 *
 * Takes nothing more, and repeats nothing. What is under way is still answered by the
 * log.
 */
void
tea_appender_close (TeaAppender *self)
{
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  Lane *lane;

  g_return_if_fail (TEA_IS_APPENDER (self));

  if (self->closed)
    return;

  self->closed = TRUE;
  error = g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN, _ ("The room is closed."));

  g_hash_table_iter_init (&iter, self->lanes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &lane))
    if (tea_timer_get_due (lane->timer) != 0)
      {
        fail_all (lane, error);
        g_hash_table_iter_init (&iter, self->lanes);
      }

  for (Append *append; (append = g_queue_pop_head (&self->untold)) != NULL;)
    answer_append (self, append, NULL);
  check_settled (self);
}
