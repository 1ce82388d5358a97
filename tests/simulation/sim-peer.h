/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-view.h"

#include "tea-frame.h"

G_BEGIN_DECLS

/**
 * SimPeer:
 * @index: which one it is
 * @key: its key's fingerprint
 * @name: its name
 * @link: its network
 * @history: how many events of a room it asks for at most; 0 for all since it was there
 * @lies: whether it claims to know what it cannot
 * @runs: whether its program runs
 * @program: that
 * @rooms: (owned) (element-type SimPeerRoom): what it has open, or wants to
 *
 * A client that speaks the protocol by itself, as somebody might write it from the text: of
 * many rooms, and without manners.
 */
typedef struct _SimPeer SimPeer;

/**
 * SimPeerRoom:
 * @address: the room
 * @view: (owned): what it shows of that
 * @is_open: whether the server has opened it
 * @is_refused: whether the server will not
 * @role: what its owner may do there
 * @read: how far they have read, as it knows
 * @unread: how many messages come after that, when it was last told
 * @read_sent: when it last told how far they have read
 *
 * One of its rooms.
 */
typedef struct
{
  char *address;
  SimView *view;
  gboolean wanted;
  gboolean makes;
  TeaRoomFlags flags;
  gboolean is_open;
  gboolean is_refused;
  TeaRoomRole role;
  guint64 read;
  guint unread;
  gint64 read_sent;

  /*< private >*/
  guint16 channel;
  gint64 asked;
  gint64 not_before;
  guint64 claimed;
  guint64 claimed_epoch;
  guint32 history; /* how much it asks for at most */
  guint64 epoch;
  guint64 next;  /* what comes next in a row; 0 where nothing is known */
  guint64 check; /* of the event before @next; 0 where that is not known */
  guint64 head;
  gint64 pulled;
  gint64 pulled_back;
  GBytes *opening;      /* what it asked for it with */
  gboolean has_gap;     /* since it was opened */
  GHashTable *standing; /* (element-type guint64): what is to come again behind that */
  GHashTable *early;    /* (element-type guint64 TeaEvent): NULL for what is empty */
  GHashTable *pieces;   /* (element-type guint64 TeaPieceCollector) */
  GQueue says;          /* (element-type Said): what was not answered */
  guint32 n_said;
} SimPeerRoom;

struct _SimPeer
{
  guint index;
  char *name;
  char *key;
  SimLink link;
  guint32 history;
  gboolean lies;
  gboolean runs;
  SimProgram program;
  GPtrArray *rooms;
  guint n_texts;

  /*< private >*/
  SimNetwork *network;
  SimChecker *checker;
  TeaPacketConnector *connector;
  GCancellable *cancellable;
  TeaPacketChannel *channel;
  TeaTimer *timer;
  guint32 stream;
  guint16 n_channels;
  gboolean is_inside;
  gboolean is_connecting;
  gboolean may_make;
  gint64 heard;
  gint64 entered;
  guint64 token;
  gint64 heads_asked;
  GPtrArray *frames; /* (element-type Sent): what goes out at the end of this turn */
};

SimPeer *sim_peer_new (SimChecker *checker, guint index, const char *name, const char *key);
void sim_peer_free (SimPeer *self);

void sim_peer_start (SimPeer *self);
void sim_peer_crash (SimPeer *self);
gboolean sim_peer_acts (SimPeer *self);
gboolean sim_peer_is_inside (SimPeer *self);

SimPeerRoom *sim_peer_get_room (SimPeer *self, const char *address);
SimPeerRoom *sim_peer_open (SimPeer *self, const char *address);
SimPeerRoom *sim_peer_make (SimPeer *self, const char *address, TeaRoomFlags flags);
void sim_peer_close (SimPeer *self, SimPeerRoom *room);
void sim_peer_say (SimPeer *self, SimPeerRoom *room);
void sim_peer_tell (SimPeer *self,
                    SimPeerRoom *room,
                    TeaEventKind kind,
                    guint8 wire_kind,
                    guint64 target,
                    const char *text,
                    GBytes *data);
void sim_peer_look_anew (SimPeer *self, SimPeerRoom *room, guint32 history);
gboolean sim_peer_look_back (SimPeer *self, SimPeerRoom *room);
void sim_peer_read (SimPeer *self, SimPeerRoom *room);
void sim_peer_type (SimPeer *self, SimPeerRoom *room);
void sim_peer_list (SimPeer *self, TeaRooms which);
void sim_peer_babble (SimPeer *self, GRand *dice);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimPeer, sim_peer_free)

G_END_DECLS
