/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-split.h"

#include <string.h>

#include "tea-frame-encode.h"

/* Where the body of a MORE has its version. */
#define VERSION_OFFSET 16

/* A frame of each piece of what is whole; @piece has all of these but for the piece itself. */
static GPtrArray *
split (const guint8 *whole, gsize size, TeaFrame piece)
{
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize count = (size + TEA_PIECE_SIZE - 1) / TEA_PIECE_SIZE;

  g_return_val_if_fail (count <= TEA_MAX_PIECES, NULL);

  for (gsize i = 0; i < count; i++)
    {
      gsize offset = i * TEA_PIECE_SIZE;
      g_autoptr (GBytes) bytes
          = g_bytes_new_static (whole + offset, MIN (size - offset, TEA_PIECE_SIZE));

      if (piece.type == TEA_FRAME_PIECE || piece.type == TEA_FRAME_MORE_PIECE)
        {
          piece.piece.index = (guint16) i;
          piece.piece.count = (guint16) count;
          piece.piece.bytes = bytes;
        }
      else
        {
          piece.say_piece.index = (guint16) i;
          piece.say_piece.count = (guint16) count;
          piece.say_piece.bytes = bytes;
        }
      g_ptr_array_add (frames, tea_frame_encode (&piece));
    }

  return g_steal_pointer (&frames);
}

/**
 * tea_frame_split_event:
 * @event_frame: the frame of an event, EVENT or MORE
 * @seq: the event's number
 *
 * Writes the frames of the pieces of an event's body, for one whose frame is too long
 * for a packet: PIECE for EVENT, MORE_PIECE for MORE.
 *
 * Returns: (transfer full) (element-type GBytes): the frames, each of at most 923 bytes
 */
GPtrArray *
tea_frame_split_event (GBytes *event_frame, guint64 seq)
{
  const guint8 *body;
  gsize size;
  TeaFrame piece = { .type = TEA_FRAME_PIECE, .piece = { .seq = seq } };

  g_return_val_if_fail (event_frame != NULL, NULL);
  g_return_val_if_fail (seq > 0, NULL);

  body = g_bytes_get_data (event_frame, &size);
  g_return_val_if_fail (size > TEA_FRAME_HEAD_SIZE, NULL);
  g_return_val_if_fail (body[0] == TEA_FRAME_EVENT || body[0] == TEA_FRAME_MORE, NULL);

  if (body[0] == TEA_FRAME_MORE)
    {
      guint64 version;

      g_return_val_if_fail (size >= TEA_FRAME_HEAD_SIZE + VERSION_OFFSET + sizeof version, NULL);

      memcpy (&version, body + TEA_FRAME_HEAD_SIZE + VERSION_OFFSET, sizeof version);
      piece.type = TEA_FRAME_MORE_PIECE;
      piece.piece.version = GUINT64_FROM_LE (version);
    }

  return split (body + TEA_FRAME_HEAD_SIZE, size - TEA_FRAME_HEAD_SIZE, piece);
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
  g_return_val_if_fail (text != NULL && *text != '\0' && strlen (text) <= TEA_TEXT_MAX_BYTES, NULL);

  return split ((const guint8 *) text, strlen (text),
                (TeaFrame){ .type = TEA_FRAME_SAY_PIECE,
                            .say_piece = { .number = number, .oldest = oldest } });
}

/**
 * tea_frame_split_tell:
 * @tell_frame: the frame of a TELL
 * @number: its number
 * @oldest: the stream's lowest number that may still be said, from 1 to @number; it may have
 *   risen since @tell_frame was written
 *
 * Writes the frames of the pieces of the body of a TELL, for one that is too long for a packet.
 *
 * Returns: (transfer full) (element-type GBytes): the frames, each of at most 915 bytes
 */
GPtrArray *
tea_frame_split_tell (GBytes *tell_frame, guint32 number, guint32 oldest)
{
  const guint8 *body;
  gsize size;

  g_return_val_if_fail (tell_frame != NULL, NULL);

  body = g_bytes_get_data (tell_frame, &size);
  g_return_val_if_fail (size > TEA_FRAME_HEAD_SIZE && body[0] == TEA_FRAME_TELL, NULL);

  return split (body + TEA_FRAME_HEAD_SIZE, size - TEA_FRAME_HEAD_SIZE,
                (TeaFrame){ .type = TEA_FRAME_TELL_PIECE,
                            .say_piece = { .number = number, .oldest = oldest } });
}
