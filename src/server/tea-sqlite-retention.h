/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

/**
 * TeaSqliteRetention:
 *
 * What removes old records from a database, and those of rooms that were removed, for the
 * thread that writes it.
 */
typedef struct _TeaSqliteRetention TeaSqliteRetention;

/**
 * TeaSqliteTrimFunc:
 * @room: a room
 * @first: the first number that is kept in it now
 * @user_data: what was given with it
 *
 * Called in the thread that writes when something was removed from the beginning of a log.
 */
typedef void (*TeaSqliteTrimFunc) (guint32 room, guint64 first, gpointer user_data);

TeaSqliteRetention *
tea_sqlite_retention_new (TeaSqliteConnection *db, TeaSqliteTrimFunc trimmed, gpointer user_data);
void tea_sqlite_retention_free (TeaSqliteRetention *self);

void tea_sqlite_retention_begin (TeaSqliteRetention *self,
                                 guint64 today,
                                 guint max_days,
                                 guint64 max_records);
void tea_sqlite_retention_note_append (TeaSqliteRetention *self, guint32 room);
gboolean tea_sqlite_retention_is_due (TeaSqliteRetention *self);
void tea_sqlite_retention_remove_some (TeaSqliteRetention *self);

G_END_DECLS
