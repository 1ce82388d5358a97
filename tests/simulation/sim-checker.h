/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-fake-disk.h"

#include "sim-client.h"

G_BEGIN_DECLS

/**
 * SimChecker:
 * @network: (unowned): for the time and the trace
 * @disk: (unowned): what is committed is there
 * @clients: (unowned) (element-type SimClient): the devices
 * @grace: for how long who vanished counts as here
 * @password: (nullable): the room's password
 * @idle_timeout: after how long a silence a classic member counts as gone
 * @clock_jumps: whether the server's time of day can be trusted
 * @is_restored: whether the disk was ever set back to a copy
 * @is_stopping: the server says goodbye
 * @server_start: when the server was last started
 * @incarnation: how often it was
 * @failure: (nullable): what was wrong first
 * @events: (element-type TeaEvent): what is committed
 * @acked: (element-type utf8): the texts that a program was told to be stored which has
 *   died since
 *
 * Looks at everything the server says and stores, and at what the clients show.
 */
typedef struct
{
  SimNetwork *network;
  TeaFakeDisk *disk;
  GPtrArray *clients;
  GTimeSpan grace;
  const char *password;
  GTimeSpan idle_timeout;
  gboolean clock_jumps;
  gboolean is_restored;
  gboolean is_stopping;
  gint64 server_start;
  guint incarnation;
  char *failure;

  GPtrArray *events;
  GPtrArray *acked;
  GPtrArray *inside;    /* (element-type utf8): folded name and key of who is in the room */
  GHashTable *owners;   /* (element-type utf8 utf8): the key of a folded name */
  GHashTable *ids;      /* (element-type utf8) */
  GHashTable *latest;   /* (element-type utf8 guint): the latest number of a key's stream */
  GHashTable *texts;    /* (element-type utf8 guint): how often each is stored */
  GHashTable *lost;     /* (element-type utf8): texts that went with what came after a copy */
  GHashTable *erased;   /* (element-type guint64 guint): in which incarnation, 0: none */
  GHashTable *channels; /* (element-type TeaPacketChannel Channel) */
  GHashTable *heard_of; /* (element-type utf8 GArray): when, of an owner of @inside */
  GHashTable *goodbyes; /* (element-type utf8): who has said LEAVE and did not leave yet */

  /* Of the classic protocol. */
  GHashTable *visitors; /* (element-type utf8 Visitor): by their address */
  GHashTable *arrived;  /* (element-type utf8 guint): how often each text came to the server */
  GHashTable *excused;  /* (element-type utf8): folded names that may leave */
} SimChecker;

void sim_checker_init (
    SimChecker *self, SimNetwork *network, TeaFakeDisk *disk, GPtrArray *clients, GTimeSpan grace);
void sim_checker_clear (SimChecker *self);

void sim_checker_note_start (SimChecker *self);
void sim_checker_note_erased (SimChecker *self, guint64 seq, gboolean live);
void sim_checker_note_restored (SimChecker *self);

void sim_checker_watch (SimChecker *self, TeaPacketChannel *channel, GBytes *packet, gboolean up);
void sim_checker_watch_datagram (
    SimChecker *self, guint address, guint port, GBytes *datagram, gboolean up);
void sim_checker_look_at_client (SimChecker *self, SimClient *client);
void sim_checker_bury_client (SimChecker *self, SimClient *client);
gboolean sim_checker_is_at_rest (SimChecker *self);
void sim_checker_check_latecomer (SimChecker *self, SimClient *client, guint64 first);
void sim_checker_finish (SimChecker *self);

/* Between the checker's files. */
void sim_checker_fail (SimChecker *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean sim_checker_find_inside (SimChecker *self, const char *owner, guint *place);
void sim_checker_init_classic (SimChecker *self);
void sim_checker_clear_classic (SimChecker *self);
void sim_checker_forget_visitors (SimChecker *self);
gboolean sim_checker_may_leave (SimChecker *self, const char *folded, gint64 left);
gboolean sim_checker_is_visiting (SimChecker *self, SimClient *client);
void sim_checker_finish_classic (SimChecker *self);

G_END_DECLS
