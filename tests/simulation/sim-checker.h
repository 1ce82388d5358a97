/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-client.h"
#include "sim-ledger.h"

G_BEGIN_DECLS

/**
 * SimChecker:
 * @network: (unowned): for the time and the trace
 * @house: (unowned): what is committed is there
 * @ledgers: (owned) (element-type SimLedger): what is committed, by room
 * @hall: (unowned): the first of these
 * @clients: (unowned) (element-type SimClient): the devices
 * @grace: for how long who vanished counts as here
 * @password: (nullable): the room's password
 * @idle_timeout: after how long a silence a classic member counts as gone
 * @clock_jumps: whether the server's time of day can be trusted
 * @is_restored: whether the disk was ever set back to a copy
 * @in_place: whether that was ever done without a new epoch
 * @restored: when it was last done
 * @healed: when all became well
 * @is_over: whether somebody goes on in another log and cannot know it: what was put back has
 *   nothing any more where they stand
 * @is_stopping: the server says goodbye
 * @server_start: when the server was last started
 * @incarnation: how often it was
 * @n_raced: how often a form was made before a change that had come before it
 * @failure: (nullable): what was wrong first
 * @acked: (element-type utf8): the texts that a program was told to be stored which has
 *   died since
 *
 * Looks at everything the server says and stores, and at what the clients show.
 */
typedef struct
{
  SimNetwork *network;
  TeaFakeHouse *house;
  GPtrArray *ledgers;
  SimLedger *hall;
  GPtrArray *clients;
  GTimeSpan grace;
  const char *password;
  GTimeSpan idle_timeout;
  gboolean clock_jumps;
  gboolean is_restored;
  gboolean in_place;
  gint64 restored;
  gint64 healed;
  gboolean is_over;
  gboolean is_stopping;
  gint64 server_start;
  guint incarnation;
  guint n_raced;
  char *failure;

  GPtrArray *acked;
  GPtrArray *guests;  /* (element-type utf8): others who are to be inside at the end */
  GPtrArray *inside;  /* (element-type utf8): folded name and key of who is in the room */
  GHashTable *owners; /* (element-type utf8 utf8): the key of a folded name */
  guint n_sessions;
  GHashTable *sessions;  /* (element-type TeaPacketChannel Session) */
  GHashTable *positions; /* (element-type utf8 Position): by room and key */
  GHashTable *typing;    /* (element-type utf8 gint64): when somebody wrote, by room and name */
  GHashTable *heard_of;  /* (element-type utf8 GArray): when, of an owner of @inside */
  GHashTable *goodbyes;  /* (element-type utf8 guint): how many of whose sessions have said LEAVE
                            and did not leave yet */

  /* Of the classic protocol. */
  GHashTable *visitors; /* (element-type utf8 Visitor): by their address */
  GHashTable *arrived;  /* (element-type utf8 guint): how often each text came to the server */
  GHashTable *excused;  /* (element-type utf8): folded names that may leave */
} SimChecker;

void sim_checker_init (SimChecker *self,
                       SimNetwork *network,
                       TeaFakeHouse *house,
                       GPtrArray *clients,
                       GTimeSpan grace);
void sim_checker_clear (SimChecker *self);

void sim_checker_note_start (SimChecker *self);
void sim_checker_note_erased (SimChecker *self, SimLedger *ledger, guint64 seq, gboolean live);
void sim_checker_note_restored (SimChecker *self, gboolean in_place);
SimLedger *sim_checker_find_ledger (SimChecker *self, const char *key, const char *address);

void sim_checker_watch (SimChecker *self, TeaPacketChannel *channel, GBytes *packet, gboolean up);
void sim_checker_watch_datagram (
    SimChecker *self, guint address, guint port, GBytes *datagram, gboolean up);
void sim_checker_look_at_client (SimChecker *self, SimClient *client);
void sim_checker_bury_client (SimChecker *self, SimClient *client);
gboolean sim_checker_is_at_rest (SimChecker *self);
void sim_checker_check_latecomer (SimChecker *self, SimClient *client, guint64 first);
void sim_checker_finish (SimChecker *self);

void sim_checker_check_forms (
    SimChecker *self, SimClient *client, TeaTimeline *timeline, guint begin, SimLedger *ledger);

/* Between the checker's files. */
void sim_checker_fail (SimChecker *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean sim_checker_find_inside (SimChecker *self, const char *owner, guint *place);
char *sim_checker_make_owner (const char *name, const char *key);
gboolean sim_checker_may_be_told (SimChecker *self, SimLedger *ledger, guint64 seq);
void sim_checker_init_wire (SimChecker *self);
void sim_checker_clear_wire (SimChecker *self);
void sim_checker_forget_sessions (SimChecker *self);
void sim_checker_forget_positions (SimChecker *self);
void sim_checker_init_classic (SimChecker *self);
void sim_checker_clear_classic (SimChecker *self);
void sim_checker_forget_visitors (SimChecker *self);
void sim_checker_note_goodbye (SimChecker *self, const char *owner);
gboolean sim_checker_may_leave (SimChecker *self, const char *folded, gint64 left);
gboolean sim_checker_is_visiting (SimChecker *self, SimClient *client);
void sim_checker_finish_classic (SimChecker *self);

G_END_DECLS
