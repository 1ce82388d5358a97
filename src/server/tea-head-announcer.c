/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-head-announcer.h"

/* Whoever has missed the latest event hears of it after this and, should that get lost
 * as well, after twice as long, and so on: 20, 60, 140, 300 … ms after the event. */
#define FIRST_INTERVAL (20 * G_TIME_SPAN_MILLISECOND)

struct _TeaHeadAnnouncer
{
  TeaTimer *timer; /* (owned) */
  TeaHeadAnnouncerFunc callback;
  gpointer user_data;

  gint64 interval;
  gboolean is_first;
};

static void
due_cb (gpointer user_data)
{
  TeaHeadAnnouncer *self = user_data;
  gboolean is_first = self->is_first;
  gboolean is_steady = self->interval == TEA_HEARTBEAT;

  self->is_first = FALSE;
  self->interval = MIN (self->interval * 2, TEA_HEARTBEAT);
  tea_timer_set (self->timer, self->interval);
  self->callback (is_first, is_steady, self->user_data);
}

/**
 * tea_head_announcer_new:
 * @clock: by which clock
 * @callback: what tells everyone
 * @user_data: for @callback
 *
 * Returns: (transfer full): an announcer that is silent until the first event
 */
TeaHeadAnnouncer *
tea_head_announcer_new (TeaClock *clock, TeaHeadAnnouncerFunc callback, gpointer user_data)
{
  TeaHeadAnnouncer *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (TeaHeadAnnouncer, 1);
  self->timer = tea_timer_new (clock, due_cb, self);
  self->callback = callback;
  self->user_data = user_data;

  return self;
}

/**
 * tea_head_announcer_free:
 * @self: (transfer full): an announcer
 *
 * Frees an announcer.
 */
void
tea_head_announcer_free (TeaHeadAnnouncer *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_free (self->timer);
  g_free (self);
}

/**
 * tea_head_announcer_note_event:
 * @self: an announcer
 *
 * Something has just happened. While events follow each other closely they say
 * themselves where the log ends, and nothing is announced.
 */
void
tea_head_announcer_note_event (TeaHeadAnnouncer *self)
{
  g_return_if_fail (self != NULL);

  self->interval = FIRST_INTERVAL;
  self->is_first = TRUE;
  tea_timer_set (self->timer, self->interval);
}

/**
 * tea_head_announcer_stop:
 * @self: an announcer
 *
 * Announces nothing until the next event: nobody is there.
 */
void
tea_head_announcer_stop (TeaHeadAnnouncer *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
}
