/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * TeaSqliteConnection:
 *
 * A connection to a database, with the statements that were prepared for it. It is used by
 * one thread at a time.
 */
typedef struct _TeaSqliteConnection TeaSqliteConnection;

TeaSqliteConnection *tea_sqlite_connection_open (const char *path, int flags, GError **error);
void tea_sqlite_connection_free (TeaSqliteConnection *self);

sqlite3 *tea_sqlite_connection_get_handle (TeaSqliteConnection *self);

sqlite3_stmt *tea_sqlite_connection_prepare (TeaSqliteConnection *self, const char *sql);
void tea_sqlite_connection_reset (TeaSqliteConnection *self);
gboolean tea_sqlite_connection_execute (TeaSqliteConnection *self, const char *sql);
gboolean tea_sqlite_connection_query (TeaSqliteConnection *self, const char *sql, gint64 *number);

gboolean tea_sqlite_connection_begin (TeaSqliteConnection *self);
void tea_sqlite_connection_roll_back (TeaSqliteConnection *self);
gboolean tea_sqlite_connection_truncate_log (TeaSqliteConnection *self);

gboolean tea_sqlite_connection_is_damaged (TeaSqliteConnection *self);
void tea_sqlite_connection_set_error (TeaSqliteConnection *self, GError **error);
void tea_sqlite_set_damaged (const char *path, const char *finding, GError **error);

gboolean tea_sqlite_run (sqlite3_stmt *statement);
void tea_sqlite_bind_text (sqlite3_stmt *statement, int column, const char *text);
void tea_sqlite_bind_bytes (sqlite3_stmt *statement, int column, GBytes *bytes);
const char *tea_sqlite_column_text (sqlite3_stmt *statement, int column);
GBytes *tea_sqlite_column_bytes (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSqliteConnection, tea_sqlite_connection_free)

G_END_DECLS
