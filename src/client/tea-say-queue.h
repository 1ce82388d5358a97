/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaSayQueue:
 *
 * Says messages to a server, each again and again until it is known what became of it.
 */
typedef struct _TeaSayQueue TeaSayQueue;

/**
 * TeaSayQueueFuncs:
 * @delivered: a message is stored, under a number in the room's log; 0 when that is not
 *   known
 * @refused: a message is not stored, for now or for ever
 * @send: send a frame
 *
 * What a queue tells.
 */
typedef struct
{
  void (*delivered) (guint32 number, guint64 seq, gpointer user_data);
  void (*refused) (guint32 number, TeaRefusal code, const char *text, gpointer user_data);
  TeaFrameFunc send;
} TeaSayQueueFuncs;

TeaSayQueue *tea_say_queue_new (TeaClock *clock,
                                const TeaRoundTrip *round_trip,
                                const TeaSayQueueFuncs *funcs,
                                gpointer user_data);
void tea_say_queue_free (TeaSayQueue *self);

guint32 tea_say_queue_push (TeaSayQueue *self, const char *text);
void tea_say_queue_start (TeaSayQueue *self, guint32 stored);
void tea_say_queue_pause (TeaSayQueue *self);
void tea_say_queue_unpark (TeaSayQueue *self);
void tea_say_queue_withdraw (TeaSayQueue *self, guint32 number);
gboolean tea_say_queue_is_empty (TeaSayQueue *self);
guint32 tea_say_queue_get_next_number (TeaSayQueue *self);

void tea_say_queue_take_ack (TeaSayQueue *self, guint32 number, guint64 seq);
void tea_say_queue_take_nack (TeaSayQueue *self, guint32 number, TeaRefusal code, const char *text);
void tea_say_queue_take_pieces (TeaSayQueue *self, guint32 number, guint32 received);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSayQueue, tea_say_queue_free)

G_END_DECLS
