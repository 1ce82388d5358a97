/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-heartbeat.h"
#include "tea-member-list.h"
#include "tea-outbox.h"
#include "tea-packer.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_LINK (tea_room_link_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomLink, tea_room_link, TEA, ROOM_LINK, GObject)

/**
 * TeaRoomLinkFuncs:
 * @opened: the room is open; so many messages of one's own were said at once
 * @closed: there is no connection for now
 * @event: the next event
 * @gap: what follows does not go on where the last event was
 * @members_told: the list of members is what the server has told
 * @older: whether there is older history may have changed
 *
 * What a link tells its conversation.
 */
typedef struct
{
  void (*opened) (guint n_said, gpointer user_data);
  void (*closed) (gpointer user_data);
  void (*event) (TeaEvent *event, gpointer user_data);
  void (*gap) (gpointer user_data);
  void (*members_told) (gpointer user_data);
  void (*older) (gpointer user_data);
} TeaRoomLinkFuncs;

TeaRoomLink *tea_room_link_new (TeaClock *clock,
                                TeaPacker *packer,
                                TeaHeartbeat *heartbeat,
                                const TeaRoundTrip *round_trip,
                                TeaOutbox *outbox,
                                TeaMemberList *members,
                                const TeaRoomLinkFuncs *funcs,
                                gpointer user_data);
void tea_room_link_set_start (TeaRoomLink *self, guint64 since, guint32 history);
void tea_room_link_detach (TeaRoomLink *self);

gboolean tea_room_link_is_open (TeaRoomLink *self);
guint64 tea_room_link_get_epoch (TeaRoomLink *self);
guint64 tea_room_link_get_since (TeaRoomLink *self);
guint32 tea_room_link_get_history (TeaRoomLink *self);
TeaOutbox *tea_room_link_get_outbox (TeaRoomLink *self);

void tea_room_link_take_entered (TeaRoomLink *self, guint32 stream, const TeaFrame *frame);
void tea_room_link_take_frame (TeaRoomLink *self, const TeaFrame *frame);
void tea_room_link_pause (TeaRoomLink *self);

gboolean tea_room_link_has_older (TeaRoomLink *self);
void tea_room_link_load_older_async (TeaRoomLink *self,
                                     guint n_events,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *
tea_room_link_load_older_finish (TeaRoomLink *self, GAsyncResult *result, GError **error);

G_END_DECLS
