/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-datagram.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What is not encrypted are whole messages, and short ones. */
static void
check_messages (const guint8 *record, gsize size)
{
  static const guint8 start[3] = { 0 };

  if (record[0] != 22 || record[3] != 0 || record[4] != 0)
    return;

  record += TEA_DATAGRAM_RECORD_HEADER;
  size -= TEA_DATAGRAM_RECORD_HEADER;
  while (size > 0)
    {
      gsize message;

      g_assert_cmpuint (size, >=, 12);
      g_assert_cmpmem (record + 6, 3, start, 3);
      g_assert_cmpmem (record + 1, 3, record + 9, 3);
      message = 12 + ((gsize) record[1] << 16 | (gsize) record[2] << 8 | record[3]);
      g_assert_cmpuint (message, <=, MIN (size, 12 + 2048));
      g_assert_true ((message == 12) == (record[0] == 14));
      record += message;
      size -= message;
    }
}

static gsize
count_chain (const guint8 *data, gsize size)
{
  gsize n_records = 0;

  while (size > 0)
    {
      gsize record = tea_datagram_get_record_size (data, size);

      g_assert_cmpuint (record, >, TEA_DATAGRAM_RECORD_HEADER);
      g_assert_cmpuint (record, <=, size);
      check_messages (data, record);
      data += record;
      size -= record;
      n_records++;
    }

  return n_records;
}

static void
check_random (const guint8 *data, gsize size)
{
  const guint8 *random = tea_datagram_get_client_random (data, size);

  if (random == NULL)
    return;

  g_assert_true (tea_datagram_is_handshake (data, size));
  g_assert_true (random > data + TEA_DATAGRAM_RECORD_HEADER);
  g_assert_true (random + TEA_DATAGRAM_RANDOM_SIZE < data + size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint8 prefix[TEA_DATAGRAM_ROUTE_SIZE];

  switch (tea_datagram_classify (data, size))
    {
    case TEA_DATAGRAM_DTLS:
      g_assert_cmpuint (count_chain (data, size), >, 0);
      break;

    case TEA_DATAGRAM_ROUTED:
      g_assert_cmpuint (count_chain (data + TEA_DATAGRAM_ROUTE_SIZE,
                                     size - TEA_DATAGRAM_ROUTE_SIZE),
                        >, 0);
      tea_datagram_write_route (tea_datagram_get_route (data, size), prefix);
      g_assert_cmpmem (prefix, sizeof prefix, data, sizeof prefix);
      break;

    case TEA_DATAGRAM_HINT:
      g_assert_cmpuint (size, ==, sizeof prefix);
      tea_datagram_write_hint (tea_datagram_get_route (data, size), prefix);
      g_assert_cmpmem (prefix, sizeof prefix, data, size);
      break;

    case TEA_DATAGRAM_CLASSIC:
      g_assert_cmpuint (size, >, 0);
      g_assert_cmpuint (tea_datagram_get_record_size (data, size), ==, 0);
      break;

    case TEA_DATAGRAM_JUNK:
      break;

    default:
      g_assert_not_reached ();
    }

  /* Whatever it is, nobody looks beyond it. */
  check_random (data, size);

  return 0;
}
