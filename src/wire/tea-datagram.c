/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-datagram.h"

#include <string.h>

/* Which first bytes are DTLS's own (RFC 7983), and which of them DTLS 1.2 has (RFC 6347,
 * section 4.1): change of cipher, alert, handshake, data. */
#define DTLS_FIRST 20
#define DTLS_LAST 63
#define RECORD_FIRST 20
#define RECORD_HANDSHAKE 22
#define RECORD_DATA 23
#define VERSION_MAJOR 0xfe
#define VERSION_MINOR 0xfd

/* A record's header: type, version (2), epoch (2), number (6), size (2). */
#define EPOCH_OFFSET 3
#define SIZE_OFFSET 11
/* RFC 5246, section 6.2.3: 2^14 and what a cipher may add. */
#define RECORD_SIZE_MAX (16384 + 2048)

/* In a record, a message of the handshake: type, size (3), number (2), offset of the
 * fragment (3), its size (3); in a ClientHello then version (2) and random. */
#define CLIENT_HELLO 1
#define SERVER_HELLO_DONE 14
#define MESSAGE_HEADER 12
#define MESSAGE_SIZE_OFFSET 1
#define FRAGMENT_OFFSET_OFFSET 6
#define FRAGMENT_SIZE_OFFSET 9
#define RANDOM_OFFSET (MESSAGE_HEADER + 2)
/* Of its body; none needs a quarter of that. */
#define MESSAGE_SIZE_MAX 2048
/* With no session, no cookie, one suite and one compression, and no extension. */
#define CLIENT_HELLO_SIZE_MIN (2 + TEA_DATAGRAM_RANDOM_SIZE + 1 + 1 + 4 + 2)

static guint16
read_16 (const guint8 *data)
{
  return (guint16) (data[0] << 8 | data[1]);
}

static guint32
read_24 (const guint8 *data)
{
  return (guint32) data[0] << 16 | (guint32) data[1] << 8 | data[2];
}

/* A message of a handshake, as far as it can be seen: whole, short, and empty only where it
 * has to be. It takes others to show the faults that GnuTLS before 3.8.13 has in putting
 * messages together (CVE-2026-33845, CVE-2026-33846). Returns: its size, or 0 */
static gsize
get_message_size (const guint8 *message, gsize size)
{
  guint32 body;

  if (size < MESSAGE_HEADER)
    return 0;

  body = read_24 (message + MESSAGE_SIZE_OFFSET);
  if (read_24 (message + FRAGMENT_OFFSET_OFFSET) != 0
      || read_24 (message + FRAGMENT_SIZE_OFFSET) != body || body > size - MESSAGE_HEADER
      || body > MESSAGE_SIZE_MAX || (body == 0) != (message[0] == SERVER_HELLO_DONE))
    return 0;

  return MESSAGE_HEADER + body;
}

static gboolean
is_odd_handshake (const guint8 *record, gsize size)
{
  gsize offset = TEA_DATAGRAM_RECORD_HEADER;

  if (record[0] != RECORD_HANDSHAKE || read_16 (record + EPOCH_OFFSET) != 0)
    return FALSE;

  while (offset < size)
    {
      gsize message = get_message_size (record + offset, size - offset);

      if (message == 0)
        return TRUE;
      offset += message;
    }

  return FALSE;
}

static gboolean
is_chain (const guint8 *data, gsize size)
{
  gsize offset = 0;

  while (offset < size)
    {
      gsize record = tea_datagram_get_record_size (data + offset, size - offset);

      if (record == 0 || is_odd_handshake (data + offset, record))
        return FALSE;
      offset += record;
    }

  return size > 0;
}

/**
 * tea_datagram_classify:
 * @data: (array length=size): a datagram
 * @size: its size
 *
 * Tells for whom a datagram is. What is called DTLS can be given to a DTLS library: it
 * holds whole records and nothing else. A datagram that is cut or has no byte would end
 * a session there, or make it swallow what comes next. Messages of a handshake that are not
 * encrypted yet are whole and short, too.
 *
 * Returns: what it looks like
 */
TeaDatagramKind
tea_datagram_classify (const guint8 *data, gsize size)
{
  if (size == 0)
    return TEA_DATAGRAM_JUNK;

  if (data[0] == TEA_DATAGRAM_ROUTE_MARK)
    {
      if (size > TEA_DATAGRAM_ROUTE_SIZE
          && is_chain (data + TEA_DATAGRAM_ROUTE_SIZE, size - TEA_DATAGRAM_ROUTE_SIZE))
        return TEA_DATAGRAM_ROUTED;
      return TEA_DATAGRAM_JUNK;
    }

  if (data[0] == TEA_DATAGRAM_HINT_MARK)
    return size == TEA_DATAGRAM_HINT_SIZE ? TEA_DATAGRAM_HINT : TEA_DATAGRAM_JUNK;

  if (data[0] < DTLS_FIRST || data[0] > DTLS_LAST)
    return TEA_DATAGRAM_CLASSIC;

  return is_chain (data, size) ? TEA_DATAGRAM_DTLS : TEA_DATAGRAM_JUNK;
}

static void
write_name (guint8 mark, guint64 route, guint8 *data)
{
  guint64 bytes = GUINT64_TO_BE (route);

  data[0] = mark;
  memcpy (data + 1, &bytes, sizeof bytes);
}

/**
 * tea_datagram_get_route:
 * @data: (array length=size): a datagram that is %TEA_DATAGRAM_ROUTED or %TEA_DATAGRAM_HINT
 * @size: its size
 *
 * Returns: which session it says it belongs to, or is about
 */
guint64
tea_datagram_get_route (const guint8 *data, gsize size)
{
  guint64 route;

  g_return_val_if_fail (size >= TEA_DATAGRAM_ROUTE_SIZE, 0);

  memcpy (&route, data + 1, sizeof route);

  return GUINT64_FROM_BE (route);
}

/**
 * tea_datagram_write_route:
 * @route: which session a datagram belongs to
 * @data: (out caller-allocates) (array fixed-size=9): where the datagram begins
 *
 * Writes what stands in front of a datagram that names its session.
 */
void
tea_datagram_write_route (guint64 route, guint8 *data)
{
  g_return_if_fail (data != NULL);

  write_name (TEA_DATAGRAM_ROUTE_MARK, route, data);
}

/**
 * tea_datagram_write_hint:
 * @route: which session a server does not know
 * @data: (out caller-allocates) (array fixed-size=9): the datagram
 *
 * Writes a hint.
 */
void
tea_datagram_write_hint (guint64 route, guint8 *data)
{
  g_return_if_fail (data != NULL);

  write_name (TEA_DATAGRAM_HINT_MARK, route, data);
}

/**
 * tea_datagram_write_padding:
 * @data: (out caller-allocates) (array length=size): where it begins
 * @size: how many bytes it is to have, more than %TEA_DATAGRAM_RECORD_HEADER
 *
 * Writes a record that says nothing, for behind a request: whoever has not begun a session
 * has no use for data.
 */
void
tea_datagram_write_padding (guint8 *data, gsize size)
{
  gsize length = size - TEA_DATAGRAM_RECORD_HEADER;

  g_return_if_fail (data != NULL);
  g_return_if_fail (size > TEA_DATAGRAM_RECORD_HEADER && length <= RECORD_SIZE_MAX);

  memset (data, 0, size);
  data[0] = RECORD_DATA;
  data[1] = VERSION_MAJOR;
  data[2] = VERSION_MINOR;
  data[SIZE_OFFSET] = (guint8) (length >> 8);
  data[SIZE_OFFSET + 1] = (guint8) length;
}

/**
 * tea_datagram_get_record_size:
 * @data: (array length=size): what may be a record of DTLS, with more behind it
 * @size: the size of all that
 *
 * Returns: how many bytes the first record takes, its header included; 0 when it is not
 *   one, or not whole
 */
gsize
tea_datagram_get_record_size (const guint8 *data, gsize size)
{
  gsize length;

  if (size < TEA_DATAGRAM_RECORD_HEADER || data[0] < RECORD_FIRST || data[0] > RECORD_DATA
      || data[1] != VERSION_MAJOR)
    return 0;

  length = read_16 (data + SIZE_OFFSET);
  if (length == 0 || length > RECORD_SIZE_MAX || length > size - TEA_DATAGRAM_RECORD_HEADER)
    return 0;

  return TEA_DATAGRAM_RECORD_HEADER + length;
}

/**
 * tea_datagram_is_handshake:
 * @data: (array length=size): records of DTLS
 * @size: their size
 *
 * Tells whether records begin or change a session, so that they may have to be
 * understood before there is one.
 *
 * Returns: whether the first of them does
 */
gboolean
tea_datagram_is_handshake (const guint8 *data, gsize size)
{
  return tea_datagram_get_record_size (data, size) > 0
         && (data[0] == RECORD_FIRST || data[0] == RECORD_HANDSHAKE);
}

/**
 * tea_datagram_get_client_random:
 * @data: (array length=size): a datagram that is %TEA_DATAGRAM_DTLS
 * @size: its size
 *
 * Looks whether somebody asks to begin a session: the datagram begins with a whole
 * ClientHello (RFC 6347, section 4.2) that nothing protects. One who asks asks with the
 * same random bytes until there is an answer.
 *
 * Returns: (transfer none) (nullable) (array fixed-size=32): the random bytes in it;
 *   %NULL if it is something else
 */
const guint8 *
tea_datagram_get_client_random (const guint8 *data, gsize size)
{
  gsize record = tea_datagram_get_record_size (data, size);
  const guint8 *message;
  gsize body;

  if (record < TEA_DATAGRAM_RECORD_HEADER + MESSAGE_HEADER + CLIENT_HELLO_SIZE_MIN
      || data[0] != RECORD_HANDSHAKE || read_16 (data + EPOCH_OFFSET) != 0)
    return NULL;

  message = data + TEA_DATAGRAM_RECORD_HEADER;
  body = record - TEA_DATAGRAM_RECORD_HEADER - MESSAGE_HEADER;
  if (message[0] != CLIENT_HELLO || read_24 (message + MESSAGE_SIZE_OFFSET) != body
      || read_24 (message + FRAGMENT_OFFSET_OFFSET) != 0
      || read_24 (message + FRAGMENT_SIZE_OFFSET) != body)
    return NULL;

  return message + RANDOM_OFFSET;
}
