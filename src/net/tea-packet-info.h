/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

struct msghdr;

#define TEA_TYPE_PACKET_INFO (tea_packet_info_get_type ())

G_DECLARE_FINAL_TYPE (TeaPacketInfo, tea_packet_info, TEA, PACKET_INFO, GSocketControlMessage)

gboolean tea_packet_info_enable (GSocket *socket, GError **error);
TeaPacketInfo *tea_packet_info_new_from_message (struct msghdr *message);
TeaPacketInfo *tea_packet_info_take (GSocketControlMessage **messages, guint n_messages);

G_END_DECLS
