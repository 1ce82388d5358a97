/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "../frame-again.h"
#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-frame-present.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-packet-builder.h"

#define KEY "SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o"

/* More numbers than there are kinds of frames. */
#define N_TYPES 64

/* A packet of tests/vectors/secure-frames.txt. */
typedef struct
{
  char *title;
  GBytes *packet;
  char **frames; /* one a line */
} Vector;

static void
vector_free (gpointer data)
{
  Vector *self = data;

  g_free (self->title);
  g_bytes_unref (self->packet);
  g_strfreev (self->frames);
  g_free (self);
}

static GBytes *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex += 2)
    {
      guint8 byte;

      g_assert_true (g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]));
      byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
      g_byte_array_append (bytes, &byte, 1);
    }

  return g_byte_array_free_to_bytes (bytes);
}

static GPtrArray *
load_vectors (void)
{
  g_autoptr (GPtrArray) vectors = g_ptr_array_new_with_free_func (vector_free);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "secure-frames.txt", NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv) blocks = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);

  blocks = g_strsplit (g_strchomp (contents), "\n\n", -1);
  for (guint i = 1; blocks[i] != NULL; i++)
    {
      g_auto (GStrv) lines = g_strsplit (blocks[i], "\n", 3);
      Vector *vector = g_new0 (Vector, 1);

      g_assert_cmpuint (g_strv_length (lines), ==, 3);
      vector->title = g_strdup (lines[0]);
      vector->packet = from_hex (lines[1]);
      vector->frames = g_strsplit (lines[2], "\n", -1);
      g_ptr_array_add (vectors, vector);
    }
  g_assert_cmpuint (vectors->len, >, 20);

  return g_steal_pointer (&vectors);
}

/* What little-endian bytes are worth on this machine. */
static GVariant *
to_native (GVariant *little)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return g_variant_ref (little);
#else
  return g_variant_byteswap (little);
#endif
}

static GBytes *
write_frame (TeaFrameType type, GVariant *body)
{
  g_autoptr (GVariant) little = to_native (body);
  gsize size = g_variant_get_size (little);
  guint8 *frame = g_malloc (TEA_FRAME_HEAD_SIZE + size);

  g_assert_cmpuint (size, <=, G_MAXUINT16);
  frame[0] = (guint8) type;
  frame[1] = size & 0xff;
  frame[2] = (guint8) (size >> 8);
  if (size > 0)
    memcpy (frame + TEA_FRAME_HEAD_SIZE, g_variant_get_data (little), size);

  return g_bytes_new_take (frame, TEA_FRAME_HEAD_SIZE + size);
}

/* A frame with a body that may break the rules. */
static GBytes *
make_frame (TeaFrameType type, const char *variant_type, const char *text)
{
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GError) error = NULL;

  body = g_variant_parse (G_VARIANT_TYPE (variant_type), text, NULL, NULL, &error);
  g_assert_no_error (error);

  return write_frame (type, body);
}

/* A line for a frame, by GVariant itself. */
static char *
print_frame (const guint8 *frame, gsize size)
{
  const TeaFrameRules *rules = tea_frame_rules_get (frame[0]);
  g_autoptr (GBytes) bytes = g_bytes_new (frame + TEA_FRAME_HEAD_SIZE, size - TEA_FRAME_HEAD_SIZE);
  g_autoptr (GVariant) little = NULL;
  g_autoptr (GVariant) body = NULL;
  g_autofree char *text = NULL;

  if (rules->type == NULL)
    return g_strdup (rules->name);

  little
      = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (rules->type), bytes, FALSE));
  g_assert_true (g_variant_is_normal_form (little));
  body = to_native (little);
  text = g_variant_print (body, TRUE);

  return g_strdup_printf ("%s %s %s", rules->name, rules->type, text);
}

/* The frame of a line, by GVariant itself. */
static GBytes *
parse_frame (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);

  for (guint i = 0; i < N_TYPES; i++)
    if (g_strcmp0 (words[0], tea_frame_type_get_name (i)) == 0)
      {
        const guint8 empty[] = { (guint8) i, 0, 0 };

        g_assert_cmpstr (words[1], ==, tea_frame_rules_get (i)->type);
        return words[1] == NULL ? g_bytes_new (empty, sizeof empty)
                                : make_frame ((TeaFrameType) i, words[1], words[2]);
      }

  g_assert_not_reached ();
}

static void
test_vectors (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  gboolean seen[N_TYPES] = { FALSE };

  for (guint i = 0; i < vectors->len; i++)
    {
      Vector *vector = g_ptr_array_index (vectors, i);
      TeaFrameReader reader = TEA_FRAME_READER_INIT (vector->packet);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      g_autoptr (GError) error = NULL;
      gsize size;
      const guint8 *data = g_bytes_get_data (vector->packet, &size);

      g_test_message ("%s", vector->title);
      for (guint j = 0; vector->frames[j] != NULL; j++)
        {
          gsize start = reader.offset;

          g_assert_true (tea_frame_reader_next (&reader, &frame, &error));
          g_assert_no_error (error);
          g_assert_cmpuint (frame.type, <, G_N_ELEMENTS (seen));
          seen[frame.type] = TRUE;

          if (g_str_has_prefix (vector->frames[j], "UNKNOWN "))
            {
              g_assert_cmpint (frame.type, ==, TEA_FRAME_UNKNOWN);
            }
          else
            {
              g_autofree char *line = print_frame (data + start, reader.offset - start);
              g_autoptr (GBytes) parsed = parse_frame (vector->frames[j]);

              g_assert_cmpint (frame.type, ==, data[start]);
              g_assert_cmpstr (line, ==, vector->frames[j]);
              g_assert_cmpmem (data + start, reader.offset - start, g_bytes_get_data (parsed, NULL),
                               g_bytes_get_size (parsed));
              assert_again (&frame, data + start, reader.offset - start);
            }
        }

      g_assert_false (tea_frame_reader_next (&reader, &frame, &error));
      g_assert_no_error (error);
      g_assert_cmpint (frame.type, ==, TEA_FRAME_UNKNOWN);
    }

  for (guint i = 1; i < G_N_ELEMENTS (seen); i++)
    g_assert_cmpint (seen[i], ==, tea_frame_type_get_name (i) != NULL);
}

/* Reads all frames of a packet and what is in them; returns how many there are. */
static guint
read_all (GBytes *packet, GError **error)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  const guint8 *data = g_bytes_get_data (packet, NULL);
  guint n_frames = 0;
  gsize start = 0;

  while (tea_frame_reader_next (&reader, &frame, error))
    {
      g_assert_cmpuint (reader.offset, >, start);
      if (frame.type != TEA_FRAME_UNKNOWN)
        assert_again (&frame, data + start, reader.offset - start);
      start = reader.offset;
      n_frames++;
    }

  /* It does not go on. */
  g_assert_false (tea_frame_reader_next (&reader, &frame, NULL));

  return n_frames;
}

static void
test_truncated (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();

  for (guint i = 0; i < vectors->len; i++)
    {
      Vector *vector = g_ptr_array_index (vectors, i);
      gsize size = g_bytes_get_size (vector->packet);
      const guint8 *data = g_bytes_get_data (vector->packet, NULL);
      gsize frame_end = 0;
      guint n_whole = 0;

      for (gsize cut = 0; cut < size; cut++)
        {
          g_autoptr (GBytes) packet = g_bytes_new (data, cut);
          g_autoptr (GError) error = NULL;

          if (cut == frame_end + 3 + data[frame_end + 1] + ((gsize) data[frame_end + 2] << 8))
            {
              frame_end = cut;
              n_whole++;
            }

          g_assert_cmpuint (read_all (packet, &error), ==, n_whole);
          if (cut == frame_end)
            g_assert_no_error (error);
          else
            g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
        }
    }
}

static void
test_flipped (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();

  for (guint i = 0; i < vectors->len; i++)
    {
      Vector *vector = g_ptr_array_index (vectors, i);
      gsize size = g_bytes_get_size (vector->packet);

      for (guint round = 0; round < 500; round++)
        {
          g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (vector->packet, NULL), size);
          g_autoptr (GBytes) packet = NULL;
          g_autoptr (GError) error = NULL;

          for (guint flips = 1 + round % 3; flips > 0; flips--)
            data[g_test_rand_int_range (0, (gint32) size)] ^= 1u << g_test_rand_int_range (0, 8);

          packet = g_bytes_new (data, size);
          read_all (packet, &error);
          if (error != NULL)
            {
              g_assert_true (error->domain == TEA_ERROR);
              g_assert_true (g_utf8_validate (error->message, -1, NULL));
            }
        }
    }
}

/* Bodies that break a rule, or just keep to it; "%128" is a text of 128 bytes. The zero at
 * the end of b'' counts as a byte. */
static const struct
{
  TeaFrameType frame;
  const char *type;
  const char *body;
  const char *rule; /* (nullable): it is right */
} rules[] = {
  { TEA_FRAME_HELLO, "(yys)", "(0, 1, '')", "begin with 1" },
  { TEA_FRAME_HELLO, "(yys)", "(2, 1, '')", "not above" },
  { TEA_FRAME_HELLO, "(yys)", "(1, 255, '')", NULL },
  { TEA_FRAME_HELLO, "(yys)", "(1, 1, '%257')", "software" },
  { TEA_FRAME_HELLO, "(yys)", "(1, 1, '%256')", NULL },
  { TEA_FRAME_WELCOME, "(ys)", "(0, '')", "begin with 1" },
  { TEA_FRAME_WELCOME, "(ys)", "(1, '%257')", "software" },
  { TEA_FRAME_ENTER, "(uss)", "(0, 'M', '')", "stream" },
  { TEA_FRAME_ENTER, "(uss)", "(1, '', '')", NULL },
  { TEA_FRAME_ENTER, "(uss)", "(1, '%128', '%256')", NULL },
  { TEA_FRAME_ENTER, "(uss)", "(1, '%129', '')", "name" },
  { TEA_FRAME_ENTER, "(uss)", "(1, 'M', '%257')", "password" },
  { TEA_FRAME_ENTERED, "(uss)", "(0xffffffff, '%128', '%256')", NULL },
  { TEA_FRAME_ENTERED, "(uss)", "(0, '', '')", "name" },
  { TEA_FRAME_ENTERED, "(uss)", "(0, '%129', '')", "name" },
  { TEA_FRAME_ENTERED, "(uss)", "(0, 'M', '%257')", "title" },
  { TEA_FRAME_REFUSED, "(yss)", "(0, '%513', '')", "reason" },
  { TEA_FRAME_REFUSED, "(yss)", "(0, '%512', '%128')", NULL },
  { TEA_FRAME_REFUSED, "(yss)", "(0, '', '%129')", "suggestion" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(0, 1, 1, 1, 2, 'M', 'x')", "event's number" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, -1, 1, 1, 2, 'M', 'x')", "time" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 253402300800000000, 1, 1, 2, 'M', 'x')", "time" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 30, 'M', 'x')", NULL },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 0, 0, 255, 'M', '')", NULL },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 0, 1, 2, 'M', 'x')", "stream" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 0, 0, 'M', '')", NULL },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 2, '', 'x')", "author" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 2, '%129', 'x')", "author" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 2, '%128', '%16384')", NULL },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 2, 'M', '%16385')", "text" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 2, 'M', '')", "text" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 0, 'M', 'x')", "text" },
  { TEA_FRAME_EVENT, "(txuuyss)", "(1, 1, 1, 1, 1, 'M', 'x')", "text" },
  { TEA_FRAME_PIECE, "(tqqay)", "(0, 0, 1, [1])", "event's number" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 0, 0, [1])", "piece" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 1, 1, [1])", "piece" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 1, 1, b'%899')", "piece" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 0, 1, [])", "piece" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 0, 2, [1])", "piece" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 32, 33, [1])", "piece" },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 31, 32, [1])", NULL },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 31, 32, b'%899')", NULL },
  { TEA_FRAME_PIECE, "(tqqay)", "(1, 31, 32, b'%900')", "piece" },
  { TEA_FRAME_EMPTY, "(tt)", "(0, 1)", "range" },
  { TEA_FRAME_EMPTY, "(tt)", "(2, 1)", "range" },
  { TEA_FRAME_HEAD, "(tt)", "(0, 0)", "not 0" },
  { TEA_FRAME_HEAD, "(tt)", "(7, 5)", "beyond" },
  { TEA_FRAME_HEAD, "(tt)", "(6, 5)", NULL },
  { TEA_FRAME_PULL, "a(tt)", "[]", "1 to 16" },
  { TEA_FRAME_PULL, "a(tt)", "[(0, 1)]", "range" },
  { TEA_FRAME_PULL, "a(tt)", "[(1, 1), (3, 2)]", "range" },
  { TEA_FRAME_PULL, "a(tt)",
    "[(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),"
    "(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1)]",
    NULL },
  { TEA_FRAME_PULL, "a(tt)",
    "[(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),"
    "(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1),(1,1)]",
    "1 to 16" },
  { TEA_FRAME_PULL_PIECES, "(tu)", "(0, 1)", "event's number" },
  { TEA_FRAME_PULL_PIECES, "(tu)", "(1, 0)", "missing" },
  { TEA_FRAME_SAY, "(uus)", "(0, 0, 'x')", "message's number" },
  { TEA_FRAME_SAY, "(uus)", "(1, 0, 'x')", "message's number" },
  { TEA_FRAME_SAY, "(uus)", "(1, 2, 'x')", "oldest" },
  { TEA_FRAME_SAY, "(uus)", "(0xffffffff, 1, 'x')", NULL },
  { TEA_FRAME_SAY, "(uus)", "(1, 1, '')", "text" },
  { TEA_FRAME_SAY, "(uus)", "(1, 1, '%16384')", NULL },
  { TEA_FRAME_SAY, "(uus)", "(1, 1, '%16385')", "text" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(0, 0, 0, 1, [1])", "message's number" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(7, 0, 0, 1, [1])", "message's number" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(7, 8, 0, 1, [1])", "oldest" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(1, 1, 0, 0, [])", "piece" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(1, 1, 3, 3, [1])", "piece" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(1, 1, 0, 33, b'%899')", "piece" },
  { TEA_FRAME_SAY_PIECE, "(uuqqay)", "(1, 1, 0, 32, b'%899')", NULL },
  { TEA_FRAME_SAY_PIECES, "(uu)", "(0, 1)", "message's number" },
  { TEA_FRAME_ACK, "(tu)", "(0, 1)", "event's number" },
  { TEA_FRAME_ACK, "(tu)", "(1, 0)", "message's number" },
  { TEA_FRAME_NACK, "(uys)", "(0, 1, '')", "message's number" },
  { TEA_FRAME_NACK, "(uys)", "(1, 1, '%513')", "reason" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 0, [(0, 'M', [])])", "from 1 on" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 0, [(1, '', [])])", "name" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 0, [(1, '%129', [])])", "name" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 0, [(1, 'M', [1])])", "32 bytes" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 0, [(1, 'M', b'%32')])", "32 bytes" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 0, [(1, 'M', b'%31'), (1, 'N', [])])", "order" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 2, [(1, 'M', b'%31'), (3, 'N', [])])", "later" },
  { TEA_FRAME_PRESENT, "(tta(tsay))", "(9, 3, [(1, 'M', b'%31'), (3, 'N', [])])", NULL },
  { TEA_FRAME_BYE, "(ys)", "(0, '%513')", "reason" },
  { TEA_FRAME_OPEN, "(tttuss)", "(0, 0, 0, 0, '%256', '%256')", NULL },
  { TEA_FRAME_OPEN, "(tttuss)", "(0, 0, 0, 0, '%257', '')", "address" },
  { TEA_FRAME_OPEN, "(tttuss)", "(0, 0, 0, 0, '', '%257')", "password" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, '', '', [])", "epoch" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, '', '', [])", "first" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 2, 1, 5, 0, 0, 0, 0, 0, 0, '', '', [])",
    "before the first" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 2, 7, 5, 0, 0, 0, 0, 0, 0, '', '', [])",
    "beyond the end" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 2, 6, 5, 9, 0, 0, 0, 0, 3, '%256', '%256', [])",
    NULL },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 1, 1, 0, 0, 0, 0, 0, 0, 4, '', '', [])", "role" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '%257', '', [])",
    "address" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '', '%257', [])",
    "title" },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '', '', [7, 9, 8])",
    NULL },
  { TEA_FRAME_OPENED, "(tttttuuuuyssat)", "(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '', '', [7, 0])",
    "not 0" },
  { TEA_FRAME_CLOSE, "(ys)", "(0, '%512')", NULL },
  { TEA_FRAME_CLOSE, "(ys)", "(0, '%513')", "reason" },
  { TEA_FRAME_MAKE, "(usss)", "(0xffffffff, '%256', '%256', '%256')", NULL },
  { TEA_FRAME_MAKE, "(usss)", "(0, '%257', '', '')", "address" },
  { TEA_FRAME_MAKE, "(usss)", "(0, '', '%257', '')", "title" },
  { TEA_FRAME_MAKE, "(usss)", "(0, '', '', '%257')", "password" },
  { TEA_FRAME_ROOMS, "(ys)", "(1, '%256')", NULL },
  { TEA_FRAME_ROOMS, "(ys)", "(2, '')", "lists" },
  { TEA_FRAME_ROOMS, "(ys)", "(0, '%257')", "address" },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(3, '', '', [])", "lists" },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(0, '%257', '', [])", "address" },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(0, '', '%257', [])", "address" },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(0, '', '', [(0, 0, 0, 0, 4, '', '')])", "role" },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(0, '', '', [(0, 0, 0, 0, 3, '%256', '%256')])",
    NULL },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(0, '', '', [(0, 0, 0, 0, 0, '%257', '')])",
    "address" },
  { TEA_FRAME_ROOM_LIST, "(yssa(tuuuyss))", "(0, '', '', [(0, 0, 0, 0, 0, '', '%257')])", "title" },
  { TEA_FRAME_TELL, "(uutysay)", "(0, 0, 0, 1, '', [])", "message's number" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 0, 0, 1, '', [])", "message's number" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 2, 0, 1, '', [])", "oldest" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 1, 'x', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 1, '', [1])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 2, '', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 2, '%16384', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 2, '%16385', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 2, 'x', [1])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 9, 'Mei', b'%31')", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 9, 'Mei', b'%30')", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 8, '', [])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 13, '', [1])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 13, '', [2])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 13, '', [1, 0])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 5, 200, '', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 3, 'x', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 3, 'x', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 3, '', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 4, '', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 4, '', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 4, 'x', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 5, '%32', [0, 0, 0, 0, 0, 0, 0, 0])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 5, '%33', [0, 0, 0, 0, 0, 0, 0, 0])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 5, 'x', [2, 0, 0, 0, 0, 0, 0, 0])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 5, 'x', [1])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 5, 'x', [0, 0, 0, 0, 0, 0, 0, 0])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 6, '', [1])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 6, '', [2])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 6, '', [1])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 7, '%1024', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 7, '', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 7, '%1025', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 9, 7, '', [])", NULL },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 10, 'x', [])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 11, '%512', [])", "data" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 11, '%513', [])", "text" },
  { TEA_FRAME_TELL, "(uutysay)", "(1, 1, 0, 12, '', [])", "data" },
  { TEA_FRAME_TELL_PIECE, "(uuqqay)", "(0, 0, 0, 1, [1])", "message's number" },
  { TEA_FRAME_TELL_PIECE, "(uuqqay)", "(7, 8, 0, 1, [1])", "oldest" },
  { TEA_FRAME_TELL_PIECE, "(uuqqay)", "(1, 1, 3, 3, [1])", "piece" },
  { TEA_FRAME_TELL_PIECE, "(uuqqay)", "(1, 1, 0, 32, b'%899')", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(0, 1, 0, 1, 1, 1, 2, 'M', 'x', [])", "event's number" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 0, 1, 1, 1, 2, 'M', 'x', [])", "EVENT cannot say" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 2, 'M', 'x', [])", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 1, 1, 1, 1, 2, 'M', 'x', [])", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 0, 1, 1, 1, 2, 'M', 'x', [1])", "data" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, -1, 1, 1, 2, 'M', 'x', [])", "time" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 0, 1, 2, 'M', 'x', [])", "stream" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 2, '', 'x', [])", "author" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 2, '%129', 'x', [])", "author" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 2, 'M', '', [])", "text" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 77, '%128', '%16384', b'%8191')", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 2, 'M', '%16385', [])", "text" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 77, 'M', 'x', b'%8192')", "data" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 1, 'M', '', [])", "refers" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 0, 1, 1, 1, 0, 'M', '', [1])", "data" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 0, 1, 1, 1, 8, 'M', '', [1])", "data" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 0, 1, 1, 1, 9, 'M', '', b'%31')", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 7, 8, 1, 1, 1, 200, 'M', '', [])", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 1, 0, 1, 1, 1, 3, 'M', 'x', [])", NULL },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 1, 1, 1, 1, 3, 'M', 'x', [])", "refers" },
  { TEA_FRAME_MORE, "(tttxuuyssay)", "(1, 0, 1, 1, 1, 1, 6, 'M', '', [1])", "refers" },
  { TEA_FRAME_MORE_PIECE, "(ttqqay)", "(0, 0, 0, 1, [1])", "event's number" },
  { TEA_FRAME_MORE_PIECE, "(ttqqay)", "(1, 2, 0, 0, [1])", "piece" },
  { TEA_FRAME_MORE_PIECE, "(ttqqay)", "(1, 2, 31, 32, b'%899')", NULL },
  { TEA_FRAME_HOLD, "(uu)", "(0, 1)", "message's number" },
  { TEA_FRAME_HOLD, "(uu)", "(1, 0)", NULL },
  { TEA_FRAME_TYPING, "(s)", "('%128',)", NULL },
  { TEA_FRAME_TYPING, "(s)", "('%129',)", "name" },
  { TEA_FRAME_FIND, "(uts)", "(0, 0, 'x')", "question" },
  { TEA_FRAME_FIND, "(uts)", "(1, 0, '')", "words" },
  { TEA_FRAME_FIND, "(uts)", "(1, 0, '%256')", NULL },
  { TEA_FRAME_FIND, "(uts)", "(1, 9, '%257')", "words" },
  { TEA_FRAME_FOUND, "(utat)", "(0, 0, [])", "question" },
  { TEA_FRAME_FOUND, "(utat)", "(1, 9, [])", NULL },
  { TEA_FRAME_FOUND, "(utat)", "(1, 7, [9, 8, 7])", NULL },
  { TEA_FRAME_FOUND, "(utat)", "(1, 8, [9, 8, 7])", "earlier" },
  { TEA_FRAME_FOUND, "(utat)", "(1, 0, [9, 9])", "newest" },
  { TEA_FRAME_FOUND, "(utat)", "(1, 0, [9, 0])", "newest" },
  { TEA_FRAME_LIMITS, "(ttuq)", "(0, 0, 0, 0)", NULL },
  { TEA_FRAME_FOUND, "(utat)",
    "(1, 0, [60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11])",
    NULL },
  { TEA_FRAME_FOUND, "(utat)",
    "(1, 0, [60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10])",
    "50" },
};

/* A body with a number of bytes for each "%number". */
static char *
fill (const char *template)
{
  GString *body = g_string_new (NULL);

  while (*template != '\0')
    if (*template == '%')
      for (guint64 n = g_ascii_strtoull (template + 1, (char **) &template, 10); n > 0; n--)
        g_string_append_c (body, 'x');
    else
      g_string_append_c (body, *template ++);

  return g_string_free (body, FALSE);
}

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *body = fill (rules[i].body);
      g_autoptr (GBytes) packet = make_frame (rules[i].frame, rules[i].type, body);
      g_autoptr (GError) error = NULL;
      guint n_frames = read_all (packet, &error);

      g_test_message ("%s %s", rules[i].type, rules[i].body);
      if (rules[i].rule == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (n_frames, ==, 1);
        }
      else
        {
          g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
          g_assert_cmpuint (n_frames, ==, 0);
          if (strstr (error->message, rules[i].rule) == NULL)
            g_error ("“%s” does not tell “%s”", error->message, rules[i].rule);
        }
    }
}

/* What breaks the form, which no GVariant written by GLib does. */
static void
test_form (void)
{
  static const struct
  {
    const char *hex;
    const char *rule;
  } packets[] = {
    { "11", "ends within" },
    { "1107", "ends within" },
    { "110800010000000000", "ends within" },
    { "110700"
      "01000000000000",
      "normal form" },
    { "110900"
      "010000000000000000",
      "normal form" },
    { "170100"
      "00",
      "empty" },
    { "ff0100", "ends within" },
    /* SAY without its zero, with one inside, not in UTF-8, a surrogate. */
    { "0c0900"
      "010000000100000078",
      "normal form" },
    { "0c0c00"
      "010000000100000078007800",
      "normal form" },
    { "0c0a00"
      "0100000001000000ff00",
      "normal form" },
    { "0c0c00"
      "0100000001000000eda08000",
      "normal form" },
    /* ACK, with something in what fills it up, without that, and with more. */
    { "0f1000"
      "01000000000000000100000000000000",
      NULL },
    { "0f1000"
      "01000000000000000100000000000100",
      "normal form" },
    { "0f0c00"
      "010000000000000001000000",
      "normal form" },
    { "0f1800"
      "010000000000000001000000000000000000000000000000",
      "normal form" },
    /* PULL of half a range. */
    { "0a0800"
      "0100000000000000",
      "normal form" },
    /* REFUSED with an offset that points outside, before, and one byte off. */
    { "050800"
      "0478007900ff",
      "ends within" },
    { "050600"
      "0478007900ff",
      "normal form" },
    { "050600"
      "047800790000",
      "normal form" },
    { "050600"
      "047800790002",
      "normal form" },
    { "050600"
      "047800790003",
      NULL },
    /* HELLO without its zero, IN of one byte, HEADS with a body. */
    { "010200"
      "0101",
      "normal form" },
    { "190100"
      "01",
      "normal form" },
    { "210100"
      "00",
      "empty" },
    /* ROOM_LIST with an offset outside, and half a room. */
    { "1f0500"
      "000000ff02",
      "normal form" },
    { "1f0b00"
      "0000000000000000010302",
      "normal form" },
    { "1f0a00"
      "00000000000000000302",
      NULL },
    /* PRESENT of half a member. */
    { "141700"
      "0000000000000000"
      "0000000000000000"
      "01000000000000",
      "normal form" },
    /* EVENT: an offset outside, one into the numbers, no zero at an end, not UTF-8. */
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "7800"
      "1b",
      NULL },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "7800"
      "1d",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "7800"
      "ff",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "7800"
      "19",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "7800"
      "1a",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "7878"
      "1b",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d4d"
      "7800"
      "1b",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "ff00"
      "7800"
      "1b",
      "normal form" },
    { "061e00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "ff00"
      "1b",
      "normal form" },
    { "061b00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "00"
      "1a",
      "normal form" },
    { "061c00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "4d00"
      "1b",
      "normal form" },
    { "061c00"
      "0100000000000000"
      "0000000000000000"
      "01000000"
      "01000000"
      "02"
      "0000"
      "1a",
      "author" },
    { "060000", "normal form" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      g_autoptr (GBytes) packet = from_hex (packets[i].hex);
      g_autoptr (GError) error = NULL;
      guint n_frames = read_all (packet, &error);

      g_test_message ("%s", packets[i].hex);
      if (packets[i].rule == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (n_frames, ==, 1);
        }
      else
        {
          g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
          g_assert_nonnull (strstr (error->message, packets[i].rule));
        }
    }
}

/* What came before a bad frame counts, what comes after it does not. */
static void
test_rest_dropped (void)
{
  g_autoptr (GBytes) packet = from_hex ("1108000100000000000000"
                                        "110100ff"
                                        "170000");
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_frame_reader_next (&reader, &frame, &error));
  g_assert_no_error (error);
  g_assert_cmpint (frame.type, ==, TEA_FRAME_PING);
  g_assert_cmpuint (frame.ping.token, ==, 1);

  g_assert_false (tea_frame_reader_next (&reader, &frame, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
  g_assert_cmpint (frame.type, ==, TEA_FRAME_UNKNOWN);
  g_clear_error (&error);

  g_assert_false (tea_frame_reader_next (&reader, &frame, &error));
  g_assert_no_error (error);
}

static void
test_many_frames (void)
{
  TeaPacketBuilder *builder = tea_packet_builder_new (1 << 16);
  g_autoptr (GBytes) leave = tea_frame_encode_leave ();
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (GByteArray) more = g_byte_array_new ();
  g_autoptr (GBytes) more_packet = NULL;
  g_autoptr (GError) error = NULL;

  while (tea_packet_builder_fits (builder, 0, leave))
    tea_packet_builder_add (builder, 0, leave);
  packet = tea_packet_builder_take (builder);
  g_assert_cmpuint (g_bytes_get_size (packet), ==, 3 * TEA_PACKET_MAX_FRAMES);
  g_assert_cmpuint (read_all (packet, &error), ==, TEA_PACKET_MAX_FRAMES);
  g_assert_no_error (error);

  g_byte_array_append (more, g_bytes_get_data (packet, NULL), 3 * TEA_PACKET_MAX_FRAMES);
  g_byte_array_append (more, g_bytes_get_data (leave, NULL), 3);
  more_packet = g_byte_array_free_to_bytes (g_steal_pointer (&more));
  g_assert_cmpuint (read_all (more_packet, &error), ==, TEA_PACKET_MAX_FRAMES);
  g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);

  tea_packet_builder_free (builder);
}

/* Ten and more of what people say share a datagram. */
static void
test_event_size (void)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (G_MAXUINT64, TEA_EVENT_MESSAGE, TEA_EVENT_MAX_TIME, "Xiaoming",
                              "This message has sixty characters, the dot at the end too...", NULL,
                              G_MAXUINT32, 1);
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);

  g_assert_cmpuint (strlen (tea_event_get_text (event)), ==, 60);
  g_assert_cmpuint (g_bytes_get_size (frame), <, 100);
}

/* Events are written by hand: as GVariant writes them, around every size where that
 * changes. */
static void
test_event_as_variant (void)
{
  for (guint size = 1; size < 600; size++)
    {
      g_autofree char *text = g_strnfill (size, 'x');
      g_autoptr (TeaEvent) event
          = tea_event_new_logged (0x0102030405060708, TEA_EVENT_MESSAGE, 0x1112131415161, "Mei",
                                  text, KEY, 0x21222324, 0x31323334);
      g_autoptr (GBytes) frame = tea_frame_encode_event (event);
      g_autoptr (GVariant) body = g_variant_ref_sink (
          g_variant_new ("(txuuyss)", G_GUINT64_CONSTANT (0x0102030405060708),
                         G_GINT64_CONSTANT (0x1112131415161), 0x21222324, 0x31323334,
                         (guint8) TEA_EVENT_MESSAGE, "Mei", text));
      g_autoptr (GBytes) expected = write_frame (TEA_FRAME_EVENT, body);

      g_assert_true (g_bytes_equal (frame, expected));
    }
}

static void
test_codes (void)
{
  g_autoptr (GBytes) packet = from_hex ("05040063000002"
                                        "180200c800"
                                        "1c0200c800");
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
  g_assert_cmpint (frame.refused.code, ==, TEA_REFUSAL_OTHER);
  g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
  g_assert_cmpint (frame.bye.code, ==, TEA_BYE_CLOSED);
  g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
  g_assert_cmpint (frame.close.code, ==, TEA_CLOSE_OUT);
}

/* A reason is cut between characters; nothing else ever is. */
static void
test_long_reason (void)
{
  g_autofree char *threes = g_strnfill (3 * 200, 'x');
  g_autoptr (GBytes) packet = NULL;
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 200; i++)
    memcpy (threes + 3 * i, "茶", 3);

  packet = tea_frame_encode_nack (1, TEA_REFUSAL_OTHER, threes);
  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), &frame, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (frame.nack.text), ==, 510);
  g_assert_true (g_str_has_prefix (threes, frame.nack.text));
}

static void
test_present (void)
{
  const TeaPresentMember members[] = { { 3, "Mei", KEY }, { 7, "小明", NULL } };
  g_autoptr (GBytes) packet = tea_frame_encode_present (9, 7, members, 2);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), &frame, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (frame.present.as_of, ==, 9);
  g_assert_cmpuint (frame.present.next, ==, 7);
  g_assert_cmpuint (frame.present.n_members, ==, 2);
  g_assert_cmpuint (frame.present.members[0].joined, ==, 3);
  g_assert_cmpstr (frame.present.members[0].name, ==, "Mei");
  g_assert_cmpstr (frame.present.members[0].key, ==, KEY);
  g_assert_cmpstr (frame.present.members[1].name, ==, "小明");
  g_assert_null (frame.present.members[1].key);
}

/* What is written by hand is what GVariant writes, and no member more would fit. */
static void
test_present_sizes (void)
{
  TeaPresentMember members[64];
  g_autofree char *longest = g_strnfill (128, 'n');

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    members[i] = (TeaPresentMember){ 3 + i * 1000,
                                     i % 7 == 6   ? longest
                                     : i % 2 == 0 ? "Mei"
                                                  : "小",
                                     i % 5 == 4 ? NULL : KEY };

  for (guint n = 0; n <= G_N_ELEMENTS (members); n++)
    {
      g_autoptr (GBytes) wanted = tea_frame_encode_present (1 << 20, 1 << 19, members, n);
      gsize size = g_bytes_get_size (wanted);
      g_autoptr (GBytes) all = tea_frame_present_write (1 << 20, 1 << 19, members, n, size);
      g_autoptr (GBytes) most = NULL;
      g_autoptr (GBytes) rest = NULL;

      g_assert_cmpmem (g_bytes_get_data (all, NULL), g_bytes_get_size (all),
                       g_bytes_get_data (wanted, NULL), size);
      if (n < 2)
        continue;

      most = tea_frame_present_write (1 << 20, 1 << 19, members, n, size - 1);
      rest = tea_frame_encode_present (1 << 20, members[n - 2].joined, members, n - 1);
      g_assert_true (g_bytes_equal (most, rest));
    }
}

static void
test_room_list (void)
{
  const TeaListedRoom rooms[] = {
    { 17, 3, 12, TEA_ROOM_LISTED, TEA_ROOM_ROLE_OWNER, "garden", "Gartenhaus" },
    { 0, TEA_UNREAD_MORE, 2, TEA_ROOM_PAIR, TEA_ROOM_ROLE_MEMBER, "@", "小明" },
  };
  g_autoptr (GBytes) packet = tea_frame_encode_room_list (TEA_ROOMS_MINE, "attic", "kitchen", rooms,
                                                          G_N_ELEMENTS (rooms));
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), &frame, &error);
  g_assert_no_error (error);
  g_assert_cmpint (frame.room_list.which, ==, TEA_ROOMS_MINE);
  g_assert_cmpstr (frame.room_list.after, ==, "attic");
  g_assert_cmpstr (frame.room_list.next, ==, "kitchen");
  g_assert_cmpuint (frame.room_list.n_rooms, ==, G_N_ELEMENTS (rooms));
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      const TeaListedRoom *room = &frame.room_list.rooms[i];

      g_assert_cmpuint (room->head, ==, rooms[i].head);
      g_assert_cmpuint (room->unread, ==, rooms[i].unread);
      g_assert_cmpuint (room->n_members, ==, rooms[i].n_members);
      g_assert_cmpint (room->flags, ==, rooms[i].flags);
      g_assert_cmpint (room->role, ==, rooms[i].role);
      g_assert_cmpstr (room->address, ==, rooms[i].address);
      g_assert_cmpstr (room->title, ==, rooms[i].title);
    }
}

/* What a client told comes back as an event. */
static void
test_more (void)
{
  g_auto (TeaRoomSettings) settings
      = { g_strdup ("garden"), g_strdup ("Gartenhaus"), TEA_ROOM_LISTED, 30, 1000, 5 };
  g_auto (TeaRoomSettings) again = TEA_ROOM_SETTINGS_INIT;
  g_autoptr (GBytes) data = tea_event_data_encode_settings (&settings);
  g_autoptr (GBytes) tell = tea_frame_encode_tell (7, 5, TEA_EVENT_SETTINGS, 0, "", data);
  g_autoptr (GBytes) more = NULL;
  g_autoptr (TeaEvent) event = NULL;
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (tell), &frame, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (frame.tell.number, ==, 7);
  g_assert_cmpuint (frame.tell.oldest, ==, 5);
  g_assert_cmpint (tea_event_kind_from_wire (frame.tell.wire_kind), ==, TEA_EVENT_SETTINGS);
  g_assert_true (g_bytes_equal (frame.tell.data, data));

  event = tea_event_new_from_fields (&(TeaEventFields){ .seq = 9,
                                                        .kind = TEA_EVENT_SETTINGS,
                                                        .author = "Mei",
                                                        .stream = 5,
                                                        .number = 7,
                                                        .data = frame.tell.data });
  more = tea_frame_encode_event (event);
  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (more), &frame, &error);
  g_assert_no_error (error);
  g_assert_cmpint (frame.type, ==, TEA_FRAME_MORE);
  g_assert_true (tea_event_data_decode_settings (tea_event_get_data (frame.event.event), &again));
  g_assert_cmpstr (again.address, ==, "garden");
  g_assert_cmpstr (again.title, ==, "Gartenhaus");
  g_assert_cmpint (again.flags, ==, TEA_ROOM_LISTED);
  g_assert_cmpuint (again.retain_days, ==, 30);
  g_assert_cmpuint (again.retain_events, ==, 1000);
  g_assert_cmpuint (again.slow_mode, ==, 5);
}

static void
test_data (void)
{
  g_autoptr (GBytes) key = tea_event_data_encode_key (KEY);
  g_autofree char *key_again = tea_event_data_decode_key (key);
  g_autoptr (GBytes) archived = tea_event_data_encode_switch (TRUE);
  g_autoptr (GBytes) open = tea_event_data_encode_switch (FALSE);
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  gboolean is_archived = FALSE;

  g_assert_cmpstr (key_again, ==, KEY);
  g_assert_true (tea_event_data_decode_switch (archived, &is_archived));
  g_assert_true (is_archived);
  g_assert_true (tea_event_data_decode_switch (open, &is_archived));
  g_assert_false (is_archived);

  g_assert_false (tea_event_data_decode_switch (key, &is_archived));
  g_assert_null (tea_event_data_decode_key (open));
  g_assert_null (tea_event_data_decode_key (NULL));
  g_assert_false (tea_event_data_decode_settings (key, &settings));
  g_assert_false (tea_event_data_decode_settings (NULL, &settings));
}

/* A frame that breaks a rule is a fault of the program, and is not sent. */
static void
test_not_written (void)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      g_assert_null (tea_frame_encode_say (1, 2, "tea"));
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*SAY: the oldest is not above*");
}

static void
test_types (void)
{
  static const struct
  {
    TeaFrameType type;
    gboolean from_client;
    gboolean from_server;
    gboolean of_channel;
    guint cost;
  } types[] = {
    { TEA_FRAME_HELLO, TRUE, FALSE, FALSE, 1 },  { TEA_FRAME_PING, TRUE, TRUE, FALSE, 1 },
    { TEA_FRAME_EVENT, FALSE, TRUE, TRUE, 1 },   { TEA_FRAME_PULL, TRUE, FALSE, TRUE, 2 },
    { TEA_FRAME_WHO, TRUE, FALSE, TRUE, 10 },    { TEA_FRAME_TOTAL, FALSE, TRUE, FALSE, 1 },
    { TEA_FRAME_TYPING, TRUE, TRUE, TRUE, 1 },   { TEA_FRAME_CLOSE, TRUE, TRUE, TRUE, 1 },
    { TEA_FRAME_ROOMS, TRUE, FALSE, FALSE, 10 }, { TEA_FRAME_UNKNOWN, TRUE, TRUE, FALSE, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      TeaFrameType type = types[i].type;

      g_test_message ("type %u", type);
      g_assert_cmpint (tea_frame_type_is_sent_by (type, TEA_FRAME_SENDER_CLIENT), ==,
                       types[i].from_client);
      g_assert_cmpint (tea_frame_type_is_sent_by (type, TEA_FRAME_SENDER_SERVER), ==,
                       types[i].from_server);
      g_assert_cmpint (tea_frame_type_is_of_channel (type), ==, types[i].of_channel);
      g_assert_cmpuint (tea_frame_type_get_cost (type), ==, types[i].cost);
    }
}

static void
test_builder (void)
{
  g_autoptr (TeaPacketBuilder) builder = tea_packet_builder_new (25);
  g_autoptr (GBytes) ping = tea_frame_encode_ping (1);
  g_autoptr (GBytes) leave = tea_frame_encode_leave ();
  g_autoptr (GBytes) say = tea_frame_encode_say (1, 1, "longer than any packet here");
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) third = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_packet_builder_is_empty (builder));
  g_assert_null (tea_packet_builder_take (builder));
  g_assert_false (tea_packet_builder_fits (builder, 0, say));

  tea_packet_builder_add (builder, 0, ping);
  g_assert_false (tea_packet_builder_is_empty (builder));
  first = tea_packet_builder_take (builder);
  g_assert_true (first == ping);
  g_assert_true (tea_packet_builder_is_empty (builder));

  tea_packet_builder_add (builder, 0, ping);
  g_assert_true (tea_packet_builder_fits (builder, 0, ping));
  tea_packet_builder_add (builder, 0, ping);
  g_assert_true (tea_packet_builder_fits (builder, 0, leave));
  tea_packet_builder_add (builder, 0, leave);
  g_assert_false (tea_packet_builder_fits (builder, 0, leave));
  second = tea_packet_builder_take (builder);
  g_assert_cmpuint (g_bytes_get_size (second), ==, 25);
  g_assert_cmpuint (read_all (second, &error), ==, 3);
  g_assert_no_error (error);

  tea_packet_builder_add (builder, 0, leave);
  third = tea_packet_builder_take (builder);
  g_assert_true (g_bytes_equal (third, leave));
}

/* An IN comes where the channel changes, and only in front of what is of a channel. */
static void
test_channels (void)
{
  g_autoptr (TeaPacketBuilder) builder = tea_packet_builder_new (1000);
  g_autoptr (GBytes) ping = tea_frame_encode_ping (1);
  g_autoptr (GBytes) head = tea_frame_encode_head (1, 1);
  const struct
  {
    GBytes *frame;
    guint16 channel;
    TeaFrameType type;
    guint16 read; /* in which channel it comes out */
  } frames[] = {
    { head, 0, TEA_FRAME_HEAD, 0 }, { NULL, 0, TEA_FRAME_IN, 0 },
    { head, 7, TEA_FRAME_HEAD, 7 }, { head, 7, TEA_FRAME_HEAD, 7 },
    { ping, 0, TEA_FRAME_PING, 0 }, { head, 7, TEA_FRAME_HEAD, 7 },
    { NULL, 0, TEA_FRAME_IN, 0 },   { head, 65535, TEA_FRAME_HEAD, 65535 },
    { ping, 7, TEA_FRAME_PING, 0 }, { NULL, 0, TEA_FRAME_IN, 0 },
    { head, 0, TEA_FRAME_HEAD, 0 },
  };
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (GBytes) alone = NULL;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (NULL);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    if (frames[i].frame != NULL)
      tea_packet_builder_add (builder, frames[i].channel, frames[i].frame);
  packet = tea_packet_builder_take (builder);

  reader.packet = packet;
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
      g_assert_cmpint (frame.type, ==, frames[i].type);
      g_assert_cmpuint (frame.channel, ==, frames[i].read);
    }
  g_assert_false (tea_frame_reader_next (&reader, &frame, NULL));

  /* Each packet begins in channel 0. */
  tea_packet_builder_add (builder, 0, head);
  alone = tea_packet_builder_take (builder);
  g_assert_true (alone == head);
}

/* The IN has to fit, too. */
static void
test_channel_fits (void)
{
  g_autoptr (GBytes) head = tea_frame_encode_head (1, 1);
  gsize size = g_bytes_get_size (head);
  g_autoptr (TeaPacketBuilder) small = tea_packet_builder_new (size + 4);
  g_autoptr (TeaPacketBuilder) right = tea_packet_builder_new (size + 5);
  g_autoptr (TeaPacketBuilder) many = tea_packet_builder_new (G_MAXUINT16);
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (GError) error = NULL;
  guint n_frames = 0;

  g_assert_true (tea_packet_builder_fits (small, 0, head));
  g_assert_false (tea_packet_builder_fits (small, 1, head));
  g_assert_true (tea_packet_builder_fits (right, 1, head));

  for (; tea_packet_builder_fits (many, (guint16) (n_frames % 2 + 1), head); n_frames++)
    tea_packet_builder_add (many, (guint16) (n_frames % 2 + 1), head);
  g_assert_cmpuint (n_frames, ==, TEA_PACKET_MAX_FRAMES / 2);
  packet = tea_packet_builder_take (many);
  g_assert_cmpuint (read_all (packet, &error), ==, TEA_PACKET_MAX_FRAMES);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame/vectors", test_vectors);
  g_test_add_func ("/frame/truncated", test_truncated);
  g_test_add_func ("/frame/flipped", test_flipped);
  g_test_add_func ("/frame/rules", test_rules);
  g_test_add_func ("/frame/form", test_form);
  g_test_add_func ("/frame/rest-dropped", test_rest_dropped);
  g_test_add_func ("/frame/many-frames", test_many_frames);
  g_test_add_func ("/frame/event-size", test_event_size);
  g_test_add_func ("/frame/event-as-variant", test_event_as_variant);
  g_test_add_func ("/frame/codes", test_codes);
  g_test_add_func ("/frame/long-reason", test_long_reason);
  g_test_add_func ("/frame/present", test_present);
  g_test_add_func ("/frame/present-sizes", test_present_sizes);
  g_test_add_func ("/frame/room-list", test_room_list);
  g_test_add_func ("/frame/more", test_more);
  g_test_add_func ("/frame/data", test_data);
  g_test_add_func ("/frame/not-written", test_not_written);
  g_test_add_func ("/frame/types", test_types);
  g_test_add_func ("/packet-builder/fills", test_builder);
  g_test_add_func ("/packet-builder/channels", test_channels);
  g_test_add_func ("/packet-builder/channel-fits", test_channel_fits);

  return g_test_run ();
}
