/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-engine.h"

#include <glib/gi18n-lib.h>

#include "tea-room-info.h"
#include "tea-sqlite-check.h"
#include "tea-sqlite-database.h"
#include "tea-sqlite-reader.h"
#include "tea-sqlite-rooms.h"
#include "tea-sqlite-writer.h"

/* How often a failing disk is tried again, and how often the old is looked for. */
#define PROBE_INTERVAL (5 * G_TIME_SPAN_SECOND)
#define RETENTION_INTERVAL (10 * G_TIME_SPAN_MINUTE)

/* How long what was erased may still be found in a file; while somebody reads, it is tried
 * again after as long. */
#define CLEAR_DELAY (30 * G_TIME_SPAN_SECOND)
#define CLEAR_DELAY_IN_HASTE G_TIME_SPAN_SECOND

/* What may wait for the disk; after that one is told to come back. */
#define MAX_WAITING 4096
#define MAX_WAITING_BYTES (16 * 1024 * 1024)

/**
 * TeaSqliteEngine:
 *
 * What a store and all its logs share: the database, the threads that read and write it,
 * and the way back from them. It keeps an eye on how that goes.
 */
struct _TeaSqliteEngine
{
  GObject parent_instance;

  TeaClock *clock;             /* (owned) */
  TeaCalendar *calendar;       /* (owned) (nullable) */
  TeaSqliteInbox *inbox;       /* (owned) */
  TeaSqliteDatabase *database; /* (owned) (nullable): NULL when it is closed */
  TeaSqliteWriter *writer;     /* (owned) (nullable) */
  TeaSqliteReader *reader;     /* (owned) (nullable) */
  TeaSqliteReader *finder;     /* (owned) (nullable): for what may take a while */
  TeaSqliteCheck *check;       /* (owned) (nullable): goes over all of it after the start */
  guint32 latest_room;
  GArray *free_numbers; /* (element-type guint32): below that, but no room has had them */

  TeaSqliteStatus status;
  TeaLogState state;
  char *damage;          /* (owned) (nullable): what was found first that cannot be read */
  TeaTimer *probe_timer; /* (owned) */
  TeaTimer *clear_timer; /* (owned): set while what was erased may be in a file */
  gboolean is_in_haste;  /* somebody waits for that */

  guint n_waiting;
  gsize n_waiting_bytes;

  guint64 n_saves; /* how many jobs that are kept were given to the writer */
  GQueue held;     /* (element-type HeldJob): what is to be read after some of these */

  guint max_days;
  guint64 max_records;
  TeaTimer *retention_timer; /* (owned) */
};

typedef struct
{
  TeaSqliteJob *job;
  guint64 n_saves;
} HeldJob;

typedef struct
{
  TeaSqliteJob parent;

  TeaSqliteEngine *engine; /* (unowned) */
  guint64 first;
} TrimJob;

typedef struct
{
  TeaSqliteJob parent;

  char *lived; /* (owned) */
} CalendarJob;

enum
{
  SIGNAL_TRIMMED,
  SIGNAL_STATE_CHANGED,
  SIGNAL_CLEARED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaSqliteEngine, tea_sqlite_engine, G_TYPE_OBJECT)

static gboolean
run_probe (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_run (
      tea_sqlite_connection_prepare (db, "UPDATE house SET probed = probed + 1"));
}

static const TeaSqliteJobClass probe_class = {
  .size = sizeof (TeaSqliteJob),
  .run = run_probe,
};

/* The operator hears once that something is wrong, and once that it is not any more. */
static void
set_state (TeaSqliteEngine *self, TeaLogState state)
{
  if (self->state == state)
    return;

  if (state == TEA_LOG_DEGRADED)
    g_warning ("%s Nothing is stored, and whoever says something is told to try again",
               self->status.problem);
  else if (state == TEA_LOG_READY)
    g_message ("The database can be written again");

  self->state = state;
  if (state == TEA_LOG_DEGRADED)
    tea_timer_set (self->probe_timer, PROBE_INTERVAL);
  else
    tea_timer_unset (self->probe_timer);

  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
note_damage (TeaSqliteEngine *self, const char *damage)
{
  if (self->damage != NULL)
    return;

  g_warning ("%s", damage);
  self->damage = g_strdup (damage);
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
probe_cb (gpointer user_data)
{
  TeaSqliteEngine *self = user_data;

  tea_sqlite_writer_push (self->writer, tea_sqlite_job_new (&probe_class, NULL));
  tea_timer_set (self->probe_timer, PROBE_INTERVAL);
}

static void
retention_cb (gpointer user_data)
{
  TeaSqliteEngine *self = user_data;
  guint64 today
      = tea_calendar_is_settled (self->calendar) ? tea_calendar_get_today (self->calendar) : 0;

  tea_sqlite_writer_begin_retention (self->writer, today, self->max_days, self->max_records);
  tea_timer_set (self->retention_timer, RETENTION_INTERVAL);
}

static void
clear_cb (gpointer user_data)
{
  TeaSqliteEngine *self = user_data;

  tea_sqlite_writer_begin_clearing (self->writer);
}

static gboolean
run_save_calendar (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, "UPDATE house SET lived = ?1");

  tea_sqlite_bind_text (statement, 1, ((CalendarJob *) job)->lived);

  return tea_sqlite_run (statement);
}

static void
clear_save_calendar (TeaSqliteJob *job)
{
  g_free (((CalendarJob *) job)->lived);
}

static const TeaSqliteJobClass save_calendar_class = {
  .size = sizeof (CalendarJob),
  .run = run_save_calendar,
  .clear = clear_save_calendar,
  .is_kept = TRUE,
};

static void
save_calendar_cb (TeaSqliteEngine *self)
{
  CalendarJob *job = NULL;

  g_assert (TEA_IS_SQLITE_ENGINE (self));

  if (self->writer == NULL)
    return;

  job = tea_sqlite_job_new (&save_calendar_class, NULL);
  job->lived = tea_calendar_save (self->calendar);
  tea_sqlite_engine_write (self, &job->parent);
}

/* What cannot be read or understood is a life that begins. */
static void
load_calendar (TeaSqliteEngine *self)
{
  TeaSqliteConnection *db = tea_sqlite_database_get_writer (self->database);
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, "SELECT lived FROM house");
  g_autofree char *lived = NULL;

  if (sqlite3_step (statement) == SQLITE_ROW)
    lived = g_strdup (tea_sqlite_column_text (statement, 0));
  sqlite3_reset (statement);

  self->calendar = tea_calendar_new (self->clock, lived);
  g_signal_connect_object (self->calendar, "changed", G_CALLBACK (save_calendar_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
finish_trim (TeaSqliteJob *job)
{
  TrimJob *self = (TrimJob *) job;

  g_signal_emit (self->engine, signals[SIGNAL_TRIMMED], 0, job->room, self->first);
  tea_sqlite_job_free (job);
}

static const TeaSqliteJobClass trim_class = {
  .size = sizeof (TrimJob),
  .finish = finish_trim,
};

/* In the writer's thread. */
static void
trimmed (guint32 room, guint64 first, gpointer user_data)
{
  TeaSqliteEngine *self = user_data;
  g_autoptr (GPtrArray) news = g_ptr_array_new ();
  TrimJob *job = tea_sqlite_job_new (&trim_class, NULL);

  job->engine = self;
  job->parent.room = room;
  job->first = first;
  g_ptr_array_add (news, job);
  tea_sqlite_inbox_put (self->inbox, news, NULL);
}

static void
release_held (TeaSqliteEngine *self)
{
  HeldJob *held = NULL;

  while ((held = g_queue_peek_head (&self->held)) != NULL && held->n_saves <= self->status.n_saved)
    {
      tea_sqlite_reader_push (self->reader, held->job);
      g_free (g_queue_pop_head (&self->held));
    }
}

static void
checked_cb (gpointer user_data)
{
  TeaSqliteEngine *self = user_data;

  g_clear_pointer (&self->check, tea_sqlite_check_free);
}

static gboolean
inbox_cb (gpointer user_data)
{
  g_autoptr (TeaSqliteEngine) self = g_object_ref (user_data);
  gboolean had_erased = self->status.has_erased;
  g_autoptr (GPtrArray) jobs = tea_sqlite_inbox_take (self->inbox, &self->status);

  if (self->state != TEA_LOG_OFFLINE)
    set_state (self, self->status.works ? TEA_LOG_READY : TEA_LOG_DEGRADED);

  for (guint i = 0; i < jobs->len; i++)
    {
      TeaSqliteJob *job = g_ptr_array_index (jobs, i);

      if (job->damage != NULL)
        note_damage (self, job->damage);
      tea_sqlite_job_come_back (job);
    }

  if (self->reader != NULL)
    release_held (self);
  if (self->writer != NULL && self->status.has_erased && tea_timer_get_due (self->clear_timer) == 0)
    tea_timer_set (self->clear_timer, self->is_in_haste ? CLEAR_DELAY_IN_HASTE : CLEAR_DELAY);
  if (had_erased && !self->status.has_erased)
    {
      self->is_in_haste = FALSE;
      g_signal_emit (self, signals[SIGNAL_CLEARED], 0);
    }

  return G_SOURCE_CONTINUE;
}

static void
tea_sqlite_engine_dispose (GObject *object)
{
  TeaSqliteEngine *self = TEA_SQLITE_ENGINE (object);

  if (self->clock != NULL)
    tea_sqlite_engine_close (self);
  g_clear_pointer (&self->probe_timer, tea_timer_free);
  g_clear_pointer (&self->clear_timer, tea_timer_free);
  g_clear_pointer (&self->retention_timer, tea_timer_free);
  g_clear_object (&self->calendar);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_sqlite_engine_parent_class)->dispose (object);
}

static void
tea_sqlite_engine_finalize (GObject *object)
{
  TeaSqliteEngine *self = TEA_SQLITE_ENGINE (object);

  tea_sqlite_inbox_free (self->inbox);
  g_array_unref (self->free_numbers);
  g_free (self->status.problem);
  g_free (self->damage);

  G_OBJECT_CLASS (tea_sqlite_engine_parent_class)->finalize (object);
}

static void
tea_sqlite_engine_class_init (TeaSqliteEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_sqlite_engine_dispose;
  object_class->finalize = tea_sqlite_engine_finalize;

  /**
   * TeaSqliteEngine::trimmed:
   * @self: the engine
   * @room: a room
   * @first: the first number that is kept in its log now
   *
   * Something old was removed.
   */
  signals[SIGNAL_TRIMMED]
      = g_signal_new ("trimmed", TEA_TYPE_SQLITE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT64);
  /**
   * TeaSqliteEngine::state-changed:
   * @self: the engine
   *
   * Writing works again, or does not any more, or something was found to be damaged.
   */
  signals[SIGNAL_STATE_CHANGED]
      = g_signal_new ("state-changed", TEA_TYPE_SQLITE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 0);
  /**
   * TeaSqliteEngine::cleared:
   * @self: the engine
   *
   * Nothing that was erased is in a file any more.
   */
  signals[SIGNAL_CLEARED] = g_signal_new ("cleared", TEA_TYPE_SQLITE_ENGINE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_sqlite_engine_init (TeaSqliteEngine *self)
{
  self->inbox = tea_sqlite_inbox_new (inbox_cb, self);
  self->state = TEA_LOG_OFFLINE;
  self->status.works = TRUE;
  self->free_numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_queue_init (&self->held);
}

/**
 * tea_sqlite_engine_open:
 * @directory: the folder of the database, made if need be
 * @clock: the clock of the house
 * @error: return location for a #GError
 *
 * Opens the database of a folder. This blocks, but not longer for a large one than for a
 * small one, unless an older version of the program has written it.
 *
 * Returns: (transfer full): an engine, or %NULL, and @error is %TEA_LOG_ERROR_IN_USE,
 *   %TEA_LOG_ERROR_DAMAGED, %TEA_LOG_ERROR_FOREIGN or %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaSqliteEngine *
tea_sqlite_engine_open (const char *directory, TeaClock *clock, GError **error)
{
  g_autoptr (TeaSqliteEngine) self = g_object_new (TEA_TYPE_SQLITE_ENGINE, NULL);
  TeaSqliteConnection *db = NULL;
  g_autofree char *warning = NULL;

  self->clock = g_object_ref (clock);
  self->probe_timer = tea_timer_new (clock, probe_cb, self);
  self->clear_timer = tea_timer_new (clock, clear_cb, self);
  self->retention_timer = tea_timer_new (clock, retention_cb, self);
  self->database = tea_sqlite_database_open (directory, error);
  if (self->database == NULL)
    return NULL;

  load_calendar (self);
  db = tea_sqlite_database_get_writer (self->database);
  if (!tea_sqlite_rooms_load_latest (db, &self->latest_room))
    {
      tea_sqlite_connection_set_error (db, error);
      return NULL;
    }

  self->reader = tea_sqlite_reader_new (tea_sqlite_engine_get_path (self), self->inbox, error);
  if (self->reader == NULL)
    return NULL;

  self->finder = tea_sqlite_reader_new (tea_sqlite_engine_get_path (self), self->inbox, error);
  if (self->finder == NULL)
    return NULL;

  self->writer = tea_sqlite_writer_new (db, self->inbox, trimmed, self);
  self->check
      = tea_sqlite_check_new (tea_sqlite_engine_get_path (self), self->inbox, checked_cb, self);
  self->state = TEA_LOG_READY;

  warning = tea_sqlite_database_steal_warning (self->database);
  if (warning != NULL)
    note_damage (self, warning);

  return g_steal_pointer (&self);
}

static void
answer_held (TeaSqliteEngine *self)
{
  HeldJob *held = NULL;

  while ((held = g_queue_pop_head (&self->held)) != NULL)
    {
      tea_sqlite_reader_push (self->reader, held->job);
      g_free (held);
    }
}

/**
 * tea_sqlite_engine_close:
 * @self: an engine
 *
 * Closes the database: what was asked before is still done and answered, what comes later
 * is refused. This blocks until all is on the disk.
 */
void
tea_sqlite_engine_close (TeaSqliteEngine *self)
{
  g_return_if_fail (TEA_IS_SQLITE_ENGINE (self));

  tea_timer_unset (self->probe_timer);
  tea_timer_unset (self->clear_timer);
  tea_timer_unset (self->retention_timer);
  g_clear_pointer (&self->check, tea_sqlite_check_free);
  if (self->reader != NULL)
    answer_held (self);
  save_calendar_cb (self);

  /* The writer is the last: it leaves the write-ahead log empty, as who closes properly
   * does. */
  g_clear_pointer (&self->finder, tea_sqlite_reader_free);
  g_clear_pointer (&self->reader, tea_sqlite_reader_free);
  g_clear_pointer (&self->writer, tea_sqlite_writer_free);
  g_clear_pointer (&self->database, tea_sqlite_database_free);
  set_state (self, TEA_LOG_OFFLINE);
}

/**
 * tea_sqlite_engine_get_clock:
 * @self: an engine
 *
 * Returns: (transfer none): its clock
 */
TeaClock *
tea_sqlite_engine_get_clock (TeaSqliteEngine *self)
{
  return self->clock;
}

/**
 * tea_sqlite_engine_get_calendar:
 * @self: an engine
 *
 * Returns: (transfer none): which day of the house's life it is
 */
TeaCalendar *
tea_sqlite_engine_get_calendar (TeaSqliteEngine *self)
{
  return self->calendar;
}

/**
 * tea_sqlite_engine_get_path:
 * @self: an engine that is not closed
 *
 * Returns: (transfer none): the file of the database
 */
const char *
tea_sqlite_engine_get_path (TeaSqliteEngine *self)
{
  return tea_sqlite_database_get_path (self->database);
}

/**
 * tea_sqlite_engine_take_number:
 * @self: an engine
 *
 * Returns: a number that no room has had; 0 when there is none left
 */
guint32
tea_sqlite_engine_take_number (TeaSqliteEngine *self)
{
  if (self->free_numbers->len > 0)
    {
      guint32 number = g_array_index (self->free_numbers, guint32, self->free_numbers->len - 1);

      g_array_set_size (self->free_numbers, self->free_numbers->len - 1);
      return number;
    }

  return self->latest_room < TEA_ROOM_INFO_MAX_NUMBER ? ++self->latest_room : 0;
}

/**
 * tea_sqlite_engine_get_latest_number:
 * @self: an engine
 *
 * Returns: the highest number that was ever taken
 */
guint32
tea_sqlite_engine_get_latest_number (TeaSqliteEngine *self)
{
  return self->latest_room;
}

/**
 * tea_sqlite_engine_note_number:
 * @self: an engine
 * @number: a number that was given to a room in another way
 *
 * Takes note that it is taken, with all below it.
 */
void
tea_sqlite_engine_note_number (TeaSqliteEngine *self, guint32 number)
{
  self->latest_room = MAX (self->latest_room, number);
}

/**
 * tea_sqlite_engine_give_number_back:
 * @self: an engine
 * @number: a number that was taken, but not used
 *
 * Lets another room have it.
 */
void
tea_sqlite_engine_give_number_back (TeaSqliteEngine *self, guint32 number)
{
  g_array_append_val (self->free_numbers, number);
}

/**
 * tea_sqlite_engine_get_state:
 * @self: an engine
 *
 * Returns: how it is
 */
TeaLogState
tea_sqlite_engine_get_state (TeaSqliteEngine *self)
{
  return self->state;
}

/**
 * tea_sqlite_engine_get_load:
 * @self: an engine
 *
 * Returns: what the disk has had to do
 */
TeaStoreLoad
tea_sqlite_engine_get_load (TeaSqliteEngine *self)
{
  TeaStoreLoad load = self->status.load;

  load.n_waiting = self->n_waiting;

  return load;
}

/**
 * tea_sqlite_engine_dup_problem:
 * @self: an engine
 *
 * Returns: (transfer full) (nullable): what is wrong, in words for the operator
 */
char *
tea_sqlite_engine_dup_problem (TeaSqliteEngine *self)
{
  return g_strdup (self->state == TEA_LOG_DEGRADED ? self->status.problem : self->damage);
}

/**
 * tea_sqlite_engine_new_task:
 * @self: an engine
 * @source: who is asked
 * @source_tag: what for
 * @cancellable: (nullable): to not begin with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Begins a question. One that cannot be put any more is answered at once.
 *
 * Returns: (transfer full) (nullable): the question; %NULL when it is answered already
 */
GTask *
tea_sqlite_engine_new_task (TeaSqliteEngine *self,
                            gpointer source,
                            gpointer source_tag,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return NULL;

  if (self->database == NULL)
    {
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               _ ("The room has been closed."));
      return NULL;
    }

  return g_steal_pointer (&task);
}

/**
 * tea_sqlite_engine_finish_task:
 * @source: who was asked
 * @result: what the callback was given
 * @source_tag: what for
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): the job that it was; %NULL with @error
 */
gpointer
tea_sqlite_engine_finish_task (gpointer source,
                               GAsyncResult *result,
                               gpointer source_tag,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_task_get_task_data (G_TASK (result));
}

static void
run_in_thread_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * tea_sqlite_engine_run_in_thread:
 * @task: (transfer full): a question, with its data
 * @func: what answers it; it is given a task of its own, without a source, and the data
 *
 * Answers a question in a thread of its own: it takes long, and everybody else goes on
 * reading and writing. The thread holds its task a moment longer than the answer takes, and
 * so must not hold the source by it, which would then be finalized there.
 */
void
tea_sqlite_engine_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  g_autoptr (GTask) work = g_task_new (NULL, g_task_get_cancellable (task), run_in_thread_cb, task);

  g_task_set_source_tag (work, tea_sqlite_engine_run_in_thread);
  g_task_set_check_cancellable (work, FALSE);
  g_task_set_task_data (work, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (work, func);
}

/**
 * tea_sqlite_engine_reserve:
 * @self: an engine
 * @size: how many bytes are to wait for the disk
 *
 * Takes a place among what waits for the disk; tea_sqlite_engine_release() gives it back.
 *
 * Returns: whether there was one
 */
gboolean
tea_sqlite_engine_reserve (TeaSqliteEngine *self, gsize size)
{
  if (self->n_waiting >= MAX_WAITING || self->n_waiting_bytes + size > MAX_WAITING_BYTES)
    return FALSE;

  self->n_waiting++;
  self->n_waiting_bytes += size;

  return TRUE;
}

/**
 * tea_sqlite_engine_release:
 * @self: an engine
 * @size: how many bytes were to wait
 *
 * Gives back a place.
 */
void
tea_sqlite_engine_release (TeaSqliteEngine *self, gsize size)
{
  self->n_waiting--;
  self->n_waiting_bytes -= size;
}

/**
 * tea_sqlite_engine_write:
 * @self: an engine that is not closed
 * @job: (transfer full): what to do, after all that was given before
 *
 * Lets the writer do something.
 */
void
tea_sqlite_engine_write (TeaSqliteEngine *self, TeaSqliteJob *job)
{
  self->n_saves += job->klass->is_kept;
  tea_sqlite_writer_push (self->writer, job);
}

/**
 * tea_sqlite_engine_read:
 * @self: an engine that is not closed
 * @job: (transfer full): what to do
 *
 * Lets the reader do something.
 */
void
tea_sqlite_engine_read (TeaSqliteEngine *self, TeaSqliteJob *job)
{
  tea_sqlite_reader_push (self->reader, job);
}

/**
 * tea_sqlite_engine_find:
 * @self: an engine that is not closed
 * @job: (transfer full): what to do
 *
 * Lets somebody else than the reader do something that may take a while.
 */
void
tea_sqlite_engine_find (TeaSqliteEngine *self, TeaSqliteJob *job)
{
  tea_sqlite_reader_push (self->finder, job);
}

/**
 * tea_sqlite_engine_read_after_saves:
 * @self: an engine that is not closed
 * @job: (transfer full): what to do
 *
 * Lets the reader do something when all that nobody is answered for was tried that was
 * given before.
 */
void
tea_sqlite_engine_read_after_saves (TeaSqliteEngine *self, TeaSqliteJob *job)
{
  HeldJob *held = NULL;

  if (self->status.n_saved >= self->n_saves)
    {
      tea_sqlite_reader_push (self->reader, job);
      return;
    }

  held = g_new (HeldJob, 1);
  held->job = job;
  held->n_saves = self->n_saves;
  g_queue_push_tail (&self->held, held);
}

/**
 * tea_sqlite_engine_set_retention:
 * @self: an engine
 * @max_days: how many days records are kept where a room says nothing else; 0 for all
 * @max_records: how many are kept there; 0 for all
 *
 * Tells what to keep.
 */
void
tea_sqlite_engine_set_retention (TeaSqliteEngine *self, guint max_days, guint64 max_records)
{
  self->max_days = max_days;
  self->max_records = MIN (max_records, G_MAXINT64);
  tea_sqlite_engine_retain_now (self);
}

/**
 * tea_sqlite_engine_clear_now:
 * @self: an engine
 *
 * Lets the writer take what was erased out of the files, soon;
 * [signal@Tea.SqliteEngine::cleared] tells when it is.
 *
 * Returns: whether there is anything
 */
gboolean
tea_sqlite_engine_clear_now (TeaSqliteEngine *self)
{
  if (!self->status.has_erased)
    return FALSE;

  self->is_in_haste = TRUE;
  tea_timer_unset (self->clear_timer);
  tea_sqlite_writer_begin_clearing (self->writer);

  return TRUE;
}

/**
 * tea_sqlite_engine_retain_now:
 * @self: an engine
 *
 * Lets the writer look for what is to be removed, soon.
 */
void
tea_sqlite_engine_retain_now (TeaSqliteEngine *self)
{
  if (self->database != NULL)
    tea_timer_set (self->retention_timer, 0);
}
