/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-log.h"
#include "tea-sqlite-reader.h"
#include "tea-sqlite-writer.h"

G_BEGIN_DECLS

struct _TeaSqliteLog
{
  GObject parent_instance;

  TeaClock *clock;             /* (owned) */
  TeaSqliteInbox *inbox;       /* (owned) */
  TeaSqliteDatabase *database; /* (owned) (nullable): NULL when it is closed */
  TeaSqliteWriter *writer;     /* (owned) (nullable) */
  TeaSqliteReader *reader;     /* (owned) (nullable) */

  TeaSqliteStatus status;
  TeaLogState state;
  TeaTimer *probe_timer; /* (owned) */

  guint n_waiting;
  gsize n_waiting_bytes;

  GTimeSpan max_age;
  guint64 max_records;
  TeaTimer *retention_timer; /* (owned) */

  guint64 next;         /* what the subscriber is told of next; 0 when there is none */
  gboolean is_reading;  /* and it is being read */
  guint64 subscription; /* which one it is: what was read for an earlier one is nothing */
};

void _tea_sqlite_log_log_init (TeaLogInterface *iface);
void _tea_sqlite_log_roll_store_init (TeaRollStoreInterface *iface);

void _tea_sqlite_log_read_for_subscriber (TeaSqliteLog *self);

G_END_DECLS
