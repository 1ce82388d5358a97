/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-post.h"
#include "tea-classic-request.h"
#include "tea-quota.h"
#include "tea-room.h"
#include "tea-session-info.h"

G_BEGIN_DECLS

/**
 * TeaClassicContext:
 * @room: (owned): the hall
 * @post: (owned): what to send through
 * @clock: (owned): by which clock
 * @accepted: (owned): what answers a request to enter that is granted
 * @exit: (owned): what tells somebody that they are out
 *
 * What all sessions of a service have in common.
 */
typedef struct
{
  TeaRoom *room;
  TeaClassicPost *post;
  TeaClock *clock;
  GBytes *accepted;
  GBytes *exit;
} TeaClassicContext;

#define TEA_TYPE_CLASSIC_SESSION (tea_classic_session_get_type ())

G_DECLARE_FINAL_TYPE (TeaClassicSession, tea_classic_session, TEA, CLASSIC_SESSION, GObject)

TeaClassicSession *tea_classic_session_new (const TeaClassicContext *context,
                                            GInetSocketAddress *address,
                                            TeaQuota *quota);
void tea_classic_session_end (TeaClassicSession *self);

GInetSocketAddress *tea_classic_session_get_address (TeaClassicSession *self);
TeaQuota *tea_classic_session_get_quota (TeaClassicSession *self);
gint64 tea_classic_session_get_last_heard (TeaClassicSession *self);
gboolean tea_classic_session_is_inside (TeaClassicSession *self);
TeaSessionInfo *tea_classic_session_describe (TeaClassicSession *self);

void tea_classic_session_handle (TeaClassicSession *self, TeaClassicRequest *request);
gboolean tea_classic_session_hears (TeaClassicSession *self, TeaEvent *event);
void tea_classic_session_note_heard (TeaClassicSession *self, gsize size);
void tea_classic_session_send (TeaClassicSession *self, GBytes *datagram);
void tea_classic_session_lose (TeaClassicSession *self, const char *how);

G_END_DECLS
