/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-calendar.h"

#include "tea-lived-days.h"

#define LOOK_INTERVAL G_TIME_SPAN_MINUTE

/* So much of a day is lost where the server ends without stopping. */
#define SAVE_INTERVAL (10 * G_TIME_SPAN_MINUTE)

/**
 * TeaCalendar:
 *
 * Which day of a house's life it is: one that it has lived through, however its clock goes.
 * What is kept for a number of days is kept for so many of these. It says when the clock
 * cannot be believed, and what time it is meanwhile.
 */
struct _TeaCalendar
{
  GObject parent_instance;

  TeaClock *clock;     /* (owned) */
  TeaLivedDays *lived; /* (owned) */
  TeaTimer *timer;     /* (owned): when to look at the clock */
  gint64 saved;        /* when it was to be saved last */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaCalendar, tea_calendar, G_TYPE_OBJECT)

static void
warn_of_jump (TeaCalendar *self)
{
  gint64 beyond = tea_clock_get_real_time (self->clock) - tea_lived_days_get_time (self->lived);

  if (ABS (beyond) < G_TIME_SPAN_HOUR)
    g_warning ("The clock is right again; nothing is removed for its age until it has stood for "
               "a day");
  else
    g_warning ("The clock has jumped: it is %.1f days %s. Nothing is removed for its age until it "
               "has stood for a day, and what is said until then gets the time without the jump",
               (double) ABS (beyond) / G_TIME_SPAN_DAY, beyond > 0 ? "ahead" : "behind");
}

/* Whether there is something to save is for who looks regularly: a look comes with each
 * event. */
static void
look (TeaCalendar *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  TeaLivedDaysNews news
      = tea_lived_days_note (self->lived, now, tea_clock_get_real_time (self->clock));

  if (news == TEA_LIVED_DAYS_JUMPED)
    warn_of_jump (self);
  else if (news == TEA_LIVED_DAYS_SETTLED)
    g_message ("The clock has stood for a day, and is believed again");

  if (news == TEA_LIVED_DAYS_NOTHING && now - self->saved < SAVE_INTERVAL)
    return;

  self->saved = now;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
look_cb (gpointer user_data)
{
  TeaCalendar *self = user_data;

  look (self);
  tea_timer_set (self->timer, LOOK_INTERVAL);
}

static void
tea_calendar_finalize (GObject *object)
{
  TeaCalendar *self = TEA_CALENDAR (object);

  tea_timer_free (self->timer);
  tea_lived_days_free (self->lived);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_calendar_parent_class)->finalize (object);
}

static void
tea_calendar_class_init (TeaCalendarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_calendar_finalize;

  /**
   * TeaCalendar::changed:
   * @self: the calendar
   *
   * A day has passed, or the clock has jumped, or it is time to save it anyway.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_CALENDAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_calendar_init (TeaCalendar *self)
{
}

/**
 * tea_calendar_new:
 * @clock: the clock that may be wrong
 * @saved: (nullable): what tea_calendar_save() gave when the server ran last; %NULL the
 *   first time
 *
 * Returns: (transfer full): a calendar, which looks at the clock soon
 */
TeaCalendar *
tea_calendar_new (TeaClock *clock, const char *saved)
{
  TeaCalendar *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_CALENDAR, NULL);
  self->clock = g_object_ref (clock);
  self->lived = tea_lived_days_new (saved);
  self->timer = tea_timer_new (clock, look_cb, self);
  self->saved = tea_clock_get_time (clock);
  tea_timer_set (self->timer, 0);
  g_signal_connect_object (clock, "jumped", G_CALLBACK (look), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_calendar_save:
 * @self: a calendar
 *
 * Returns: (transfer full): a line of text to go on from when the server runs next
 */
char *
tea_calendar_save (TeaCalendar *self)
{
  g_return_val_if_fail (TEA_IS_CALENDAR (self), NULL);

  return tea_lived_days_save (self->lived);
}

/**
 * tea_calendar_get_time:
 * @self: a calendar
 *
 * Returns: the time of day, in µs since the Unix epoch, UTC: that of the clock where it can
 *   be believed
 */
gint64
tea_calendar_get_time (TeaCalendar *self)
{
  g_return_val_if_fail (TEA_IS_CALENDAR (self), 0);

  look (self);

  return tea_lived_days_get_time (self->lived);
}

/**
 * tea_calendar_is_settled:
 * @self: a calendar
 *
 * Returns: whether the clock can be believed; nothing is to go for its age while not
 */
gboolean
tea_calendar_is_settled (TeaCalendar *self)
{
  g_return_val_if_fail (TEA_IS_CALENDAR (self), FALSE);

  look (self);

  return tea_lived_days_is_settled (self->lived);
}

/**
 * tea_calendar_get_today:
 * @self: a calendar
 *
 * Returns: how many days the house has lived through
 */
guint64
tea_calendar_get_today (TeaCalendar *self)
{
  g_return_val_if_fail (TEA_IS_CALENDAR (self), 0);

  return tea_lived_days_get_number (self->lived);
}

/**
 * tea_calendar_get_oldest:
 * @self: a calendar
 * @n_days: how many days something is to be kept; 0: for ever
 *
 * Returns: what is of a day before this one is older than that; 0 when nothing is, as also
 *   where the clock is in doubt
 */
guint64
tea_calendar_get_oldest (TeaCalendar *self, guint n_days)
{
  guint64 today;

  g_return_val_if_fail (TEA_IS_CALENDAR (self), 0);

  today = tea_lived_days_get_number (self->lived);
  if (n_days == 0 || today <= n_days || !tea_calendar_is_settled (self))
    return 0;

  return today - n_days;
}
