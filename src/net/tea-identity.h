/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TEA_TYPE_IDENTITY (tea_identity_get_type ())

G_DECLARE_FINAL_TYPE (TeaIdentity, tea_identity, TEA, IDENTITY, GObject)

TeaIdentity *tea_identity_load_or_create (const char *path, GError **error);
TeaIdentity *tea_identity_new_ephemeral (void);

const char *tea_identity_get_fingerprint (TeaIdentity *self);

G_END_DECLS
