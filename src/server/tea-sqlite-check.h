/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-inbox.h"

G_BEGIN_DECLS

/**
 * TeaSqliteCheck:
 *
 * A thread of low priority that goes over all of a database once, while others use it.
 */
typedef struct _TeaSqliteCheck TeaSqliteCheck;

/**
 * TeaSqliteCheckFunc:
 * @user_data: what was given with it
 *
 * Called when all was gone over, in the thread of the inbox. It may free the check.
 */
typedef void (*TeaSqliteCheckFunc) (gpointer user_data);

TeaSqliteCheck *tea_sqlite_check_new (const char *path,
                                      TeaSqliteInbox *inbox,
                                      TeaSqliteCheckFunc done,
                                      gpointer user_data);
void tea_sqlite_check_free (TeaSqliteCheck *self);

char *tea_sqlite_check_run (TeaSqliteConnection *db, GError **error);

G_END_DECLS
