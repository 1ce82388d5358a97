/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-event-record.h"
#include "tea-frame-encode.h"
#include "tea-frame.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) record = g_bytes_new (data, size);
  g_autoptr (TeaEvent) event = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GBytes) frame = NULL;
  g_autoptr (GError) error = NULL;

  event = tea_event_record_decode (1, 0, record, &error);
  g_assert_true ((event == NULL) == (error != NULL));
  if (event == NULL)
    {
      g_assert_true (g_error_matches (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID));
      return 0;
    }

  if (tea_event_get_form (event) == NULL)
    {
      again = tea_event_record_encode (event);
    }
  else
    {
      g_autoptr (TeaStoredForm) form = tea_event_record_get_form (record);

      again = tea_event_record_encode_form (event, form);
    }
  g_assert_true (g_bytes_equal (again, record));

  /* What a log holds can be sent. */
  frame = tea_frame_encode_event (event);
  g_assert_nonnull (frame);

  return 0;
}
