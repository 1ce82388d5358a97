/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_ICMP_MESSAGE (tea_icmp_message_get_type ())

G_DECLARE_FINAL_TYPE (TeaIcmpMessage, tea_icmp_message, TEA, ICMP_MESSAGE, GSocketControlMessage)

gboolean tea_icmp_message_enable (GSocket *socket, GError **error);
void tea_icmp_message_disable (GSocket *socket);
gboolean tea_icmp_message_is_port_unreachable (TeaIcmpMessage *self);

G_END_DECLS
