/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd-floor.h"

#include <string.h>
#include <sys/socket.h>

#include <gnutls/crypto.h>

#include "crowd.h"

#define N_AT_ONCE 16
#define HELLO_INTERVAL (200 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  Guest parent;

  GByteArray *out;
  gnutls_aead_cipher_hd_t opener; /* (nullable) */
} FloorGuest;

static void
guest_open (Guest *guest)
{
  ((FloorGuest *) guest)->out = g_byte_array_new ();
  send (guest->socket, "h", 1, 0);
  crowd_set_due (guest, guest->crowd->now + HELLO_INTERVAL);
}

static void
guest_open_sealed (Guest *guest)
{
  static guint8 key[FLOOR_KEY_SIZE];
  const gnutls_datum_t datum = { key, sizeof key };

  gnutls_aead_cipher_init (&((FloorGuest *) guest)->opener, GNUTLS_CIPHER_AES_128_GCM, &datum);
  guest_open (guest);
}

static void
read_texts (Guest *guest, const guint8 *bytes, gsize size)
{
  const gsize step = FLOOR_HEAD_SIZE + CROWD_TEXT_SIZE;
  guint sender;
  guint32 number;
  gint64 time;

  for (; size >= step; bytes += step, size -= step)
    if (crowd_read_text ((const char *) bytes + FLOOR_HEAD_SIZE, CROWD_TEXT_SIZE, &sender, &number,
                         &time))
      crowd_heard (guest, sender, number, time);
}

static void
read_datagram (FloorGuest *self, const guint8 *bytes, gsize size)
{
  guint8 nonce[FLOOR_NONCE_SIZE] = { 0 };
  guint8 plain[FLOOR_DATAGRAM_SIZE];
  gsize plain_size = sizeof plain;

  if (size == 1)
    {
      crowd_inside (&self->parent);
      crowd_set_due (&self->parent, CROWD_NEVER);
    }
  else if (self->opener == NULL)
    read_texts (&self->parent, bytes, size);
  else if (size > FLOOR_NUMBER_SIZE)
    {
      memcpy (nonce, bytes, FLOOR_NUMBER_SIZE);
      if (gnutls_aead_cipher_decrypt (self->opener, nonce, sizeof nonce, NULL, 0, FLOOR_TAG_SIZE,
                                      bytes + FLOOR_NUMBER_SIZE, size - FLOOR_NUMBER_SIZE, plain,
                                      &plain_size)
          >= 0)
        read_texts (&self->parent, plain, plain_size);
    }
}

static void
guest_receive (Guest *guest)
{
  static guint8 buffers[N_AT_ONCE][2048];
  struct iovec vectors[N_AT_ONCE];
  struct mmsghdr messages[N_AT_ONCE] = { 0 };
  int n_received;

  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      vectors[i] = (struct iovec){ buffers[i], sizeof buffers[i] };
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  n_received = recvmmsg (guest->socket, messages, N_AT_ONCE, MSG_DONTWAIT, NULL);
  for (int i = 0; i < n_received; i++)
    {
      guest->crowd->count.n_datagrams++;
      guest->crowd->count.n_bytes += messages[i].msg_len;
      read_datagram ((FloorGuest *) guest, buffers[i], messages[i].msg_len);
    }
}

static void
guest_say (Guest *guest, guint32 number, gint64 time, const char *text)
{
  static const guint8 head[FLOOR_HEAD_SIZE];
  FloorGuest *self = (FloorGuest *) guest;

  g_byte_array_append (self->out, head, sizeof head);
  g_byte_array_append (self->out, (const guint8 *) text, CROWD_TEXT_SIZE);
}

static void
guest_flush (Guest *guest)
{
  FloorGuest *self = (FloorGuest *) guest;

  if (self->out->len > 0)
    send (guest->socket, self->out->data, self->out->len, 0);
  g_byte_array_set_size (self->out, 0);
}

static void
guest_expire (Guest *guest)
{
  send (guest->socket, "h", 1, 0);
  crowd_set_due (guest, guest->crowd->now + HELLO_INTERVAL);
}

static void
guest_close (Guest *guest)
{
  FloorGuest *self = (FloorGuest *) guest;

  g_byte_array_unref (self->out);
  g_clear_pointer (&self->opener, gnutls_aead_cipher_deinit);
}

const CrowdProtocol crowd_floor_plain = {
  .name = "floor-plain",
  .guest_size = sizeof (FloorGuest),
  .socket_type = SOCK_DGRAM,
  .open = guest_open,
  .receive = guest_receive,
  .say = guest_say,
  .flush = guest_flush,
  .expire = guest_expire,
  .close = guest_close,
};

const CrowdProtocol crowd_floor_sealed = {
  .name = "floor-sealed",
  .guest_size = sizeof (FloorGuest),
  .socket_type = SOCK_DGRAM,
  .open = guest_open_sealed,
  .receive = guest_receive,
  .say = guest_say,
  .flush = guest_flush,
  .expire = guest_expire,
  .close = guest_close,
};
