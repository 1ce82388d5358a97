/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_HOSTED_ROOM (tea_hosted_room_get_type ())

G_DECLARE_FINAL_TYPE (TeaHostedRoom, tea_hosted_room, TEA, HOSTED_ROOM, GObject)

TeaHostedRoom *tea_hosted_room_new (void);

void tea_hosted_room_start_async (TeaHostedRoom *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_hosted_room_start_finish (TeaHostedRoom *self, GAsyncResult *result, GError **error);
void tea_hosted_room_stop (TeaHostedRoom *self);

guint16 tea_hosted_room_get_port (TeaHostedRoom *self);
const char *tea_hosted_room_get_fingerprint (TeaHostedRoom *self);

G_END_DECLS
