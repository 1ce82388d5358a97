/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client-channel.h"
#include "tea-clock.h"
#include "tea-identity.h"

G_BEGIN_DECLS

/**
 * TeaDtlsNews:
 * @TEA_DTLS_NEWS_ANSWERED: somebody answers with DTLS
 * @TEA_DTLS_NEWS_OTHERWISE: somebody answers, but not with DTLS
 * @TEA_DTLS_NEWS_REFUSED: the machine says that nobody listens
 * @TEA_DTLS_NEWS_OPEN: the channel is open
 * @TEA_DTLS_NEWS_FAILED: the two do not understand each other
 *
 * What happens while a channel is being opened.
 */
typedef enum
{
  TEA_DTLS_NEWS_ANSWERED,
  TEA_DTLS_NEWS_OTHERWISE,
  TEA_DTLS_NEWS_REFUSED,
  TEA_DTLS_NEWS_OPEN,
  TEA_DTLS_NEWS_FAILED,
} TeaDtlsNews;

#define TEA_TYPE_DTLS_CLIENT_CHANNEL (tea_dtls_client_channel_get_type ())

G_DECLARE_FINAL_TYPE (
    TeaDtlsClientChannel, tea_dtls_client_channel, TEA, DTLS_CLIENT_CHANNEL, GObject)

/**
 * TeaDtlsNewsFunc:
 * @channel: a channel that is being opened
 * @news: what happened
 * @user_data: what was given with the function
 *
 * Tells how a channel gets on. It may drop the channel.
 */
typedef void (*TeaDtlsNewsFunc) (TeaDtlsClientChannel *channel,
                                 TeaDtlsNews news,
                                 gpointer user_data);

TeaDtlsClientChannel *tea_dtls_client_channel_new (GSocketAddress *address,
                                                   TeaIdentity *identity,
                                                   GBytes *resumption,
                                                   TeaClock *clock,
                                                   GError **error);

void tea_dtls_client_channel_set_small (TeaDtlsClientChannel *self);
void tea_dtls_client_channel_set_padded (TeaDtlsClientChannel *self);
void tea_dtls_client_channel_start (TeaDtlsClientChannel *self,
                                    TeaDtlsNewsFunc tell,
                                    gpointer user_data);
void tea_dtls_client_channel_stop_telling (TeaDtlsClientChannel *self);

const char *tea_dtls_client_channel_get_failure (TeaDtlsClientChannel *self);
gboolean tea_dtls_client_channel_is_resumed (TeaDtlsClientChannel *self);
GBytes *tea_dtls_client_channel_get_resumption (TeaDtlsClientChannel *self);

G_END_DECLS
