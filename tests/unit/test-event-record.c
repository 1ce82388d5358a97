/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-event-record.h"
#include "tea-frame.h"

#define KEY "SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o"

static void
assert_same (TeaEvent *event, TeaEvent *again)
{
  g_assert_cmpint (tea_event_get_kind (again), ==, tea_event_get_kind (event));
  g_assert_cmpint (tea_event_get_time (again), ==, tea_event_get_time (event));
  g_assert_cmpstr (tea_event_get_author (again), ==, tea_event_get_author (event));
  g_assert_cmpstr (tea_event_get_text (again), ==, tea_event_get_text (event));
  g_assert_cmpstr (tea_event_get_key (again), ==, tea_event_get_key (event));
  g_assert_cmpuint (tea_event_get_stream (again), ==, tea_event_get_stream (event));
  g_assert_cmpuint (tea_event_get_number (again), ==, tea_event_get_number (event));
}

static void
test_round_trip (void)
{
  g_autofree char *longest = g_strnfill (TEA_TEXT_MAX_BYTES, 'x');
  g_autofree char *longest_name = g_strnfill (TEA_WIRE_NAME_MAX_BYTES, 'x');
  const struct
  {
    TeaEventKind kind;
    gint64 time;
    const char *author;
    const char *text;
    const char *key;
    guint32 stream;
    guint32 number;
  } events[] = {
    { TEA_EVENT_JOINED, 0, "Mei", NULL, NULL, 0, 0 },
    { TEA_EVENT_JOINED, 1767225600000000, "Mei", NULL, KEY, 5, 0 },
    { TEA_EVENT_LEFT, TEA_EVENT_MAX_TIME, "小明", NULL, KEY, 0, 0 },
    { TEA_EVENT_MESSAGE, 1767225600000000, "小明", "三 🍵\nand a line", KEY, 5, 7 },
    { TEA_EVENT_MESSAGE, 1, longest_name, longest, KEY, G_MAXUINT32, G_MAXUINT32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (TeaEvent) event
          = tea_event_new_logged (9, events[i].kind, events[i].time, events[i].author,
                                  events[i].text, events[i].key, events[i].stream,
                                  events[i].number);
      g_autoptr (GBytes) record = tea_event_record_encode (event);
      g_autoptr (TeaEvent) again = NULL;
      g_autoptr (GError) error = NULL;

      again = tea_event_record_decode (42, record, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (tea_event_get_seq (again), ==, 42);
      assert_same (event, again);
    }
}

/* What the first version wrote, byte for byte: every later one has to read it. */
static void
test_version_1 (void)
{
  static const guint8 record[] = { 0x01, 0x40, 0x02, 0x5a, 0x80, 0x4c, 0x47, 0x06, 0x00, 0x05,
                                   0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x02, 'M',  'e',
                                   'i',  0x00, 't',  'e',  'a',  0x00, 0x01, 0x08, 0x0f, 0x16,
                                   0x1d, 0x24, 0x2b, 0x32, 0x39, 0x40, 0x47, 0x4e, 0x55, 0x5c,
                                   0x63, 0x6a, 0x71, 0x78, 0x7f, 0x86, 0x8d, 0x94, 0x9b, 0xa2,
                                   0xa9, 0xb0, 0xb7, 0xbe, 0xc5, 0xcc, 0xd3, 0xda, 0x19, 0x15 };
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (42, TEA_EVENT_MESSAGE, 0x6474c805a0240, "Mei", "tea", KEY, 5, 7);
  g_autoptr (GBytes) written = tea_event_record_encode (event);
  g_autoptr (GBytes) bytes = g_bytes_new_static (record, sizeof record);
  g_autoptr (TeaEvent) again = NULL;
  g_autoptr (GError) error = NULL;

  again = tea_event_record_decode (42, bytes, &error);
  g_assert_no_error (error);
  assert_same (event, again);
  g_assert_cmpmem (g_bytes_get_data (written, NULL), g_bytes_get_size (written), record,
                   sizeof record);
}

/* A record of version 1 whose values may break the rules. */
static GBytes *
make_record (const char *text)
{
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GByteArray) record = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  body = g_variant_parse (G_VARIANT_TYPE ("(xuuyssay)"), text, NULL, NULL, &error);
  g_assert_no_error (error);
#if G_BYTE_ORDER != G_LITTLE_ENDIAN
  {
    g_autoptr (GVariant) native = g_steal_pointer (&body);

    body = g_variant_byteswap (native);
  }
#endif
  g_byte_array_append (record, (const guint8 *) "\001", 1);
  g_byte_array_append (record, g_variant_get_data (body), (guint) g_variant_get_size (body));

  return g_byte_array_free_to_bytes (g_steal_pointer (&record));
}

static void
test_rules (void)
{
  static const char *const bodies[] = {
    "(-1, 5, 7, 2, 'Mei', 'tea', [])",
    "(253402300800000000, 5, 7, 2, 'Mei', 'tea', [])",
    "(1, 0, 7, 2, 'Mei', 'tea', [])",
    "(1, 5, 7, 3, 'Mei', 'tea', [])",
    "(1, 5, 7, 2, '', 'tea', [])",
    "(1, 5, 7, 2, 'Mei', '', [])",
    "(1, 5, 7, 0, 'Mei', 'tea', [])",
    "(1, 5, 7, 2, 'Mei', 'tea', [1])",
    "(1, 5, 7, 2, 'Mei', 'tea', b'32 bytes and the zero at the end')",
  };
  g_autoptr (GBytes) right
      = make_record ("(1, 5, 7, 2, 'Mei', 'tea', b'31 bytes, and a zero at the end')");
  g_autoptr (TeaEvent) event = tea_event_record_decode (1, right, NULL);

  g_assert_nonnull (event);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GBytes) record = make_record (bodies[i]);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bodies[i]);
      g_assert_null (tea_event_record_decode (1, record, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
    }
}

static void
test_too_long (void)
{
  const gsize sizes[][2] = { { TEA_WIRE_NAME_MAX_BYTES + 1, 1 }, { 1, TEA_TEXT_MAX_BYTES + 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *author = g_strnfill (sizes[i][0], 'x');
      g_autofree char *text = g_strnfill (sizes[i][1], 'x');
      g_autofree char *body = g_strdup_printf ("(1, 5, 7, 2, '%s', '%s', [])", author, text);
      g_autoptr (GBytes) record = make_record (body);
      g_autoptr (GError) error = NULL;

      g_assert_null (tea_event_record_decode (1, record, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
    }
}

/* Damage is noticed or harmless, and a later version's record is not taken for damage. */
static void
test_damaged (void)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (42, TEA_EVENT_MESSAGE, 1767225600000000, "Mei", "tea", KEY, 5, 7);
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  gsize size;
  const guint8 *data = g_bytes_get_data (record, &size);
  g_autoptr (GBytes) later = NULL;
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;

  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, cut);
      g_autoptr (GError) cut_error = NULL;

      g_assert_null (tea_event_record_decode (42, part, &cut_error));
      g_assert_error (cut_error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
    }

  for (guint bit = 8; bit < 8 * size; bit++)
    {
      g_autofree guint8 *flipped = g_memdup2 (data, size);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (TeaEvent) again = NULL;

      flipped[bit / 8] ^= 1u << bit % 8;
      bytes = g_bytes_new (flipped, size);
      again = tea_event_record_decode (42, bytes, NULL);
      if (again != NULL)
        {
          g_autoptr (GBytes) written = tea_event_record_encode (again);

          g_assert_true (g_bytes_equal (written, bytes));
        }
    }

  copy[0] = 2;
  later = g_bytes_new (copy, size);
  g_assert_null (tea_event_record_decode (42, later, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
  g_assert_nonnull (strstr (error->message, "later version"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-record/round-trip", test_round_trip);
  g_test_add_func ("/event-record/version-1", test_version_1);
  g_test_add_func ("/event-record/rules", test_rules);
  g_test_add_func ("/event-record/too-long", test_too_long);
  g_test_add_func ("/event-record/damaged", test_damaged);

  return g_test_run ();
}
