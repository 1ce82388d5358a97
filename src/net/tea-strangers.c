/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-strangers.h"

/* So many can wait, with so many bytes: what is done in some thirty milliseconds. */
#define N_MAX 4096
#define BYTES_MAX (4 * 1024 * 1024)

/* From so many on, which is more than a LAN party sends at once, a network may have no more than
 * so many among them. Networks that share a number share that, too; which do is secret. */
#define N_CROWDED 2048
#define N_OF_NETWORK 128
#define N_NUMBERS 4096

struct _TeaStrangers
{
  GQueue waiting; /* (element-type Stranger) */
  gsize n_bytes;
  guint64 secret;
  guint16 counts[N_NUMBERS];
};

typedef struct
{
  guint number;
  GInetSocketAddress *address; /* (owned) */
  GBytes *datagram;            /* (owned) */
} Stranger;

static guint
get_number (TeaStrangers *self, guint64 network)
{
  /* Multiplicative hashing: the upper bits depend on all. */
  return (guint) (((network ^ self->secret) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 52)
         % N_NUMBERS;
}

static void
stranger_free (Stranger *stranger)
{
  g_object_unref (stranger->address);
  g_bytes_unref (stranger->datagram);
  g_free (stranger);
}

/**
 * tea_strangers_new: (skip)
 *
 * Returns: (transfer full): a queue in which nobody waits
 */
TeaStrangers *
tea_strangers_new (void)
{
  TeaStrangers *self = g_new0 (TeaStrangers, 1);

  g_queue_init (&self->waiting);
  self->secret = (guint64) g_random_int () << 32 | g_random_int ();

  return self;
}

/**
 * tea_strangers_free: (skip)
 * @self: (transfer full): strangers
 *
 * Forgets them all.
 */
void
tea_strangers_free (TeaStrangers *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->waiting, (GDestroyNotify) stranger_free);
  g_free (self);
}

/**
 * tea_strangers_may_wait: (skip)
 * @self: strangers
 * @network: from which network one more comes
 * @size: how many bytes
 *
 * Returns: whether there is room for it
 */
gboolean
tea_strangers_may_wait (TeaStrangers *self, guint64 network, gsize size)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->waiting.length >= N_MAX || self->n_bytes + size > BYTES_MAX)
    return FALSE;

  return self->waiting.length < N_CROWDED
         || self->counts[get_number (self, network)] < N_OF_NETWORK;
}

/**
 * tea_strangers_push: (skip)
 * @self: strangers
 * @network: from which network one more comes
 * @address: from where exactly
 * @datagram: what came
 *
 * Lets a datagram wait.
 */
void
tea_strangers_push (TeaStrangers *self,
                    guint64 network,
                    GInetSocketAddress *address,
                    GBytes *datagram)
{
  Stranger *stranger;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));
  g_return_if_fail (datagram != NULL);

  stranger = g_new (Stranger, 1);
  *stranger
      = (Stranger){ get_number (self, network), g_object_ref (address), g_bytes_ref (datagram) };
  self->counts[stranger->number]++;
  self->n_bytes += g_bytes_get_size (datagram);
  g_queue_push_tail (&self->waiting, stranger);
}

/**
 * tea_strangers_pop: (skip)
 * @self: strangers
 * @address: (out) (transfer full): from where it came
 * @datagram: (out) (transfer full): what came
 *
 * Takes the datagram that has waited longest.
 *
 * Returns: whether there was one
 */
gboolean
tea_strangers_pop (TeaStrangers *self, GInetSocketAddress **address, GBytes **datagram)
{
  g_autofree Stranger *stranger = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (address != NULL && datagram != NULL, FALSE);

  stranger = g_queue_pop_head (&self->waiting);
  if (stranger == NULL)
    return FALSE;

  self->counts[stranger->number]--;
  self->n_bytes -= g_bytes_get_size (stranger->datagram);
  *address = stranger->address;
  *datagram = stranger->datagram;

  return TRUE;
}

/**
 * tea_strangers_get_n: (skip)
 * @self: strangers
 *
 * Returns: how many datagrams wait
 */
guint
tea_strangers_get_n (TeaStrangers *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->waiting.length;
}
