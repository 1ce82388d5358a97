/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

/**
 * TeaSqliteDatabase:
 *
 * An open database, and nobody else's.
 */
typedef struct _TeaSqliteDatabase TeaSqliteDatabase;

TeaSqliteDatabase *tea_sqlite_database_open (const char *directory, GError **error);
void tea_sqlite_database_free (TeaSqliteDatabase *self);

TeaSqliteConnection *tea_sqlite_database_get_writer (TeaSqliteDatabase *self);
const char *tea_sqlite_database_get_path (TeaSqliteDatabase *self);
char *tea_sqlite_database_steal_warning (TeaSqliteDatabase *self);

TeaSqliteConnection *tea_sqlite_database_open_reader (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSqliteDatabase, tea_sqlite_database_free)

G_END_DECLS
