/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-time-text.h"

#include <glib/gi18n.h>

/* Times as the timeline tells them; all are µs since the Unix epoch, shown in the
 * local time zone. */

static GDateTime *
to_local (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;

  time = CLAMP (time, 0, G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC);
  utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_to_local (utc);
}

static GDateTime *
to_midnight (GDateTime *time, int days)
{
  g_autoptr (GDateTime) midnight = NULL;
  int year;
  int month;
  int day;

  g_date_time_get_ymd (time, &year, &month, &day);
  midnight = g_date_time_new_local (year, month, day, 0, 0, 0);

  return g_date_time_add_days (midnight, days);
}

static char *
format (GDateTime *time, const char *pattern)
{
  char *text = g_date_time_format (time, pattern);

  return text != NULL ? text : g_date_time_format_iso8601 (time);
}

/**
 * tea_time_text_new_clock:
 * @time: a time
 *
 * Returns: (transfer full): the time of day: "14:05"
 */
char *
tea_time_text_new_clock (gint64 time)
{
  g_autoptr (GDateTime) local = to_local (time);

  /* Translators: the time of a message, as in g_date_time_format() */
  return format (local, C_ ("time of a message", "%H:%M"));
}

/**
 * tea_time_text_new_full:
 * @time: a time
 *
 * Returns: (transfer full): the date and the time of day, in full
 */
char *
tea_time_text_new_full (gint64 time)
{
  g_autoptr (GDateTime) local = to_local (time);

  /* Translators: date and time in full, as in g_date_time_format() */
  return format (local, _ ("%A, %-d %B %Y, %H:%M:%S"));
}

/**
 * tea_time_text_new_day:
 * @time: a time
 * @now: the present
 *
 * Returns: (transfer full): the day: "Today", "Yesterday", then the date
 */
char *
tea_time_text_new_day (gint64 time, gint64 now)
{
  g_autoptr (GDateTime) local = to_local (time);
  g_autoptr (GDateTime) present = to_local (now);
  g_autoptr (GDateTime) tomorrow = to_midnight (present, 1);
  g_autoptr (GDateTime) today = to_midnight (present, 0);
  g_autoptr (GDateTime) yesterday = to_midnight (present, -1);

  if (g_date_time_compare (local, tomorrow) < 0)
    {
      if (g_date_time_compare (local, today) >= 0)
        return g_strdup (_ ("Today"));
      if (g_date_time_compare (local, yesterday) >= 0)
        return g_strdup (_ ("Yesterday"));
    }

  /* Translators: a date in full, as in g_date_time_format() */
  return format (local, _ ("%A, %-d %B %Y"));
}

/**
 * tea_time_text_new_short:
 * @time: a time
 * @now: the present
 *
 * Returns: (transfer full): the time of day if it is today, the day of the week if it was within
 *   the last six days, else the date without its year
 */
char *
tea_time_text_new_short (gint64 time, gint64 now)
{
  g_autoptr (GDateTime) local = to_local (time);
  g_autoptr (GDateTime) present = to_local (now);
  g_autoptr (GDateTime) today = to_midnight (present, 0);
  g_autoptr (GDateTime) week = to_midnight (present, -6);

  if (g_date_time_compare (local, today) >= 0)
    return tea_time_text_new_clock (time);
  if (g_date_time_compare (local, week) >= 0)
    /* Translators: a day of the last week in short, as in g_date_time_format() */
    return format (local, C_ ("day of a message", "%a"));

  /* Translators: a date in short, as in g_date_time_format() */
  return format (local, C_ ("day of a message", "%-d %b"));
}

/**
 * tea_time_text_get_next_midnight:
 * @now: the present
 *
 * Returns: when the present day ends
 */
gint64
tea_time_text_get_next_midnight (gint64 now)
{
  g_autoptr (GDateTime) present = to_local (now);
  g_autoptr (GDateTime) tomorrow = to_midnight (present, 1);

  return g_date_time_to_unix (tomorrow) * G_USEC_PER_SEC;
}
