/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TEA_DATAGRAM_ROUTE_MARK:
 *
 * The first byte of a datagram that names its session: no record of DTLS and no UTF-8
 * begins with it.
 */
#define TEA_DATAGRAM_ROUTE_MARK 0xc1

/**
 * TEA_DATAGRAM_ROUTE_SIZE:
 *
 * How many bytes the name of a session takes in front of a datagram, its mark included.
 */
#define TEA_DATAGRAM_ROUTE_SIZE 9

/**
 * TEA_DATAGRAM_HINT_MARK:
 *
 * The first byte of a hint: neither DTLS nor UTF-8 begins with it.
 */
#define TEA_DATAGRAM_HINT_MARK 0xc0

/**
 * TEA_DATAGRAM_HINT_SIZE:
 *
 * How many bytes a hint has: its mark, and the name of the session that it is about.
 */
#define TEA_DATAGRAM_HINT_SIZE 9

/**
 * TEA_DATAGRAM_RECORD_HEADER:
 *
 * How many bytes stand before what a record of DTLS carries.
 */
#define TEA_DATAGRAM_RECORD_HEADER 13

/**
 * TEA_DATAGRAM_RANDOM_SIZE:
 *
 * How many bytes tell one attempt to begin a session from all others.
 */
#define TEA_DATAGRAM_RANDOM_SIZE 32

/**
 * TeaDatagramKind:
 * @TEA_DATAGRAM_JUNK: it begins as if it were one of the others, but is not whole, or it
 *   has no byte
 * @TEA_DATAGRAM_CLASSIC: for the classic protocol to read
 * @TEA_DATAGRAM_DTLS: one record of DTLS, or several, each whole
 * @TEA_DATAGRAM_ROUTED: the same, with the name of the session in front
 * @TEA_DATAGRAM_HINT: a server's hint that it knows no session of that name
 *
 * What a datagram looks like. Nobody has vouched for it yet.
 */
typedef enum
{
  TEA_DATAGRAM_JUNK,
  TEA_DATAGRAM_CLASSIC,
  TEA_DATAGRAM_DTLS,
  TEA_DATAGRAM_ROUTED,
  TEA_DATAGRAM_HINT,
} TeaDatagramKind;

TeaDatagramKind tea_datagram_classify (const guint8 *data, gsize size);
guint64 tea_datagram_get_route (const guint8 *data, gsize size);
void tea_datagram_write_route (guint64 route, guint8 *data);
void tea_datagram_write_hint (guint64 route, guint8 *data);
void tea_datagram_write_padding (guint8 *data, gsize size);
gsize tea_datagram_get_record_size (const guint8 *data, gsize size);
gboolean tea_datagram_is_handshake (const guint8 *data, gsize size);
const guint8 *tea_datagram_get_client_random (const guint8 *data, gsize size);

G_END_DECLS
