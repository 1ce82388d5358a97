/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-datagram.h"
#include "tea-dtls-listener.h"
#include "tea-dtls-session.h"
#include "tea-dtls-sources.h"

G_BEGIN_DECLS

#define TEA_TYPE_DTLS_SERVER_CHANNEL (tea_dtls_server_channel_get_type ())

G_DECLARE_FINAL_TYPE (
    TeaDtlsServerChannel, tea_dtls_server_channel, TEA, DTLS_SERVER_CHANNEL, GObject)

struct _TeaDtlsServerChannel
{
  GObject parent_instance;

  TeaDtlsListener *listener;               /* (unowned) (nullable): NULL once it has forgotten us */
  TeaEndpoint *endpoint;                   /* (owned) */
  TeaDtlsSession *session;                 /* (owned) */
  guint8 random[TEA_DATAGRAM_RANDOM_SIZE]; /* of the request it began with */

  GInetSocketAddress *address; /* (owned): where the client is */
  gboolean moved;              /* it has not proved yet that it is there */
  gsize allowance;             /* how much it may be sent until it has */

  /* the listener's */
  TeaDtlsSource *source; /* (unowned) (nullable): where it came from at first */
  GList link;            /* among the handshakes */
  gint64 deadline;       /* when the handshake is given up; µs */
};

TeaDtlsServerChannel *tea_dtls_server_channel_new (TeaDtlsListener *listener,
                                                   TeaEndpoint *endpoint,
                                                   GInetSocketAddress *address,
                                                   const guint8 *random);

GInetSocketAddress *tea_dtls_server_channel_get_address (TeaDtlsServerChannel *self);
gboolean tea_dtls_server_channel_is_resumed (TeaDtlsServerChannel *self);

void tea_dtls_server_channel_send_datagram (GBytes *datagram, gpointer user_data);
void tea_dtls_server_channel_take_packets (TeaDtlsServerChannel *self,
                                           GInetSocketAddress *address,
                                           gsize size);

/* What the listener does for its channels. */
void tea_dtls_listener_forget (TeaDtlsListener *self, TeaDtlsServerChannel *channel);
void tea_dtls_listener_note_moved (TeaDtlsListener *self,
                                   TeaDtlsServerChannel *channel,
                                   GInetSocketAddress *address);
void tea_dtls_listener_note_proved (TeaDtlsListener *self, TeaDtlsServerChannel *channel);

G_END_DECLS
