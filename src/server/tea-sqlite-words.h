/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-log.h"
#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

gboolean tea_sqlite_words_note (TeaSqliteConnection *db,
                                gint64 row,
                                const TeaLogEntry *before,
                                const TeaLogEntry *after);

gboolean tea_sqlite_words_find (TeaSqliteConnection *db,
                                guint32 room,
                                guint64 from,
                                guint64 before,
                                const char *words,
                                guint max,
                                GArray *found,
                                guint64 *next);

gboolean tea_sqlite_words_rebuild (TeaSqliteConnection *db);
gboolean tea_sqlite_words_forget_progress (TeaSqliteConnection *db, guint32 room);
gboolean tea_sqlite_words_index_some (TeaSqliteConnection *db, gboolean *is_more);
gboolean tea_sqlite_words_merge_some (TeaSqliteConnection *db, gboolean *is_more);

G_END_DECLS
