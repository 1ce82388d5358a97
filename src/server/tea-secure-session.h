/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"
#include "tea-house.h"
#include "tea-password-guard.h"
#include "tea-quota.h"
#include "tea-secure-sender.h"
#include "tea-server-channel.h"
#include "tea-session-info.h"

G_BEGIN_DECLS

/**
 * TeaSecureContext:
 * @house: (owned): the house
 * @clock: (owned): by which clock
 * @guard: (owned) (nullable): who knows the password of the house
 * @quotas: (owned): what every key may do
 * @senders: (owned): who has something to send
 *
 * What all sessions of a service have in common.
 */
typedef struct
{
  TeaHouse *house;
  TeaClock *clock;
  TeaPasswordGuard *guard;
  TeaQuotas *quotas;
  TeaSecureSenders *senders;
} TeaSecureContext;

#define TEA_TYPE_SECURE_SESSION (tea_secure_session_get_type ())

G_DECLARE_FINAL_TYPE (TeaSecureSession, tea_secure_session, TEA, SECURE_SESSION, GObject)

TeaSecureSession *tea_secure_session_new (const TeaSecureContext *context,
                                          TeaPacketChannel *channel);

gint64 tea_secure_session_get_last_heard (TeaSecureSession *self);
gboolean tea_secure_session_is_inside (TeaSecureSession *self);
gboolean tea_secure_session_is_same_program (TeaSecureSession *self, TeaSecureSession *other);

const char *tea_secure_session_get_key (TeaSecureSession *self);
TeaSessionInfo *tea_secure_session_describe (TeaSecureSession *self);
void tea_secure_session_send_limits (TeaSecureSession *self);
void tea_secure_session_send_total (TeaSecureSession *self);
void tea_secure_session_note_event (TeaSecureSession *self, TeaRoom *room, TeaEvent *event);
void tea_secure_session_note_gone (TeaSecureSession *self, TeaRoom *room);
void tea_secure_session_note_left (TeaSecureSession *self, TeaRoom *room, guint32 stream);

void tea_secure_session_send_out (TeaSecureSession *self, const char *text);
void tea_secure_session_say_goodbye (TeaSecureSession *self, TeaBye code, const char *text);
void tea_secure_session_lose (TeaSecureSession *self, const char *how);
void tea_secure_session_end (TeaSecureSession *self);

G_END_DECLS
