/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fingerprint.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-text.h"

#define PREFIX "SHA256:"
/* 32 bytes make 43 characters of base64 and one "=", which is left away. */
#define BASE64_LENGTH 43

/**
 * tea_fingerprint_from_bytes:
 * @digest: (array fixed-size=32): the SHA-256 digest of a public key
 *
 * Writes the fingerprint of a key as SSH does: `SHA256:` and base64 without padding.
 * That is its form wherever it is a text; two fingerprints are the same when their texts
 * are.
 *
 * Returns: (transfer full): the fingerprint
 */
char *
tea_fingerprint_from_bytes (const guint8 *digest)
{
  g_autofree char *base64 = NULL;

  g_return_val_if_fail (digest != NULL, NULL);

  base64 = g_base64_encode (digest, TEA_FINGERPRINT_SIZE);
  base64[BASE64_LENGTH] = '\0';

  return g_strconcat (PREFIX, base64, NULL);
}

/**
 * tea_fingerprint_to_bytes:
 * @fingerprint: a text
 * @digest: (out caller-allocates) (array fixed-size=32): where to put the digest
 *
 * Reads a fingerprint in the form of [func@Tea.fingerprint_from_bytes].
 *
 * Returns: whether it is one
 */
gboolean
tea_fingerprint_to_bytes (const char *fingerprint, guint8 *digest)
{
  g_autofree char *padded = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *again = NULL;
  gsize size;

  g_return_val_if_fail (fingerprint != NULL, FALSE);
  g_return_val_if_fail (digest != NULL, FALSE);

  if (!g_str_has_prefix (fingerprint, PREFIX)
      || strlen (fingerprint) != strlen (PREFIX) + BASE64_LENGTH)
    return FALSE;

  padded = g_strconcat (fingerprint + strlen (PREFIX), "=", NULL);
  bytes = g_base64_decode (padded, &size);
  if (size != TEA_FINGERPRINT_SIZE)
    return FALSE;

  /* GLib passes over what is not base64; the one true form is what we write. */
  again = tea_fingerprint_from_bytes (bytes);
  if (strcmp (again, fingerprint) != 0)
    return FALSE;

  memcpy (digest, bytes, TEA_FINGERPRINT_SIZE);

  return TRUE;
}

/**
 * tea_fingerprint_parse:
 * @text: a fingerprint as it may be typed or linked: with or without `SHA256:`, in
 *   base64 or in its form for links (RFC 4648, section 5), with or without padding
 * @error: return location for a #GError
 *
 * Reads a fingerprint.
 *
 * Returns: (transfer full): the fingerprint in its one form, or %NULL with @error set to
 *   %TEA_ERROR_ADDRESS_INVALID
 */
char *
tea_fingerprint_parse (const char *text, GError **error)
{
  g_autofree char *fingerprint = NULL;
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_return_val_if_fail (text != NULL, NULL);

  fingerprint
      = g_strconcat (PREFIX, g_str_has_prefix (text, PREFIX) ? text + strlen (PREFIX) : text, NULL);
  g_strdelimit (fingerprint + strlen (PREFIX), "-", '+');
  g_strdelimit (fingerprint + strlen (PREFIX), "_", '/');
  if (g_str_has_suffix (fingerprint, "="))
    fingerprint[strlen (fingerprint) - 1] = '\0';

  if (!tea_fingerprint_to_bytes (fingerprint, digest))
    {
      tea_text_set_error (
          error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
          _ ("“%s” is not a fingerprint. It should look like SHA256:, followed by 43 "
             "letters, digits and signs."),
          text);
      return NULL;
    }

  return g_steal_pointer (&fingerprint);
}
