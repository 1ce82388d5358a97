/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame-private.h"

/* Writes a frame that was read once more, from every field of it. */
static inline GBytes *
frame_again (const TeaFrame *frame)
{
  gconstpointer data;
  gsize size;

  switch (frame->type)
    {
    case TEA_FRAME_HELLO:
      return tea_frame_encode_hello (frame->hello.minimum, frame->hello.maximum,
                                     frame->hello.software, frame->hello.room);
    case TEA_FRAME_WELCOME:
      return tea_frame_encode_welcome (frame->welcome.version, frame->welcome.software);
    case TEA_FRAME_ENTER:
      return tea_frame_encode_enter (frame->enter.epoch, frame->enter.since, frame->enter.stream,
                                     frame->enter.history, frame->enter.name,
                                     frame->enter.password);
    case TEA_FRAME_ENTERED:
      return tea_frame_encode_entered (frame->entered.epoch, frame->entered.first,
                                       frame->entered.start, frame->entered.head,
                                       frame->entered.number, frame->entered.name,
                                       frame->entered.room);
    case TEA_FRAME_REFUSED:
      return tea_frame_encode_refused (frame->refused.code, frame->refused.text,
                                       frame->refused.suggestion);
    case TEA_FRAME_EVENT:
      return tea_frame_encode_event (frame->event.event);
    case TEA_FRAME_PIECE:
      data = g_bytes_get_data (frame->piece.bytes, &size);
      return tea_frame_encode_body (
          TEA_FRAME_PIECE,
          g_variant_new ("(tqq@ay)", frame->piece.seq, (guint16) frame->piece.index,
                         (guint16) frame->piece.count,
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1)));
    case TEA_FRAME_EMPTY:
      return tea_frame_encode_empty (frame->empty.from, frame->empty.to);
    case TEA_FRAME_HEAD:
      return tea_frame_encode_head (frame->head.first, frame->head.head);
    case TEA_FRAME_PULL:
      return tea_frame_encode_pull (frame->pull.ranges, frame->pull.n_ranges);
    case TEA_FRAME_PULL_PIECES:
      return tea_frame_encode_pull_pieces (frame->pull_pieces.seq, frame->pull_pieces.missing);
    case TEA_FRAME_SAY:
      return tea_frame_encode_say (frame->say.number, frame->say.oldest, frame->say.text);
    case TEA_FRAME_SAY_PIECE:
      data = g_bytes_get_data (frame->say_piece.bytes, &size);
      return tea_frame_encode_body (
          TEA_FRAME_SAY_PIECE,
          g_variant_new ("(uuqq@ay)", frame->say_piece.number, frame->say_piece.oldest,
                         (guint16) frame->say_piece.index, (guint16) frame->say_piece.count,
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1)));
    case TEA_FRAME_SAY_PIECES:
      return tea_frame_encode_say_pieces (frame->say_pieces.number, frame->say_pieces.received);
    case TEA_FRAME_ACK:
      return tea_frame_encode_ack (frame->ack.number, frame->ack.seq);
    case TEA_FRAME_NACK:
      return tea_frame_encode_nack (frame->nack.number, frame->nack.code, frame->nack.text);
    case TEA_FRAME_PING:
      return tea_frame_encode_ping (frame->ping.token);
    case TEA_FRAME_PONG:
      return tea_frame_encode_pong (frame->pong.token);
    case TEA_FRAME_WHO:
      return tea_frame_encode_who (frame->who.after);
    case TEA_FRAME_PRESENT:
      return tea_frame_encode_present (frame->present.as_of, frame->present.next,
                                       frame->present.members, frame->present.n_members);
    case TEA_FRAME_CHALLENGE:
      return tea_frame_encode_challenge (frame->challenge.token);
    case TEA_FRAME_RESPONSE:
      return tea_frame_encode_response (frame->response.token);
    case TEA_FRAME_LEAVE:
      return tea_frame_encode_leave ();
    case TEA_FRAME_BYE:
      return tea_frame_encode_bye (frame->bye.code, frame->bye.text);
    case TEA_FRAME_UNKNOWN:
    default:
      return NULL;
    }
}

/* Asserts that a frame that was read from some bytes is written as those bytes. */
static inline void
assert_again (const TeaFrame *frame, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) again = frame_again (frame);
  gsize again_size;
  const guint8 *bytes;

  g_assert_nonnull (again);
  bytes = g_bytes_get_data (again, &again_size);

  /* Codes of later versions are read as the ones they come close to. */
  if (frame->type == TEA_FRAME_REFUSED || frame->type == TEA_FRAME_BYE
      || frame->type == TEA_FRAME_NACK)
    {
      gsize code = frame->type == TEA_FRAME_NACK ? 7 : 3;
      guint8 last = frame->type == TEA_FRAME_BYE ? TEA_BYE_UNKNOWN : TEA_REFUSAL_TEXT_UNFIT;

      g_assert_cmpuint (again_size, ==, size);
      if (data[code] > last)
        g_assert_cmpuint (bytes[code], ==,
                          frame->type == TEA_FRAME_BYE ? (guint) TEA_BYE_CLOSED
                                                       : (guint) TEA_REFUSAL_OTHER);
      else
        g_assert_cmpuint (bytes[code], ==, data[code]);
      g_assert_cmpmem (bytes, code, data, code);
      g_assert_cmpmem (bytes + code + 1, size - code - 1, data + code + 1, size - code - 1);
    }
  else
    {
      g_assert_cmpmem (bytes, again_size, data, size);
    }
}
