/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/**
 * TEA_DTLS_SEALER_OVERHEAD:
 *
 * By how many bytes a record is longer than its packet, at most.
 */
#define TEA_DTLS_SEALER_OVERHEAD (13 + 8 + 16)

/**
 * TeaDtlsSealer:
 *
 * Seals packets into records of an open DTLS session beside GnuTLS, which takes five times as
 * long for one.
 */
typedef struct _TeaDtlsSealer TeaDtlsSealer;

TeaDtlsSealer *tea_dtls_sealer_new (gnutls_session_t session);
TeaDtlsSealer *tea_dtls_sealer_new_from_state (gnutls_cipher_algorithm_t algorithm,
                                               const gnutls_datum_t *key,
                                               const gnutls_datum_t *iv,
                                               guint64 number);
void tea_dtls_sealer_free (TeaDtlsSealer *self);

gsize tea_dtls_sealer_seal (TeaDtlsSealer *self, const guint8 *packet, gsize size, guint8 *record);
void tea_dtls_sealer_give_back (TeaDtlsSealer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDtlsSealer, tea_dtls_sealer_free)

G_END_DECLS
