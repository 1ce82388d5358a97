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
 * How long it takes to the server and back, as far as is known.
 */
typedef struct
{
  /*< private >*/
  gint64 smoothed; /* µs; 0 before anything is known */
} TeaRoundTrip;

void tea_round_trip_add (TeaRoundTrip *self, gint64 time);
gint64 tea_round_trip_get_time (const TeaRoundTrip *self);
gint64 tea_round_trip_get_patience (const TeaRoundTrip *self);
gint64 tea_round_trip_get_next_patience (gint64 patience);

G_END_DECLS
