/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-fields.h"
#include "tea-event-form.h"
#include "tea-event-record.h"
#include "tea-frame-encode.h"
#include "tea-limits.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The size of a record (2 bytes), the record, and one that changes it. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize first = size >= 2 ? data[0] + 256u * data[1] : 0;
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GBytes) change_record = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) twice = NULL;
  g_autoptr (GBytes) frame = NULL;
  g_autoptr (TeaEvent) before = NULL;
  g_autoptr (TeaEvent) change = NULL;
  g_autoptr (TeaEvent) told = NULL;
  g_autoptr (TeaEvent) stored = NULL;
  g_autoptr (TeaEvent) followed = NULL;
  g_autoptr (GError) error = NULL;

  if (size < 2 || first > size - 2)
    return 0;

  record = g_bytes_new (data + 2, first);
  change_record = g_bytes_new (data + 2 + first, size - 2 - first);
  change = tea_event_record_decode (G_MAXUINT64, 0, change_record, NULL);
  if (change == NULL || !tea_event_kind_amends (tea_event_get_kind (change)))
    return 0;

  after = tea_event_form_apply (record, change, &error);
  g_assert_true ((after == NULL) == (error != NULL));
  if (after == NULL)
    return 0;

  g_assert_cmpuint (g_bytes_get_size (after), <=, TEA_RECORD_MAX_BYTES);
  if (tea_event_get_kind (change) != TEA_EVENT_REMOVED)
    {
      twice = tea_event_form_apply (after, change, NULL);
      g_assert_true (g_bytes_equal (twice, after));
    }

  /* Who follows the change has what is stored. */
  stored = tea_event_record_decode (tea_event_get_target (change), G_MAXUINT64, after, NULL);
  g_assert_nonnull (stored);
  frame = tea_frame_encode_event (stored);
  g_assert_nonnull (frame);
  before = tea_event_record_decode (tea_event_get_target (change), 0, record, NULL);
  if (tea_event_get_version (before) > 0)
    return 0;
  told = tea_event_form_describe (after, change);
  followed = tea_event_form_follow (before, told);
  g_assert_true (
      tea_message_form_equal (tea_event_get_form (followed), tea_event_get_form (stored)));
  g_assert_cmpstr (tea_event_get_text (followed), ==, tea_event_get_text (stored));

  return 0;
}
