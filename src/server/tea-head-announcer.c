/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-head-announcer.h"

struct _TeaHeadAnnouncer
{
  TeaTimer *timer; /* (owned) */
  TeaHeadAnnouncerFunc callback;
  gpointer user_data;

  gint64 first_interval;
  guint factor;

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
  self->interval = MIN (self->interval * self->factor, TEA_HEARTBEAT);
  tea_timer_set (self->timer, self->interval);
  self->callback (is_first, is_steady, self->user_data);
}

/**
 * tea_head_announcer_new:
 * @clock: by which clock
 * @first_interval: when to tell after an event, in µs
 * @factor: how many times as long to wait after each time, up to %TEA_HEARTBEAT
 * @callback: what tells everyone
 * @user_data: for @callback
 *
 * Returns: (transfer full): an announcer that is silent until the first event
 */
TeaHeadAnnouncer *
tea_head_announcer_new (TeaClock *clock,
                        gint64 first_interval,
                        guint factor,
                        TeaHeadAnnouncerFunc callback,
                        gpointer user_data)
{
  TeaHeadAnnouncer *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (TeaHeadAnnouncer, 1);
  self->timer = tea_timer_new (clock, due_cb, self);
  self->first_interval = first_interval;
  self->factor = factor;
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

  self->interval = self->first_interval;
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
