/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-body.h"
#include "tea-error.h"
#include "tea-frame-rules.h"

static const char *
read_body (TeaFrame *self, GBytes *packet, gsize offset, gsize size)
{
  const TeaFrameRules *rules = tea_frame_rules_get (self->type);
  g_autoptr (GBytes) bytes = NULL;

  if (rules->type == NULL)
    return size == 0 ? NULL : "the body is empty";

  if (self->type == TEA_FRAME_EVENT)
    return tea_frame_event_read (self, (const guint8 *) g_bytes_get_data (packet, NULL) + offset,
                                 size);

  bytes = g_bytes_new_from_bytes (packet, offset, size);
  self->body = tea_body_read (rules->type, bytes);
  if (self->body == NULL)
    return "the body is in normal form";

  return tea_frame_rules_read (self);
}

static GBytes *
make_frame (TeaFrameType type, gconstpointer body, gsize size)
{
  guint8 *frame;

  g_return_val_if_fail (size <= G_MAXUINT16, NULL);

  frame = g_malloc (TEA_FRAME_HEAD_SIZE + size);
  frame[0] = (guint8) type;
  frame[1] = size & 0xFF;
  frame[2] = (guint8) (size >> 8);
  if (size > 0)
    memcpy (frame + TEA_FRAME_HEAD_SIZE, body, size);

  return g_bytes_new_take (frame, TEA_FRAME_HEAD_SIZE + size);
}

/**
 * tea_frame_type_get_name:
 * @type: a kind of frames
 *
 * Returns: (nullable): what PROTOCOL.md calls it; %NULL where it is not known
 */
const char *
tea_frame_type_get_name (guint type)
{
  const TeaFrameRules *rules = tea_frame_rules_get (type);

  return rules != NULL ? rules->name : NULL;
}

/**
 * tea_frame_type_is_sent_by:
 * @type: a kind of frames
 * @sender: a client or a server
 *
 * Returns: whether that is who sends such frames; also %TRUE where the kind is not known
 */
gboolean
tea_frame_type_is_sent_by (guint type, TeaFrameSender sender)
{
  const TeaFrameRules *rules = tea_frame_rules_get (type);

  return rules == NULL || (rules->sender & sender) != 0;
}

/**
 * tea_frame_type_is_of_channel:
 * @type: a kind of frames
 *
 * Returns: whether such frames are of the channel that they stand in, and not of the session
 */
gboolean
tea_frame_type_is_of_channel (guint type)
{
  const TeaFrameRules *rules = tea_frame_rules_get (type);

  return rules != NULL && rules->of_channel;
}

/**
 * tea_frame_type_get_cost:
 * @type: a kind of frames
 *
 * Returns: for how many frames such a frame counts, where they are rationed
 */
guint
tea_frame_type_get_cost (guint type)
{
  const TeaFrameRules *rules = tea_frame_rules_get (type);

  return rules != NULL ? rules->cost : 1;
}

/**
 * tea_frame_clear:
 * @self: a frame
 *
 * Frees what a frame holds. It can be read into again.
 */
void
tea_frame_clear (TeaFrame *self)
{
  g_return_if_fail (self != NULL);

  if (self->type != TEA_FRAME_UNKNOWN)
    tea_frame_rules_free (self);

  g_clear_pointer (&self->body, g_variant_unref);
  memset (self, 0, sizeof *self);
}

/**
 * tea_frame_encode:
 * @self: a frame of which the type and the fields of that are filled in
 *
 * Writes a frame. What breaks a rule of PROTOCOL.md is a fault of this program and is not
 * written.
 *
 * Returns: (transfer full) (nullable): the frame; %NULL if it breaks a rule
 */
GBytes *
tea_frame_encode (const TeaFrame *self)
{
  const TeaFrameRules *rules;
  const char *rule;
  g_autoptr (GVariant) body = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  rules = tea_frame_rules_get (self->type);
  g_return_val_if_fail (rules != NULL, NULL);

  rule = tea_frame_rules_check (self);
  if (rule != NULL)
    {
      g_critical ("A frame would break a rule (%s: %s)", rules->name, rule);
      return NULL;
    }

  if (rules->type == NULL)
    return make_frame (self->type, NULL, 0);

  if (self->type == TEA_FRAME_EVENT)
    return tea_frame_event_write (self);

  body = tea_body_write (tea_frame_rules_write (self));

  return make_frame (self->type, g_variant_get_data (body), g_variant_get_size (body));
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
