/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaSqliteBackupReport:
 * @n_rooms: how many rooms it has, with the hall
 * @n_events: how many events
 *
 * What a copy of a database holds.
 */
typedef struct
{
  guint64 n_rooms;
  guint64 n_events;
} TeaSqliteBackupReport;

gboolean tea_sqlite_backup_write (const char *path,
                                  const char *copy,
                                  GCancellable *cancellable,
                                  GError **error);
gboolean tea_sqlite_backup_check (const char *copy, TeaSqliteBackupReport *report, GError **error);

G_END_DECLS
