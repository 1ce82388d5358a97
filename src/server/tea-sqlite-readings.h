/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-log.h"
#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

gboolean tea_sqlite_readings_note (TeaSqliteConnection *db,
                                   gint64 row,
                                   const TeaLogEntry *before,
                                   const TeaLogEntry *after);

G_END_DECLS
