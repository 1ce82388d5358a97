/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TEA_TYPE_PASSWORDS (tea_passwords_get_type ())

G_DECLARE_FINAL_TYPE (TeaPasswords, tea_passwords, TEA, PASSWORDS, GObject)

TeaPasswords *tea_passwords_get_default (void);

void tea_passwords_set (TeaPasswords *self, const char *server_key, const char *password);
const char *tea_passwords_get (TeaPasswords *self, const char *server_key);

G_END_DECLS
