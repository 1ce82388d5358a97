/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-control.h"
#include "tea-metrics.h"
#include "tea-server-config.h"

G_BEGIN_DECLS

/**
 * TeaServerConfigFunc:
 * @user_data: what was given with it
 * @error: return location for a #GError
 *
 * Reads the settings of a server again, from wherever they were read when it was started.
 *
 * Returns: (transfer full): the settings; %NULL where they are not fit
 */
typedef TeaServerConfig *(*TeaServerConfigFunc) (gpointer user_data, GError **error);

#define TEA_TYPE_SERVER (tea_server_get_type ())

G_DECLARE_FINAL_TYPE (TeaServer, tea_server, TEA, SERVER, GObject)

TeaServer *tea_server_new (TeaServerConfig *config);

void tea_server_start_async (TeaServer *self,
                             int fd,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_server_start_finish (TeaServer *self, GAsyncResult *result, GError **error);
gboolean tea_server_start (TeaServer *self, GError **error);
gboolean tea_server_start_from_fd (TeaServer *self, int fd, GError **error);
void tea_server_stop (TeaServer *self);
void tea_server_close (TeaServer *self);

void
tea_server_set_config_func (TeaServer *self, TeaServerConfigFunc read_config, gpointer user_data);
gboolean tea_server_reload (TeaServer *self, char ***changed, char ***waiting, GError **error);

gboolean tea_server_is_as_set (TeaServer *self, int fd);
int tea_server_get_fd (TeaServer *self);
GInetSocketAddress *tea_server_get_address (TeaServer *self);
TeaControl *tea_server_get_control (TeaServer *self);
TeaMetrics *tea_server_get_metrics (TeaServer *self);
const char *tea_server_get_fingerprint (TeaServer *self);
char *tea_server_dup_problem (TeaServer *self);

G_END_DECLS
