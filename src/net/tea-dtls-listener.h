/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-endpoint.h"
#include "tea-identity.h"
#include "tea-packet-channel.h"
#include "tea-ticket-key.h"

G_BEGIN_DECLS

/**
 * TEA_DTLS_LISTENER_MAX_SESSIONS:
 *
 * How many sessions there may be, where nothing else is set.
 */
#define TEA_DTLS_LISTENER_MAX_SESSIONS 8192

#define TEA_TYPE_DTLS_LISTENER (tea_dtls_listener_get_type ())

G_DECLARE_FINAL_TYPE (TeaDtlsListener, tea_dtls_listener, TEA, DTLS_LISTENER, GObject)

TeaDtlsListener *tea_dtls_listener_new (TeaEndpoint *endpoint,
                                        TeaIdentity *identity,
                                        TeaTicketKey *ticket_key,
                                        TeaClock *clock);

void tea_dtls_listener_set_rate (TeaDtlsListener *self, guint per_second);
void tea_dtls_listener_set_max_sessions (TeaDtlsListener *self, guint max_sessions);
void tea_dtls_listener_set_limits (TeaDtlsListener *self, guint max_sessions, guint max_handshakes);

TeaEndpointSort tea_dtls_listener_sort (TeaDtlsListener *self, const guint8 *data, gsize size);
gboolean
tea_dtls_listener_receive (TeaDtlsListener *self, GInetSocketAddress *address, GBytes *datagram);

guint tea_dtls_listener_get_n_sessions (TeaDtlsListener *self);
guint tea_dtls_listener_get_n_handshakes (TeaDtlsListener *self);
guint64 tea_dtls_listener_get_n_accepted (TeaDtlsListener *self);
guint64 tea_dtls_listener_get_n_resumed (TeaDtlsListener *self);

G_END_DECLS
