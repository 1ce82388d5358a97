/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-post.h"

#include "tea-inet-address.h"
#include "tea-network-ration.h"

/* What comes from somewhere counts for so many times as much that goes there, up to the longest
 * message and the names of a full house. */
#define EARNED 3
#define CREDIT_MAX (64 * 1024)

/* So many seconds' worth at once. */
#define BURST 16
/* What the network around an address may have, and all: so many times as much. */
#define NETWORK_FACTOR 64
#define ALL_FACTOR 256

/* Outside the local networks nobody has a friend whom they can ask to stop: an address may have
 * such a part, and its network and all so many times that. */
#define OUTSIDE_PART 8
#define OUTSIDE_NETWORK_FACTOR 8
#define OUTSIDE_ALL_FACTOR 128

/* Where there is nothing but what was earned. */
#define NEXT_TO_NOTHING 1e-9

struct _TeaClassicPost
{
  TeaEndpoint *endpoint;     /* (owned) */
  TeaNetworkRation *local;   /* (owned): bytes */
  TeaNetworkRation *outside; /* (owned) */
};

static TeaNetworkRation *
make_ration (TeaClock *clock, double rate, double network_factor, double all_factor)
{
  const TeaNetworkRate address = { rate, rate * BURST };
  const TeaNetworkRate network = { rate * network_factor, rate * network_factor * BURST };
  const TeaNetworkRate all = { rate * all_factor, rate * all_factor * BURST };

  return tea_network_ration_new (clock, &address, &network, &all);
}

/**
 * tea_classic_post_new: (skip)
 * @endpoint: what to send through
 * @clock: by which clock
 * @bytes_per_second: how many bytes an address may be sent beyond what it has earned
 *
 * Returns: (transfer full): a post
 */
TeaClassicPost *
tea_classic_post_new (TeaEndpoint *endpoint, TeaClock *clock, guint bytes_per_second)
{
  TeaClassicPost *self;

  g_return_val_if_fail (TEA_IS_ENDPOINT (endpoint), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaClassicPost, 1);
  self->endpoint = g_object_ref (endpoint);
  tea_classic_post_set_rate (self, clock, bytes_per_second);

  return self;
}

/**
 * tea_classic_post_set_rate: (skip)
 * @self: a post
 * @clock: by which clock
 * @bytes_per_second: how many bytes an address may be sent beyond what it has earned
 *
 * Sets how much may be sent. Nothing is held against anybody any more.
 */
void
tea_classic_post_set_rate (TeaClassicPost *self, TeaClock *clock, guint bytes_per_second)
{
  double rate = bytes_per_second > 0 ? bytes_per_second : NEXT_TO_NOTHING;

  g_return_if_fail (self != NULL);
  g_return_if_fail (TEA_IS_CLOCK (clock));

  g_clear_pointer (&self->local, tea_network_ration_free);
  g_clear_pointer (&self->outside, tea_network_ration_free);
  self->local = make_ration (clock, rate, NETWORK_FACTOR, ALL_FACTOR);
  self->outside
      = make_ration (clock, rate / OUTSIDE_PART, OUTSIDE_NETWORK_FACTOR, OUTSIDE_ALL_FACTOR);
}

/**
 * tea_classic_post_free: (skip)
 * @self: (transfer full): a post
 *
 * Frees it.
 */
void
tea_classic_post_free (TeaClassicPost *self)
{
  g_return_if_fail (self != NULL);

  tea_network_ration_free (self->local);
  tea_network_ration_free (self->outside);
  g_object_unref (self->endpoint);
  g_free (self);
}

/**
 * tea_classic_post_earn: (skip)
 * @self: a post
 * @credit: (inout): what somebody has earned
 * @size: how many bytes came from them
 *
 * Takes note of what somebody has sent.
 */
void
tea_classic_post_earn (TeaClassicPost *self, gsize *credit, gsize size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (credit != NULL);

  *credit = MIN (*credit + EARNED * size, CREDIT_MAX);
}

/**
 * tea_classic_post_send: (skip)
 * @self: a post
 * @address: to whom
 * @credit: (inout): what they have earned, from which it is taken where there is enough
 * @datagram: what they are to get
 *
 * Sends somebody something, or loses it where they have had too much.
 */
void
tea_classic_post_send (TeaClassicPost *self,
                       GInetSocketAddress *address,
                       gsize *credit,
                       GBytes *datagram)
{
  GInetAddress *inet;
  TeaNetworkRation *ration;
  gsize size;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));
  g_return_if_fail (credit != NULL);
  g_return_if_fail (datagram != NULL);

  inet = g_inet_socket_address_get_address (address);
  ration = tea_inet_address_is_local (address) ? self->local : self->outside;
  size = g_bytes_get_size (datagram);
  if (!g_inet_address_get_is_loopback (inet))
    {
      if (*credit >= size)
        *credit -= size;
      else if (tea_network_ration_take (ration, inet, (double) size) > 0)
        {
          tea_drop_counter_note_from (tea_endpoint_get_drops (self->endpoint),
                                      TEA_DROP_CLASSIC_BYTES, inet);
          return;
        }
    }

  tea_endpoint_send (self->endpoint, address, datagram);
}
