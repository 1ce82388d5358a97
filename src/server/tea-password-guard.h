/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-password.h"

G_BEGIN_DECLS

#define TEA_TYPE_PASSWORD_GUARD (tea_password_guard_get_type ())

G_DECLARE_FINAL_TYPE (TeaPasswordGuard, tea_password_guard, TEA, PASSWORD_GUARD, GObject)

TeaPasswordGuard *tea_password_guard_new (TeaPassword *password, TeaClock *clock);

void tea_password_guard_check_async (TeaPasswordGuard *self,
                                     const char *text,
                                     const char *key,
                                     const char *address,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
tea_password_guard_check_finish (TeaPasswordGuard *self, GAsyncResult *result, GError **error);

G_END_DECLS
