/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <tea.h>

G_BEGIN_DECLS

#define TEA_TYPE_SALE_ANNOUNCER (tea_sale_announcer_get_type ())

G_DECLARE_FINAL_TYPE (TeaSaleAnnouncer, tea_sale_announcer, TEA, SALE_ANNOUNCER, GObject)

TeaSaleAnnouncer *tea_sale_announcer_new (GNetworkAddress *address, guint n_windows);

void tea_sale_announcer_enter_async (TeaSaleAnnouncer *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
tea_sale_announcer_enter_finish (TeaSaleAnnouncer *self, GAsyncResult *result, GError **error);

void tea_sale_announcer_announce (TeaSaleAnnouncer *self, guint window, guint ticket);

void tea_sale_announcer_leave_async (TeaSaleAnnouncer *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
tea_sale_announcer_leave_finish (TeaSaleAnnouncer *self, GAsyncResult *result, GError **error);

G_END_DECLS
