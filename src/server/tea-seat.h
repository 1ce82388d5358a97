/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"
#include "tea-intake.h"

G_BEGIN_DECLS

/**
 * TeaSeat:
 *
 * One session's stay in one room: what it was sent, what it says, and what it asks for.
 */
typedef struct _TeaSeat TeaSeat;

TeaSeat *tea_seat_new (TeaRoom *room,
                       TeaClock *clock,
                       TeaSecureSender *sender,
                       TeaQuota *quota,
                       const TeaIntakeOwner *owner);
void tea_seat_free (TeaSeat *self);

void tea_seat_handle (TeaSeat *self, const TeaFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSeat, tea_seat_free)

G_END_DECLS
