/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-piece-collector.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-limits.h"

struct _TeaPieceCollector
{
  guint64 version; /* of what the pieces are of; 0 where that does not change */
  guint count;     /* 0 before the first piece */
  guint32 received;
  GBytes *pieces[TEA_MAX_PIECES];
};

/**
 * tea_piece_collector_new:
 *
 * Makes a collector without any piece.
 *
 * Returns: (transfer full): the collector
 */
TeaPieceCollector *
tea_piece_collector_new (void)
{
  return g_new0 (TeaPieceCollector, 1);
}

/**
 * tea_piece_collector_free:
 * @self: (transfer full): a collector
 *
 * Frees a collector and the pieces in it.
 */
void
tea_piece_collector_free (TeaPieceCollector *self)
{
  for (guint i = 0; i < self->count; i++)
    g_clear_pointer (&self->pieces[i], g_bytes_unref);
  g_free (self);
}

/**
 * tea_piece_collector_set_version:
 * @self: a collector
 * @version: of which version the next piece is
 *
 * Pieces of different versions do not belong together: those of an earlier one are forgotten.
 *
 * Returns: whether the next piece is to be added; not if it is of an earlier version than the
 *   others
 */
gboolean
tea_piece_collector_set_version (TeaPieceCollector *self, guint64 version)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (version < self->version)
    return FALSE;
  if (version == self->version)
    return TRUE;

  for (guint i = 0; i < self->count; i++)
    g_clear_pointer (&self->pieces[i], g_bytes_unref);
  self->version = version;
  self->count = 0;
  self->received = 0;

  return TRUE;
}

/**
 * tea_piece_collector_add:
 * @self: a collector
 * @index: which piece it is, from 0 on
 * @count: how many there are
 * @bytes: the piece
 *
 * Adds a piece. One that is there already is passed over.
 *
 * Returns: %FALSE if it cannot be a piece of what the others are pieces of; it is not
 *   taken then
 */
gboolean
tea_piece_collector_add (TeaPieceCollector *self, guint index, guint count, GBytes *bytes)
{
  gsize size;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  size = g_bytes_get_size (bytes);
  if (count == 0 || count > TEA_MAX_PIECES || index >= count
      || (self->count != 0 && count != self->count))
    return FALSE;

  if (size == 0 || size > TEA_PIECE_SIZE || (index < count - 1 && size != TEA_PIECE_SIZE))
    return FALSE;

  if (self->pieces[index] != NULL)
    return g_bytes_get_size (self->pieces[index]) == size;

  self->count = count;
  self->received |= (guint32) 1 << index;
  self->pieces[index] = g_bytes_ref (bytes);

  return TRUE;
}

/**
 * tea_piece_collector_get_received:
 * @self: a collector
 *
 * Tells which pieces have come.
 *
 * Returns: a bit for each piece, the lowest for the first
 */
guint32
tea_piece_collector_get_received (TeaPieceCollector *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->received;
}

/**
 * tea_piece_collector_get_missing:
 * @self: a collector
 *
 * Tells which pieces have not come.
 *
 * Returns: a bit for each piece, the lowest for the first; all 32 before the first piece
 *   has told how many there are
 */
guint32
tea_piece_collector_get_missing (TeaPieceCollector *self)
{
  guint32 all = G_MAXUINT32;

  g_return_val_if_fail (self != NULL, 0);

  if (self->count != 0)
    all >>= TEA_MAX_PIECES - self->count;

  return all & ~self->received;
}

/**
 * tea_piece_collector_is_complete:
 * @self: a collector
 *
 * Tells whether every piece has come.
 *
 * Returns: whether nothing is missing
 */
gboolean
tea_piece_collector_is_complete (TeaPieceCollector *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_piece_collector_get_missing (self) == 0;
}

static GByteArray *
join (TeaPieceCollector *self)
{
  GByteArray *whole = g_byte_array_sized_new (self->count * TEA_PIECE_SIZE + 1);

  for (guint i = 0; i < self->count; i++)
    g_byte_array_append (whole, g_bytes_get_data (self->pieces[i], NULL),
                         (guint) g_bytes_get_size (self->pieces[i]));

  return whole;
}

/**
 * tea_piece_collector_dup_text:
 * @self: a collector that is complete
 * @error: return location for a #GError
 *
 * Puts a message's text together.
 *
 * Returns: (transfer full): the text, or %NULL with @error set to %TEA_ERROR_TEXT_INVALID
 */
char *
tea_piece_collector_dup_text (TeaPieceCollector *self, GError **error)
{
  g_autoptr (GByteArray) whole = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (tea_piece_collector_is_complete (self), NULL);

  whole = join (self);
  if (whole->len > TEA_TEXT_MAX_BYTES)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                   _ ("A message can have at most %d bytes."), TEA_TEXT_MAX_BYTES);
      return NULL;
    }

  if (!g_utf8_validate_len ((const char *) whole->data, whole->len, NULL))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                           _ ("This is not valid UTF-8 text."));
      return NULL;
    }

  return g_strndup ((const char *) whole->data, whole->len);
}

static guint64
get_number (const TeaFrame *frame)
{
  return frame->type == TEA_FRAME_TELL ? frame->tell.number
                                       : tea_event_get_seq (frame->event.event);
}

/**
 * tea_piece_collector_read_frame:
 * @self: a collector that is complete
 * @type: of what the pieces are: %TEA_FRAME_EVENT for PIECE, %TEA_FRAME_MORE for MORE_PIECE,
 *   %TEA_FRAME_TELL for TELL_PIECE
 * @number: the number that the pieces have, of the event or of the message
 * @frame: where to put the frame; what it holds is freed first
 * @error: return location for a #GError
 *
 * Puts a frame together. It has to keep to all the rules that one in a single piece keeps to.
 *
 * Returns: whether there is a frame; otherwise @error is set to %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_piece_collector_read_frame (
    TeaPieceCollector *self, TeaFrameType type, guint64 number, TeaFrame *frame, GError **error)
{
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (GByteArray) whole = NULL;
  guint8 head[TEA_FRAME_HEAD_SIZE] = { (guint8) type };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (tea_piece_collector_is_complete (self), FALSE);
  g_return_val_if_fail (type == TEA_FRAME_EVENT || type == TEA_FRAME_MORE || type == TEA_FRAME_TELL,
                        FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);

  whole = join (self);
  head[1] = whole->len & 0xFF;
  head[2] = (whole->len >> 8) & 0xFF;
  g_byte_array_prepend (whole, head, sizeof head);
  packet = g_byte_array_free_to_bytes (g_steal_pointer (&whole));

  if (!tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), frame, error))
    return FALSE;

  if (get_number (frame) != number)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("The pieces are of something else than they say."));
      tea_frame_clear (frame);
      return FALSE;
    }

  return TRUE;
}
