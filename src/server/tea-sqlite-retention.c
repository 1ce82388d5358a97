/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-retention.h"

/* How many records are removed at a time, so that nobody waits for long, and how many too
 * many are reason enough to begin. */
#define REMOVE_STEP 500
#define REMOVE_SLACK 1000

/* An author of whom nothing is kept is known for so long yet, as somebody may still repeat
 * what was removed. Now and then all of them are looked through for that. */
#define KNOWN_FOR (30 * G_TIME_SPAN_DAY)
#define FORGET_INTERVAL G_TIME_SPAN_DAY

enum
{
  LIST_OLDEST,
  REMOVE_UNTIL,
  ERASE_OLD_HEAD,
  FORGET_AUTHORS,
  N_STATEMENTS
};

/* What the roll that is kept does not take account of yet would be lacking in it after a
 * crash: it stays until it does. */
#define IN_ROLL "seq <= (SELECT roll_as_of FROM room)"

static const char *const statements[] = {
  [LIST_OLDEST] = "SELECT seq, time FROM record WHERE seq < ?1 AND " IN_ROLL " ORDER BY seq",
  [REMOVE_UNTIL] = "DELETE FROM record WHERE seq <= ?1",
  [ERASE_OLD_HEAD] = "UPDATE record SET record = NULL"
                     " WHERE seq = ?1 AND time < ?2 AND record IS NOT NULL AND " IN_ROLL,
  [FORGET_AUTHORS] = ("DELETE FROM author"
                      " WHERE time < ?1 AND seq < (SELECT min (seq) FROM record)"),
};

struct _TeaSqliteRetention
{
  sqlite3 *db; /* (unowned) */
  sqlite3_stmt *statements[N_STATEMENTS];

  gint64 now;
  gint64 oldest;       /* what is older is removed */
  guint64 max_records; /* what exceeds this is removed; 0 for no limit */
  gboolean is_due;     /* there may be something to remove */
  gint64 next_forget;  /* when to look for authors that nobody needs to know */
};

/* How far the oldest records are to be removed; 0 if not at all. */
static guint64
find_removal (TeaSqliteRetention *self, guint64 head)
{
  sqlite3_stmt *statement = self->statements[LIST_OLDEST];
  guint64 until = 0;

  sqlite3_bind_int64 (statement, 1, (gint64) head);
  for (guint n = 1; sqlite3_step (statement) == SQLITE_ROW; n++)
    {
      guint64 seq = (guint64) sqlite3_column_int64 (statement, 0);
      gint64 time = sqlite3_column_int64 (statement, 1);

      if (time < self->oldest || (self->max_records != 0 && head - seq >= self->max_records))
        until = seq;
      /* What is of the future was written while the clock was wrong: how old it is follows
       * from what comes after it. */
      else if (time <= self->now)
        break;
      if (n >= REMOVE_STEP && until != 0)
        break;
    }
  sqlite3_reset (statement);

  return until;
}

static gboolean
execute (TeaSqliteRetention *self, const char *sql)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static gboolean
run (TeaSqliteRetention *self, guint index)
{
  gboolean ok = sqlite3_step (self->statements[index]) == SQLITE_DONE;

  sqlite3_reset (self->statements[index]);

  return ok;
}

static gboolean
forget_authors (TeaSqliteRetention *self)
{
  if (self->now < self->next_forget)
    return TRUE;

  self->next_forget = self->now + FORGET_INTERVAL;
  sqlite3_bind_int64 (self->statements[FORGET_AUTHORS], 1, self->now - KNOWN_FOR);

  return run (self, FORGET_AUTHORS);
}

static gboolean
remove_until (TeaSqliteRetention *self, guint64 until, guint64 head)
{
  if (!execute (self, "BEGIN IMMEDIATE"))
    return FALSE;

  sqlite3_bind_int64 (self->statements[REMOVE_UNTIL], 1, (gint64) until);
  if (!run (self, REMOVE_UNTIL))
    return FALSE;

  sqlite3_bind_int64 (self->statements[ERASE_OLD_HEAD], 1, (gint64) head);
  sqlite3_bind_int64 (self->statements[ERASE_OLD_HEAD], 2, self->oldest);

  if (!run (self, ERASE_OLD_HEAD) || !forget_authors (self))
    return FALSE;

  return execute (self, "COMMIT");
}

/**
 * tea_sqlite_retention_new:
 * @db: a connection that can write
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a retention that keeps everything, or %NULL
 */
TeaSqliteRetention *
tea_sqlite_retention_new (sqlite3 *db, GError **error)
{
  TeaSqliteRetention *self = g_new0 (TeaSqliteRetention, 1);

  self->db = db;
  self->oldest = G_MININT64;
  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      self->statements[i] = tea_sqlite_prepare (db, statements[i], error);
      if (self->statements[i] == NULL)
        {
          tea_sqlite_retention_free (self);
          return NULL;
        }
    }

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
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (self->statements[i]);
  g_free (self);
}

/**
 * tea_sqlite_retention_set:
 * @self: a retention
 * @now: the time of day, in µs since the Unix epoch, UTC
 * @oldest: what is older than this is removed
 * @max_records: how many records are kept; 0 for all
 *
 * Tells what to keep, and to look for what is not.
 */
void
tea_sqlite_retention_set (TeaSqliteRetention *self, gint64 now, gint64 oldest, guint64 max_records)
{
  self->now = now;
  self->oldest = oldest;
  self->max_records = max_records;
  self->is_due = TRUE;
}

/**
 * tea_sqlite_retention_note_status:
 * @self: a retention
 * @status: how the database is
 *
 * Looks whether there are so many too many that it is time to remove some.
 */
void
tea_sqlite_retention_note_status (TeaSqliteRetention *self, const TeaSqliteStatus *status)
{
  if (self->max_records != 0 && status->head - status->first > self->max_records + REMOVE_SLACK)
    self->is_due = TRUE;
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
  return self->is_due;
}

/**
 * tea_sqlite_retention_remove_some:
 * @self: a retention
 * @head: the latest number
 *
 * Removes a few of the oldest records. The latest one stays, empty if need be: it tells
 * which number comes next.
 */
void
tea_sqlite_retention_remove_some (TeaSqliteRetention *self, guint64 head)
{
  guint64 until = find_removal (self, head);

  /* The next round is when there is something to remove, or half a minute from now. */
  self->is_due = until != 0;
  if (remove_until (self, until, head))
    return;

  self->is_due = FALSE;
  if (!sqlite3_get_autocommit (self->db))
    execute (self, "ROLLBACK");
}
