/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

gboolean tea_sqlite_schema_check (TeaSqliteConnection *db, const char *path, GError **error);
gboolean tea_sqlite_schema_is_latest (TeaSqliteConnection *db);
gboolean tea_sqlite_schema_probe (TeaSqliteConnection *db, GError **error);
gboolean tea_sqlite_schema_migrate (TeaSqliteConnection *db, GError **error);

G_END_DECLS
