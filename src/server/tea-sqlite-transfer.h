/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

gboolean tea_sqlite_export_room (const char *path,
                                 guint32 room,
                                 GOutputStream *stream,
                                 GCancellable *cancellable,
                                 GError **error);
gboolean tea_sqlite_export_house (const char *path,
                                  GOutputStream *stream,
                                  GCancellable *cancellable,
                                  GError **error);

gboolean tea_sqlite_import_room (
    TeaSqliteConnection *db, guint32 room, guint64 today, GInputStream *stream, GError **error);
gboolean tea_sqlite_import_house (TeaSqliteConnection *db,
                                  guint32 first_number,
                                  guint64 today,
                                  GInputStream *stream,
                                  guint32 *n_rooms,
                                  GError **error);

G_END_DECLS
