/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaDrop:
 * @TEA_DROP_NONSENSE: a datagram that is of no protocol, or for nobody
 * @TEA_DROP_CROWDED: a datagram, for too many strangers wait already
 * @TEA_DROP_BLOCKED: a datagram that was to be sent, for too many wait already
 * @TEA_DROP_UNPROVED: a datagram to somebody who has not proved to be where they say
 * @TEA_DROP_CLASSIC_BYTES: a datagram to a classic client that was sent too much
 * @TEA_DROP_HANDSHAKE_FAILED: a handshake with a fault, or given up by the client
 * @TEA_DROP_HANDSHAKE_TIMEOUT: a handshake that was not finished in time
 * @TEA_DROP_HANDSHAKE_DISPLACED: an unfinished handshake, for another
 * @TEA_DROP_HANDSHAKE_RATE: a handshake, for too many begin
 * @TEA_DROP_HANDSHAKE_FULL: a handshake, for there are too many clients
 * @TEA_DROP_MESSAGES: more messages, or bytes in them, than somebody may say at once: they wait
 * @TEA_DROP_ENTRIES: entering more often than one may
 * @TEA_DROP_FRAMES: more frames than a program needs: the rest waits
 * @TEA_DROP_SEARCHES: looking for words more often than one may
 * @TEA_DROP_HISTORY: more of the past than one may have at once
 * @TEA_DROP_SESSIONS: more sessions than a key may have
 * @TEA_DROP_PEOPLE: entering a house or room that is full
 * @TEA_DROP_CLASSIC_JOINS: entering while too many classic clients do
 * @TEA_DROP_CLASSIC_PLACES: entering while classic clients have all their places
 * @TEA_DROP_CLASSIC_REFUSALS: a refusal that a classic stranger does not get
 *
 * What was not taken, not sent or not let in, and why.
 */
typedef enum
{
  TEA_DROP_NONSENSE,
  TEA_DROP_CROWDED,
  TEA_DROP_BLOCKED,
  TEA_DROP_UNPROVED,
  TEA_DROP_CLASSIC_BYTES,
  TEA_DROP_HANDSHAKE_FAILED,
  TEA_DROP_HANDSHAKE_TIMEOUT,
  TEA_DROP_HANDSHAKE_DISPLACED,
  TEA_DROP_HANDSHAKE_RATE,
  TEA_DROP_HANDSHAKE_FULL,
  TEA_DROP_MESSAGES,
  TEA_DROP_ENTRIES,
  TEA_DROP_FRAMES,
  TEA_DROP_SEARCHES,
  TEA_DROP_HISTORY,
  TEA_DROP_SESSIONS,
  TEA_DROP_PEOPLE,
  TEA_DROP_CLASSIC_JOINS,
  TEA_DROP_CLASSIC_PLACES,
  TEA_DROP_CLASSIC_REFUSALS,
  TEA_N_DROPS
} TeaDrop;

/**
 * TeaDropClass:
 * @TEA_DROP_OF_DATAGRAMS: it was a datagram
 * @TEA_DROP_OF_HANDSHAKES: it was a handshake
 * @TEA_DROP_BY_LIMITS: somebody has met a limit
 *
 * What kind of thing was dropped.
 */
typedef enum
{
  TEA_DROP_OF_DATAGRAMS,
  TEA_DROP_OF_HANDSHAKES,
  TEA_DROP_BY_LIMITS,
} TeaDropClass;

TeaDropClass tea_drop_get_class (TeaDrop drop);
const char *tea_drop_get_name (TeaDrop drop);
const char *tea_drop_describe (TeaDrop drop);

#define TEA_TYPE_DROP_COUNTER (tea_drop_counter_get_type ())

G_DECLARE_FINAL_TYPE (TeaDropCounter, tea_drop_counter, TEA, DROP_COUNTER, GObject)

TeaDropCounter *tea_drop_counter_new (void);
void tea_drop_counter_note (TeaDropCounter *self, TeaDrop drop, guint64 network);
void tea_drop_counter_note_from (TeaDropCounter *self, TeaDrop drop, GInetAddress *address);
guint64 tea_drop_counter_get_n (TeaDropCounter *self, TeaDrop drop);
guint64 tea_drop_counter_find_most (TeaDropCounter *self, TeaDrop drop, guint64 *network);
void tea_drop_counter_begin (TeaDropCounter *self);

G_END_DECLS
