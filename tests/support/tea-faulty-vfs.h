/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk between SQLite and the real one. From when it is installed, all databases of the
 * program go through it; a result code other than SQLITE_OK is what the next writes to, or
 * syncs of, write-ahead logs end with. */
void tea_faulty_vfs_install (void);
void tea_faulty_vfs_set_write_result (int code);
void tea_faulty_vfs_set_sync_result (int code);

G_END_DECLS
