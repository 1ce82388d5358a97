/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-writer.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-event-fields.h"
#include "tea-event-form.h"
#include "tea-event-record.h"
#include "tea-fingerprint.h"

/* How long to wait before an append is repeated of which nobody knows whether it is
 * stored: doubling, from the first to the last. */
#define FIRST_DELAY (100 * G_TIME_SPAN_MILLISECOND)
#define LAST_DELAY (5 * G_TIME_SPAN_SECOND)

/* How much may wait for a log that is slow: of one author, and of all. */
#define AUTHOR_MAX_BYTES (1024 * 1024)
#define MAX_BYTES (64 * 1024 * 1024)

#define OWN_ID_SIZE 16

/**
 * TeaRoomWriter:
 *
 * Writes into a room's log what is to happen: gives it a time, encodes it and appends it,
 * of each author in the order given, repeated until it is known whether it is stored. As the log
 * tells before it answers, everybody has heard of what is written before the writer answers.
 */
struct _TeaRoomWriter
{
  GObject parent_instance;

  TeaLog *log;           /* (owned) */
  TeaCalendar *calendar; /* (owned) */
  TeaClock *clock;       /* (owned) */

  guint8 own_id[OWN_ID_SIZE]; /* nobody else's, nor of an earlier run */
  guint64 own_number;
  gint64 last_time; /* when the latest event happened */

  GHashTable *lanes; /* (element-type GBytes Lane): by author, those with something to do */
  GQueue settlings;  /* (element-type Settling): who waits for what was given before */
  guint64 n_given;
  guint n_undecided;
  gsize n_bytes;
  gboolean is_closed;
};

/* What is to be written of one author, in the order in which it was given. All of it is under
 * way at once: the log stores none without those before it. */
typedef struct
{
  GBytes *author; /* (owned) */
  GQueue appends; /* (element-type Append) */
  guint n_under_way;
  gsize n_bytes;
  TeaTimer *timer; /* (owned): when to repeat what may not be stored */
  gint64 delay;
  TeaRoomWriter *writer;
} Lane;

typedef enum
{
  STAGE_WAITING,
  STAGE_UNDER_WAY,
  STAGE_ANSWERED,
} Stage;

typedef struct
{
  Lane *lane;     /* (unowned) */
  GBytes *record; /* (owned) */
  gint64 time;    /* when that happened */
  guint64 number;
  guint64 target; /* what it amends; 0 for nothing */
  GBytes *form;   /* (owned) (nullable): what that is then */
  gboolean replaces;
  guint64 place; /* among all that was ever given */
  gboolean is_decided;
  GPtrArray *tasks; /* (element-type GTask): more than one where it was given again */

  Stage stage;
  gboolean waits_for_turn; /* begins when it is the first */
  guint64 seq;             /* the answer */
  GError *error;           /* (owned) (nullable): or that */
} Append;

typedef struct
{
  guint64 place; /* what was given up to here is to be decided */
  guint n_undecided;
  GTask *task; /* (owned) */
} Settling;

G_DEFINE_FINAL_TYPE (TeaRoomWriter, tea_room_writer, G_TYPE_OBJECT)

static void
lane_free (Lane *lane)
{
  tea_timer_free (lane->timer);
  g_bytes_unref (lane->author);
  g_free (lane);
}

static void
append_free (Append *append)
{
  g_ptr_array_unref (append->tasks);
  g_bytes_unref (append->record);
  g_clear_pointer (&append->form, g_bytes_unref);
  g_clear_error (&append->error);
  g_free (append);
}

static gsize
measure (Append *append)
{
  return sizeof (Append) + g_bytes_get_size (append->record)
         + (append->form != NULL ? g_bytes_get_size (append->form) : 0);
}

static void
decide (TeaRoomWriter *self, Append *append)
{
  if (append->is_decided)
    return;

  append->is_decided = TRUE;
  self->n_undecided--;
  for (GList *l = self->settlings.head; l != NULL; l = l->next)
    {
      Settling *settling = l->data;

      if (append->place <= settling->place)
        settling->n_undecided--;
    }
}

static void
end_settlings (TeaRoomWriter *self)
{
  Settling *first;

  while ((first = g_queue_peek_head (&self->settlings)) != NULL && first->n_undecided == 0)
    {
      g_queue_pop_head (&self->settlings);
      g_task_return_boolean (first->task, TRUE);
      g_object_unref (first->task);
      g_free (first);
    }
}

static void
answer (TeaRoomWriter *self, Append *append)
{
  self->n_bytes -= measure (append);

  for (guint i = 0; i < append->tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (append->tasks, i);

      if (append->error != NULL)
        g_task_return_error (task, tea_room_writer_explain (append->error));
      else
        g_task_return_pointer (task, g_memdup2 (&append->seq, sizeof append->seq), g_free);
    }

  decide (self, append);
  append_free (append);
}

static void
answer_all (TeaRoomWriter *self, GQueue *settled)
{
  Append *append;

  while ((append = g_queue_pop_head (settled)) != NULL)
    answer (self, append);
  end_settlings (self);
}

/* What waits behind something that is not stored is not stored either: a number below
 * the author's latest never is. */
static void
fail_all (Lane *lane, const GError *error, GQueue *settled)
{
  Append *append;

  while ((append = g_queue_pop_head (&lane->appends)) != NULL)
    {
      if (append->seq == 0 && append->error == NULL)
        append->error = g_error_copy (error);
      g_queue_push_tail (settled, append);
    }
  g_hash_table_remove (lane->writer->lanes, lane->author);
}

static void appended_cb (GObject *object, GAsyncResult *result, gpointer user_data);

/* A conversation does not go back in time, however the clock does. */
static gint64
get_event_time (TeaRoomWriter *self)
{
  self->last_time = MAX (self->last_time, tea_calendar_get_time (self->calendar));

  return self->last_time;
}

/* What has waited happens when it is written: others may have been stored since. */
static void
update_time (TeaRoomWriter *self, Append *append)
{
  GBytes *later;

  append->time = get_event_time (self);
  later = tea_event_record_dup_later (append->record, append->time);
  g_bytes_unref (append->record);
  append->record = later;
}

static void
begin (Append *append, guint64 after)
{
  Lane *lane = append->lane;
  TeaRoomWriter *self = lane->writer;

  /* A change's time is in what it makes of a message, too. */
  if (append->time < self->last_time && append->form == NULL)
    update_time (self, append);

  g_object_ref (self);
  lane->n_under_way++;
  append->stage = STAGE_UNDER_WAY;
  if (append->form != NULL)
    tea_log_amend_async (self->log, lane->author, append->number, append->record, append->target,
                         append->form, append->replaces, NULL, appended_cb, append);
  else
    tea_log_append_async (self->log, lane->author, append->number,
                          after < append->number ? after : 0, append->record, NULL, appended_cb,
                          append);
}

/* Begins what can begin, unless it has to be seen first what becomes of the first. */
static void
go_on (Lane *lane)
{
  guint64 after = 0;

  if (tea_timer_get_due (lane->timer) != 0
      || ((Append *) g_queue_peek_head (&lane->appends))->error != NULL)
    return;

  for (GList *l = lane->appends.head; l != NULL; l = l->next)
    {
      Append *append = l->data;

      if (append->waits_for_turn && l->prev != NULL)
        return;
      if (append->stage == STAGE_WAITING)
        begin (append, after);
      after = append->number;
    }
}

static void
repeat_cb (gpointer user_data)
{
  go_on (user_data);
}

/* Nobody knows whether the first is stored. Nobody waits for all this to be over any more, as
 * that can take long. */
static void
repeat_later (Lane *lane)
{
  for (GList *l = lane->appends.head; l != NULL; l = l->next)
    {
      Append *append = l->data;

      if (append->error != NULL)
        append->stage = STAGE_WAITING;
      g_clear_error (&append->error);
      decide (lane->writer, append);
    }

  tea_timer_set (lane->timer, lane->delay);
  lane->delay = MIN (lane->delay * 2, LAST_DELAY);
}

/* Whether it is known what has become of it, and what follows can be stored. */
static gboolean
is_settled (Append *append)
{
  return append->stage == STAGE_ANSWERED
         && (append->error == NULL
             || g_error_matches (append->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED));
}

/* Takes out what has its answer, from the first on, and goes on with what has none. */
static void
settle (Lane *lane, GQueue *settled)
{
  TeaRoomWriter *self = lane->writer;
  Append *first = NULL;

  while ((first = g_queue_peek_head (&lane->appends)) != NULL && is_settled (first))
    {
      lane->n_bytes -= measure (first);
      lane->delay = FIRST_DELAY;
      g_queue_push_tail (settled, g_queue_pop_head (&lane->appends));
    }

  if (first == NULL)
    g_hash_table_remove (self->lanes, lane->author);
  else if (first->error == NULL)
    go_on (lane);
  else if (lane->n_under_way > 0)
    return;
  else if (g_error_matches (first->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN) && !self->is_closed)
    repeat_later (lane);
  else
    {
      g_autoptr (GError) error = g_error_copy (first->error);

      fail_all (lane, error, settled);
    }
}

static void
appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Append *append = user_data;
  Lane *lane = append->lane;
  g_autoptr (TeaRoomWriter) self = lane->writer;
  GQueue settled = G_QUEUE_INIT;

  append->stage = STAGE_ANSWERED;
  append->seq = append->form != NULL
                    ? tea_log_amend_finish (TEA_LOG (object), result, NULL, &append->error)
                    : tea_log_append_finish (TEA_LOG (object), result, NULL, &append->error);
  lane->n_under_way--;

  if (g_error_matches (append->error, TEA_LOG_ERROR, TEA_LOG_ERROR_OUT_OF_ORDER))
    {
      g_clear_error (&append->error);
      append->stage = STAGE_WAITING;
      append->waits_for_turn = TRUE;
    }

  settle (lane, &settled);
  answer_all (self, &settled);
}

static Lane *
get_lane (TeaRoomWriter *self, GBytes *author)
{
  Lane *lane = g_hash_table_lookup (self->lanes, author);

  if (lane != NULL)
    return lane;

  lane = g_new0 (Lane, 1);
  lane->author = g_bytes_ref (author);
  lane->writer = self;
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
return_log_error (GTask *task, TeaLogError code)
{
  g_autoptr (GError) error = g_error_new_literal (TEA_LOG_ERROR, (int) code, "");

  g_task_return_error (task, tea_room_writer_explain (error));
}

/* @model: its record, number and, where it amends something, what; of which copies are taken. */
static void
give (TeaRoomWriter *self, GBytes *author, const Append *model, GTask *task)
{
  Lane *lane = get_lane (self, author);
  Append *append = find_append (lane, model->number);

  if (append != NULL)
    {
      g_ptr_array_add (append->tasks, g_object_ref (task));
      return;
    }

  append = g_memdup2 (model, sizeof *model);
  append->lane = lane;
  g_bytes_ref (append->record);
  if (append->form != NULL)
    g_bytes_ref (append->form);
  append->waits_for_turn = append->form != NULL;
  append->tasks = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->n_bytes + measure (append) > MAX_BYTES
      || lane->n_bytes + measure (append) > AUTHOR_MAX_BYTES)
    {
      append_free (append);
      if (g_queue_is_empty (&lane->appends))
        g_hash_table_remove (self->lanes, lane->author);
      return_log_error (task, TEA_LOG_ERROR_BUSY);
      return;
    }

  append->place = ++self->n_given;
  g_ptr_array_add (append->tasks, g_object_ref (task));
  self->n_undecided++;
  self->n_bytes += measure (append);
  lane->n_bytes += measure (append);
  g_queue_push_tail (&lane->appends, append);
  go_on (lane);
}

/* Whose a message is, to the log. */
static GBytes *
make_author (const char *key, guint32 stream)
{
  guint8 author[TEA_FINGERPRINT_SIZE + sizeof stream];
  guint32 bytes = GUINT32_TO_LE (stream);

  if (!tea_fingerprint_to_bytes (key, author))
    return NULL;

  memcpy (author + TEA_FINGERPRINT_SIZE, &bytes, sizeof bytes);

  return g_bytes_new (author, sizeof author);
}

/* What has no number of its own gets one here; each name has an order of its own. */
static GBytes *
make_own_author (TeaRoomWriter *self, TeaName *name)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, self->own_id, OWN_ID_SIZE);
  g_checksum_update (checksum, (const guchar *) tea_name_get_folded (name), -1);
  g_checksum_get_digest (checksum, digest, &size);

  return g_bytes_new (digest, size);
}

static void
tea_room_writer_dispose (GObject *object)
{
  tea_room_writer_close (TEA_ROOM_WRITER (object));

  G_OBJECT_CLASS (tea_room_writer_parent_class)->dispose (object);
}

static void
tea_room_writer_finalize (GObject *object)
{
  TeaRoomWriter *self = TEA_ROOM_WRITER (object);

  g_hash_table_unref (self->lanes);
  g_object_unref (self->log);
  g_object_unref (self->calendar);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_room_writer_parent_class)->finalize (object);
}

static void
tea_room_writer_class_init (TeaRoomWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_room_writer_dispose;
  object_class->finalize = tea_room_writer_finalize;
}

static void
tea_room_writer_init (TeaRoomWriter *self)
{
  self->lanes
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, (GDestroyNotify) lane_free);
  g_queue_init (&self->settlings);

  for (gsize i = 0; i < OWN_ID_SIZE; i += sizeof (guint32))
    {
      guint32 random = g_random_int ();

      memcpy (self->own_id + i, &random, sizeof random);
    }
}

/**
 * tea_draft_copy: (skip)
 * @self: a draft
 *
 * Returns: (transfer full): a copy that has its own of all that it points to
 */
TeaDraft *
tea_draft_copy (const TeaDraft *self)
{
  TeaDraft *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->author = tea_name_ref (self->author);
  copy->text = g_strdup (self->text);
  copy->key = g_strdup (self->key);
  copy->data = self->data != NULL ? g_bytes_ref (self->data) : NULL;

  return copy;
}

/**
 * tea_draft_free: (skip)
 * @self: (transfer full): a copy of a draft
 *
 * Frees it.
 */
void
tea_draft_free (TeaDraft *self)
{
  g_return_if_fail (self != NULL);

  tea_name_unref (self->author);
  g_free ((char *) self->text);
  g_free ((char *) self->key);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

/**
 * tea_room_writer_new:
 * @log: where to write
 * @calendar: what time it is there
 * @clock: by which clock what has failed is repeated
 *
 * Returns: (transfer full): a writer
 */
TeaRoomWriter *
tea_room_writer_new (TeaLog *log, TeaCalendar *calendar, TeaClock *clock)
{
  TeaRoomWriter *self;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (TEA_IS_CALENDAR (calendar), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_ROOM_WRITER, NULL);
  self->log = g_object_ref (log);
  self->calendar = g_object_ref (calendar);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * tea_room_writer_close:
 * @self: a writer
 *
 * Takes nothing more, and repeats nothing. What is under way is still answered by the log.
 */
void
tea_room_writer_close (TeaRoomWriter *self)
{
  g_autoptr (GError) error = NULL;
  GQueue settled = G_QUEUE_INIT;
  GHashTableIter iter;
  Lane *lane;

  g_return_if_fail (TEA_IS_ROOM_WRITER (self));

  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  error = g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN, "");

  g_hash_table_iter_init (&iter, self->lanes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &lane))
    if (tea_timer_get_due (lane->timer) != 0)
      {
        fail_all (lane, error, &settled);
        g_hash_table_iter_init (&iter, self->lanes);
      }
  answer_all (self, &settled);
}

/**
 * tea_room_writer_note_time:
 * @self: a writer
 * @time: when the latest event in the log happened, in µs since the Unix epoch, UTC
 *
 * Takes note of a time before which nothing more is to happen.
 */
void
tea_room_writer_note_time (TeaRoomWriter *self, gint64 time)
{
  g_return_if_fail (TEA_IS_ROOM_WRITER (self));

  self->last_time = time;
}

/**
 * tea_room_writer_write_async:
 * @self: a writer
 * @draft: what is to happen
 * @callback: called when everyone has heard of it, or it is clear that they will not
 * @user_data: for @callback
 *
 * Writes an event. What has a number is written once, however often it is written again. A
 * stream's numbers are to come in their order; where one is not stored, those after it that
 * were given already are not either, and all are to be given again from there.
 */
void
tea_room_writer_write_async (TeaRoomWriter *self,
                             const TeaDraft *draft,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  tea_room_writer_amend_async (self, draft, NULL, callback, user_data);
}

/**
 * tea_room_writer_amend_async:
 * @self: a writer
 * @draft: what is to happen
 * @before: (nullable): what the log has now under the target of @draft, where that changes it;
 *   %NULL where nothing else changes
 * @callback: called when everyone has heard of it, or it is clear that they will not
 * @user_data: for @callback
 *
 * Writes an event as tea_room_writer_write_async() does, and in the same moment changes the
 * message that it is about. Nobody else must change that message meanwhile.
 */
void
tea_room_writer_amend_async (TeaRoomWriter *self,
                             const TeaDraft *draft,
                             GBytes *before,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (TeaEvent) event = NULL;
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GBytes) form = NULL;
  g_autoptr (GBytes) author = NULL;
  Append model = { 0 };
  GError *error = NULL;

  g_return_if_fail (TEA_IS_ROOM_WRITER (self));
  g_return_if_fail (draft != NULL && draft->author != NULL);
  g_return_if_fail (draft->number == 0 || draft->key != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_writer_amend_async);

  if (self->is_closed)
    {
      return_log_error (task, TEA_LOG_ERROR_UNAVAILABLE);
      return;
    }

  event = tea_event_new_from_fields (&(TeaEventFields){
      .kind = draft->kind,
      .time = get_event_time (self),
      .author = tea_name_get_text (draft->author),
      .text = draft->text,
      .key = draft->key,
      .stream = draft->number != 0 ? draft->stream : 0,
      .number = draft->number,
      .target = draft->target,
      .data = draft->data,
  });
  if (before != NULL)
    {
      g_autoptr (TeaEvent) change = g_steal_pointer (&event);

      form = tea_event_form_apply (before, change, &error);
      if (form == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      event = tea_event_form_describe (form, change);
    }
  record = tea_event_record_encode (event);

  model.record = record;
  model.time = self->last_time;
  model.target = draft->target;
  model.form = form;
  model.replaces = draft->kind != TEA_EVENT_REACTED;
  model.number = draft->number;
  if (draft->number != 0)
    {
      author = make_author (draft->key, draft->stream);
      g_return_if_fail (author != NULL);
    }
  else
    {
      author = make_own_author (self, draft->author);
      model.number = ++self->own_number;
    }
  give (self, author, &model, task);
}

/**
 * tea_room_writer_write_finish:
 * @self: a writer
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: the number of the event, also for a repeat; 0 where it was not written, with
 *   @error %TEA_ERROR_TRY_LATER, or %TEA_ERROR_REFUSED where it never will be
 */
guint64
tea_room_writer_write_finish (TeaRoomWriter *self, GAsyncResult *result, GError **error)
{
  g_autofree guint64 *seq = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  seq = g_task_propagate_pointer (G_TASK (result), error);

  return seq != NULL ? *seq : 0;
}

/**
 * tea_room_writer_settle_async:
 * @self: a writer
 * @callback: called when it is so
 * @user_data: for @callback
 *
 * Waits until all that was given before is decided: written and told of, or known not to
 * be, or not known for a while.
 */
void
tea_room_writer_settle_async (TeaRoomWriter *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Settling *settling;

  g_return_if_fail (TEA_IS_ROOM_WRITER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_writer_settle_async);
  if (self->n_undecided == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  settling = g_new0 (Settling, 1);
  settling->place = self->n_given;
  settling->n_undecided = self->n_undecided;
  settling->task = g_steal_pointer (&task);
  g_queue_push_tail (&self->settlings, settling);
}

/**
 * tea_room_writer_settle_finish:
 * @self: a writer
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: %TRUE
 */
gboolean
tea_room_writer_settle_finish (TeaRoomWriter *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  guint64 number;

  if (tea_log_find_finish (TEA_LOG (object), result, &number, NULL, &error))
    g_task_return_pointer (task, g_memdup2 (&number, sizeof number), g_free);
  else
    g_task_return_error (task, tea_room_writer_explain (error));
}

/**
 * tea_room_writer_find_number_async:
 * @self: a writer
 * @key: the fingerprint of a key
 * @stream: one of the programs of that key
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds out how much of what a program said is stored.
 */
void
tea_room_writer_find_number_async (TeaRoomWriter *self,
                                   const char *key,
                                   guint32 stream,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GBytes) author = NULL;
  GTask *task;

  g_return_if_fail (TEA_IS_ROOM_WRITER (self));

  author = make_author (key, stream);
  g_return_if_fail (author != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_writer_find_number_async);
  tea_log_find_async (self->log, author, cancellable, found_cb, task);
}

/**
 * tea_room_writer_find_number_finish:
 * @self: a writer
 * @result: what the callback was given
 * @number: (out): the highest number that is stored; 0 for none
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is %TEA_ERROR_TRY_LATER
 */
gboolean
tea_room_writer_find_number_finish (TeaRoomWriter *self,
                                    GAsyncResult *result,
                                    guint32 *number,
                                    GError **error)
{
  g_autofree guint64 *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  *number = found != NULL ? (guint32) *found : 0;

  return found != NULL;
}

/**
 * tea_room_writer_explain: (skip)
 * @error: an error of a log
 *
 * Returns: (transfer full): what a member may know of it: %TEA_ERROR_REFUSED where the same
 *   will never be stored, %TEA_ERROR_TRY_LATER otherwise
 */
GError *
tea_room_writer_explain (const GError *error)
{
  if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED))
    return g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED, _ ("The server cannot keep this."));

  if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY))
    return g_error_new_literal (TEA_ERROR, TEA_ERROR_TRY_LATER,
                                _ ("The server has too much to do. Try again later."));

  return g_error_new_literal (
      TEA_ERROR, TEA_ERROR_TRY_LATER,
      _ ("The server cannot keep anything now: its disk may be full. Try again later."));
}
