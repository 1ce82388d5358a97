/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-quota.h"
#include "tea-room-reader.h"
#include "tea-secure-sender.h"
#include "tea-store.h"

G_BEGIN_DECLS

#define TEA_TYPE_FINDER (tea_finder_get_type ())

G_DECLARE_FINAL_TYPE (TeaFinder, tea_finder, TEA, FINDER, GObject)

TeaFinder *tea_finder_new (TeaStore *store,
                           guint32 room,
                           TeaRoomReader *reader,
                           TeaSecureSender *sender,
                           guint16 channel,
                           TeaQuota *quota,
                           guint64 floor);
void tea_finder_close (TeaFinder *self);

void tea_finder_find (TeaFinder *self, guint32 number, guint64 before, const char *words);

G_END_DECLS
