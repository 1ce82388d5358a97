/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-reader.h"

#include "tea-sqlite-database.h"

struct _TeaSqliteReader
{
  TeaSqliteConnection *db; /* (owned) */
  TeaSqliteInbox *inbox;   /* (unowned) */
  GThreadPool *pool;       /* (owned): of one thread */
};

/* Each job sees the database as it is at one moment. */
static void
work (gpointer data, gpointer user_data)
{
  TeaSqliteReader *self = user_data;
  TeaSqliteJob *job = data;
  g_autoptr (GPtrArray) done = g_ptr_array_new ();

  if (!tea_sqlite_run (tea_sqlite_connection_prepare (self->db, "BEGIN"))
      || !job->klass->run (job, self->db))
    {
      g_clear_error (&job->error);
      tea_sqlite_connection_set_error (self->db, &job->error);
      if (tea_sqlite_connection_is_damaged (self->db) && job->damage == NULL)
        job->damage = g_strdup (job->error->message);
    }

  tea_sqlite_connection_roll_back (self->db);
  g_ptr_array_add (done, job);
  tea_sqlite_inbox_put (self->inbox, done, NULL);
}

/**
 * tea_sqlite_reader_new:
 * @path: a database that is open for writing already
 * @inbox: where to put what is done
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a reader, or %NULL
 */
TeaSqliteReader *
tea_sqlite_reader_new (const char *path, TeaSqliteInbox *inbox, GError **error)
{
  TeaSqliteReader *self = g_new0 (TeaSqliteReader, 1);

  self->inbox = inbox;
  self->db = tea_sqlite_database_open_reader (path, error);
  if (self->db != NULL)
    self->pool = g_thread_pool_new (work, self, 1, TRUE, error);
  if (self->pool == NULL)
    g_clear_pointer (&self, tea_sqlite_reader_free);

  return self;
}

/**
 * tea_sqlite_reader_free:
 * @self: (transfer full): a reader
 *
 * Waits until all is read, and frees a reader.
 */
void
tea_sqlite_reader_free (TeaSqliteReader *self)
{
  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  g_clear_pointer (&self->db, tea_sqlite_connection_free);
  g_free (self);
}

/**
 * tea_sqlite_reader_push:
 * @self: a reader
 * @job: (transfer full): what to read
 *
 * Gives the reader something to do.
 */
void
tea_sqlite_reader_push (TeaSqliteReader *self, TeaSqliteJob *job)
{
  g_thread_pool_push (self->pool, job, NULL);
}
