/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-network-places.h"

#include "tea-inet-address.h"

struct _TeaNetworkPlaces
{
  guint max[TEA_N_NETWORK_WIDTHS];
  GHashTable *taken[TEA_N_NETWORK_WIDTHS]; /* (element-type guint64 guint): by network */
  guint in_all;
  guint n;
};

static guint
count (TeaNetworkPlaces *self, TeaNetworkWidth width, GInetAddress *address)
{
  guint64 network = tea_inet_address_get_network (address, width);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->taken[width], &network));
}

static void
set_count (TeaNetworkPlaces *self, TeaNetworkWidth width, GInetAddress *address, guint n)
{
  guint64 network = tea_inet_address_get_network (address, width);

  if (n > 0)
    g_hash_table_replace (self->taken[width], g_memdup2 (&network, sizeof network),
                          GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->taken[width], &network);
}

/**
 * tea_network_places_new: (skip)
 * @per_address: how many one address may have
 * @per_network: how many the network around it may have
 * @in_all: how many there are
 *
 * Returns: (transfer full): places, all of them free
 */
TeaNetworkPlaces *
tea_network_places_new (guint per_address, guint per_network, guint in_all)
{
  TeaNetworkPlaces *self = g_new0 (TeaNetworkPlaces, 1);

  tea_network_places_set_max (self, per_address, per_network, in_all);
  for (guint i = 0; i < TEA_N_NETWORK_WIDTHS; i++)
    self->taken[i] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return self;
}

/**
 * tea_network_places_set_max: (skip)
 * @self: places
 * @per_address: how many an address may have
 * @per_network: how many the network around it may have
 * @in_all: how many there are
 *
 * Sets how many places there are. Who has one keeps it.
 */
void
tea_network_places_set_max (TeaNetworkPlaces *self,
                            guint per_address,
                            guint per_network,
                            guint in_all)
{
  g_return_if_fail (self != NULL);

  self->max[TEA_NETWORK_NARROW] = per_address;
  self->max[TEA_NETWORK_WIDE] = per_network;
  self->in_all = in_all;
}

/**
 * tea_network_places_free: (skip)
 * @self: (transfer full): places
 *
 * Frees them.
 */
void
tea_network_places_free (TeaNetworkPlaces *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < TEA_N_NETWORK_WIDTHS; i++)
    g_hash_table_unref (self->taken[i]);
  g_free (self);
}

/**
 * tea_network_places_take: (skip)
 * @self: places
 * @address: who wants one
 *
 * Takes a place.
 *
 * Returns: whether there was one for them
 */
gboolean
tea_network_places_take (TeaNetworkPlaces *self, GInetAddress *address)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  if (self->n >= self->in_all)
    return FALSE;

  for (guint i = 0; i < TEA_N_NETWORK_WIDTHS; i++)
    if (!g_inet_address_get_is_loopback (address) && count (self, i, address) >= self->max[i])
      return FALSE;

  for (guint i = 0; i < TEA_N_NETWORK_WIDTHS; i++)
    set_count (self, i, address, count (self, i, address) + 1);
  self->n++;

  return TRUE;
}

/**
 * tea_network_places_give_back: (skip)
 * @self: places
 * @address: who has taken one
 *
 * Gives a place back.
 */
void
tea_network_places_give_back (TeaNetworkPlaces *self, GInetAddress *address)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_ADDRESS (address));
  g_return_if_fail (count (self, TEA_NETWORK_NARROW, address) > 0);

  for (guint i = 0; i < TEA_N_NETWORK_WIDTHS; i++)
    set_count (self, i, address, count (self, i, address) - 1);
  self->n--;
}

/**
 * tea_network_places_get_n: (skip)
 * @self: places
 *
 * Returns: how many are taken
 */
guint
tea_network_places_get_n (TeaNetworkPlaces *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * tea_network_places_get_n_around: (skip)
 * @self: places
 * @address: an address
 *
 * Returns: how many are taken by the network around it
 */
guint
tea_network_places_get_n_around (TeaNetworkPlaces *self, GInetAddress *address)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), 0);

  return count (self, TEA_NETWORK_WIDE, address);
}
