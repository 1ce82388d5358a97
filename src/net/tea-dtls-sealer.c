/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-sealer.h"

#include <string.h>

#include <gnutls/crypto.h>

/* RFC 6347, section 4.1; RFC 5288, section 3; RFC 7905, section 2. */
#define APPLICATION_DATA 23
#define HEADER_SIZE 13
#define NUMBER_SIZE 8
#define NONCE_SIZE 12
#define TAG_SIZE 16
/* The epoch stands above it. */
#define NUMBER_MAX ((G_GUINT64_CONSTANT (1) << 48) - 1)

struct _TeaDtlsSealer
{
  gnutls_session_t session; /* (unowned) (nullable) */
  gnutls_aead_cipher_hd_t cipher;
  guint8 iv[NONCE_SIZE];
  gsize explicit_size; /* how much of the nonce stands in the record */

  guint64 number;      /* the epoch and the number of the next record */
  gboolean has_number; /* whether we say which is the next, or GnuTLS does */
};

/* The number of a record is never used again: with it the key would be lost. */
static gboolean
take_number (TeaDtlsSealer *self)
{
  guint64 number = 0;

  if (!self->has_number)
    {
      if (gnutls_record_get_state (self->session, 0, NULL, NULL, NULL, (guint8 *) &number) < 0)
        return FALSE;
      self->number = GUINT64_FROM_BE (number);
      self->has_number = TRUE;
    }

  return (self->number & NUMBER_MAX) != NUMBER_MAX;
}

static void
write_size (guint8 *data, gsize size)
{
  data[0] = (guint8) (size >> 8);
  data[1] = (guint8) size;
}

/**
 * tea_dtls_sealer_new_from_state: (skip)
 * @algorithm: AES-128-GCM or ChaCha20-Poly1305
 * @key: the key
 * @iv: the part of the nonce that is in no record: 4 bytes with AES-GCM, else 12
 * @number: the epoch and the number of the first record
 *
 * Returns: (transfer full) (nullable): what seals with a key that belongs to no session of
 *   GnuTLS; %NULL where it cannot
 */
TeaDtlsSealer *
tea_dtls_sealer_new_from_state (gnutls_cipher_algorithm_t algorithm,
                                const gnutls_datum_t *key,
                                const gnutls_datum_t *iv,
                                guint64 number)
{
  TeaDtlsSealer *self;
  gnutls_aead_cipher_hd_t cipher;

  g_return_val_if_fail (key != NULL && iv != NULL, NULL);

  if ((iv->size != NONCE_SIZE && iv->size != NONCE_SIZE - NUMBER_SIZE)
      || gnutls_aead_cipher_init (&cipher, algorithm, key) < 0)
    return NULL;

  self = g_new0 (TeaDtlsSealer, 1);
  self->cipher = cipher;
  memcpy (self->iv, iv->data, iv->size);
  self->explicit_size = NONCE_SIZE - iv->size;
  self->number = number;
  self->has_number = TRUE;

  return self;
}

/**
 * tea_dtls_sealer_new: (skip)
 * @session: (transfer none): a session that has finished its handshake, for as long as this
 *   is there
 *
 * Before GnuTLS itself may send something in @session, tea_dtls_sealer_give_back() is to be
 * called.
 *
 * Returns: (transfer full) (nullable): what seals packets of @session; %NULL where it cannot
 */
TeaDtlsSealer *
tea_dtls_sealer_new (gnutls_session_t session)
{
  TeaDtlsSealer *self;
  gnutls_datum_t key;
  gnutls_datum_t iv;

  g_return_val_if_fail (session != NULL, NULL);

  if (gnutls_record_get_state (session, 0, NULL, &iv, &key, NULL) < 0)
    return NULL;

  self = tea_dtls_sealer_new_from_state (gnutls_cipher_get (session), &key, &iv, 0);
  if (self == NULL)
    return NULL;

  self->session = session;
  self->has_number = FALSE;

  return self;
}

/**
 * tea_dtls_sealer_free: (skip)
 * @self: (transfer full): a sealer
 *
 * Forgets the key.
 */
void
tea_dtls_sealer_free (TeaDtlsSealer *self)
{
  g_return_if_fail (self != NULL);

  gnutls_aead_cipher_deinit (self->cipher);
  gnutls_memset (self->iv, 0, sizeof self->iv);
  g_free (self);
}

/**
 * tea_dtls_sealer_seal: (skip)
 * @self: a sealer
 * @packet: (array length=size): what goes into the record
 * @size: its size
 * @record: where the record goes: @size + %TEA_DTLS_SEALER_OVERHEAD bytes
 *
 * Makes a record, under the next number.
 *
 * Returns: the size of the record; 0 where it could not be sealed
 */
gsize
tea_dtls_sealer_seal (TeaDtlsSealer *self, const guint8 *packet, gsize size, guint8 *record)
{
  guint8 nonce[NONCE_SIZE];
  guint8 authenticated[HEADER_SIZE];
  guint8 *body;
  guint64 number;
  gsize sealed_size = size + TAG_SIZE;

  g_return_val_if_fail (self != NULL, 0);

  if (!take_number (self))
    return 0;

  number = GUINT64_TO_BE (self->number);
  self->number++;

  record[0] = APPLICATION_DATA;
  record[1] = 0xfe;
  record[2] = 0xfd;
  memcpy (record + 3, &number, NUMBER_SIZE);
  write_size (record + 11, self->explicit_size + size + TAG_SIZE);
  body = record + HEADER_SIZE + self->explicit_size;

  memcpy (authenticated, &number, NUMBER_SIZE);
  memcpy (authenticated + NUMBER_SIZE, record, 3);
  write_size (authenticated + 11, size);

  memcpy (nonce, self->iv, NONCE_SIZE);
  for (guint i = 0; i < NUMBER_SIZE; i++)
    nonce[NONCE_SIZE - NUMBER_SIZE + i] ^= ((const guint8 *) &number)[i];
  memcpy (record + HEADER_SIZE, &number, self->explicit_size);

  if (gnutls_aead_cipher_encrypt (self->cipher, nonce, NONCE_SIZE, authenticated,
                                  sizeof authenticated, TAG_SIZE, packet, size, body, &sealed_size)
      < 0)
    return 0;

  return (gsize) (body - record) + sealed_size;
}

/**
 * tea_dtls_sealer_give_back: (skip)
 * @self: the sealer of a session
 *
 * Tells GnuTLS which number is the next; what it uses of them is known when something is
 * sealed again. GnuTLS forgets by that which records have come.
 */
void
tea_dtls_sealer_give_back (TeaDtlsSealer *self)
{
  guint64 number;

  g_return_if_fail (self != NULL && self->session != NULL);

  if (!self->has_number)
    return;

  number = GUINT64_TO_BE (self->number);
  gnutls_record_set_state (self->session, 0, (const guint8 *) &number);
  self->has_number = FALSE;
}
