/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame-encode.h"
#include "tea-frame.h"

/* Where the code stands in the bytes of a frame that has one; 0 for none. */
static inline gsize
find_code (const TeaFrame *frame, guint8 *last, guint8 *instead)
{
  switch ((guint) frame->type)
    {
    case TEA_FRAME_REFUSED:
    case TEA_FRAME_NACK:
      *last = TEA_REFUSAL_ARCHIVED;
      *instead = TEA_REFUSAL_OTHER;
      return frame->type == TEA_FRAME_NACK ? 7 : 3;
    case TEA_FRAME_BYE:
      *last = TEA_BYE_UNKNOWN;
      *instead = TEA_BYE_CLOSED;
      return 3;
    case TEA_FRAME_CLOSE:
      *last = TEA_CLOSE_NOT_INTERESTED;
      *instead = TEA_CLOSE_OUT;
      return 3;
    default:
      return 0;
    }
}

/* Asserts that a frame that was read from some bytes is written as those bytes. */
static inline void
assert_again (const TeaFrame *frame, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) again = tea_frame_encode (frame);
  g_autofree guint8 *expected = g_memdup2 (data, size);
  guint8 last = 0;
  guint8 instead = 0;
  gsize code = find_code (frame, &last, &instead);

  /* Codes of later versions are read as the ones they come close to. */
  if (code > 0 && expected[code] > last)
    expected[code] = instead;

  g_assert_nonnull (again);
  g_assert_cmpmem (g_bytes_get_data (again, NULL), g_bytes_get_size (again), expected, size);
}
