/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-heartbeat.h"
#include "tea-member-list.h"
#include "tea-outbox.h"
#include "tea-packer.h"
#include "tea-word-query.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_LINK (tea_room_link_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomLink, tea_room_link, TEA, ROOM_LINK, GObject)

/**
 * TeaRoomPlan:
 * @address: the room's address; `""` for the hall
 * @password: (nullable): its password
 * @makes: whether to make it, if it is not there
 * @flags: how it is to be, if it is made
 * @title: (nullable): what it is to be called, if it is made
 * @since: an event after which everything is wanted; 0 for the latest history
 * @history: how many of the latest events are wanted; %G_MAXUINT32 for all
 *
 * How to open a room.
 */
typedef struct
{
  const char *address;
  const char *password;
  gboolean makes;
  TeaRoomFlags flags;
  const char *title;
  guint64 since;
  guint32 history;
} TeaRoomPlan;

/**
 * TeaRoomLinkFuncs:
 * @opened: the room is open, for the first time or again; so many messages of one's own are
 *   said at once, and all that happened since the last event will be told, or not
 * @closed: there is no connection for now; or, where there is an @error, the room is not open
 *   any more and will not be
 * @event: the next event
 * @standing: an event that was told or passed over before, and still holds: the topic, or a pin
 * @gap: what follows does not go on where the last event was
 * @members_told: the list of members is what the server has told
 * @older: whether there is older history may have changed
 * @typing: somebody is writing
 * @read: one's own position is this, on whatever device, and so much comes after it
 *
 * What a link tells its conversation.
 */
typedef struct
{
  void (*opened) (const TeaFrame *frame, guint n_said, gboolean is_whole, gpointer user_data);
  void (*closed) (const GError *error, gpointer user_data);
  void (*event) (TeaEvent *event, gpointer user_data);
  void (*standing) (TeaEvent *event, gpointer user_data);
  void (*gap) (gboolean is_anew, gpointer user_data); /* whether another log begins */
  void (*members_told) (gpointer user_data);
  void (*older) (gpointer user_data);
  void (*typing) (const char *name, gpointer user_data);
  void (*read) (guint64 read, guint unread, gpointer user_data);
} TeaRoomLinkFuncs;

TeaRoomLink *tea_room_link_new (TeaClock *clock,
                                TeaPacker *packer,
                                TeaHeartbeat *heartbeat,
                                TeaRoundTrip *round_trip,
                                const TeaRoomPlan *plan,
                                TeaOutbox *outbox,
                                TeaMemberList *members,
                                const TeaRoomLinkFuncs *funcs,
                                gpointer user_data);
void tea_room_link_detach (TeaRoomLink *self);

guint64 tea_room_link_get_epoch (TeaRoomLink *self);
guint64 tea_room_link_get_first (TeaRoomLink *self);
guint64 tea_room_link_get_head (TeaRoomLink *self);
guint64 tea_room_link_get_told (TeaRoomLink *self);
gint64 tea_room_link_get_waiting_since (TeaRoomLink *self);
TeaOutbox *tea_room_link_get_outbox (TeaRoomLink *self);

/* For the session. */
void tea_room_link_open (TeaRoomLink *self, guint16 channel, guint32 stream);
void tea_room_link_keep_asking (TeaRoomLink *self, gint64 wait);
void tea_room_link_ask_to_open (TeaRoomLink *self);
void tea_room_link_pause (TeaRoomLink *self);
void tea_room_link_end (TeaRoomLink *self, const GError *error);
gboolean tea_room_link_is_open (TeaRoomLink *self);
gboolean tea_room_link_is_opening (TeaRoomLink *self);
guint16 tea_room_link_get_channel (TeaRoomLink *self);
gboolean tea_room_link_is_foreign (TeaRoomLink *self, const TeaFrame *frame);
void tea_room_link_take_opened (TeaRoomLink *self, const TeaFrame *frame);
void tea_room_link_take_frame (TeaRoomLink *self, const TeaFrame *frame);

void tea_room_link_ask_members (TeaRoomLink *self);
void tea_room_link_tell_typing (TeaRoomLink *self);
void tea_room_link_tell_read (TeaRoomLink *self, guint64 read);

gboolean tea_room_link_has_older (TeaRoomLink *self);
void tea_room_link_load_older_async (TeaRoomLink *self,
                                     guint n_events,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *
tea_room_link_load_older_finish (TeaRoomLink *self, GAsyncResult *result, GError **error);
void tea_room_link_fetch_async (TeaRoomLink *self,
                                GArray *seqs,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *tea_room_link_fetch_finish (TeaRoomLink *self, GAsyncResult *result, GError **error);
void tea_room_link_find_async (TeaRoomLink *self,
                               const char *words,
                               guint64 before,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
TeaFoundNumbers *
tea_room_link_find_finish (TeaRoomLink *self, GAsyncResult *result, GError **error);

G_END_DECLS
