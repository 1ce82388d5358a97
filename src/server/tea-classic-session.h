/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-service.h"
#include "tea-session.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLASSIC_SESSION (tea_classic_session_get_type ())

G_DECLARE_FINAL_TYPE (TeaClassicSession, tea_classic_session, TEA, CLASSIC_SESSION, GObject)

/**
 * TeaClassicSession:
 * @service: (unowned): what the session belongs to
 * @address: (owned): where its client is
 * @member: (unowned) (nullable): who it is, once in the room
 * @last_heard: when its client last sent anything, monotonic µs
 * @last_asked: when its client last asked who is here, monotonic µs
 * @link: its place among the sessions, the one longest silent first
 *
 * Somebody who is in the room through the classic protocol.
 */
struct _TeaClassicSession
{
  GObject parent_instance;

  TeaClassicService *service;
  GInetSocketAddress *address;
  TeaMember *member;
  gint64 last_heard;
  gint64 last_asked;
  GList link;
};

TeaClassicSession *tea_classic_session_new (TeaClassicService *service,
                                            GInetSocketAddress *address);

G_END_DECLS
