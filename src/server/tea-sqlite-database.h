/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * TeaSqliteDatabase:
 * @writer: (owned): the connection that writes
 * @path: (owned): the file
 * @lock_fd: (owned): keeps other servers out as long as it is open
 *
 * An open database, and nobody else's.
 */
typedef struct
{
  sqlite3 *writer;
  char *path;
  int lock_fd;
} TeaSqliteDatabase;

TeaSqliteDatabase *tea_sqlite_database_open (const char *directory, GError **error);
void tea_sqlite_database_free (TeaSqliteDatabase *self);

sqlite3 *tea_sqlite_open_reader (const char *path, GError **error);
sqlite3_stmt *tea_sqlite_prepare (sqlite3 *db, const char *sql, GError **error);
void tea_sqlite_set_error (sqlite3 *db, GError **error);
void tea_sqlite_bind_bytes (sqlite3_stmt *statement, int column, GBytes *bytes);
GBytes *tea_sqlite_column_bytes (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSqliteDatabase, tea_sqlite_database_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
