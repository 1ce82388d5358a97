/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What any server over UDP has to do at least: it takes texts and sends them to everybody who
 * said hello. It stores nothing, repeats nothing and knows nobody. Without an argument, each text
 * is a datagram in the clear; with "sealed", the texts that came together share datagrams, which
 * are encrypted for each guest. It prints its port. */

#include <errno.h>
#include <locale.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/crypto.h>

#include "crowd.h"
#include "crowd-floor.h"

#define N_RECEIVED 64
#define N_SENT 64
#define TEXT_SIZE (FLOOR_HEAD_SIZE + CROWD_TEXT_SIZE)
#define PLAIN_SIZE (FLOOR_DATAGRAM_SIZE - FLOOR_NUMBER_SIZE - FLOOR_TAG_SIZE)

typedef struct
{
  struct sockaddr_in address;
  gnutls_aead_cipher_hd_t sealer;
  guint64 number;
} Recipient;

typedef struct
{
  int socket;
  gboolean seals;
  GArray *recipients;
  GByteArray *texts;

  guint8 datagrams[N_SENT][FLOOR_DATAGRAM_SIZE];
  struct iovec vectors[N_SENT];
  struct mmsghdr messages[N_SENT];
  guint n_messages;
} Floor;

static void
flush (Floor *self)
{
  guint n_sent = 0;

  while (n_sent < self->n_messages)
    {
      int n = sendmmsg (self->socket, self->messages + n_sent, self->n_messages - n_sent, 0);

      n_sent += n > 0 ? (guint) n : 1;
    }
  self->n_messages = 0;
}

static void
add (Floor *self, Recipient *recipient, guint8 *data, gsize size)
{
  guint i = self->n_messages;
  guint8 nonce[FLOOR_NONCE_SIZE] = { 0 };
  gsize sealed = FLOOR_DATAGRAM_SIZE - FLOOR_NUMBER_SIZE;

  self->vectors[i] = (struct iovec){ data, size };
  if (self->seals)
    {
      recipient->number++;
      memcpy (nonce, &recipient->number, FLOOR_NUMBER_SIZE);
      memcpy (self->datagrams[i], nonce, FLOOR_NUMBER_SIZE);
      gnutls_aead_cipher_encrypt (recipient->sealer, nonce, sizeof nonce, NULL, 0, FLOOR_TAG_SIZE,
                                  data, size, self->datagrams[i] + FLOOR_NUMBER_SIZE, &sealed);
      self->vectors[i] = (struct iovec){ self->datagrams[i], FLOOR_NUMBER_SIZE + sealed };
    }
  self->messages[i].msg_hdr = (struct msghdr){
    .msg_name = &recipient->address,
    .msg_namelen = sizeof recipient->address,
    .msg_iov = &self->vectors[i],
    .msg_iovlen = 1,
  };
  if (++self->n_messages == N_SENT)
    flush (self);
}

static void
tell_everybody (Floor *self)
{
  gsize step = self->seals ? PLAIN_SIZE / TEXT_SIZE * TEXT_SIZE : TEXT_SIZE;

  for (guint i = 0; i < self->recipients->len; i++)
    for (gsize place = 0; place < self->texts->len; place += step)
      add (self, &g_array_index (self->recipients, Recipient, i), self->texts->data + place,
           MIN (step, self->texts->len - place));
  flush (self);
  g_byte_array_set_size (self->texts, 0);
}

static void
take_hello (Floor *self, const struct sockaddr_in *address)
{
  static guint8 key[FLOOR_KEY_SIZE];
  const gnutls_datum_t datum = { key, sizeof key };
  Recipient recipient = { .address = *address };

  sendto (self->socket, "h", 1, 0, (const struct sockaddr *) address, sizeof *address);
  for (guint i = 0; i < self->recipients->len; i++)
    if (g_array_index (self->recipients, Recipient, i).address.sin_port == address->sin_port)
      return;
  if (self->seals)
    gnutls_aead_cipher_init (&recipient.sealer, GNUTLS_CIPHER_AES_128_GCM, &datum);
  g_array_append_val (self->recipients, recipient);
}

int
main (int argc, char **argv)
{
  static Floor self;
  static guint8 buffers[N_RECEIVED][FLOOR_DATAGRAM_SIZE];
  static struct sockaddr_in addresses[N_RECEIVED];
  static struct iovec vectors[N_RECEIVED];
  static struct mmsghdr messages[N_RECEIVED];
  struct sockaddr_in address
      = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int n_received = 0;

  self.seals = argc > 1 && strcmp (argv[1], "sealed") == 0;
  self.socket = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  self.recipients = g_array_new (FALSE, FALSE, sizeof (Recipient));
  self.texts = g_byte_array_new ();
  if (bind (self.socket, (struct sockaddr *) &address, size) < 0
      || getsockname (self.socket, (struct sockaddr *) &address, &size) < 0)
    g_error ("There is no socket: %s", g_strerror (errno));
  printf ("%u\n", ntohs (address.sin_port));
  fflush (stdout);

  while (n_received >= 0 || errno == EINTR || errno == ECONNREFUSED)
    {
      for (guint i = 0; i < N_RECEIVED; i++)
        {
          vectors[i] = (struct iovec){ buffers[i], sizeof buffers[i] };
          messages[i].msg_hdr = (struct msghdr){ .msg_name = &addresses[i],
                                                 .msg_namelen = sizeof addresses[i],
                                                 .msg_iov = &vectors[i],
                                                 .msg_iovlen = 1 };
        }
      n_received = recvmmsg (self.socket, messages, N_RECEIVED, MSG_WAITFORONE, NULL);
      for (int i = 0; i < n_received; i++)
        if (messages[i].msg_len == 1)
          take_hello (&self, &addresses[i]);
        else
          g_byte_array_append (self.texts, buffers[i], messages[i].msg_len);
      tell_everybody (&self);
    }

  return 0;
}
