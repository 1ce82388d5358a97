/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-dtls-server-channel.h"
#include "tea-dtls-sources.h"

G_BEGIN_DECLS

/**
 * TeaDtlsHandshakes:
 *
 * Those who are about to become clients, each for a while.
 */
typedef struct _TeaDtlsHandshakes TeaDtlsHandshakes;

TeaDtlsHandshakes *tea_dtls_handshakes_new (TeaClock *clock,
                                            TeaDtlsSources *sources,
                                            TeaDropCounter *drops,
                                            guint max_handshakes);
void tea_dtls_handshakes_free (TeaDtlsHandshakes *self);

void tea_dtls_handshakes_set_limit (TeaDtlsHandshakes *self, guint max_handshakes);
guint tea_dtls_handshakes_get_n (TeaDtlsHandshakes *self);

TeaDtlsServerChannel *tea_dtls_handshakes_lookup (TeaDtlsHandshakes *self,
                                                  GInetSocketAddress *address);
gboolean tea_dtls_handshakes_make_room (TeaDtlsHandshakes *self, GInetSocketAddress *address);
void tea_dtls_handshakes_add (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel);
TeaDtlsSource *tea_dtls_handshakes_take (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel);
gboolean tea_dtls_handshakes_drop (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDtlsHandshakes, tea_dtls_handshakes_free)

G_END_DECLS
