/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/**
 * TEA_IDENTITY_SECRET_SIZE:
 *
 * How many bytes a secret that is derived from an identity has.
 */
#define TEA_IDENTITY_SECRET_SIZE 64

#define TEA_TYPE_IDENTITY (tea_identity_get_type ())

G_DECLARE_FINAL_TYPE (TeaIdentity, tea_identity, TEA, IDENTITY, GObject)

TeaIdentity *tea_identity_load_or_create (const char *path, GError **error);
TeaIdentity *tea_identity_new_ephemeral (void);

const char *tea_identity_get_fingerprint (TeaIdentity *self);
gnutls_certificate_credentials_t tea_identity_get_credentials (TeaIdentity *self);

GBytes *tea_identity_sign (TeaIdentity *self, const gnutls_datum_t *data);
gboolean tea_identity_derive_secret (TeaIdentity *self, GBytes *salt, guint8 *secret);

char *tea_identity_fingerprint_certificate (gnutls_x509_crt_t certificate);

G_END_DECLS
