/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room-link.h"
#include "tea-timeline.h"

G_BEGIN_DECLS

#define TEA_TYPE_REFRESHER (tea_refresher_get_type ())

G_DECLARE_FINAL_TYPE (TeaRefresher, tea_refresher, TEA, REFRESHER, GObject)

TeaRefresher *tea_refresher_new (TeaTimeline *timeline);

void tea_refresher_look_at (TeaRefresher *self, TeaRoomLink *room, guint64 from, guint64 to);

G_END_DECLS
