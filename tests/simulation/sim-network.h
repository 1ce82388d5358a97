/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-packet-channel.h"
#include "tea-packet-connector.h"

#include "sim-program.h"

G_BEGIN_DECLS

/**
 * SimHold:
 * @from: packets with events from this number on are held back
 * @to: up to this one; 0 for none
 * @delay: how long, from the first of them on
 * @until: when they arrive; 0 before the first of them was sent
 * @end: when this is over if none is sent
 *
 * Answers that are long under way, so that things happen meanwhile.
 */
typedef struct
{
  guint64 from;
  guint64 to;
  gint64 delay;
  gint64 until;
  gint64 end;
} SimHold;

/**
 * SimLink:
 * @loss_up: how much of what is sent to the server is lost, 0 to 1
 * @loss_down: the same the other way
 * @doubled: how much comes twice
 * @delay: how long a packet is on its way at least, in µs
 * @jitter: how much longer it may be: this is what reorders
 * @cut_up: nothing gets to the server
 * @cut_down: nothing comes from it
 * @cut_rooms: whether what has anything of other rooms than the hall does not arrive: so much bad
 *   luck is rare, but the total is there for it
 * @address: where the client's machine is
 * @hold: what comes later than all else
 *
 * The network between one client's machine and the server's.
 */
typedef struct
{
  double loss_up;
  double loss_down;
  double doubled;
  gint64 delay;
  gint64 jitter;
  gboolean cut_up;
  gboolean cut_down;
  gboolean cut_rooms;
  guint address;
  SimHold hold;
} SimLink;

typedef struct _SimNetwork SimNetwork;

/**
 * SimAcceptFunc:
 * @channel: of somebody who has proved to hold their key
 * @user_data: what was given with it
 *
 * A client has come.
 */
typedef void (*SimAcceptFunc) (TeaPacketChannel *channel, gpointer user_data);

/**
 * SimWatchFunc:
 * @channel: the server's side of a channel
 * @packet: what goes through it
 * @up: it has come; otherwise it is sent, whether it will arrive or not
 * @user_data: what was given with it
 *
 * The server hears or sends something.
 */
typedef void (*SimWatchFunc) (TeaPacketChannel *channel,
                              GBytes *packet,
                              gboolean up,
                              gpointer user_data);

/**
 * SimDatagramFunc:
 * @address: the client's machine, as it is seen from the server
 * @port: which of its sockets
 * @datagram: (nullable): what goes through it; %NULL: the news that nobody listens there
 * @up: it has come; otherwise it is sent, whether it will arrive or not
 * @user_data: what was given with it
 *
 * The server hears or sends something that is in no channel.
 */
typedef void (*SimDatagramFunc) (
    guint address, guint port, GBytes *datagram, gboolean up, gpointer user_data);

/**
 * SimSocket:
 *
 * A client's socket for datagrams that are in no channel.
 */
typedef struct _SimSocket SimSocket;

/**
 * SimSocketFunc:
 * @datagram: (nullable): what came; %NULL: the news that nobody listens there
 * @user_data: what was given with it
 *
 * Something came for a socket.
 */
typedef void (*SimSocketFunc) (GBytes *datagram, gpointer user_data);

SimNetwork *sim_network_new (GRand *dice,
                             SimWatchFunc watch,
                             SimDatagramFunc watch_datagram,
                             gpointer user_data);
void sim_network_free (SimNetwork *self);
void sim_network_hold (SimNetwork *self, SimLink *link, guint64 from, guint64 to, gint64 delay);

gint64 sim_network_get_time (SimNetwork *self);
void sim_network_set_time (SimNetwork *self, gint64 time);
gint64 sim_network_get_next_due (SimNetwork *self);
SimProgram *sim_network_deliver (SimNetwork *self);

void sim_network_open (SimNetwork *self,
                       SimProgram *server,
                       SimAcceptFunc accept,
                       SimDatagramFunc receive,
                       gpointer user_data);
void sim_network_close (SimNetwork *self);
void sim_network_kill_client (SimNetwork *self, SimProgram *client);

SimSocket *sim_socket_new (SimNetwork *network,
                           SimLink *link,
                           SimProgram *client,
                           SimSocketFunc receive,
                           gpointer user_data);
void sim_socket_close (SimSocket *self);
void sim_socket_send (SimSocket *self, GBytes *datagram);
void sim_network_send (SimNetwork *self, guint address, guint port, GBytes *datagram);

TeaPacketConnector *sim_connector_new (SimNetwork *network,
                                       SimLink *link,
                                       SimProgram *client,
                                       const char *client_key,
                                       const char *server_key);

/* What is told of a run: printed where wanted, and summed up so that runs can be compared. */
void sim_trace_begin (gboolean printed, gboolean summed);
void sim_trace (SimNetwork *network, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint64 sim_trace_end (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimNetwork, sim_network_free)

G_END_DECLS
