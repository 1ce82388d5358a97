/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"

#include "sim-network.h"

G_BEGIN_DECLS

/**
 * SimClient:
 * @index: which device that is, from 0 on
 * @name: who its owner is
 * @key: the fingerprint of its owner's key, which may be on several devices
 * @is_classic: it speaks the classic protocol, and nobody knows a key of it
 * @password: (nullable): what its owner takes for the room's password
 * @history: how much of what was there it asks for at first
 * @link: its network
 * @runs: whether the program runs now
 * @program: it
 * @client: (owned) (nullable): what is in it
 * @heard: (element-type TeaEvent): what this program was told
 * @epochs: the epoch of the log that each of them is of
 * @latest_gap: where in @heard the part begins that has no gap
 * @epoch: the latest that it knew of; 0 for none
 * @n_said: how much was said on this device, by all of its programs
 * @wants_in: its owner wants to be in the room
 * @asked: its program has asked to come in and was not refused
 * @refusal: why it was refused last, a #TeaError; -1: by something else, or never
 * @is_loading: its owner waits for older history
 *
 * A device, and the program that is started on it again and again.
 */
typedef struct
{
  guint index;
  char *name;
  char *key;
  gboolean is_classic;
  const char *password;
  guint history;
  SimNetwork *network;
  SimLink link;

  gboolean runs;
  SimProgram program;
  TeaClient *client;
  GPtrArray *heard;
  GArray *epochs;
  guint latest_gap;
  guint64 epoch;
  guint n_said;
  gboolean wants_in;
  gboolean asked;
  int refusal;
  gboolean is_loading;
} SimClient;

SimClient *sim_client_new (SimNetwork *network, guint index, const char *name, const char *key);
void sim_client_free (SimClient *self);

void sim_client_start (SimClient *self);
void sim_client_crash (SimClient *self);
void sim_client_say (SimClient *self, gsize n_bytes);
void sim_client_react (SimClient *self, guint place, const char *emoji, gboolean set);
void sim_client_reply (SimClient *self, guint place);
void sim_client_retry (SimClient *self);
void sim_client_leave (SimClient *self);
void sim_client_come_back (SimClient *self);
void sim_client_load_older (SimClient *self);

gboolean sim_client_acts (SimClient *self);
gboolean sim_client_is_inside (SimClient *self);
guint64 sim_client_get_epoch (SimClient *self);
GPtrArray *sim_client_list_own (SimClient *self, TeaDelivery delivery);

G_END_DECLS
