/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

/**
 * TeaSqliteUpkeep:
 *
 * What the thread that writes a database does a little of when nothing else is to be done: it
 * fills the index of words, and sees to it that what was erased is in no file any more.
 */
typedef struct _TeaSqliteUpkeep TeaSqliteUpkeep;

TeaSqliteUpkeep *tea_sqlite_upkeep_new (TeaSqliteConnection *db);
void tea_sqlite_upkeep_free (TeaSqliteUpkeep *self);

gboolean tea_sqlite_upkeep_has_erased (TeaSqliteUpkeep *self);
void tea_sqlite_upkeep_begin_indexing (TeaSqliteUpkeep *self);
void tea_sqlite_upkeep_begin_clearing (TeaSqliteUpkeep *self);
gboolean tea_sqlite_upkeep_is_due (TeaSqliteUpkeep *self);
void tea_sqlite_upkeep_do_some (TeaSqliteUpkeep *self);

G_END_DECLS
