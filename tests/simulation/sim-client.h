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
 * @link: its network
 * @runs: whether the program runs now
 * @program: it
 * @client: (owned) (nullable): what is in it
 * @heard: (element-type TeaEvent): what this program was told
 * @n_said: how much was said on this device, by all of its programs
 * @wants_in: its owner wants to be in the room
 * @asked: its program has asked to come in and was not refused
 * @is_loading: its owner waits for older history
 * @said_goodbye: when its owner last left the room by themselves; 0: never
 *
 * A device, and the program that is started on it again and again.
 */
typedef struct
{
  guint index;
  char *name;
  char *key;
  SimNetwork *network;
  SimLink link;

  gboolean runs;
  SimProgram program;
  TeaClient *client;
  GPtrArray *heard;
  guint n_said;
  gboolean wants_in;
  gboolean asked;
  gboolean is_loading;
  gint64 said_goodbye;
} SimClient;

SimClient *sim_client_new (SimNetwork *network, guint index, const char *name, const char *key);
void sim_client_free (SimClient *self);

void sim_client_start (SimClient *self);
void sim_client_crash (SimClient *self);
void sim_client_say (SimClient *self, gsize n_bytes);
void sim_client_retry (SimClient *self);
void sim_client_leave (SimClient *self);
void sim_client_load_older (SimClient *self);

gboolean sim_client_is_inside (SimClient *self);
gboolean sim_client_has_heard (SimClient *self, guint64 seq);
GPtrArray *sim_client_list_own (SimClient *self, TeaDelivery delivery);

G_END_DECLS
