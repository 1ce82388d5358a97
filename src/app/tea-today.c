/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-today.h"

#include "tea-time-text.h"

/**
 * TeaToday:
 *
 * What day it is, for whatever says "Today": that is true until midnight, which may pass
 * while the machine sleeps.
 */
struct _TeaToday
{
  GObject parent_instance;

  TeaClock *clock;    /* (owned) */
  TeaTimer *midnight; /* (owned) */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaToday, tea_today, G_TYPE_OBJECT)

static void
wait_for_midnight (TeaToday *self)
{
  gint64 now = tea_clock_get_real_time (self->clock);

  tea_timer_set (self->midnight, tea_time_text_get_next_midnight (now) - now);
}

/* The time of day may be set, and need not be a new day for that: asking twice is cheap. */
static void
changed_cb (gpointer user_data)
{
  TeaToday *self = user_data;

  wait_for_midnight (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
tea_today_dispose (GObject *object)
{
  TeaToday *self = TEA_TODAY (object);

  g_clear_pointer (&self->midnight, tea_timer_free);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_today_parent_class)->dispose (object);
}

static void
tea_today_class_init (TeaTodayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_today_dispose;

  /**
   * TeaToday::changed:
   * @self: the day
   *
   * It may be another day.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_TODAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_today_init (TeaToday *self)
{
}

/**
 * tea_today_new:
 * @clock: what tells the time
 *
 * Returns: (transfer full): the day that it is by @clock
 */
TeaToday *
tea_today_new (TeaClock *clock)
{
  TeaToday *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_TODAY, NULL);
  self->clock = g_object_ref (clock);
  self->midnight = tea_timer_new (clock, changed_cb, self);
  g_signal_connect_object (clock, "jumped", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  wait_for_midnight (self);

  return self;
}

/**
 * tea_today_get_default:
 *
 * Returns: (transfer none): the day that it is by the system's clock
 */
TeaToday *
tea_today_get_default (void)
{
  static TeaToday *today;

  if (today == NULL)
    {
      g_autoptr (TeaClock) clock = tea_clock_new ();

      today = tea_today_new (clock);
    }

  return today;
}

/**
 * tea_today_describe:
 * @self: the day
 * @time: a time, in µs since the Unix epoch, UTC
 *
 * Returns: (transfer full): what to call the day of @time today: see
 *   [func@Tea.time_text_new_day]
 */
char *
tea_today_describe (TeaToday *self, gint64 time)
{
  g_return_val_if_fail (TEA_IS_TODAY (self), NULL);

  return tea_time_text_new_day (time, tea_clock_get_real_time (self->clock));
}

/**
 * tea_today_describe_short:
 * @self: the day
 * @time: a time, in µs since the Unix epoch, UTC
 *
 * Returns: (transfer full): the day of @time in short, or the time of day if it is today: see
 *   [func@Tea.time_text_new_short]
 */
char *
tea_today_describe_short (TeaToday *self, gint64 time)
{
  g_return_val_if_fail (TEA_IS_TODAY (self), NULL);

  return tea_time_text_new_short (time, tea_clock_get_real_time (self->clock));
}
