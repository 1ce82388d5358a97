/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tea-identity.h"

G_BEGIN_DECLS

gnutls_certificate_credentials_t _tea_identity_get_credentials (TeaIdentity *self);
char *_tea_identity_fingerprint_certificate (gnutls_x509_crt_t certificate);

G_END_DECLS
