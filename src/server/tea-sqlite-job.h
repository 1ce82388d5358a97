/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaSqliteJobKind:
 * @TEA_SQLITE_APPEND: append @record
 * @TEA_SQLITE_ERASE: erase what is at @seq
 * @TEA_SQLITE_SAVE: keep @changed, @removed and @seq of the roll
 * @TEA_SQLITE_PROBE: find out whether writing works
 * @TEA_SQLITE_RETAIN: remove what is older than @time or exceeds @number records
 * @TEA_SQLITE_RENEW_EPOCH: begin another epoch
 * @TEA_SQLITE_IMPORT: take over what @stream brings
 * @TEA_SQLITE_FIND: find an author's latest number
 * @TEA_SQLITE_READ: read from @seq on, but not beyond @head
 * @TEA_SQLITE_LOAD: read the roll
 * @TEA_SQLITE_END: stop
 *
 * What one of the threads of a database can be told to do.
 */
typedef enum
{
  TEA_SQLITE_APPEND,
  TEA_SQLITE_ERASE,
  TEA_SQLITE_SAVE,
  TEA_SQLITE_PROBE,
  TEA_SQLITE_RETAIN,
  TEA_SQLITE_RENEW_EPOCH,
  TEA_SQLITE_IMPORT,
  TEA_SQLITE_FIND,
  TEA_SQLITE_READ,
  TEA_SQLITE_LOAD,
  TEA_SQLITE_END,
} TeaSqliteJobKind;

/**
 * TeaSqliteJob:
 *
 * Something to do for one of the threads of a database, which belongs to one thread at a
 * time, and goes back to the log's own when it is done.
 */
typedef struct
{
  TeaSqliteJobKind kind;
  GTask *task; /* (owned) (nullable): whose question it is, and who owns this job then */

  /* what to do */
  GBytes *author; /* (owned) (nullable) */
  guint64 number;
  GBytes *record; /* (owned) (nullable) */
  guint64 seq;
  guint64 head;
  gint64 time;
  gint64 now;
  guint max_records;
  gsize max_bytes;
  GPtrArray *changed;   /* (owned) (nullable) (element-type TeaRollEntry) */
  GStrv removed;        /* (owned) (nullable) */
  GInputStream *stream; /* (owned) (nullable) */

  /* what came of it; also number and seq */
  GError *error; /* (owned) (nullable) */
  gboolean was_there;
  GPtrArray *found; /* (owned) (nullable) */
  gboolean reached_head;
} TeaSqliteJob;

/**
 * TeaSqliteStatus:
 *
 * How the database is after a job.
 */
typedef struct
{
  guint64 epoch;
  guint64 head;
  guint64 first;
  gboolean works;
} TeaSqliteStatus;

/**
 * TeaSqliteInbox:
 *
 * Where threads put the jobs that they have done: any number of them wakes a main context
 * once.
 */
typedef struct _TeaSqliteInbox TeaSqliteInbox;

TeaSqliteJob *tea_sqlite_job_new (TeaSqliteJobKind kind, GTask *task);
void tea_sqlite_job_free (TeaSqliteJob *self);

TeaSqliteInbox *tea_sqlite_inbox_new (GSourceFunc callback, gpointer user_data);
void tea_sqlite_inbox_free (TeaSqliteInbox *self);

void tea_sqlite_inbox_put (TeaSqliteInbox *self, GPtrArray *jobs, const TeaSqliteStatus *status);
GPtrArray *tea_sqlite_inbox_take (TeaSqliteInbox *self, TeaSqliteStatus *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSqliteJob, tea_sqlite_job_free)

G_END_DECLS
