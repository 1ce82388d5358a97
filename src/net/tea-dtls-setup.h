/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gnutls/dtls.h>

#include "tea-identity.h"

G_BEGIN_DECLS

/**
 * TEA_DTLS_SETUP_SMALL_PACKET:
 *
 * The most bytes of a packet in a session whose datagrams have to be small. A client tells it
 * in its request.
 */
#define TEA_DTLS_SETUP_SMALL_PACKET 1024

gnutls_session_t tea_dtls_setup_new_client (TeaIdentity *identity, GBytes *resumption);
gnutls_session_t tea_dtls_setup_new_server (TeaIdentity *identity,
                                            GBytes *ticket_key,
                                            const gnutls_dtls_prestate_st *prestate);

gboolean tea_dtls_setup_is_small (gnutls_session_t session);
int tea_dtls_setup_get_route (gnutls_session_t session, guint64 *route);
char *tea_dtls_setup_get_peer_key (gnutls_session_t session);
GBytes *tea_dtls_setup_make_proof (gnutls_session_t session, TeaIdentity *identity);
gboolean tea_dtls_setup_check_proof (gnutls_session_t session, const guint8 *proof, gsize size);

G_END_DECLS
