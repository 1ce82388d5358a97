/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-pusher.h"
#include "tea-password-guard.h"
#include "tea-pull-queue.h"
#include "tea-rations.h"
#include "tea-secure-service.h"
#include "tea-session.h"
#include "tea-speech.h"
#include "tea-token-bucket.h"

G_BEGIN_DECLS

/**
 * TeaSecureState:
 * @TEA_SECURE_NEW: outside
 * @TEA_SECURE_ENTERING: has asked to be let in
 * @TEA_SECURE_INSIDE: in the room
 * @TEA_SECURE_LEFT: has said goodbye, and may not have heard the answer
 * @TEA_SECURE_OVER: nothing comes or goes any more
 *
 * How far a session is.
 */
typedef enum
{
  TEA_SECURE_NEW,
  TEA_SECURE_ENTERING,
  TEA_SECURE_INSIDE,
  TEA_SECURE_LEFT,
  TEA_SECURE_OVER,
} TeaSecureState;

#define TEA_TYPE_SECURE_SESSION (tea_secure_session_get_type ())

G_DECLARE_FINAL_TYPE (TeaSecureSession, tea_secure_session, TEA, SECURE_SESSION, GObject)

/**
 * TeaSecureSession:
 * @service: (unowned) (nullable): what it belongs to; %NULL once it is over
 * @room: (owned): the room
 * @clock: (owned): by which clock
 * @guard: (owned) (nullable): who knows the password
 * @channel: (owned): where its client is
 * @sender: (owned): what goes there
 * @ration: (unowned) (nullable): what its key may do; %NULL once it is over
 * @is_too_many: whether its key has too many sessions
 * @state: how far it is
 * @is_welcome: whether both have agreed on a version
 * @has_left: whether it has said goodbye, even if it is over by now
 * @request: what the client has asked for to be let in
 * @answer: (owned) (nullable): what it was told
 * @answered: when, in µs
 * @refusal: why it was not let in, where it was not
 * @member: (owned) (nullable): who it is, once inside
 * @speech: (owned) (nullable): what it says, once inside
 * @pulls: (owned) (nullable): what it asks for, once inside
 * @faults: how many faults it may make
 * @strays: how often it is told that it is not inside
 * @challenge: what it has to answer; 0 for nothing
 * @challenged: when it was told so the last time, in µs
 * @last_heard: when anything came from it, in µs
 * @link: its place among the sessions, the one longest silent first
 *
 * Somebody's connection by the secure protocol: one channel, and on it at most one stay
 * in the room.
 */
struct _TeaSecureSession
{
  GObject parent_instance;

  TeaSecureService *service;
  TeaRoom *room;
  TeaClock *clock;
  TeaPasswordGuard *guard;
  TeaPacketChannel *channel;
  TeaSecureSender *sender;
  TeaRation *ration;
  gboolean is_too_many;

  TeaSecureState state;
  gboolean is_welcome;
  gboolean has_left;
  struct
  {
    guint64 epoch;
    guint64 since;
    guint32 stream;
    guint32 history;
    guint32 number; /* the latest of the stream that is stored */
    char *name;
    char *password;
  } request;
  GBytes *answer;
  gint64 answered;
  TeaRefusal refusal;

  TeaMember *member;
  TeaSpeech *speech;
  TeaPullQueue *pulls;

  TeaTokenBucket faults;
  TeaTokenBucket strays;
  guint64 challenge;
  gint64 challenged;

  gint64 last_heard;
  GList link;
};

TeaSecureSession *tea_secure_session_new (TeaSecureService *service,
                                          TeaRoom *room,
                                          TeaClock *clock,
                                          TeaPasswordGuard *guard,
                                          TeaEventPusher *pusher,
                                          TeaPacketChannel *channel);

gboolean tea_secure_session_is_same_program (TeaSecureSession *self, TeaSecureSession *other);
void tea_secure_session_say_goodbye (TeaSecureSession *self, TeaBye code, const char *text);
void tea_secure_session_lose (TeaSecureSession *self, const char *how);
void tea_secure_session_end (TeaSecureSession *self);

/* In tea-secure-entrance.c */
void tea_secure_session_greet (TeaSecureSession *self, const TeaFrame *frame);
void tea_secure_session_enter (TeaSecureSession *self, const TeaFrame *frame);
void tea_secure_session_clear_request (TeaSecureSession *self);

G_END_DECLS
