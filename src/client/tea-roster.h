/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-member.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaRoster:
 *
 * Who is in a room, by what the server answers when it is asked, and by what happens
 * before and after that.
 */
typedef struct _TeaRoster TeaRoster;

/**
 * TeaRosterFuncs:
 * @present: these are in the room, and nobody else
 * @arrived: somebody is, too
 * @departed: somebody is not any more
 * @send: send a frame
 *
 * What a roster tells.
 */
typedef struct
{
  void (*present) (GPtrArray *members, gpointer user_data);
  void (*arrived) (TeaMember *member, gpointer user_data);
  void (*departed) (const char *name, gpointer user_data);
  TeaFrameFunc send;
} TeaRosterFuncs;

TeaRoster *tea_roster_new (TeaClock *clock,
                           const TeaRoundTrip *round_trip,
                           const TeaRosterFuncs *funcs,
                           gpointer user_data);
void tea_roster_free (TeaRoster *self);

void tea_roster_ask (TeaRoster *self, guint64 head);
void tea_roster_forget (TeaRoster *self);
void tea_roster_pause (TeaRoster *self);
gboolean tea_roster_is_known (TeaRoster *self);

void tea_roster_take_page (
    TeaRoster *self, guint64 as_of, guint64 next, const TeaPresentMember *members, guint n_members);
void tea_roster_take_event (TeaRoster *self, TeaEvent *event);
void tea_roster_take_empty (TeaRoster *self, guint64 to, guint64 head);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRoster, tea_roster_free)

G_END_DECLS
