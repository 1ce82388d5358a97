/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-inbox.h"
#include "tea-sqlite-retention.h"

G_BEGIN_DECLS

/**
 * TeaSqliteWriter:
 *
 * The thread that writes a database: what waits is done in order, all of it in one
 * transaction.
 */
typedef struct _TeaSqliteWriter TeaSqliteWriter;

TeaSqliteWriter *tea_sqlite_writer_new (TeaSqliteConnection *db,
                                        TeaSqliteInbox *inbox,
                                        TeaSqliteTrimFunc trimmed,
                                        gpointer user_data);
void tea_sqlite_writer_free (TeaSqliteWriter *self);

void tea_sqlite_writer_push (TeaSqliteWriter *self, TeaSqliteJob *job);
void tea_sqlite_writer_begin_clearing (TeaSqliteWriter *self);
void tea_sqlite_writer_begin_retention (TeaSqliteWriter *self,
                                        guint64 today,
                                        guint max_days,
                                        guint64 max_records);

G_END_DECLS
