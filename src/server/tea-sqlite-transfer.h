/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-database.h"

G_BEGIN_DECLS

gboolean tea_sqlite_export (const char *path,
                            GOutputStream *stream,
                            GCancellable *cancellable,
                            GError **error);
gboolean tea_sqlite_import (sqlite3 *db, GInputStream *stream, GError **error);

G_END_DECLS
