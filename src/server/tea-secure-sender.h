/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-event.h"
#include "tea-packet-channel.h"
#include "tea-packing.h"

G_BEGIN_DECLS

/**
 * TeaPushSource:
 * @get_packets: (transfer none): what is new, in packets of a size, where nothing else goes
 *   along
 * @pack: adds what is new to a packing
 * @sent: takes note that it was sent
 *
 * What has something new for a client, of which many are sent the same. It is part of
 * another struct.
 */
typedef struct _TeaPushSource TeaPushSource;

struct _TeaPushSource
{
  GPtrArray *(*get_packets) (TeaPushSource *self, gsize packet_size);
  void (*pack) (TeaPushSource *self, TeaPacking *packing);
  void (*sent) (TeaPushSource *self);
};

/**
 * TeaSecureCounts:
 * @n_packets: how many packets were sent
 * @n_deliveries: how many events, each as often as there is a client that it was new for
 * @n_repairs: how many events were sent again, or are old ones that were asked for
 * @n_repeats: how often a client said something again that was here already
 * @n_losses: how often a client asked for something that it had been sent
 *
 * What was sent since senders were made.
 */
typedef struct
{
  guint64 n_packets;
  guint64 n_deliveries;
  guint64 n_repairs;
  guint64 n_repeats;
  guint64 n_losses;
} TeaSecureCounts;

/**
 * TeaSecureSenders:
 *
 * All who have something to send at the end of the turn.
 */
typedef struct _TeaSecureSenders TeaSecureSenders;

/**
 * TeaSecureSender:
 *
 * What goes to one client: frames wait until the end of the turn, to share packets.
 */
typedef struct _TeaSecureSender TeaSecureSender;

TeaSecureSenders *tea_secure_senders_new (TeaClock *clock);
void tea_secure_senders_free (TeaSecureSenders *self);
TeaSecureCounts tea_secure_senders_get_counts (TeaSecureSenders *self);

TeaSecureSender *tea_secure_sender_new (TeaSecureSenders *senders, TeaPacketChannel *channel);
void tea_secure_sender_free (TeaSecureSender *self);

gsize tea_secure_sender_get_packet_size (TeaSecureSender *self);
gsize tea_secure_sender_get_largest (TeaSecureSender *self, guint16 channel);

void tea_secure_sender_note_deliveries (TeaSecureSender *self, guint n);
void tea_secure_sender_note_repeat (TeaSecureSender *self);
void tea_secure_sender_note_loss (TeaSecureSender *self, gint64 until);
gint64 tea_secure_sender_get_lossy_until (TeaSecureSender *self);

void tea_secure_sender_send (TeaSecureSender *self, guint16 channel, GBytes *frame);
gsize tea_secure_sender_send_event (TeaSecureSender *self,
                                    guint16 channel,
                                    TeaEvent *event,
                                    guint32 pieces);
void tea_secure_sender_send_packets (TeaSecureSender *self, GPtrArray *packets);
void tea_secure_sender_add_source (TeaSecureSender *self, TeaPushSource *source);
void tea_secure_sender_remove_source (TeaSecureSender *self, TeaPushSource *source);
void tea_secure_sender_flush (TeaSecureSender *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSecureSenders, tea_secure_senders_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSecureSender, tea_secure_sender_free)

G_END_DECLS
