/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What sends a frame; it takes the frame. */
typedef void (*TeaFrameFunc) (GBytes *frame, gpointer user_data);

/**
 * TeaRoundTrip:
 *
 * How long it takes to the server and back, and whether much gets lost on the way, as far as is
 * known.
 */
typedef struct
{
  /*< private >*/
  gint64 smoothed;    /* µs; 0 before anything is known */
  gint64 lossy_until; /* something got lost of late */
} TeaRoundTrip;

void tea_round_trip_add (TeaRoundTrip *self, gint64 time);
void tea_round_trip_note_loss (TeaRoundTrip *self, gint64 now);
gboolean tea_round_trip_is_lossy (const TeaRoundTrip *self, gint64 now);
gint64 tea_round_trip_get_time (const TeaRoundTrip *self);
gint64 tea_round_trip_get_patience (const TeaRoundTrip *self);
gint64 tea_round_trip_get_next_patience (gint64 patience);

G_END_DECLS
