/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaSaleFunc:
 * @window: which window sold, from 1 on
 * @ticket: which ticket, from 1 on
 * @user_data: what was given to [ctor@Tea.BoxOffice.new]
 *
 * Called for each sale, in the order of the tickets, one call at a time, in the thread of
 * the window.
 */
typedef void (*TeaSaleFunc) (guint window, guint ticket, gpointer user_data);

#define TEA_TYPE_BOX_OFFICE (tea_box_office_get_type ())

G_DECLARE_FINAL_TYPE (TeaBoxOffice, tea_box_office, TEA, BOX_OFFICE, GObject)

TeaBoxOffice *tea_box_office_new (
    guint n_tickets, guint n_windows, GTimeSpan sale_time, TeaSaleFunc sold, gpointer user_data);

void tea_box_office_sell_async (TeaBoxOffice *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tea_box_office_sell_finish (TeaBoxOffice *self, GAsyncResult *result, GError **error);

G_END_DECLS
