/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-reader.h"

#include <glib/gi18n-lib.h>

#include "tea-body.h"
#include "tea-error.h"
#include "tea-frame-event.h"
#include "tea-frame-rules.h"

static const char *
read_body (TeaFrame *self, GBytes *packet, gsize offset, gsize size)
{
  const TeaFrameRules *rules = tea_frame_rules_get (self->type);
  const guint8 *body = (const guint8 *) g_bytes_get_data (packet, NULL) + offset;
  g_autoptr (GBytes) bytes = NULL;

  if (rules->type == NULL)
    return size == 0 ? NULL : "the body is empty";

  if (self->type == TEA_FRAME_EVENT)
    return tea_frame_event_read (self, body, size);
  if (tea_frame_rules_is_of_numbers (rules))
    return tea_frame_rules_read_numbers (self, body, size);

  bytes = g_bytes_new_from_bytes (packet, offset, size);
  self->body = tea_body_read (rules->type, bytes);
  if (self->body == NULL)
    return "the body is in normal form";

  return tea_frame_rules_read (self);
}

/**
 * tea_frame_reader_next:
 * @self: where one is in a packet
 * @frame: where to put the frame; what it holds is freed first
 * @error: return location for a #GError
 *
 * Reads the next frame of a packet, and tells in which channel it stands. A frame of a kind
 * that is not known comes as %TEA_FRAME_UNKNOWN and is to be passed over, and so is
 * %TEA_FRAME_IN, of which the reader takes account.
 *
 * With the first frame that does not keep to the protocol (PROTOCOL.md, "Frames") reading
 * ends: the rest of the packet is dropped, and any further call returns %FALSE without an
 * error. The frames before it count.
 *
 * Returns: whether there is a frame: %FALSE without @error at the packet's end, or with
 *   @error set to %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_frame_reader_next (TeaFrameReader *self, TeaFrame *frame, GError **error)
{
  gsize size;
  const guint8 *packet;
  const char *name = "?";
  const char *rule = NULL;

  g_return_val_if_fail (self != NULL && self->packet != NULL, FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  tea_frame_clear (frame);

  packet = g_bytes_get_data (self->packet, &size);
  if (self->offset >= size)
    return FALSE;

  packet += self->offset;
  size -= self->offset;
  if (tea_frame_rules_get (packet[0]) != NULL)
    {
      frame->type = (TeaFrameType) packet[0];
      name = tea_frame_type_get_name (frame->type);
    }

  if (++self->n_frames > TEA_PACKET_MAX_FRAMES)
    {
      rule = "a packet has at most 128 frames";
    }
  else if (size < TEA_FRAME_HEAD_SIZE
           || size - TEA_FRAME_HEAD_SIZE < (gsize) packet[1] + ((gsize) packet[2] << 8))
    {
      rule = "a frame ends within its packet";
    }
  else
    {
      gsize body_size = (gsize) packet[1] + ((gsize) packet[2] << 8);
      gsize offset = self->offset + TEA_FRAME_HEAD_SIZE;

      self->offset = offset + body_size;
      if (frame->type != TEA_FRAME_UNKNOWN)
        rule = read_body (frame, self->packet, offset, body_size);
    }

  if (rule != NULL)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                   /* Translators: the first is a word of the protocol such as PULL, the
                    * second a rule in English, both for those who look for the fault. */
                   _ ("The other side does not keep to the protocol (%s: %s)."), name, rule);
      tea_frame_clear (frame);
      self->offset = g_bytes_get_size (self->packet);
      return FALSE;
    }

  if (frame->type == TEA_FRAME_IN)
    self->channel = frame->in.channel;
  else if (tea_frame_type_is_of_channel (frame->type))
    frame->channel = self->channel;

  return TRUE;
}
