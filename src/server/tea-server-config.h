/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-room-address.h"

G_BEGIN_DECLS

/**
 * TEA_DEFAULT_IDLE_TIMEOUT:
 *
 * After how many seconds of silence a classic member counts as gone.
 */
#define TEA_DEFAULT_IDLE_TIMEOUT 600

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
 * @idle_timeout: seconds of silence after which a classic member counts as gone
 * @classic: from where the classic protocol is welcome
 * @classic_accept: what answers a request to enter that is granted: `Y` or `OK`
 *
 * What an operator can set about a server.
 */
typedef struct
{
  char *address;
  guint16 port;
  guint idle_timeout;
  TeaClassicPolicy classic;
  char *classic_accept;
} TeaServerConfig;

TeaServerConfig *tea_server_config_new (void);
void tea_server_config_free (TeaServerConfig *self);

gboolean tea_server_config_load_file (TeaServerConfig *self, const char *path, GError **error);
gboolean
tea_server_config_set (TeaServerConfig *self, const char *key, const char *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaServerConfig, tea_server_config_free)

G_END_DECLS
