/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-database.h"
#include "tea-sqlite-job.h"

G_BEGIN_DECLS

/**
 * TeaSqliteRetention:
 *
 * What removes old records from a database, for the thread that writes it.
 */
typedef struct _TeaSqliteRetention TeaSqliteRetention;

TeaSqliteRetention *tea_sqlite_retention_new (sqlite3 *db, GError **error);
void tea_sqlite_retention_free (TeaSqliteRetention *self);

void
tea_sqlite_retention_set (TeaSqliteRetention *self, gint64 now, gint64 oldest, guint64 max_records);
void tea_sqlite_retention_note_status (TeaSqliteRetention *self, const TeaSqliteStatus *status);
gboolean tea_sqlite_retention_is_due (TeaSqliteRetention *self);
void tea_sqlite_retention_remove_some (TeaSqliteRetention *self, guint64 head);

G_END_DECLS
