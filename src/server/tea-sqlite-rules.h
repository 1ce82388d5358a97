/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room-rules.h"
#include "tea-sqlite-connection.h"

G_BEGIN_DECLS

TeaRoomRules *tea_sqlite_rules_load (TeaSqliteConnection *db, guint32 room);
gboolean tea_sqlite_rules_save (TeaSqliteConnection *db, guint32 room, const TeaRoomRules *rules);

G_END_DECLS
