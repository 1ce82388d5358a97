/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-heartbeat.h"

#include "tea-frame-encode.h"
#include "tea-frame.h"

/* After so long a silence the other side is asked, then again and again, and after so long
 * without a word it is not there any more. */
#define SILENCE (2500 * G_TIME_SPAN_MILLISECOND)
/* Whoever hears enough still has to be heard from. */
#define INTERVAL (5 * G_TIME_SPAN_SECOND)
#define ASK_AGAIN (250 * G_TIME_SPAN_MILLISECOND)
#define DEATH (3 * G_TIME_SPAN_SECOND)
/* Where somebody says that the other side knows nothing of us, it is asked so often, and if
 * that is all the answer there is after so long, it is true. */
#define ASK_DOUBTED (100 * G_TIME_SPAN_MILLISECOND)
#define DOUBT (300 * G_TIME_SPAN_MILLISECOND)
#define DOUBT_ROUND_TRIPS 4
/* What is said after so long a silence shows whether anybody is there, too. */
#define HUSH (1 * G_TIME_SPAN_SECOND)
#define N_PINGS 32

struct _TeaHeartbeat
{
  TeaClock *clock; /* (owned) */
  TeaRoundTrip *round_trip;
  TeaFrameFunc send;
  void (*dead) (gpointer user_data);
  gpointer user_data;

  TeaTimer *timer;  /* (owned) */
  gint64 heard;     /* when anything came */
  gint64 asked;     /* when it was first asked since then; 0 when it was not */
  gint64 pinged;    /* when it was last asked */
  gint64 doubted;   /* when it was first said since then to know nothing of us; 0 if it was not */
  gulong jumped_id; /* 0 while it does not watch */

  guint64 token;
  gint64 pings[N_PINGS]; /* when the latest were sent, by their tokens */
};

static void
ping (TeaHeartbeat *self)
{
  self->token++;
  self->pinged = tea_clock_get_time (self->clock);
  self->pings[self->token % N_PINGS] = self->pinged;
  self->send (tea_frame_encode_ping (self->token), self->user_data);
}

static void
beat_cb (gpointer user_data)
{
  TeaHeartbeat *self = user_data;
  gint64 now = tea_clock_get_time (self->clock);

  if (self->asked == 0 && now - self->heard >= SILENCE)
    self->asked = now;

  if (self->asked == 0)
    {
      if (now - self->pinged >= INTERVAL)
        ping (self);
      tea_timer_set_at (self->timer, MIN (self->heard + SILENCE, self->pinged + INTERVAL));
    }
  else if (now - self->asked >= DEATH)
    {
      self->dead (self->user_data);
    }
  else
    {
      gint64 wait = self->doubted != 0 ? ASK_DOUBTED : ASK_AGAIN;

      ping (self);
      tea_timer_set (self->timer, MAX (wait, tea_round_trip_get_patience (self->round_trip)));
    }
}

/**
 * tea_heartbeat_new:
 * @clock: by which clock
 * @round_trip: where to put how long answers take; it has to stay
 * @send: how to send a frame
 * @dead: called when the other side is not there any more
 * @user_data: for both
 *
 * Returns: (transfer full): a heartbeat that does not watch yet
 */
TeaHeartbeat *
tea_heartbeat_new (TeaClock *clock,
                   TeaRoundTrip *round_trip,
                   TeaFrameFunc send,
                   void (*dead) (gpointer user_data),
                   gpointer user_data)
{
  TeaHeartbeat *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (round_trip != NULL, NULL);

  self = g_new0 (TeaHeartbeat, 1);
  self->clock = g_object_ref (clock);
  self->round_trip = round_trip;
  self->send = send;
  self->dead = dead;
  self->user_data = user_data;
  self->timer = tea_timer_new (clock, beat_cb, self);

  return self;
}

/**
 * tea_heartbeat_free:
 * @self: (transfer full): a heartbeat
 *
 * Frees a heartbeat.
 */
void
tea_heartbeat_free (TeaHeartbeat *self)
{
  g_return_if_fail (self != NULL);

  tea_heartbeat_stop (self);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_heartbeat_start:
 * @self: a heartbeat
 *
 * The other side is there: begins to watch, and measures how far away it is.
 */
void
tea_heartbeat_start (TeaHeartbeat *self)
{
  g_return_if_fail (self != NULL);

  /* The machine has slept. */
  if (self->jumped_id == 0)
    self->jumped_id
        = g_signal_connect_swapped (self->clock, "jumped", G_CALLBACK (tea_heartbeat_probe), self);
  tea_heartbeat_note_heard (self);
  tea_timer_set (self->timer, SILENCE);
  ping (self);
}

/**
 * tea_heartbeat_stop:
 * @self: a heartbeat
 *
 * Does not watch any more.
 */
void
tea_heartbeat_stop (TeaHeartbeat *self)
{
  g_return_if_fail (self != NULL);

  g_clear_signal_handler (&self->jumped_id, self->clock);
  tea_timer_unset (self->timer);
  memset (self->pings, 0, sizeof self->pings);
}

/**
 * tea_heartbeat_probe:
 * @self: a heartbeat that watches
 *
 * Something has happened that may have cut the connection: asks at once.
 */
void
tea_heartbeat_probe (TeaHeartbeat *self)
{
  g_return_if_fail (self != NULL);

  if (self->asked == 0)
    self->asked = tea_clock_get_time (self->clock);
  tea_timer_set (self->timer, 0);
}

/**
 * tea_heartbeat_note_said:
 * @self: a heartbeat that watches
 *
 * Something is sent that will be answered.
 */
void
tea_heartbeat_note_said (TeaHeartbeat *self)
{
  g_return_if_fail (self != NULL);

  if (self->asked == 0 && tea_clock_get_time (self->clock) - self->heard >= HUSH)
    tea_heartbeat_probe (self);
}

/**
 * tea_heartbeat_note_heard:
 * @self: a heartbeat
 *
 * Something came.
 */
void
tea_heartbeat_note_heard (TeaHeartbeat *self)
{
  g_return_if_fail (self != NULL);

  self->heard = tea_clock_get_time (self->clock);
  self->asked = 0;
  self->doubted = 0;
}

/**
 * tea_heartbeat_note_doubted:
 * @self: a heartbeat that watches
 *
 * Somebody, who may be anybody, says that the other side knows nothing of us: asks it. When
 * the same is said to that for a while and nothing else comes, it is not there any more.
 */
void
tea_heartbeat_note_doubted (TeaHeartbeat *self)
{
  gint64 now;

  g_return_if_fail (self != NULL);

  now = tea_clock_get_time (self->clock);
  if (self->doubted == 0)
    {
      self->doubted = now;
      if (self->asked == 0)
        self->asked = now;
      /* However often it is said, it is not asked more often. */
      tea_timer_set_at (self->timer, MAX (now, self->pinged + ASK_DOUBTED));
    }
  else if (now - self->doubted
           >= MAX (DOUBT, DOUBT_ROUND_TRIPS * tea_round_trip_get_time (self->round_trip)))
    {
      self->dead (self->user_data);
    }
}

/**
 * tea_heartbeat_take_pong:
 * @self: a heartbeat
 * @token: what came with it
 *
 * An answer came.
 */
void
tea_heartbeat_take_pong (TeaHeartbeat *self, guint64 token)
{
  gint64 *sent;

  g_return_if_fail (self != NULL);

  sent = &self->pings[token % N_PINGS];
  if (*sent == 0 || token > self->token || self->token - token >= N_PINGS)
    return;

  tea_round_trip_add (self->round_trip, tea_clock_get_time (self->clock) - *sent);
  *sent = 0;
}
