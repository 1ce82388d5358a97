/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tea-identity.h"

G_BEGIN_DECLS

#define TEA_IDENTITY_SECRET_SIZE 64

gnutls_certificate_credentials_t _tea_identity_get_credentials (TeaIdentity *self);
GBytes *_tea_identity_sign (TeaIdentity *self, const gnutls_datum_t *data);
gboolean _tea_identity_derive_secret (TeaIdentity *self, GBytes *salt, guint8 *secret);

char *_tea_identity_fingerprint_certificate (gnutls_x509_crt_t certificate);

G_END_DECLS
