/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-pace.h"

/**
 * tea_pace_init: (skip)
 * @self: a pace
 * @per_second: how many things a second are not too quick
 * @at_once: how many at once
 *
 * Begins to count.
 */
void
tea_pace_init (TeaPace *self, double per_second, double at_once)
{
  g_return_if_fail (self != NULL);

  *self = (TeaPace){ 0 };
  tea_token_bucket_init (&self->bucket, per_second, at_once);
}

/**
 * tea_pace_is_quick: (skip)
 * @self: a pace
 * @now: what time it is, in µs
 *
 * Takes note of one more thing.
 *
 * Returns: whether they come too quickly
 */
gboolean
tea_pace_is_quick (TeaPace *self, gint64 now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!tea_token_bucket_take (&self->bucket, now, 1))
    self->is_quick = TRUE;
  else if (self->is_quick
           && tea_token_bucket_get_wait (&self->bucket, now, self->bucket.most / 2) == 0)
    self->is_quick = FALSE;

  return self->is_quick;
}
