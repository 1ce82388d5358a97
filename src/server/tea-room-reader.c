/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-reader.h"

#include "tea-event-data.h"
#include "tea-event-record.h"
#include "tea-recent-events.h"

/* How much is read at a time. */
#define READ_EVENTS 1000
#define READ_BYTES (1024 * 1024)

/* Of so many people it is known that what they said is not to be told any more: the log is done
   with those of before. */
#define MAX_ERASURES 64

/**
 * TeaRoomReader:
 *
 * Reads a room's log: follows its end, keeps the latest events in memory, and reads ranges
 * of older ones.
 */
struct _TeaRoomReader
{
  GObject parent_instance;

  TeaLog *log;             /* (owned) */
  GSignalGroup *following; /* (owned): the log, while it is followed */
  TeaRecentEvents recent;
  GPtrArray *erasures; /* (element-type Erasure) */
  guint64 head;        /* the latest number that was told of */
};

/* What somebody said goes with them: it is not told any more, however long it takes until the log
   has it no more. */
typedef struct
{
  TeaSentOut sent_out;
  guint64 to;
} Erasure;

typedef struct
{
  guint64 from;
  guint64 to;
  gsize max_bytes;
  guint64 next;
} Range;

G_DEFINE_FINAL_TYPE (TeaRoomReader, tea_room_reader, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_AMENDED,
  SIGNAL_ERASED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What a message has become is told right after its change, or, where the log did not know whether
   that was stored, some time later. */
static void
note_change (TeaRoomReader *self, TeaEvent *event)
{
  guint64 target = tea_event_get_target (event);
  TeaEvent *message = NULL;

  if (!tea_event_kind_amends (tea_event_get_kind (event)))
    return;

  message = tea_recent_events_find (&self->recent, target);
  if (message != NULL && tea_event_get_version (message) < tea_event_get_seq (event))
    tea_recent_events_distrust (&self->recent, target);
}

static void
erasure_free (gpointer data)
{
  Erasure *self = data;

  tea_sent_out_clear (&self->sent_out);
  g_free (self);
}

static void
note_erasure (TeaRoomReader *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  Erasure *erasure = NULL;
  guint64 seq;

  if (tea_event_get_kind (event) != TEA_EVENT_SENT_OUT
      || !tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out)
      || sent_out.erase == 0)
    return;

  /* What was pushed a moment ago comes along with what follows it, but for this. */
  while ((seq = tea_recent_events_find_erased (&self->recent, &sent_out)) != 0)
    tea_room_reader_forget (self, seq);

  erasure = g_new0 (Erasure, 1);
  erasure->sent_out = sent_out;
  erasure->to = tea_event_get_seq (event);
  sent_out = (TeaSentOut) TEA_SENT_OUT_INIT;
  if (self->erasures->len == MAX_ERASURES)
    g_ptr_array_remove_index (self->erasures, 0);
  g_ptr_array_add (self->erasures, erasure);
}

static gboolean
is_erased (TeaRoomReader *self, TeaEvent *event)
{
  for (guint i = 0; i < self->erasures->len; i++)
    {
      const Erasure *erasure = g_ptr_array_index (self->erasures, i);

      if (tea_event_get_seq (event) <= erasure->to
          && tea_sent_out_erases (&erasure->sent_out, event))
        return TRUE;
    }

  return FALSE;
}

static void
take (TeaRoomReader *self, guint64 seq, guint64 version, GBytes *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaEvent) event = tea_event_record_decode (seq, version, record, &error);

  self->head = seq;
  if (event == NULL)
    {
      g_warning ("Event %" G_GUINT64_FORMAT " cannot be read: %s", seq, error->message);
      return;
    }

  tea_recent_events_add (&self->recent, event);
  note_change (self, event);
  note_erasure (self, event);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
appended_cb (TeaRoomReader *self, guint64 seq, guint64 version, GBytes *record)
{
  g_assert (TEA_IS_ROOM_READER (self));

  if (seq > self->head)
    take (self, seq, version, record);
}

static void
amended_cb (TeaRoomReader *self, guint64 target, guint64 version, GBytes *form)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaEvent) event = tea_event_record_decode (target, version, form, &error);
  TeaEvent *change = NULL;
  guint64 edit;

  g_assert (TEA_IS_ROOM_READER (self));

  if (event == NULL)
    {
      g_warning ("Event %" G_GUINT64_FORMAT " cannot be read: %s", target, error->message);
      return;
    }

  change = tea_recent_events_find (&self->recent, version);
  if (change == NULL || tea_event_get_kind (change) != TEA_EVENT_REACTED)
    while ((edit = tea_recent_events_find_edit (&self->recent, target, version)) != 0)
      tea_room_reader_forget (self, edit);
  tea_recent_events_replace (&self->recent, event);
  if (!is_erased (self, event))
    g_signal_emit (self, signals[SIGNAL_AMENDED], 0, event);
}

static void
tea_room_reader_finalize (GObject *object)
{
  TeaRoomReader *self = TEA_ROOM_READER (object);

  g_object_unref (self->following);
  tea_recent_events_clear (&self->recent);
  g_ptr_array_unref (self->erasures);
  g_object_unref (self->log);

  G_OBJECT_CLASS (tea_room_reader_parent_class)->finalize (object);
}

static void
tea_room_reader_class_init (TeaRoomReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_room_reader_finalize;

  /**
   * TeaRoomReader::event:
   * @self: the reader
   * @event: what happened
   *
   * The log holds an event. Each comes once, in ascending order.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_ROOM_READER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaRoomReader::amended:
   * @self: the reader
   * @event: what an event is now
   *
   * An earlier event has changed. [signal@Tea.RoomReader::event] has told by what.
   */
  signals[SIGNAL_AMENDED] = g_signal_new ("amended", TEA_TYPE_ROOM_READER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaRoomReader::erased:
   * @self: the reader
   * @seq: a number
   *
   * Nothing is in the log any more under that number.
   */
  signals[SIGNAL_ERASED] = g_signal_new ("erased", TEA_TYPE_ROOM_READER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
tea_room_reader_init (TeaRoomReader *self)
{
  self->erasures = g_ptr_array_new_with_free_func (erasure_free);
  self->following = g_signal_group_new (TEA_TYPE_LOG);
  g_signal_group_connect_swapped (self->following, "appended", G_CALLBACK (appended_cb), self);
  g_signal_group_connect_swapped (self->following, "amended", G_CALLBACK (amended_cb), self);
}

/**
 * tea_room_reader_new:
 * @log: what to read
 *
 * Returns: (transfer full): a reader that has read nothing yet
 */
TeaRoomReader *
tea_room_reader_new (TeaLog *log)
{
  TeaRoomReader *self;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);

  self = g_object_new (TEA_TYPE_ROOM_READER, NULL);
  self->log = g_object_ref (log);

  return self;
}

static void replay (GTask *task);

static void
replayed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoomReader *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean reached_head = FALSE;
  guint64 next;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);
  if (entries == NULL)
    {
      /* Retention was there before us. */
      if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED)
          && tea_log_get_first (self->log) > self->head + 1)
        {
          self->head = tea_log_get_first (self->log) - 1;
          replay (g_steal_pointer (&task));
          return;
        }

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < entries->len; i++)
    {
      TeaLogEntry *entry = g_ptr_array_index (entries, i);

      take (self, entry->seq, entry->version, entry->record);
    }

  self->head = MAX (self->head, next - 1);
  if (reached_head)
    g_task_return_boolean (task, TRUE);
  else
    replay (g_steal_pointer (&task));
}

static void
replay (GTask *task)
{
  TeaRoomReader *self = g_task_get_source_object (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  tea_log_read_async (self->log, self->head + 1, READ_EVENTS, READ_BYTES,
                      g_task_get_cancellable (task), replayed_cb, task);
}

/**
 * tea_room_reader_replay_async:
 * @self: a reader that has read nothing yet
 * @from: the first number
 * @cancellable: (nullable): to give up with
 * @callback: called at the end of the log
 * @user_data: for @callback
 *
 * Reads the log from a number on, and tells of each event by [signal@Tea.RoomReader::event].
 */
void
tea_room_reader_replay_async (TeaRoomReader *self,
                              guint64 from,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_ROOM_READER (self));
  g_return_if_fail (from > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_reader_replay_async);
  self->head = MAX (from, tea_log_get_first (self->log)) - 1;
  replay (task);
}

/**
 * tea_room_reader_replay_finish:
 * @self: a reader
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all was read; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_room_reader_replay_finish (TeaRoomReader *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_room_reader_follow:
 * @self: a reader
 *
 * Tells by [signal@Tea.RoomReader::event] of everything that comes after what was read.
 */
void
tea_room_reader_follow (TeaRoomReader *self)
{
  g_return_if_fail (TEA_IS_ROOM_READER (self));

  g_signal_group_set_target (self->following, self->log);
  tea_log_subscribe (self->log, self->head + 1);
}

/**
 * tea_room_reader_close:
 * @self: a reader
 *
 * Tells of nothing any more.
 */
void
tea_room_reader_close (TeaRoomReader *self)
{
  g_return_if_fail (TEA_IS_ROOM_READER (self));

  g_signal_group_set_target (self->following, NULL);
}

/**
 * tea_room_reader_get_first:
 * @self: a reader
 *
 * Returns: the number before which nothing is kept, at most one above the head
 */
guint64
tea_room_reader_get_first (TeaRoomReader *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_READER (self), 1);

  return MIN (tea_log_get_first (self->log), self->head + 1);
}

/**
 * tea_room_reader_get_head:
 * @self: a reader
 *
 * Returns: the number of the latest event that was told of; 0 before the first
 */
guint64
tea_room_reader_get_head (TeaRoomReader *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_READER (self), 0);

  return self->head;
}

/**
 * tea_room_reader_get_epoch:
 * @self: a reader
 *
 * Returns: the epoch in which its numbers mean something
 */
guint64
tea_room_reader_get_epoch (TeaRoomReader *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_READER (self), 0);

  return tea_log_get_epoch (self->log);
}

/**
 * tea_room_reader_peek:
 * @self: a reader
 * @seq: a number
 *
 * Returns: (transfer none) (nullable): the event of that number, if it is one of the latest
 */
TeaEvent *
tea_room_reader_peek (TeaRoomReader *self, guint64 seq)
{
  TeaEvent *event = NULL;

  g_return_val_if_fail (TEA_IS_ROOM_READER (self), NULL);

  event = tea_recent_events_find (&self->recent, seq);

  return event != NULL && !is_erased (self, event) ? event : NULL;
}

/**
 * tea_room_reader_forget:
 * @self: a reader
 * @seq: the number of an event that was erased
 *
 * Keeps nothing in memory of what is gone from the log, and tells of that by
 * [signal@Tea.RoomReader::erased].
 */
void
tea_room_reader_forget (TeaRoomReader *self, guint64 seq)
{
  guint64 edit;

  g_return_if_fail (TEA_IS_ROOM_READER (self));

  while ((edit = tea_recent_events_find_edit (&self->recent, seq, G_MAXUINT64)) != 0)
    {
      tea_recent_events_remove (&self->recent, edit);
      g_signal_emit (self, signals[SIGNAL_ERASED], 0, edit);
    }
  tea_recent_events_remove (&self->recent, seq);
  g_signal_emit (self, signals[SIGNAL_ERASED], 0, seq);
}

/**
 * tea_room_reader_forget_person:
 * @self: a reader
 * @key: the fingerprint of a key
 *
 * Keeps nothing in memory of what its owner said, after it is gone from the log; the rest is read
 * from there again.
 */
void
tea_room_reader_forget_person (TeaRoomReader *self, const char *key)
{
  guint64 from;

  g_return_if_fail (TEA_IS_ROOM_READER (self));
  g_return_if_fail (key != NULL);

  from = self->head > TEA_RECENT_EVENTS_MAX ? self->head - TEA_RECENT_EVENTS_MAX : 1;
  for (guint64 seq = from; seq <= self->head; seq++)
    {
      TeaEvent *event = tea_recent_events_find (&self->recent, seq);

      if (event != NULL && g_strcmp0 (tea_event_get_key (event), key) == 0)
        tea_room_reader_forget (self, seq);
    }
  tea_recent_events_clear (&self->recent);
}

static void read_from_log (GTask *task);

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoomReader *self = g_task_get_source_object (task);
  Range *range = g_task_get_task_data (task);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean reached_head = FALSE;
  guint64 next = 0;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);
  if (entries == NULL && g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED)
      && tea_log_get_first (self->log) > range->from)
    {
      range->from = tea_log_get_first (self->log);
      read_from_log (g_steal_pointer (&task));
      return;
    }

  if (entries == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  for (guint i = 0; i < entries->len; i++)
    {
      TeaLogEntry *entry = g_ptr_array_index (entries, i);
      TeaEvent *event = NULL;

      if (entry->seq <= range->to)
        event = tea_event_record_decode (entry->seq, entry->version, entry->record, NULL);
      if (event != NULL)
        g_ptr_array_add (events, event);
    }

  range->next = reached_head ? range->to + 1 : MIN (next, range->to + 1);
  g_task_return_pointer (task, g_steal_pointer (&events), (GDestroyNotify) g_ptr_array_unref);
}

static void
read_from_log (GTask *task)
{
  TeaRoomReader *self = g_task_get_source_object (task);
  Range *range = g_task_get_task_data (task);

  if (range->from > range->to)
    {
      range->next = range->from;
      g_task_return_pointer (task,
                             g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref),
                             (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }

  tea_log_read_async (self->log, range->from,
                      (guint) MIN (range->to - range->from + 1, READ_EVENTS), range->max_bytes,
                      g_task_get_cancellable (task), read_cb, task);
}

/**
 * tea_room_reader_read_async:
 * @self: a reader
 * @from: the first number
 * @to: the last number, not below @from
 * @max_bytes: how many bytes the events may have together, but for the first
 * @cancellable: (nullable): to give up with
 * @callback: called with the events
 * @user_data: for @callback
 *
 * Reads what has happened: from memory where it was lately, otherwise from the log.
 */
void
tea_room_reader_read_async (TeaRoomReader *self,
                            guint64 from,
                            guint64 to,
                            gsize max_bytes,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) events = NULL;
  Range *range;

  g_return_if_fail (TEA_IS_ROOM_READER (self));
  g_return_if_fail (from <= to);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_reader_read_async);

  range = g_new0 (Range, 1);
  range->from = MAX (from, tea_log_get_first (self->log));
  range->to = MIN (to, self->head);
  range->max_bytes = max_bytes;
  g_task_set_task_data (task, range, g_free);

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  if (range->from <= range->to
      && tea_recent_events_read (&self->recent, range->from, range->to, max_bytes, events,
                                 &range->next))
    g_task_return_pointer (task, g_steal_pointer (&events), (GDestroyNotify) g_ptr_array_unref);
  else
    read_from_log (g_steal_pointer (&task));
}

/**
 * tea_room_reader_read_finish:
 * @self: a reader
 * @result: what the callback was given
 * @next: (out) (optional): the number to go on from: up to there, numbers without an
 *   event have none
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaEvent): the events, in ascending order; or
 *   %NULL, with @error of the %TEA_LOG_ERROR domain
 */
GPtrArray *
tea_room_reader_read_finish (TeaRoomReader *self,
                             GAsyncResult *result,
                             guint64 *next,
                             GError **error)
{
  GPtrArray *events = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (next != NULL)
    *next = ((Range *) g_task_get_task_data (G_TASK (result)))->next;

  events = g_task_propagate_pointer (G_TASK (result), error);
  for (guint i = events != NULL ? events->len : 0; i > 0 && self->erasures->len > 0; i--)
    if (is_erased (self, g_ptr_array_index (events, i - 1)))
      g_ptr_array_remove_index (events, i - 1);

  return events;
}
