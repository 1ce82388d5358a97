/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

/**
 * TeaSqliteForget:
 *
 * Takes somebody out of a database, a step at a time: what they said and did, their names,
 * memberships, positions and marks, and their private conversations. A room where anything of them
 * was gets another epoch, so that nobody goes on from what they knew of it.
 */
typedef struct _TeaSqliteForget TeaSqliteForget;

TeaSqliteForget *tea_sqlite_forget_new (const char *key);
void tea_sqlite_forget_free (TeaSqliteForget *self);

gboolean tea_sqlite_forget_some (TeaSqliteForget *self, TeaSqliteConnection *db);
gboolean tea_sqlite_forget_go_on (TeaSqliteForget *self);
guint64 tea_sqlite_forget_get_n_events (TeaSqliteForget *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSqliteForget, tea_sqlite_forget_free)

G_END_DECLS
