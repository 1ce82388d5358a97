/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-tempo.h"

struct _TeaTempo
{
  TeaClock *clock;  /* (owned) */
  GHashTable *last; /* (element-type utf8 gint64): when they said something, in µs */
  gint64 swept;     /* when those were forgotten for whom it is of no account, in µs */
};

/**
 * tea_tempo_new: (skip)
 * @clock: by which clock
 *
 * Returns: (transfer full): a tempo of nobody yet
 */
TeaTempo *
tea_tempo_new (TeaClock *clock)
{
  TeaTempo *self = NULL;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaTempo, 1);
  self->clock = g_object_ref (clock);
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

/**
 * tea_tempo_free: (skip)
 * @self: (transfer full): a tempo
 *
 * Frees it.
 */
void
tea_tempo_free (TeaTempo *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->last);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_tempo_get_wait: (skip)
 * @self: a tempo
 * @who: a member
 * @interval: how long is to be between two messages, in µs
 *
 * Returns: how long they have to wait yet, in µs; 0 where they may speak
 */
gint64
tea_tempo_get_wait (TeaTempo *self, const char *who, gint64 interval)
{
  const gint64 *last = NULL;
  gint64 wait = 0;

  g_return_val_if_fail (self != NULL && who != NULL, 0);

  last = g_hash_table_lookup (self->last, who);
  if (last != NULL)
    wait = *last + interval - tea_clock_get_time (self->clock);

  return MAX (wait, 0);
}

static gboolean
is_before (gpointer who, gpointer last, gpointer limit)
{
  return *(gint64 *) last <= *(gint64 *) limit;
}

/**
 * tea_tempo_note: (skip)
 * @self: a tempo
 * @who: a member who says something
 * @interval: how long is to be between two messages, in µs
 *
 * Lets them wait from now on.
 */
void
tea_tempo_note (TeaTempo *self, const char *who, gint64 interval)
{
  gint64 now;

  g_return_if_fail (self != NULL && who != NULL);

  now = tea_clock_get_time (self->clock);
  if (now - self->swept >= interval)
    {
      gint64 limit = now - interval;

      g_hash_table_foreach_remove (self->last, is_before, &limit);
      self->swept = now;
    }
  g_hash_table_replace (self->last, g_strdup (who), g_memdup2 (&now, sizeof now));
}

/**
 * tea_tempo_take_back: (skip)
 * @self: a tempo
 * @who: a member
 *
 * Lets them speak again: what they said was not stored.
 */
void
tea_tempo_take_back (TeaTempo *self, const char *who)
{
  g_return_if_fail (self != NULL && who != NULL);

  g_hash_table_remove (self->last, who);
}
