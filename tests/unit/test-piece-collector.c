/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-error.h"
#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame-split.h"
#include "tea-limits.h"
#include "tea-piece-collector.h"

/* A text of a size, of characters of three bytes: pieces end within them. */
static char *
make_text (gsize size)
{
  char *text = g_strnfill (size, 'x');

  for (gsize i = 0; i + 3 <= size; i += 3)
    memcpy (text + i, i % 2 == 0 ? "茶" : "馆", 3);

  return text;
}

static void
shuffle (guint *order, guint n)
{
  for (guint i = 0; i < n; i++)
    order[i] = i;
  for (guint i = n; i > 1; i--)
    {
      guint other = (guint) g_test_rand_int_range (0, (gint32) i);
      guint kept = order[i - 1];

      order[i - 1] = order[other];
      order[other] = kept;
    }
}

/* Reads the frames of pieces into a collector in a random order, each twice. */
static void
collect (TeaPieceCollector *collector, GPtrArray *frames, TeaFrameType type, guint64 number)
{
  guint order[TEA_MAX_PIECES];
  guint32 received = 0;

  g_assert_cmpuint (frames->len, <=, TEA_MAX_PIECES);
  shuffle (order, frames->len);
  for (guint i = 0; i < frames->len; i++)
    {
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      g_autoptr (GError) error = NULL;
      GBytes *packet = g_ptr_array_index (frames, order[i]);
      gboolean is_event = type == TEA_FRAME_PIECE || type == TEA_FRAME_MORE_PIECE;
      guint index, count;
      GBytes *bytes;

      g_assert_false (tea_piece_collector_is_complete (collector));
      g_assert_cmpuint (g_bytes_get_size (packet), <=, 930);
      tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), &frame, &error);
      g_assert_no_error (error);
      g_assert_cmpint (frame.type, ==, type);
      g_assert_cmpuint (is_event ? frame.piece.seq : frame.say_piece.number, ==, number);
      index = is_event ? frame.piece.index : frame.say_piece.index;
      count = is_event ? frame.piece.count : frame.say_piece.count;
      bytes = is_event ? frame.piece.bytes : frame.say_piece.bytes;

      g_assert_true (tea_piece_collector_add (collector, index, count, bytes));
      g_assert_true (tea_piece_collector_add (collector, index, count, bytes));
      received |= 1u << index;
      g_assert_cmphex (tea_piece_collector_get_received (collector), ==, received);
      g_assert_cmphex (tea_piece_collector_get_missing (collector), ==,
                       ~received & (G_MAXUINT32 >> (32 - frames->len)));
    }

  g_assert_true (tea_piece_collector_is_complete (collector));
}

static const gsize sizes[] = { 1, 899, 900, 901, 1800, 5000, 16383, 16384 };

static void
test_text (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = make_text (sizes[i]);
      g_autoptr (GPtrArray) frames = tea_frame_split_say (7, 7, text);
      g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
      g_autofree char *again = NULL;
      g_autoptr (GError) error = NULL;

      for (guint j = 0; j < frames->len; j++)
        g_assert_cmpuint (g_bytes_get_size (frames->pdata[j]), <=, 915);
      collect (collector, frames, TEA_FRAME_SAY_PIECE, 7);
      again = tea_piece_collector_dup_text (collector, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, text);
    }
}

static void
assert_same (TeaEvent *again, TeaEvent *event)
{
  g_autoptr (GBytes) one = tea_frame_encode_event (again);
  g_autoptr (GBytes) other = tea_frame_encode_event (event);

  g_assert_true (g_bytes_equal (one, other));
}

static void
test_event (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = make_text (sizes[i]);
      g_autoptr (TeaEvent) event = tea_event_new_logged (42, TEA_EVENT_MESSAGE, 1767225600000000,
                                                         "小明", text, NULL, 5, 7);
      g_autoptr (GBytes) frame = tea_frame_encode_event (event);
      g_autoptr (GPtrArray) frames = tea_frame_split_event (frame, 42);
      g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
      g_auto (TeaFrame) again = TEA_FRAME_INIT;
      g_autoptr (GError) error = NULL;

      collect (collector, frames, TEA_FRAME_PIECE, 42);
      tea_piece_collector_read_frame (collector, TEA_FRAME_EVENT, 42, &again, &error);
      g_assert_no_error (error);
      assert_same (again.event.event, event);

      g_assert_false (
          tea_piece_collector_read_frame (collector, TEA_FRAME_EVENT, 43, &again, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
      g_assert_cmpint (again.type, ==, TEA_FRAME_UNKNOWN);
    }
}

static void
test_more (void)
{
  g_autofree char *text = make_text (TEA_TEXT_MAX_BYTES);
  g_autofree guint8 *zeros = g_malloc0 (TEA_DATA_MAX_BYTES);
  g_autofree char *name = g_strnfill (TEA_WIRE_NAME_MAX_BYTES, 'x');
  g_autoptr (GBytes) data = g_bytes_new_static (zeros, TEA_DATA_MAX_BYTES);
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (
      &(TeaEventFields){ 42, TEA_EVENT_OTHER, 77, 1, name, text, NULL, 5, 7, 3, 50, data, NULL });
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);
  g_autoptr (GPtrArray) frames = tea_frame_split_event (frame, 42);
  g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
  g_auto (TeaFrame) again = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  collect (collector, frames, TEA_FRAME_MORE_PIECE, 42);
  tea_piece_collector_read_frame (collector, TEA_FRAME_MORE, 42, &again, &error);
  g_assert_no_error (error);
  assert_same (again.event.event, event);

  g_assert_false (tea_piece_collector_read_frame (collector, TEA_FRAME_MORE, 43, &again, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
}

/* A long message as of a version of it, whose frame has the same size each time. */
static GPtrArray *
split_form (guint64 version)
{
  g_autofree char *text = g_strnfill (2000, (char) ('a' + version));
  g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (&(TeaEventFields){
      42, TEA_EVENT_OTHER, 77, 1, "Mei", text, NULL, 5, 7, 3, version, data, NULL });
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);

  return tea_frame_split_event (frame, 42);
}

static gboolean
add_piece (TeaPieceCollector *collector, GBytes *packet)
{
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), &frame, &error);
  g_assert_no_error (error);

  return tea_piece_collector_set_version (collector, frame.piece.version)
         && tea_piece_collector_add (collector, frame.piece.index, frame.piece.count,
                                     frame.piece.bytes);
}

static void
test_versions (void)
{
  g_autoptr (GPtrArray) first = split_form (1);
  g_autoptr (GPtrArray) second = split_form (2);
  g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
  g_auto (TeaFrame) again = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (first->len, ==, 3);
  g_assert_true (add_piece (collector, first->pdata[0]));
  g_assert_true (add_piece (collector, first->pdata[1]));
  g_assert_true (add_piece (collector, second->pdata[2]));
  g_assert_cmphex (tea_piece_collector_get_received (collector), ==, 4);
  g_assert_false (add_piece (collector, first->pdata[2]));
  g_assert_true (add_piece (collector, second->pdata[0]));
  g_assert_false (add_piece (collector, first->pdata[1]));
  g_assert_cmphex (tea_piece_collector_get_missing (collector), ==, 2);
  g_assert_true (add_piece (collector, second->pdata[1]));

  tea_piece_collector_read_frame (collector, TEA_FRAME_MORE, 42, &again, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tea_event_get_version (again.event.event), ==, 2);
  g_assert_cmpuint (strspn (tea_event_get_text (again.event.event), "c"), ==, 2000);
}

static void
test_tell (void)
{
  g_autofree char *text = make_text (TEA_TEXT_MAX_BYTES);
  g_autoptr (GBytes) frame = tea_frame_encode_tell (7, 5, TEA_EVENT_MESSAGE, 3, text, NULL);
  g_autoptr (GPtrArray) frames = tea_frame_split_tell (frame, 7, 6);
  g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
  g_auto (TeaFrame) again = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  collect (collector, frames, TEA_FRAME_TELL_PIECE, 7);
  tea_piece_collector_read_frame (collector, TEA_FRAME_TELL, 7, &again, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again.tell.target, ==, 3);
  g_assert_cmpstr (again.tell.text, ==, text);

  g_assert_false (tea_piece_collector_read_frame (collector, TEA_FRAME_TELL, 8, &again, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
}

static GBytes *
fill_bytes (gsize size, char byte)
{
  return g_bytes_new_take (g_strnfill (size, byte), size);
}

static void
test_conflicts (void)
{
  g_autoptr (TeaPieceCollector) collector = tea_piece_collector_new ();
  g_autoptr (GBytes) none = fill_bytes (0, 'x');
  g_autoptr (GBytes) one = fill_bytes (1, 'x');
  g_autoptr (GBytes) two = fill_bytes (2, 'x');
  g_autoptr (GBytes) full = fill_bytes (TEA_PIECE_SIZE, 'x');
  g_autoptr (GBytes) more = fill_bytes (TEA_PIECE_SIZE + 1, 'x');

  g_assert_cmphex (tea_piece_collector_get_missing (collector), ==, G_MAXUINT32);
  g_assert_cmphex (tea_piece_collector_get_received (collector), ==, 0);

  g_assert_false (tea_piece_collector_add (collector, 0, 0, one));
  g_assert_false (tea_piece_collector_add (collector, 0, TEA_MAX_PIECES + 1, full));
  g_assert_false (tea_piece_collector_add (collector, 3, 3, one));
  g_assert_false (tea_piece_collector_add (collector, 0, 3, one));
  g_assert_false (tea_piece_collector_add (collector, 0, 3, more));
  g_assert_false (tea_piece_collector_add (collector, 2, 3, none));
  g_assert_cmphex (tea_piece_collector_get_missing (collector), ==, G_MAXUINT32);

  g_assert_true (tea_piece_collector_add (collector, 2, 3, one));
  g_assert_false (tea_piece_collector_add (collector, 2, 3, two));
  g_assert_false (tea_piece_collector_add (collector, 0, 4, full));
  g_assert_false (tea_piece_collector_add (collector, 0, 2, full));
  g_assert_cmphex (tea_piece_collector_get_received (collector), ==, 4);
  g_assert_cmphex (tea_piece_collector_get_missing (collector), ==, 3);
  g_assert_true (tea_piece_collector_add (collector, 0, 3, full));
  g_assert_true (tea_piece_collector_add (collector, 1, 3, full));
  g_assert_true (tea_piece_collector_is_complete (collector));
}

/* Puts a whole of any bytes together. */
static TeaPieceCollector *
collect_bytes (const char *data, gsize size)
{
  TeaPieceCollector *collector = tea_piece_collector_new ();
  guint count = (guint) ((size + TEA_PIECE_SIZE - 1) / TEA_PIECE_SIZE);

  for (guint i = 0; i < count; i++)
    {
      gsize offset = (gsize) i * TEA_PIECE_SIZE;
      g_autoptr (GBytes) bytes = g_bytes_new (data + offset, MIN (TEA_PIECE_SIZE, size - offset));

      g_assert_true (tea_piece_collector_add (collector, i, count, bytes));
    }

  return collector;
}

static void
test_no_text (void)
{
  g_autofree char *too_long = g_strnfill (TEA_TEXT_MAX_BYTES + 1, 'x');
  const struct
  {
    const char *data;
    gsize size;
  } texts[] = {
    { "\377", 1 },
    { "x\0y", 3 },
    { "\355\240\200", 3 },
    { "\350\214", 2 },
    { too_long, TEA_TEXT_MAX_BYTES + 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (TeaPieceCollector) collector = collect_bytes (texts[i].data, texts[i].size);
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      text = tea_piece_collector_dup_text (collector, &error);
      g_assert_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID);
      g_assert_null (text);
    }
}

/* All 32 pieces, of something that is no event. */
static void
test_no_event (void)
{
  gsize size = TEA_MAX_PIECES * TEA_PIECE_SIZE;
  g_autofree char *whole = g_strnfill (size, 'x');
  g_autoptr (TeaPieceCollector) collector = collect_bytes (whole, size);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_cmphex (tea_piece_collector_get_received (collector), ==, G_MAXUINT32);
  g_assert_false (tea_piece_collector_read_frame (collector, TEA_FRAME_EVENT, 1, &frame, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/piece-collector/text", test_text);
  g_test_add_func ("/piece-collector/event", test_event);
  g_test_add_func ("/piece-collector/more", test_more);
  g_test_add_func ("/piece-collector/versions", test_versions);
  g_test_add_func ("/piece-collector/tell", test_tell);
  g_test_add_func ("/piece-collector/conflicts", test_conflicts);
  g_test_add_func ("/piece-collector/no-text", test_no_text);
  g_test_add_func ("/piece-collector/no-event", test_no_event);

  return g_test_run ();
}
