/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-token-bucket.h"

static void
fill (TeaTokenBucket *self, gint64 now)
{
  double earned = (double) (now - self->counted) * self->per_second / (double) G_TIME_SPAN_SECOND;

  self->left = MIN (self->left + earned, self->most);
  self->counted = now;
}

/**
 * tea_token_bucket_init:
 * @self: a bucket
 * @per_second: how much there is more of each second
 * @most: how much there can be, and is at first
 *
 * Fills a bucket.
 */
void
tea_token_bucket_init (TeaTokenBucket *self, double per_second, double most)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (per_second > 0 && most > 0);

  *self = (TeaTokenBucket){ .per_second = per_second, .most = most, .left = most };
}

/**
 * tea_token_bucket_take:
 * @self: a bucket
 * @now: what time it is, in µs
 * @amount: how much is wanted
 *
 * Takes something out, if there is enough.
 *
 * Returns: whether there was
 */
gboolean
tea_token_bucket_take (TeaTokenBucket *self, gint64 now, double amount)
{
  g_return_val_if_fail (self != NULL, FALSE);

  fill (self, now);
  if (self->left < amount)
    return FALSE;

  self->left -= amount;

  return TRUE;
}

/**
 * tea_token_bucket_charge:
 * @self: a bucket
 * @now: what time it is, in µs
 * @amount: how much was had
 *
 * Takes something out, even where there is not enough: it is owed.
 */
void
tea_token_bucket_charge (TeaTokenBucket *self, gint64 now, double amount)
{
  g_return_if_fail (self != NULL);

  fill (self, now);
  self->left -= amount;
}

/**
 * tea_token_bucket_get_wait:
 * @self: a bucket
 * @now: what time it is, in µs
 * @amount: how much is wanted, no more than it can hold
 *
 * Returns: in how many µs there is enough; 0 for now
 */
gint64
tea_token_bucket_get_wait (TeaTokenBucket *self, gint64 now, double amount)
{
  g_return_val_if_fail (self != NULL, 0);

  fill (self, now);
  if (self->left >= amount)
    return 0;

  return 1 + (gint64) ((amount - self->left) * (double) G_TIME_SPAN_SECOND / self->per_second);
}
