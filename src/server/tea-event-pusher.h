/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-event.h"
#include "tea-packet-channel.h"

G_BEGIN_DECLS

#define TEA_TYPE_EVENT_PUSHER (tea_event_pusher_get_type ())

G_DECLARE_FINAL_TYPE (TeaEventPusher, tea_event_pusher, TEA, EVENT_PUSHER, GObject)

/**
 * TeaSecureSender:
 *
 * What goes to one client: frames wait until the end of the turn, to share packets.
 */
typedef struct _TeaSecureSender TeaSecureSender;

TeaEventPusher *tea_event_pusher_new (TeaClock *clock);
GPtrArray *
tea_event_pusher_make_announcement (TeaEventPusher *self, GBytes *head, gsize packet_size);

TeaSecureSender *tea_secure_sender_new (TeaEventPusher *pusher, TeaPacketChannel *channel);
void tea_secure_sender_free (TeaSecureSender *self);

void tea_secure_sender_send (TeaSecureSender *self, GBytes *frame);
gsize tea_secure_sender_send_event (TeaSecureSender *self, TeaEvent *event, guint32 pieces);
gboolean tea_secure_sender_push (TeaSecureSender *self, TeaEvent *event);
void tea_secure_sender_flush (TeaSecureSender *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSecureSender, tea_secure_sender_free)

G_END_DECLS
