/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-packing.h"

#include "tea-frame-rules.h"
#include "tea-frame.h"
#include "tea-packet-builder.h"

/* How many bytes a packet needs to say that what follows is of another channel. */
#define IN_SIZE (TEA_FRAME_HEAD_SIZE + 2)

struct _TeaPacking
{
  TeaPacketBuilder *builder; /* (owned) */
  GPtrArray *packets;        /* (owned) (element-type GBytes) */
  gsize packet_size;
  gsize used;
  guint16 channel; /* of what comes next, unless it says so */
};

/**
 * tea_packing_new: (skip)
 * @packet_size: how many bytes a packet can have
 *
 * Returns: (transfer full): a packing without frames
 */
TeaPacking *
tea_packing_new (gsize packet_size)
{
  TeaPacking *self = g_new0 (TeaPacking, 1);

  self->builder = tea_packet_builder_new (packet_size);
  self->packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->packet_size = packet_size;

  return self;
}

/**
 * tea_packing_free: (skip)
 * @self: (transfer full): a packing
 *
 * Frees a packing with all that is in it.
 */
void
tea_packing_free (TeaPacking *self)
{
  g_return_if_fail (self != NULL);

  tea_packet_builder_free (self->builder);
  g_ptr_array_unref (self->packets);
  g_free (self);
}

/**
 * tea_packing_end: (skip)
 * @self: (transfer full): a packing
 *
 * Returns: (transfer full) (element-type GBytes): the packets
 */
GPtrArray *
tea_packing_end (TeaPacking *self)
{
  GPtrArray *packets;

  g_return_val_if_fail (self != NULL, NULL);

  tea_packing_close_packet (self);
  packets = g_ptr_array_ref (self->packets);
  tea_packing_free (self);

  return packets;
}

/**
 * tea_packing_get_largest: (skip)
 * @self: a packing
 * @channel: a channel
 *
 * Returns: how many bytes a frame of that channel can have
 */
gsize
tea_packing_get_largest (TeaPacking *self, guint16 channel)
{
  g_return_val_if_fail (self != NULL, 0);

  return tea_packing_measure_largest (self->packet_size, channel);
}

/**
 * tea_packing_measure_largest: (skip)
 * @packet_size: how many bytes a packet can have
 * @channel: a channel
 *
 * Returns: how many bytes a frame of that channel can have
 */
gsize
tea_packing_measure_largest (gsize packet_size, guint16 channel)
{
  return packet_size - (channel != 0 ? IN_SIZE : 0);
}

static gsize
measure_in (TeaPacking *self, guint16 channel)
{
  return channel != self->channel ? IN_SIZE : 0;
}

/**
 * tea_packing_get_room: (skip)
 * @self: a packing
 * @channel: a channel
 *
 * Returns: how many bytes of frames of that channel fit yet into the packet that was begun
 */
gsize
tea_packing_get_room (TeaPacking *self, guint16 channel)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->packet_size - MIN (self->used + measure_in (self, channel), self->packet_size);
}

/**
 * tea_packing_add: (skip)
 * @self: a packing
 * @channel: of which channel it is; of no account where it is of the session
 * @frame: (transfer none): a frame that fits into a packet
 *
 * Adds a frame, to another packet where it does not fit any more.
 */
void
tea_packing_add (TeaPacking *self, guint16 channel, GBytes *frame)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  if (!tea_frame_type_is_of_channel (*(const guint8 *) g_bytes_get_data (frame, NULL)))
    channel = self->channel;

  if (!tea_packet_builder_fits (self->builder, channel, frame))
    tea_packing_close_packet (self);

  tea_packet_builder_add (self->builder, channel, frame);
  self->used += measure_in (self, channel) + g_bytes_get_size (frame);
  self->channel = channel;
}

/**
 * tea_packing_close_packet: (skip)
 * @self: a packing
 *
 * Lets what comes next begin another packet.
 */
void
tea_packing_close_packet (TeaPacking *self)
{
  g_return_if_fail (self != NULL);

  if (!tea_packet_builder_is_empty (self->builder))
    g_ptr_array_add (self->packets, tea_packet_builder_take (self->builder));
  self->used = 0;
  self->channel = 0;
}
