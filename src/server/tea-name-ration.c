/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-ration.h"

#include "tea-inet-address.h"
#include "tea-token-bucket.h"

#define PER_SECOND ((double) TEA_NAME_RATION_PER_DAY * G_TIME_SPAN_SECOND / G_TIME_SPAN_DAY)

/* So many networks are remembered; beyond that the one that has had least is forgotten, as
 * it has least to gain by that. */
#define MAX_NETWORKS 4096

struct _TeaNameRation
{
  TeaClock *clock;      /* (owned) */
  GHashTable *networks; /* (element-type utf8 TeaTokenBucket) */
};

/**
 * tea_name_ration_new:
 * @clock: by which clock there is more again
 *
 * Returns: (transfer full): a ration of which nobody has had anything
 */
TeaNameRation *
tea_name_ration_new (TeaClock *clock)
{
  TeaNameRation *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaNameRation, 1);
  self->clock = g_object_ref (clock);
  self->networks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

/**
 * tea_name_ration_free:
 * @self: (transfer full): a ration
 *
 * Frees it.
 */
void
tea_name_ration_free (TeaNameRation *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->networks);
  g_object_unref (self->clock);
  g_free (self);
}

/* Whoever could have all of it again has not had anything. */
static void
forget_some (TeaNameRation *self, gint64 now)
{
  const char *least = NULL;
  gint64 shortest = G_MAXINT64;
  GHashTableIter iter;
  gpointer network;
  gpointer bucket;

  g_hash_table_iter_init (&iter, self->networks);
  while (g_hash_table_iter_next (&iter, &network, &bucket))
    {
      gint64 wait = tea_token_bucket_get_wait (bucket, now, TEA_NAME_RATION_BURST);

      if (wait == 0)
        g_hash_table_iter_remove (&iter);
      else if (wait < shortest)
        {
          shortest = wait;
          least = network;
        }
    }

  if (g_hash_table_size (self->networks) >= MAX_NETWORKS)
    g_hash_table_remove (self->networks, least);
}

/**
 * tea_name_ration_take:
 * @self: a ration
 * @address: the IP address that somebody speaks from
 *
 * Takes a new name for whoever comes from there.
 *
 * Returns: whether their network can have it
 */
gboolean
tea_name_ration_take (TeaNameRation *self, const char *address)
{
  g_autoptr (GInetAddress) parsed = NULL;
  g_autofree char *network = NULL;
  TeaTokenBucket *bucket;
  gint64 now;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  parsed = g_inet_address_new_from_string (address);
  network = parsed != NULL ? tea_inet_address_to_network (parsed) : g_strdup (address);
  now = tea_clock_get_time (self->clock);
  bucket = g_hash_table_lookup (self->networks, network);
  if (bucket == NULL)
    {
      if (g_hash_table_size (self->networks) >= MAX_NETWORKS)
        forget_some (self, now);

      bucket = g_new (TeaTokenBucket, 1);
      tea_token_bucket_init (bucket, PER_SECOND, TEA_NAME_RATION_BURST);
      g_hash_table_insert (self->networks, g_steal_pointer (&network), bucket);
    }

  return tea_token_bucket_take (bucket, now, 1);
}
