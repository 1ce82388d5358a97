/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-fields.h"
#include "tea-event.h"

/* What goes over the wire and into logs never changes. */
static void
test_kinds (void)
{
  static const struct
  {
    TeaEventKind kind;
    int wire;
    gboolean is_logged;
    gboolean needs_text;
    gsize max_text;
    gboolean may_have_target;
    gboolean needs_target;
    gboolean amends;
    gboolean counts_as_unread;
  } kinds[] = {
    { TEA_EVENT_JOINED, 0, TRUE, FALSE, 0, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_LEFT, 1, TRUE, FALSE, 0, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_MESSAGE, 2, TRUE, TRUE, 16384, TRUE, FALSE, FALSE, TRUE },
    { TEA_EVENT_NOTICE, -1, FALSE, FALSE, 16384, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_REFUSED, -1, FALSE, FALSE, 16384, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_EDITED, 3, TRUE, TRUE, 16384, TRUE, TRUE, TRUE, FALSE },
    { TEA_EVENT_REMOVED, 4, TRUE, FALSE, 0, TRUE, TRUE, TRUE, FALSE },
    { TEA_EVENT_REACTED, 5, TRUE, TRUE, 32, TRUE, TRUE, TRUE, FALSE },
    { TEA_EVENT_PINNED, 6, TRUE, FALSE, 0, TRUE, TRUE, FALSE, FALSE },
    { TEA_EVENT_TOPIC, 7, TRUE, FALSE, 1024, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_SETTINGS, 8, TRUE, FALSE, 0, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_INVITED, 9, TRUE, FALSE, 16384, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_ROLE, 10, TRUE, FALSE, 128, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_SENT_OUT, 11, TRUE, FALSE, 512, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_MUTED, 12, TRUE, FALSE, 512, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_ARCHIVED, 13, TRUE, FALSE, 0, FALSE, FALSE, FALSE, FALSE },
    { TEA_EVENT_OTHER, -1, TRUE, FALSE, 16384, TRUE, FALSE, FALSE, FALSE },
  };
  guint n_known = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TeaEventKind kind = kinds[i].kind;

      g_test_message ("kind %u", i);
      g_assert_cmpint (tea_event_kind_to_wire (kind), ==, kinds[i].wire);
      g_assert_cmpint (tea_event_kind_is_logged (kind), ==, kinds[i].is_logged);
      g_assert_cmpint (tea_event_kind_needs_text (kind), ==, kinds[i].needs_text);
      g_assert_cmpuint (tea_event_kind_get_max_text (kind), ==, kinds[i].max_text);
      g_assert_cmpint (tea_event_kind_may_have_text (kind), ==, kinds[i].max_text > 0);
      g_assert_cmpint (tea_event_kind_may_have_target (kind), ==, kinds[i].may_have_target);
      g_assert_cmpint (tea_event_kind_needs_target (kind), ==, kinds[i].needs_target);
      g_assert_cmpint (tea_event_kind_amends (kind), ==, kinds[i].amends);
      g_assert_cmpint (tea_event_kind_counts_as_unread (kind), ==, kinds[i].counts_as_unread);
    }

  for (guint wire = 0; wire <= G_MAXUINT8; wire++)
    {
      TeaEventKind kind = tea_event_kind_from_wire ((guint8) wire);

      if (kind == TEA_EVENT_OTHER)
        continue;

      g_assert_cmpint (tea_event_kind_to_wire (kind), ==, (int) wire);
      n_known++;
    }
  g_assert_cmpuint (n_known, ==, 14);
}

static void
test_fields (void)
{
  g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr (GBytes) nothing = g_bytes_new_static (NULL, 0);
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (&(TeaEventFields){
      9, TEA_EVENT_OTHER, 5, 1, "Mei", "tea", "SHA256:key", 2, 3, 7, 8, data, NULL });
  g_autoptr (TeaEvent) message = tea_event_new_from_fields (
      &(TeaEventFields){ .kind = TEA_EVENT_MESSAGE, .wire_kind = 77, .data = nothing });

  g_assert_cmpuint (tea_event_get_seq (event), ==, 9);
  g_assert_cmpint (tea_event_get_kind (event), ==, TEA_EVENT_OTHER);
  g_assert_cmpuint (tea_event_get_wire_kind (event), ==, 5);
  g_assert_cmpint (tea_event_get_time (event), ==, 1);
  g_assert_cmpstr (tea_event_get_author (event), ==, "Mei");
  g_assert_cmpstr (tea_event_get_text (event), ==, "tea");
  g_assert_cmpstr (tea_event_get_key (event), ==, "SHA256:key");
  g_assert_cmpuint (tea_event_get_stream (event), ==, 2);
  g_assert_cmpuint (tea_event_get_number (event), ==, 3);
  g_assert_cmpuint (tea_event_get_target (event), ==, 7);
  g_assert_cmpuint (tea_event_get_version (event), ==, 8);
  g_assert_true (tea_event_get_data (event) == data);

  g_assert_cmpuint (tea_event_get_wire_kind (message), ==, 2);
  g_assert_null (tea_event_get_data (message));
}

/* Calculated with sha256sum. */
static void
test_check (void)
{
  static const struct
  {
    TeaEventFields fields;
    guint64 check;
  } events[] = {
    { { .seq = 1 }, G_GUINT64_CONSTANT (0xd921092c02b6ed32) },
    { { .seq = 4711, .time = 1767225600000000, .stream = 5, .number = 7 },
      G_GUINT64_CONSTANT (0x5b02035e4becd141) },
    { { .seq = 4711, .time = 1767225600000001, .stream = 5, .number = 7 },
      G_GUINT64_CONSTANT (0x5d75c443a13ce553) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (TeaEvent) event = tea_event_new_from_fields (&events[i].fields);

      g_assert_cmphex (tea_event_get_check (event), ==, events[i].check);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/kinds", test_kinds);
  g_test_add_func ("/event/fields", test_fields);
  g_test_add_func ("/event/check", test_check);

  return g_test_run ();
}
