/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-record.h"
#include "tea-event-rules.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"

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
  g_assert_cmpuint (tea_event_get_wire_kind (again), ==, tea_event_get_wire_kind (event));
  g_assert_cmpuint (tea_event_get_target (again), ==, tea_event_get_target (event));
  g_assert_cmpuint (tea_event_get_version (again), ==, tea_event_get_version (event));
  g_assert_true (tea_event_get_data (again) == tea_event_get_data (event)
                 || g_bytes_equal (tea_event_get_data (again), tea_event_get_data (event)));
}

static void
test_round_trip (void)
{
  g_autofree char *longest = g_strnfill (TEA_TEXT_MAX_BYTES, 'x');
  g_autofree char *longest_name = g_strnfill (TEA_WIRE_NAME_MAX_BYTES, 'x');
  g_autofree guint8 *most = g_malloc0 (TEA_DATA_MAX_BYTES);
  g_autoptr (GBytes) one = tea_event_data_encode_switch (TRUE);
  g_autoptr (GBytes) key = tea_event_data_encode_key (KEY);
  g_autoptr (GBytes) settings = tea_event_data_encode_settings (
      &(TeaRoomSettings){ (char *) "garden", (char *) "Gartenhaus", TEA_ROOM_LISTED, 30, 0, 0 });
  g_autoptr (GBytes) data = g_bytes_new_static (most, TEA_DATA_MAX_BYTES);
  const TeaEventFields events[] = {
    { 9, TEA_EVENT_JOINED, 0, 0, "Mei", NULL, NULL, 0, 0, 0, 0, NULL },
    { 9, TEA_EVENT_JOINED, 0, 1767225600000000, "Mei", NULL, KEY, 5, 0, 0, 0, NULL },
    { 9, TEA_EVENT_LEFT, 0, TEA_EVENT_MAX_TIME, "小明", NULL, KEY, 0, 0, 0, 0, NULL },
    { 9, TEA_EVENT_MESSAGE, 0, 1, "小明", "三 🍵\nand a line", KEY, 5, 7, 0, 0, NULL },
    { 9, TEA_EVENT_MESSAGE, 0, 1, longest_name, longest, KEY, G_MAXUINT32, G_MAXUINT32, 0, 0,
      NULL },
    { 9, TEA_EVENT_MESSAGE, 0, 1, "Mei", "yes", KEY, 5, 8, 7, 0, NULL },
    { 9, TEA_EVENT_MESSAGE, 0, 1, "Mei", "yes", KEY, 5, 8, 0, 12, NULL },
    { 9, TEA_EVENT_MESSAGE, 0, 1, longest_name, longest, KEY, 5, 8, G_MAXUINT64, G_MAXUINT64,
      NULL },
    { 9, TEA_EVENT_OTHER, 77, 1, longest_name, longest, KEY, 5, 8, G_MAXUINT64, G_MAXUINT64, data },
    { 9, TEA_EVENT_INVITED, 0, 1, "Mei", "小明", KEY, 5, 8, 0, 0, key },
    { 9, TEA_EVENT_SETTINGS, 0, 1, "Mei", NULL, KEY, 5, 8, 0, 0, settings },
    { 9, TEA_EVENT_ARCHIVED, 0, 1, "Mei", NULL, KEY, 5, 8, 0, 0, one },
    { 9, TEA_EVENT_OTHER, 105, 1, "Mei", "👍", KEY, 5, 8, 7, 0, one },
    { 9, TEA_EVENT_OTHER, 255, 1, "Mei", NULL, NULL, 0, 0, 0, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (TeaEvent) event = tea_event_new_from_fields (&events[i]);
      g_autoptr (GBytes) record = tea_event_record_encode (event);
      g_autoptr (TeaEvent) again = NULL;
      g_autoptr (GError) error = NULL;

      again = tea_event_record_decode (42, 0, record, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (tea_event_get_seq (again), ==, 42);
      assert_same (event, again);

      {
        g_autoptr (GBytes) moved = tea_event_record_dup_later (record, TEA_EVENT_MAX_TIME);
        g_autoptr (GBytes) back = tea_event_record_dup_later (moved, tea_event_get_time (event));
        g_autoptr (TeaEvent) later = tea_event_record_decode (42, 0, moved, &error);

        g_assert_no_error (error);
        g_assert_cmpint (tea_event_get_time (later), ==, TEA_EVENT_MAX_TIME);
        g_assert_true (g_bytes_equal (back, record));
      }

      /* The log finds the kind there. */
      g_assert_cmpuint (((const guint8 *) g_bytes_get_data (record, NULL))[17], ==,
                        tea_event_get_wire_kind (event));
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

  again = tea_event_record_decode (42, 0, bytes, &error);
  g_assert_no_error (error);
  assert_same (event, again);
  g_assert_cmpmem (g_bytes_get_data (written, NULL), g_bytes_get_size (written), record,
                   sizeof record);
}

/* A record whose values may break the rules. */
static GBytes *
make_record (const char *text)
{
  gboolean full = g_str_has_suffix (text, "more");
  g_autofree char *values = full ? g_strndup (text, strlen (text) - strlen (" more")) : NULL;
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GByteArray) record = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  body = g_variant_parse (G_VARIANT_TYPE (full ? "(xuuyssayttay)" : "(xuuyssay)"),
                          full ? values : text, NULL, NULL, &error);
  g_assert_no_error (error);
#if G_BYTE_ORDER != G_LITTLE_ENDIAN
  {
    g_autoptr (GVariant) native = g_steal_pointer (&body);

    body = g_variant_byteswap (native);
  }
#endif
  g_byte_array_append (record, (const guint8 *) (full ? "\002" : "\001"), 1);
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
    "(1, 5, 7, 1, 'Mei', 'tea', [])",
    "(1, 5, 7, 8, 'Mei', 'tea', [])",
    "(1, 5, 7, 2, '', 'tea', [])",
    "(1, 5, 7, 2, 'Mei', '', [])",
    "(1, 5, 7, 0, 'Mei', 'tea', [])",
    "(1, 5, 7, 2, 'Mei', 'tea', [1])",
    "(1, 5, 7, 2, 'Mei', 'tea', b'32 bytes and the zero at the end')",
    "(1, 5, 7, 2, 'Mei', 'tea', [], 0, 0, []) more",
    "(1, 5, 7, 2, 'Mei', '', [], 3, 0, []) more",
    "(1, 0, 7, 2, 'Mei', 'tea', [], 3, 0, []) more",
    "(1, 5, 7, 2, 'Mei', 'tea', [1], 3, 0, []) more",
    "(1, 5, 7, 0, 'Mei', '', [], 3, 0, []) more",
    "(1, 5, 7, 9, 'Mei', '', [], 0, 0, [1]) more",
    "(1, 5, 7, 13, 'Mei', '', [], 0, 0, [2]) more",
  };
  g_autoptr (GBytes) right
      = make_record ("(1, 5, 7, 2, 'Mei', 'tea', b'31 bytes, and a zero at the end')");
  g_autoptr (GBytes) reply = make_record ("(1, 5, 7, 2, 'Mei', 'tea', [], 3, 0, []) more");
  g_autoptr (TeaEvent) event = tea_event_record_decode (1, 0, right, NULL);
  g_autoptr (TeaEvent) reply_event = tea_event_record_decode (1, 0, reply, NULL);

  g_assert_nonnull (event);
  g_assert_nonnull (reply_event);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GBytes) record = make_record (bodies[i]);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bodies[i]);
      g_assert_null (tea_event_record_decode (1, 0, record, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
    }
}

static void
test_too_long (void)
{
  const gsize sizes[][3] = { { TEA_WIRE_NAME_MAX_BYTES + 1, 1, 1 },
                             { 1, TEA_TEXT_MAX_BYTES + 1, 1 },
                             { 1, 1, TEA_DATA_MAX_BYTES } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *author = g_strnfill (sizes[i][0], 'x');
      g_autofree char *text = g_strnfill (sizes[i][1], 'x');
      g_autofree char *data = g_strnfill (sizes[i][2], 'x');
      g_autofree char *body
          = g_strdup_printf ("(1, 5, 7, 2, '%s', '%s', [], 0, 0, b'%s') more", author, text, data);
      g_autoptr (GBytes) record = make_record (body);
      g_autoptr (GError) error = NULL;

      g_assert_null (tea_event_record_decode (1, 0, record, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
    }
}

/* Damage is noticed or harmless. */
static void
assert_damage_noticed (TeaEvent *event)
{
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  gsize size;
  const guint8 *data = g_bytes_get_data (record, &size);

  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, cut);
      g_autoptr (GError) cut_error = NULL;

      g_assert_null (tea_event_record_decode (42, 0, part, &cut_error));
      g_assert_error (cut_error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
    }

  for (guint bit = 8; bit < 8 * size; bit++)
    {
      g_autofree guint8 *flipped = g_memdup2 (data, size);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (TeaEvent) again = NULL;

      flipped[bit / 8] ^= 1u << bit % 8;
      bytes = g_bytes_new (flipped, size);
      again = tea_event_record_decode (42, 0, bytes, NULL);
      if (again != NULL)
        {
          g_autoptr (GBytes) written = tea_event_record_encode (again);

          g_assert_true (g_bytes_equal (written, bytes));
        }
    }
}

static void
test_damaged (void)
{
  g_autoptr (GBytes) data = g_bytes_new_static ("\001", 1);
  g_autoptr (TeaEvent) plain
      = tea_event_new_logged (42, TEA_EVENT_MESSAGE, 1767225600000000, "Mei", "tea", KEY, 5, 7);
  g_autoptr (TeaEvent) full = tea_event_new_from_fields (&(TeaEventFields){
      42, TEA_EVENT_OTHER, 105, 1767225600000000, "Mei", "tea", KEY, 5, 7, 3, 0, data });

  assert_damage_noticed (plain);
  assert_damage_noticed (full);
}

/* A record of version 1, changed or not, as GVariant reads it. */
static void
compare_with_gvariant (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) record = g_bytes_new (data, size);
  g_autoptr (GBytes) inner = g_bytes_new (data + 1, size - 1);
  g_autoptr (GVariant) little
      = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("(xuuyssay)"), inner, FALSE));
  g_autoptr (GVariant) body
      = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (little) : g_variant_byteswap (little);
  g_autoptr (GVariant) key = NULL;
  g_autofree char *fingerprint = NULL;
  g_autoptr (TeaEvent) event = tea_event_record_decode (42, 0, record, NULL);
  g_autoptr (TeaEvent) expected = NULL;
  TeaEventFields fields = { .seq = 42 };

  if (!g_variant_is_normal_form (little))
    {
      g_assert_null (event);
      return;
    }

  g_variant_get (body, "(xuuy&s&s@ay)", &fields.time, &fields.stream, &fields.number,
                 &fields.wire_kind, &fields.author, &fields.text, &key);
  fields.kind = tea_event_kind_from_wire (fields.wire_kind);
  if (g_variant_get_size (key) == TEA_FINGERPRINT_SIZE)
    fingerprint = tea_fingerprint_from_bytes (g_variant_get_data (key));
  fields.key = fingerprint;
  if ((g_variant_get_size (key) != 0 && fingerprint == NULL)
      || tea_event_rules_check (&fields) != NULL)
    {
      g_assert_null (event);
      return;
    }

  if (*fields.text == '\0')
    fields.text = NULL;
  expected = tea_event_new_from_fields (&fields);
  g_assert_nonnull (event);
  assert_same (expected, event);
}

/* Records of version 1 are written and read without GVariant, as it would. */
static void
test_as_gvariant (void)
{
  static const gsize sizes[] = { 1, 20, 180, 190, 198, 199, 200, 201, 202, 230, 240, 300, 9000 };

  for (guint round = 0; round < 20000; round++)
    {
      gsize size = sizes[g_test_rand_int_range (0, G_N_ELEMENTS (sizes))]
                   + (gsize) g_test_rand_int_range (0, 3);
      g_autofree char *text = g_strnfill (size, 'x');
      g_autoptr (TeaEvent) event
          = tea_event_new_from_fields (&(TeaEventFields){ .seq = 42,
                                                          .kind = TEA_EVENT_MESSAGE,
                                                          .time = 1767225600000000,
                                                          .author = "Mei",
                                                          .text = text,
                                                          .key = round % 2 == 0 ? KEY : NULL,
                                                          .stream = round % 2 == 0 ? 5 : 0,
                                                          .number = round % 2 == 0 ? 7 : 0 });
      g_autoptr (GBytes) record = tea_event_record_encode (event);
      gsize n = g_bytes_get_size (record);
      g_autofree guint8 *data = g_malloc (n + 1);
      guint n_changes = round % 4;

      memcpy (data, g_bytes_get_data (record, NULL), n);
      data[n] = 0;
      compare_with_gvariant (data, n);

      /* Mostly where the offsets are. */
      for (guint i = 0; i < n_changes; i++)
        {
          gsize last = n - 1;
          gsize first = g_test_rand_int_range (0, 3) > 0 && n > 8 ? n - 5 : 1;

          data[g_test_rand_int_range ((gint32) first, (gint32) last + 1)]
              = (guint8) g_test_rand_int_range (0, 256);
        }
      if (round % 5 == 0)
        n = (gsize) g_test_rand_int_range (2, (gint32) n + 2);
      compare_with_gvariant (data, n);
    }
}

/* What a later version wrote is not taken for damage. */
static void
test_later_version (void)
{
  g_autoptr (GBytes) later = g_bytes_new_static ("\004later", 6);
  g_autoptr (GError) error = NULL;

  g_assert_null (tea_event_record_decode (42, 0, later, &error));
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
  g_test_add_func ("/event-record/as-gvariant", test_as_gvariant);
  g_test_add_func ("/event-record/later-version", test_later_version);

  return g_test_run ();
}
