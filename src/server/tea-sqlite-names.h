/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-name-store.h"
#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

GPtrArray *tea_sqlite_names_load (TeaSqliteConnection *db, gboolean only_here);
GPtrArray *tea_sqlite_names_list_owned (TeaSqliteConnection *db, const char *key);
gboolean tea_sqlite_names_look_up (TeaSqliteConnection *db,
                                   const char *folded,
                                   TeaRegisteredName **entry,
                                   guint *n_names);
gboolean
tea_sqlite_names_save (TeaSqliteConnection *db, GPtrArray *changed, const char *const *removed);
gboolean tea_sqlite_names_forget_unused (TeaSqliteConnection *db, guint64 day);

G_END_DECLS
