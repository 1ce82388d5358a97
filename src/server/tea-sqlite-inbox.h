/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-job.h"
#include "tea-store-load.h"

G_BEGIN_DECLS

/**
 * TeaSqliteStatus:
 * @works: whether the latest attempt to write has succeeded
 * @problem: (owned) (nullable): why it has not
 * @has_erased: whether what was erased may still be found in a file
 * @n_saved: how many of the jobs that are kept until they are written were tried
 * @load: what the disk has had to do
 *
 * How writing a database goes.
 */
typedef struct
{
  gboolean works;
  char *problem;
  gboolean has_erased;
  guint64 n_saved;
  TeaStoreLoad load;
} TeaSqliteStatus;

/**
 * TeaSqliteInbox:
 *
 * Where threads put the jobs that they have done: any number of them wakes a main context
 * once.
 */
typedef struct _TeaSqliteInbox TeaSqliteInbox;

TeaSqliteInbox *tea_sqlite_inbox_new (GSourceFunc callback, gpointer user_data);
void tea_sqlite_inbox_free (TeaSqliteInbox *self);

void tea_sqlite_inbox_put (TeaSqliteInbox *self, GPtrArray *jobs, const TeaSqliteStatus *status);
GPtrArray *tea_sqlite_inbox_take (TeaSqliteInbox *self, TeaSqliteStatus *status);

G_END_DECLS
