/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-database.h"
#include "tea-sqlite-job.h"

G_BEGIN_DECLS

/**
 * TeaSqliteWriter:
 *
 * The thread that writes a database: what waits is done in order, all of it in one
 * transaction.
 */
typedef struct _TeaSqliteWriter TeaSqliteWriter;

TeaSqliteWriter *tea_sqlite_writer_new (sqlite3 *db, TeaSqliteInbox *inbox, GError **error);
void tea_sqlite_writer_free (TeaSqliteWriter *self);

TeaSqliteStatus tea_sqlite_writer_start (TeaSqliteWriter *self);
void tea_sqlite_writer_push (TeaSqliteWriter *self, TeaSqliteJob *job);

G_END_DECLS
