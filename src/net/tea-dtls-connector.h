/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-identity.h"
#include "tea-known-servers.h"
#include "tea-packet-connector.h"

G_BEGIN_DECLS

#define TEA_TYPE_DTLS_CONNECTOR (tea_dtls_connector_get_type ())

G_DECLARE_FINAL_TYPE (TeaDtlsConnector, tea_dtls_connector, TEA, DTLS_CONNECTOR, GObject)

TeaDtlsConnector *tea_dtls_connector_new (GNetworkAddress *address,
                                          TeaIdentity *identity,
                                          const char *expected_key,
                                          TeaKnownServers *known,
                                          TeaClock *clock);

void tea_dtls_connector_trust (TeaDtlsConnector *self, const char *key);

const char *tea_dtls_connector_get_server_key (TeaDtlsConnector *self);

G_END_DECLS
