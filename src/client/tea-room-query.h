/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-listing.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaRoomQuery:
 *
 * Asks a server which rooms it has, page by page.
 */
typedef struct _TeaRoomQuery TeaRoomQuery;

TeaRoomQuery *tea_room_query_new (TeaClock *clock,
                                  const TeaRoundTrip *round_trip,
                                  TeaRoomList which,
                                  GTask *task,
                                  TeaFrameFunc send,
                                  gpointer user_data);
void tea_room_query_free (TeaRoomQuery *self);

gboolean tea_room_query_take_page (TeaRoomQuery *self, const TeaFrame *frame);

TeaListing *tea_room_query_dup_listing (const TeaListedRoom *room);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRoomQuery, tea_room_query_free)

G_END_DECLS
