/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "../frame-again.h"
#include "tea-error.h"
#include "tea-event-record.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* As GVariant sees it: many bodies are read without it. */
static gboolean
is_in_normal_form (const guint8 *data, gsize size)
{
  const TeaFrameRules *rules = tea_frame_rules_get (data[0]);
  gsize body_size = data[1] + ((gsize) data[2] << 8);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) body = NULL;

  g_assert_cmpuint (size - TEA_FRAME_HEAD_SIZE, >=, body_size);
  if (rules->type == NULL)
    return body_size == 0;

  bytes = g_bytes_new (data + TEA_FRAME_HEAD_SIZE, body_size);
  body = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (rules->type), bytes, FALSE));

  return g_variant_is_normal_form (body);
}

/* What can be sent can be stored, and is sent again as it came; but for messages that were
 * changed, of which a log knows more. */
static void
check_event (TeaEvent *event)
{
  g_autoptr (GBytes) record
      = tea_event_get_form (event) == NULL ? tea_event_record_encode (event) : NULL;
  g_autoptr (GBytes) sent = tea_frame_encode_event (event);
  g_autoptr (GBytes) sent_again = NULL;
  g_autoptr (TeaEvent) again = NULL;
  g_autoptr (GError) error = NULL;

  if (record == NULL)
    return;

  again = tea_event_record_decode (tea_event_get_seq (event), tea_event_get_version (event), record,
                                   &error);
  g_assert_no_error (error);
  sent_again = tea_frame_encode_event (again);
  g_assert_true (g_bytes_equal (sent, sent_again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) packet = g_bytes_new (data, size);
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;
  gsize start = 0;
  guint n_frames = 0;

  while (tea_frame_reader_next (&reader, &frame, &error))
    {
      g_assert_cmpuint (reader.offset, >=, start + TEA_FRAME_HEAD_SIZE);
      g_assert_cmpuint (reader.offset, <=, size);
      g_assert_cmpuint (++n_frames, <=, TEA_PACKET_MAX_FRAMES);

      if (frame.type != TEA_FRAME_UNKNOWN)
        {
          assert_again (&frame, data + start, reader.offset - start);
          g_assert_true (is_in_normal_form (data + start, size - start));
        }
      if (frame.type == TEA_FRAME_EVENT || frame.type == TEA_FRAME_MORE)
        check_event (frame.event.event);
      if (!tea_frame_type_is_of_channel (frame.type))
        g_assert_cmpuint (frame.channel, ==, 0);

      start = reader.offset;
    }

  g_assert_cmpint (frame.type, ==, TEA_FRAME_UNKNOWN);
  if (error == NULL)
    {
      g_assert_cmpuint (start, ==, size);
      return 0;
    }

  g_assert_true (g_error_matches (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (strstr (error->message, "the body is in normal form") != NULL)
    g_assert_false (is_in_normal_form (data + start, size - start));

  g_assert_false (tea_frame_reader_next (&reader, &frame, NULL));

  return 0;
}
