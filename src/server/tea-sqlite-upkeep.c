/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-upkeep.h"

#include "tea-sqlite-words.h"

#define COUNT_ERASED "SELECT n_erased FROM house"
#define CLEARED "UPDATE house SET n_erased = 0 WHERE n_erased = ?1"

struct _TeaSqliteUpkeep
{
  TeaSqliteConnection *db; /* (unowned) */
  gboolean is_indexing;
  gboolean is_clearing;
  gint64 n_erased; /* that are gone when this clearing is over */
};

/**
 * tea_sqlite_upkeep_new:
 * @db: a connection that can write
 *
 * Returns: (transfer full): an upkeep that begins to fill the index where that is due
 */
TeaSqliteUpkeep *
tea_sqlite_upkeep_new (TeaSqliteConnection *db)
{
  TeaSqliteUpkeep *self = g_new0 (TeaSqliteUpkeep, 1);

  self->db = db;
  self->is_indexing = TRUE;

  return self;
}

/**
 * tea_sqlite_upkeep_free:
 * @self: (transfer full): an upkeep
 *
 * Frees an upkeep.
 */
void
tea_sqlite_upkeep_free (TeaSqliteUpkeep *self)
{
  g_free (self);
}

static gint64
count_erased (TeaSqliteUpkeep *self)
{
  gint64 n_erased = 0;

  if (!tea_sqlite_connection_query (self->db, COUNT_ERASED, &n_erased))
    tea_sqlite_connection_reset (self->db);

  return n_erased;
}

/**
 * tea_sqlite_upkeep_has_erased:
 * @self: an upkeep
 *
 * Returns: whether something that was erased may still be found in a file
 */
gboolean
tea_sqlite_upkeep_has_erased (TeaSqliteUpkeep *self)
{
  return count_erased (self) > 0;
}

/**
 * tea_sqlite_upkeep_begin_indexing:
 * @self: an upkeep
 *
 * Looks for what is not in the index of words.
 */
void
tea_sqlite_upkeep_begin_indexing (TeaSqliteUpkeep *self)
{
  self->is_indexing = TRUE;
}

/**
 * tea_sqlite_upkeep_begin_clearing:
 * @self: an upkeep
 *
 * Begins to clear all files of what was erased.
 */
void
tea_sqlite_upkeep_begin_clearing (TeaSqliteUpkeep *self)
{
  self->is_clearing = TRUE;
  self->n_erased = count_erased (self);
}

/**
 * tea_sqlite_upkeep_is_due:
 * @self: an upkeep
 *
 * Returns: whether there may be something to do
 */
gboolean
tea_sqlite_upkeep_is_due (TeaSqliteUpkeep *self)
{
  return self->is_indexing || self->is_clearing;
}

/* Whether it was done; where it cannot be, it is tried again when it is begun again. */
static gboolean
do_step (TeaSqliteUpkeep *self,
         gboolean (*step) (TeaSqliteConnection *db, gboolean *is_more),
         gboolean *goes_on)
{
  gboolean ok = tea_sqlite_connection_begin (self->db) && step (self->db, goes_on)
                && tea_sqlite_connection_execute (self->db, "COMMIT");

  if (!ok)
    {
      *goes_on = FALSE;
      tea_sqlite_connection_roll_back (self->db);
    }

  return ok;
}

/* The pages are zeroed; in the write-ahead log they still are what they were. What was erased
 * meanwhile is for the next time, and so is all of it while somebody reads. */
static void
end_clearing (TeaSqliteUpkeep *self)
{
  sqlite3_stmt *statement = NULL;

  if (!tea_sqlite_connection_truncate_log (self->db))
    return;

  statement = tea_sqlite_connection_prepare (self->db, CLEARED);
  sqlite3_bind_int64 (statement, 1, self->n_erased);
  if (!tea_sqlite_run (statement))
    tea_sqlite_connection_reset (self->db);
}

/**
 * tea_sqlite_upkeep_do_some:
 * @self: an upkeep
 *
 * Does a little.
 */
void
tea_sqlite_upkeep_do_some (TeaSqliteUpkeep *self)
{
  if (self->is_clearing)
    {
      if (do_step (self, tea_sqlite_words_merge_some, &self->is_clearing) && !self->is_clearing)
        end_clearing (self);
    }
  else if (self->is_indexing)
    do_step (self, tea_sqlite_words_index_some, &self->is_indexing);
}
