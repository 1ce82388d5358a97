/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"
#include "tea-store.h"

G_BEGIN_DECLS

gboolean tea_sqlite_members_find_common (TeaSqliteConnection *db,
                                         const char *one,
                                         const char *other,
                                         gboolean *is_there);
GPtrArray *tea_sqlite_members_load (TeaSqliteConnection *db, guint32 room, guint64 *as_of);
gboolean tea_sqlite_members_save (TeaSqliteConnection *db,
                                  guint32 room,
                                  GPtrArray *changed,
                                  const char *const *removed,
                                  guint64 as_of);
gboolean
tea_sqlite_members_add (TeaSqliteConnection *db, guint32 room, const TeaMembership *member);

gboolean tea_sqlite_members_load_position (TeaSqliteConnection *db,
                                           guint32 room,
                                           const char *key,
                                           guint64 *read);
gboolean tea_sqlite_members_save_positions (TeaSqliteConnection *db, GPtrArray *positions);

gboolean tea_sqlite_members_load_as_of (TeaSqliteConnection *db, guint32 room, guint64 *as_of);
gboolean tea_sqlite_members_save_as_of (TeaSqliteConnection *db, guint32 room, guint64 as_of);

G_END_DECLS
