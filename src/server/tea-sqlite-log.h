/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room-info.h"
#include "tea-sqlite-engine.h"
#include "tea-sqlite-records.h"

G_BEGIN_DECLS

#define TEA_TYPE_SQLITE_LOG (tea_sqlite_log_get_type ())

G_DECLARE_FINAL_TYPE (TeaSqliteLog, tea_sqlite_log, TEA, SQLITE_LOG, GObject)

TeaSqliteLog *
tea_sqlite_log_new (TeaSqliteEngine *engine, guint32 room, const TeaSqliteLogState *state);
TeaSqliteLog *
tea_sqlite_log_new_draft (TeaSqliteEngine *engine, const TeaRoomInfo *info, GPtrArray *members);

guint32 tea_sqlite_log_get_room (TeaSqliteLog *self);
void tea_sqlite_log_set_state (TeaSqliteLog *self, const TeaSqliteLogState *state);
void tea_sqlite_log_note_first (TeaSqliteLog *self, guint64 first);
void tea_sqlite_log_close (TeaSqliteLog *self);

G_END_DECLS
