/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

GBytes *tea_frame_encode (const TeaFrame *self);

GBytes *tea_frame_encode_hello (guint8 minimum, guint8 maximum, const char *software);
GBytes *tea_frame_encode_welcome (guint8 version, const char *software);
GBytes *tea_frame_encode_enter (guint32 stream, const char *name, const char *password);
GBytes *tea_frame_encode_entered (TeaHouseFlags flags, const char *name, const char *title);
GBytes *tea_frame_encode_refused (TeaRefusal code, const char *text, const char *suggestion);
GBytes *tea_frame_encode_event (TeaEvent *event);
GBytes *tea_frame_encode_empty (guint64 from, guint64 to);
GBytes *tea_frame_encode_head (guint64 first, guint64 head);
GBytes *tea_frame_encode_pull (const TeaRange *ranges, guint n_ranges);
GBytes *tea_frame_encode_pull_pieces (guint64 seq, guint32 missing);
GBytes *tea_frame_encode_say (guint32 number, guint32 oldest, const char *text);
GBytes *tea_frame_encode_say_pieces (guint32 number, guint32 received);
GBytes *tea_frame_encode_ack (guint32 number, guint64 seq);
GBytes *tea_frame_encode_nack (guint32 number, TeaRefusal code, const char *text);
GBytes *tea_frame_encode_ping (guint64 token);
GBytes *tea_frame_encode_pong (guint64 token);
GBytes *tea_frame_encode_who (guint64 after);
GBytes *tea_frame_encode_present (guint64 as_of,
                                  guint64 next,
                                  const TeaPresentMember *members,
                                  guint n_members);
GBytes *tea_frame_encode_challenge (guint64 token);
GBytes *tea_frame_encode_response (guint64 token);
GBytes *tea_frame_encode_leave (void);
GBytes *tea_frame_encode_bye (TeaBye code, const char *text);
GBytes *tea_frame_encode_in (guint16 channel);
GBytes *tea_frame_encode_open (guint64 epoch,
                               guint64 since,
                               guint64 check,
                               guint32 history,
                               const char *room,
                               const char *password);
GBytes *tea_frame_encode_close (TeaClose code, const char *text);
GBytes *tea_frame_encode_make (TeaRoomFlags flags,
                               const char *address,
                               const char *title,
                               const char *password);
GBytes *tea_frame_encode_rooms (TeaRooms which, const char *after);
GBytes *tea_frame_encode_room_list (
    TeaRooms which, const char *after, const char *next, const TeaListedRoom *rooms, guint n_rooms);
GBytes *tea_frame_encode_total (guint64 sum);
GBytes *tea_frame_encode_heads (void);
GBytes *tea_frame_encode_tell (guint32 number,
                               guint32 oldest,
                               TeaEventKind kind,
                               guint64 target,
                               const char *text,
                               GBytes *data);
GBytes *tea_frame_encode_hold (guint32 number, guint32 delay);
GBytes *tea_frame_encode_typing (const char *name);
GBytes *tea_frame_encode_read (guint64 read, guint32 unread);
GBytes *tea_frame_encode_find (guint32 number, guint64 before, const char *words);
GBytes *tea_frame_encode_found (guint32 number, guint64 next, const guint64 *seqs, guint n_seqs);
GBytes *tea_frame_encode_limits (guint64 max_file, guint64 space, guint32 edit_hours, guint16 port);

G_END_DECLS
