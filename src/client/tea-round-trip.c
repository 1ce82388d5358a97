/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-round-trip.h"

/* What is not answered is repeated after two and a half times the way there, at the
 * earliest after so long. */
#define SHORTEST (20 * G_TIME_SPAN_MILLISECOND)
#define LONGEST (1 * G_TIME_SPAN_SECOND)
/* For how long a network is bad on which something got lost. */
#define LOSSY_TIME (10 * G_TIME_SPAN_MINUTE)

/**
 * tea_round_trip_add:
 * @self: what is known
 * @time: how long it took once, in µs
 *
 * Adds a measurement.
 */
void
tea_round_trip_add (TeaRoundTrip *self, gint64 time)
{
  g_return_if_fail (self != NULL);

  time = MAX (time, 1);
  self->smoothed = self->smoothed == 0 ? time : (7 * self->smoothed + time) / 8;
}

/**
 * tea_round_trip_note_loss:
 * @self: what is known
 * @now: what time it is, in µs
 *
 * Takes note that something got lost.
 */
void
tea_round_trip_note_loss (TeaRoundTrip *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  self->lossy_until = now + LOSSY_TIME;
}

/**
 * tea_round_trip_is_lossy:
 * @self: what is known
 * @now: what time it is, in µs
 *
 * Returns: whether something got lost within ten minutes
 */
gboolean
tea_round_trip_is_lossy (const TeaRoundTrip *self, gint64 now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return now < self->lossy_until;
}

/**
 * tea_round_trip_get_time:
 * @self: what is known
 *
 * Returns: how long it takes, in µs; 0 before anything is known
 */
gint64
tea_round_trip_get_time (const TeaRoundTrip *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->smoothed;
}

/**
 * tea_round_trip_get_patience:
 * @self: what is known
 *
 * Returns: how long to wait for an answer before asking again, in µs
 */
gint64
tea_round_trip_get_patience (const TeaRoundTrip *self)
{
  g_return_val_if_fail (self != NULL, SHORTEST);

  return CLAMP (self->smoothed * 5 / 4, SHORTEST, LONGEST);
}

/**
 * tea_round_trip_get_next_patience:
 * @patience: how long was waited in vain, in µs
 *
 * Returns: how long to wait then
 */
gint64
tea_round_trip_get_next_patience (gint64 patience)
{
  return MIN (patience * 3 / 2, LONGEST);
}
