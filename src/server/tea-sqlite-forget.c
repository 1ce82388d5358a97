/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-forget.h"

#include <string.h>

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-record.h"
#include "tea-fingerprint.h"
#include "tea-policy.h"
#include "tea-sqlite-records.h"
#include "tea-sqlite-rooms.h"

/* So many records are looked at before others have their turn. */
#define STEP 500

#define NAMES                                                                         \
  "SELECT name FROM roll WHERE key = ?1 UNION SELECT name FROM member WHERE key = ?1" \
  " UNION SELECT name FROM hall_role WHERE key = ?1"
/* The address of a private conversation has the keys of both. */
#define PAIR \
  "SELECT number FROM room WHERE substr (folded, 1, 1) = '@' AND instr (folded, ?1) LIMIT 1"
#define LOOK "SELECT seq, version, record FROM record WHERE seq >= ?1 ORDER BY seq LIMIT ?2"
#define RENEW "UPDATE room SET epoch = ?2 WHERE number = ?1"
#define NOTE_ERASED "UPDATE house SET n_erased = n_erased + 1"

/* The rest, by a key as text (?1) and as bytes (?2). An author is what a key and a program come to:
 * repeats of what is gone are not known any more. */
static const char *const removals[] = {
  "DELETE FROM roll WHERE key = ?1",
  "DELETE FROM member WHERE key = ?1",
  "DELETE FROM place WHERE key = ?1",
  "DELETE FROM hall_role WHERE key = ?1",
  "DELETE FROM restriction WHERE subject = ?1",
  ("DELETE FROM pin WHERE instr (record, ?2) OR NOT EXISTS (SELECT 1 FROM record"
   "  WHERE seq = (pin.room << 40) + pin.target AND record.record NOT NULL)"),
  "UPDATE room SET topic = NULL, topic_seq = 0 WHERE instr (topic, ?2)",
  "UPDATE room SET owner = NULL WHERE owner = ?1",
  "UPDATE author SET name = randomblob (length (name)) WHERE substr (name, 1, 32) = ?2",
};

/* What is done, one after the other. */
typedef enum
{
  PAIRS,   /* their private conversations */
  RECORDS, /* what has their key in it */
  NAMED,   /* what has only a name of theirs in it */
  REST,
  DONE,
} Stage;

/* How far it is. */
typedef struct
{
  Stage stage;
  gint64 row; /* the next record to look at */
  guint64 n_events;
} Progress;

struct _TeaSqliteForget
{
  char *key;
  guint8 digest[TEA_FINGERPRINT_SIZE];
  GHashTable *names; /* (element-type utf8) */
  Progress done;     /* what is committed */
  Progress begun;    /* what will be, if the transaction is */
};

/* A record with something in it that is to go. */
typedef struct
{
  gint64 row;
  guint64 version;
  GBytes *record; /* (owned) */
} Hit;

static void
hit_free (gpointer data)
{
  Hit *hit = data;

  g_bytes_unref (hit->record);
  g_free (hit);
}

static guint32
room_of (gint64 row)
{
  return (guint32) (row >> 40);
}

static gboolean
has_bytes (const void *data, int size, const void *wanted, gsize wanted_size)
{
  return data != NULL && memmem (data, (gsize) size, wanted, wanted_size) != NULL;
}

static gboolean
has_name (TeaSqliteForget *self, const void *data, int size)
{
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, NULL))
    if (has_bytes (data, size, name, strlen (name)))
      return TRUE;

  return FALSE;
}

static void
add_name (TeaSqliteForget *self, const char *name)
{
  if (name != NULL && *name != '\0')
    g_hash_table_add (self->names, g_strdup (name));
}

static gboolean
load_names (TeaSqliteForget *self, TeaSqliteConnection *db)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, NAMES);
  int code;

  tea_sqlite_bind_text (statement, 1, self->key);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    add_name (self, tea_sqlite_column_text (statement, 0));

  return code == SQLITE_DONE;
}

static gboolean
note_changed (TeaSqliteForget *self, TeaSqliteConnection *db, guint32 room)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, RENEW);

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, (gint64) tea_sqlite_records_random_epoch ());
  self->begun.n_events++;

  return tea_sqlite_run (statement);
}

static gboolean
erase (TeaSqliteForget *self, TeaSqliteConnection *db, const Hit *hit)
{
  return tea_sqlite_records_erase (db, room_of (hit->row), tea_sqlite_seq_of (hit->row))
         && note_changed (self, db, room_of (hit->row));
}

/* Of a message that is not theirs: that they reacted to it, or removed it. */
static gboolean
clean_form (TeaSqliteForget *self,
            TeaSqliteConnection *db,
            const Hit *hit,
            TeaEvent *event,
            TeaStoredForm *form)
{
  g_autoptr (TeaMessageForm) told = tea_stored_form_tell (form);
  const char *removed_by = tea_message_form_get_removed_by (told);
  GPtrArray *reactions = tea_message_form_get_reactions (told);
  g_autoptr (GBytes) record = NULL;
  gboolean is_changed = FALSE;

  for (guint i = 0; i < reactions->len; i++)
    if (tea_stored_form_react (form, tea_reaction_get_emoji (g_ptr_array_index (reactions, i)),
                               self->key, TEA_POLICY_HOUSE_NAME, FALSE))
      is_changed = TRUE;
  if (removed_by != NULL && g_hash_table_contains (self->names, removed_by))
    {
      tea_stored_form_remove (form, TEA_POLICY_HOUSE_NAME);
      is_changed = TRUE;
    }
  if (!is_changed)
    return TRUE;

  record = tea_event_record_encode_form (event, form);

  return tea_sqlite_records_replace (db, room_of (hit->row), tea_sqlite_seq_of (hit->row), record)
         && note_changed (self, db, room_of (hit->row));
}

/* What tells of a reaction has names of others who have reacted. */
static gboolean
is_told_with_name (TeaSqliteForget *self, TeaEvent *event)
{
  g_auto (GStrv) names = NULL;
  gboolean is_set = FALSE;
  guint count = 0;

  if (tea_event_get_kind (event) != TEA_EVENT_REACTED
      || !tea_event_data_decode_reacted (tea_event_get_data (event), &is_set, &count, &names))
    return FALSE;

  for (char **name = names; *name != NULL; name++)
    if (g_hash_table_contains (self->names, *name))
      return TRUE;

  return FALSE;
}

static gboolean
clean_record (TeaSqliteForget *self, TeaSqliteConnection *db, const Hit *hit)
{
  g_autoptr (TeaEvent) event
      = tea_event_record_decode (tea_sqlite_seq_of (hit->row), hit->version, hit->record, NULL);
  g_autoptr (TeaStoredForm) form = tea_event_record_get_form (hit->record);

  if (event != NULL && form != NULL && g_strcmp0 (tea_event_get_key (event), self->key) != 0)
    return clean_form (self, db, hit, event, form);

  /* What has their key was said or done by them, or to them, or cannot be read. */
  if (self->begun.stage == RECORDS)
    {
      if (event != NULL && g_strcmp0 (tea_event_get_key (event), self->key) == 0)
        add_name (self, tea_event_get_author (event));
      return erase (self, db, hit);
    }

  return event == NULL || !is_told_with_name (self, event) || erase (self, db, hit);
}

static gboolean
clean_some_records (TeaSqliteForget *self, TeaSqliteConnection *db)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOOK);
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (hit_free);
  guint n = 0;
  int code;

  sqlite3_bind_int64 (statement, 1, self->begun.row);
  sqlite3_bind_int64 (statement, 2, STEP);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const void *data = sqlite3_column_blob (statement, 2);
      int size = sqlite3_column_bytes (statement, 2);

      self->begun.row = sqlite3_column_int64 (statement, 0) + 1;
      n++;
      if (self->begun.stage == RECORDS ? has_bytes (data, size, self->digest, sizeof self->digest)
                                       : has_name (self, data, size))
        {
          Hit *hit = g_new (Hit, 1);

          hit->row = self->begun.row - 1;
          hit->version = (guint64) sqlite3_column_int64 (statement, 1);
          hit->record = tea_sqlite_column_bytes (statement, 2);
          g_ptr_array_add (hits, hit);
        }
    }
  if (code != SQLITE_DONE)
    return FALSE;

  for (guint i = 0; i < hits->len; i++)
    if (!clean_record (self, db, g_ptr_array_index (hits, i)))
      return FALSE;

  if (n < STEP)
    {
      self->begun.stage++;
      self->begun.row = 0;
    }

  return TRUE;
}

/* Nobody else has anything to do there, so it goes with all that both said. */
static gboolean
remove_some_of_pairs (TeaSqliteForget *self, TeaSqliteConnection *db)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, PAIR);
  guint n_removed = 0;
  guint32 room = 0;
  int code;

  tea_sqlite_bind_text (statement, 1, self->key);
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW)
    {
      self->begun.stage = RECORDS;
      return code == SQLITE_DONE && load_names (self, db);
    }

  room = (guint32) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  if (!tea_sqlite_records_remove (db, room, TEA_LOG_MAX_SEQ, STEP, &n_removed))
    return FALSE;

  self->begun.n_events += n_removed;

  return n_removed == STEP || tea_sqlite_rooms_remove (db, room);
}

static gboolean
remove_rest (TeaSqliteForget *self, TeaSqliteConnection *db)
{
  for (gsize i = 0; i < G_N_ELEMENTS (removals); i++)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, removals[i]);

      if (strstr (removals[i], "?1") != NULL)
        tea_sqlite_bind_text (statement, 1, self->key);
      if (strstr (removals[i], "?2") != NULL)
        sqlite3_bind_blob (statement, 2, self->digest, sizeof self->digest, SQLITE_STATIC);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }
  self->begun.stage = DONE;

  return tea_sqlite_run (tea_sqlite_connection_prepare (db, NOTE_ERASED));
}

/**
 * tea_sqlite_forget_new:
 * @key: the fingerprint of a key
 *
 * Returns: (transfer full): what forgets its owner
 */
TeaSqliteForget *
tea_sqlite_forget_new (const char *key)
{
  TeaSqliteForget *self = g_new0 (TeaSqliteForget, 1);

  self->key = g_strdup (key);
  tea_fingerprint_to_bytes (key, self->digest);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * tea_sqlite_forget_free:
 * @self: (transfer full): what forgets somebody
 *
 * Frees it.
 */
void
tea_sqlite_forget_free (TeaSqliteForget *self)
{
  g_hash_table_unref (self->names);
  g_free (self->key);
  g_free (self);
}

/**
 * tea_sqlite_forget_some:
 * @self: what forgets somebody
 * @db: a connection in a transaction
 *
 * Does the next step. Before it is committed, the same step is done again if this is called again.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_forget_some (TeaSqliteForget *self, TeaSqliteConnection *db)
{
  self->begun = self->done;
  switch (self->begun.stage)
    {
    case PAIRS:
      return remove_some_of_pairs (self, db);
    case RECORDS:
    case NAMED:
      return clean_some_records (self, db);
    case REST:
      return remove_rest (self, db);
    case DONE:
    default:
      return TRUE;
    }
}

/**
 * tea_sqlite_forget_go_on:
 * @self: what forgets somebody
 *
 * Takes note that the latest step is committed.
 *
 * Returns: whether there is another step
 */
gboolean
tea_sqlite_forget_go_on (TeaSqliteForget *self)
{
  self->done = self->begun;

  return self->done.stage != DONE;
}

/**
 * tea_sqlite_forget_get_n_events:
 * @self: what has forgotten somebody
 *
 * Returns: how many events were erased or changed
 */
guint64
tea_sqlite_forget_get_n_events (TeaSqliteForget *self)
{
  return self->done.n_events;
}
