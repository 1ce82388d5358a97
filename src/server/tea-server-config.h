/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-house.h"
#include "tea-password.h"
#include "tea-room-address.h"

G_BEGIN_DECLS

/**
 * TEA_DEFAULT_IDLE_TIMEOUT:
 *
 * After how many seconds of silence a classic member counts as gone.
 */
#define TEA_DEFAULT_IDLE_TIMEOUT 600

/**
 * TEA_DEFAULT_GRACE:
 *
 * For how many seconds a member whose connection broke counts as here.
 */
#define TEA_DEFAULT_GRACE 30

/**
 * TEA_DEFAULT_NAME_LIFETIME:
 *
 * For how many days a name stays its owner's who does not come.
 */
#define TEA_DEFAULT_NAME_LIFETIME 180

/**
 * TEA_DEFAULT_CLASSIC_PLACES:
 *
 * How many classic members there may be: a LAN party, and no more than a quarter of the members
 * that a room can have.
 */
#define TEA_DEFAULT_CLASSIC_PLACES 1024

/**
 * TEA_DEFAULT_CLASSIC_JOINS:
 *
 * How many classic clients may enter in a second: each is told to all.
 */
#define TEA_DEFAULT_CLASSIC_JOINS 20

/**
 * TEA_DEFAULT_CLASSIC_BYTES:
 *
 * How many bytes a second a classic member is sent, who cannot prove to have asked for them.
 */
#define TEA_DEFAULT_CLASSIC_BYTES 4096

/**
 * TeaClassicPolicy:
 * @TEA_CLASSIC_LOCAL: from loopback, link-local and private networks only
 * @TEA_CLASSIC_ANYONE: from everywhere
 * @TEA_CLASSIC_OFF: from nowhere
 *
 * From where the classic protocol is welcome.
 */
typedef enum
{
  TEA_CLASSIC_LOCAL,
  TEA_CLASSIC_ANYONE,
  TEA_CLASSIC_OFF,
} TeaClassicPolicy;

/**
 * TeaServerConfig:
 * @address: (nullable): the IP address to listen on; %NULL for every one
 * @port: the UDP port; 0 takes any free one
 * @data_dir: (nullable): the folder for what must last; see
 *   tea_server_config_dup_data_dir()
 * @password_file: (nullable): a file that holds the hash of the room's password; %NULL
 *   where everybody may enter
 * @grace: for how many seconds a member whose connection broke counts as here
 * @retain_days: for how many days events are kept; 0 for ever
 * @retain_events: how many events are kept; 0 for all
 * @name_lifetime: for how many days a name stays its owner's who does not come; 0 for ever
 * @idle_timeout: seconds of silence after which a classic member counts as gone
 * @classic: from where the classic protocol is welcome
 * @classic_places: how many classic members there may be
 * @classic_joins: how many classic clients may enter in a second
 * @classic_bytes: how many bytes a second a classic member is sent; 0 for three times what
 *   they send
 * @rooms: who may make rooms
 * @pairs: whether there are private conversations
 * @edit_hours: for how many hours one may edit a message; 0: for ever
 * @newcomers: for how many minutes whoever comes for the first time may do little; 0: never
 * @operators: (array zero-terminated=1): the fingerprints of the operators' keys
 * @classic_accept: what answers a request to enter that is granted: `Y` or `OK`
 * @metrics: at which TCP port programs on this machine can ask how the server is, or `off`
 * @logs_full_addresses: whether addresses are logged, and not the networks around them
 * @messages_per_second: how many messages somebody may say; 0 for any number
 * @bytes_per_second: how many bytes these may have; 0 for any number
 * @max_clients: how many clients may be connected
 * @handshakes_per_second: how many connections may begin in a second
 * @max_people: how many people may be in the house
 *
 * What an operator can set about a server.
 */
typedef struct
{
  char *address;
  guint port;
  char *data_dir;
  char *password_file;
  guint grace;
  guint retain_days;
  guint retain_events;
  guint name_lifetime;
  guint idle_timeout;
  TeaClassicPolicy classic;
  char *classic_accept;
  guint classic_places;
  guint classic_joins;
  guint classic_bytes;
  TeaRoomMakers rooms;
  gboolean pairs;
  guint edit_hours;
  guint newcomers;
  char **operators;
  char *metrics;
  gboolean logs_full_addresses;
  guint messages_per_second;
  guint bytes_per_second;
  guint max_clients;
  guint handshakes_per_second;
  guint max_people;
} TeaServerConfig;

TeaServerConfig *tea_server_config_new (void);
void tea_server_config_free (TeaServerConfig *self);

gboolean tea_server_config_load_file (TeaServerConfig *self, const char *path, GError **error);
gboolean
tea_server_config_set (TeaServerConfig *self, const char *key, const char *value, GError **error);
const char *tea_server_config_get_key (guint i);
gboolean tea_server_config_needs_restart (const char *key);
char *tea_server_config_dup_value (const TeaServerConfig *self, const char *key);
void tea_server_config_take_over (TeaServerConfig *self,
                                  const TeaServerConfig *other,
                                  char ***changed,
                                  char ***waiting);
gboolean tea_server_config_load_password (const TeaServerConfig *self,
                                          TeaPassword **password,
                                          GError **error);
gboolean tea_server_config_get_metrics_port (const TeaServerConfig *self, guint16 *port);
char *tea_server_config_dup_data_dir (const TeaServerConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaServerConfig, tea_server_config_free)

G_END_DECLS
