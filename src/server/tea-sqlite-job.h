/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

/**
 * TeaSqliteJob:
 *
 * Something to do for one of the threads of a database. It belongs to one thread at a time,
 * and goes back to where it came from when it is done.
 */
typedef struct _TeaSqliteJob TeaSqliteJob;

/**
 * TeaSqliteJobClass:
 * @size: how large its structure is, which begins with a #TeaSqliteJob
 * @run: do it, in a transaction and in the thread of that connection. %FALSE when the
 *   connection has failed; what is refused for any other reason is the job's error, and
 *   then nothing was changed
 * @look_up: (nullable): after a transaction has failed, find out whether this was done
 *   before it; its error is set already, and is cleared if so. Whether one can tell
 * @finish: (nullable): take the job when it has come back; tea_sqlite_job_answer() is what
 *   is done otherwise
 * @clear: (nullable): free what it holds
 * @is_alone: it has a transaction of its own
 * @is_kept: what cannot be written is tried again until it is
 * @is_append: it makes the log of its room longer
 *
 * What can be done in a database.
 */
typedef struct
{
  gsize size;
  gboolean (*run) (TeaSqliteJob *self, TeaSqliteConnection *db);
  gboolean (*look_up) (TeaSqliteJob *self, TeaSqliteConnection *db);
  void (*finish) (TeaSqliteJob *self);
  void (*clear) (TeaSqliteJob *self);
  gboolean is_alone;
  gboolean is_kept;
  gboolean is_append;
} TeaSqliteJobClass;

struct _TeaSqliteJob
{
  const TeaSqliteJobClass *klass;
  guint32 room;  /* whose log it is about, if it is about one */
  GTask *task;   /* (owned) (nullable): whose question it is, and who owns this job then */
  GError *error; /* (owned) (nullable) */
  char *damage;  /* (owned) (nullable): what was found that cannot be read */
};

gpointer tea_sqlite_job_new (const TeaSqliteJobClass *klass, GTask *task);
void tea_sqlite_job_free (TeaSqliteJob *self);

void tea_sqlite_job_come_back (TeaSqliteJob *self);
void tea_sqlite_job_answer (TeaSqliteJob *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSqliteJob, tea_sqlite_job_free)

G_END_DECLS
