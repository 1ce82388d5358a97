/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-sqlite-inbox.h"

G_BEGIN_DECLS

/**
 * TeaSqliteReader:
 *
 * The thread that reads a database, while another writes it.
 */
typedef struct _TeaSqliteReader TeaSqliteReader;

TeaSqliteReader *tea_sqlite_reader_new (const char *path, TeaSqliteInbox *inbox, GError **error);
void tea_sqlite_reader_free (TeaSqliteReader *self);

void tea_sqlite_reader_push (TeaSqliteReader *self, TeaSqliteJob *job);

G_END_DECLS
