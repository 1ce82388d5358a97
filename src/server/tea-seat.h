/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-admission.h"
#include "tea-frame.h"
#include "tea-secure-sender.h"

G_BEGIN_DECLS

/**
 * TeaSeatOwner:
 * @house: the house
 * @clock: by which clock
 * @sender: what goes to the client
 * @visitor: who it is; without a name until they are in the house
 *
 * What all seats of a session have in common, as long as they are there.
 */
typedef struct
{
  TeaHouse *house;
  TeaClock *clock;
  TeaSecureSender *sender;
  TeaVisitor visitor;
} TeaSeatOwner;

#define TEA_TYPE_SEAT (tea_seat_get_type ())

G_DECLARE_FINAL_TYPE (TeaSeat, tea_seat, TEA, SEAT, GObject)

TeaSeat *tea_seat_new (const TeaSeatOwner *owner, guint16 channel);
void tea_seat_close (TeaSeat *self);

void tea_seat_ask (TeaSeat *self, const TeaFrame *frame);
void tea_seat_begin (TeaSeat *self);
void tea_seat_handle (TeaSeat *self, const TeaFrame *frame);

guint16 tea_seat_get_channel (TeaSeat *self);
TeaRoom *tea_seat_get_room (TeaSeat *self);
guint tea_seat_get_n_missed (TeaSeat *self);
gboolean tea_seat_is_refused (TeaSeat *self);
gboolean tea_seat_is_leaving (TeaSeat *self);
void tea_seat_send_head (TeaSeat *self);

G_END_DECLS
