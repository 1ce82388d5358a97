/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_PASSWORD (tea_password_get_type ())

G_DECLARE_FINAL_TYPE (TeaPassword, tea_password, TEA, PASSWORD, GObject)

TeaPassword *tea_password_new (const char *hash, GError **error);
TeaPassword *tea_password_load (const char *path, GError **error);

gboolean tea_password_is_same (TeaPassword *self, TeaPassword *other);
gboolean tea_password_is_known (TeaPassword *self, const char *text);
void tea_password_verify_async (TeaPassword *self,
                                const char *text,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tea_password_verify_finish (TeaPassword *self, GAsyncResult *result, GError **error);

char *tea_password_hash (const char *text, GError **error);

G_END_DECLS
