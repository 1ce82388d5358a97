/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_INVITE_WINDOW (tea_invite_window_get_type ())

G_DECLARE_FINAL_TYPE (TeaInviteWindow, tea_invite_window, TEA, INVITE_WINDOW, AdwWindow)

GtkWidget *tea_invite_window_new_for_hosted (GtkWindow *parent,
                                             const char *room_name,
                                             guint16 port,
                                             const char *fingerprint);
GtkWidget *tea_invite_window_new_for_address (GtkWindow *parent,
                                              const char *room_name,
                                              GNetworkAddress *address,
                                              const char *fingerprint);

G_END_DECLS
