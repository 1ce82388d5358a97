/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-log.h"
#include "tea-roll-store.h"

G_BEGIN_DECLS

#define TEA_TYPE_SQLITE_LOG (tea_sqlite_log_get_type ())

G_DECLARE_FINAL_TYPE (TeaSqliteLog, tea_sqlite_log, TEA, SQLITE_LOG, GObject)

TeaSqliteLog *tea_sqlite_log_open (const char *directory, TeaClock *clock, GError **error);
void tea_sqlite_log_close (TeaSqliteLog *self);

G_END_DECLS
