/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-datagram.h"

/* Header of a record of 5 bytes: data, DTLS 1.2, epoch 1. */
#define DATA "\x17\xfe\xfd\0\1\0\0\0\0\0\7\0\5hello"
#define ROUTE "\xc1\1\2\3\4\5\6\7\x08"
#define HINT "\xc0\1\2\3\4\5\6\7\x08"

#define VECTOR(bytes, kind)       \
  {                               \
    bytes, sizeof bytes - 1, kind \
  }

static void
test_classify (void)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    TeaDatagramKind kind;
  } vectors[] = {
    VECTOR ("", TEA_DATAGRAM_JUNK),
    VECTOR ("L Mei", TEA_DATAGRAM_CLASSIC),
    VECTOR ("\xe8\x8c\xb6", TEA_DATAGRAM_CLASSIC),
    VECTOR ("\x13", TEA_DATAGRAM_CLASSIC),
    VECTOR ("@", TEA_DATAGRAM_CLASSIC),
    VECTOR ("7 of us", TEA_DATAGRAM_JUNK),
    VECTOR ("\x14", TEA_DATAGRAM_JUNK),
    VECTOR ("\x3f", TEA_DATAGRAM_JUNK),
    VECTOR (DATA, TEA_DATAGRAM_DTLS),
    VECTOR (DATA DATA, TEA_DATAGRAM_DTLS),
    VECTOR (DATA "\x17", TEA_DATAGRAM_JUNK),
    VECTOR (DATA "x", TEA_DATAGRAM_JUNK),
    VECTOR (ROUTE, TEA_DATAGRAM_JUNK),
    VECTOR (ROUTE DATA, TEA_DATAGRAM_ROUTED),
    VECTOR (ROUTE DATA DATA, TEA_DATAGRAM_ROUTED),
    VECTOR (ROUTE "hello", TEA_DATAGRAM_JUNK),
    VECTOR (ROUTE ROUTE DATA, TEA_DATAGRAM_JUNK),
    VECTOR (HINT, TEA_DATAGRAM_HINT),
    VECTOR ("\xc0", TEA_DATAGRAM_JUNK),
    VECTOR ("\xc0\1\2\3\4\5\6\7", TEA_DATAGRAM_JUNK),
    VECTOR (HINT "x", TEA_DATAGRAM_JUNK),
    VECTOR (HINT DATA, TEA_DATAGRAM_JUNK),
    /* A record without anything, one with a version of TLS, one that is not of DTLS 1.2. */
    VECTOR ("\x17\xfe\xfd\0\1\0\0\0\0\0\7\0\0", TEA_DATAGRAM_JUNK),
    VECTOR ("\x17\x03\x03\0\1\0\0\0\0\0\7\0\1x", TEA_DATAGRAM_JUNK),
    VECTOR ("\x19\xfe\xfd\0\1\0\0\0\0\0\7\0\1x", TEA_DATAGRAM_JUNK),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %zu", i);
      g_assert_cmpint (tea_datagram_classify ((const guint8 *) vectors[i].bytes, vectors[i].size),
                       ==, vectors[i].kind);
    }
}

/* However much is missing, it is not taken for whole. */
static void
test_cut (void)
{
  static const char whole[] = DATA DATA;
  gsize size = sizeof whole - 1;

  for (gsize i = 1; i < size; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (whole, i);

      g_test_message ("cut after %zu", i);
      g_assert_cmpint (tea_datagram_classify (cut, i), ==,
                       i == size / 2 ? TEA_DATAGRAM_DTLS : TEA_DATAGRAM_JUNK);
      g_assert_cmpuint (tea_datagram_get_record_size (cut, i), ==, i >= size / 2 ? size / 2 : 0);
    }
}

static void
test_route (void)
{
  static const char routed[] = ROUTE DATA;
  guint8 prefix[TEA_DATAGRAM_ROUTE_SIZE];

  g_assert_cmphex (tea_datagram_get_route ((const guint8 *) routed, sizeof routed - 1), ==,
                   G_GUINT64_CONSTANT (0x0102030405060708));
  tea_datagram_write_route (G_GUINT64_CONSTANT (0x0102030405060708), prefix);
  g_assert_cmpmem (prefix, sizeof prefix, ROUTE, sizeof ROUTE - 1);
}

static void
test_hint (void)
{
  guint8 hint[TEA_DATAGRAM_HINT_SIZE];

  tea_datagram_write_hint (G_GUINT64_CONSTANT (0x0102030405060708), hint);
  g_assert_cmpmem (hint, sizeof hint, HINT, sizeof HINT - 1);
  g_assert_cmphex (tea_datagram_get_route (hint, sizeof hint), ==,
                   G_GUINT64_CONSTANT (0x0102030405060708));
}

/* A record with a ClientHello of one suite, and no cookie. */
static guint8 *
make_hello (gsize *size)
{
  static const guint8 start[] = {
    22,   0xfe, 0xff, 0,  0, 0, 0, 0, 0, 0, 0, 0,  54, /* the record */
    1,    0,    0,    42, 0, 0, 0, 0, 0, 0, 0, 42,     /* the message */
    0xfe, 0xfd,
  };
  static const guint8 rest[] = { 0, 0, 0, 2, 0xc0, 0x2b, 1, 0 };
  guint8 *hello = g_malloc0 (sizeof start + TEA_DATAGRAM_RANDOM_SIZE + sizeof rest);

  memcpy (hello, start, sizeof start);
  memset (hello + sizeof start, 'r', TEA_DATAGRAM_RANDOM_SIZE);
  memcpy (hello + sizeof start + TEA_DATAGRAM_RANDOM_SIZE, rest, sizeof rest);
  *size = sizeof start + TEA_DATAGRAM_RANDOM_SIZE + sizeof rest;

  return hello;
}

static void
test_hello (void)
{
  /* Where one other byte makes it something else: type, version, epoch, sizes, offset. */
  static const gsize places[] = { 0, 1, 3, 4, 11, 12, 13, 14, 16, 19, 21, 22, 24 };
  gsize size;
  g_autofree guint8 *hello = make_hello (&size);

  g_assert_cmpint (tea_datagram_classify (hello, size), ==, TEA_DATAGRAM_DTLS);
  g_assert_true (tea_datagram_is_handshake (hello, size));
  g_assert_true (tea_datagram_get_client_random (hello, size) == hello + 27);
  g_assert_cmpint (*tea_datagram_get_client_random (hello, size), ==, 'r');

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (hello, i);

      g_assert_null (tea_datagram_get_client_random (cut, i));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_test_message ("place %zu", places[i]);
      hello[places[i]] ^= 1;
      g_assert_null (tea_datagram_get_client_random (hello, size));
      hello[places[i]] ^= 1;
    }

  g_assert_false (tea_datagram_is_handshake ((const guint8 *) DATA, sizeof DATA - 1));
}

/* A message of the handshake is whole and short, where one can see it. */
static void
test_messages (void)
{
  static const struct
  {
    gsize place;
    guint8 value;
    TeaDatagramKind kind;
  } vectors[] = {
    /* The record: epoch, type. The message: size, offset of the fragment, its size. */
    { 0, 22, TEA_DATAGRAM_DTLS }, { 16, 43, TEA_DATAGRAM_JUNK }, { 16, 41, TEA_DATAGRAM_JUNK },
    { 14, 1, TEA_DATAGRAM_JUNK }, { 21, 1, TEA_DATAGRAM_JUNK },  { 19, 1, TEA_DATAGRAM_JUNK },
    { 24, 0, TEA_DATAGRAM_JUNK }, { 24, 41, TEA_DATAGRAM_JUNK }, { 24, 43, TEA_DATAGRAM_JUNK },
    { 22, 1, TEA_DATAGRAM_JUNK }, { 13, 16, TEA_DATAGRAM_DTLS }, { 18, 7, TEA_DATAGRAM_DTLS },
  };
  gsize size;
  g_autofree guint8 *hello = make_hello (&size);
  g_autoptr (GByteArray) several = g_byte_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (hello, size);

      g_test_message ("vector %zu", i);
      copy[vectors[i].place] = vectors[i].value;
      g_assert_cmpint (tea_datagram_classify (copy, size), ==, vectors[i].kind);

      /* What is encrypted is for others to judge. */
      copy[4] = 1;
      g_assert_cmpint (tea_datagram_classify (copy, size), ==, TEA_DATAGRAM_DTLS);
    }

  /* Long ones, and empty ones. */
  for (guint body = 0; body < 4096; body++)
    {
      static const guint8 types[] = { 0, 1, 2, 11, 14, 16, 20 };
      gsize message = 12 + body;
      g_autofree guint8 *record = g_malloc0 (TEA_DATAGRAM_RECORD_HEADER + message);

      memcpy (record, hello, TEA_DATAGRAM_RECORD_HEADER + 12);
      record[11] = (guint8) (message >> 8);
      record[12] = (guint8) message;
      record[15] = record[23] = (guint8) (body >> 8);
      record[16] = record[24] = (guint8) body;
      for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        {
          record[13] = types[i];
          g_assert_cmpint (tea_datagram_classify (record, TEA_DATAGRAM_RECORD_HEADER + message), ==,
                           (types[i] == 14 ? body == 0 : body > 0 && body <= 2048)
                               ? TEA_DATAGRAM_DTLS
                               : TEA_DATAGRAM_JUNK);
        }
    }

  /* Two messages in a record, and not all of the second. */
  g_byte_array_append (several, hello, (guint) size);
  g_byte_array_append (several, hello + TEA_DATAGRAM_RECORD_HEADER,
                       (guint) size - TEA_DATAGRAM_RECORD_HEADER);
  several->data[12] = (guint8) (several->len - TEA_DATAGRAM_RECORD_HEADER);
  g_assert_cmpint (tea_datagram_classify (several->data, several->len), ==, TEA_DATAGRAM_DTLS);
  while (several->len > size + 1)
    {
      g_byte_array_set_size (several, several->len - 1);
      several->data[12]--;
      g_assert_cmpint (tea_datagram_classify (several->data, several->len), ==, TEA_DATAGRAM_JUNK);
    }
}

/* What stands behind a request is a record like any other, and nobody's data. */
static void
test_padding (void)
{
  static const gsize sizes[] = { TEA_DATAGRAM_RECORD_HEADER + 1, 300, 1200 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *data = g_malloc (sizes[i]);

      g_test_message ("vector %zu", i);
      memset (data, 0xff, sizes[i]);
      tea_datagram_write_padding (data, sizes[i]);
      g_assert_cmpuint (tea_datagram_get_record_size (data, sizes[i]), ==, sizes[i]);
      g_assert_cmpint (tea_datagram_classify (data, sizes[i]), ==, TEA_DATAGRAM_DTLS);
      g_assert_false (tea_datagram_is_handshake (data, sizes[i]));
      for (gsize j = TEA_DATAGRAM_RECORD_HEADER; j < sizes[i]; j++)
        g_assert_cmpuint (data[j], ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/datagram/classify", test_classify);
  g_test_add_func ("/datagram/cut", test_cut);
  g_test_add_func ("/datagram/route", test_route);
  g_test_add_func ("/datagram/hint", test_hint);
  g_test_add_func ("/datagram/hello", test_hello);
  g_test_add_func ("/datagram/messages", test_messages);
  g_test_add_func ("/datagram/padding", test_padding);

  return g_test_run ();
}
