/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-identity.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>

#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-private-file.h"

/* RFC 5280, section 4.1.2.5: this is no end at all. */
#define NEVER ((time_t) -1)

/**
 * TeaIdentity:
 *
 * Who one is, to a server or to its guests: a key pair that was made here and has never
 * been elsewhere. Its fingerprint is what others know one by.
 */
struct _TeaIdentity
{
  GObject parent_instance;

  gnutls_certificate_credentials_t credentials;
  gnutls_privkey_t key;
  char *fingerprint;
};

G_DEFINE_FINAL_TYPE (TeaIdentity, tea_identity, G_TYPE_OBJECT)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)

/* Nobody vouches for keys: a session has shown that the other side holds this one, and
 * whose it is, is for others to judge. It is enough that there is one. */
static int
verify_cb (gnutls_session_t session)
{
  unsigned int n_certificates = 0;

  if (gnutls_certificate_get_peers (session, &n_certificates) == NULL || n_certificates != 1)
    return GNUTLS_E_CERTIFICATE_ERROR;

  return 0;
}

static gboolean
check (int result, GError **error)
{
  if (result >= 0)
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID, _ ("The key cannot be used: %s"),
               gnutls_strerror (result));

  return FALSE;
}

static TeaIdentity *
new_from_key (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, GError **error)
{
  g_autoptr (TeaIdentity) self = g_object_new (TEA_TYPE_IDENTITY, NULL);

  /* This looks whether the two belong together, too. */
  if (!check (gnutls_certificate_set_x509_key (self->credentials, &certificate, 1, key), error)
      || !check (gnutls_privkey_import_x509 (self->key, key, GNUTLS_PRIVKEY_IMPORT_COPY), error))
    return NULL;

  self->fingerprint = tea_identity_fingerprint_certificate (certificate);

  return g_steal_pointer (&self);
}

/* A certificate is only what the protocol carries a key in: it says nothing else. */
static gboolean
make_key (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, GError **error)
{
  static const guint8 serial[] = { 1 };

  return check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                error)
         && check (gnutls_x509_crt_set_version (certificate, 3), error)
         && check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), error)
         && check (gnutls_x509_crt_set_activation_time (certificate, 0), error)
         && check (gnutls_x509_crt_set_expiration_time (certificate, NEVER), error)
         && check (gnutls_x509_crt_set_key (certificate, key), error)
         && check (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0),
                   error);
}

static GBytes *
new_file (GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;
  g_auto (gnutls_x509_crt_t) certificate = NULL;
  gnutls_datum_t key_text = { NULL };
  gnutls_datum_t certificate_text = { NULL };
  g_autoptr (GByteArray) contents = NULL;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_crt_init (&certificate);
  if (!make_key (certificate, key, error)
      || !check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL,
                                                    GNUTLS_PKCS_PLAIN, &key_text),
                 error))
    return NULL;

  contents = g_byte_array_new ();
  g_byte_array_append (contents, key_text.data, key_text.size);
  gnutls_memset (key_text.data, 0, key_text.size);
  gnutls_free (key_text.data);

  if (!check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &certificate_text), error))
    return NULL;

  g_byte_array_append (contents, certificate_text.data, certificate_text.size);
  gnutls_free (certificate_text.data);

  return g_byte_array_free_to_bytes (g_steal_pointer (&contents));
}

static TeaIdentity *
parse_file (GBytes *contents, const char *path, GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;
  g_auto (gnutls_x509_crt_t) certificate = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  gnutls_datum_t text = { NULL };
  gsize size;
  TeaIdentity *self = NULL;

  text.data = (guint8 *) g_bytes_get_data (contents, &size);
  text.size = (unsigned int) size;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_crt_init (&certificate);
  if (size > 0
      && check (gnutls_x509_privkey_import2 (key, &text, GNUTLS_X509_FMT_PEM, NULL, 0), &reason)
      && check (gnutls_x509_crt_import (certificate, &text, GNUTLS_X509_FMT_PEM), &reason))
    self = new_from_key (certificate, key, &reason);

  if (self == NULL)
    g_set_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID,
                 _ ("“%s” does not hold a key of Teahouse. If you have a copy of it, put that "
                    "back. If not, move the file away: a new key is made, and others will not "
                    "recognise it."),
                 shown);

  return self;
}

static void
tea_identity_finalize (GObject *object)
{
  TeaIdentity *self = TEA_IDENTITY (object);

  gnutls_certificate_free_credentials (self->credentials);
  gnutls_privkey_deinit (self->key);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (tea_identity_parent_class)->finalize (object);
}

static void
tea_identity_class_init (TeaIdentityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_identity_finalize;
}

static void
tea_identity_init (TeaIdentity *self)
{
  gnutls_certificate_allocate_credentials (&self->credentials);
  gnutls_certificate_set_verify_function (self->credentials, verify_cb);
  gnutls_privkey_init (&self->key);
}

/**
 * tea_identity_load_or_create:
 * @path: a file, `NAME.pem`: the key and, around its public half, a certificate
 * @error: return location for a #GError
 *
 * Reads one's key; the first time, makes it. Two programs that do so at once get the same.
 *
 * Returns: (transfer full): who one is, or %NULL with @error set: %TEA_ERROR_KEY_INVALID
 *   if the file is no key, or others can read it
 */
TeaIdentity *
tea_identity_load_or_create (const char *path, GError **error)
{
  g_autoptr (GBytes) contents = NULL;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  contents = tea_private_file_load (path, &local_error);
  if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_autoptr (GBytes) made = new_file (error);

      g_clear_error (&local_error);
      if (made == NULL || !tea_private_file_create (path, made, error))
        return NULL;

      contents = tea_private_file_load (path, &local_error);
    }

  if (contents == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return parse_file (contents, path, error);
}

/**
 * tea_identity_new_ephemeral:
 *
 * Returns: (transfer full): somebody new, known to no file
 */
TeaIdentity *
tea_identity_new_ephemeral (void)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;
  g_auto (gnutls_x509_crt_t) certificate = NULL;
  g_autoptr (GError) error = NULL;
  TeaIdentity *self = NULL;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_crt_init (&certificate);
  if (make_key (certificate, key, &error))
    self = new_from_key (certificate, key, &error);

  if (self == NULL)
    g_error ("Could not make a key: %s", error->message);

  return self;
}

/**
 * tea_identity_get_fingerprint:
 * @self: an identity
 *
 * Returns: (transfer none): the fingerprint of the public key
 */
const char *
tea_identity_get_fingerprint (TeaIdentity *self)
{
  g_return_val_if_fail (TEA_IS_IDENTITY (self), NULL);

  return self->fingerprint;
}

/**
 * tea_identity_get_credentials:
 * @self: an identity
 *
 * Returns: what GnuTLS needs to speak as this one
 */
gnutls_certificate_credentials_t
tea_identity_get_credentials (TeaIdentity *self)
{
  g_return_val_if_fail (TEA_IS_IDENTITY (self), NULL);

  return self->credentials;
}

/**
 * tea_identity_sign:
 * @self: an identity
 * @data: what to sign; nothing that this key signs for DTLS may look like it
 *
 * Returns: (transfer full) (nullable): a signature, ECDSA with SHA-256
 */
GBytes *
tea_identity_sign (TeaIdentity *self, const gnutls_datum_t *data)
{
  gnutls_datum_t signature = { NULL };

  g_return_val_if_fail (TEA_IS_IDENTITY (self), NULL);

  if (gnutls_privkey_sign_data2 (self->key, GNUTLS_SIGN_ECDSA_SHA256, 0, data, &signature) < 0)
    return NULL;

  return g_bytes_new_with_free_func (signature.data, signature.size, gnutls_free, signature.data);
}

/**
 * tea_identity_derive_secret:
 * @self: an identity
 * @salt: a secret beside the identity's own
 * @secret: (out caller-allocates) (array fixed-size=64): what both make together
 *
 * Makes a secret that only those know who know the key and @salt.
 *
 * Returns: whether that was possible
 */
gboolean
tea_identity_derive_secret (TeaIdentity *self, GBytes *salt, guint8 *secret)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;
  gnutls_datum_t text = { NULL };
  gsize size;
  const void *data;
  int result;

  g_return_val_if_fail (TEA_IS_IDENTITY (self), FALSE);
  g_return_val_if_fail (salt != NULL, FALSE);

  if (gnutls_privkey_export_x509 (self->key, &key) < 0
      || gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_DER, &text) < 0)
    return FALSE;

  data = g_bytes_get_data (salt, &size);
  result = gnutls_hmac_fast (GNUTLS_MAC_SHA512, data, size, text.data, text.size, secret);
  gnutls_memset (text.data, 0, text.size);
  gnutls_free (text.data);

  return result >= 0;
}

/**
 * tea_identity_fingerprint_certificate:
 * @certificate: a certificate
 *
 * Returns: (transfer full) (nullable): the fingerprint of the key in it
 */
char *
tea_identity_fingerprint_certificate (gnutls_x509_crt_t certificate)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];
  size_t size = sizeof digest;

  if (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, digest, &size) < 0
      || size != sizeof digest)
    return NULL;

  return tea_fingerprint_from_bytes (digest);
}
