/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-network-ration.h"

#include "tea-inet-address.h"
#include "tea-token-bucket.h"

#define N_ADDRESSES 4096
#define N_NETWORKS 1024

struct _TeaNetworkRation
{
  TeaClock *clock; /* (owned) */
  guint32 secret;  /* so that nobody can choose whose place they share */
  TeaNetworkRate address_rate;
  TeaNetworkRate network_rate;
  TeaTokenBucket addresses[N_ADDRESSES]; /* all zero before they are used */
  TeaTokenBucket networks[N_NETWORKS];
  TeaTokenBucket all;
};

/* The buckets that something is taken from. */
typedef struct
{
  TeaTokenBucket *buckets[3];
  gint64 now;
} Place;

/* Most are never used: they take neither time nor memory. */
static TeaTokenBucket *
get_bucket (TeaTokenBucket *bucket, const TeaNetworkRate *rate)
{
  if (bucket->most <= 0)
    tea_token_bucket_init (bucket, rate->per_second, rate->most);

  return bucket;
}

/* Jenkins's one-at-a-time hash, with a secret beginning. */
static guint32
hash (const TeaNetworkRation *self, guint64 network)
{
  guint32 value = self->secret;

  for (guint i = 0; i < sizeof network; i++)
    {
      value += (network >> (8 * i)) & 0xff;
      value += value << 10;
      value ^= value >> 6;
    }
  value += value << 3;
  value ^= value >> 11;
  value += value << 15;

  return value;
}

static Place
find (TeaNetworkRation *self, GInetAddress *address)
{
  guint32 narrow = hash (self, tea_inet_address_get_network (address, TEA_NETWORK_NARROW));
  guint32 wide = hash (self, tea_inet_address_get_network (address, TEA_NETWORK_WIDE));

  return (Place){
    .buckets = { get_bucket (&self->addresses[narrow % N_ADDRESSES], &self->address_rate),
                 get_bucket (&self->networks[wide % N_NETWORKS], &self->network_rate), &self->all },
    .now = tea_clock_get_time (self->clock),
  };
}

/**
 * tea_network_ration_new: (skip)
 * @clock: by which clock there is more again
 * @address: what one address may have
 * @network: what the network around it may have
 * @all: what all may have together
 *
 * Returns: (transfer full): a ration of which nobody has had anything
 */
TeaNetworkRation *
tea_network_ration_new (TeaClock *clock,
                        const TeaNetworkRate *address,
                        const TeaNetworkRate *network,
                        const TeaNetworkRate *all)
{
  TeaNetworkRation *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (address != NULL && network != NULL && all != NULL, NULL);

  self = g_new0 (TeaNetworkRation, 1);
  self->clock = g_object_ref (clock);
  self->secret = g_random_int ();
  self->address_rate = *address;
  self->network_rate = *network;
  tea_token_bucket_init (&self->all, all->per_second, all->most);

  return self;
}

/**
 * tea_network_ration_free: (skip)
 * @self: (transfer full): a ration
 *
 * Frees it.
 */
void
tea_network_ration_free (TeaNetworkRation *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_network_ration_get_wait: (skip)
 * @self: a ration
 * @address: who wants something
 * @amount: how much
 *
 * Returns: for how many µs there is not enough; 0 where there is
 */
gint64
tea_network_ration_get_wait (TeaNetworkRation *self, GInetAddress *address, double amount)
{
  gint64 wait = 0;
  Place place;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), 0);

  if (g_inet_address_get_is_loopback (address))
    return 0;

  place = find (self, address);
  for (guint i = 0; i < G_N_ELEMENTS (place.buckets); i++)
    wait = MAX (wait, tea_token_bucket_get_wait (place.buckets[i], place.now, amount));

  return wait;
}

/**
 * tea_network_ration_take: (skip)
 * @self: a ration
 * @address: who wants something
 * @amount: how much
 *
 * Takes something, if there is enough.
 *
 * Returns: 0; or for how many µs there is not enough yet, and nothing was taken
 */
gint64
tea_network_ration_take (TeaNetworkRation *self, GInetAddress *address, double amount)
{
  gint64 wait = tea_network_ration_get_wait (self, address, amount);

  if (wait == 0)
    tea_network_ration_charge (self, address, amount);

  return wait;
}

/**
 * tea_network_ration_charge: (skip)
 * @self: a ration
 * @address: who has had something
 * @amount: how much
 *
 * Takes something, even if there is not enough.
 */
void
tea_network_ration_charge (TeaNetworkRation *self, GInetAddress *address, double amount)
{
  Place place;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_ADDRESS (address));

  if (g_inet_address_get_is_loopback (address))
    return;

  place = find (self, address);
  for (guint i = 0; i < G_N_ELEMENTS (place.buckets); i++)
    tea_token_bucket_charge (place.buckets[i], place.now, amount);
}
