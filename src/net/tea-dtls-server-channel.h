/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-dtls-session.h"
#include "tea-endpoint.h"
#include "tea-server-channel.h"

G_BEGIN_DECLS

/**
 * TeaDtlsServerNews:
 * @TEA_DTLS_SERVER_NEWS_MOVES: the client speaks from another address; the channel still
 *   has the old one
 * @TEA_DTLS_SERVER_NEWS_PROVED: the client is where it has moved to
 * @TEA_DTLS_SERVER_NEWS_CLOSED: our side has said goodbye
 *
 * What happens to a channel that is kept by its address.
 */
typedef enum
{
  TEA_DTLS_SERVER_NEWS_MOVES,
  TEA_DTLS_SERVER_NEWS_PROVED,
  TEA_DTLS_SERVER_NEWS_CLOSED,
} TeaDtlsServerNews;

#define TEA_TYPE_DTLS_SERVER_CHANNEL (tea_dtls_server_channel_get_type ())

G_DECLARE_FINAL_TYPE (
    TeaDtlsServerChannel, tea_dtls_server_channel, TEA, DTLS_SERVER_CHANNEL, GObject)

/**
 * TeaDtlsServerNewsFunc:
 * @channel: a channel
 * @news: what happened
 * @user_data: what was given with the function
 *
 * Tells whoever keeps a channel what happens to it. It may cut the channel.
 */
typedef void (*TeaDtlsServerNewsFunc) (TeaDtlsServerChannel *channel,
                                       TeaDtlsServerNews news,
                                       gpointer user_data);

TeaDtlsServerChannel *tea_dtls_server_channel_new (TeaEndpoint *endpoint,
                                                   TeaIdentity *identity,
                                                   GBytes *ticket_key,
                                                   TeaClock *clock,
                                                   GInetSocketAddress *address,
                                                   const guint8 *random,
                                                   const gnutls_dtls_prestate_st *prestate);

void tea_dtls_server_channel_start (TeaDtlsServerChannel *self,
                                    TeaDtlsServerNewsFunc tell,
                                    gpointer user_data);
void tea_dtls_server_channel_cut (TeaDtlsServerChannel *self);
gboolean tea_dtls_server_channel_is_cut (TeaDtlsServerChannel *self);

void
tea_dtls_server_channel_receive (TeaDtlsServerChannel *self, const guint8 *records, gsize size);
void tea_dtls_server_channel_take_packets (TeaDtlsServerChannel *self,
                                           GInetSocketAddress *address,
                                           gsize size);

gboolean tea_dtls_server_channel_began_with (TeaDtlsServerChannel *self, const guint8 *random);
GInetSocketAddress *tea_dtls_server_channel_get_address (TeaDtlsServerChannel *self);
TeaDtlsState tea_dtls_server_channel_get_state (TeaDtlsServerChannel *self);
const char *tea_dtls_server_channel_get_failure (TeaDtlsServerChannel *self);
guint64 tea_dtls_server_channel_get_route (TeaDtlsServerChannel *self);
gboolean tea_dtls_server_channel_is_resumed (TeaDtlsServerChannel *self);

G_END_DECLS
