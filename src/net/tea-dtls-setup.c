/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-setup.h"

#include <string.h>

/* RFC 8449. */
#define RECORD_SIZE_LIMIT 28

#define ROUTE_LABEL "EXPORTER-teahouse-route"
#define PROOF_LABEL "EXPORTER-teahouse-proof"
#define CLAIM_SIZE (sizeof PROOF_LABEL + 32)

/* DTLS 1.2 as RFC 9325 has it, and no more than needed: two suites for machines with and
 * without AES instructions, two curves. */
#define PRIORITIES                                                                    \
  "NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-GCM:+CHACHA20-POLY1305:+AEAD:+COMP-NULL:" \
  "+SIGN-ECDSA-SHA256:+GROUP-X25519:+GROUP-SECP256R1:+CTYPE-X509"

static gnutls_priority_t
get_priorities (void)
{
  static gnutls_priority_t priorities;

  if (g_once_init_enter (&priorities))
    {
      gnutls_priority_t value = NULL;

      if (gnutls_priority_init (&value, PRIORITIES, NULL) < 0)
        g_error ("GnuTLS lacks what Teahouse needs of it");
      g_once_init_leave (&priorities, value);
    }

  return priorities;
}

static gnutls_session_t
new_session (TeaIdentity *identity, unsigned int flags)
{
  gnutls_session_t session = NULL;

  if (gnutls_init (&session, flags | GNUTLS_DATAGRAM | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
    g_error ("Could not make a DTLS session");

  gnutls_priority_set (session, get_priorities ());
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, tea_identity_get_credentials (identity));

  return session;
}

/**
 * tea_dtls_setup_new_client:
 * @identity: who we are
 * @resumption: (nullable): what an earlier session with the same server has left
 *
 * Returns: (transfer full): a session of GnuTLS, which needs @identity to stay
 */
gnutls_session_t
tea_dtls_setup_new_client (TeaIdentity *identity, GBytes *resumption)
{
  gnutls_session_t session;
  const void *data;
  gsize size;

  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);

  session = new_session (identity, GNUTLS_CLIENT);
  if (resumption != NULL)
    {
      data = g_bytes_get_data (resumption, &size);
      gnutls_session_set_data (session, data, size);
    }

  return session;
}

static int
extension_cb (void *user_data, unsigned int id, const unsigned char *data, unsigned int size)
{
  guint *limit = user_data;

  if (id == RECORD_SIZE_LIMIT && size == 2)
    *limit = (guint) (data[0] << 8 | data[1]);

  return 0;
}

/* GnuTLS keeps to what the other side wants, but does not tell. */
static int
hello_cb (gnutls_session_t session,
          unsigned int type,
          unsigned int when,
          unsigned int incoming,
          const gnutls_datum_t *message)
{
  guint limit = 0;

  if (gnutls_ext_raw_parse (&limit, extension_cb, message, GNUTLS_EXT_RAW_FLAG_DTLS_CLIENT_HELLO)
      >= 0)
    gnutls_session_set_ptr (session, GUINT_TO_POINTER (limit));

  return 0;
}

/**
 * tea_dtls_setup_new_server:
 * @identity: who we are
 * @ticket_key: what to seal tickets with
 * @prestate: what the client's cookie has brought
 *
 * Returns: (transfer full): a session of GnuTLS, which needs @identity to stay
 */
gnutls_session_t
tea_dtls_setup_new_server (TeaIdentity *identity,
                           GBytes *ticket_key,
                           const gnutls_dtls_prestate_st *prestate)
{
  gnutls_dtls_prestate_st state = *prestate;
  gnutls_session_t session;
  gnutls_datum_t key;
  gsize size;

  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);

  key.data = (guint8 *) g_bytes_get_data (ticket_key, &size);
  key.size = (unsigned int) size;
  session = new_session (identity, GNUTLS_SERVER);
  gnutls_session_ticket_enable_server (session, &key);
  gnutls_certificate_server_set_request (session, GNUTLS_CERT_REQUIRE);
  gnutls_handshake_set_hook_function (session, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_POST,
                                      hello_cb);
  gnutls_dtls_prestate_set (session, &state);

  return session;
}

/**
 * tea_dtls_setup_is_small:
 * @session: a server's session
 *
 * Returns: whether the client has said that it takes only packets of
 *   %TEA_DTLS_SETUP_SMALL_PACKET bytes
 */
gboolean
tea_dtls_setup_is_small (gnutls_session_t session)
{
  guint limit = GPOINTER_TO_UINT (gnutls_session_get_ptr (session));

  return limit > 0 && limit <= TEA_DTLS_SETUP_SMALL_PACKET;
}

/**
 * tea_dtls_setup_get_route:
 * @session: a session that is open
 * @route: (out): its name, which both sides know and nobody can guess
 *
 * Returns: below zero if there is none, for a reason of GnuTLS's
 */
int
tea_dtls_setup_get_route (gnutls_session_t session, guint64 *route)
{
  guint64 bytes = 0;
  int result;

  /* Only then is what is derived from the keys bound to this session (RFC 7627). */
  if (gnutls_session_ext_master_secret_status (session) == 0)
    return GNUTLS_E_INSUFFICIENT_SECURITY;

  result = gnutls_prf_rfc5705 (session, strlen (ROUTE_LABEL), ROUTE_LABEL, 0, NULL, sizeof bytes,
                               (char *) &bytes);
  *route = GUINT64_FROM_BE (bytes);

  return result;
}

/* What belongs to this session alone and only its two sides know. DTLS signs nothing that
 * begins like the label. */
static int
make_claim (gnutls_session_t session, guint8 *claim)
{
  memcpy (claim, PROOF_LABEL, sizeof PROOF_LABEL);

  return gnutls_prf_rfc5705 (session, strlen (PROOF_LABEL), PROOF_LABEL, 0, NULL,
                             CLAIM_SIZE - sizeof PROOF_LABEL, (char *) claim + sizeof PROOF_LABEL);
}

/* Returns: (transfer full) (nullable): the certificate that the other side has shown, in
 * this session or in the one that it goes on from */
static gnutls_x509_crt_t
get_certificate (gnutls_session_t session)
{
  unsigned int n_certificates = 0;
  const gnutls_datum_t *der = gnutls_certificate_get_peers (session, &n_certificates);
  gnutls_x509_crt_t certificate = NULL;

  if (der == NULL || n_certificates != 1)
    return NULL;

  gnutls_x509_crt_init (&certificate);
  if (gnutls_x509_crt_import (certificate, der, GNUTLS_X509_FMT_DER) < 0)
    g_clear_pointer (&certificate, gnutls_x509_crt_deinit);

  return certificate;
}

/**
 * tea_dtls_setup_make_proof:
 * @session: a client's session that is open, and goes on from an earlier one
 * @identity: who we are
 *
 * Makes what proves that whoever is here holds the key of the one who began the earlier
 * session. A ticket alone would prove that they know what was in it.
 *
 * Returns: (transfer full) (nullable): the proof; %NULL if there can be none
 */
GBytes *
tea_dtls_setup_make_proof (gnutls_session_t session, TeaIdentity *identity)
{
  guint8 claim[CLAIM_SIZE];
  const gnutls_datum_t data = { claim, sizeof claim };

  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);

  return make_claim (session, claim) >= 0 ? tea_identity_sign (identity, &data) : NULL;
}

/**
 * tea_dtls_setup_check_proof:
 * @session: a server's session that is open
 * @proof: (array length=size): what the client has sent
 * @size: its size
 *
 * Returns: whether it is what tea_dtls_setup_make_proof() makes with the client's key
 */
gboolean
tea_dtls_setup_check_proof (gnutls_session_t session, const guint8 *proof, gsize size)
{
  gnutls_x509_crt_t certificate = get_certificate (session);
  guint8 claim[CLAIM_SIZE];
  const gnutls_datum_t data = { claim, sizeof claim };
  const gnutls_datum_t signature = { (guint8 *) proof, (unsigned int) size };
  gnutls_pubkey_t key = NULL;
  gboolean is_good;

  if (certificate == NULL)
    return FALSE;

  gnutls_pubkey_init (&key);
  is_good
      = gnutls_pubkey_import_x509 (key, certificate, 0) >= 0 && make_claim (session, claim) >= 0
        && gnutls_pubkey_verify_data2 (key, GNUTLS_SIGN_ECDSA_SHA256, 0, &data, &signature) >= 0;
  gnutls_pubkey_deinit (key);
  gnutls_x509_crt_deinit (certificate);

  return is_good;
}

/**
 * tea_dtls_setup_get_peer_key:
 * @session: a session that is open
 *
 * Returns: (transfer full) (nullable): the fingerprint of the key that the other side holds
 */
char *
tea_dtls_setup_get_peer_key (gnutls_session_t session)
{
  gnutls_x509_crt_t certificate = get_certificate (session);
  char *fingerprint;

  if (certificate == NULL)
    return NULL;

  fingerprint = tea_identity_fingerprint_certificate (certificate);
  gnutls_x509_crt_deinit (certificate);

  return fingerprint;
}
