/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-clock.h"
#include "tea-known-servers.h"
#include "tea-link.h"
#include "tea-dtls-connector.h"
#include "tea-rejoiner.h"
#include "tea-replica.h"
#include "tea-undertaking.h"

G_BEGIN_DECLS

#define TEA_CLIENT_DEFAULT_HISTORY 50

struct _TeaClient
{
  GObject parent_instance;

  TeaClock *clock; /* (owned) */

  /* how it is to be done */
  TeaProtocol protocol;
  char *identity_file;           /* (nullable): the usual one */
  char *known_servers_file;      /* (nullable): the usual one */
  char *password;                /* (nullable) */
  guint64 since;                 /* 0 for the latest */
  guint history;                 /* how many of the latest */
  TeaPacketConnector *connector; /* (owned) (nullable): in place of a real one */
  char *trusted_key;             /* (nullable): of the server at @address */

  /* how it stands */
  TeaClientState state;
  char *name;                       /* (nullable) */
  GNetworkAddress *address;         /* (owned) (nullable) */
  char *reason;                     /* (nullable) */
  char *suggestion;                 /* (nullable) */
  char *server_key;                 /* (nullable) */
  char *room_name;                  /* (nullable) */
  gboolean members_told;            /* by the server */
  TeaDtlsConnector *way;            /* (owned) (nullable): of the latest try */
  TeaLink *link;                    /* (owned) (nullable) */
  TeaRejoiner *rejoiner;            /* (owned) (nullable) */
  TeaReplica *replica;              /* (owned) */
  GNetworkMonitor *network_monitor; /* (owned) (nullable) */
  TeaUndertaking joining;
  TeaUndertaking loading; /* older history */
};

/* For tests: time is that of @clock, and what is sent goes through @connector alone. */
TeaClient *tea_client_new_for_test (TeaClock *clock, TeaPacketConnector *connector);

/* tea-client-properties.c */
void _tea_client_install_properties (GObjectClass *object_class);
void
_tea_client_set_string (TeaClient *self, char **member, const char *value, const char *property);

void _tea_client_set_state (TeaClient *self, TeaClientState state);
void _tea_client_set_server (TeaClient *self, const char *key, const char *room_name);
void _tea_client_set_members_told (TeaClient *self, gboolean told);
void _tea_client_notify_history (TeaClient *self);
void _tea_client_emit_event (TeaClient *self, TeaEvent *event);
void _tea_client_emit_older_event (TeaClient *self, TeaEvent *event);
void _tea_client_emit_gap (TeaClient *self);
void _tea_client_emit_rejoined (TeaClient *self, guint n_sent);

TeaKnownServers *_tea_client_new_known_servers (TeaClient *self);

guint _tea_client_send_waiting (TeaClient *self);
void _tea_client_clear_link (TeaClient *self);

G_END_DECLS
