/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-fake-house.h"

G_BEGIN_DECLS

typedef struct _SimLedger SimLedger;

/**
 * SimLedgerFunc:
 * @ledger: a ledger
 * @event: what is committed in its room from now on
 * @user_data: what was given with it
 *
 * Something is committed.
 */
typedef void (*SimLedgerFunc) (SimLedger *ledger, TeaEvent *event, gpointer user_data);

/**
 * SimLedgerErrorFunc:
 * @text: what is wrong
 * @user_data: what was given with it
 *
 * What is committed cannot be so.
 */
typedef void (*SimLedgerErrorFunc) (const char *text, gpointer user_data);

/**
 * SimLedger:
 * @room: the number of the room
 * @house: (unowned): where the room is
 * @disk: (owned): its log
 * @n_restored: how often that was set back to a copy
 * @events: (owned) (element-type TeaEvent): what is committed, also what is erased since
 * @overwritten: (owned) (element-type TeaEvent): what was committed after a copy was made
 *   that was gone back to
 * @told: the latest number of which the running server surely knows
 * @healed: the latest number when all became well
 * @was_archived: whether it is archived, or was
 * @texts: (owned) (element-type utf8 guint): how often each message is stored
 * @latest: (owned) (element-type utf8 guint): the latest number of a key's stream
 * @lost: (owned) (element-type utf8): messages that went with what came after a copy
 * @erased: (owned) (element-type guint64 guint): in which incarnation of the server, 0: none
 * @joined: (owned) (element-type utf8 guint64): the keys of its members, by its events
 * @left: (owned) (element-type utf8 guint64): when others stopped being members
 * @invited: (owned) (element-type utf8): the keys of those who are invited, by its events
 * @uninvited: (owned) (element-type utf8): those who were, and were sent out
 * @forms: (owned) (element-type guint64 GPtrArray): each message as it has ever been, by its
 *   events
 * @removed: (owned) (element-type guint64 guint64): what went with who was sent out, by which event
 * @banned: (owned) (element-type utf8 guint64): the keys that may not come back, since when
 * @muted: (owned) (element-type utf8 guint64): the keys that say nothing, since when
 * @roles: (owned) (element-type utf8 guint): the roles of others than plain members
 * @slow_mode: how many seconds members wait between messages
 * @clock_jumps: whether the times of events can be trusted
 * @is_abandoned: whether an owner has left, so that others may have become that
 *
 * What is committed in one room, whatever the server makes of it.
 */
struct _SimLedger
{
  guint32 room;
  TeaFakeHouse *house;
  TeaFakeDisk *disk;
  guint n_restored;
  GPtrArray *events;
  GPtrArray *overwritten;
  guint64 told;
  guint64 healed;
  gboolean was_archived;
  GHashTable *texts;
  GHashTable *latest;
  GHashTable *lost;
  GHashTable *erased;
  GHashTable *joined;
  GHashTable *left;
  GHashTable *invited;
  GHashTable *uninvited;
  GHashTable *forms;
  GHashTable *removed;
  GHashTable *banned;
  GHashTable *muted;
  GHashTable *roles;
  guint32 slow_mode;
  gboolean clock_jumps;
  gboolean is_abandoned;

  /*< private >*/
  GHashTable *ids;
  GHashTable *spoken; /* (element-type utf8 gint64): when members spoke last, at this pace */
  guint64 slowed;     /* by which event that pace began */
  SimLedgerFunc committed;
  SimLedgerErrorFunc wrong;
  gpointer user_data;
};

SimLedger *sim_ledger_new (TeaFakeHouse *house,
                           TeaFakeRoom *room,
                           SimLedgerFunc committed,
                           SimLedgerErrorFunc wrong,
                           gpointer user_data);
void sim_ledger_free (SimLedger *self);
void sim_ledger_note_restored (SimLedger *self);
void sim_ledger_note_start (SimLedger *self);

const TeaRoomInfo *sim_ledger_get_info (SimLedger *self);
guint64 sim_ledger_get_head (SimLedger *self);
guint sim_ledger_find_place (SimLedger *self, guint64 seq);
TeaEvent *sim_ledger_find (SimLedger *self, guint64 seq);
gboolean sim_ledger_has (SimLedger *self, TeaEvent *event);
gboolean sim_ledger_had (SimLedger *self, TeaEvent *event);
gboolean sim_ledger_holds (SimLedger *self, guint64 seq);
guint64 sim_ledger_get_removal (SimLedger *self, guint64 seq);
gboolean sim_ledger_is_empty (SimLedger *self, guint64 from, guint64 to, guint64 start);
guint sim_ledger_count_messages (SimLedger *self, guint64 after, guint64 to, gboolean held);
gboolean sim_ledger_is_member (SimLedger *self, const char *key);
gboolean sim_ledger_is_open_to (SimLedger *self, const char *key);
gboolean sim_ledger_may_see (SimLedger *self, const char *key, guint64 seq);

TeaEvent *sim_ledger_get_form (SimLedger *self, guint64 seq);
void sim_ledger_check_forms (SimLedger *self, gboolean is_open);

gboolean sim_form_is_same (TeaEvent *one, TeaEvent *other);
gboolean sim_event_is_same (TeaEvent *one, TeaEvent *other);

G_END_DECLS
