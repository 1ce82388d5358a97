/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-service.h"
#include "tea-rations.h"
#include "tea-session.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLASSIC_SESSION (tea_classic_session_get_type ())

G_DECLARE_FINAL_TYPE (TeaClassicSession, tea_classic_session, TEA, CLASSIC_SESSION, GObject)

/**
 * TeaClassicState:
 * @TEA_CLASSIC_ENTERING: it is to be let in
 * @TEA_CLASSIC_INSIDE: it is in the room
 * @TEA_CLASSIC_LEAVING: it is to be let out
 * @TEA_CLASSIC_OVER: it is out
 *
 * How far a session is.
 */
typedef enum
{
  TEA_CLASSIC_ENTERING,
  TEA_CLASSIC_INSIDE,
  TEA_CLASSIC_LEAVING,
  TEA_CLASSIC_OVER,
} TeaClassicState;

/**
 * TeaClassicSession:
 * @service: (unowned) (nullable): what the session belongs to, as long as that is there
 * @address: (owned): where its client is
 * @state: how far it is
 * @name: (owned): what its client is called, or wants to be
 * @ration: (unowned) (nullable): what it may do
 * @waiting: (element-type TeaClassicRequest): what its client asks for next, while it is
 *   let in or out
 * @last_heard: when its client last sent anything, in µs on the clock
 * @last_asked: when its client last asked who is here, in µs on the clock
 * @last_slowed: when its client was last told to wait, in µs on the clock
 * @link: its place among the sessions, the one longest silent first
 *
 * Somebody who is in the room through the classic protocol, or on their way in or out.
 */
struct _TeaClassicSession
{
  GObject parent_instance;

  TeaClassicService *service;
  GInetSocketAddress *address;
  TeaClassicState state;
  char *name;
  TeaRation *ration;
  GQueue waiting;
  gint64 last_heard;
  gint64 last_asked;
  gint64 last_slowed;
  GList link;
};

TeaClassicSession *
tea_classic_session_new (TeaClassicService *service, GInetSocketAddress *address, const char *name);

G_END_DECLS
