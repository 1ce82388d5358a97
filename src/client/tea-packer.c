/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-packer.h"

#include "tea-packet-builder.h"

struct _TeaPacker
{
  TeaTimer *timer;            /* (owned): at the end of the turn */
  TeaPacketChannel *channel;  /* (owned) (nullable) */
  TeaPacketBuilder *outgoing; /* (owned) (nullable): with the channel */
};

static void
flush_cb (gpointer user_data)
{
  tea_packer_flush (user_data);
}

/**
 * tea_packer_new:
 * @clock: by which clock
 *
 * Returns: (transfer full): a packer without a channel
 */
TeaPacker *
tea_packer_new (TeaClock *clock)
{
  TeaPacker *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaPacker, 1);
  self->timer = tea_timer_new (clock, flush_cb, self);

  return self;
}

/**
 * tea_packer_free:
 * @self: (transfer full): a packer
 *
 * Frees a packer.
 */
void
tea_packer_free (TeaPacker *self)
{
  g_return_if_fail (self != NULL);

  tea_packer_stop (self);
  tea_timer_free (self->timer);
  g_free (self);
}

/**
 * tea_packer_start:
 * @self: a packer without a channel
 * @channel: where to send packets from now on
 *
 * Begins to send.
 */
void
tea_packer_start (TeaPacker *self, TeaPacketChannel *channel)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->channel == NULL);
  g_return_if_fail (TEA_IS_PACKET_CHANNEL (channel));

  self->channel = g_object_ref (channel);
  self->outgoing = tea_packet_builder_new (tea_packet_channel_get_packet_size (channel));
}

/**
 * tea_packer_stop:
 * @self: a packer
 *
 * Drops what is not sent yet, and what it is given until it is started again.
 */
void
tea_packer_stop (TeaPacker *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
  g_clear_pointer (&self->outgoing, tea_packet_builder_free);
  g_clear_object (&self->channel);
}

/**
 * tea_packer_send:
 * @self: a packer
 * @channel: which room the frame is of; of no account for those of the session
 * @frame: (transfer full): a frame
 *
 * Sends a frame, at the end of the turn at the latest.
 */
void
tea_packer_send (TeaPacker *self, guint16 channel, GBytes *frame)
{
  g_autoptr (GBytes) owned = frame;

  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  if (self->channel == NULL)
    return;

  if (!tea_packet_builder_fits (self->outgoing, channel, owned))
    tea_packer_flush (self);
  /* Sending may be what shows that there is no channel any more. */
  if (self->channel == NULL)
    return;

  tea_packet_builder_add (self->outgoing, channel, owned);
  if (tea_timer_get_due (self->timer) == 0)
    tea_timer_set (self->timer, 0);
}

/**
 * tea_packer_flush:
 * @self: a packer
 *
 * Sends now what waits for the end of the turn.
 */
void
tea_packer_flush (TeaPacker *self)
{
  g_autoptr (GBytes) packet = NULL;

  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
  if (self->channel == NULL || tea_packet_builder_is_empty (self->outgoing))
    return;

  packet = tea_packet_builder_take (self->outgoing);
  tea_packet_channel_send (self->channel, packet);
}
