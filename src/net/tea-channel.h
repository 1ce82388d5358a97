/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_CHANNEL (tea_channel_get_type ())

G_DECLARE_FINAL_TYPE (TeaChannel, tea_channel, TEA, CHANNEL, GObject)

TeaChannel *tea_channel_new (GSocketAddress *address, GError **error);

gboolean tea_channel_send (TeaChannel *self, GBytes *datagram, GError **error);

G_END_DECLS
