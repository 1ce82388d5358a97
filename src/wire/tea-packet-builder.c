/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-packet-builder.h"

#include <string.h>

#include "tea-frame-encode.h"
#include "tea-frame-rules.h"
#include "tea-frame.h"

struct _TeaPacketBuilder
{
  gsize packet_size;

  GBytes *only;   /* (nullable): the first frame, while there is no other */
  guint8 *packet; /* (nullable): all frames, once there are two */
  gsize size;
  guint n_frames;
  guint16 channel; /* of what comes next */
};

/* How many bytes an IN has. */
#define IN_SIZE (TEA_FRAME_HEAD_SIZE + 2)

static gboolean
needs_channel (TeaPacketBuilder *self, guint16 channel, GBytes *frame)
{
  const guint8 *data = g_bytes_get_data (frame, NULL);

  return channel != self->channel && tea_frame_type_is_of_channel (data[0]);
}

static void
append (TeaPacketBuilder *self, GBytes *frame)
{
  gconstpointer data;
  gsize size;

  data = g_bytes_get_data (frame, &size);
  if (self->n_frames == 0)
    {
      self->only = g_bytes_ref (frame);
    }
  else
    {
      if (self->packet == NULL)
        {
          self->packet = g_malloc (self->packet_size);
          memcpy (self->packet, g_bytes_get_data (self->only, NULL), self->size);
          g_clear_pointer (&self->only, g_bytes_unref);
        }
      memcpy (self->packet + self->size, data, size);
    }

  self->size += size;
  self->n_frames++;
}

/**
 * tea_packet_builder_new:
 * @packet_size: how many bytes a packet can have
 *
 * Makes a builder, with an empty packet.
 *
 * Returns: (transfer full): the builder
 */
TeaPacketBuilder *
tea_packet_builder_new (gsize packet_size)
{
  TeaPacketBuilder *self = g_new0 (TeaPacketBuilder, 1);

  self->packet_size = packet_size;

  return self;
}

/**
 * tea_packet_builder_free:
 * @self: (transfer full): a builder
 *
 * Frees a builder and what it holds.
 */
void
tea_packet_builder_free (TeaPacketBuilder *self)
{
  g_clear_pointer (&self->only, g_bytes_unref);
  g_free (self->packet);
  g_free (self);
}

/**
 * tea_packet_builder_fits:
 * @self: a builder
 * @channel: in which channel the frame is; of no account where it is of the session
 * @frame: a frame
 *
 * Tells whether a frame fits into the packet, with what is there already.
 *
 * Returns: whether it does
 */
gboolean
tea_packet_builder_fits (TeaPacketBuilder *self, guint16 channel, GBytes *frame)
{
  gsize size;
  guint n_frames = 1;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);
  g_return_val_if_fail (g_bytes_get_size (frame) >= TEA_FRAME_HEAD_SIZE, FALSE);

  size = g_bytes_get_size (frame);
  if (needs_channel (self, channel, frame))
    {
      size += IN_SIZE;
      n_frames++;
    }

  return self->n_frames + n_frames <= TEA_PACKET_MAX_FRAMES
         && size <= self->packet_size - self->size;
}

/**
 * tea_packet_builder_add:
 * @self: a builder
 * @channel: in which channel the frame is; of no account where it is of the session
 * @frame: a frame that fits
 *
 * Puts a frame at the end of the packet.
 */
void
tea_packet_builder_add (TeaPacketBuilder *self, guint16 channel, GBytes *frame)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);
  g_return_if_fail (tea_packet_builder_fits (self, channel, frame));

  if (needs_channel (self, channel, frame))
    {
      g_autoptr (GBytes) in = tea_frame_encode_in (channel);

      append (self, in);
      self->channel = channel;
    }

  append (self, frame);
}

/**
 * tea_packet_builder_is_empty:
 * @self: a builder
 *
 * Tells whether there is no frame in the packet.
 *
 * Returns: whether it is empty
 */
gboolean
tea_packet_builder_is_empty (TeaPacketBuilder *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->n_frames == 0;
}

/**
 * tea_packet_builder_take:
 * @self: a builder
 *
 * Takes the packet out; the builder begins an empty one. A packet of a single frame is
 * that frame itself and copies nothing.
 *
 * Returns: (transfer full) (nullable): the packet, or %NULL if it is empty
 */
GBytes *
tea_packet_builder_take (TeaPacketBuilder *self)
{
  GBytes *packet = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->packet != NULL)
    packet = g_bytes_new_take (g_steal_pointer (&self->packet), self->size);
  else
    packet = g_steal_pointer (&self->only);

  self->size = 0;
  self->n_frames = 0;
  self->channel = 0;

  return packet;
}
