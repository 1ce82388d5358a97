/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-disk.h"

#include "tea-event-record.h"
#include "tea-search-text.h"

/* Where a record says of what kind it is, and the kind that is a message. */
#define KIND_OFFSET 17
#define KIND_MESSAGE 2

typedef struct
{
  guint64 seq;
  GBytes *author;
  guint64 number;
  guint64 day;
  guint64 version;     /* the latest amendment of it */
  guint64 replaced_by; /* the latest that has taken the place of the one before */
  GBytes *record;      /* (nullable): NULL once it is erased */
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
  guint64 as_of;
  GPtrArray *records;  /* (element-type Record): in ascending order */
  GHashTable *authors; /* (element-type GBytes Author) */
  GBytes *doubtful;    /* (owned) (nullable): the latest of which nobody was told that it is lost */

  TeaFakeDiskFunc stored; /* (nullable) */
  gpointer stored_data;
};

static void
record_free (gpointer data)
{
  Record *self = data;

  g_bytes_unref (self->author);
  g_clear_pointer (&self->record, g_bytes_unref);
  g_free (self);
}

static void
clear (gpointer data)
{
  TeaFakeDisk *self = data;

  g_ptr_array_unref (self->records);
  g_hash_table_unref (self->authors);
  g_clear_pointer (&self->doubtful, g_bytes_unref);
}

static void
init (TeaFakeDisk *self)
{
  self->records = g_ptr_array_new_with_free_func (record_free);
  self->authors
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, g_free);
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

  init (self);
  self->first = first;
  tea_fake_disk_renew_epoch (self, random);

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
  g_rc_box_release_full (self, clear);
}

/**
 * tea_fake_disk_renew_epoch:
 * @self: a disk
 * @random: where its epoch comes from
 *
 * Begins another epoch.
 */
void
tea_fake_disk_renew_epoch (TeaFakeDisk *self, GRand *random)
{
  self->epoch = ((guint64) g_rand_int (random) << 31 | g_rand_int (random) >> 1) + 1;
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

/**
 * tea_fake_disk_get_as_of:
 * @self: a disk
 *
 * Returns: what the members that are kept take account of
 */
guint64
tea_fake_disk_get_as_of (TeaFakeDisk *self)
{
  return self->as_of;
}

void
tea_fake_disk_set_as_of (TeaFakeDisk *self, guint64 as_of)
{
  self->as_of = as_of;
}

/**
 * tea_fake_disk_note_doubtful:
 * @self: a disk
 * @record: what it should have stored, and has not
 *
 * Takes note of a record of which the answer was that nobody knows whether it is stored.
 */
void
tea_fake_disk_note_doubtful (TeaFakeDisk *self, GBytes *record)
{
  g_clear_pointer (&self->doubtful, g_bytes_unref);
  self->doubtful = g_bytes_ref (record);
}

/**
 * tea_fake_disk_get_doubtful:
 * @self: a disk
 *
 * Returns: (transfer none) (nullable): the latest such record
 */
GBytes *
tea_fake_disk_get_doubtful (TeaFakeDisk *self)
{
  return self->doubtful;
}

/**
 * tea_fake_disk_is_empty:
 * @self: a disk
 *
 * Returns: whether nothing was ever stored on it
 */
gboolean
tea_fake_disk_is_empty (TeaFakeDisk *self)
{
  return g_hash_table_size (self->authors) == 0;
}

/* The index of the first record from a number on. */
static guint
find_index (TeaFakeDisk *self, guint64 seq)
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
 * @version: (out) (optional): the latest amendment of that; 0 for none
 *
 * Returns: (transfer none) (nullable): what it holds; %NULL when there is none
 */
GBytes *
tea_fake_disk_peek_next (TeaFakeDisk *self, guint64 from, guint64 *seq, guint64 *version)
{
  for (guint i = find_index (self, from); i < self->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->records, i);

      *seq = record->seq;
      if (version != NULL)
        *version = record->version;
      if (record->record != NULL)
        return record->record;
    }

  return NULL;
}

static Record *
get_record (TeaFakeDisk *self, guint64 seq)
{
  guint i = find_index (self, seq);
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
  const Record *record = get_record (self, seq);

  return record != NULL && record->record != NULL;
}

/**
 * tea_fake_disk_erase:
 * @self: a disk
 * @seq: a number
 *
 * Takes away what is under a number, and the amendment that has taken its place.
 */
void
tea_fake_disk_erase (TeaFakeDisk *self, guint64 seq)
{
  Record *record = get_record (self, seq);

  if (record == NULL)
    return;

  g_clear_pointer (&record->record, g_bytes_unref);
  if (record->replaced_by != 0)
    tea_fake_disk_erase (self, record->replaced_by);
}

/**
 * tea_fake_disk_amend:
 * @self: a disk
 * @seq: a number
 * @version: that of the amendment
 * @form: what is to stand there
 * @replaces: whether it takes the place of the latest that did so, which goes
 *
 * Puts something else in the place of what is under a number.
 *
 * Returns: whether there was something
 */
gboolean
tea_fake_disk_amend (
    TeaFakeDisk *self, guint64 seq, guint64 version, GBytes *form, gboolean replaces)
{
  Record *record = get_record (self, seq);

  if (record == NULL || record->record == NULL)
    return FALSE;

  g_bytes_unref (record->record);
  record->record = g_bytes_ref (form);
  record->version = version;
  if (replaces)
    {
      tea_fake_disk_erase (self, record->replaced_by);
      record->replaced_by = version;
    }

  return TRUE;
}

/**
 * tea_fake_disk_peek:
 * @self: a disk
 * @seq: a number
 * @version: (out): the latest amendment of what is there; 0 for none
 *
 * Returns: (transfer none) (nullable): what is under that number
 */
GBytes *
tea_fake_disk_peek (TeaFakeDisk *self, guint64 seq, guint64 *version)
{
  const Record *record = get_record (self, seq);

  *version = record != NULL ? record->version : 0;

  return record != NULL ? record->record : NULL;
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

/**
 * tea_fake_disk_find:
 * @self: a disk
 * @author: whose
 * @number: (out): the author's latest number; 0 for one who is not known
 * @seq: (out): where that is stored
 *
 * Finds out how far an author has come.
 */
void
tea_fake_disk_find (TeaFakeDisk *self, GBytes *author, guint64 *number, guint64 *seq)
{
  const Author *latest = g_hash_table_lookup (self->authors, author);

  *number = latest != NULL ? latest->number : 0;
  *seq = latest != NULL ? latest->seq : 0;
}

/**
 * tea_fake_disk_look_up:
 * @self: a disk
 * @author: whose
 * @number: the author's number
 *
 * Returns: where that is stored; 0 if it is not
 */
guint64
tea_fake_disk_look_up (TeaFakeDisk *self, GBytes *author, guint64 number)
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

/**
 * tea_fake_disk_add:
 * @self: a disk
 * @seq: a number above all others
 * @author: whose it is
 * @number: the author's number for it
 * @day: on which day of the house's life
 * @content: (nullable): what is stored; %NULL for what was erased
 *
 * Stores something.
 */
void
tea_fake_disk_add (
    TeaFakeDisk *self, guint64 seq, GBytes *author, guint64 number, guint64 day, GBytes *content)
{
  Record *record = g_new0 (Record, 1);

  record->seq = seq;
  record->author = g_bytes_ref (author);
  record->number = number;
  record->day = day;
  record->record = content != NULL ? g_bytes_ref (content) : NULL;
  g_ptr_array_add (self->records, record);
  self->head = MAX (self->head, seq);
  if (self->stored != NULL && content != NULL)
    self->stored (seq, content, self->stored_data);
}

void
tea_fake_disk_set_amended (TeaFakeDisk *self, guint64 seq, guint64 version, guint64 replaced_by)
{
  Record *record = get_record (self, seq);

  if (record == NULL)
    return;

  record->version = version;
  record->replaced_by = replaced_by;
}

void
tea_fake_disk_set_author (TeaFakeDisk *self, GBytes *author, guint64 number, guint64 seq)
{
  Author *latest = g_new (Author, 1);

  latest->number = number;
  latest->seq = seq;
  g_hash_table_insert (self->authors, g_bytes_ref (author), latest);
}

void
tea_fake_disk_set_range (TeaFakeDisk *self, guint64 first, guint64 head)
{
  self->first = first;
  self->head = head;
}

/**
 * tea_fake_disk_take:
 * @self: a disk
 * @other: another
 *
 * Takes over all that is on the other, but not who watches it.
 */
void
tea_fake_disk_take (TeaFakeDisk *self, TeaFakeDisk *other)
{
  TeaFakeDiskFunc stored = self->stored;
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  clear (self);
  init (self);
  self->stored = NULL;
  self->epoch = other->epoch;
  self->first = other->first;
  self->as_of = other->as_of;

  for (guint i = 0; i < other->records->len; i++)
    {
      const Record *record = g_ptr_array_index (other->records, i);

      tea_fake_disk_add (self, record->seq, record->author, record->number, record->day,
                         record->record);
      tea_fake_disk_set_amended (self, record->seq, record->version, record->replaced_by);
    }
  self->head = other->head;
  self->stored = stored;

  g_hash_table_iter_init (&iter, other->authors);
  while (g_hash_table_iter_next (&iter, &key, &value))
    tea_fake_disk_set_author (self, key, ((Author *) value)->number, ((Author *) value)->seq);
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

  init (copy);
  tea_fake_disk_take (copy, self);

  return copy;
}

/**
 * tea_fake_disk_read:
 * @self: a disk
 * @from: (inout): where to begin; then where to go on
 * @head: where to end
 * @max_records: how many records are wanted
 * @max_bytes: how many bytes they may have together
 * @reached_head: (out): whether there was no more
 *
 * Returns: (transfer full) (element-type TeaLogEntry): the records
 */
GPtrArray *
tea_fake_disk_read (TeaFakeDisk *self,
                    guint64 *from,
                    guint64 head,
                    guint max_records,
                    gsize max_bytes,
                    gboolean *reached_head)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_log_entry_free);
  gsize n_bytes = 0;

  *reached_head = FALSE;
  for (guint i = find_index (self, *from); i < self->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->records, i);

      if (record->seq > head)
        break;
      if (record->record == NULL)
        continue;

      n_bytes += g_bytes_get_size (record->record);
      if (found->len > 0 && (found->len >= max_records || n_bytes > max_bytes))
        return found;

      g_ptr_array_add (found, tea_log_entry_new (record->seq, record->version, record->record));
      *from = record->seq + 1;
    }
  *reached_head = TRUE;
  *from = MAX (*from, head + 1);

  return found;
}

static gboolean
is_message (const Record *record)
{
  gsize size = 0;
  const guint8 *data = record->record != NULL ? g_bytes_get_data (record->record, &size) : NULL;

  return size > KIND_OFFSET && data[KIND_OFFSET] == KIND_MESSAGE;
}

/* The text of a message that was not removed. */
static char *
dup_text (const Record *record)
{
  g_autoptr (TeaEvent) event = NULL;

  if (is_message (record))
    event = tea_event_record_decode (record->seq, record->version, record->record, NULL);

  return event != NULL ? g_strdup (tea_event_get_text (event)) : NULL;
}

static gboolean
counts (const Record *record)
{
  g_autofree char *text = record->version != 0 ? dup_text (record) : NULL;

  return is_message (record) && (record->version == 0 || text != NULL);
}

/**
 * tea_fake_disk_find_words:
 * @self: a disk
 * @from: the lowest number of interest
 * @before: what is below this is of interest
 * @words: what somebody looks for
 * @max: how many are wanted
 * @next: (out): the number to go on before; 0 at the end
 *
 * Returns: (transfer full) (element-type guint64): the messages with these words, the newest
 *   first
 */
GArray *
tea_fake_disk_find_words (
    TeaFakeDisk *self, guint64 from, guint64 before, const char *words, guint max, guint64 *next)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint64));

  *next = 0;
  for (guint i = find_index (self, before); i-- > 0;)
    {
      const Record *record = g_ptr_array_index (self->records, i);
      g_autofree char *text = dup_text (record);

      if (record->seq < from)
        break;
      if (text == NULL || !tea_search_text_matches (text, words))
        continue;

      g_array_append_val (found, record->seq);
      if (found->len == max)
        {
          *next = record->seq;
          break;
        }
    }

  return found;
}

/**
 * tea_fake_disk_count_messages:
 * @self: a disk
 * @after: a number
 * @max: where to stop
 *
 * Returns: how many messages come after it
 */
guint
tea_fake_disk_count_messages (TeaFakeDisk *self, guint64 after, guint max)
{
  guint n = 0;

  for (guint i = find_index (self, after + 1); i < self->records->len && n < max; i++)
    n += counts (g_ptr_array_index (self->records, i));

  return n;
}

/**
 * tea_fake_disk_retain:
 * @self: a disk
 * @oldest: what is of a day before that is too old
 * @max_records: how many are kept; 0 for all
 *
 * Removes what is not kept.
 */
void
tea_fake_disk_retain (TeaFakeDisk *self, guint64 oldest, guint64 max_records)
{
  guint n = 0;

  for (guint i = 0; i < self->records->len; i++)
    {
      Record *record = g_ptr_array_index (self->records, i);
      gboolean is_old
          = record->day < oldest || (max_records > 0 && self->records->len - i > max_records);

      /* What the saved names do not take account of would be lacking after a crash. */
      if (!is_old || record->seq > self->as_of)
        break;
      n = i + 1;
    }

  if (n > 0 && n == self->records->len)
    {
      Record *last = g_ptr_array_index (self->records, --n);

      g_clear_pointer (&last->record, g_bytes_unref);
    }

  g_ptr_array_remove_range (self->records, 0, n);
  if (n > 0)
    self->first = ((Record *) g_ptr_array_index (self->records, 0))->seq;
}

/**
 * tea_fake_disk_write_records:
 * @self: a disk
 * @writer: what writes an exported log, after the room, its names and members
 * @error: return location for a #GError
 *
 * Writes the records.
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_fake_disk_write_records (TeaFakeDisk *self, TeaLogArchiveWriter *writer, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < self->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->records, i);

      ok = tea_log_archive_writer_add_record (writer, record->seq, record->author, record->number,
                                              record->record, error);
    }

  for (guint i = 0; ok && i < self->records->len; i++)
    {
      const Record *record = g_ptr_array_index (self->records, i);

      if (record->version != 0 && record->record != NULL)
        ok = tea_log_archive_writer_add_amended (writer, record->seq, record->version,
                                                 record->replaced_by, error);
    }

  return ok;
}

/**
 * tea_fake_disk_write_authors:
 * @self: a disk
 * @writer: what writes an exported log, right after the room
 * @error: return location for a #GError
 *
 * Writes how far the authors have come.
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_fake_disk_write_authors (TeaFakeDisk *self, TeaLogArchiveWriter *writer, GError **error)
{
  gboolean ok = TRUE;
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->authors);
  while (ok && g_hash_table_iter_next (&iter, &key, &value))
    ok = tea_log_archive_writer_add_author (writer, key, ((Author *) value)->number,
                                            ((Author *) value)->seq, error);

  return ok;
}
