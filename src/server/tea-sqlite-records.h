/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-log.h"
#include "tea-sqlite-connection.h"
#include "tea-sqlite-row.h"

G_BEGIN_DECLS

/**
 * TeaSqliteLogState:
 *
 * What is known of a log; see [iface@Tea.Log].
 */
typedef struct
{
  guint64 epoch;
  guint64 head;
  guint64 first;
} TeaSqliteLogState;

guint64 tea_sqlite_records_random_epoch (void);

gboolean tea_sqlite_records_load_state (TeaSqliteConnection *db,
                                        guint32 room,
                                        TeaSqliteLogState *state,
                                        GError **refusal);
gboolean tea_sqlite_records_append (TeaSqliteConnection *db,
                                    guint32 room,
                                    GBytes *author,
                                    guint64 number,
                                    guint64 after,
                                    guint64 day,
                                    GBytes *record,
                                    guint64 *seq,
                                    gboolean *was_there,
                                    GError **refusal);
gboolean tea_sqlite_records_amend (TeaSqliteConnection *db,
                                   guint32 room,
                                   guint64 target,
                                   guint64 version,
                                   GBytes *form,
                                   gboolean replaces,
                                   gboolean *is_kept);
gboolean
tea_sqlite_records_get (TeaSqliteConnection *db, guint32 room, guint64 seq, TeaLogEntry **entry);
gboolean tea_sqlite_records_remove (
    TeaSqliteConnection *db, guint32 room, guint64 until, guint max, guint *n_removed);
gboolean tea_sqlite_records_look_up (
    TeaSqliteConnection *db, guint32 room, GBytes *author, guint64 number, guint64 *seq);
gboolean tea_sqlite_records_find (
    TeaSqliteConnection *db, guint32 room, GBytes *author, guint64 *number, guint64 *seq);
GPtrArray *tea_sqlite_records_read (TeaSqliteConnection *db,
                                    guint32 room,
                                    guint64 *from,
                                    guint64 head,
                                    guint max_records,
                                    gsize max_bytes,
                                    gboolean *reached_head,
                                    char **damage,
                                    GError **refusal);
gboolean
tea_sqlite_records_replace (TeaSqliteConnection *db, guint32 room, guint64 seq, GBytes *record);
gboolean tea_sqlite_records_erase (TeaSqliteConnection *db, guint32 room, guint64 seq);
gboolean tea_sqlite_records_renew_epoch (TeaSqliteConnection *db, guint32 room, guint64 epoch);
gboolean tea_sqlite_records_count_unread (
    TeaSqliteConnection *db, guint32 room, guint64 after, guint max, guint *n_unread);

G_END_DECLS
