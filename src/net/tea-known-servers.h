/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_KNOWN_SERVERS (tea_known_servers_get_type ())

G_DECLARE_FINAL_TYPE (TeaKnownServers, tea_known_servers, TEA, KNOWN_SERVERS, GObject)

TeaKnownServers *tea_known_servers_new (const char *path);

gboolean tea_known_servers_lookup (TeaKnownServers *self,
                                   GNetworkAddress *address,
                                   char **fingerprint,
                                   GError **error);
GPtrArray *tea_known_servers_list (TeaKnownServers *self, GError **error);
gboolean tea_known_servers_remember (TeaKnownServers *self,
                                     GNetworkAddress *address,
                                     const char *fingerprint,
                                     GError **error);
gboolean tea_known_servers_forget (TeaKnownServers *self, GNetworkAddress *address, GError **error);

G_END_DECLS
