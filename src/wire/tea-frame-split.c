/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-private.h"

#include <string.h>

static GVariant *
bytes_to_variant (gconstpointer data, gsize size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

static guint
count_pieces (gsize size)
{
  return (guint) ((size + TEA_PIECE_SIZE - 1) / TEA_PIECE_SIZE);
}

/**
 * tea_frame_split_event:
 * @event_frame: the frame of an event
 * @seq: the event's number
 *
 * Writes the frames of the pieces of an event's body, for one whose frame is too long
 * for a packet.
 *
 * Returns: (transfer full) (element-type GBytes): the frames, each of at most 915 bytes
 */
GPtrArray *
tea_frame_split_event (GBytes *event_frame, guint64 seq)
{
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const guint8 *body;
  gsize size;
  guint count;

  g_return_val_if_fail (event_frame != NULL, NULL);
  g_return_val_if_fail (seq > 0, NULL);

  body = g_bytes_get_data (event_frame, &size);
  g_return_val_if_fail (size > TEA_FRAME_HEAD_SIZE && body[0] == TEA_FRAME_EVENT, NULL);

  body += TEA_FRAME_HEAD_SIZE;
  size -= TEA_FRAME_HEAD_SIZE;
  count = count_pieces (size);
  g_return_val_if_fail (count <= TEA_MAX_PIECES, NULL);

  for (guint i = 0; i < count; i++)
    {
      gsize offset = (gsize) i * TEA_PIECE_SIZE;
      GVariant *bytes = bytes_to_variant (body + offset, MIN (size - offset, TEA_PIECE_SIZE));

      g_ptr_array_add (frames, tea_frame_encode_body (TEA_FRAME_PIECE,
                                                      g_variant_new ("(tqq@ay)", seq, (guint16) i,
                                                                     (guint16) count, bytes)));
    }

  return g_steal_pointer (&frames);
}

/**
 * tea_frame_split_say:
 * @number: which of the stream's messages it is, from 1 on
 * @oldest: the stream's lowest number that may still be said, from 1 to @number
 * @text: what is said
 *
 * Writes the frames of the pieces of a message's text, for one whose frame is too long
 * for a packet.
 *
 * Returns: (transfer full) (element-type GBytes): the frames, each of at most 915 bytes
 */
GPtrArray *
tea_frame_split_say (guint32 number, guint32 oldest, const char *text)
{
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize size;
  guint count;

  g_return_val_if_fail (oldest > 0 && oldest <= number, NULL);
  g_return_val_if_fail (text != NULL && *text != '\0' && strlen (text) <= TEA_TEXT_MAX_BYTES, NULL);

  size = strlen (text);
  count = count_pieces (size);
  for (guint i = 0; i < count; i++)
    {
      gsize offset = (gsize) i * TEA_PIECE_SIZE;
      GVariant *bytes = bytes_to_variant (text + offset, MIN (size - offset, TEA_PIECE_SIZE));

      g_ptr_array_add (frames,
                       tea_frame_encode_body (TEA_FRAME_SAY_PIECE,
                                              g_variant_new ("(uuqq@ay)", number, oldest,
                                                             (guint16) i, (guint16) count, bytes)));
    }

  return g_steal_pointer (&frames);
}
