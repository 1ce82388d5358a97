/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void tea_ctl_call_async (const char *data_dir,
                         const char *method,
                         GVariant *parameters,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
GVariant *tea_ctl_call_finish (GAsyncResult *result, GError **error);

G_END_DECLS
