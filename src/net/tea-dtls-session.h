/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gnutls/dtls.h>

#include "tea-clock.h"
#include "tea-identity.h"

G_BEGIN_DECLS

/**
 * TeaDtlsSession:
 *
 * One side of a DTLS session: bytes in, bytes out, and nothing else. Whose address it has
 * and how long it may take is for those who hold it to know.
 */
typedef struct _TeaDtlsSession TeaDtlsSession;

/**
 * TEA_DTLS_DATAGRAM_SIZE_SMALL:
 *
 * How many bytes a datagram has at most in a session that is set to be small, records and
 * route together: what fits through a network for packets of 1,100 bytes.
 */
#define TEA_DTLS_DATAGRAM_SIZE_SMALL 1072

/**
 * TEA_DTLS_SESSION_OVERHEAD:
 *
 * By how many bytes a record is longer than its packet, at most.
 */
#define TEA_DTLS_SESSION_OVERHEAD 37

/**
 * TeaDtlsSendFunc:
 * @datagram: what to send
 * @user_data: what was given with the function
 *
 * Sends a datagram of a session. It must not use the session.
 */
typedef void (*TeaDtlsSendFunc) (GBytes *datagram, gpointer user_data);

/**
 * TeaDtlsState:
 * @TEA_DTLS_HANDSHAKE: they are getting to know each other
 * @TEA_DTLS_OPEN: packets come and go
 * @TEA_DTLS_CLOSED: the other side has said goodbye, or ours has
 * @TEA_DTLS_FAILED: they did not get to know each other, or the other side broke the rules
 *
 * How far a session is.
 */
typedef enum
{
  TEA_DTLS_HANDSHAKE,
  TEA_DTLS_OPEN,
  TEA_DTLS_CLOSED,
  TEA_DTLS_FAILED,
} TeaDtlsState;

TeaDtlsSession *tea_dtls_session_new_client (TeaIdentity *identity,
                                             GBytes *resumption,
                                             TeaClock *clock,
                                             TeaDtlsSendFunc send,
                                             gpointer user_data);
TeaDtlsSession *tea_dtls_session_new_server (TeaIdentity *identity,
                                             GBytes *ticket_key,
                                             const gnutls_dtls_prestate_st *prestate,
                                             TeaClock *clock,
                                             TeaDtlsSendFunc send,
                                             gpointer user_data);
void tea_dtls_session_free (TeaDtlsSession *self);

void tea_dtls_session_set_small (TeaDtlsSession *self);
void tea_dtls_session_set_padded (TeaDtlsSession *self);
void tea_dtls_session_start (TeaDtlsSession *self);
void tea_dtls_session_receive (TeaDtlsSession *self, const guint8 *records, gsize size);
GBytes *tea_dtls_session_read (TeaDtlsSession *self, gboolean *newest);
gsize
tea_dtls_session_seal (TeaDtlsSession *self, const guint8 *packet, gsize size, guint8 *record);
gboolean tea_dtls_session_send (TeaDtlsSession *self, GBytes *packet);
void tea_dtls_session_close (TeaDtlsSession *self);

TeaDtlsState tea_dtls_session_get_state (TeaDtlsSession *self);
const char *tea_dtls_session_get_failure (TeaDtlsSession *self);
gboolean tea_dtls_session_is_resumed (TeaDtlsSession *self);
const char *tea_dtls_session_get_peer_key (TeaDtlsSession *self);
guint64 tea_dtls_session_get_route (TeaDtlsSession *self);
gsize tea_dtls_session_get_packet_size (TeaDtlsSession *self);
GBytes *tea_dtls_session_get_resumption (TeaDtlsSession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDtlsSession, tea_dtls_session_free)

G_END_DECLS
