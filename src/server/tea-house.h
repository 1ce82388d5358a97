/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-room.h"

G_BEGIN_DECLS

/**
 * TEA_HOUSE_DEFAULT_NAME_LIFETIME:
 *
 * For how long a name stays its owner's who does not come, in µs.
 */
#define TEA_HOUSE_DEFAULT_NAME_LIFETIME (180 * G_TIME_SPAN_DAY)

#define TEA_TYPE_HOUSE (tea_house_get_type ())

G_DECLARE_FINAL_TYPE (TeaHouse, tea_house, TEA, HOUSE, GObject)

TeaHouse *tea_house_new (TeaLog *hall, TeaRollStore *store, TeaClock *clock);

void tea_house_set_name_lifetime (TeaHouse *self, GTimeSpan lifetime);

void tea_house_open_async (TeaHouse *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_house_open_finish (TeaHouse *self, GAsyncResult *result, GError **error);
void tea_house_close (TeaHouse *self);

TeaRoom *tea_house_get_hall (TeaHouse *self);
TeaPresence *tea_house_get_presence (TeaHouse *self);

G_END_DECLS
