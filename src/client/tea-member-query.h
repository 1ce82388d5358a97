/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-member-list.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaMemberQuery:
 *
 * Keeps the list of a room's members right: by what the server answers when it is asked,
 * and by what happens before and after that.
 */
typedef struct _TeaMemberQuery TeaMemberQuery;

/**
 * TeaMemberQueryFuncs:
 * @answered: the list is what the server has told
 * @send: send a frame
 *
 * What a query tells.
 */
typedef struct
{
  void (*answered) (gpointer user_data);
  TeaFrameFunc send;
} TeaMemberQueryFuncs;

TeaMemberQuery *tea_member_query_new (TeaClock *clock,
                                      const TeaRoundTrip *round_trip,
                                      TeaMemberList *list,
                                      const TeaMemberQueryFuncs *funcs,
                                      gpointer user_data);
void tea_member_query_free (TeaMemberQuery *self);

void tea_member_query_ask (TeaMemberQuery *self, guint64 head);
void tea_member_query_forget (TeaMemberQuery *self);
void tea_member_query_pause (TeaMemberQuery *self);
gboolean tea_member_query_is_answered (TeaMemberQuery *self);

void tea_member_query_take_page (TeaMemberQuery *self,
                                 guint64 as_of,
                                 guint64 next,
                                 const TeaPresentMember *members,
                                 guint n_members);
void tea_member_query_take_event (TeaMemberQuery *self, TeaEvent *event);
void tea_member_query_take_empty (TeaMemberQuery *self, guint64 to, guint64 head);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaMemberQuery, tea_member_query_free)

G_END_DECLS
