/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-error.h"
#include "tea-frame-encode.h"
#include "tea-frame-rules.h"
#include "tea-limits.h"
#include "tea-piece-collector.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Looks at all that can be had of a collector. */
static void
check_whole (TeaPieceCollector *collector)
{
  static const TeaFrameType types[] = { TEA_FRAME_EVENT, TEA_FRAME_MORE, TEA_FRAME_TELL };
  g_autofree char *text = NULL;
  g_autoptr (GError) text_error = NULL;

  g_assert_cmphex (tea_piece_collector_get_received (collector)
                       & tea_piece_collector_get_missing (collector),
                   ==, 0);
  if (!tea_piece_collector_is_complete (collector))
    return;

  text = tea_piece_collector_dup_text (collector, &text_error);
  g_assert_true ((text == NULL) == (text_error != NULL));
  if (text != NULL)
    {
      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_cmpuint (strlen (text), >, 0);
      g_assert_cmpuint (strlen (text), <=, TEA_TEXT_MAX_BYTES);
    }

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      g_autoptr (GError) error = NULL;

      if (tea_piece_collector_read_frame (collector, types[i], 1, &frame, &error))
        {
          g_autoptr (GBytes) again = tea_frame_encode (&frame);

          g_assert_no_error (error);
          g_assert_nonnull (again);
          g_assert_cmpint (frame.type, ==, types[i]);
        }
      else
        {
          g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
          g_assert_cmpint (frame.type, ==, TEA_FRAME_UNKNOWN);
        }
    }
}

/* A whole, in pieces that come in an order of the input's. */
static void
split_whole (const guint8 *data, gsize size, guint turn)
{
  g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
  guint count = (guint) ((size + TEA_PIECE_SIZE - 1) / TEA_PIECE_SIZE);

  for (guint i = 0; i < count && count <= TEA_MAX_PIECES; i++)
    {
      guint index = (i + turn) % count;
      gsize offset = (gsize) index * TEA_PIECE_SIZE;
      g_autoptr (GBytes) bytes = g_bytes_new (data + offset, MIN (TEA_PIECE_SIZE, size - offset));

      g_assert_false (tea_piece_collector_is_complete (collector));
      g_assert_true (tea_piece_collector_add (collector, index, count, bytes));
    }

  check_whole (collector);
}

/* Pieces of which nothing need fit: each an index, a count, a size in two bytes, and what
 * it is full of. */
static void
add_anything (const guint8 *data, gsize size)
{
  g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();

  for (; size >= 5; data += 5, size -= 5)
    {
      gsize piece_size = (data[2] + ((gsize) data[3] << 8)) % (TEA_PIECE_SIZE + 2);
      g_autofree guint8 *piece = g_malloc (piece_size + 1);
      g_autoptr (GBytes) bytes = NULL;
      guint32 received = tea_piece_collector_get_received (collector);

      memset (piece, data[4], piece_size);
      bytes = g_bytes_new (piece, piece_size);
      if (tea_piece_collector_add (collector, data[0], data[1], bytes))
        g_assert_cmphex (tea_piece_collector_get_received (collector), ==,
                         received | (guint32) 1 << data[0]);
      else
        g_assert_cmphex (tea_piece_collector_get_received (collector), ==, received);
    }

  check_whole (collector);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;

  if (data[0] < 128)
    split_whole (data + 1, size - 1, data[0]);
  else
    add_anything (data + 1, size - 1);

  return 0;
}
