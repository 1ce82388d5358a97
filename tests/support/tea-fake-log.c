/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-log.h"

#include "tea-log-archive.h"
#include "tea-name.h"

#define MAX_WAITING 64
#define RETENTION_INTERVAL (30 * G_TIME_SPAN_SECOND)

typedef struct
{
  guint64 seq;
  GBytes *author;
  guint64 number;
  gint64 time;
  GBytes *record; /* (nullable): NULL once it is erased */
} Record;

typedef struct
{
  guint64 number;
  guint64 seq;
} Author;

struct _TeaFakeDisk
{
  guint64 epoch;
  guint64 first;
  guint64 head;
  GPtrArray *records;  /* (element-type Record): in ascending order */
  GHashTable *authors; /* (element-type GBytes Author) */
  GHashTable *roll;    /* (element-type utf8 TeaRollEntry): by folded name */
  guint64 as_of;

  TeaFakeDiskFunc stored; /* (nullable) */
  gpointer stored_data;
};

typedef enum
{
  APPEND,
  FIND,
  READ,
  ERASE,
  RENEW_EPOCH,
  EXPORT,
  IMPORT,
  LOAD,
  SAVE,
  NEWS,
} StepKind;

/* Something that is being done: it is done at one moment, and answered at a later one. */
typedef struct
{
  TeaFakeLog *log; /* (unowned) */
  GTask *task;     /* (owned) (nullable) */
  TeaTimer *timer;
  StepKind kind;
  gboolean is_done;

  GBytes *author;
  guint64 number;
  GBytes *record;
  guint64 seq;
  guint64 head;
  guint max_records;
  gsize max_bytes;
  GPtrArray *changed;
  GStrv removed;
  GObject *stream;
  gboolean is_stored; /* it is not always, when an error is the answer */

  GError *error;
  gboolean was_there;
  GPtrArray *found;
  gboolean reached_head;
} Step;

/**
 * TeaFakeLog:
 *
 * A log in memory that does all that a log may do, and more often than any other: there are
 * holes, it answers late, wrongly says that it does not know, and hears of its own news
 * twice. All chance comes from one source, all time from one clock; its answers come
 * through the main context, which has to be iterated after the clock has gone on.
 */
struct _TeaFakeLog
{
  GObject parent_instance;

  TeaFakeDisk *disk;
  TeaClock *clock;
  GRand *random;
  const TeaFakeFaults *faults; /* (unowned) */

  GPtrArray *steps; /* (element-type Step) */
  gint64 latest_commit;
  gint64 latest_save;

  guint64 head; /* what is known of it here */
  TeaLogState state;
  guint64 next; /* 0 without a subscriber */

  GTimeSpan max_age;
  guint64 max_records;
  TeaTimer *retention_timer;
};

static void tea_fake_log_log_init (TeaLogInterface *iface);
static void tea_fake_log_roll_store_init (TeaRollStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaFakeLog,
                               tea_fake_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LOG, tea_fake_log_log_init)
                                   G_IMPLEMENT_INTERFACE (TEA_TYPE_ROLL_STORE,
                                                          tea_fake_log_roll_store_init))

static void
record_free (gpointer data)
{
  Record *self = data;

  g_bytes_unref (self->author);
  g_clear_pointer (&self->record, g_bytes_unref);
  g_free (self);
}

static guint64
random_epoch (GRand *random)
{
  return ((guint64) g_rand_int (random) << 31 | g_rand_int (random) >> 1) + 1;
}

static void
disk_clear (gpointer data)
{
  TeaFakeDisk *self = data;

  g_ptr_array_unref (self->records);
  g_hash_table_unref (self->authors);
  g_hash_table_unref (self->roll);
}

static void
disk_init (TeaFakeDisk *self)
{
  self->records = g_ptr_array_new_with_free_func (record_free);
  self->authors
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, g_free);
  self->roll = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) tea_roll_entry_free);
}

/**
 * tea_fake_disk_new:
 * @first: the number that its first record will have
 * @random: where its epoch comes from
 *
 * Returns: (transfer full): an empty disk
 */
TeaFakeDisk *
tea_fake_disk_new (guint64 first, GRand *random)
{
  TeaFakeDisk *self = g_rc_box_new0 (TeaFakeDisk);

  disk_init (self);
  self->epoch = random_epoch (random);
  self->first = first;

  return self;
}

TeaFakeDisk *
tea_fake_disk_ref (TeaFakeDisk *self)
{
  return g_rc_box_acquire (self);
}

void
tea_fake_disk_unref (TeaFakeDisk *self)
{
  g_rc_box_release_full (self, disk_clear);
}

/**
 * tea_fake_disk_get_head:
 * @self: a disk
 *
 * Returns: the number of the latest record that is really there
 */
guint64
tea_fake_disk_get_head (TeaFakeDisk *self)
{
  return self->head;
}

/* The index of the first record from a number on. */
static guint
disk_find (TeaFakeDisk *self, guint64 seq)
{
  guint low = 0;
  guint high = self->records->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Record *record = g_ptr_array_index (self->records, middle);

      if (record->seq < seq)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/**
 * tea_fake_disk_peek_next:
 * @self: a disk
 * @from: a number
 * @seq: (out): the first number from it on that holds something
 *
 * Returns: (transfer none) (nullable): what it holds; %NULL when there is none
 */
GBytes *
tea_fake_disk_peek_next (TeaFakeDisk *self, guint64 from, guint64 *seq)
{
  for (guint i = disk_find (self, from); i < self->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->records, i);

      *seq = record->seq;
      if (record->record != NULL)
        return record->record;
    }

  return NULL;
}

/**
 * tea_fake_disk_get_first:
 * @self: a disk
 *
 * Returns: the first number that may be kept
 */
guint64
tea_fake_disk_get_first (TeaFakeDisk *self)
{
  return self->first;
}

/**
 * tea_fake_disk_get_epoch:
 * @self: a disk
 *
 * Returns: the epoch of what is on it
 */
guint64
tea_fake_disk_get_epoch (TeaFakeDisk *self)
{
  return self->epoch;
}

static Record *
disk_get (TeaFakeDisk *self, guint64 seq)
{
  guint i = disk_find (self, seq);
  Record *record = i < self->records->len ? g_ptr_array_index (self->records, i) : NULL;

  return record != NULL && record->seq == seq ? record : NULL;
}

/**
 * tea_fake_disk_holds:
 * @self: a disk
 * @seq: a number
 *
 * Returns: whether there is something under that number now
 */
gboolean
tea_fake_disk_holds (TeaFakeDisk *self, guint64 seq)
{
  const Record *record = disk_get (self, seq);

  return record != NULL && record->record != NULL;
}

/**
 * tea_fake_disk_erase:
 * @self: a disk
 * @seq: a number
 *
 * Takes away what is under a number.
 */
void
tea_fake_disk_erase (TeaFakeDisk *self, guint64 seq)
{
  Record *record = disk_get (self, seq);

  if (record != NULL)
    g_clear_pointer (&record->record, g_bytes_unref);
}

/**
 * tea_fake_disk_watch:
 * @self: a disk
 * @func: (nullable): what to call
 * @user_data: for @func
 *
 * Tells of everything that is stored at that very moment: it may be gone at the next.
 */
void
tea_fake_disk_watch (TeaFakeDisk *self, TeaFakeDiskFunc func, gpointer user_data)
{
  self->stored = func;
  self->stored_data = user_data;
}

static void
disk_add (
    TeaFakeDisk *self, guint64 seq, GBytes *author, guint64 number, gint64 time, GBytes *content)
{
  Record *record = g_new0 (Record, 1);

  record->seq = seq;
  record->author = g_bytes_ref (author);
  record->number = number;
  record->time = time;
  record->record = content != NULL ? g_bytes_ref (content) : NULL;
  g_ptr_array_add (self->records, record);
  self->head = MAX (self->head, seq);
}

static void
disk_set_author (TeaFakeDisk *self, GBytes *author, guint64 number, guint64 seq)
{
  Author *latest = g_new (Author, 1);

  latest->number = number;
  latest->seq = seq;
  g_hash_table_insert (self->authors, g_bytes_ref (author), latest);
}

/* Where a record is stored; 0 if it is not. */
static guint64
disk_look_up (TeaFakeDisk *self, GBytes *author, guint64 number)
{
  const Author *latest = g_hash_table_lookup (self->authors, author);

  if (latest == NULL || number > latest->number)
    return 0;
  if (number == latest->number)
    return latest->seq;

  for (guint i = 0; i < self->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->records, i);

      if (record->number == number && g_bytes_equal (record->author, author))
        return record->seq;
    }

  return 0;
}

static gpointer
copy_entry (gconstpointer data, gpointer user_data)
{
  const TeaRollEntry *entry = data;

  return tea_roll_entry_new (entry->name, entry->key, entry->joined, entry->last_used);
}

/* Takes over all that is on the other. */
static void
disk_take (TeaFakeDisk *self, TeaFakeDisk *other)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  disk_clear (self);
  disk_init (self);
  self->epoch = other->epoch;
  self->first = other->first;
  self->as_of = other->as_of;

  for (guint i = 0; i < other->records->len; i++)
    {
      const Record *record = g_ptr_array_index (other->records, i);

      disk_add (self, record->seq, record->author, record->number, record->time, record->record);
    }
  self->head = other->head;

  g_hash_table_iter_init (&iter, other->authors);
  while (g_hash_table_iter_next (&iter, &key, &value))
    disk_set_author (self, key, ((Author *) value)->number, ((Author *) value)->seq);
  g_hash_table_iter_init (&iter, other->roll);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (self->roll, g_strdup (key), copy_entry (value, NULL));
}

/**
 * tea_fake_disk_copy:
 * @self: a disk
 *
 * Returns: (transfer full): another with the same on it
 */
TeaFakeDisk *
tea_fake_disk_copy (TeaFakeDisk *self)
{
  TeaFakeDisk *copy = g_rc_box_new0 (TeaFakeDisk);

  disk_init (copy);
  disk_take (copy, self);

  return copy;
}

/**
 * tea_fake_disk_restore:
 * @self: a disk that no log uses
 * @copy: what was on it once
 * @random: where its new epoch comes from
 *
 * Goes back to a copy, as an operator does who imports one.
 */
void
tea_fake_disk_restore (TeaFakeDisk *self, TeaFakeDisk *copy, GRand *random)
{
  disk_take (self, copy);
  self->epoch = random_epoch (random);
}

static void
step_free (gpointer data)
{
  Step *self = data;

  g_clear_object (&self->task);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_pointer (&self->author, g_bytes_unref);
  g_clear_pointer (&self->record, g_bytes_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->removed, g_strfreev);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_free (self);
}

static gboolean
happens (TeaFakeLog *self, double probability)
{
  return g_rand_double (self->random) < probability;
}

static gint64
random_delay (TeaFakeLog *self, gint64 max)
{
  return max > 0 ? (gint64) (g_rand_double (self->random) * (double) max) : 0;
}

static void step_cb (gpointer user_data);

static Step *
add_step (TeaFakeLog *self, StepKind kind, GTask *task)
{
  Step *step = g_new0 (Step, 1);

  step->log = self;
  step->kind = kind;
  step->task = task;
  step->timer = tea_timer_new (self->clock, step_cb, step);
  g_ptr_array_add (self->steps, step);

  return step;
}

/* What writes is done in order. */
static void
set_commit (TeaFakeLog *self, Step *step)
{
  gint64 time = tea_clock_get_time (self->clock) + random_delay (self, self->faults->max_delay);

  self->latest_commit = MAX (self->latest_commit, time);
  tea_timer_set_at (step->timer, self->latest_commit);
}

static void
set_state (TeaFakeLog *self, TeaLogState state)
{
  if (self->state == state)
    return;

  self->state = state;
  tea_log_emit_state_changed (TEA_LOG (self));
}

static void
add_news (TeaFakeLog *self, guint64 seq)
{
  Step *step = add_step (self, NEWS, NULL);

  step->seq = seq;
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

/* Tells of all that the subscriber does not know yet, up to this. */
static void
tell (TeaFakeLog *self, guint64 seq)
{
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_log_entry_free);

  if (self->next == 0 || seq < self->next)
    return;

  for (guint i = disk_find (self->disk, self->next); i < self->disk->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->disk->records, i);

      if (record->seq <= seq && record->record != NULL)
        g_ptr_array_add (news, tea_log_entry_new (record->seq, record->record));
    }

  /* Who hears of it may subscribe anew, and hears of the rest by that. */
  for (guint i = 0; i < news->len; i++)
    {
      const TeaLogEntry *entry = g_ptr_array_index (news, i);

      if (self->next == 0 || self->next > entry->seq)
        return;
      self->next = entry->seq + 1;
      tea_log_emit_appended (TEA_LOG (self), entry->seq, entry->record);
      if (self->next != entry->seq + 1)
        return;
    }
  self->next = MAX (self->next, seq + 1);
}

static void
hear_news (TeaFakeLog *self, Step *step)
{
  self->head = MAX (self->head, step->seq);
  if (self->next != 0 && step->seq >= self->next && happens (self, self->faults->behind))
    {
      self->next = 0;
      tea_log_emit_behind (TEA_LOG (self));
      return;
    }

  tell (self, step->seq);
}

static void
retain (TeaFakeLog *self)
{
  TeaFakeDisk *disk = self->disk;
  gint64 now = tea_clock_get_real_time (self->clock);
  gint64 oldest = self->max_age > 0 ? now - self->max_age : G_MININT64;
  guint n = 0;

  for (guint i = 0; i < disk->records->len; i++)
    {
      Record *record = g_ptr_array_index (disk->records, i);
      gboolean is_old = record->time < oldest
                        || (self->max_records > 0 && disk->records->len - i > self->max_records);

      /* How old something from the future is depends on what comes after it. What the roll
         that is saved does not take account of would be lacking after a crash. */
      if ((!is_old && record->time <= now) || record->seq > disk->as_of)
        break;
      if (is_old)
        n = i + 1;
    }

  if (n > 0 && n == disk->records->len)
    {
      Record *last = g_ptr_array_index (disk->records, --n);

      g_clear_pointer (&last->record, g_bytes_unref);
    }

  g_ptr_array_remove_range (disk->records, 0, n);
  if (n > 0)
    disk->first = ((Record *) g_ptr_array_index (disk->records, 0))->seq;
}

static void
retention_cb (gpointer user_data)
{
  TeaFakeLog *self = user_data;

  retain (self);
  if (self->max_age > 0 || self->max_records > 0)
    tea_timer_set (self->retention_timer, RETENTION_INTERVAL);
}

static void
append (TeaFakeLog *self, Step *step)
{
  TeaFakeDisk *disk = self->disk;
  const Author *latest = g_hash_table_lookup (disk->authors, step->author);

  step->seq = disk_look_up (disk, step->author, step->number);
  step->was_there = step->seq != 0;

  /* What is there is known whatever is wrong today; an answer of not knowing stays one. */
  if (step->was_there && !g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN))
    g_clear_error (&step->error);
  if (step->was_there || !step->is_stored)
    return;

  if (latest != NULL && step->number < latest->number)
    {
      g_clear_error (&step->error);
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           "A later message of the same sender is stored already.");
      return;
    }

  step->seq = MAX (disk->head + 1, disk->first);
  if (happens (self, self->faults->hole))
    step->seq += (guint64) g_rand_int_range (self->random, 1, 4);
  disk_add (disk, step->seq, step->author, step->number, tea_clock_get_real_time (self->clock),
            step->record);
  disk_set_author (disk, step->author, step->number, step->seq);
  if (disk->stored != NULL)
    disk->stored (step->seq, step->record, disk->stored_data);
  retain (self);

  add_news (self, step->seq);
  if (happens (self, self->faults->repeat))
    add_news (self, step->seq);
}

static void
find (TeaFakeLog *self, Step *step)
{
  const Author *latest = g_hash_table_lookup (self->disk->authors, step->author);

  step->number = latest != NULL ? latest->number : 0;
  step->seq = latest != NULL ? latest->seq : 0;
}

static void
read_records (TeaFakeLog *self, Step *step)
{
  gsize n_bytes = 0;

  if (step->seq < self->disk->first)
    {
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED,
                           "What is older is not kept any more.");
      return;
    }

  step->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_log_entry_free);
  for (guint i = disk_find (self->disk, step->seq); i < self->disk->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->disk->records, i);

      if (record->seq > step->head)
        break;
      if (record->record == NULL)
        continue;

      n_bytes += g_bytes_get_size (record->record);
      if (step->found->len > 0
          && (step->found->len >= step->max_records || n_bytes > step->max_bytes))
        return;

      g_ptr_array_add (step->found, tea_log_entry_new (record->seq, record->record));
      step->seq = record->seq + 1;
    }
  step->reached_head = TRUE;
  step->seq = MAX (step->seq, step->head + 1);
}

static void
erase (TeaFakeLog *self, Step *step)
{
  tea_fake_disk_erase (self->disk, step->seq);
}

static void export(TeaFakeLog *self, Step *step)
{
  TeaFakeDisk *disk = self->disk;
  g_autoptr (TeaLogArchiveWriter) writer
      = tea_log_archive_writer_new (G_OUTPUT_STREAM (step->stream), NULL);
  gboolean ok
      = tea_log_archive_writer_begin (writer, disk->first, disk->head, disk->as_of, &step->error);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, disk->authors);
  while (ok && g_hash_table_iter_next (&iter, &key, &value))
    ok = tea_log_archive_writer_add_author (writer, key, ((Author *) value)->number,
                                            ((Author *) value)->seq, &step->error);

  g_hash_table_iter_init (&iter, disk->roll);
  while (ok && g_hash_table_iter_next (&iter, &key, &value))
    ok = tea_log_archive_writer_add_name (writer, value, &step->error);

  for (guint i = 0; ok && i < disk->records->len; i++)
    {
      const Record *record = g_ptr_array_index (disk->records, i);

      ok = tea_log_archive_writer_add_record (writer, record->seq, record->author, record->number,
                                              record->time, record->record, &step->error);
    }

  if (ok)
    tea_log_archive_writer_end (writer, &step->error);
}

static gboolean
import_begin (gpointer user_data, guint64 first, guint64 head, guint64 as_of, GError **error)
{
  TeaFakeDisk *disk = user_data;

  disk->first = first;
  disk->head = head;
  disk->as_of = as_of;

  return TRUE;
}

static gboolean
import_author (gpointer user_data, GBytes *author, guint64 number, guint64 seq, GError **error)
{
  disk_set_author (user_data, author, number, seq);

  return TRUE;
}

static gboolean
import_name (gpointer user_data, TeaRollEntry *entry, GError **error)
{
  TeaFakeDisk *disk = user_data;

  g_hash_table_insert (disk->roll, tea_name_fold (entry->name),
                       tea_roll_entry_new (entry->name, entry->key, entry->joined,
                                           entry->last_used));

  return TRUE;
}

static gboolean
import_record (gpointer user_data,
               guint64 seq,
               GBytes *author,
               guint64 number,
               gint64 time,
               GBytes *record,
               GError **error)
{
  disk_add (user_data, seq, author, number, time, record);

  return TRUE;
}

static const TeaLogArchiveHandler handler = {
  .begin = import_begin,
  .author = import_author,
  .name = import_name,
  .record = import_record,
};

static void
import (TeaFakeLog *self, Step *step)
{
  TeaFakeDisk *disk = self->disk;
  TeaFakeDisk imported = { 0 };

  if (g_hash_table_size (disk->authors) > 0)
    {
      g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                           "A room can be imported only where there is nothing yet.");
      return;
    }

  disk_init (&imported);
  if (tea_log_archive_read (G_INPUT_STREAM (step->stream), &handler, &imported, &step->error))
    {
      TeaFakeDisk old = *disk;

      imported.stored = disk->stored;
      imported.stored_data = disk->stored_data;
      *disk = imported;
      imported = old;
      disk->epoch = random_epoch (self->random);
      add_news (self, disk->head);
    }
  disk_clear (&imported);
}

static void
load (TeaFakeLog *self, Step *step)
{
  GHashTableIter iter;
  gpointer value;

  step->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_roll_entry_free);
  step->seq = self->disk->as_of;
  g_hash_table_iter_init (&iter, self->disk->roll);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (step->found, copy_entry (value, NULL));
}

static void
save (TeaFakeLog *self, Step *step)
{
  for (guint i = 0; step->removed != NULL && step->removed[i] != NULL; i++)
    g_hash_table_remove (self->disk->roll, step->removed[i]);

  for (guint i = 0; step->changed != NULL && i < step->changed->len; i++)
    {
      const TeaRollEntry *entry = g_ptr_array_index (step->changed, i);

      g_hash_table_insert (self->disk->roll, tea_name_fold (entry->name), copy_entry (entry, NULL));
    }
  self->disk->as_of = step->seq;
}

static void
renew_epoch (TeaFakeLog *self, Step *step)
{
  self->disk->epoch = random_epoch (self->random);
}

static void (*const functions[]) (TeaFakeLog *self, Step *step) = {
  [APPEND] = append,     [FIND] = find,
  [READ] = read_records, [ERASE] = erase,
  [EXPORT] = export,     [IMPORT] = import,
  [LOAD] = load,         [SAVE] = save,
  [NEWS] = hear_news,    [RENEW_EPOCH] = renew_epoch,
};

static void
answer (TeaFakeLog *self, Step *step)
{
  g_autoptr (GTask) task = g_steal_pointer (&step->task);

  if (step->kind == APPEND)
    {
      if (step->error == NULL)
        {
          /* The subscriber knows before whoever has asked. */
          self->head = MAX (self->head, step->seq);
          tell (self, step->seq);
          set_state (self, TEA_LOG_READY);
        }
      else if (g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE)
               || g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN))
        set_state (self, TEA_LOG_DEGRADED);
    }
  else if (step->kind == IMPORT && step->error == NULL)
    self->head = self->disk->head;

  if (step->error != NULL)
    g_task_return_error (task, g_steal_pointer (&step->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&step), step_free);
  g_clear_pointer (&step, step_free);
}

static void
step_cb (gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (TeaFakeLog) self = g_object_ref (step->log);
  guint index = 0;

  if (step->task != NULL && !step->is_done)
    {
      step->is_done = TRUE;
      functions[step->kind](self, step);
      tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
      return;
    }

  /* Who is told may crash the log. */
  g_assert_true (g_ptr_array_find (self->steps, step, &index));
  g_ptr_array_steal_index (self->steps, index);
  if (step->task != NULL)
    answer (self, step);
  else
    {
      functions[step->kind](self, step);
      step_free (step);
    }
}

static Step *
new_step (TeaFakeLog *self,
          StepKind kind,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  if (!g_task_return_error_if_cancelled (task))
    {
      if (self->state != TEA_LOG_OFFLINE)
        return add_step (self, kind, task);
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               "The room has been closed.");
    }

  g_object_unref (task);

  return NULL;
}

/* What it found out; it stays until the result is gone. */
static Step *
finish_step (gpointer self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  Step *step = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  step = g_task_propagate_pointer (G_TASK (result), error);
  if (step != NULL)
    g_task_set_task_data (G_TASK (result), step, step_free);

  return step;
}

static void
fail_by_chance (TeaFakeLog *self, Step *step)
{
  const TeaFakeFaults *faults = self->faults;
  double chance = g_rand_double (self->random);

  if ((chance -= faults->busy) < 0 || self->steps->len > MAX_WAITING)
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY,
                         "Too much is waiting for the disk. Try again soon.");
  else if ((chance -= faults->unavailable) < 0)
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                         "The disk with the database is full.");
  else if ((chance -= faults->unknown_lost) < 0)
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                         "The disk with the database fails.");
  else
    step->is_stored = TRUE;

  if (step->is_stored && chance < faults->unknown_stored)
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                         "The disk with the database fails.");
}

static void
tea_fake_log_append_async (TeaLog *log,
                           GBytes *author,
                           guint64 number,
                           GBytes *record,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, APPEND, tea_fake_log_append_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->author = g_bytes_ref (author);
  step->number = number;
  step->record = g_bytes_ref (record);
  if (g_bytes_get_size (record) > TEA_LOG_MAX_RECORD)
    g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                         "The message is too long.");
  else
    fail_by_chance (self, step);
  set_commit (self, step);
}

static guint64
tea_fake_log_append_finish (TeaLog *log, GAsyncResult *result, gboolean *was_there, GError **error)
{
  Step *step = finish_step (log, result, tea_fake_log_append_async, error);

  if (was_there != NULL)
    *was_there = step != NULL && step->was_there;

  return step != NULL ? step->seq : 0;
}

static void
tea_fake_log_find_async (TeaLog *log,
                         GBytes *author,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, FIND, tea_fake_log_find_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->author = g_bytes_ref (author);
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static gboolean
tea_fake_log_find_finish (
    TeaLog *log, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error)
{
  Step *step = finish_step (log, result, tea_fake_log_find_async, error);

  if (number != NULL)
    *number = step != NULL ? step->number : 0;
  if (seq != NULL)
    *seq = step != NULL ? step->seq : 0;

  return step != NULL;
}

static void
tea_fake_log_read_async (TeaLog *log,
                         guint64 from,
                         guint max_records,
                         gsize max_bytes,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, READ, tea_fake_log_read_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->seq = from;
  step->head = self->head;
  step->max_records = max_records;
  step->max_bytes = max_bytes;
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static GPtrArray *
tea_fake_log_read_finish (
    TeaLog *log, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error)
{
  Step *step = finish_step (log, result, tea_fake_log_read_async, error);

  if (step == NULL)
    return NULL;

  if (next != NULL)
    *next = step->seq;
  if (reached_head != NULL)
    *reached_head = step->reached_head;

  return g_steal_pointer (&step->found);
}

static void
tea_fake_log_erase_async (TeaLog *log,
                          guint64 seq,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, ERASE, tea_fake_log_erase_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->seq = seq;
  set_commit (self, step);
}

static gboolean
tea_fake_log_erase_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_erase_async, error) != NULL;
}

static void
tea_fake_log_renew_epoch_async (TeaLog *log,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, RENEW_EPOCH, tea_fake_log_renew_epoch_async, cancellable, callback,
                         user_data);

  if (step != NULL)
    set_commit (self, step);
}

static gboolean
tea_fake_log_renew_epoch_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_renew_epoch_async, error) != NULL;
}

static void
tea_fake_log_export_async (TeaLog *log,
                           GOutputStream *stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, EXPORT, tea_fake_log_export_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->stream = g_object_ref (G_OBJECT (stream));
  set_commit (self, step);
}

static gboolean
tea_fake_log_export_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_export_async, error) != NULL;
}

static void
tea_fake_log_import_async (TeaLog *log,
                           GInputStream *stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);
  Step *step = new_step (self, IMPORT, tea_fake_log_import_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->stream = g_object_ref (G_OBJECT (stream));
  set_commit (self, step);
}

static gboolean
tea_fake_log_import_finish (TeaLog *log, GAsyncResult *result, GError **error)
{
  return finish_step (log, result, tea_fake_log_import_async, error) != NULL;
}

static void
tea_fake_log_set_retention (TeaLog *log, GTimeSpan max_age, guint64 max_records)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);

  self->max_age = max_age;
  self->max_records = max_records;
  tea_timer_set (self->retention_timer, 0);
}

static void
tea_fake_log_subscribe (TeaLog *log, guint64 from)
{
  TeaFakeLog *self = TEA_FAKE_LOG (log);

  self->next = MAX (from, 1);
  add_news (self, self->head);
}

static guint64
tea_fake_log_get_head (TeaLog *log)
{
  return TEA_FAKE_LOG (log)->head;
}

static guint64
tea_fake_log_get_first (TeaLog *log)
{
  return TEA_FAKE_LOG (log)->disk->first;
}

static guint64
tea_fake_log_get_epoch (TeaLog *log)
{
  return TEA_FAKE_LOG (log)->disk->epoch;
}

static const char *
tea_fake_log_get_durability (TeaLog *log)
{
  return "memory";
}

static TeaLogState
tea_fake_log_get_state (TeaLog *log)
{
  return TEA_FAKE_LOG (log)->state;
}

static void
tea_fake_log_log_init (TeaLogInterface *iface)
{
  iface->append_async = tea_fake_log_append_async;
  iface->append_finish = tea_fake_log_append_finish;
  iface->find_async = tea_fake_log_find_async;
  iface->find_finish = tea_fake_log_find_finish;
  iface->read_async = tea_fake_log_read_async;
  iface->read_finish = tea_fake_log_read_finish;
  iface->erase_async = tea_fake_log_erase_async;
  iface->erase_finish = tea_fake_log_erase_finish;
  iface->renew_epoch_async = tea_fake_log_renew_epoch_async;
  iface->renew_epoch_finish = tea_fake_log_renew_epoch_finish;
  iface->export_async = tea_fake_log_export_async;
  iface->export_finish = tea_fake_log_export_finish;
  iface->import_async = tea_fake_log_import_async;
  iface->import_finish = tea_fake_log_import_finish;
  iface->set_retention = tea_fake_log_set_retention;
  iface->subscribe = tea_fake_log_subscribe;
  iface->get_head = tea_fake_log_get_head;
  iface->get_first = tea_fake_log_get_first;
  iface->get_epoch = tea_fake_log_get_epoch;
  iface->get_durability = tea_fake_log_get_durability;
  iface->get_state = tea_fake_log_get_state;
}

static void
tea_fake_log_load_async (TeaRollStore *store,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  TeaFakeLog *self = TEA_FAKE_LOG (store);
  Step *step = new_step (self, LOAD, tea_fake_log_load_async, cancellable, callback, user_data);

  if (step != NULL)
    tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static GPtrArray *
tea_fake_log_load_finish (TeaRollStore *store, GAsyncResult *result, guint64 *as_of, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_log_load_async, error);

  if (step == NULL)
    return NULL;

  if (as_of != NULL)
    *as_of = step->seq;

  return g_steal_pointer (&step->found);
}

static void
tea_fake_log_save (TeaRollStore *store,
                   GPtrArray *changed,
                   const char *const *removed,
                   guint64 as_of)
{
  TeaFakeLog *self = TEA_FAKE_LOG (store);
  gint64 lag = random_delay (self, self->faults->roll_lag);
  gint64 time = MAX (tea_clock_get_time (self->clock), self->latest_commit) + lag;
  Step *step = NULL;

  if (self->state == TEA_LOG_OFFLINE)
    return;

  step = add_step (self, SAVE, NULL);
  if (changed != NULL)
    {
      step->changed = g_ptr_array_copy (changed, copy_entry, NULL);
      g_ptr_array_set_free_func (step->changed, (GDestroyNotify) tea_roll_entry_free);
    }
  step->removed = g_strdupv ((char **) removed);
  step->seq = as_of;

  self->latest_save = MAX (self->latest_save, time);
  tea_timer_set_at (step->timer, self->latest_save);
}

static void
tea_fake_log_roll_store_init (TeaRollStoreInterface *iface)
{
  iface->load_async = tea_fake_log_load_async;
  iface->load_finish = tea_fake_log_load_finish;
  iface->save = tea_fake_log_save;
}

static void
tea_fake_log_dispose (GObject *object)
{
  TeaFakeLog *self = TEA_FAKE_LOG (object);

  if (self->clock != NULL)
    tea_fake_log_crash (self);
  g_clear_pointer (&self->retention_timer, tea_timer_free);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_fake_log_parent_class)->dispose (object);
}

static void
tea_fake_log_finalize (GObject *object)
{
  TeaFakeLog *self = TEA_FAKE_LOG (object);

  g_ptr_array_unref (self->steps);
  tea_fake_disk_unref (self->disk);
  g_rand_free (self->random);

  G_OBJECT_CLASS (tea_fake_log_parent_class)->finalize (object);
}

static void
tea_fake_log_class_init (TeaFakeLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_fake_log_dispose;
  object_class->finalize = tea_fake_log_finalize;
}

static void
tea_fake_log_init (TeaFakeLog *self)
{
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

/**
 * tea_fake_log_new:
 * @disk: what the log before it has left
 * @clock: when it does what it does
 * @random: where the seed of its own chance comes from
 * @faults: what it does to who uses it; lives as long as the log, and may be changed
 *
 * Returns: (transfer full): a log on that disk
 */
TeaFakeLog *
tea_fake_log_new (TeaFakeDisk *disk, TeaClock *clock, GRand *random, const TeaFakeFaults *faults)
{
  TeaFakeLog *self = g_object_new (TEA_TYPE_FAKE_LOG, NULL);

  self->disk = tea_fake_disk_ref (disk);
  self->clock = g_object_ref (clock);
  self->random = g_rand_new_with_seed (g_rand_int (random));
  self->faults = faults;
  self->head = disk->head;
  self->retention_timer = tea_timer_new (clock, retention_cb, self);

  return self;
}

/**
 * tea_fake_log_crash:
 * @self: a log
 *
 * Ends a log as a power cut does: what is not on the disk is lost. Who waits for an answer
 * is told that it is not known, and nothing further can be asked.
 */
void
tea_fake_log_crash (TeaFakeLog *self)
{
  g_autoptr (GPtrArray) steps = g_steal_pointer (&self->steps);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  tea_timer_unset (self->retention_timer);
  self->next = 0;
  self->state = TEA_LOG_OFFLINE;

  for (guint i = 0; i < steps->len; i++)
    {
      Step *step = g_ptr_array_index (steps, i);

      tea_timer_unset (step->timer);
      if (step->task != NULL)
        g_task_return_new_error (step->task, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                                 "The power is off.");
    }
}
