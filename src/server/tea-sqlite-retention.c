/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-retention.h"

#include "tea-log.h"
#include "tea-sqlite-records.h"

/* How many records are removed at a time, and how many rooms are looked at, so that nobody
 * waits for long. */
#define REMOVE_STEP 500
#define ROOMS_STEP 100

/* After so many appends to a room it is looked at before its turn. */
#define MAX_APPENDS 1000

/* An author of whom nothing is kept is known for so many days yet, as somebody may still
 * repeat what was removed. Once a day all of them are looked through for that. */
#define KNOWN_FOR 30

#define NEXT_ROOMS                                                                              \
  "SELECT number FROM room WHERE number >= ?1 AND (?2 OR retain_days > 0 OR retain_events > 0)" \
  " ORDER BY number LIMIT ?3"
#define LIMITS                                                   \
  "SELECT retain_days, retain_events, as_of,"                    \
  "  (SELECT max (seq) FROM record WHERE seq BETWEEN ?2 AND ?3)" \
  " FROM room WHERE number = ?1"
#define LIST_OLDEST "SELECT seq, day FROM record WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq"
#define IS_OLD \
  "SELECT EXISTS (SELECT 1 FROM record WHERE seq = ?1 AND day < ?2 AND record NOT NULL)"
#define FORGET_AUTHORS                                        \
  "DELETE FROM author WHERE room = ?1 AND day < ?2 AND seq <" \
  " (SELECT min (seq) FROM record WHERE seq BETWEEN ?3 AND ?4)"

/* What is left of a room that was removed. */
#define REMOVED_ROOM "SELECT number FROM removed_room LIMIT 1"
#define CLEAR_AUTHORS \
  "DELETE FROM author WHERE id IN (SELECT id FROM author WHERE room = ?1 LIMIT ?2)"
#define FORGET_INDEXING "DELETE FROM unindexed WHERE room = ?1"
#define FORGET_ROOM "DELETE FROM removed_room WHERE number = ?1"
#define NOTE_ERASED "UPDATE house SET n_erased = n_erased + 1"

struct _TeaSqliteRetention
{
  TeaSqliteConnection *db; /* (unowned) */
  TeaSqliteTrimFunc trimmed;
  gpointer user_data;

  guint64 today;  /* 0 where nothing is to go for its age */
  guint max_days; /* where a room says nothing else, as the next is */
  guint64 max_records;
  guint64 forgot;   /* the day of the latest look for authors that nobody needs to know */
  gboolean forgets; /* it is to be done on this round */
  guint n_removed;  /* records, since that was said */

  gboolean has_removed; /* there may be something left of rooms that were removed */
  gint64 next_room;     /* whose turn it is; -1 when the round is over */
  GQueue due;           /* (element-type guint32): before their turn */
  GHashTable *appends;  /* (element-type guint32 guint): by room, since it was looked at */
};

/* What the limits of one room come to. */
typedef struct
{
  guint32 room;
  guint64 head;
  guint64 as_of;
  guint64 oldest;      /* what is of an earlier day is removed */
  guint64 max_records; /* what exceeds this is removed; 0 for no limit */
} Limits;

/* The first of so many days. */
static guint64
count_back (TeaSqliteRetention *self, guint64 n_days)
{
  return n_days > 0 && self->today > n_days ? self->today - n_days : 0;
}

static gboolean
load_limits (TeaSqliteRetention *self, guint32 room, Limits *limits)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, LIMITS);
  guint64 max_days = 0;

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, tea_sqlite_row_of (room, 0));
  sqlite3_bind_int64 (statement, 3, tea_sqlite_row_of (room, TEA_LOG_MAX_SEQ));
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  max_days = (guint64) sqlite3_column_int64 (statement, 0);
  if (max_days == 0)
    max_days = self->max_days;
  limits->room = room;
  limits->oldest = count_back (self, max_days);
  limits->max_records = (guint64) sqlite3_column_int64 (statement, 1);
  if (limits->max_records == 0)
    limits->max_records = self->max_records;
  limits->as_of = (guint64) sqlite3_column_int64 (statement, 2);
  limits->head = (guint64) sqlite3_column_int64 (statement, 3) & TEA_LOG_MAX_SEQ;
  sqlite3_reset (statement);

  return limits->head > 0 && (max_days > 0 || limits->max_records > 0);
}

/* How far the oldest records are to be removed; 0 if not at all. What the names or members
 * that are kept do not take account of yet would be lacking in them after a crash: it stays
 * until they do. */
static guint64
find_removal (TeaSqliteRetention *self, const Limits *limits)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, LIST_OLDEST);
  guint64 until = 0;

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (limits->room, 0));
  sqlite3_bind_int64 (statement, 2,
                      tea_sqlite_row_of (limits->room, MIN (limits->head - 1, limits->as_of)));
  for (guint n = 1; sqlite3_step (statement) == SQLITE_ROW; n++)
    {
      guint64 seq = (guint64) sqlite3_column_int64 (statement, 0) & TEA_LOG_MAX_SEQ;
      guint64 day = (guint64) sqlite3_column_int64 (statement, 1);

      if (day >= limits->oldest
          && (limits->max_records == 0 || limits->head - seq < limits->max_records))
        break;
      until = seq;
      if (n >= REMOVE_STEP)
        break;
    }
  sqlite3_reset (statement);

  return until;
}

/* The latest record stays, empty if need be: it tells which number comes next. */
static gboolean
erase_old_head (TeaSqliteRetention *self, const Limits *limits, guint *n_removed)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, IS_OLD);
  gboolean is_old = FALSE;

  if (limits->head > limits->as_of || limits->oldest == 0)
    return TRUE;

  sqlite3_bind_int64 (statement, 1, tea_sqlite_row_of (limits->room, limits->head));
  sqlite3_bind_int64 (statement, 2, (gint64) limits->oldest);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;
  is_old = sqlite3_column_int64 (statement, 0) != 0;
  sqlite3_reset (statement);
  *n_removed += is_old;

  return !is_old || tea_sqlite_records_erase (self->db, limits->room, limits->head);
}

static gboolean
forget_authors (TeaSqliteRetention *self, const Limits *limits)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, FORGET_AUTHORS);

  if (!self->forgets || count_back (self, KNOWN_FOR) == 0)
    return TRUE;

  sqlite3_bind_int64 (statement, 1, limits->room);
  sqlite3_bind_int64 (statement, 2, (gint64) count_back (self, KNOWN_FOR));
  sqlite3_bind_int64 (statement, 3, tea_sqlite_row_of (limits->room, 0));
  sqlite3_bind_int64 (statement, 4, tea_sqlite_row_of (limits->room, TEA_LOG_MAX_SEQ));

  return tea_sqlite_run (statement);
}

static gboolean
remove_until (TeaSqliteRetention *self, guint32 room, guint64 until, guint *n_removed)
{
  return until == 0 || tea_sqlite_records_remove (self->db, room, until, REMOVE_STEP, n_removed);
}

/* Whether there may be more to remove from this room at once. */
static gboolean
look_at_room (TeaSqliteRetention *self, guint32 room)
{
  Limits limits = { 0 };
  guint64 until = 0;
  guint n_removed = 0;

  g_hash_table_remove (self->appends, GUINT_TO_POINTER (room));
  if (!load_limits (self, room, &limits))
    return FALSE;

  until = find_removal (self, &limits);
  if (!tea_sqlite_connection_begin (self->db) || !remove_until (self, room, until, &n_removed)
      || !erase_old_head (self, &limits, &n_removed) || !forget_authors (self, &limits)
      || !tea_sqlite_connection_execute (self->db, "COMMIT"))
    {
      /* It is tried again on the next round. */
      tea_sqlite_connection_roll_back (self->db);
      return FALSE;
    }

  self->n_removed += n_removed;
  if (until != 0)
    self->trimmed (room, until + 1, self->user_data);

  return until != 0;
}

/* Some of what is left of a room that was removed; *is_more tells whether there is more. */
static gboolean
clear_room (TeaSqliteRetention *self, guint32 room, gboolean *is_more)
{
  static const char *const steps[] = { CLEAR_AUTHORS, FORGET_INDEXING, FORGET_ROOM, NOTE_ERASED };
  guint n_removed = 0;

  if (!tea_sqlite_records_remove (self->db, room, TEA_LOG_MAX_SEQ, REMOVE_STEP, &n_removed))
    return FALSE;

  *is_more = n_removed == REMOVE_STEP;
  for (gsize i = 0; i < G_N_ELEMENTS (steps) && !*is_more; i++)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, steps[i]);

      sqlite3_bind_int64 (statement, 1, room);
      sqlite3_bind_int64 (statement, 2, REMOVE_STEP);
      if (!tea_sqlite_run (statement))
        return FALSE;
      *is_more = sqlite3_changes (tea_sqlite_connection_get_handle (self->db)) == REMOVE_STEP;
    }

  return TRUE;
}

/* Removes some of what is left of rooms that were removed. */
static void
clear_removed_room (TeaSqliteRetention *self)
{
  gint64 room = 0;
  gboolean is_more = FALSE;

  if (!tea_sqlite_connection_query (self->db, REMOVED_ROOM, &room))
    {
      self->has_removed = FALSE;
      tea_sqlite_connection_reset (self->db);
    }
  else if (!tea_sqlite_connection_begin (self->db) || !clear_room (self, (guint32) room, &is_more)
           || !tea_sqlite_connection_execute (self->db, "COMMIT"))
    {
      self->has_removed = FALSE;
      tea_sqlite_connection_roll_back (self->db);
    }
}

/* What was removed in between is said then as well. */
static void
end_round (TeaSqliteRetention *self)
{
  if (self->n_removed > 0)
    g_message ("Removed %u events that were not to be kept any longer", self->n_removed);
  self->n_removed = 0;
  self->forgets = FALSE;
}

static void
go_on_with_round (TeaSqliteRetention *self)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (self->db, NEXT_ROOMS);
  guint32 rooms[ROOMS_STEP];
  guint n_rooms = 0;

  sqlite3_bind_int64 (statement, 1, self->next_room);
  sqlite3_bind_int64 (statement, 2, self->max_days > 0 || self->max_records > 0);
  sqlite3_bind_int64 (statement, 3, ROOMS_STEP);
  while (n_rooms < ROOMS_STEP && sqlite3_step (statement) == SQLITE_ROW)
    rooms[n_rooms++] = (guint32) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  self->next_room = -1;
  for (guint i = 0; i < n_rooms; i++)
    if (look_at_room (self, rooms[i]))
      {
        self->next_room = rooms[i];
        return;
      }

  if (n_rooms == ROOMS_STEP)
    self->next_room = rooms[n_rooms - 1] + 1;
  else
    end_round (self);
}

/**
 * tea_sqlite_retention_new:
 * @db: a connection that can write
 * @trimmed: what to call when something was removed
 * @user_data: for @trimmed
 *
 * Returns: (transfer full): a retention that keeps everything
 */
TeaSqliteRetention *
tea_sqlite_retention_new (TeaSqliteConnection *db, TeaSqliteTrimFunc trimmed, gpointer user_data)
{
  TeaSqliteRetention *self = g_new0 (TeaSqliteRetention, 1);

  self->db = db;
  self->trimmed = trimmed;
  self->user_data = user_data;
  self->next_room = -1;
  self->appends = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->due);

  return self;
}

/**
 * tea_sqlite_retention_free:
 * @self: (transfer full): a retention
 *
 * Frees a retention.
 */
void
tea_sqlite_retention_free (TeaSqliteRetention *self)
{
  g_queue_clear (&self->due);
  g_hash_table_unref (self->appends);
  g_free (self);
}

/**
 * tea_sqlite_retention_begin:
 * @self: a retention
 * @today: which day of the house's life it is; 0 where the clock is in doubt
 * @max_days: how many days records are kept where a room says nothing else; 0 for all
 * @max_records: how many are kept there; 0 for all
 *
 * Begins a round of all rooms that have a limit.
 */
void
tea_sqlite_retention_begin (TeaSqliteRetention *self,
                            guint64 today,
                            guint max_days,
                            guint64 max_records)
{
  self->today = today;
  self->max_days = max_days;
  self->max_records = max_records;
  self->forgets |= today > self->forgot;
  self->forgot = MAX (self->forgot, today);
  self->next_room = 0;
  self->has_removed = TRUE;
}

/**
 * tea_sqlite_retention_note_append:
 * @self: a retention
 * @room: a room to which something was appended
 *
 * Looks whether there were so many that it is time to look at that room.
 */
void
tea_sqlite_retention_note_append (TeaSqliteRetention *self, guint32 room)
{
  gpointer key = GUINT_TO_POINTER (room);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->appends, key)) + 1;

  if (n == MAX_APPENDS)
    g_queue_push_tail (&self->due, key);
  g_hash_table_insert (self->appends, key, GUINT_TO_POINTER (n));
}

/**
 * tea_sqlite_retention_is_due:
 * @self: a retention
 *
 * Returns: whether there may be something to remove
 */
gboolean
tea_sqlite_retention_is_due (TeaSqliteRetention *self)
{
  return self->next_room >= 0 || self->has_removed || !g_queue_is_empty (&self->due);
}

/**
 * tea_sqlite_retention_remove_some:
 * @self: a retention
 *
 * Removes a few of the oldest records of a room.
 */
void
tea_sqlite_retention_remove_some (TeaSqliteRetention *self)
{
  if (!g_queue_is_empty (&self->due))
    {
      guint32 room = GPOINTER_TO_UINT (g_queue_pop_head (&self->due));

      if (look_at_room (self, room))
        g_queue_push_head (&self->due, GUINT_TO_POINTER (room));
    }
  else if (self->next_room >= 0)
    go_on_with_round (self);
  else
    clear_removed_room (self);
}
